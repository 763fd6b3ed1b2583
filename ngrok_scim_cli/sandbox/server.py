"""The sandbox over HTTP on loopback."""

import copy
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from socketserver import ThreadingTCPServer
from threading import Condition, Event, Lock, Thread
from time import monotonic, time
from types import TracebackType
from typing import Any, Self

from ngrok_scim_cli import __version__
from ngrok_scim_cli.sandbox.account import Account
from ngrok_scim_cli.sandbox.credentials import presented, without_keys
from ngrok_scim_cli.sandbox.directory import Directory
from ngrok_scim_cli.sandbox.faults import SandboxState, arm
from ngrok_scim_cli.sandbox.keys import ksuid
from ngrok_scim_cli.sandbox.message import OKTA_PREFIX, Request, RequestLine, SandboxValues
from ngrok_scim_cli.sandbox.ngrok_api import NgrokApi
from ngrok_scim_cli.sandbox.okta_api import OktaApi
from ngrok_scim_cli.sandbox.okta_oauth import OAUTH_PREFIX, OktaTokens, ServiceApp
from ngrok_scim_cli.sandbox.okta_org import OktaOrg, new_access_token, new_api_token
from ngrok_scim_cli.sandbox.people import people
from ngrok_scim_cli.sandbox.scim_endpoint import ScimEndpoint
from ngrok_scim_cli.sandbox.site import Outcome, Site

HOST = "127.0.0.1"
BODY_LIMIT = 1024 * 1024

# How often the server looks whether it shall stop, in seconds.
_POLL_INTERVAL = 0.02
# How long a stop waits for connections that are being hung up, in seconds.
_CLOSE_TIMEOUT_S = 2.0

OnRequest = Callable[[RequestLine], None]


