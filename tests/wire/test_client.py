"""What goes out, what comes back, and that nothing raises."""

from __future__ import annotations

import gzip
import ssl
import subprocess
import sys
import tracemalloc
import zlib
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING

import h11
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.connection import ConnectionPool
from ngrok_scim_cli.wire.exchange import BODY_LIMIT, Exchange, FailureKind, Phase, Request
from ngrok_scim_cli.wire.network import Stream
from ngrok_scim_cli.wire.sender import Sender
from tests.support.cases import each_case
from tests.support.raw_server import EMPTY_OK, Client, RawServer, ok
from tests.wire.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable


AUTHORIZATION = ("Authorization", f"Bearer {KEY}")


def get(url: str, *headers: tuple[str, str]) -> Request:
    return Request("GET", url, headers=(AUTHORIZATION, *headers), purpose="as typed")


def kind_of(exchange: Exchange) -> FailureKind | None:
    return exchange.failure.kind if exchange.failure else None


def body_of(exchange: Exchange) -> bytes:
    assert exchange.reply is not None
    return exchange.reply.body


def test_the_environment_of_a_sender_is_not_shown() -> None:
    sender = Sender(ConnectionPool(None), 1, (), (), {"NGROK_API_KEY": KEY})
    assert KEY not in repr(sender)


class TestRequest:
    def test_get_goes_out_byte_for_byte_with_host_after_authorization(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK)
        headers = (("X-First", "a b"), AUTHORIZATION, ("x-LAST", "1"))

        wire.send(Request("GET", f"{server.url}//scim/v2/Users?b=2&a=%20", headers=headers))

        assert server.requests == [
            b"GET //scim/v2/Users?b=2&a=%20 HTTP/1.1\r\n"
            b"X-First: a b\r\n"
            b"Authorization: Bearer " + KEY.encode() + b"\r\n"
            b"Host: 127.0.0.1:" + str(server.port).encode() + b"\r\n"
            b"x-LAST: 1\r\n"
            b"\r\n"
        ]

    @pytest.mark.parametrize(
        ("headers", "lines"),
        [
            ((), [b"Host: *"]),
            ((("A", "1"),), [b"A: 1", b"Host: *"]),
            ((("A", "1"), ("hOST", "own"), ("B", "2")), [b"A: 1", b"hOST: own", b"B: 2"]),
        ],
    )
    def test_the_host_header_stays_where_the_caller_put_it(
        self,
        wire: Wire,
        serve: Callable[..., RawServer],
        headers: tuple[tuple[str, str], ...],
        lines: list[bytes],
    ) -> None:
        server = serve(EMPTY_OK)

        wire.send(Request("GET", server.url, headers=headers))

        seen = server.requests[0].split(b"\r\n")[1:-2]
        assert [line.replace(server.url[7:].encode(), b"*") for line in seen] == lines

    def test_a_body_goes_out_with_its_length_last(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK)

        wire.send(Request("POST", f"{server.url}/x", headers=(("A", "1"),), body=b'{"a": 1}'))

        assert server.requests[0].endswith(b"\r\nContent-Length: 8\r\n\r\n" + b'{"a": 1}')

    def test_the_host_header_stays_in_place_on_a_connection_that_is_used_again(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK)

        wire.send(get(server.url))
        wire.send(get(server.url))

        assert server.requests[0] == server.requests[1]
        assert server.connections == 1

    @each_case(
        "value", ["", " a", "a ", "a\n", "a\r\nEvil: 1", "a\tb", "ключ", "a\x00", "\ud800", "a\x7f"]
    )
    def test_a_header_value_that_cannot_be_sent_fails_without_being_repeated(
        self, wire: Wire, serve: Callable[..., RawServer], value: str
    ) -> None:
        server = serve(EMPTY_OK)

        exchange = wire.send(get(server.url, ("X-Key", f"{value}")))

        assert kind_of(exchange) is FailureKind.PROTOCOL
        assert exchange.failure is not None
        assert exchange.failure.detail.startswith("The header X-Key is empty")
        assert server.connections == 0

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("", "1"),
            ("a b", "1"),
            ("ä", "1"),
            ("Content-Length", "0"),
            ("Transfer-encoding", "chunked"),
        ],
    )
    def test_a_header_name_that_cannot_be_sent_fails(
        self, wire: Wire, serve: Callable[..., RawServer], name: str, value: str
    ) -> None:
        server = serve(EMPTY_OK)

        assert kind_of(wire.send(get(server.url, (name, value)))) is FailureKind.PROTOCOL
        assert server.connections == 0

    def test_two_host_headers_fail(self, wire: Wire, serve: Callable[..., RawServer]) -> None:
        server = serve(EMPTY_OK)

        exchange = wire.send(get(server.url, ("Host", "a"), ("Host", "b")))

        assert kind_of(exchange) is FailureKind.PROTOCOL

    @pytest.mark.parametrize("method", ["CONNECT", "get", "GET /", ""])
    def test_a_method_that_is_not_used_here_fails(
        self, wire: Wire, serve: Callable[..., RawServer], method: str
    ) -> None:
        server = serve(EMPTY_OK)

        assert kind_of(wire.send(Request(method, server.url))) is FailureKind.PROTOCOL
        assert server.connections == 0


