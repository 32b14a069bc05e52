"""A gRPC peer without a gRPC library, on python3-h2, that sets and reads the flag of compressed messages itself.
`server`: prints `port N`, serves until stdin ends. `client PORT`: reads a case's name per line, answers `ok` or `fail: why`."""
import gzip
import socket
import struct
import sys
import threading

import h2.config
import h2.connection
import h2.events

from wire import decode, encode, first, flag, payload, payload_size

UNARY, INPUT, OUTPUT = ("/grpc.testing.TestService/" + name for name in ("UnaryCall", "StreamingInputCall", "StreamingOutputCall"))


def frame(message, compressed):
    body = gzip.compress(message) if compressed else message
    return struct.pack(">BI", compressed, len(body)) + body


def frames(data):
    """(flag, message) of each frame."""
    at = 0
    while at < len(data):
        compressed, size = struct.unpack_from(">BI", data, at)
        body = data[at + 5:at + 5 + size]
        assert len(body) == size, "a frame is cut short"
        at += 5 + size
        yield bool(compressed), gzip.decompress(body) if compressed else body


class Connection:
    """One HTTP/2 connection; gathers each stream's headers, body and trailers."""

    def __init__(self, sock, client):
        self.sock = sock
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=client, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(8 << 20)
        self.flush()

    def flush(self):
        self.sock.sendall(self.h2.data_to_send())

    def events(self):
        data = self.sock.recv(65536)
        if not data:
            return None
        found = self.h2.receive_data(data)
        for event in found:
            if isinstance(event, h2.events.DataReceived):
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        self.flush()
        return found

    def send(self, stream, body, end):
        while body:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room == 0:
                for event in self.events() or []:
                    assert not isinstance(event, h2.events.StreamReset), event
                continue
            self.h2.send_data(stream, body[:room])
            body = body[room:]
            self.flush()
        if end:
            self.h2.end_stream(stream)
            self.flush()


# Server: answers INVALID_ARGUMENT when the flag is not what the request says it should be.

def answer(path, headers, body):
    """(messages with the flag each is to have, grpc-status)."""
    answers, size = [], 0
    for compressed, message in frames(body):
        expected = flag(message, 2 if path == INPUT else 8)
        if expected is not None and expected != compressed:
            return [], 3
        if compressed and headers.get("grpc-encoding") != "gzip":
            return [], 13
        if path == UNARY:
            answers.append((encode(_1=payload(first(decode(message), 2, 0))), bool(flag(message, 6))))
        elif path == INPUT:
            size += payload_size(message, 1)
        else:
            for parameters in decode(message).get(2, []):
                answers.append((encode(_1=payload(first(decode(parameters), 1, 0))), bool(flag(parameters, 3))))
    return ([(encode(_1=size), False)] if path == INPUT else answers), 0


def serve_connection(sock):
    connection, streams = Connection(sock, client=False), {}
    while (events := connection.events()) is not None:
        for event in events:
            if isinstance(event, h2.events.RequestReceived):
                streams[event.stream_id] = (dict(event.headers), bytearray())
            elif isinstance(event, h2.events.DataReceived):
                streams[event.stream_id][1].extend(event.data)
            elif isinstance(event, h2.events.StreamEnded):
                headers, body = streams.pop(event.stream_id)
                messages, status = answer(headers[":path"], headers, bytes(body))
                connection.h2.send_headers(event.stream_id, [
                    (":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", "gzip")])
                for message, compressed in messages:
                    connection.send(event.stream_id, frame(message, compressed), end=False)
                connection.h2.send_headers(event.stream_id, [("grpc-status", str(status))], end_stream=True)
                connection.flush()


def serve():
    listener = socket.create_server(("127.0.0.1", 0))
    print("port", listener.getsockname()[1], flush=True)

    def accept():
        while True:
            threading.Thread(target=serve_connection, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


# Client: each case on a connection of its own.

def call(port, path, body, encoding="gzip", accept="gzip"):
    """(headers, frames, trailers) of one call."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.settimeout(10)
        connection = Connection(sock, client=True)
        headers = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "127.0.0.1"),
                   ("te", "trailers"), ("content-type", "application/grpc"), ("grpc-accept-encoding", accept)]
        connection.h2.send_headers(1, headers + ([("grpc-encoding", encoding)] if encoding else []))
        connection.send(1, body, end=True)
        response, trailers, data = {}, {}, bytearray()
        while True:
            for event in connection.events() or sys.exit("the connection ended"):
                if isinstance(event, h2.events.ResponseReceived):
                    response = dict(event.headers)
                elif isinstance(event, h2.events.TrailersReceived):
                    trailers = dict(event.headers)
                elif isinstance(event, h2.events.DataReceived):
                    data.extend(event.data)
                elif isinstance(event, h2.events.StreamEnded):
                    return response, list(frames(bytes(data))), trailers or response


def client_compressed_unary(port):
    for compressed in (True, False):
        _, messages, trailers = call(port, UNARY, frame(encode(_2=314159, _3=payload(271828)), compressed))
        assert trailers["grpc-status"] == "0", trailers
        assert payload_size(messages[0][1], 1) == 314159


def client_compressed_streaming(port):
    body = frame(encode(_1=payload(27182)), True) + frame(encode(_1=payload(45904)), False)
    _, messages, trailers = call(port, INPUT, body)
    assert trailers["grpc-status"] == "0" and first(decode(messages[0][1]), 1, 0) == 73086, trailers


def server_compressed_unary(port):
    for compressed in (True, False):
        request = encode(_2=314159, _3=payload(271828), _6=encode(_1=int(compressed)))
        headers, messages, trailers = call(port, UNARY, frame(request, False), encoding=None)
        assert trailers["grpc-status"] == "0" and headers.get("grpc-encoding") == "gzip", (headers, trailers)
        assert messages[0][0] == compressed and payload_size(messages[0][1], 1) == 314159


def server_compressed_streaming(port):
    request = encode(_2=[encode(_1=31415, _3=encode(_1=1)), encode(_1=92653, _3=encode(_1=0))])
    _, messages, trailers = call(port, OUTPUT, frame(request, False), encoding=None)
    assert trailers["grpc-status"] == "0", trailers
    assert [(one, payload_size(message, 1)) for one, message in messages] == [(True, 31415), (False, 92653)]


def no_compression_for_a_client_that_does_not_accept_it(port):
    headers, messages, _ = call(port, UNARY, frame(encode(_2=1000), False), encoding=None, accept="identity")
    assert "grpc-encoding" not in headers and messages[0][0] is False, headers


def a_compressed_message_without_an_encoding_is_an_error(port):
    _, _, trailers = call(port, UNARY, frame(encode(_2=10), True), encoding=None)
    assert trailers["grpc-status"] == "13", trailers


def an_unknown_encoding_is_unimplemented(port):
    headers, _, trailers = call(port, UNARY, frame(encode(_2=10), False), encoding="snappy")
    assert trailers["grpc-status"] == "12" and "gzip" in headers["grpc-accept-encoding"], headers


def unmapped_methods_answer_trailers_only(port):
    headers, messages, _ = call(port, "/no.such.Service/Method", frame(b"", False))
    assert headers[":status"] == "200" and headers["grpc-status"] == "12" and messages == [], headers


def run_client(port):
    for line in sys.stdin:
        try:
            globals()[line.strip()](port)
            print("ok", flush=True)
        except BaseException as error:
            print("fail:", repr(error).replace("\n", " "), flush=True)


if __name__ == "__main__":
    serve() if sys.argv[1] == "server" else run_client(int(sys.argv[2]))
