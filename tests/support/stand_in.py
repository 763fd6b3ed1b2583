"""Servers on loopback that behave as a test says: what they answer, break off, or never say.

They take any free port, hold no state but what a test reads back, and end without waiting.
"""

import json
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from enum import StrEnum
from http import HTTPStatus
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Self, cast
from urllib.parse import parse_qs

from tests.support.tls_socket import secure

HOST = "127.0.0.1"
_POLL_SECONDS = 0.01
_HEAD_END = b"\r\n\r\n"
_TLS_HANDSHAKE = b"\x16"
_EQUALS = re.compile(r'\s*userName\s+eq\s+(".*")\s*', re.IGNORECASE | re.DOTALL)


class Behaviour(StrEnum):
    """What a server does with a request."""

    ANSWERS = "answers"
    CLOSES = "closes"
    CLOSES_MID_REPLY = "closes_mid_reply"
    GARBAGE = "garbage"
    NEVER_ANSWERS = "never_answers"
    NEVER_FINISHES = "never_finishes"


@dataclass(frozen=True)
class Reply:
    """What a server answers.

    Attributes:
        status: the HTTP status.
        headers: name and value; ``Date`` and ``Content-Length`` are added where they are missing.
        body: the body; in it ``{authorization}`` stands for the header of the request.
        reason: the reason phrase; the usual one where it is empty.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    reason: str = ""

    def render(self, authorization: bytes = b"") -> bytes:
        """Return the bytes that go over the wire."""
        body = self.body.replace(b"{authorization}", authorization)
        given = {name.lower() for name, _ in self.headers}
        lines = [f"HTTP/1.1 {self.status} {self.reason or _phrase(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if "date" not in given:
            lines.append(f"Date: {formatdate(usegmt=True)}")
        if not {"content-length", "transfer-encoding"} & given:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


@dataclass(frozen=True)
class Script:
    """How a server behaves.

    Attributes:
        reply: what is answered at the path ``at``.
        lookup: what a request with a filter is answered; without it, ``reply`` is filtered as a
            SCIM server would.
        elsewhere: what is answered at any other path; ``reply`` where it is missing.
        at: the one path at which ``reply`` is right.
        behaviour: what is done with a request.
        garbage: what is sent in place of HTTP.
        on_request: called before each answer.
    """

    reply: Reply = Reply()
    lookup: Reply | None = None
    elsewhere: Reply | None = None
    at: str = "/scim/v2/Users"
    behaviour: Behaviour = Behaviour.ANSWERS
    garbage: bytes = b"SSH-2.0-OpenSSH_9.7\r\n"
    on_request: Callable[[], None] = field(default=lambda: None)

    def answer(self, target: str) -> Reply:
        """Return what is answered to a request for ``target``."""
        path, _, query = target.partition("?")
        if path != self.at and self.elsewhere is not None:
            return self.elsewhere
        asked = parse_qs(query).get("filter")
        if not asked:
            return self.reply
        return self.lookup or _filtered(self.reply, asked[0])


@dataclass(frozen=True)
class Seen:
    """A request that a server got, and the status that it answered."""

    method: str
    target: str
    headers: tuple[tuple[str, bytes], ...] = field(repr=False)
    status: int | None


class StandIn(ThreadingTCPServer):
    """A server that follows a script; a context manager.

    Args:
        context: speaks TLS with this.

    Attributes:
        script: what it does; may be changed between two requests.
        seen: the requests that it got.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.script = Script()
        self.seen: list[Seen] = []
        self.context = context
        super().__init__((HOST, 0), _Conversation)

    @property
    def port(self) -> int:
        """The port that it took."""
        return int(self.server_address[1])

    def follow(self, script: Script) -> None:
        """Start a new script with nothing seen yet."""
        self.script = script
        self.seen = []

    def __enter__(self) -> Self:
        self._thread = Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Be silent: a client that hangs up is what many tests are about."""


class _Conversation(BaseRequestHandler):
    """One connection: as many requests as the client sends."""

    server: StandIn

    def handle(self) -> None:
        connection = cast("socket.socket", self.request)
        context = self.server.context
        if context is None:
            self._converse(connection)
            return
        with secure(connection, context) as secured:
            self._converse(secured)

    def _converse(self, connection: socket.socket) -> None:
        while (head := read_head(connection)) and self._answer(connection, head):
            pass

    def _answer(self, connection: socket.socket, head: bytes) -> bool:
        """Answer one request; tell whether the connection goes on."""
        if head.startswith(_TLS_HANDSHAKE):
            connection.sendall(Reply(400, body=b"The plain HTTP request").render())
            return False
        script = self.server.script
        request_line, *lines = head.removesuffix(_HEAD_END).split(b"\r\n")
        method, target, _ = request_line.decode("latin-1").split(" ", 2)
        headers = tuple(_header(line) for line in lines)
        answers = script.behaviour in (Behaviour.ANSWERS, Behaviour.CLOSES_MID_REPLY)
        reply = script.answer(target)
        self.server.seen.append(Seen(method, target, headers, reply.status if answers else None))
        script.on_request()
        rendered = reply.render(dict(headers).get("authorization", b""))
        match script.behaviour:
            case Behaviour.ANSWERS:
                connection.sendall(rendered)
                return True
            case Behaviour.CLOSES_MID_REPLY:
                connection.sendall(rendered[: -len(reply.body) // 2])
            case Behaviour.GARBAGE:
                connection.sendall(script.garbage)
            case Behaviour.NEVER_ANSWERS:
                _wait_for_the_end(connection)
            case Behaviour.NEVER_FINISHES:
                connection.sendall(rendered[:-1])
                _wait_for_the_end(connection)
            case Behaviour.CLOSES:
                pass
        return False


class ProxyStandIn(StandIn):
    """A proxy: answers ``CONNECT`` as its script says, and leads each tunnel to one place.

    Args:
        place: host and port to which a tunnel leads.
    """

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__()
        self.address = address
        self.RequestHandlerClass = _ProxyConversation


class _ProxyConversation(_Conversation):
    server: ProxyStandIn

    def _answer(self, connection: socket.socket, head: bytes) -> bool:
        if self.server.script.reply.status != HTTPStatus.OK:
            return super()._answer(connection, head)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.socket() as onward:
            onward.connect(self.server.address)
            forth = Thread(target=_pump, args=(connection, onward), daemon=True)
            forth.start()
            _pump(onward, connection)
            forth.join()
        return False


class TlsFront(StandIn):
    """Speaks TLS in front of a server that does not, one request after the other.

    The server behind it is addressed by its own name, as reverse proxies do.

    Args:
        context: speaks TLS with this.
        place: host and port of the server behind it.
    """

    def __init__(self, context: ssl.SSLContext, address: tuple[str, int]) -> None:
        super().__init__(context)
        self.address = address
        self.RequestHandlerClass = _FrontConversation


class _FrontConversation(_Conversation):
    server: TlsFront

    def _answer(self, connection: socket.socket, head: bytes) -> bool:
        with socket.socket() as onward:
            onward.connect(self.server.address)
            name = "{}:{}".format(*self.server.address).encode()
            onward.sendall(_HOST_HEADER.sub(b"Host: " + name, head))
            reply = read_head(onward)
            connection.sendall(reply)
            left = _content_length(reply)
            while left and (data := onward.recv(min(left, 65536))):
                connection.sendall(data)
                left -= len(data)
        return bool(reply) and not left


_HOST_HEADER = re.compile(rb"^host:[^\r\n]*", re.IGNORECASE | re.MULTILINE)


class SilentPort:
    """A port whose queue is full, so that connecting to it never ends; a context manager."""

    def __enter__(self) -> int:
        self._sockets = [socket.socket()]
        self._sockets[0].bind((HOST, 0))
        self._sockets[0].listen(0)
        address = self._sockets[0].getsockname()
        for _ in range(3):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(address)
            self._sockets.append(waiting)
        return int(address[1])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for each in self._sockets:
            each.close()


class DeadPort:
    """A port at which nobody listens, kept from anybody else; a context manager."""

    def __enter__(self) -> int:
        self._socket = socket.socket()
        self._socket.bind((HOST, 0))
        return int(self._socket.getsockname()[1])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._socket.close()


def read_head(connection: socket.socket) -> bytes:
    """Return the head of the next request, or nothing where the client has hung up."""
    head = b""
    while not head.endswith(_HEAD_END):
        try:
            data = connection.recv(1)
        except OSError:
            return b""
        if not data:
            return b""
        head += data
        if head == _TLS_HANDSHAKE:
            return head
    return head


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def _wait_for_the_end(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def _content_length(head: bytes) -> int:
    found = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return int(found[1]) if found else 0


def _header(line: bytes) -> tuple[str, bytes]:
    name, _, value = line.partition(b":")
    return name.decode("latin-1").lower(), value.strip(b" \t")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unheard Of"


def _filtered(reply: Reply, condition: str) -> Reply:
    """Return ``reply`` with those users alone whom ``condition`` asks for."""
    asked = _EQUALS.fullmatch(condition)
    try:
        found = json.loads(reply.body)
        users = [user for user in found["Resources"] if asked and _is(user, json.loads(asked[1]))]
    except (ValueError, TypeError, KeyError):
        return reply
    found |= {"totalResults": len(users), "itemsPerPage": len(users), "Resources": users}
    return replace(reply, body=json.dumps(found).encode())


def _is(user: dict[str, object], name: str) -> bool:
    return str(user.get("userName")).casefold() == name.casefold()
