"""A server that sends exactly the bytes that it is told to, and keeps those that it gets."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self

from tests.support.tls_socket import secure

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType

# What to do with a connection once a request came: the bytes to send, or a function.
Answer = "bytes | Callable[[Client], None]"

EMPTY_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def ok(body: bytes, *headers: bytes) -> bytes:
    """Return a reply with status 200."""
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join([b"HTTP/1.1 200 OK", length, *headers, b"", body])


class Client:
    """The client, as a server sees its one connection."""

    def __init__(self, connection: socket.socket, stopping: Event) -> None:
        self.connection = connection
        self.stopping = stopping

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, *, every: float) -> None:
        """Send a byte, wait ``every`` seconds, and so on."""
        for position in range(len(data)):
            if self.stopping.wait(every):
                return
            self.send(data[position : position + 1])

    def pause(self, seconds: float) -> None:
        """Say nothing for a while, or until the server stops."""
        self.stopping.wait(seconds)

    def hold(self) -> None:
        """Say nothing more until the server stops."""
        self.pause(30)

    def hang_up(self) -> None:
        """Close the connection with a reset, as a crash does."""
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )
        self.connection.close()


class RawServer:
    """Listens on loopback; answers the n-th request with the n-th answer, later ones with the last.

    Attributes:
        requests: what came, head and body, in order.
        connections: how many connections were made.
    """

    def __init__(
        self,
        *answers: bytes | Callable[[Client], None],
        context: ssl.SSLContext | None = None,
        on_connect: Callable[[Client], None] | None = None,
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._answers = answers
        self._context = context
        self._on_connect = on_connect
        self._stopping = Event()
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._accepting = Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join(5)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for_the_end_of_the_first_connection(self) -> None:
        """Return once the server has closed the first connection."""
        self._threads[0].join(10)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            with self._lock:
                self._open.append(connection)
            if self._on_connect:
                self._on_connect(Client(connection, self._stopping))
            if self._context:
                with secure(connection, self._context) as secured:
                    with self._lock:
                        self._open.append(secured)
                    self._answer_requests(secured)
            else:
                self._answer_requests(connection)

    def _answer_requests(self, connection: socket.socket) -> None:
        while request := read_request(connection):
            with self._lock:
                self.requests.append(request)
                answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(Client(connection, self._stopping))
                return


def read_request(connection: socket.socket) -> bytes:
    """Read one request, with a body if it says how long that is; empty at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    stated = re.search(rb"\r\ncontent-length: (\d+)\r\n", head + b"\r\n", re.IGNORECASE)
    length = int(stated[1]) if stated else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
