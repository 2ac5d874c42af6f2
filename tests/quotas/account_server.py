"""A small AWS on this machine: STS and Service Quotas over HTTP, as boto3 speaks with them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    "<Arn>arn:aws:iam::{account}:user/test</Arn><UserId>test</UserId><Account>{account}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


@contextmanager
def serving(account: str, values: Mapping[tuple[str, str, str], float]) -> Iterator[str]:
    """Serve quotas (service, code, name) with their values; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            if target:
                status, text = _answer(target, json.loads(body), values)
                self._send(status, json.dumps(text), "application/x-amz-json-1.1")
            else:
                self._send(200, IDENTITY.format(account=account), "text/xml")

        def _send(self, status: int, text: str, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(
    action: str, request: Mapping[str, Any], values: Mapping[tuple[str, str, str], float]
) -> tuple[int, dict[str, Any]]:
    rows = [
        {"ServiceCode": service, "QuotaCode": code, "QuotaName": name, "Value": value, "Adjustable": True}
        for (service, code, name), value in values.items()
        if service == request["ServiceCode"] and request.get("QuotaCode", code) == code
    ]
    if action.startswith("List"):
        return 200, {"Quotas": rows}
    if rows:
        return 200, {"Quota": rows[0]}
    return 400, {"__type": "NoSuchResourceException", "Message": "there is no such quota"}
