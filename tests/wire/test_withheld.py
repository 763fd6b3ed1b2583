from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from ngrok_scim_cli.wire.exchange import FailureKind, Request
from ngrok_scim_cli.wire.pages import is_same_server
from tests.support.cases import each_case
from tests.support.raw_server import EMPTY_OK
from tests.wire.conftest import KEY, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.wire.client import Wire
    from tests.support.raw_server import RawServer

HEADERS = (("Authorization", f"Bearer {KEY}"),)


@each_case(
    "url",
    [
        "https://evil.example/scim/v2/",
        "https://api.ngrok.com@evil.example/",
        "https://evil.example@api.ngrok.com/",
        "https://api.ngrok.com:443@evil.example/",
        "https://api.ngrok.com\\@evil.example/",
        "https://evil.example\\@api.ngrok.com/",
        "https://api.ngrok.com\\.evil.example/",
        "https://api.ngrok.com.evil.example/",
        "https://evil.example#@api.ngrok.com/",
        "https://evil.example?@api.ngrok.com/",
        "https://api.ngrok.com./",
        "https://api.ngrok.com%2eevil.example/",
        "https://api%2engrok.com/",
        "https://api.ngrok.com%00.evil.example/",
        "https://xn--pi-6kc.ngrok.com/",
        "https://dashboard.ngrok.com/",
        "https://evil-api.ngrok.com/",
        "https://evil.api.ngrok.com/",
        "https://evilapi.ngrok.com/",
        "http://api.ngrok.com/",
        "http://allowed.example/",
        "https://sub.allowed.example/",
        "ftp://api.ngrok.com/",
        "//api.ngrok.com/",
        "api.ngrok.com/scim/v2",
        "https:///scim/v2",
        "https:api.ngrok.com/",
        "",
        "http://127.1/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://0/",
        "http://0.0.0.0/",
        "http://128.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::]/",
        "http://[::1%25eth0]/",
        "http://localhost./",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://key@localhost/",
        "http://mine.localhost/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1%25lo]/",
        "https://\u0430pi.ngrok.com/",
        "https://api.ngr\u03bfk.com/",
        "https://api.ngrok.com\u3002evil.example/",
        "https://api.ngrok.com\uff0eevil.example/",
        "https://api.ngrok.com:443:443@evil.example/",
        "https://api.ngrok.com;.evil.example/",
        "https://evil.example/https://api.ngrok.com/",
        "https://evil.example:443#api.ngrok.com",
    ],
)
@each_case("headers", [HEADERS, ()], ids=["with key", "without key"])
def test_nothing_at_all_is_sent_to_an_unknown_host(
    make_wire: Callable[..., Wire],
    nothing_may_leave: None,
    url: str,
    headers: tuple[tuple[str, str], ...],
) -> None:
    wire = make_wire(allowed_hosts=["allowed.example"])

    exchange = wire.send(Request("GET", url, headers=headers))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.WITHHELD
    assert "othing was sent" in exchange.failure.detail
    assert exchange.timings == ()


@each_case(
    "url",
    [
        "https://api.ngrok.com\x00/",
        "https://api.ngrok.com\n/",
        "https://api.ngrok.com\r\nHost: evil/",
        "https://api.ngrok.com:x/",
        "https://api.ngrok.com:0/",
        "https://api.ngrok.com:-1/",
        "https://api.ngrok.com:65536/",
        "http://[::1].evil.example/",
        "http://[127.0.0.1]/",
        "http://127.0.0.01/",
        "http://0177.0.0.1/",
        "http://127.0.0.256/",
        "https://ａpi.ngrok.com/",
        "https://ap‍i.ngrok.com/",
        "https://[::1/",
        "https://api.ngrok.com\u2024evil.example/",
    ],
)
def test_a_url_that_cannot_be_read_fails_before_anything_is_sent(
    wire: Wire, nothing_may_leave: None, url: str
) -> None:
    exchange = wire.send(Request("GET", url, headers=HEADERS))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROTOCOL
    assert "ngrok" not in exchange.failure.detail


def test_the_failure_names_the_host_as_it_was_read(wire: Wire, nothing_may_leave: None) -> None:
    exchange = wire.send(Request("GET", "https://api.ngrok.com.\u0435vil.example/x"))

    assert exchange.failure is not None
    assert exchange.failure.detail == (
        "Nothing was sent to api.ngrok.com.xn--vil-qdd.example: it is not api.ngrok.com, not this "
        "machine, and not allowed with --allow-host."
    )


