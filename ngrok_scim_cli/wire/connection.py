"""HTTP/1.1 connections: h11 reads and writes the protocol, our sockets keep the deadline."""

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from ssl import SSLEOFError
from threading import RLock
from time import monotonic
from typing import NamedTuple

import h11

from ngrok_scim_cli.hosts import is_loopback
from ngrok_scim_cli.wire import tls
from ngrok_scim_cli.wire.exchange import BODY_LIMIT, FailureKind, PhaseTiming, Stopped
from ngrok_scim_cli.wire.network import Stream, connect, secure
from ngrok_scim_cli.wire.proxy import Proxy, authority
from ngrok_scim_cli.wire.request_context import KEEP_ALIVE, RequestContext

Headers = list[tuple[bytes, bytes]]

# Bytes of the head of a reply.
_LONGEST_HEAD = 100 * 1024
_MOST_AT_ONCE = 64 * 1024
_SWITCHING_PROTOCOLS = 101

# No compression makes a body twice as large: what is more than that is no content.
_MOST_RECEIVED = 2 * BODY_LIMIT
_COMPRESSED = ("gzip", "x-gzip", "deflate")
_GZIP = zlib.MAX_WBITS | 16
_HEADER_SIZE = 2


class Address(NamedTuple):
    """Where a connection leads to; without TLS it is this machine, and there is no proxy."""

    scheme: str
    host: str
    port: int
    proxy: Proxy | None


