from __future__ import annotations

import errno
import socket
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.wire.exchange import FailureKind, Phase, Request
from tests.support.raw_server import EMPTY_OK
from tests.wire.conftest import HOST, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ngrok_scim_cli.wire.client import Wire
    from tests.support.raw_server import RawServer


def get(host: str, port: int = 443) -> Request:
    scheme = "https" if host == HOST else "http"
    return Request("GET", f"{scheme}://{host}:{port}/")


@pytest.fixture
def wire(make_wire: Callable[..., Wire]) -> Wire:
    return make_wire(timeout=0.4, allowed_hosts=[HOST])


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port whose queue is full, so that a connection to it never comes about."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for client in waiting:
            client.close()


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("error", "detail", "is_local"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "The name scim.test does not exist.", False),
        (
            socket.gaierror(socket.EAI_AGAIN, "x"),
            "The name scim.test could not be looked up: no resolver answers.",
            True,
        ),
        (UnicodeError("x"), "The name scim.test does not exist.", False),
        (
            socket.gaierror(socket.EAI_FAIL, "x"),
            f"The name scim.test could not be looked up (resolver error {socket.EAI_FAIL}).",
            True,
        ),
        (
            MemoryError(),
            "The name scim.test could not be looked up: this machine is short of memory.",
            True,
        ),
    ],
)
def test_a_name_that_does_not_resolve(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, error: Exception, detail: str, is_local: bool
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    failure = wire.send(get(HOST)).failure

    assert failure is not None
    assert (failure.kind, failure.detail) == (FailureKind.DNS, detail)
    assert failure.is_local is is_local


def test_a_name_for_which_no_thread_can_be_started_is_not_looked_up(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", no_room)

    failure = wire.send(get(HOST)).failure

    assert failure is not None
    assert (failure.kind, "short of memory" in failure.detail) == (FailureKind.DNS, True)


def test_a_host_without_addresses_is_a_dns_failure(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, {HOST: []})

    failure = wire.send(get(HOST)).failure

    assert failure is not None
    assert failure.kind is FailureKind.DNS


def test_a_resolver_that_hangs_ends_at_the_deadline(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Event()

    def hang(*arguments: object, **options: object) -> list[object]:
        release.wait(5)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 1))]

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        failure = wire.send(get(HOST)).failure
    finally:
        release.set()

    assert failure is not None
    assert failure.kind is FailureKind.DNS
    assert failure.detail == "The resolver did not answer for scim.test within 0.4 seconds."


def test_a_closed_port_refuses(wire: Wire, closed_port: int) -> None:
    exchange = wire.send(get("127.0.0.1", closed_port))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.REFUSED
    assert exchange.failure.detail == f"127.0.0.1 port {closed_port} refuses connections."
    assert [timing.phase for timing in exchange.timings] == [Phase.NAME]


def test_a_port_that_does_not_answer_times_out(wire: Wire, deaf_port: int) -> None:
    exchange = wire.send(get("127.0.0.1", deaf_port))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CONNECT_TIMEOUT
    assert exchange.failure.detail == (
        f"127.0.0.1 port {deaf_port} did not answer within 0.4 seconds."
    )


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    make_wire: Callable[..., Wire], monkeypatch: pytest.MonkeyPatch, deaf_port: int
) -> None:
    monkeypatch.setattr(
        "ngrok_scim_cli.wire.network.LOOPBACK_ADDRESSES", ("127.0.0.1", "127.0.0.2")
    )
    with socket.create_server(("127.0.0.2", deaf_port)) as listener:
        exchange = make_wire(timeout=1.0).send(get("localhost", deaf_port))
        listener.close()

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.READ_TIMEOUT
    assert exchange.timings[1].detail == f"127.0.0.2 port {deaf_port}"


def test_localhost_is_tried_at_both_addresses(
    make_wire: Callable[..., Wire], monkeypatch: pytest.MonkeyPatch, serve: Callable[..., RawServer]
) -> None:
    server = serve(EMPTY_OK)
    monkeypatch.setattr(
        "ngrok_scim_cli.wire.network.LOOPBACK_ADDRESSES", ("127.0.0.2", "127.0.0.1")
    )

    exchange = make_wire().send(get("localhost", server.port))

    assert exchange.reply is not None
    assert exchange.timings[0].detail == "127.0.0.2, 127.0.0.1"
    assert exchange.timings[1].detail == f"127.0.0.1 port {server.port}"


@pytest.mark.parametrize(
    ("code", "detail", "is_local"),
    [
        (
            errno.ENETUNREACH,
            "127.0.0.1 port 1 cannot be connected to: there is no network route to it.",
            True,
        ),
        (
            errno.EPERM,
            "127.0.0.1 port 1 cannot be connected to: this machine does not allow it.",
            True,
        ),
        (
            errno.ENETDOWN,
            "127.0.0.1 port 1 cannot be connected to: the network of this machine is down.",
            True,
        ),
        (errno.EINVAL, "127.0.0.1 port 1 refuses connections.", False),
    ],
)
def test_a_network_that_is_not_there_is_said_so(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, code: int, detail: str, is_local: bool
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(code, "x")

    monkeypatch.setattr(socket, "create_connection", fail)

    failure = wire.send(get("127.0.0.1", 1)).failure

    assert failure is not None
    assert (failure.kind, failure.detail) == (FailureKind.REFUSED, detail)
    assert failure.is_local is is_local


def test_ipv6_loopback_is_reached(make_wire: Callable[..., Wire]) -> None:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener:
        port = listener.getsockname()[1]
        exchange = make_wire(timeout=0.2).send(get("[0:0:0:0:0:0:0:1]", port))

    assert exchange.timings[1].detail == f"::1 port {port}"