def test_a_password_in_the_url_is_not_shown(wire: Wire, nothing_may_leave: None) -> None:
    exchange = wire.send(Request("GET", f"https://user:{KEY}@api.ngrok.com/x@y"))

    assert exchange.url == "https://[redacted]@api.ngrok.com/x@y"
    assert KEY not in repr(exchange)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "localhost", "LOCALHOST"])
def test_loopback_may_be_asked_over_http(
    wire: Wire, serve: Callable[..., RawServer], host: str
) -> None:
    server = serve(EMPTY_OK)

    exchange = wire.send(Request("GET", f"http://{host}:{server.port}/", headers=HEADERS))

    # 127.8.9.10 is this machine too, but nothing listens there.
    assert exchange.failure is None or exchange.failure.kind is FailureKind.REFUSED


def test_localhost_is_this_machine_whatever_the_resolver_says(
    wire: Wire, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve(monkeypatch, {"localhost": ["192.0.2.1"]})
    server = serve(EMPTY_OK)

    exchange = wire.send(Request("GET", f"http://localhost:{server.port}/", headers=HEADERS))

    assert exchange.reply is not None
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://api.ngrok.com/scim/v2/",
        "https://API.ngrok.COM/",
        "https://api.ngrok.com:444/",
        "https://api。ngrok。com/",
        "https://allowed.example/",
    ],
)
def test_the_host_that_is_asked_for_is_the_one_that_was_judged(
    make_wire: Callable[..., Wire], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    asked = resolve(monkeypatch, {})
    wire = make_wire(allowed_hosts=["Allowed.Example"])

    exchange = wire.send(Request("GET", url, headers=HEADERS))

    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.DNS
    assert asked == ["allowed.example" if "allowed" in url else "api.ngrok.com"]


@pytest.mark.parametrize(
    ("known", "url", "reached"),
    [
        (["Corp.Okta.com"], "https://corp.okta.com/api/v1/apps", True),
        (["corp.okta.com"], "https://api.ngrok.com/scim/v2/", False),
        (["corp.okta.com"], "https://other.okta.com/", False),
        (["corp.okta.com"], "https://okta.com/", False),
        (["corp.okta.com"], "http://corp.okta.com/", False),
        (["api.ngrok.com"], "https://corp.okta.com/", False),
        ([], "https://api.ngrok.com/", False),
    ],
)
def test_each_wire_knows_the_hosts_of_its_own_credential(
    make_wire: Callable[..., Wire],
    monkeypatch: pytest.MonkeyPatch,
    known: list[str],
    url: str,
    reached: bool,
) -> None:
    asked = resolve(monkeypatch, {})

    exchange = make_wire(known_hosts=known).send(Request("GET", url, headers=HEADERS))

    assert exchange.failure is not None
    assert exchange.failure.kind is (FailureKind.DNS if reached else FailureKind.WITHHELD)
    assert asked == (["corp.okta.com"] if reached else [])


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (["corp.okta.com"], "it is not corp.okta.com, not this machine, and not allowed"),
        (["a.test", "b.test"], "it is not a.test, not b.test, not this machine, and not allowed"),
        ([], "it is not this machine, and not allowed"),
    ],
)
def test_the_failure_names_the_known_hosts(
    make_wire: Callable[..., Wire], nothing_may_leave: None, known: list[str], words: str
) -> None:
    exchange = make_wire(known_hosts=known).send(Request("GET", "https://api.ngrok.com/"))

    assert exchange.failure is not None
    assert exchange.failure.detail == (
        f"Nothing was sent to api.ngrok.com: {words} with --allow-host."
    )


def test_loopback_needs_no_knowing(
    make_wire: Callable[..., Wire], serve: Callable[..., RawServer]
) -> None:
    server = serve(EMPTY_OK)

    exchange = make_wire(known_hosts=[]).send(Request("GET", server.url, headers=HEADERS))

    assert exchange.reply is not None


@each_case(
    ("url", "other", "expected"),
    [
        ("https://a.example/x?y", "https://A.example:443", True),
        ("http://a.example:80", "http://a.example/", True),
        ("https://[0:0::1]/", "https://[0:0::1]/x", True),
        ("https://a.example", "http://a.example", False),
        ("https://a.example", "https://a.example:444", False),
        ("https://a.example", "https://b.a.example", False),
        ("https://a.example:x", "https://a.example:x", False),
        ("\ud800", "https://a.example", False),
        ("https://\ud800", "https://\ud800", False),
    ],
)
def test_the_same_server_has_the_same_scheme_host_and_port(
    url: str, other: str, expected: bool
) -> None:
    assert is_same_server(url, other) is expected


def test_httpx_reads_the_host_as_this_room_expects() -> None:
    assert httpx.URL("http://[::1]/").raw_host == b"::1"
