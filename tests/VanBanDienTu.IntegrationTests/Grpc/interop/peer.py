"""The other side of the interop tests, on grpcio. `server`: prints `port N`, serves until stdin ends.
`client PORT`: reads a case's name per line, answers `ok` or `fail: why`."""
import queue
import sys
import threading
import time
from concurrent import futures

import grpc

from wire import decode, encode, first, payload, payload_size

SERVICE = "grpc.testing.TestService"
INITIAL, TRAILING = "x-grpc-test-echo-initial", "x-grpc-test-echo-trailing-bin"
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001F608\t\n"
REQUESTS, RESPONSES = [27182, 8, 1828, 45904], [31415, 9, 2653, 58979]


def echo_metadata(context):
    for key, value in context.invocation_metadata():
        if key == INITIAL:
            context.send_initial_metadata(((INITIAL, value),))
        elif key == TRAILING:
            context.set_trailing_metadata(((TRAILING, value),))


def echo_status(request, context):
    status = decode(request).get(7)
    if status:
        fields = decode(status[0])
        code = first(fields, 1, 0)
        if code:
            context.abort(next(c for c in grpc.StatusCode if c.value[0] == code), first(fields, 2, b"").decode())


def unary_call(request, context):
    echo_metadata(context)
    echo_status(request, context)
    return encode(_1=payload(first(decode(request), 2, 0)))


def responses_to(request, context):
    echo_status(request, context)
    for parameters in decode(request).get(2, []):
        fields = decode(parameters)
        time.sleep(first(fields, 2, 0) / 1e6)
        yield encode(_1=payload(first(fields, 1, 0)))


def streaming_input(requests, context):
    return encode(_1=sum(payload_size(request, 1) for request in requests))


def full_duplex(requests, context):
    echo_metadata(context)
    for request in requests:
        yield from responses_to(request, context)


def serve():
    handlers = {
        "EmptyCall": grpc.unary_unary_rpc_method_handler(lambda request, context: b""),
        "UnaryCall": grpc.unary_unary_rpc_method_handler(unary_call),
        "StreamingOutputCall": grpc.unary_stream_rpc_method_handler(responses_to),
        "StreamingInputCall": grpc.stream_unary_rpc_method_handler(streaming_input),
        "FullDuplexCall": grpc.stream_stream_rpc_method_handler(full_duplex),
    }
    server = grpc.server(futures.ThreadPoolExecutor(8), compression=grpc.Compression.Gzip)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    print("port", server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0)


class Client:
    def __init__(self, port):
        self.channel = grpc.insecure_channel("127.0.0.1:%s" % port)

    def call(self, kind, method, service=SERVICE):
        return getattr(self.channel, kind)("/%s/%s" % (service, method))

    def empty_unary(self):
        assert self.call("unary_unary", "EmptyCall")(b"") == b""

    def large_unary(self, **options):
        answer = self.call("unary_unary", "UnaryCall")(encode(_2=314159, _3=payload(271828)), **options)
        assert payload_size(answer, 1) == 314159

    def gzip(self):
        self.large_unary(compression=grpc.Compression.Gzip)

    def client_streaming(self):
        answer = self.call("stream_unary", "StreamingInputCall")(encode(_1=payload(size)) for size in REQUESTS)
        assert first(decode(answer), 1, 0) == 74922

    def server_streaming(self):
        request = encode(_2=[encode(_1=size) for size in RESPONSES])
        answers = list(self.call("unary_stream", "StreamingOutputCall")(request))
        assert [payload_size(answer, 1) for answer in answers] == RESPONSES

    def duplex(self, **options):
        requests = queue.Queue()
        call = self.call("stream_stream", "FullDuplexCall")(iter(requests.get, None), **options)
        return requests, call

    def ping_pong(self):
        requests, call = self.duplex()
        for request, response in zip(REQUESTS, RESPONSES):
            requests.put(encode(_2=encode(_1=response), _3=payload(request)))
            assert payload_size(next(call), 1) == response
        requests.put(None)
        assert list(call) == []

    def empty_stream(self):
        requests, call = self.duplex()
        requests.put(None)
        assert list(call) == [] and call.code() == grpc.StatusCode.OK

    def cancel_after_begin(self):
        never = threading.Event()
        call = self.call("stream_unary", "StreamingInputCall").future(iter(never.wait, True))
        call.cancel()
        assert call.cancelled() and call.code() == grpc.StatusCode.CANCELLED
        never.set()

    def cancel_after_first_response(self):
        requests, call = self.duplex()
        requests.put(encode(_2=encode(_1=31415), _3=payload(27182)))
        assert payload_size(next(call), 1) == 31415
        call.cancel()
        self.expect(grpc.StatusCode.CANCELLED, lambda: next(call))
        requests.put(None)

    def timeout_on_sleeping_server(self):
        requests, call = self.duplex(timeout=0.001)
        requests.put(encode(_3=payload(27182)))
        self.expect(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(call))
        requests.put(None)

    def custom_metadata(self):
        metadata = ((INITIAL, "test_initial_metadata_value"), (TRAILING, b"\xab\xab\xab"))
        _, unary = self.call("unary_unary", "UnaryCall").with_call(encode(_2=314159, _3=payload(271828)), metadata=metadata)
        requests, duplex = self.duplex(metadata=metadata)
        requests.put(encode(_2=encode(_1=314159), _3=payload(271828)))
        requests.put(None)
        assert len(list(duplex)) == 1
        for call in (unary, duplex):
            assert (INITIAL, "test_initial_metadata_value") in [tuple(m) for m in call.initial_metadata()], call.initial_metadata()
            assert (TRAILING, b"\xab\xab\xab") in [tuple(m) for m in call.trailing_metadata()], call.trailing_metadata()

    def status_code_and_message(self):
        status = encode(_1=2, _2=b"test status message")
        unary = self.expect(grpc.StatusCode.UNKNOWN, lambda: self.call("unary_unary", "UnaryCall")(encode(_7=status)))
        requests, call = self.duplex()
        requests.put(encode(_7=status))
        requests.put(None)
        duplex = self.expect(grpc.StatusCode.UNKNOWN, lambda: list(call))
        assert unary.details() == duplex.details() == "test status message"

    def special_status_message(self):
        status = encode(_1=2, _2=SPECIAL.encode())
        error = self.expect(grpc.StatusCode.UNKNOWN, lambda: self.call("unary_unary", "UnaryCall")(encode(_7=status)))
        assert error.details() == SPECIAL, repr(error.details())

    def unimplemented_method(self):
        self.expect(grpc.StatusCode.UNIMPLEMENTED, lambda: self.call("unary_unary", "UnimplementedCall")(b""))

    def unimplemented_service(self):
        call = self.call("unary_unary", "UnimplementedCall", "grpc.testing.UnimplementedService")
        self.expect(grpc.StatusCode.UNIMPLEMENTED, lambda: call(b""))

    @staticmethod
    def expect(code, act):
        try:
            act()
        except grpc.RpcError as error:
            assert error.code() == code, error
            return error
        raise AssertionError("no error, expected %s" % code)


def run_client(port):
    client = Client(port)
    for line in sys.stdin:
        try:
            getattr(client, line.strip())()
            print("ok", flush=True)
        except BaseException as error:
            print("fail:", repr(error).replace("\n", " "), flush=True)


if __name__ == "__main__":
    serve() if sys.argv[1] == "server" else run_client(sys.argv[2])
