"""One request and its answer, apart from any socket."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from ngrok_scim_cli.records import dataclass

JSON_MEDIA_TYPE = "application/json"
SCIM_MEDIA_TYPE = "application/scim+json"

# Where the Okta org answers; everything else is ngrok's.
OKTA_PREFIX = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in.

    Attributes:
        target: path and query as they were sent, nothing decoded or tidied.
        headers: lower-case name and raw value. Only blanks and tabs around a value are taken
            off, as RFC 9110 section 5.5 says; every other byte of a key is left to be compared.
            Left out of ``repr``: one of them holds the key.
        operation_id: what ngrok calls the trace id of a request (``op_...``).
    """

    method: str
    target: str
    headers: tuple[tuple[str, bytes], ...]
    body: bytes
    operation_id: str

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"

    @property
    def path(self) -> str:
        """The path as it was sent."""
        return self.target.partition("?")[0]

    @property
    def segments(self) -> tuple[str, ...]:
        """The decoded segments of the path, at least one; ``/a//b`` has three."""
        return tuple(unquote(segment) for segment in self.path.split("/")[1:]) or ("",)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The parameters of the query, in their order."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    def header(self, name: str) -> bytes | None:
        """Return the first value of the header ``name`` (lower case), or ``None``."""
        return next((value for key, value in self.headers if key == name), None)


class RefusedError(Exception):
    """The request is refused with a code of ngrok's or Okta's; the slots are for its message."""

    def __init__(self, code: int | str, **slots: Any) -> None:  # noqa: ANN401 - what it names
        super().__init__(code)
        self.code = code
        self.slots = slots


# What a fault sends in place of a reply: pieces of it, and between them the seconds to wait, or
# ``None`` to wait for ever.
Pieces = Callable[[bytes], Iterable[bytes | float | None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a request.

    Attributes:
        pieces: makes what is sent out of the rendered bytes; the connection ends with it.
        silent: whether ``pieces`` sends no answer at all.
    """

    status: int
    body: bytes = b""
    media_type: str | None = JSON_MEDIA_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    pieces: Pieces | None = None
    silent: bool = False

    @classmethod
    def of(cls, status: int, document: object, media_type: str = JSON_MEDIA_TYPE) -> "Answer":
        """Return an answer that holds ``document`` as JSON."""
        return cls(status, json.dumps(document).encode(), media_type)

    def with_document(self, document: object) -> "Answer":
        """Return a copy that holds ``document`` as JSON."""
        return replace(self, body=json.dumps(document).encode())

    def with_header(self, name: str, value: str) -> "Answer":
        """Return a copy with one more header."""
        return replace(self, headers=(*self.headers, (name, value)))

    def render(self, date: str, *, close: bool, head: bool = False) -> bytes:
        """Return the bytes that go to the client."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        headers = self.headers if "Date" in dict(self.headers) else (("Date", date), *self.headers)
        lines += [f"{name}: {value}" for name, value in headers]
        if self.status != HTTPStatus.NO_CONTENT:
            if self.media_type is not None:
                lines.append(f"Content-Type: {self.media_type}")
            lines.append(f"Content-Length: {len(self.body)}")
        if close:
            lines.append("Connection: close")
        top = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        return top if head else top + self.body


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What is shown of a request while the sandbox runs.

    Attributes:
        path: path and query in printable ASCII; a key in it is cut down to its id.
        status: the HTTP status of the answer; ``None`` where none was sent.
        credential: the id of the key or access token that was presented (``ak_...``),
            ``okta-token``, ``unknown`` or ``none``.
    """

    method: str
    path: str
    status: int | None
    elapsed_ms: int
    credential: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SandboxValues:
    """What to use against the sandbox; worthless outside it.

    Attributes:
        scim_key: the key of the Service User; empty in an empty account.
    """

    scim_base_url: str
    api_base_url: str
    okta_org_url: str
    okta_app: str
    admin_key: str
    scim_key: str
    okta_token: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which the other commands find them."""
        variables = {
            "NGROK_SCIM_BASE_URL": self.scim_base_url,
            "NGROK_SCIM_API_KEY": self.scim_key,
            "NGROK_API_BASE_URL": self.api_base_url,
            "NGROK_API_KEY": self.admin_key,
            "OKTA_CLIENT_ORGURL": self.okta_org_url,
            "OKTA_CLIENT_TOKEN": self.okta_token,
        }
        return {name: value for name, value in variables.items() if value}
