#!/usr/bin/env python3
"""A system that speaks the national axis's protocol, written from its description alone with Python's standard library.

usage: vxp.py --endpoint URL --ca FILE --system ID --secret FILE [faults] OPERATION [name=value ...] [--file PACKET] [--body JSON] [--out FILE]

Prints the answer's JSON (data of getEdoc goes to --out, decoded). The faults make it lie: --timestamp T, --other-secret,
--unsigned NAME (sends that header without signing it), --change NAME=VALUE (sends another value than it signs).
"""
import argparse, base64, datetime, hashlib, hmac, http.client, json, ssl, sys, time, urllib.parse

PREFIX = "XroadVnpt-"
GET = {"countReceiveEdoc", "countReceiveStatus", "downloadEdoc"}


def legacy_hex(digest):
    """SHA-256 as the official library writes it: Integer.toHexString without padding."""
    return "".join(format(b, "x") for b in digest)


def now():
    local = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7)))
    return local.strftime("%d%m%YT%H%M%S") + "+%04d" % (local.microsecond // 1000)


def main():
    p = argparse.ArgumentParser()
    for name in ("--endpoint", "--ca", "--system", "--secret", "--file", "--body", "--out", "--timestamp", "--change", "--unsigned"):
        p.add_argument(name)
    p.add_argument("--other-secret", action="store_true")
    p.add_argument("--standard-hash", action="store_true")
    p.add_argument("operation")
    p.add_argument("arguments", nargs="*")
    a = p.parse_intermixed_args()

    secret = "not the secret" if a.other_secret else open(a.secret, encoding="utf-8").readline().strip()
    headers = {"systemid": a.system}
    for pair in a.arguments:
        name, value = pair.split("=", 1)
        headers[name] = value
    body = None
    content_type = "application/json"
    if a.file:
        packet = open(a.file, "rb").read()
        digest = hashlib.sha256(packet).digest()
        headers.setdefault("hash-file", digest.hex() if a.standard_hash else legacy_hex(digest))
        boundary = "===%d===" % int(time.time() * 1000)
        body = (("--%s\r\nContent-Disposition: form-data; name=\"file_doc\"; filename=\"packet.edxml\"\r\n"
                 "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n") % boundary).encode() \
            + packet + ("\r\n--%s--\r\n" % boundary).encode()
        content_type = "multipart/form-data; boundary=" + boundary
    elif a.body:
        body = a.body.encode("utf-8")
    headers["timestamp"] = a.timestamp or now()
    headers["Content-Type"] = "application/octet-stream" if a.file else "application/json"

    signed = {k: v for k, v in headers.items() if k != a.unsigned}
    text = json.dumps({PREFIX + k: v for k, v in signed.items()}, separators=(",", ":"))
    if a.change:
        name, value = a.change.split("=", 1)
        headers[name] = value
    wire = {PREFIX + k: v for k, v in headers.items()}
    wire[PREFIX + "sign-header-key"] = ";".join(signed)
    wire[PREFIX + "sign-header"] = text
    wire[PREFIX + "hash-header"] = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    wire[PREFIX + "version"] = "3.0.201608"
    wire["User-Agent"] = "JAVASDKAgent/1.0.0 XRoad/VPCP"
    wire["Content-Type"] = content_type

    url = urllib.parse.urlsplit(a.endpoint)
    context = ssl.create_default_context(cafile=a.ca)
    context.check_hostname = False  # nodes are known by their organ, not by a host name
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    connection = http.client.HTTPSConnection(url.hostname, url.port, context=context, timeout=60)
    connection.request("GET" if a.operation in GET else "POST", url.path + "/" + a.operation, body=body, headers=wire)
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        print("HTTP %d" % response.status)
        return 2
    if a.operation == "downloadEdoc" and response.headers.get_content_type() == "application/octet-stream":
        open(a.out, "wb").write(content)
        print('{"status":"OK"}')
        return 0
    answer = json.loads(content)
    if a.operation == "getEdoc" and answer["status"] == "OK":
        open(a.out, "wb").write(base64.b64decode(answer.pop("data"), validate=True))
    print(json.dumps(answer, ensure_ascii=False))
    return 0 if answer["status"] == "OK" else 1


sys.exit(main())
