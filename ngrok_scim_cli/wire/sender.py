"""Sends a request and makes a record of whatever comes of it.

httpx reads the URL and h11 writes HTTP. The clients above them have no place for sockets that keep
the deadline of a whole exchange, nor for a request whose reply is read later, and add headers that
Okta does not send.
"""

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache, lru_cache, partial
from itertools import chain
from pathlib import Path
from time import monotonic

import h11
import httpx

from ngrok_scim_cli.hosts import why_withheld
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import HIDDEN
from ngrok_scim_cli.wire.address import PORTS, host_of, port_of
from ngrok_scim_cli.wire.body import read_body
from ngrok_scim_cli.wire.connection import Address, ConnectionPool, Headers
from ngrok_scim_cli.wire.exchange import (
    NO_HTTP,
    Exchange,
    Failure,
    FailureKind,
    Phase,
    Reply,
    Request,
    Stopped,
)
from ngrok_scim_cli.wire.proxy import proxy_for
from ngrok_scim_cli.wire.request_context import RequestContext
from ngrok_scim_cli.wire.tls import client_certificate_wanted, make_context

# RFC 9110 sections 5.1 and 5.5, without the obsolete and the tab.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# An address, and a query in which there is nothing to encode.
_PLAIN_QUERY = re.compile(r"([^?#]*)(\?[A-Za-z0-9._~=&-]*)")

# The length of the body comes from the body alone.
_FRAMING = ("content-length", "transfer-encoding")

# The credentials that a URL may hold.
_USER_INFO = re.compile(r"(?<=//)[^/?#]*@")

# The request itself is at fault.
_UNSENDABLE = (h11.LocalProtocolError, httpx.InvalidURL, ValueError)


@dataclass(frozen=True, slots=True)
class _Route:
    """How requests reach an address that may be sent to; the pages of a list share one."""

    address: Address
    target: bytes
    headers: Headers = field(repr=False)  # one of them holds the key


class Sender:
    """What a ``Wire`` sends with, once there is something to send."""

    def __init__(
        self,
        *,
        timeout: float,
        ca_bundle: Path | None,
        known_hosts: Sequence[str],
        allowed_hosts: Sequence[str],
        environment: Mapping[str, str],
    ) -> None:
        """Prepare to send; see ``Wire`` for what the values mean."""
        self._timeout = timeout
        self._known_hosts = known_hosts
        self._allowed_hosts = allowed_hosts
        self._environment = environment
        self._pool = ConnectionPool(cache(partial(make_context, ca_bundle)))
        self._route = lru_cache(maxsize=8)(self._find_route)

    def begin(self, request: Request) -> Callable[[], Exchange]:
        """Send ``request``, and return what waits for the reply; see ``Wire.begin``."""
        steps = self._steps(request)
        first = next(steps)
        return lambda: next(filter(None, chain((first,), steps)))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _steps(self, request: Request) -> Iterator[Exchange | None]:
        """Yield nothing once the request is sent, and the exchange in the end."""
        context = RequestContext(self._timeout)
        outcome: Reply | Failure
        try:
            outcome = yield from self._send_afresh_if_stale(request, context)
        except Stopped as stop:
            outcome = stop.failure
        except (OSError, h11.RemoteProtocolError, *_UNSENDABLE) as error:
            outcome = _failure(error, context)
        if context.at_proxy and isinstance(outcome, Failure):
            detail = f"The proxy {context.proxy} failed. {outcome.detail}"
            outcome = Failure(FailureKind.PROXY, detail)
        yield Exchange(
            purpose=request.purpose,
            method=request.method,
            url=_USER_INFO.sub(f"{HIDDEN}@", request.url),
            reply=outcome if isinstance(outcome, Reply) else None,
            failure=outcome if isinstance(outcome, Failure) else None,
            elapsed_ms=context.elapsed_ms,
            timings=tuple(context.timings),
            proxy=str(context.proxy or ""),
            private_issuer=context.private_issuer,
        )

    def _send_afresh_if_stale(
        self, request: Request, context: RequestContext
    ) -> Generator[None, None, Reply]:
        """Send ``request``; once more if the connection that was kept open had been closed.

        A server may close an idle connection whenever it likes, so that says nothing of it. Only
        what changes nothing is sent again (RFC 9112 section 9.3.1).
        """
        try:
            return (yield from self._send(request, context))
        except (OSError, h11.RemoteProtocolError) as error:
            is_stale = context.is_stale and not isinstance(error, TimeoutError)
            if not is_stale or request.method != "GET":
                raise
        context.start_over()
        return (yield from self._send(request, context))

    def _send(self, request: Request, context: RequestContext) -> Generator[None, None, Reply]:
        address, query = _without_query(request.url)
        length = None if request.body is None else len(request.body)
        route = self._route(request.method, address, request.headers, length)
        context.proxy = route.address.proxy
        connection = self._pool.lease(route.address, context)
        try:
            target = route.target + query
            connection.send(context, request.method, target, route.headers, request.body)
            sent = monotonic()
            yield None
            context.leave_out(monotonic() - sent)
            head = connection.head(context)
            received = tuple((_latin(name), _latin(value)) for name, value in head.headers)
            encodings = [value for name, value in received if name == "content-encoding"]
            body, truncated = read_body(connection.body(context), ", ".join(encodings))
        finally:
            self._pool.give_back(route.address, connection)
        context.passed(Phase.HTTP, f"status {head.status_code}")
        return Reply(head.status_code, _latin(head.reason), received, body, truncated)

    def _find_route(
        self, method: str, address: str, headers: tuple[tuple[str, str], ...], length: int | None
    ) -> _Route:
        """Return how a request is sent, or refuse it, judged by the very URL that goes out."""
        url = httpx.URL(address)
        reason = why_withheld(
            url.scheme,
            host_of(url),
            has_user_info=bool(url.userinfo),
            known_hosts=self._known_hosts,
            allowed_hosts=self._allowed_hosts,
        )
        if reason:
            raise Stopped(Failure(FailureKind.WITHHELD, reason))
        if port_of(url) not in PORTS:
            raise _unsendable("The address has a port that does not exist.")
        given = _headers(method, headers, url, length)
        proxy = proxy_for(url, self._environment)
        sent = [(name.encode(), value.encode()) for name, value in given]
        return _Route(Address(url.scheme, host_of(url), port_of(url), proxy), url.raw_path, sent)


