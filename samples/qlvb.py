#!/usr/bin/env python3
"""How a document-management system (QLVB) hands a document to its node and follows it: plain gRPC, nothing of this project but its protos.

Needs grpcio and grpcio-tools (Debian: python3-grpcio python3-grpc-tools) and the unit's TLS key as PEM:
  openssl pkcs12 -in demo-out/pki/keys/system-G99.63.p12 -passin file:demo-out/pki/password -nodes -out system.pem
  samples/qlvb.py --node 127.0.0.1:PORT --root demo-out/trust/root.pem --key system.pem --to G22 signed.pdf
Prints one line for every change; ends when the recipient has the document (Arrived) or refused it.
"""
import argparse, datetime, importlib, os, sys, tempfile, uuid
import grpc
from grpc_tools import protoc

CHUNK = 256 * 1024  # the contract's limit for one message, bytes


def contracts(folder):
    """Generates the Python code of protos/ into a temporary folder and imports it."""
    out = tempfile.mkdtemp()
    names = ["common", "verification", "outgoing"]
    files = [f"vanbandientu/v1/{name}.proto" for name in names]
    if protoc.main(["", f"-I{folder}", f"--python_out={out}", f"--grpc_python_out={out}", *files]):
        sys.exit(f"protoc failed on {folder}")
    sys.path.insert(0, out)
    load = lambda name: importlib.import_module(f"vanbandientu.v1.{name}")
    return load("common_pb2"), load("outgoing_pb2"), load("outgoing_pb2_grpc")


def parts(common, outgoing, path, to):
    """The stream of one Submit: a header, then the file in chunks."""
    yield outgoing.SubmitRequest(header=outgoing.SubmitHeader(
        request_id=str(uuid.uuid4()),  # keep it: repeating it after a lost answer changes nothing
        recipients=[common.Party(organ_id=organ) for organ in to],
        document=common.DocumentHeader(
            number="7", notation="CQM1-VP", type_name="Công văn", place="Hà Nội",
            promulgation_date=datetime.date.today().isoformat(), subject="Gửi từ một hệ thống QLVB viết bằng Python"),
        attachments=[common.Attachment(name=os.path.basename(path), size=os.path.getsize(path))]))
    with open(path, "rb") as file:
        while data := file.read(CHUNK):
            yield outgoing.SubmitRequest(chunk=common.Chunk(attachment=0, data=data))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--node", required=True)
    arguments.add_argument("--root", required=True)
    arguments.add_argument("--key", required=True, help="PEM with the private key and its certificates")
    arguments.add_argument("--to", required=True, action="append")
    arguments.add_argument("--protos", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "protos"))
    arguments.add_argument("pdf")
    given = arguments.parse_args()

    common, outgoing, rpc = contracts(given.protos)
    key = open(given.key, "rb").read()
    tls = grpc.ssl_channel_credentials(open(given.root, "rb").read(), key, key)
    with grpc.secure_channel(given.node, tls) as channel:
        node = rpc.OutgoingServiceStub(channel)
        try:
            received = node.Submit(parts(common, outgoing, given.pdf, given.to), timeout=60)
        except grpc.RpcError as error:
            sys.exit(f"{error.code().name}: {error.details()}")
        print("received", received.document_id, received.edxml_document_id, flush=True)
        waiting = set(given.to)
        for event in node.Watch(outgoing.WatchOutgoingRequest(document_id=received.document_id), timeout=120):
            print(event.recipient.organ_id or "-", event.state, event.reason.vi, flush=True)
            if event.state == "Refused":
                sys.exit(1)
            if event.state in ("Arrived", "Rejected", "Failed"):
                waiting.discard(event.recipient.organ_id)
            if not waiting:
                return


if __name__ == "__main__":
    main()
