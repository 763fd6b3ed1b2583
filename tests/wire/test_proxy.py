from __future__ import annotations

import base64
import socket
import ssl
from threading import Thread
from typing import TYPE_CHECKING

import httpx
import pytest

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.wire.exchange import FailureKind, Phase, Request, Stopped
from ngrok_scim_cli.wire.proxy import Proxy, proxy_for
from tests.support.cases import each_case
from tests.support.raw_server import EMPTY_OK, Client, ok
from tests.wire.conftest import HOST, KEY, resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import trustme

    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Exchange
    from tests.support.raw_server import RawServer

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def redactor_forgets() -> object:
    yield
    redactor.forget()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No name resolves here; the proxy alone knows where ``scim.test`` is."""
    return resolve(monkeypatch, {})


def tunnel_to(port: int) -> Callable[[Client], None]:
    """Return an answer that joins the client to ``port`` on this machine, as a proxy does."""

    def answer(client: Client) -> None:
        with socket.create_connection(("127.0.0.1", port)) as server:
            client.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = Thread(target=_copy, args=(server, client.connection), daemon=True)
            back.start()
            _copy(client.connection, server)
            back.join(5)

    return answer


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture
def scim_server(serve: Callable[..., RawServer], authority: trustme.CA) -> RawServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    return serve(EMPTY_OK, context=context)


@pytest.fixture
def send_through(make_wire: Callable[..., Wire], ca_bundle: Path) -> Callable[..., Exchange]:
    def send(proxy: str, **options: object) -> Exchange:
        wire = make_wire(
            allowed_hosts=[HOST], ca_bundle=ca_bundle, environment={"HTTPS_PROXY": proxy}, **options
        )
        headers = (("Authorization", f"Bearer {KEY}"),)
        return wire.send(Request("GET", f"https://{HOST}/Users", headers=headers))

    return send


def test_https_goes_through_the_proxy_by_connect(
    serve: Callable[..., RawServer],
    scim_server: RawServer,
    send_through: Callable[..., Exchange],
    asked: list[str],
) -> None:
    proxy = serve(tunnel_to(scim_server.port))

    exchange = send_through(f"http://127.0.0.1:{proxy.port}")

    assert exchange.reply is not None
    assert exchange.proxy == f"127.0.0.1:{proxy.port}"
    assert exchange.private_issuer != ""
    assert [timing.phase for timing in exchange.timings] == list(Phase)
    assert asked == []
    assert proxy.requests[0].startswith(b"CONNECT scim.test:443 HTTP/1.1\r\n")
    assert b"uthorization" not in proxy.requests[0]
    assert scim_server.requests[0].split(b"\r\n")[1:3] == [
        b"Authorization: Bearer " + KEY.encode(),
        b"Host: scim.test",
    ]


def test_an_ipv6_address_is_named_in_brackets(
    serve: Callable[..., RawServer], make_wire: Callable[..., Wire]
) -> None:
    proxy = serve(b"HTTP/1.1 403 No\r\n\r\n")
    wire = make_wire(allowed_hosts=["2001:db8::1"], environment={"HTTPS_PROXY": proxy.url})

    exchange = wire.send(Request("GET", "https://[2001:db8::1]/Users"))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROXY
    head = proxy.requests[0]
    assert head.startswith(b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n")


def test_what_a_proxy_sends_behind_its_reply_is_no_reply_of_the_server(
    serve: Callable[..., RawServer], send_through: Callable[..., Exchange]
) -> None:
    forged = b"HTTP/1.1 200 OK\r\n\r\n" + ok(b"forged")
    proxy = serve(lambda client: client.send(forged))

    exchange = send_through(proxy.url)

    assert exchange.reply is None
    assert not any(KEY.encode() in request for request in proxy.requests)


def test_a_tunnel_is_used_again(
    serve: Callable[..., RawServer],
    scim_server: RawServer,
    make_wire: Callable[..., Wire],
    ca_bundle: Path,
) -> None:
    proxy = serve(tunnel_to(scim_server.port))
    wire = make_wire(
        allowed_hosts=[HOST], ca_bundle=ca_bundle, environment={"https_proxy": proxy.url}
    )
    first = wire.send(Request("GET", f"https://{HOST}/"))

    second = wire.send(Request("GET", f"https://{HOST}/"))

    assert second.reply is not None
    assert proxy.connections == 1
    assert (second.proxy, second.private_issuer) == (first.proxy, first.private_issuer)


def test_credentials_of_the_proxy_go_to_it_and_nowhere_else(
    serve: Callable[..., RawServer], scim_server: RawServer, send_through: Callable[..., Exchange]
) -> None:
    proxy = serve(tunnel_to(scim_server.port))

    exchange = send_through(f"http://jane:{PASSWORD}@127.0.0.1:{proxy.port}")

    basic = base64.b64encode(f"jane:{PASSWORD}".encode())
    assert b"Proxy-Authorization: Basic " + basic in proxy.requests[0]
    assert b"Proxy-Authorization" not in scim_server.requests[0]
    assert exchange.proxy == f"127.0.0.1:{proxy.port}"
    assert PASSWORD not in repr(exchange)
    assert PASSWORD not in redactor.redact(f"the password is {PASSWORD}")


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (
            b"HTTP/1.1 407 Evil \xff text\r\nContent-Length: 0\r\n\r\n",
            "It does not pass the connection on (status 407).",
        ),
        (
            b"HTTP/1.1 502\r\nContent-Length: 0\r\n\r\n",
            "It does not pass the connection on (status 502).",
        ),
        (b"SSH-2.0-x\r\n\r\n", "What the server sent is not valid HTTP."),
        (
            lambda client: client.connection.shutdown(2),
            "The server closed the connection without an answer.",
        ),
        (Client.hold, "No complete reply came within 0.5 seconds."),
    ],
)
def test_a_proxy_that_fails_is_reported_as_such(
    serve: Callable[..., RawServer],
    send_through: Callable[..., Exchange],
    answer: bytes | Callable[[Client], None],
    detail: str,
) -> None:
    proxy = serve(answer)

    exchange = send_through(proxy.url, timeout=0.5)

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROXY
    assert exchange.failure.detail == f"The proxy {exchange.proxy} failed. {detail}"


@pytest.mark.parametrize("proxy", ["127.0.0.1:1", "http://nowhere.test:8080/"])
def test_a_proxy_that_cannot_be_reached_is_reported_as_such(
    send_through: Callable[..., Exchange], asked: list[str], proxy: str
) -> None:
    exchange = send_through(proxy)

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROXY
    assert exchange.proxy == proxy.removeprefix("http://").removesuffix("/")


def test_a_certificate_behind_a_proxy_is_judged_as_without_one(
    serve: Callable[..., RawServer], scim_server: RawServer, make_wire: Callable[..., Wire]
) -> None:
    proxy = serve(tunnel_to(scim_server.port))
    wire = make_wire(allowed_hosts=[HOST], environment={"ALL_PROXY": proxy.url})

    exchange = wire.send(Request("GET", f"https://{HOST}/"))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TLS
    assert proxy.connections == 1
    assert scim_server.requests == []


@each_case("host", ["127.0.0.1", "localhost"])
@each_case("name", ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"])
def test_loopback_never_goes_through_a_proxy(
    serve: Callable[..., RawServer], make_wire: Callable[..., Wire], host: str, name: str
) -> None:
    server = serve(EMPTY_OK)
    wire = make_wire(environment={name: "http://127.0.0.1:1"})

    exchange = wire.send(Request("GET", f"http://{host}:{server.port}/"))

    assert exchange.reply is not None
    assert exchange.proxy == ""


P = Proxy("p.test", 8080)


@each_case(
    ("environment", "expected"),
    [
        ({}, None),
        ({"HTTP_PROXY": "http://p.test:8080"}, None),
        ({"HTTPS_PROXY": "http://p.test:8080"}, P),
        ({"https_proxy": " http://p.test:8080/ "}, P),
        ({"HTTPS_PROXY": "p.test:8080"}, P),
        ({"HTTPS_PROXY": "http://P.TEST"}, Proxy("p.test", 80)),
        ({"HTTPS_PROXY": "http://[::1]:3128"}, Proxy("::1", 3128)),
        ({"ALL_PROXY": "http://p.test:8080"}, P),
        ({"ALL_PROXY": "http://other.test", "HTTPS_PROXY": "http://p.test:8080"}, P),
        ({"https_proxy": "", "HTTPS_PROXY": "http://p.test:8080"}, None),
        ({"HTTPS_PROXY": "http://p.test:8080", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://p.test:8080", "NO_PROXY": "a.test, NGROK.com"}, None),
        ({"HTTPS_PROXY": "http://p.test:8080", "no_proxy": ".ngrok.com"}, None),
        ({"HTTPS_PROXY": "http://p.test:8080", "no_proxy": "api.ngrok.com:443"}, None),
        ({"HTTPS_PROXY": "http://p.test:8080", "no_proxy": "api.ngrok.com:8443"}, P),
        ({"HTTPS_PROXY": "http://p.test:8080", "NO_PROXY": "grok.com"}, P),
        ({"HTTPS_PROXY": "http://p.test:8080", "NO_PROXY": "*", "no_proxy": ""}, P),
        ({"HTTPS_PROXY": "http://a%40b:c%3Ad@p.test:8080"}, Proxy("p.test", 8080, ("a@b", "c:d"))),
    ],
)
def test_the_proxy_of_an_environment(environment: dict[str, str], expected: Proxy | None) -> None:
    assert proxy_for(httpx.URL("https://api.ngrok.com/"), environment) == expected


@each_case(
    "given",
    [
        "socks5://p.test:1080",
        "socks5h://p.test:1080",
        "https://p.test:443",
        "ftp://p.test",
        "http://",
        "http://p.test:0",
        "http://p.test/proxy.pac",
        "http://p.test:8080/wpad.dat",
        "http://p.test:70000",
        "http://p.test:x",
        "http://\ud800",
        f"socks5://jane:{PASSWORD}@p.test",
    ],
)
def test_a_proxy_that_cannot_be_used_is_reported_without_its_credentials(given: str) -> None:
    with pytest.raises(Stopped) as stopped:
        proxy_for(httpx.URL("https://api.ngrok.com/"), {"HTTPS_PROXY": given})

    assert stopped.value.failure.kind is FailureKind.PROXY
    assert "p.test" not in stopped.value.failure.detail
    assert PASSWORD not in stopped.value.failure.detail


def test_a_proxy_never_shows_its_credentials() -> None:
    proxy = Proxy("::1", 8080, ("jane", PASSWORD))

    assert str(proxy) == "[::1]:8080"
    assert PASSWORD not in repr(proxy)
