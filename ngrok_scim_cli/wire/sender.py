"""Sends a request and makes a record of whatever comes of it.

httpx reads the URL and httpcore sends: httpx's own client has no place for sockets that keep the
deadline of a whole exchange, and adds headers that Okta does not send.
"""

import re
import ssl
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import h11
import httpcore
import httpx

from ngrok_scim_cli.hosts import why_withheld
from ngrok_scim_cli.redact import HIDDEN
from ngrok_scim_cli.wire.address import PORTS, host_of, port_of
from ngrok_scim_cli.wire.body import read_body
from ngrok_scim_cli.wire.exchange import (
    Exchange,
    Failure,
    FailureKind,
    Phase,
    Reply,
    Request,
    Stopped,
)
from ngrok_scim_cli.wire.network import DeadlineBackend
from ngrok_scim_cli.wire.proxy import Proxy, proxy_for
from ngrok_scim_cli.wire.request_context import CURRENT, RequestContext
from ngrok_scim_cli.wire.tls import client_certificate_wanted, make_context

# Servers commonly drop an idle connection after 5 seconds or more.
_KEEP_ALIVE = 4.0

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

# What an error means, the first that fits.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], FailureKind, str], ...] = (
    (
        (httpcore.ConnectTimeout,),
        FailureKind.CONNECT_TIMEOUT,
        "No connection came about within {seconds:g} seconds.",
    ),
    (
        (httpcore.TimeoutException,),
        FailureKind.READ_TIMEOUT,
        "No complete reply came within {seconds:g} seconds.",
    ),
    ((httpcore.ConnectError,), FailureKind.REFUSED, "The connection was refused."),
    ((httpcore.ProxyError,), FailureKind.PROXY, "It does not pass the connection on{status}."),
    (
        (
            httpcore.LocalProtocolError,
            httpcore.UnsupportedProtocol,
            h11.LocalProtocolError,
            httpx.InvalidURL,
            ValueError,
        ),
        FailureKind.PROTOCOL,
        "The address or a header cannot be sent over HTTP.",
    ),
)
_NO_HTTP = "What the server sent is not valid HTTP."
_ERRORS: tuple[type[Exception], ...] = (
    *(kind for kinds, _, _ in _MEANINGS for kind in kinds),
    httpcore.RemoteProtocolError,
    httpcore.NetworkError,
    OSError,
)