class Connection:
    """A connection for one exchange after the other.

    Attributes:
        timings: how its phases went: name, TCP, TLS.
        private_issuer: as in ``Exchange``.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.timings: tuple[PhaseTiming, ...] = ()
        self.private_issuer = ""
        self.idle_since = 0.0
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)

    def send(
        self,
        context: RequestContext,
        method: str,
        target: bytes,
        headers: Headers,
        body: bytes | None = None,
    ) -> None:
        """Write a request, its headers in their order."""
        head = self._http.send(h11.Request(method=method, target=target, headers=headers)) or b""
        data = self._http.send(h11.Data(data=body)) if body else b""
        self._http.send(h11.EndOfMessage())
        # h11 writes Host first, whatever it is given.
        position = [name.lower() for name, _ in headers].index(b"host")
        request_line, host, *others = head.split(b"\r\n")
        head = b"\r\n".join([request_line, *others[:position], host, *others[position:]])
        try:
            self.stream.write(head + (data or b""), context)
        except OSError:  # a server that reads no more may have answered already
            self._http.send_failed()  # half a request is out, so no other one may follow

    def head(self, context: RequestContext) -> h11.Response | h11.InformationalResponse:
        """Read the head of the reply."""
        while True:
            event = self._next_event(context)
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse)
                and event.status_code == _SWITCHING_PROTOCOLS
            ):
                return event

    def body(self, context: RequestContext) -> Iterator[bytes]:
        """Read the body of the reply."""
        while isinstance(event := self._next_event(context), h11.Data):
            yield bytes(event.data)

    def start_next_exchange(self) -> bool:
        """Get ready for another exchange, and return whether this one came to its end.

        Bytes behind the reply, such as a body with a 204, would be read as the next reply.
        """
        with suppress(h11.ProtocolError):
            self._http.next_event()  # the end of a body of which enough was read
        left_over, _ = self._http.trailing_data
        if left_over or not self._http.our_state is self._http.their_state is h11.DONE:
            return False
        self._http.start_next_cycle()
        self.idle_since = monotonic()
        return True

    def _next_event(self, context: RequestContext) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            try:
                data = self.stream.read(_MOST_AT_ONCE, context)
            except SSLEOFError:  # TLS was not closed, so a body may lack its end: RFC 9112, 9.8
                if self._http.their_state is h11.SEND_BODY:
                    raise
                data = b""
            context.arrived(data)
            self._http.receive_data(data)
        return event


class ConnectionPool:
    """The connections that wait for their next exchange. May be used by several threads at once."""

    def __init__(self, ca_bundle: Path | None) -> None:
        self._make_tls = cache(partial(tls.make_context, ca_bundle))
        self._idle: dict[Address, list[Connection]] = {}
        self._is_closed = False
        # A reply that nobody waits for any more is given back whenever Python collects it, also
        # while the same thread is in here.
        self._lock = RLock()

    def lease(self, address: Address, context: RequestContext) -> Connection:
        """Return a connection that was kept open, or else a new one."""
        while connection := self._take(address):
            is_kept = monotonic() - connection.idle_since <= KEEP_ALIVE
            if is_kept and connection.stream.is_quiet():
                context.is_reused = True
                context.timings = [replace(timing, elapsed_ms=0) for timing in connection.timings]
                break
            connection.stream.close()
        else:
            connection = self._connect(address, context)
            connection.timings = tuple(context.timings)
        context.private_issuer = connection.private_issuer
        return connection

    def give_back(self, address: Address, connection: Connection) -> None:
        """Keep the connection, or close it where its exchange did not come to its end."""
        with self._lock:
            if not self._is_closed and connection.start_next_exchange():
                self._idle.setdefault(address, []).append(connection)
                return
        connection.stream.close()

    def close(self) -> None:
        """Close the connections that wait, and the others when they are given back."""
        with self._lock:
            self._is_closed = True
        for address in tuple(self._idle):
            while connection := self._take(address):
                connection.stream.close()

    def _take(self, address: Address) -> Connection | None:
        with self._lock:
            waiting = self._idle.get(address)
            return waiting.pop() if waiting else None

    def _connect(self, address: Address, context: RequestContext) -> Connection:
        scheme, host, port, proxy = address
        tls_context = self._make_tls() if scheme == "https" else None
        context.at_proxy = proxy is not None
        next_hop = (proxy.host, proxy.port) if proxy else (host, port)
        stream = connect(*next_hop, context)
        try:
            if proxy:
                _tunnel(Connection(stream), proxy, authority(host, port).encode(), context)
                context.server_answers()
            connection = Connection(stream)
            if tls_context:
                secured = secure(stream, tls_context, host, context)
                if not is_loopback(host):
                    connection.private_issuer = tls.private_issuer(secured)
        except BaseException:
            stream.close()
            raise
        return connection


def _tunnel(connection: Connection, proxy: Proxy, target: bytes, context: RequestContext) -> None:
    """Let the proxy connect to ``target`` (RFC 9110 section 9.3.6)."""
    headers = [(b"Host", target), (b"Accept", b"*/*")]
    if proxy.credentials is not None:
        encoded = b64encode(":".join(proxy.credentials).encode())
        headers.append((b"Proxy-Authorization", b"Basic " + encoded))
    connection.send(context, "CONNECT", target, headers)
    status = connection.head(context).status_code
    if status // 100 != 2:  # noqa: PLR2004 - a class of statuses
        detail = f"It does not pass the connection on (status {status})."
        raise Stopped(FailureKind.PROXY, detail)


def read_body(chunks: Iterable[bytes], content_encoding: str) -> tuple[bytes, bool]:
    """Return a body, decoded, up to ``BODY_LIMIT`` bytes, and whether there was more of it.

    What comes after that is not asked for. It is decompressed in steps that are bounded: a small
    body may hold a huge one. An encoding that was not asked for is left as it is.

    Raises:
        Stopped: it is not encoded as it claims to be.
    """
    encoding = content_encoding.strip().lower()
    inflater: zlib._Decompress | None = None
    body, start, received = bytearray(), b"", 0
    for chunk in chunks:
        received += len(chunk)
        room = BODY_LIMIT + 1 - len(body)
        if encoding not in _COMPRESSED:
            body += chunk[:room]
        elif inflater or len(start := start + chunk) >= _HEADER_SIZE:
            packed = chunk if inflater else start
            inflater = inflater or zlib.decompressobj(_window(encoding, start))
            try:
                body += inflater.decompress(packed, room)
            except zlib.error:
                detail = "The reply says that it is compressed, but it cannot be unpacked."
                raise Stopped(FailureKind.PROTOCOL, detail) from None
        if len(body) > BODY_LIMIT or received > _MOST_RECEIVED:
            return bytes(body[:BODY_LIMIT]), True
        if inflater and inflater.eof:
            break  # what comes behind the end is kept by zlib, and may be endless
    return bytes(body), False


def _window(encoding: str, data: bytes) -> int:
    """Return the ``wbits`` that zlib needs for data that begin like ``data``."""
    if encoding != "deflate":
        return _GZIP
    header = int.from_bytes(data[:_HEADER_SIZE], "big")
    has_header = header >> 8 & 0x0F == zlib.DEFLATED and header % 31 == 0  # RFC 1950 section 2.2
    # Some servers leave the header out (RFC 9110 section 8.4.1.2, its note).
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
