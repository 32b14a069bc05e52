"""An OTLP collector that prints what it is given: «traces BASE64» or «metrics BASE64», one request a line; first «ready PORT»."""
import base64
import sys
import threading
from concurrent import futures

import grpc

SIGNALS = {
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export": "traces",
    "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export": "metrics",
}
printing = threading.Lock()


class Handlers(grpc.GenericRpcHandler):
    def service(self, call):
        signal = SIGNALS.get(call.method)
        return grpc.unary_unary_rpc_method_handler(lambda request, _: take(signal, request)) if signal else None


def take(signal, request):
    with printing:
        print(signal, base64.b64encode(request).decode(), flush=True)
    return b""  # an empty response: everything was taken


server = grpc.server(futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers((Handlers(),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print("ready", port, flush=True)
sys.stdin.read()  # until whoever started us is gone