def _without_query(url: str) -> tuple[str, bytes]:
    """Split off a query that needs no encoding; any other stays, for httpx to encode."""
    plain = _PLAIN_QUERY.fullmatch(url)
    return (plain[1], plain[2].encode()) if plain else (url, b"")


def _headers(
    method: str, given: tuple[tuple[str, str], ...], url: httpx.URL, length: int | None
) -> list[tuple[str, str]]:
    """Return the headers as they go out: those given, ``Host``, the length of a body."""
    if method not in _METHODS:
        raise _unsendable("The method of the request is none that is used here.")
    headers = list(given)
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _FRAMING:
            raise _unsendable("The request has a header that cannot be sent.")
        if not _HEADER_VALUE.fullmatch(value):
            raise _unsendable(
                f"The header {name} is empty, begins or ends with whitespace, or holds a "
                "character that HTTP cannot carry."
            )
    names = [name.lower() for name, _ in headers]
    if "host" not in names:
        place = names.index("authorization") + 1 if "authorization" in names else len(names)
        headers.insert(place, ("Host", url.netloc.decode("ascii")))
    if length is not None:
        headers.append(("Content-Length", str(length)))
    return headers


def _unsendable(detail: str) -> Stopped:
    return Stopped(Failure(FailureKind.PROTOCOL, detail))


def _failure(error: Exception, context: RequestContext) -> Failure:
    """Say what ``error`` means, never with its own words: they may repeat a header."""
    no_http = Failure(FailureKind.PROTOCOL, NO_HTTP)
    if isinstance(error, TimeoutError):
        detail = f"No complete reply came within {context.seconds:g} seconds."
        return no_http if context.is_no_http else Failure(FailureKind.READ_TIMEOUT, detail)
    if isinstance(error, _UNSENDABLE):
        detail = "The address or a header cannot be sent over HTTP."
        return Failure(FailureKind.PROTOCOL, detail)
    if isinstance(error, h11.RemoteProtocolError) and not context.is_cut_off:
        return no_http
    if "CERTIFICATE_REQUIRED" in str(error):
        return client_certificate_wanted("The server")
    if context.is_unanswered:
        detail = "The server closed the connection without an answer."
    else:
        detail = "The connection broke in the middle of the reply."
    return Failure(FailureKind.DROPPED, detail)


def _latin(data: bytes) -> str:
    return data.decode("latin-1")