class TestReply:
    def test_reply_has_status_reason_headers_and_body(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(
            b"HTTP/1.1 403 Nope\r\nX-Case: A\xe9\r\nContent-Length: 3\r\nx-case: b\r\n\r\nabc"
        )

        exchange = wire.send(get(f"{server.url}/x"))

        assert exchange.reply is not None
        assert exchange.failure is None
        assert (exchange.reply.status, exchange.reply.reason) == (403, "Nope")
        assert exchange.reply.headers == (
            ("x-case", "Aé"),
            ("content-length", "3"),
            ("x-case", "b"),
        )
        assert exchange.reply.body == b"abc"
        assert not exchange.reply.truncated
        assert (exchange.purpose, exchange.method) == ("as typed", "GET")
        assert exchange.url == f"{server.url}/x"

    def test_redirect_is_a_reply_and_is_not_followed(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        other = serve(EMPTY_OK)
        moved = b"HTTP/1.1 302 Found\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n"
        server = serve(moved % other.url.encode())

        exchange = wire.send(get(server.url))

        assert exchange.reply is not None
        assert exchange.reply.status == 302
        assert other.connections == 0

    def test_cookies_are_not_kept(self, wire: Wire, serve: Callable[..., RawServer]) -> None:
        server = serve(ok(b"", b"Set-Cookie: a=1"))

        wire.send(get(server.url))
        wire.send(get(server.url))

        assert b"cookie" not in server.requests[1].lower()

    @each_case(
        ("encoding", "encode"),
        [
            (b"gzip", gzip.compress),
            (b"X-GZIP", gzip.compress),
            (b"deflate", zlib.compress),
            (b"deflate", lambda data: zlib.compress(data, wbits=-15)),
            (b"identity", bytes),
            (b"br", bytes),
        ],
    )
    def test_body_is_decoded(
        self,
        wire: Wire,
        serve: Callable[..., RawServer],
        encoding: bytes,
        encode: Callable[[bytes], bytes],
    ) -> None:
        server = serve(ok(encode(b"hello" * 100), b"Content-Encoding: " + encoding))

        exchange = wire.send(get(server.url))

        assert exchange.reply is not None
        assert exchange.reply.body == b"hello" * 100

    def test_body_that_is_not_encoded_as_it_says_fails(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(ok(b"plain", b"Content-Encoding: gzip"))

        assert kind_of(wire.send(get(server.url))) is FailureKind.PROTOCOL

    @pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
    def test_replies_without_a_body(
        self, wire: Wire, serve: Callable[..., RawServer], status: bytes
    ) -> None:
        server = serve(b"HTTP/1.1 " + status + b"\r\n\r\n")

        exchange = wire.send(get(server.url))

        assert exchange.reply is not None
        assert exchange.reply.body == b""

    def test_head_takes_no_body(self, wire: Wire, serve: Callable[..., RawServer]) -> None:
        server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")

        exchange = wire.send(Request("HEAD", server.url))

        assert exchange.reply is not None

    def test_a_switch_of_protocols_is_no_reply_unless_it_was_asked_for(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")

        assert kind_of(wire.send(get(server.url))) is FailureKind.PROTOCOL
        asked = wire.send(get(server.url, ("Connection", "upgrade"), ("Upgrade", "h2c")))
        assert asked.reply is not None
        assert asked.reply.status == 101

    def test_ladder_shows_name_tcp_and_http(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK)

        exchange = wire.send(get(server.url))

        assert [(timing.phase, timing.detail) for timing in exchange.timings] == [
            (Phase.NAME, "127.0.0.1"),
            (Phase.TCP, f"127.0.0.1 port {server.port}"),
            (Phase.HTTP, "status 200"),
        ]

    def test_ladder_of_a_connection_that_is_used_again_takes_no_time_up_to_http(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK)
        wire.send(get(server.url))

        exchange = wire.send(get(server.url))

        assert [timing.phase for timing in exchange.timings] == [Phase.NAME, Phase.TCP, Phase.HTTP]
        assert [timing.elapsed_ms for timing in exchange.timings[:2]] == [0, 0]


class TestHostileReply:
    def test_endless_body_is_cut_and_the_connection_dropped(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        def flood(client: Client) -> None:
            client.send(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                client.send(b"a" * 65536)

        server = serve(flood, EMPTY_OK)

        exchange = wire.send(get(server.url))

        assert exchange.reply is not None
        assert exchange.reply.body == b"a" * BODY_LIMIT
        assert exchange.reply.truncated
        wire.send(get(server.url))
        assert server.connections == 2

    def test_body_of_exactly_the_limit_is_whole(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(ok(b"a" * BODY_LIMIT))

        exchange = wire.send(get(server.url))

        assert exchange.reply is not None
        assert len(exchange.reply.body) == BODY_LIMIT
        assert not exchange.reply.truncated

    @pytest.mark.no_cover
    def test_gzip_bomb_takes_little_memory(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        packed = zlib.compressobj(wbits=31)
        bomb = b"".join(packed.compress(bytes(1024 * 1024)) for _ in range(256)) + packed.flush()
        server = serve(ok(bomb, b"Content-Encoding: gzip"))
        tracemalloc.start()
        try:
            exchange = wire.send(get(server.url))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert exchange.reply is not None
        assert exchange.reply.body == bytes(BODY_LIMIT)
        assert exchange.reply.truncated
        assert peak < 30 * 1024 * 1024

    @pytest.mark.parametrize(
        "head",
        [
            b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000 + b"\r\n",
            b"HTTP/1.1 " + b"2" * 300_000,
        ],
        ids=["huge header", "many headers", "huge status"],
    )
    def test_huge_heads_are_refused(
        self, wire: Wire, serve: Callable[..., RawServer], head: bytes
    ) -> None:
        server = serve(head)

        assert kind_of(wire.send(get(server.url))) is FailureKind.PROTOCOL

    def test_endless_headers_are_refused(self, wire: Wire, serve: Callable[..., RawServer]) -> None:
        def flood(client: Client) -> None:
            client.send(b"HTTP/1.1 200 OK\r\n")
            while True:
                client.send(b"A: b\r\n" * 1000)

        assert kind_of(wire.send(get(serve(flood).url))) is FailureKind.PROTOCOL

    def test_endless_early_hints_end_at_the_deadline(
        self, make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
    ) -> None:
        def flood(client: Client) -> None:
            while True:
                client.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")

        exchange = make_wire(timeout=0.4).send(get(serve(flood).url))

        assert kind_of(exchange) is FailureKind.READ_TIMEOUT

    @each_case(
        "data",
        [
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
            b"<html>hello</html>\r\n\r\n",
            b"HTTP/x 200 OK\r\n\r\n",
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            bytes(1000),
        ],
    )
    def test_what_is_no_http_is_reported_as_such(
        self, wire: Wire, serve: Callable[..., RawServer], data: bytes
    ) -> None:
        server = serve(lambda client: client.send(data))

        assert kind_of(wire.send(get(server.url))) is FailureKind.PROTOCOL

    @pytest.mark.parametrize(
        ("data", "detail"),
        [
            (b"", "without an answer"),
            (b"HT", "in the middle"),
            (b"HTTP/1.1 200 OK\r\n", "in the middle"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "in the middle"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "in the middle"),
        ],
    )
    def test_a_connection_that_is_closed_early_is_dropped(
        self, wire: Wire, serve: Callable[..., RawServer], data: bytes, detail: str
    ) -> None:
        server = serve(lambda client: client.send(data))

        exchange = wire.send(get(server.url))

        assert kind_of(exchange) is FailureKind.DROPPED
        assert exchange.failure is not None
        assert detail in exchange.failure.detail

    def test_a_reset_connection_is_reported_as_dropped(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(Client.hang_up)

        assert kind_of(wire.send(get(server.url))) is FailureKind.DROPPED
        assert server.connections == 1


class TestKeptConnection:
    @staticmethod
    def _server(serve: Callable[..., RawServer]) -> RawServer:
        """Serve one request, and hang up in the middle of the second on the same connection."""
        return serve(EMPTY_OK, Client.hang_up, EMPTY_OK)

    def test_a_get_is_sent_again_if_the_kept_connection_was_closed(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = self._server(serve)
        wire.send(get(server.url))

        exchange = wire.send(get(server.url))

        assert exchange.reply is not None
        assert server.connections == 2
        assert [timing.phase for timing in exchange.timings] == [Phase.NAME, Phase.TCP, Phase.HTTP]

    def test_a_post_is_not_sent_again(self, wire: Wire, serve: Callable[..., RawServer]) -> None:
        server = self._server(serve)
        wire.send(get(server.url))

        exchange = wire.send(Request("POST", server.url, body=b"{}"))

        assert kind_of(exchange) is FailureKind.DROPPED
        assert len(server.requests) == 2

    def test_a_get_is_not_sent_again_once_a_reply_has_begun(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK, lambda client: client.send(b"HTTP/1.1 200"))
        wire.send(get(server.url))

        assert kind_of(wire.send(get(server.url))) is FailureKind.DROPPED
        assert len(server.requests) == 2

    def test_a_closed_wire_opens_again(self, wire: Wire, serve: Callable[..., RawServer]) -> None:
        server = serve(EMPTY_OK)
        wire.send(get(server.url))
        wire.close()

        assert wire.send(get(server.url)).reply is not None
        assert server.connections == 2


class TestDeadline:
    @pytest.mark.parametrize(
        "begin", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["in the head", "in the body"]
    )
    def test_a_slow_drip_ends_at_the_deadline(
        self, make_wire: Callable[..., Wire], serve: Callable[..., RawServer], begin: bytes
    ) -> None:
        def drip(client: Client) -> None:
            client.send(begin)
            client.drip(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 80 + b"\r\n\r\n", every=0.02)

        exchange = make_wire(timeout=0.4).send(get(serve(drip).url))

        assert kind_of(exchange) is FailureKind.READ_TIMEOUT

    def test_silence_ends_at_the_deadline(
        self, make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
    ) -> None:
        exchange = make_wire(timeout=0.2).send(get(serve(Client.hold).url))

        assert kind_of(exchange) is FailureKind.READ_TIMEOUT
        assert exchange.failure is not None
        assert exchange.failure.detail == "No complete reply came within 0.2 seconds."

    def test_what_another_service_greets_with_is_no_slow_reply(
        self, make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
    ) -> None:
        server = serve(b"-ERR unknown command\r\n")

        assert kind_of(make_wire(timeout=0.2).send(get(server.url))) is FailureKind.PROTOCOL

    def test_a_server_that_reads_too_late_ends_at_the_deadline(
        self, make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK, on_connect=lambda client: client.pause(2))
        request = Request("POST", server.url, body=bytes(50 * 1024 * 1024))

        assert kind_of(make_wire(timeout=0.3).send(request)) is FailureKind.READ_TIMEOUT


def test_many_threads_may_send_at_once(
    make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
) -> None:
    together = Barrier(12)

    def answer(client: Client) -> None:
        together.wait(5)
        client.send(EMPTY_OK)

    wire, url = make_wire(timeout=6.0), serve(answer).url
    seen: list[Exchange] = []
    threads = [Thread(target=lambda: seen.append(wire.send(get(url)))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert [kind_of(exchange) for exchange in seen] == [None] * 12


class TestAnything:
    """Whatever is typed, there is an exchange, and it does not show the key."""

    @staticmethod
    def _check(exchange: Exchange) -> None:
        assert isinstance(exchange, Exchange)
        assert (exchange.reply is None) is not (exchange.failure is None)
        assert KEY not in repr(exchange)
        assert KEY[28:] not in repr(exchange)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(url=st.text() | st.from_regex(r"https?://[^/]{0,20}(:[^/]{0,6})?(/.*)?"))
    @example("https://api.ngrok.com:99999999999999999999/")
    @example("https://\ud800/")
    @example("https://xn--/")
    @example("https://[::1]]/")
    @example("http://[::1]:1.5/")
    @example("https://" + "a" * 70_000)
    @example("//api.ngrok.com/")
    @example("https:api.ngrok.com")
    def test_any_url_gives_a_reply_or_a_failure(self, nothing_may_leave: None, url: str) -> None:
        with Wire(environment={}, timeout=5) as wire:
            if "localhost" not in url and "127." not in url and "::1" not in url:
                self._check(wire.send(get(url)))

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(name=st.text(max_size=20), value=st.text(max_size=40))
    @example("Expect", "100-continue")
    @example("Connection", "close")
    @example("Upgrade", "h2c")
    @example("Host", "::")
    def test_any_header_gives_a_reply_or_a_failure(self, wire: Wire, name: str, value: str) -> None:
        with RawServer(EMPTY_OK) as server:
            self._check(wire.send(get(server.url, (name, f"{KEY}{value}"))))
            self._check(wire.send(get(server.url, ("Authorization", f"Bearer {value}{KEY}"))))

    @given(
        data=st.binary(max_size=200)
        | st.binary(max_size=100).map(lambda end: b"HTTP/1.1 200 OK\r\n" + end)
        | st.binary(max_size=100).map(lambda body: ok(body, b"Content-Encoding: deflate"))
        | st.binary(max_size=100).map(
            lambda end: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + end
        )
    )
    def test_any_bytes_of_a_server_give_a_reply_or_a_failure(self, data: bytes) -> None:
        with (
            RawServer(lambda client: client.send(data)) as server,
            Wire(environment={}, timeout=5) as wire,
        ):
            self._check(wire.send(get(server.url)))


@each_case(
    ("error", "kind"),
    [
        (TimeoutError, FailureKind.READ_TIMEOUT),
        (ConnectionResetError, FailureKind.DROPPED),
        (OSError, FailureKind.DROPPED),
        (ssl.SSLError, FailureKind.DROPPED),
        (h11.RemoteProtocolError, FailureKind.PROTOCOL),
        (h11.LocalProtocolError, FailureKind.PROTOCOL),
        (ValueError, FailureKind.PROTOCOL),
    ],
)
def test_errors_are_distinguished_and_never_quoted(
    error: type[Exception], kind: FailureKind
) -> None:
    def fail(*_: object) -> None:
        raise error(f"it was {KEY}")

    with (
        RawServer(EMPTY_OK) as server,
        Wire(environment={}) as wire,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(Stream, "read", fail)
        exchange = wire.send(get(server.url))

    assert kind_of(exchange) is kind
    assert KEY not in repr(exchange)


class TestConnections:
    """Which connections are used again."""

    def test_one_that_the_server_closed_meanwhile_is_not_used_again(self, wire: Wire) -> None:
        with RawServer(lambda client: client.send(ok(b"1")), ok(b"2")) as server:
            wire.send(get(server.url))
            server.wait_for_the_end_of_the_first_connection()

            assert body_of(wire.send(Request("POST", server.url, body=b"x"))) == b"2"

    def test_one_that_the_server_reset_meanwhile_is_not_used_again(self, wire: Wire) -> None:
        was_read = Event()

        def answer(client: Client) -> None:
            client.send(ok(b"1"))
            was_read.wait(10)
            client.hang_up()

        with RawServer(answer, ok(b"2")) as server:
            wire.send(get(server.url))
            was_read.set()
            server.wait_for_the_end_of_the_first_connection()

            assert body_of(wire.send(Request("POST", server.url, body=b"x"))) == b"2"

    def test_one_with_bytes_behind_the_reply_is_not_used_again(
        self, wire: Wire, serve: Callable[..., RawServer]
    ) -> None:
        server = serve(b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}", ok(b"next"))

        assert wire.send(get(server.url)).status == 204
        assert body_of(wire.send(Request("PATCH", server.url, body=b"x"))) == b"next"
        assert server.connections == 2

    def test_one_that_was_idle_for_long_is_not_used_again(
        self, wire: Wire, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [0.0]
        monkeypatch.setattr("ngrok_scim_cli.wire.connection.monotonic", lambda: now[0])
        server = serve(EMPTY_OK)

        connections = []
        for pause in (0, 3.9, 4.1):
            now[0] += pause
            wire.send(get(server.url))
            connections.append(server.connections)

        assert connections == [1, 1, 2]

    def test_one_that_is_in_use_is_closed_after_its_exchange(self, wire: Wire) -> None:
        ended = Event()

        def answer(client: Client) -> None:
            client.send(ok(b"here"))
            if client.connection.recv(1) == b"":
                ended.set()

        with RawServer(answer) as server:
            wait = wire.begin(get(server.url))
            wire.close()

            assert body_of(wait()) == b"here"
            assert ended.wait(10)

    def test_a_server_that_answers_and_reads_no_more_is_heard(
        self, wire: Wire, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise BrokenPipeError

        monkeypatch.setattr(Stream, "write", fail)
        with RawServer(EMPTY_OK, on_connect=lambda client: client.send(ok(b"no"))) as server:
            assert body_of(wire.send(get(server.url))) == b"no"

    def test_a_deadline_on_a_kept_connection_is_one_of_the_reply(
        self, make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
    ) -> None:
        server = serve(EMPTY_OK, lambda client: client.hold())
        wire = make_wire(timeout=0.3)
        wire.send(get(server.url))

        assert kind_of(wire.send(get(server.url))) is FailureKind.READ_TIMEOUT
        assert server.connections == 1


class TestBegin:
    """A request that is sent now, and whose reply is read later."""

    def test_the_server_has_the_request_before_the_reply_is_wanted(self, wire: Wire) -> None:
        arrived = Event()

        def answer(client: Client) -> None:
            arrived.set()
            client.send(ok(b"here"))

        with RawServer(answer) as server:
            wait = wire.begin(get(server.url))
            assert arrived.wait(10)
            assert body_of(wait()) == b"here"

    def test_others_may_send_meanwhile(self, wire: Wire, serve: Callable[..., RawServer]) -> None:
        server = serve(ok(b"1"), ok(b"2"), ok(b"3"))
        wire.send(get(server.url))

        wait = wire.begin(get(f"{server.url}/late"))
        other = wire.send(get(f"{server.url}/other"))

        assert {body_of(wait()), body_of(other)} == {b"2", b"3"}
        assert server.connections == 2

    def test_a_reply_that_nobody_wants_closes_its_connection(self, wire: Wire) -> None:
        ended = Event()

        def answer(client: Client) -> None:
            if client.connection.recv(1) == b"":
                ended.set()

        with RawServer(answer) as server:
            wire.begin(get(server.url))
            assert ended.wait(10)

    def test_the_time_until_the_reply_is_wanted_does_not_count(
        self, make_wire: Callable[..., Wire], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [0.0]
        for module in ("request_context", "connection"):
            monkeypatch.setattr(f"ngrok_scim_cli.wire.{module}.monotonic", lambda: now[0])
        with RawServer(ok(b"here")) as server:
            wait = make_wire(timeout=10).begin(get(server.url))
            now[0] += 3600
            exchange = wait()

        assert body_of(exchange) == b"here"
        assert exchange.elapsed_ms == 0

    @pytest.mark.parametrize(("left_for", "is_sent_again"), [(0, False), (3600, True)])
    def test_a_reply_that_broke_while_nobody_read_it_is_asked_for_again(
        self,
        wire: Wire,
        serve: Callable[..., RawServer],
        monkeypatch: pytest.MonkeyPatch,
        left_for: int,
        is_sent_again: bool,
    ) -> None:
        now = [0.0]
        for module in ("request_context", "connection"):
            monkeypatch.setattr(f"ngrok_scim_cli.wire.{module}.monotonic", lambda: now[0])
        broken = ok(b"half a reply")[:-5]
        server = serve(lambda client: client.send(broken), ok(b"whole"))

        wait = wire.begin(get(server.url))
        now[0] += left_for
        exchange = wait()

        assert (exchange.reply is not None) is is_sent_again
        assert len(server.requests) == 1 + is_sent_again

    def test_what_cannot_be_sent_is_said_when_the_reply_is_wanted(self, wire: Wire) -> None:
        wait = wire.begin(get("https://elsewhere.test"))

        assert kind_of(wait()) is FailureKind.WITHHELD


def modules_after(code: str) -> set[str]:
    """Return what a fresh interpreter has loaded after ``code``."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_a_wire_that_sends_nothing_loads_nothing_slow() -> None:
    loaded = modules_after("from ngrok_scim_cli.wire.client import Wire\nWire().close()")

    assert not loaded & {"httpx", "httpcore", "ssl", "truststore", "urllib.request", "asyncio"}


def test_a_request_to_loopback_loads_no_trust_store(serve: Callable[..., RawServer]) -> None:
    loaded = modules_after(
        "from ngrok_scim_cli.wire.client import Wire\n"
        "from ngrok_scim_cli.wire.exchange import Request\n"
        f"assert Wire(environment={{}}).send(Request('GET', '{serve(EMPTY_OK).url}')).reply"
    )

    assert "truststore" not in loaded
