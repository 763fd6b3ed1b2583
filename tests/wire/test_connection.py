"""A reply belongs to the request that it answers, whatever a server sends besides."""

from __future__ import annotations

import gc
import gzip
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.connection import Connection
from ngrok_scim_cli.wire.exchange import Request
from ngrok_scim_cli.wire.network import Stream
from tests.support.cases import each_case
from tests.support.raw_server import Client, RawServer, ok
from tests.support.stand_in import Reply, Script, StandIn
from tests.wire.conftest import HOST
from tests.wire.test_tls import server_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import trustme

    from ngrok_scim_cli.wire.exchange import Exchange

FORGED = ok(b"forged")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
PACKED = gzip.compress(b"own")
PACKED_CHUNK = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PACKED), PACKED)
GZIP = b"Content-Encoding: gzip"


def get(url: str, *headers: tuple[str, str]) -> Request:
    return Request("GET", url, headers=headers)


def body_of(exchange: Exchange) -> bytes:
    assert exchange.reply is not None
    return exchange.reply.body


@each_case(
    ("method", "reply"),
    [
        ("GET", ok(b"own") + FORGED),
        ("GET", ok(b"own") + FORGED[:1]),
        ("GET", ok(b"own") + b"\r\n"),
        ("GET", ok(b"own") + b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("GET", ok(b"own", b"Content-Length: 3") + FORGED),
        ("GET", ok(b"own", b"Connection: close") + FORGED),
        ("GET", ok(b"own").replace(b"1.1", b"1.0") + FORGED),
        ("GET", ok(b"own", b"Connection: keep-alive").replace(b"1.1", b"1.0") + FORGED),
        ("GET", CHUNKED + b"\r\n3;a=b\r\nown\r\n0;c\r\nA: trailer\r\n\r\n" + FORGED),
        ("GET", CHUNKED + b"Content-Length: %d\r\n\r\n0\r\n\r\n" % len(FORGED) + FORGED),
        ("GET", ok(PACKED, GZIP) + FORGED),
        ("GET", b"HTTP/1.1 204 No Content\r\nContent-Length: 99\r\n\r\n" + FORGED),
        ("GET", b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n" + FORGED),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n" + FORGED),
        ("GET", b"HTTP/1.1 103 Early Hints\r\n\r\n" + ok(b"own") + FORGED),
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + FORGED),
    ],
)
def test_what_comes_behind_a_reply_answers_no_request(method: str, reply: bytes) -> None:
    with RawServer(reply, ok(b"next")) as server, Wire(environment={}) as wire:
        assert wire.send(Request(method, server.url)).reply is not None

        assert body_of(wire.send(get(server.url))) == b"next"
        assert server.connections == 2


def test_what_comes_later_answers_no_request(wire: Wire) -> None:
    was_read, was_sent = Event(), Event()

    def answer(client: Client) -> None:
        client.send(ok(b"own"))
        was_read.wait(10)
        client.send(FORGED)
        was_sent.set()
        client.hold()

    with RawServer(answer, ok(b"next")) as server:
        assert body_of(wire.send(get(server.url))) == b"own"
        was_read.set()
        assert was_sent.wait(10)

        assert body_of(wire.send(get(server.url))) == b"next"


@pytest.mark.usefixtures("scim_test_resolves")
def test_what_tls_has_taken_in_already_answers_no_request(
    make_wire: Callable[..., Wire], authority: trustme.CA, ca_bundle: Path
) -> None:
    was_sent = Event()

    def answer(client: Client) -> None:
        client.send(ok(b"own"))
        client.send(FORGED)  # a record of its own
        was_sent.set()
        client.hold()

    wire = make_wire(allowed_hosts=[HOST], ca_bundle=ca_bundle)
    context = server_context(authority.issue_cert(HOST))
    with RawServer(answer, ok(b"next"), context=context) as server:
        wait = wire.begin(get(f"https://{HOST}:{server.port}/"))
        assert was_sent.wait(10)

        assert body_of(wait()) == b"own"
        assert body_of(wire.send(get(f"https://{HOST}:{server.port}/"))) == b"next"


def test_a_reply_that_nobody_waits_for_answers_no_request(wire: Wire) -> None:
    was_sent = Event()

    def answer(client: Client) -> None:
        client.send(ok(b"too late"))
        was_sent.set()
        client.hold()

    with RawServer(ok(b"first"), answer, ok(b"next")) as server:
        wire.send(get(server.url))
        wait: object = wire.begin(get(server.url))
        assert was_sent.wait(10)
        assert wait
        del wait  # the list is given up

        assert body_of(wire.send(get(server.url))) == b"next"
        assert server.connections == 2


def test_a_reply_that_nobody_waits_for_may_be_collected_at_any_moment(
    serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, wire = serve(ok(b"own")), Wire(environment={})

    def collect_first(connection: Connection) -> bool:
        gc.collect()
        return start_next_exchange(connection)

    start_next_exchange = Connection.start_next_exchange
    monkeypatch.setattr(Connection, "start_next_exchange", collect_first)
    sending = Thread(target=lambda: wire.send(get(server.url)), daemon=True)
    gc.disable()
    try:
        cycle: list[object] = [wire.begin(get(server.url))]
        cycle.append(cycle)
        del cycle
        sending.start()
        sending.join(10)
    finally:
        gc.enable()

    assert not sending.is_alive()
    wire.close()


def test_nothing_follows_a_request_that_went_out_in_part(
    wire: Wire, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise BrokenPipeError

    server = serve(ok(b"next"), on_connect=lambda client: client.send(ok(b"early")))
    with monkeypatch.context() as patch:
        patch.setattr(Stream, "write", fail)
        assert body_of(wire.send(get(server.url))) == b"early"

    wire.send(get(server.url))

    assert server.connections == 2


@each_case("reply", [ok(PACKED, GZIP), CHUNKED + GZIP + b"\r\n\r\n" + PACKED_CHUNK])
def test_a_connection_is_used_again_after_a_packed_reply(reply: bytes) -> None:
    with RawServer(reply) as server, Wire(environment={}) as wire:
        assert [body_of(wire.send(get(server.url))) for _ in range(3)] == [b"own"] * 3
        assert server.connections == 1


def test_each_of_many_threads_gets_its_own_replies(wire: Wire) -> None:
    mixed_up: list[tuple[str, bytes]] = []

    def ask(url: str, name: str) -> None:
        for number in range(20):
            own = f"{name}-{number}"
            wait = wire.begin(get(url, ("Authorization", own)))
            other = wire.send(get(f"{url}?other=1", ("Authorization", f"{own}-other")))
            replies = ((own, body_of(wait())), (f"{own}-other", body_of(other)))
            mixed_up.extend(reply for reply in replies if reply[0].encode() != reply[1])

    with StandIn() as server:
        server.follow(Script(reply=Reply(body=b"{authorization}")))
        url = f"http://127.0.0.1:{server.port}/scim/v2/Users"
        threads = [Thread(target=ask, args=(url, f"thread{number}")) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        wire.close()

        assert len(server.seen) == 6 * 20 * 2
    assert mixed_up == []
