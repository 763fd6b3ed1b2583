"""A client that sends just what it is told to, over a real socket."""

import json
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from ngrok_scim_cli.sandbox.server import Sandbox

USERS = "/scim/v2/Users"
OKTA_TEST = f"{USERS}?startIndex=1&count=2"
NGROK_VERSION = {"Ngrok-Version": "2"}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes
    links: Mapping[str, str]

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.body)

    @property
    def error_code(self) -> str | None:
        code: str | None = self.json.get("error_code")
        return code


def port_of(sandbox: Sandbox) -> int:
    port = urlsplit(sandbox.values.api_base_url).port
    assert port is not None
    return port


def send(
    sandbox: Sandbox,
    method: str,
    target: str,
    *,
    authorization: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Got:
    """Send one request, its Authorization header byte for byte."""
    connection = HTTPConnection("127.0.0.1", port_of(sandbox), timeout=5)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        if authorization is not None:
            connection.putheader("Authorization", authorization)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        reply = connection.getresponse()
        got_headers = {name.lower(): value for name, value in reply.getheaders()}
        links = re.findall(
            '<([^>]*)>; rel="([a-z]+)"', ", ".join(reply.headers.get_all("link", []))
        )
        return Got(reply.status, got_headers, reply.read(), {rel: url for url, rel in links})
    finally:
        connection.close()


def scim(sandbox: Sandbox, method: str, target: str, document: object = None) -> Got:
    """Ask the SCIM endpoint with the SCIM key."""
    return send(
        sandbox,
        method,
        target,
        authorization=f"Bearer {sandbox.values.scim_key}".encode(),
        headers={"Content-Type": "application/scim+json"} if document is not None else {},
        body=None if document is None else json.dumps(document).encode(),
    )


def api(
    sandbox: Sandbox, method: str, target: str, document: object = None, *, key: str | None = None
) -> Got:
    """Ask ngrok's API with the admin key, or with ``key``."""
    return send(
        sandbox,
        method,
        target,
        authorization=f"Bearer {key or sandbox.values.admin_key}".encode(),
        headers=NGROK_VERSION | (JSON if document is not None else {}),
        body=None if document is None else json.dumps(document).encode(),
    )


def okta(
    sandbox: Sandbox, target: str, *, method: str = "GET", authorization: str | None = None
) -> Got:
    """Ask Okta's API with its token, or with another header; ``target`` may be a link of its."""
    return send(
        sandbox,
        method,
        target.removeprefix(sandbox.values.okta_org_url),
        authorization=(authorization or f"SSWS {sandbox.values.okta_token}").encode(),
    )


def raw(sandbox: Sandbox, data: bytes) -> bytes:
    """Send ``data`` and return all that comes until the sandbox hangs up."""
    with socket.create_connection(("127.0.0.1", port_of(sandbox)), timeout=5) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received
