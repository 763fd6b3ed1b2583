"""Sockets and TLS: each step of theirs takes from the one deadline of the exchange."""

import errno
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from ngrok_scim_cli.hosts import LOCALHOST, LOOPBACK_ADDRESSES, literal_address
from ngrok_scim_cli.wire import tls
from ngrok_scim_cli.wire.exchange import FailureKind, Phase, Stopped, TlsProblem
from ngrok_scim_cli.wire.request_context import RequestContext
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

_NOT_OF_THE_CERTIFICATE = (
    None,
    TlsProblem.VERSION,
    TlsProblem.CLIENT_CERTIFICATE,
    TlsProblem.OTHER,
)

# Bytes that are given to TLS at once. It takes in whatever they hold before it gives back, so this
# bounds how long a flood of messages that are no data (session tickets, HelloRequests) keeps it.
_CHUNK = 16 * 1024

_Value = TypeVar("_Value")


class TcpStream:
    """A socket that reads and writes within the deadline of an exchange."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def read(self, most: int, context: RequestContext) -> bytes:
        """Read what has arrived, or wait for it; nothing where the connection has ended."""
        self._socket.settimeout(context.time_left())
        return self._socket.recv(most)

    def write(self, data: bytes, context: RequestContext) -> None:
        """Write all of ``data``."""
        left = memoryview(data)
        while left:
            self._socket.settimeout(context.time_left())
            left = left[self._socket.send(left) :]

    def is_quiet(self) -> bool:
        """Tell whether the other side has neither sent anything nor closed the connection."""
        try:
            self._socket.settimeout(0)
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


class TlsStream:
    """TLS over a connection, a chunk at a time.

    A socket that Python secures reads by itself until there is data: a server that sends nothing
    but session tickets, or one HelloRequest after the other, would keep it beyond every deadline
    and every signal.
    """

    def __init__(self, stream: TcpStream, ssl_context: ssl.SSLContext, host: str) -> None:
        self._stream = stream
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.connection = ssl_context.wrap_bio(self._arrived, self._leaving, server_hostname=host)
        self.close = stream.close

    def handshake(self, context: RequestContext) -> None:
        """Do the handshake within the deadline of ``context``.

        Raises:
            ssl.SSLError: it failed.
            OSError: the connection broke, or the deadline passed.
        """
        try:
            self._step(self.connection.do_handshake, context)
        except ssl.SSLError:
            with suppress(OSError):
                self._send_pending(context)  # the alert that tells the server why
            raise

    def read(self, most: int, context: RequestContext) -> bytes:
        """Read what has arrived, or wait for it; nothing where the other side has closed TLS.

        Raises:
            ssl.SSLEOFError: the connection has ended, and TLS was not closed.
        """
        try:
            return self._step(lambda: self.connection.read(most), context)
        except ssl.SSLZeroReturnError:
            return b""

    def write(self, data: bytes, context: RequestContext) -> None:
        """Write all of ``data``."""
        left = memoryview(data)
        while left:
            left = left[self._step(lambda: self.connection.write(left), context) :]  # noqa: B023 - called at once

    def is_quiet(self) -> bool:
        """Tell whether the other side has neither sent any data nor closed the connection."""
        try:
            self.connection.read(1)
        except ssl.SSLWantReadError:
            return self._stream.is_quiet()
        except ssl.SSLError:
            pass
        return False

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
            if data := self._stream.read(_CHUNK, context):
                self._arrived.write(data)
            else:
                self._arrived.write_eof()

    def _send_pending(self, context: RequestContext) -> None:
        if pending := self._leaving.read():
            self._stream.write(pending, context)


def connect(host: str, port: int, context: RequestContext) -> tuple[TcpStream, str]:
    """Resolve ``host`` and connect to the first of its addresses that answers."""
    addresses = _resolve(host, port, context)
    context.passed(Phase.NAME, ", ".join(addresses))
    codes: set[int | None] = set()
    has_waited = False
    for position, address in enumerate(addresses):
        try:
            # A dead address must not use up the time of those after it.
            share = context.time_left() / (len(addresses) - position)
            connected = socket.create_connection((address, port), share)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except TimeoutError:
            has_waited = True
        except OSError as error:
            codes.add(error.errno)
        else:
            context.passed(Phase.TCP, f"{address} port {port}")
            return TcpStream(connected), address
    peer = f"{host} port {port}"
    if has_waited:
        detail = f"{peer} did not answer within {context.seconds:g} seconds."
        raise Stopped(FailureKind.CONNECT_TIMEOUT, detail)
    reason = next((_UNREACHABLE[code] for code in codes if code in _UNREACHABLE), "")
    if reason and errno.ECONNREFUSED not in codes:
        detail = f"{peer} cannot be connected to: {reason}."
        raise Stopped(FailureKind.REFUSED, detail, is_local=True)
    raise Stopped(FailureKind.REFUSED, f"{peer} refuses connections.")


def secure(
    stream: TcpStream,
    ssl_context: ssl.SSLContext,
    host: str,
    address: tuple[str, int],
    context: RequestContext,
) -> TlsStream:
    """Do the TLS handshake with ``host``, through the proxy at ``address`` if there is one."""
    secured = TlsStream(stream, ssl_context, host)
    try:
        secured.handshake(context)
    except TimeoutError:
        detail = f"{host} did not finish the TLS handshake within {context.seconds:g} seconds."
        raise Stopped(FailureKind.CONNECT_TIMEOUT, detail) from None
    except OSError as error:
        stream.close()
        agreed = secured.connection.cipher() is not None
        failure = tls.handshake_failure(error, host, has_a_cipher=agreed)
        certificate = ""
        if failure.tls not in _NOT_OF_THE_CERTIFICATE and context.proxy is None:
            certificate = _certificate_at(address, host, context)
        raise Stopped(failure.kind, failure.detail, failure.tls, certificate) from None
    context.passed(Phase.TLS, tls.describe_connection(secured.connection))
    return secured


def _certificate_at(address: tuple[str, int], host: str, context: RequestContext) -> str:
    """Return what the certificate that was refused says of itself; empty where it hides.

    It is fetched by a second handshake, unverified, over which nothing is sent.
    """
    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection(address, context.time_left()) as plain:
            secured = TlsStream(TcpStream(plain), unverified, host)
            secured.handshake(context)
            return tls.describe_certificate(secured.connection)
    except (OSError, ValueError):
        return ""


def _resolve(host: str, port: int, context: RequestContext) -> tuple[str, ...]:
    """Return the IP addresses of ``host``; ``localhost`` is never asked of a resolver.

    The system's resolver has no deadline of its own, and may hang.
    """
    if host == LOCALHOST:
        return LOOPBACK_ADDRESSES
    if literal := literal_address(host):
        return (str(literal),)
    asked: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            asked.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            asked.set_exception(error)

    if not start_thread(look_up):
        asked.set_exception(MemoryError())
    reason = ""
    try:
        answers = asked.result(context.time_left())
    except TimeoutError:
        detail = f"The resolver did not answer for {host} within {context.seconds:g} seconds."
        raise Stopped(FailureKind.DNS, detail, is_local=True) from None
    except (OSError, UnicodeError, MemoryError) as error:
        answers, reason = [], _why_unresolved(error)
    if reason:
        detail = f"The name {host} could not be looked up{reason}."
        raise Stopped(FailureKind.DNS, detail, is_local=True)
    if not answers:
        raise Stopped(FailureKind.DNS, f"The name {host} does not exist.")
    # The same address may come several times.
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _why_unresolved(error: Exception) -> str:
    """Return why a name could not be looked up; empty where it does not exist."""
    if isinstance(error, MemoryError):
        return ": this machine is short of memory"
    code = getattr(error, "errno", socket.EAI_NONAME)  # a UnicodeError has none
    if code in _NO_SUCH_NAME:
        return ""
    return ": no resolver answers" if code == socket.EAI_AGAIN else f" (resolver error {code})"