class _Route(NamedTuple):
    """How requests reach an address that may be sent to; the pages of a list share one."""

    url: httpx.URL
    headers: list[tuple[bytes, bytes]]
    host_line: int
    proxy: Proxy | None
    pool: httpcore.ConnectionPool


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
        self._ca_bundle = ca_bundle
        self._backend = DeadlineBackend()
        self._pools: dict[tuple[str, Proxy | None], httpcore.ConnectionPool] = {}
        self._opening = Lock()
        self._route = lru_cache(maxsize=8)(self._find_route)

    def send(self, request: Request) -> Exchange:
        """Send ``request`` and wait for the reply; see ``Wire.send``."""
        context = RequestContext(self._timeout)
        token = CURRENT.set(context)
        try:
            outcome = self._try(request, context)
        finally:
            CURRENT.reset(token)  # it may hold a proxy's password
        return Exchange(
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

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _try(self, request: Request, context: RequestContext) -> Reply | Failure:
        try:
            return self._send_afresh_if_stale(request, context)
        except Stopped as stop:
            failure = stop.failure
        except _ERRORS as error:
            failure = _failure(error, context)
        if context.at_proxy:
            detail = f"The proxy {context.proxy} failed. {failure.detail}"
            return Failure(FailureKind.PROXY, detail)
        return failure

    def _send_afresh_if_stale(self, request: Request, context: RequestContext) -> Reply:
        """Send ``request``; once more if the connection that was kept open had been closed.

        A server may close an idle connection whenever it likes, so that says nothing of it. Only
        what changes nothing is sent again (RFC 9112 section 9.3.1).
        """
        try:
            return self._send(request, context)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            if not context.is_stale or request.method != "GET":
                raise
        context.start_over()
        return self._send(request, context)

    def _send(self, request: Request, context: RequestContext) -> Reply:
        address, query = _without_query(request.url)
        length = None if request.body is None else len(request.body)
        route = self._route(request.method, address, request.headers, length)
        context.host_line = route.host_line
        context.proxy = route.proxy
        reply = route.pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=route.url.raw_scheme,
                    host=route.url.raw_host,
                    port=route.url.port,
                    target=route.url.raw_path + query,
                ),
                headers=route.headers,
                content=request.body,
            )
        )
        received = tuple((_latin(name).lower(), _latin(value)) for name, value in reply.headers)
        encodings = [value for name, value in received if name == "content-encoding"]
        try:
            body, truncated = read_body(reply.iter_stream(), ", ".join(encodings))
        finally:
            reply.close()
        context.passed(Phase.HTTP, f"status {reply.status}")
        reason = _latin(reply.extensions.get("reason_phrase", b""))
        return Reply(reply.status, reason, received, body, truncated)

    def _find_route(
        self, method: str, address: str, headers: tuple[tuple[str, str], ...], length: int | None
    ) -> _Route:
        """Let pass what may be sent, judged on the very URL that goes out."""
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
        sent = _headers(method, headers, url, length)
        proxy = proxy_for(url, self._environment)
        return _Route(
            url,
            [(name.encode(), value.encode()) for name, value in sent],
            [name.lower() for name, _ in sent].index("host"),
            proxy,
            self._pool(url.scheme, proxy),
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return make_context(self._ca_bundle)

    def _pool(self, scheme: str, proxy: Proxy | None) -> httpcore.ConnectionPool:
        with self._opening:
            if (scheme, proxy) not in self._pools:
                self._pools[scheme, proxy] = httpcore.ConnectionPool(
                    ssl_context=self._tls if scheme == "https" else None,
                    proxy=_as_httpcore(proxy) if proxy else None,
                    max_connections=None,
                    keepalive_expiry=_KEEP_ALIVE,
                    network_backend=self._backend,
                )
            return self._pools[scheme, proxy]


def _as_httpcore(proxy: Proxy) -> httpcore.Proxy:
    url = httpcore.URL(scheme="http", host=proxy.host, port=proxy.port, target="/")
    if proxy.credentials is None:
        return httpcore.Proxy(url)
    user, password = proxy.credentials
    return httpcore.Proxy(url, auth=(user.encode(), password.encode()))


def _without_query(url: str) -> tuple[str, bytes]:
    """Split a query off that goes out as it is; any other stays, for httpx to encode."""
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
    if isinstance(error, httpcore.ReadTimeout) and context.is_no_http:
        return Failure(FailureKind.PROTOCOL, _NO_HTTP)
    for kinds, kind, detail in _MEANINGS:
        if isinstance(error, kinds):
            slots = {"seconds": context.seconds, "status": _proxy_status(error)}
            return Failure(kind, detail.format(**slots))
    if isinstance(error, httpcore.RemoteProtocolError) and not context.is_cut_off:
        return Failure(FailureKind.PROTOCOL, _NO_HTTP)
    if "CERTIFICATE_REQUIRED" in str(error):
        return client_certificate_wanted("The server")
    if context.is_unanswered:
        detail = "The server closed the connection without an answer."
    else:
        detail = "The connection broke in the middle of the reply."
    return Failure(FailureKind.DROPPED, detail)


def _proxy_status(error: Exception) -> str:
    """Return the status that httpcore puts before the reason phrase, which is the proxy's own."""
    status = re.match(r"\d{3}\b", str(error), re.ASCII)
    return f" (status {status[0]})" if status else ""


def _latin(data: bytes) -> str:
    return data.decode("latin-1")