class Sandbox:
    """A stand-in for ngrok and the Okta org on loopback, as a context manager.

    Args:
        port: the port; 0 takes any free one.

    Attributes:
        org: the Okta org, from entering on.
        directory: the users whom the SCIM endpoint serves, from entering on.

    Raises:
        ValueError: a fault is not known.
    """

    org: OktaOrg
    directory: Directory

    def __init__(
        self,
        *,
        users: int,
        faults: Sequence[str] = (),
        port: int = 0,
        on_request: OnRequest | None = None,
        empty_account: bool = False,
    ) -> None:
        self._armed = arm(faults)
        self._org_of = new_api_token(), new_access_token(), datetime.now(UTC).replace(microsecond=0)
        self._sound_account = self.account = Account()
        if not empty_account:
            self.account.add_scim_key()
        self.service_app = ServiceApp()
        self._users = users
        self._port = port
        self._on_request = on_request
        self._telling = Lock()

    def __enter__(self) -> Self:
        """Start to serve."""
        self._server = _Server(self._port, self._respond)
        self.build()
        self._server.start()
        return self

    def build(self) -> None:
        """Make account, users and org anew, with the faults that are in them; credentials stay."""
        root = self._root
        self.account = copy.deepcopy(self._sound_account)
        scim = ScimEndpoint(self.account, people(self._users), root)
        self.directory = scim.directory
        self.org = OktaOrg(*self._org_of)
        self.org.provision(scim.directory.everybody())
        self.org.log_updates()
        self._state = SandboxState(self.account, self.directory, self.org)
        for armed in self._armed:
            if armed.fault.builds is not None:
                armed.fault.builds(replace(self._state, value=armed.value))
        self._parts = (
            ("/scim/", scim),
            (OKTA_PREFIX, OktaApi(self.org, root)),
            (OAUTH_PREFIX, OktaTokens(self.org, self.service_app, root)),
            ("", NgrokApi(self.account, root)),
        )
        self._site = Site(self._parts, self._armed, self._state)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop. Whoever still waits for an answer is hung up on."""
        self._server.stop()

    @property
    def values(self) -> SandboxValues:
        """What to use, from entering on."""
        scim_key = self.account.scim_key
        return SandboxValues(
            scim_base_url=f"{self._root}/scim/v2/",
            api_base_url=self._root,
            okta_org_url=self._root,
            okta_app=self.org.app.id,
            admin_key=self.account.admin_key.token,
            scim_key=scim_key.token if scim_key is not None else "",
            okta_token=self.org.token,
        )

    @property
    def _root(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def set_faults(self, names: Sequence[str]) -> None:
        """Switch on these faults and no others, while the sandbox runs.

        A fault of the account, the users or the org comes and goes with a new building: what was
        written meanwhile is lost. The credentials stay.

        Raises:
            ValueError: a fault is not known; then everything stays as it is.
        """
        before, self._armed = self._armed, arm(names)
        if any(armed.fault.builds for armed in (*before, *self._armed)):
            self.build()
        else:
            self._site = Site(self._parts, self._armed, self._state)

    def _respond(self, request: Request) -> Outcome:
        started = monotonic()
        outcome = self._site.handle(request)
        if self._on_request is not None:
            credential = self._credential(request)
            line = RequestLine(
                request.method,
                without_keys(request.target),
                None if outcome.answer.silent else outcome.answer.status,
                round((monotonic() - started) * 1000),
                credential,
                tuple(armed.fault.name for armed in outcome.applied),
            )
            with self._telling:
                self._on_request(line)
        return outcome

    def _credential(self, request: Request) -> str:
        if self.org.holds_token(request.header("authorization")):
            return "okta-token"
        return presented(self.account, request)


class _Server(ThreadingTCPServer):
    """Gives each connection its thread, and can hang up on all of them.

    ``http.server.HTTPServer`` would look its own name up in the DNS, which takes seconds on some
    machines.
    """

    # On Windows this option would let another program take the port over.
    allow_reuse_address = os.name == "posix"
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, respond: Callable[[Request], Outcome]) -> None:
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
                _hang_up(connection)
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
        """Be silent where the client went away; anything else is a fault of ours."""
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
    server: _Server

    def parse_request(self) -> bool:
        """Read the head, and keep its lines as they came: the standard parser tidies them."""
        source = self.rfile
        lines = _KeptLines(source)
        self.rfile = lines
        try:
            return super().parse_request()
        finally:
            self.rfile = source
            self._raw_headers = tuple(_raw_headers(lines.kept))

    def serve(self) -> None:
        """Answer one request."""
        if self.request_version == "HTTP/1.0":
            self.close_connection = True
        if not self._is_for_us():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        body = self._read_body()
        if body is None:
            return
        request = Request(
            method=self.command,
            target=self.requestline.split()[1],
            headers=self._raw_headers,
            body=body,
            operation_id="op_" + ksuid(int(time())),
        )
        answer = self.server.respond(request).answer
        if answer.send is not None:
            self.close_connection = True
        reply = answer.render(
            formatdate(usegmt=True), close=self.close_connection, head=self.command == "HEAD"
        )
        if answer.send is None:
            self.write(reply)
        else:
            answer.send(self, reply)

    # The standard handler looks for these names.
    do_GET = do_POST = do_PUT = serve  # noqa: N815
    do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = serve  # noqa: N815

    def write(self, data: bytes) -> None:
        """Send ``data``."""
        self.wfile.write(data)

    def pause(self, seconds: float | None) -> bool:
        """Wait that long, or for ever with ``None``; ``False`` once the sandbox stops."""
        return not self.server.stopping.wait(seconds)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base
        """Say nothing: whoever wants to know of requests passes ``on_request``."""

    def _is_for_us(self) -> bool:
        """Tell whether no Host is another than this loopback address.

        A page in a browser whose name leads here (DNS rebinding) could read the answers otherwise;
        a browser always sends one.
        """
        port = self.server.server_address[1]
        ours = {f"{name}:{port}".encode() for name in (HOST, "localhost")}
        return {value.lower() for name, value in self._raw_headers if name == "host"} <= ours

    def _read_body(self) -> bytes | None:
        """Return the body, or ``None`` where the request was refused or broke off."""
        if self.headers.get("Transfer-Encoding"):
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return None
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdecimal()):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return None
        if len(length) > len(str(BODY_LIMIT)) or int(length) > BODY_LIMIT:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        return body


class _KeptLines(BufferedIOBase):
    """Reads lines from elsewhere and keeps them."""

    def __init__(self, source: BufferedIOBase) -> None:
        self._source = source
        self.kept: list[bytes] = []

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read one line."""
        line = self._source.readline(size)
        self.kept.append(line)
        return line


def _raw_headers(lines: list[bytes]) -> list[tuple[str, bytes]]:
    headers = []
    for line in lines:
        name, colon, value = line.rstrip(b"\r\n").partition(b":")
        if colon:
            headers.append((name.decode("latin-1").lower(), value.strip(b" \t")))
    return headers


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster
