"""Sends a request and makes a record of whatever comes of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import h11
import httpcore
import httpx

from ngrok_scim_cli.redact import HIDDEN
from ngrok_scim_cli.wire.body import read_body
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Phase, Reply
from ngrok_scim_cli.wire.proxy import proxy_for
from ngrok_scim_cli.wire.request_context import JOURNEY, Journey, Stopped
from ngrok_scim_cli.wire.transport import DeadlineTransport
from ngrok_scim_cli.wire.trust import admit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from ngrok_scim_cli.wire.exchange import Request

# RFC 9110 sections 5.1 and 5.5, without the obsolete and the tab.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# How long the body is, is told by the body alone.
_FRAMING = ("content-length", "transfer-encoding")

# The credentials that a URL may hold.
_USER_INFO = re.compile(r"(?<=//)[^/?#]*@")

# What an error means, the first that fits; httpx's own errors come from tests alone.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], FailureKind, str], ...] = (
    (
        (httpcore.ConnectTimeout, httpx.ConnectTimeout),
        FailureKind.CONNECT_TIMEOUT,
        "No connection came about within {seconds:g} seconds.",
    ),
    (
        (httpcore.TimeoutException, httpx.TimeoutException),
        FailureKind.READ_TIMEOUT,
        "No complete reply came within {seconds:g} seconds.",
    ),
    (
        (httpcore.ConnectError, httpx.ConnectError),
        FailureKind.REFUSED,
        "The connection was refused.",
    ),
    (
        (httpcore.ProxyError, httpx.ProxyError),
        FailureKind.PROXY,
        "It does not pass the connection on{status}.",
    ),
    (
        (
            httpcore.LocalProtocolError,
            httpcore.UnsupportedProtocol,
            h11.LocalProtocolError,
            httpx.LocalProtocolError,
            httpx.UnsupportedProtocol,
            httpx.InvalidURL,
            ValueError,
        ),
        FailureKind.PROTOCOL,
        "The address or a header cannot be sent over HTTP.",
    ),
)
_BROKEN_REPLIES = (httpcore.RemoteProtocolError, httpx.RemoteProtocolError)
_BREAKS = (httpcore.NetworkError, httpx.NetworkError, OSError)
_ERRORS: tuple[type[Exception], ...] = (
    *(kind for kinds, _, _ in _MEANINGS for kind in kinds),
    *_BROKEN_REPLIES,
    *_BREAKS,
)


class Sender:
    """What a ``Wire`` sends with, once there is something to send."""

    def __init__(
        self,
        *,
        timeout: float,
        ca_bundle: Path | None,
        known_hosts: Sequence[str],
        allowed_hosts: Collection[str],
        environment: Mapping[str, str],
    ) -> None:
        """Prepare to send; see ``Wire`` for what the values mean."""
        self._timeout = timeout
        self._known_hosts = known_hosts
        self._allowed_hosts = allowed_hosts
        self._environment = environment
        self._transport = DeadlineTransport(ca_bundle)

    def send(self, request: Request) -> Exchange:
        """Send ``request`` and wait for the reply; see ``Wire.send``."""
        journey = Journey(self._timeout)
        token = JOURNEY.set(journey)
        try:
            outcome = self._try(request, journey)
        finally:
            JOURNEY.reset(token)
        return Exchange(
            purpose=request.purpose,
            method=request.method,
            url=_USER_INFO.sub(f"{HIDDEN}@", request.url),
            reply=outcome if isinstance(outcome, Reply) else None,
            failure=outcome if isinstance(outcome, Failure) else None,
            elapsed_ms=journey.elapsed_ms,
            rungs=tuple(journey.rungs),
            proxy=str(journey.proxy or ""),
            private_issuer=journey.private_issuer,
        )

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def _try(self, request: Request, journey: Journey) -> Reply | Failure:
        try:
            return self._send_afresh_if_stale(request, journey)
        except Stopped as stop:
            failure = stop.failure
        except _ERRORS as error:
            failure = _failure(error, journey)
        if journey.at_proxy:
            detail = f"The proxy {journey.proxy} failed. {failure.detail}"
            return Failure(FailureKind.PROXY, detail)
        return failure

    def _send_afresh_if_stale(self, request: Request, journey: Journey) -> Reply:
        """Send ``request``; once more if the connection that was kept open had been closed.

        A server may close an idle connection whenever it likes, so that says nothing of it. Only
        what changes nothing is sent again (RFC 9112 section 9.3.1).
        """
        try:
            return self._send(request, journey)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            if not journey.is_stale or request.method != "GET":
                raise
        journey.start_over()
        return self._send(request, journey)

    def _send(self, request: Request, journey: Journey) -> Reply:
        url = httpx.URL(request.url)
        admit(url, self._known_hosts, self._allowed_hosts)
        headers = _headers(request, url)
        journey.host_line = [name.lower() for name, _ in headers].index("host")
        journey.proxy = proxy_for(url, self._environment)
        reply = self._transport.handle_request(
            httpx.Request(
                request.method,
                url,
                headers=[(name.encode(), value.encode()) for name, value in headers],
                stream=httpx.ByteStream(request.body or b""),
            )
        )
        try:
            body, truncated = read_body(reply.iter_raw(), reply.headers.get("content-encoding", ""))
        finally:
            reply.close()
        journey.passed(Phase.HTTP, f"status {reply.status_code}")
        return Reply(
            status=reply.status_code,
            reason=_latin(reply.extensions.get("reason_phrase", b"")),
            headers=tuple(
                (_latin(name).lower(), _latin(value)) for name, value in reply.headers.raw
            ),
            body=body,
            truncated=truncated,
        )


def _headers(request: Request, url: httpx.URL) -> list[tuple[str, str]]:
    """Return the headers as they go out: those of ``request``, ``Host``, the length of a body."""
    if request.method not in _METHODS:
        raise _unsendable("The method of the request is none that is used here.")
    headers = list(request.headers)
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
    if request.body is not None:
        headers.append(("Content-Length", str(len(request.body))))
    return headers


def _unsendable(detail: str) -> Stopped:
    return Stopped(Failure(FailureKind.PROTOCOL, detail))


def _failure(error: Exception, journey: Journey) -> Failure:
    """Say what ``error`` means, never with its own words: they may repeat a header."""
    for kinds, kind, detail in _MEANINGS:
        if isinstance(error, kinds):
            slots = {"seconds": journey.seconds, "status": _proxy_status(error)}
            return Failure(kind, detail.format(**slots))
    if isinstance(error, _BROKEN_REPLIES) and not journey.is_cut_off:
        return Failure(FailureKind.PROTOCOL, "What the server sent is not valid HTTP.")
    if journey.is_unanswered:
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
