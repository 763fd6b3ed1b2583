"""Sockets under httpcore: each step of theirs takes from the one deadline of the exchange."""

import errno
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any, TypeVar

import httpcore

from ngrok_scim_cli.hosts import LOCALHOST, LOOPBACK_ADDRESSES, is_loopback, literal_address
from ngrok_scim_cli.wire import tls
from ngrok_scim_cli.wire.exchange import Failure, FailureKind, Phase, Stopped, TlsProblem
from ngrok_scim_cli.wire.request_context import CURRENT, RequestContext
from ngrok_scim_cli.wire.threads import start_thread

# What the system says of a network, and not of the server at its other end.
_UNREACHABLE = {
    errno.ENETDOWN: "the network of this machine is down",
    errno.EADDRNOTAVAIL: "this machine has no address for it",
    errno.ENETUNREACH: "there is no network route to it",
    errno.EHOSTUNREACH: "there is no network route to it",
    errno.EACCES: "this machine does not allow it",
    errno.EPERM: "this machine does not allow it",
}

# Both say that there is no such address; not every system has the second.
_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))

_CERTIFICATE_PROBLEMS = frozenset(TlsProblem) - {
    TlsProblem.VERSION,
    TlsProblem.CLIENT_CERTIFICATE,
    TlsProblem.OTHER,
}

# Bytes that are given to TLS at once. It takes in whatever they hold before it gives back, so this
# bounds how long a flood of messages that are no data (session tickets, HelloRequests) keeps it.
_CHUNK = 16 * 1024

_Value = TypeVar("_Value")


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections for httpcore within the deadline of the request under way."""

    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()

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
            return DeadlineStream(stream, (address, port))
        raise _unconnected(errors, f"{host} port {port}", context) from None


class _Layer(httpcore.NetworkStream):
    """What lies upon a connection."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Return what the connection below tells."""
        return self._stream.get_extra_info(info)


class DeadlineStream(_Layer):
    """A connection that reads and writes within the deadline of the request under way."""

    def __init__(
        self, stream: httpcore.NetworkStream, address: tuple[str, int], private_issuer: str = ""
    ) -> None:
        super().__init__(stream)
        self._address = address
        self._private_issuer = private_issuer
        # What the requests after the first one tell of the connection.
        self._timings = [replace(timing, elapsed_ms=0) for timing in CURRENT.get().timings]

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
        secured = TlsStream(self._stream, ssl_context, host)
        try:
            secured.handshake(context)
        except (httpcore.ReadTimeout, httpcore.WriteTimeout, httpcore.ConnectTimeout):
            self.close()
            detail = f"{host} did not finish the TLS handshake within {context.seconds:g} seconds."
            raise Stopped(Failure(FailureKind.CONNECT_TIMEOUT, detail)) from None
        except (httpcore.NetworkError, ssl.SSLError) as error:
            self.close()
            agreed = secured.connection.cipher() is not None
            failure = tls.handshake_failure(error, host, has_a_cipher=agreed)
            if failure.tls in _CERTIFICATE_PROBLEMS and context.proxy is None:
                seen = _certificate_at(self._address, host, context)
                failure = replace(failure, certificate=seen)
            raise Stopped(failure) from None
        context.passed(Phase.TLS, tls.describe_connection(secured.connection))
        issuer = "" if is_loopback(host) else tls.private_issuer(secured.connection)
        return DeadlineStream(secured, self._address, issuer)


