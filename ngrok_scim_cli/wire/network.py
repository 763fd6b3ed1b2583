"""Sockets under httpcore: each step of theirs takes from the one deadline of the exchange."""

from __future__ import annotations

import errno
import socket
from dataclasses import replace
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import httpcore

from ngrok_scim_cli.hosts import (
    LOCALHOST,
    LOOPBACK_ADDRESSES,
    is_loopback,
    literal_address,
)
from ngrok_scim_cli.wire import tls
from ngrok_scim_cli.wire.exchange import Failure, FailureKind, Phase, Stopped, TlsProblem
from ngrok_scim_cli.wire.request_context import CURRENT

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Sequence

    from ngrok_scim_cli.wire.request_context import RequestContext

# What the system says of a network, and not of the server at its other end.
_UNREACHABLE = {
    errno.ENETUNREACH: "there is no network route to it",
    errno.EHOSTUNREACH: "there is no network route to it",
    errno.EACCES: "this machine does not allow it",
    errno.EPERM: "this machine does not allow it",
}

_CERTIFICATE_PROBLEMS = frozenset(TlsProblem) - {TlsProblem.VERSION, TlsProblem.OTHER}


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections for httpcore within the deadline of the request under way."""

    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()
        self._handshaking = Lock()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the context knows how much is left
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve ``host`` and connect to the first of its addresses that answers."""
        context = CURRENT.get()
        context.at_proxy = context.proxy is not None
        addresses = _addresses(host, port, context)
        context.passed(Phase.NAME, ", ".join(addresses))
        errors: list[Exception] = []
        for position, address in enumerate(addresses):
            try:
                # A dead address must not use up the time of those after it.
                share = context.time_left(httpcore.ConnectTimeout) / (len(addresses) - position)
                stream = self._sockets.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                errors.append(error)
                continue
            context.passed(Phase.TCP, f"{address} port {port}")
            return DeadlineStream(stream, (address, port), self._handshaking)
        raise _unconnected(errors, f"{host} port {port}", context) from None


class DeadlineStream(httpcore.NetworkStream):
    """A connection that reads and writes within the deadline of the request under way."""

    def __init__(
        self,
        stream: httpcore.NetworkStream,
        address: tuple[str, int],
        handshaking: Lock,
        *,
        private_issuer: str = "",
    ) -> None:
        self._stream = stream
        self._address = address
        self._handshaking = handshaking
        self._private_issuer = private_issuer
        self._timings = tuple(CURRENT.get().timings)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see above
        """Read what has arrived, or wait for it."""
        context = CURRENT.get()
        data = self._stream.read(max_bytes, context.time_left(httpcore.ReadTimeout))
        context.arrived(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see above
        """Write the whole ``buffer``."""
        context = CURRENT.get()
        if not context.at_proxy:
            buffer = context.request_leaves(buffer, self._timings, self._private_issuer)
        self._stream.write(buffer, context.time_left(httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - see above
    ) -> httpcore.NetworkStream:
        """Do the TLS handshake with the server, which the proxy, if any, now passes on."""
        context = CURRENT.get()
        context.at_proxy = False
        host = server_hostname or ""
        try:
            secured = self._handshake(ssl_context, host, context)
        except httpcore.ConnectTimeout:
            self.close()
            detail = f"{host} did not finish the TLS handshake within {context.seconds:g} seconds."
            raise Stopped(Failure(FailureKind.CONNECT_TIMEOUT, detail)) from None
        except httpcore.ConnectError as error:
            failure = tls.handshake_failure(error.__cause__, host)
            if failure.tls in _CERTIFICATE_PROBLEMS and context.proxy is None:
                seen = tls.describe_certificate(self._address, host, context)
                failure = replace(failure, certificate=seen)
            raise Stopped(failure) from None
        connection = secured.get_extra_info("ssl_object")
        context.passed(Phase.TLS, tls.describe_connection(connection))
        issuer = "" if is_loopback(host) else tls.private_issuer(connection)
        return DeadlineStream(secured, self._address, self._handshaking, private_issuer=issuer)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Return what the connection below tells."""
        return self._stream.get_extra_info(info)

    def _handshake(
        self, ssl_context: ssl.SSLContext, host: str, context: RequestContext
    ) -> httpcore.NetworkStream:
        # The trust store does one handshake at a time. To wait for it is part of the deadline, so
        # what is left is looked up when the turn has come.
        with self._handshaking:
            left = context.time_left(httpcore.ConnectTimeout)
            try:
                with tls.hung_up_after(self.get_extra_info("socket"), left):
                    return self._stream.start_tls(ssl_context, host, left)
            except httpcore.ConnectError:
                context.time_left(httpcore.ConnectTimeout)  # where that is why it ended
                raise


def _addresses(host: str, port: int, context: RequestContext) -> tuple[str, ...]:
    """Return the IP addresses of ``host``; ``localhost`` is never asked of a resolver."""
    if host == LOCALHOST:
        return LOOPBACK_ADDRESSES
    literal = literal_address(host)
    return (str(literal),) if literal else _resolve(host, port, context)


def _resolve(host: str, port: int, context: RequestContext) -> tuple[str, ...]:
    """Ask the system's resolver, which has no deadline of its own, and may hang."""
    found: list[tuple[str, ...]] = []
    refusals: list[Exception] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            refusals.append(error)
        else:
            # The same address may come several times.
            found.append(tuple(dict.fromkeys(str(answer[4][0]) for answer in answers)))

    asking = Thread(target=look_up, daemon=True)
    asking.start()
    asking.join(context.time_left(httpcore.ConnectTimeout))
    if found and found[0]:
        return found[0]
    if not refusals:
        detail = f"The resolver did not answer for {host} within {context.seconds:g} seconds."
    elif getattr(refusals[0], "errno", None) == socket.EAI_AGAIN:
        detail = f"The name {host} could not be looked up: no resolver answers."
    else:
        detail = f"The name {host} does not exist."
    raise Stopped(Failure(FailureKind.DNS, detail))


def _unconnected(errors: Sequence[Exception], place: str, context: RequestContext) -> Stopped:
    """Say why none of the addresses of a host could be connected to."""
    if any(isinstance(error, httpcore.ConnectTimeout) for error in errors):
        detail = f"{place} did not answer within {context.seconds:g} seconds."
        return Stopped(Failure(FailureKind.CONNECT_TIMEOUT, detail))
    codes = {getattr(error.__cause__, "errno", None) for error in errors}
    if errno.ECONNREFUSED not in codes:
        reason = next((_UNREACHABLE[code] for code in codes if code in _UNREACHABLE), "")
        if reason:
            detail = f"{place} cannot be connected to: {reason}."
            return Stopped(Failure(FailureKind.REFUSED, detail))
    return Stopped(Failure(FailureKind.REFUSED, f"{place} refuses connections."))
