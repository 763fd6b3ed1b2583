"""HTTP on loopback: reads requests just as they were sent, and sends the answers."""

import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Condition, Event, Thread
from time import time
from typing import Any

from ngrok_scim_cli import __version__
from ngrok_scim_cli.sandbox.account import ksuid
from ngrok_scim_cli.sandbox.message import Answer, Request

HOST = "127.0.0.1"
BODY_LIMIT = 1024 * 1024

# How often the server checks whether it is to stop, in seconds.
_POLL_INTERVAL = 0.02
# How long a stop waits for connections that are being hung up, in seconds.
_CLOSE_TIMEOUT_S = 2.0


class HttpServer(ThreadingTCPServer):
    """Listens on loopback, gives each connection its thread, and can hang up on all of them.

    ``http.server.HTTPServer`` would look its own name up in the DNS, which takes seconds on some
    machines.
    """

    # On Windows this option would let another program take the port over.
    allow_reuse_address = os.name == "posix"
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, respond: Callable[[Request], Answer]) -> None:
        self.respond = respond
        self.stopping = Event()
        self._connections: set[socket.socket] = set()
        self._changed = Condition()
        super().__init__((HOST, port), _Connection)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread = Thread(
            target=self.serve_forever, args=(_POLL_INTERVAL,), name="sandbox", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, wake the faults that wait, hang up."""
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._changed:
            for connection in self._connections:
                with suppress(OSError):  # the client was faster
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._connections, _CLOSE_TIMEOUT_S)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base
        """Take a connection."""
        with self._changed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as the base
        """End a connection."""
        super().shutdown_request(request)
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base
        """Be silent where the client went away; anything else is a bug."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    """Reads requests from one connection and answers them."""

    protocol_version = "HTTP/1.1"
    server_version = f"ngrok-scim-sandbox/{__version__}"
    sys_version = ""
    disable_nagle_algorithm = True
    # How long a connection may say nothing, in seconds.
    timeout = 60.0
    server: HttpServer

    def serve(self) -> None:
        """Answer one request."""
        if self.request_version == "HTTP/1.0":
            self.close_connection = True
        refusal = self._refusal()
        if refusal is not None:
            self.send_error(refusal)
            return
        size = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(size)
        if len(body) < size:
            self.close_connection = True
            return
        request = Request(
            method=self.command,
            target=self.requestline.split()[1],
            headers=tuple(
                (name.lower(), value.strip(" \t").encode("latin-1"))
                for name, value in self.headers.raw_items()
            ),
            body=body,
            operation_id="op_" + ksuid(int(time())),
        )
        answer = self.server.respond(request)
        if answer.pieces is not None:
            self.close_connection = True
        reply = answer.render(
            formatdate(usegmt=True), close=self.close_connection, head=self.command == "HEAD"
        )
        for piece in answer.pieces(reply) if answer.pieces else (reply,):
            if isinstance(piece, bytes):
                self.wfile.write(piece)
            elif self.server.stopping.wait(piece):
                break

    # The standard handler looks for these names.
    do_GET = do_POST = do_PUT = serve  # noqa: N815
    do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = serve  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base
        """Print nothing: ``on_request`` gets the requests."""

    def _refusal(self) -> HTTPStatus | None:
        """Return the status for a request that is not served.

        A page in a browser whose name leads here (DNS rebinding) could read the answers if another
        Host than this loopback address were served; a browser always sends one.
        """
        ours = {f"{name}:{self.server.server_address[1]}" for name in (HOST, "localhost")}
        if not {value.lower() for value in self.headers.get_all("Host", [])} <= ours:
            return HTTPStatus.MISDIRECTED_REQUEST
        if self.headers.get("Transfer-Encoding"):
            return HTTPStatus.LENGTH_REQUIRED
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdecimal()):
            return HTTPStatus.BAD_REQUEST
        if len(length) > len(str(BODY_LIMIT)) or int(length) > BODY_LIMIT:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None