class TlsStream(_Layer):
    """TLS over a connection, a chunk at a time.

    A socket that Python secures reads by itself until there is data: a server that sends nothing
    but session tickets, or one HelloRequest after the other, would keep it beyond every deadline
    and every signal.
    """

    def __init__(
        self, stream: httpcore.NetworkStream, ssl_context: ssl.SSLContext, host: str
    ) -> None:
        super().__init__(stream)
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.connection = ssl_context.wrap_bio(self._arrived, self._leaving, server_hostname=host)

    def handshake(self, context: RequestContext) -> None:
        """Do the handshake within the deadline of ``context``.

        Raises:
            ssl.SSLError: it failed.
            httpcore.NetworkError: the connection broke; or a timeout of httpcore's.
        """
        try:
            self._step(self.connection.do_handshake, context)
        except ssl.SSLError:
            with suppress(httpcore.NetworkError, httpcore.TimeoutException):
                self._send_pending(context)  # the alert that tells the server why
            raise

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the context knows how much is left
        """Read what has arrived, or wait for it; nothing where the connection has ended."""
        try:
            return self._step(lambda: self.connection.read(max_bytes), CURRENT.get())
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        except ssl.SSLError as error:
            raise httpcore.ReadError(str(error.reason)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see above
        """Write the whole ``buffer``."""
        left = memoryview(buffer)
        try:
            while left:
                left = left[self._step(lambda: self.connection.write(left), CURRENT.get()) :]  # noqa: B023 - called at once
        except ssl.SSLError as error:
            raise httpcore.WriteError(str(error.reason)) from error

    def _step(self, call: Callable[[], _Value], context: RequestContext) -> _Value:
        """Do ``call``, and give TLS what it wants for it."""
        while True:
            try:
                value = call()
            except ssl.SSLWantReadError:
                self._send_pending(context)
            else:
                self._send_pending(context)
                return value
            data = self._stream.read(_CHUNK, context.time_left(httpcore.ReadTimeout))
            if data:
                self._arrived.write(data)
            else:
                self._arrived.write_eof()

    def _send_pending(self, context: RequestContext) -> None:
        if pending := self._leaving.read():
            self._stream.write(pending, context.time_left(httpcore.WriteTimeout))


def _certificate_at(address: tuple[str, int], host: str, context: RequestContext) -> str:
    """Return what the certificate that was refused says of itself; empty where it hides.

    It is fetched by a second handshake, unverified, over which nothing is sent.
    """
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    try:
        left = context.time_left(httpcore.ConnectTimeout)
        plain = httpcore.SyncBackend().connect_tcp(*address, timeout=left)
        with closing(plain):
            secured = TlsStream(plain, unverified, host)
            secured.handshake(context)
            return tls.describe_certificate(secured.connection)
    except (httpcore.NetworkError, httpcore.TimeoutException, ssl.SSLError, ValueError):
        return ""


def _addresses(host: str, port: int, context: RequestContext) -> tuple[str, ...]:
    """Return the IP addresses of ``host``; ``localhost`` is never asked of a resolver."""
    if host == LOCALHOST:
        return LOOPBACK_ADDRESSES
    literal = literal_address(host)
    return (str(literal),) if literal else _resolve(host, port, context)


def _resolve(host: str, port: int, context: RequestContext) -> tuple[str, ...]:
    """Ask the system's resolver, which has no deadline of its own, and may hang."""
    asked: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            asked.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            asked.set_exception(error)

    if not start_thread(look_up):
        asked.set_exception(MemoryError())
    try:
        answers = asked.result(context.time_left(httpcore.ConnectTimeout))
    except (OSError, UnicodeError, MemoryError) as error:
        raise Stopped(_unresolved(error, host, context)) from None
    if not answers:
        raise Stopped(Failure(FailureKind.DNS, f"The name {host} does not exist."))
    # The same address may come several times.
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _unresolved(error: Exception, host: str, context: RequestContext) -> Failure:
    """Say why a name could not be looked up: it does not exist, or nobody here can tell."""
    code = getattr(error, "errno", socket.EAI_NONAME)  # a UnicodeError has none
    unknown = f"The name {host} could not be looked up"
    if isinstance(error, TimeoutError):
        detail = f"The resolver did not answer for {host} within {context.seconds:g} seconds."
    elif isinstance(error, MemoryError):
        detail = f"{unknown}: this machine is short of memory."
    elif code in _NO_SUCH_NAME:
        return Failure(FailureKind.DNS, f"The name {host} does not exist.")
    elif code == socket.EAI_AGAIN:
        detail = f"{unknown}: no resolver answers."
    else:
        detail = f"{unknown} (resolver error {code})."
    return Failure(FailureKind.DNS, detail, is_local=True)


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
            return Stopped(Failure(FailureKind.REFUSED, detail, is_local=True))
    return Stopped(Failure(FailureKind.REFUSED, f"{place} refuses connections."))
