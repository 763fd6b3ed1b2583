"""Sockets and TLS: each step of theirs takes from the one deadline of the exchange."""

import errno
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
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


class Stream:
    """A socket within the deadline of an exchange, and TLS over it, a chunk at a time.

    A socket that Python secures reads by itself until there is data: a server that sends nothing
    but session tickets, or one HelloRequest after the other, would keep it beyond every deadline
    and every signal.

    Attributes:
        address: the IP address and port of the other side.
        tls: the TLS connection, once there is one.
    """

    def __init__(self, connected: socket.socket, address: tuple[str, int]) -> None:
        self.address = address
        self.tls: ssl.SSLObject | None = None
        self._socket = connected
        self._arrived, self._leaving = ssl.MemoryBIO(), ssl.MemoryBIO()

    def start_tls(
        self, ssl_context: ssl.SSLContext, host: str, context: RequestContext
    ) -> ssl.SSLObject:
        """Do the handshake, and read and write by TLS from then on.

        Raises:
            ssl.SSLError: it failed.
            OSError: the connection broke, or the deadline passed.
        """
        self.tls = ssl_context.wrap_bio(self._arrived, self._leaving, server_hostname=host)
        try:
            self._step(self.tls.do_handshake, context)
        except ssl.SSLError:
            with suppress(OSError):
                self._send(self._leaving.read(), context)  # the alert that tells the server why
            raise
        return self.tls

    def read(self, most: int, context: RequestContext) -> bytes:
        """Read what has arrived, or wait for it; nothing where the other side has closed.

        Raises:
            ssl.SSLEOFError: the connection has ended, and TLS was not closed.
        """
        if self.tls is None:
            return self._receive(most, context)
        return self._step(partial(self.tls.read, most), context)

    def write(self, data: bytes, context: RequestContext) -> None:
        """Write all of ``data``."""
        if self.tls is None:
            self._send(data, context)
            return
        left = memoryview(data)
        while left:
            left = left[self._step(partial(self.tls.write, left), context) :]

    def is_quiet(self) -> bool:
        """Tell whether the other side has neither sent any data nor closed the connection."""
        try:
            if self.tls is not None:
                with suppress(ssl.SSLWantReadError):
                    self.tls.read(1)
                    return False
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

    def _step(self, call: Callable[[], _Value], context: RequestContext) -> _Value:
        """Do ``call``, and give TLS what it wants for it."""
        while True:
            try:
                value = call()
            except ssl.SSLWantReadError:
                self._send(self._leaving.read(), context)
            else:
                self._send(self._leaving.read(), context)
                return value
            if data := self._receive(_CHUNK, context):
                self._arrived.write(data)
            else:
                self._arrived.write_eof()

    def _receive(self, most: int, context: RequestContext) -> bytes:
        self._socket.settimeout(context.time_left())
        return self._socket.recv(most)

    def _send(self, data: bytes, context: RequestContext) -> None:
        left = memoryview(data)
        while left:
            self._socket.settimeout(context.time_left())
            left = left[self._socket.send(left) :]


def connect(host: str, port: int, context: RequestContext) -> Stream:
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
            return Stream(connected, (address, port))
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
    stream: Stream, ssl_context: ssl.SSLContext, host: str, context: RequestContext
) -> ssl.SSLObject:
    """Do the TLS handshake with ``host``, through a proxy if there is one."""
    try:
        secured = stream.start_tls(ssl_context, host, context)
    except TimeoutError:
        detail = f"{host} did not finish the TLS handshake within {context.seconds:g} seconds."
        raise Stopped(FailureKind.CONNECT_TIMEOUT, detail) from None
    except OSError as error:
        stream.close()
        has_a_cipher = stream.tls is not None and stream.tls.cipher() is not None
        failure = tls.handshake_failure(error, host, has_a_cipher=has_a_cipher)
        certificate = ""
        if failure.tls not in _NOT_OF_THE_CERTIFICATE and context.proxy is None:
            certificate = _certificate_at(stream.address, host, context)
        raise Stopped(failure.kind, failure.detail, failure.tls, certificate) from None
    known = tls.certificate_of(secured)
    issuer = f", issued by {known.issuer}" if known else ""
    context.passed(Phase.TLS, f"{secured.version()}{issuer}")
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
            stream = Stream(plain, address)
            return str(tls.certificate_of(stream.start_tls(unverified, host, context)) or "")
    except (OSError, ValueError):
        return ""


def _resolve(host: str, port: int, context: RequestContext) -> tuple[str, ...]:
    """Return the IP addresses of ``host``; ``localhost`` is never asked of a resolver."""
    if host == LOCALHOST:
        return LOOPBACK_ADDRESSES
    if literal := literal_address(host):
        return (str(literal),)
    unknown = f"The name {host} could not be looked up"
    try:
        answers = _look_up(host, port, context.time_left())
    except TimeoutError:
        detail = f"The resolver did not answer for {host} within {context.seconds:g} seconds."
        raise Stopped(FailureKind.DNS, detail, is_local=True) from None
    except MemoryError:
        detail = f"{unknown}: this machine is short of memory."
        raise Stopped(FailureKind.DNS, detail, is_local=True) from None
    except (OSError, UnicodeError) as error:
        code = getattr(error, "errno", socket.EAI_NONAME)  # a UnicodeError has none
        if code not in _NO_SUCH_NAME:
            no_answer = code == socket.EAI_AGAIN
            detail = ": no resolver answers" if no_answer else f" (resolver error {code})"
            raise Stopped(FailureKind.DNS, f"{unknown}{detail}.", is_local=True) from None
        answers = []
    if not answers:
        raise Stopped(FailureKind.DNS, f"The name {host} does not exist.")
    # The same address may come several times.
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _look_up(host: str, port: int, seconds: float) -> list[Any]:
    """Ask the system's resolver, which has no deadline of its own, and may hang.

    Raises:
        TimeoutError: it did not answer in time.
        MemoryError: this machine has no room for a thread.
        OSError, UnicodeError: there is no such name, or nobody here can tell.
    """
    asked: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            asked.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            asked.set_exception(error)

    if not start_thread(look_up):
        raise MemoryError
    return asked.result(seconds)
