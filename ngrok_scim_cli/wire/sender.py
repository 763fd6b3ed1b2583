"""Sends a request and makes a record of whatever comes of it.

httpx reads the URL and h11 writes HTTP. The clients above them have no place for sockets that keep
the deadline of a whole exchange, nor for a request whose reply is read later, and add headers that
Okta does not send.
"""

import re
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import field
from functools import partial
from itertools import chain

import h11
import httpx

from ngrok_scim_cli.hosts import why_withheld, without_user_info
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import HIDDEN
from ngrok_scim_cli.wire.connection import Address, ConnectionPool, Headers, read_body
from ngrok_scim_cli.wire.exchange import (
    NO_HTTP,
    Exchange,
    Failure,
    FailureKind,
    Phase,
    Reply,
    Request,
    Stopped,
    TlsProblem,
)
from ngrok_scim_cli.wire.proxy import PORTS, host_of, port_of, proxy_for
from ngrok_scim_cli.wire.request_context import HTTP, RequestContext
from ngrok_scim_cli.wire.tls import tls_failure

# RFC 9110 sections 5.1 and 5.5, without the obsolete and the tab.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# The length of the body comes from the body alone.
_FRAMING = ("content-length", "transfer-encoding")

# The request itself is at fault.
_UNSENDABLE = (h11.LocalProtocolError, httpx.InvalidURL, ValueError)


@dataclass(frozen=True, slots=True)
class Sender:
    """What a ``Wire`` sends with, once there is something to send; it explains the values."""

    pool: ConnectionPool
    timeout: float
    known_hosts: Collection[str]
    allowed_hosts: Collection[str]
    environment: Mapping[str, str] = field(repr=False)

    def begin(self, request: Request) -> Callable[[], Exchange]:
        """Send ``request``, and return what waits for the reply; see ``Wire.begin``."""
        steps = self._steps(request)
        first = next(steps)
        return lambda: next(filter(None, chain((first,), steps)))

    def _steps(self, request: Request) -> Iterator[Exchange | None]:
        """Yield nothing once the request is sent, and the exchange in the end."""
        context = RequestContext(self.timeout)
        outcome: Reply | Failure | None = None
        while outcome is None:
            try:
                outcome = yield from self._send(request, context)
            except Stopped as stop:
                outcome = stop.failure
            except (TimeoutError, *_UNSENDABLE) as error:
                outcome = _failure(error, context)
            except (OSError, h11.RemoteProtocolError) as error:
                # Only what changes nothing is sent again (RFC 9112 section 9.3.1).
                if context.is_stale and request.method == "GET":
                    context.start_over()
                else:
                    outcome = _failure(error, context)
        if context.at_proxy and isinstance(outcome, Failure):
            detail = f"The proxy {context.proxy} failed. {outcome.detail}"
            outcome = Failure(FailureKind.PROXY, detail)
        yield Exchange(
            purpose=request.purpose,
            method=request.method,
            url=without_user_info(request.url, HIDDEN),
            reply=outcome if isinstance(outcome, Reply) else None,
            failure=outcome if isinstance(outcome, Failure) else None,
            elapsed_ms=context.elapsed_ms,
            timings=tuple(context.timings),
            proxy=str(context.proxy or ""),
            private_issuer=context.private_issuer,
        )

    def _send(self, request: Request, context: RequestContext) -> Generator[None, None, Reply]:
        """Send the request, yield, and read the reply."""
        address, target, headers = self._route(request)
        context.proxy = address.proxy
        connection = self.pool.lease(address, context)
        try:
            connection.send(context, request.method, target, headers, request.body)
            with context.left_out():
                yield None
            head = connection.head(context)
            received = tuple((_latin(name), _latin(value)) for name, value in head.headers)
            encodings = [value for name, value in received if name == "content-encoding"]
            body, truncated = read_body(connection.body(context), ", ".join(encodings))
        finally:
            self.pool.give_back(address, connection)
        context.passed(Phase.HTTP, f"status {head.status_code}")
        return Reply(head.status_code, _latin(head.reason), received, body, truncated)

    def _route(self, request: Request) -> tuple[Address, bytes, Headers]:
        """Return where a request goes, its target and its headers as they go out.

        Raises:
            Stopped: it may not or cannot be sent, judged by the very URL that would go out.
        """
        url = httpx.URL(request.url)
        host, port = host_of(url), port_of(url)
        reason = why_withheld(
            url.scheme,
            host,
            has_user_info=bool(url.userinfo),
            known_hosts=self.known_hosts,
            allowed_hosts=self.allowed_hosts,
        )
        if reason:
            raise Stopped(FailureKind.WITHHELD, reason)
        if port not in PORTS:
            raise Stopped(FailureKind.PROTOCOL, "The address has a port that does not exist.")
        headers = _headers(request, url)
        return (
            Address(url.scheme, host, port, proxy_for(url, self.environment)),
            url.raw_path,
            headers,
        )


def _headers(request: Request, url: httpx.URL) -> Headers:
    """Return the headers as they go out: those given, ``Host``, the length of a body."""
    unsendable = partial(Stopped, FailureKind.PROTOCOL)
    if request.method not in _METHODS:
        raise unsendable("The method of the request is none that is used here.")
    headers = list(request.headers)
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _FRAMING:
            raise unsendable("The request has a header that cannot be sent.")
        if not _HEADER_VALUE.fullmatch(value):
            raise unsendable(
                f"The header {name} is empty, begins or ends with whitespace, or holds a "
                "character that HTTP cannot carry."
            )
    names = [name.lower() for name, _ in headers]
    if "host" not in names:
        position = names.index("authorization") + 1 if "authorization" in names else len(names)
        headers.insert(position, ("Host", url.netloc.decode("ascii")))
    if request.body is not None:
        headers.append(("Content-Length", str(len(request.body))))
    return [(name.encode(), value.encode()) for name, value in headers]


def _failure(error: Exception, context: RequestContext) -> Failure:
    """Return what ``error`` means, never in its own words: they may repeat a header."""
    no_http = Failure(FailureKind.PROTOCOL, NO_HTTP)
    is_http = HTTP.startswith(context.first_bytes)
    if isinstance(error, TimeoutError):
        detail = f"No complete reply came within {context.seconds:g} seconds."
        return Failure(FailureKind.READ_TIMEOUT, detail) if is_http else no_http
    if isinstance(error, _UNSENDABLE):
        detail = "The address or a header cannot be sent over HTTP."
        return Failure(FailureKind.PROTOCOL, detail)
    if isinstance(error, h11.RemoteProtocolError) and not (context.has_ended and is_http):
        return no_http
    if "CERTIFICATE_REQUIRED" in str(error):
        return tls_failure(TlsProblem.CLIENT_CERTIFICATE, "The server")
    if context.first_bytes:
        detail = "The connection broke in the middle of the reply."
    else:
        detail = "The server closed the connection without an answer."
    return Failure(FailureKind.DROPPED, detail)


def _latin(data: bytes) -> str:
    return data.decode("latin-1")
