"""A TLS server that sends nothing but session tickets, faster than anybody can read them."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import trustme

HOST = "127.0.0.1"

# Some 16 MB, made beforehand; no system keeps so much on the way.
_TICKETS = 60_000
_FLOWING = 2 * 2**20


class TicketFlood:
    """Answers one handshake, and then sends session tickets and nothing else.

    Attributes:
        flows: set once the other side reads the tickets.
        is_over: whether the other side, or the system between, took all of them.
    """

    def __init__(self, certificate: trustme.LeafCert) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.num_tickets = _TICKETS
        certificate.configure_cert(self._context)
        self._listening = socket.create_server((HOST, 0))
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        self.port = self._listening.getsockname()[1]
        self.flows = Event()
        self.is_over = False
        self._stopping = Event()
        self._serving = Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._serving.join(20)

    def _serve(self) -> None:
        with self._listening, suppress(OSError):
            connection, _ = self._listening.accept()
            with connection:
                tickets = self._handshake(connection)
                for start in range(0, len(tickets), 65_536):
                    connection.sendall(tickets[start : start + 65_536])
                    if start > _FLOWING:
                        self.flows.set()
                self.is_over = True
                self._stopping.wait(60)

    def _handshake(self, connection: socket.socket) -> memoryview:
        """Do the handshake, and return what belongs behind it."""
        arrived, leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = self._context.wrap_bio(arrived, leaving, server_side=True)
        while True:
            arrived.write(connection.recv(65_536))
            try:
                server.do_handshake()
            except ssl.SSLWantReadError:
                connection.sendall(leaving.read())
            else:
                return memoryview(leaving.read())
