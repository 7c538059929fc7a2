"""A whole seller for KooGallery protocol 2.0 in one file: Python 3.11, nothing but the standard library.

    python3 seller.py 9000 key.txt

What it is for: to be read, and to be taken as a beginning. It keeps accounts in memory; yours go into a database, and are
there before the answer leaves. Put TLS in front of it: a marketplace calls https only.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

WINDOW_MS = 60_000
APP = "https://app.example.com"

lock = threading.Lock()  # calls come in parallel; one is decided at a time
accounts = {}  # instance id -> account
by_line = {}  # (order id, order line id) -> instance id
nonces = {}  # nonce -> until when it is remembered, Unix milliseconds


class Refusal(Exception):
    """The call is not obeyed. Answered with HTTP 200, a result code and a reason."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


# ---- 1. Is this call from the marketplace, fresh, and new? -----------------------------------------------------------


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256)


def verify(key, query, body):
    """Checks in the documented order. The body is signed byte for byte as it came: hash it before anything parses it."""
    now_ms = int(time.time() * 1000)
    timestamp = query.get("timestamp", [""])[0]
    if not timestamp.isascii() or not timestamp.isdigit():
        raise Refusal("000002", "timestamp is missing or no number of milliseconds")
    difference_ms = now_ms - int(timestamp)
    if abs(difference_ms) > WINDOW_MS:
        raise Refusal("000002", f"timestamp differs from our clock by {difference_ms} ms")
    nonce = query.get("nonce", [""])[0]
    if not nonce:
        raise Refusal("000002", "nonce is missing")
    signature = query.get("signature", [""])[0]
    if not signature:
        raise Refusal("000001", "signature is missing")
    inner = hmac_sha256(key, body).hexdigest()  # lower case: it is hashed again
    expected = hmac_sha256(key, key + nonce.encode() + timestamp.encode() + inner.encode()).hexdigest()
    # In constant time, and without regard to case.
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        raise Refusal("000001", "signature differs")
    for old in [known for known, until in nonces.items() if until < now_ms]:
        del nonces[old]
    if nonce in nonces:  # only after the signature proved right, so that strangers cannot fill the memory
        raise Refusal("000001", "nonce was used before")
    nonces[nonce] = now_ms + 2 * WINDOW_MS


# ---- 2. What the call asks for ---------------------------------------------------------------------------------------


def member(call, name):
    value = call.get(name)
    if not isinstance(value, str) or not value or len(value) > 64:
        raise Refusal("000002", f"{name} is missing, no string, or longer than 64 characters")
    return value


def live_account(call):
    account = accounts.get(member(call, "instanceId"))
    if account is None or account["released"]:
        raise Refusal("000003", "there is no such instance")
    return account


def describe(instance_id, user_name, password):
    app = {"frontEndUrl": f"{APP}/{instance_id}", "userName": user_name, "password": password}
    return {"info": [{"instanceId": instance_id, "appInfo": app}]}


def rehearse(call):
    """testFlag 1: the debugging page and the dial test. Succeeds in any order, any number of times, and leaves nothing behind."""
    match member(call, "activity"):
        case "newInstance":
            # The same order line gives the same instance, also here.
            line = f"{member(call, 'orderId')}\n{member(call, 'orderLineId')}"
            return {"instanceId": "test-" + hashlib.sha256(line.encode()).hexdigest()[:32]}
        case "queryInstance":
            return describe(member(call, "instanceId"), "test", "Test-1")
        case "refreshInstance" | "updateInstanceStatus" | "releaseInstance" | "upgradeInstance":
            member(call, "instanceId")
            return {}
        case other:
            raise Refusal("000002", f"there is no activity {other}")


def obey(call):
    match member(call, "activity"):
        case "newInstance":
            line = (member(call, "orderId"), member(call, "orderLineId"))
            if line not in by_line:  # a repeated call gives the first instance again
                by_line[line] = member(call, "businessId")
                accounts[by_line[line]] = {"user": "owner", "frozen": False, "released": False, "orders": set()}
            return {"instanceId": by_line[line]}
        case "queryInstance":
            live_account(call)
            return describe(call["instanceId"], "owner", "First-Password-1")
        case "refreshInstance" | "upgradeInstance":
            account, order = live_account(call), member(call, "orderId")
            if order not in account["orders"]:  # a repeated call extends nothing twice
                account["orders"].add(order)
                account["expire_time"] = call.get("expireTime", account.get("expire_time"))
            return {}
        case "updateInstanceStatus":
            if call.get("status") not in ("FREEZE", "UNFREEZE"):
                raise Refusal("000002", "status must be FREEZE or UNFREEZE")
            live_account(call)["frozen"] = call["status"] == "FREEZE"
            return {}
        case "releaseInstance":
            account = accounts.get(member(call, "instanceId"))
            if account is None:
                raise Refusal("000003", "there is no such instance")
            account["released"] = True
            return {}
        case other:
            raise Refusal("000002", f"there is no activity {other}")


def answer(key, query, body):
    try:
        with lock:
            verify(key, query, body)
            try:
                call = json.loads(body)
            except ValueError:
                raise Refusal("000002", "the body is no JSON") from None
            if not isinstance(call, dict):
                raise Refusal("000002", "the body is no JSON object")
            members = rehearse(call) if call.get("testFlag") == "1" else obey(call)
        return {"resultCode": "000000", "resultMsg": "success."} | members
    except Refusal as refusal:
        return {"resultCode": refusal.code, "resultMsg": str(refusal)[:255]}


# ---- 3. HTTP ---------------------------------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > 65536:
            self.close_connection = True
            return self.send_error(413)
        with open(sys.argv[2], encoding="ascii") as file:
            key = file.read().strip().encode()
        body = self.rfile.read(int(length))
        sent = json.dumps(answer(key, parse_qs(urlsplit(self.path).query), body)).encode()
        signature = base64.b64encode(hmac_sha256(key, sent).digest()).decode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Body-Sign", f'sign_type="HMAC-SHA256", signature="{signature}"')
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: seller.py PORT KEY_FILE")
    print(f"http://127.0.0.1:{sys.argv[1]}/produce", flush=True)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
