from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.wire.exchange import Exchange
from ngrok_scim_cli.wire.scim import OktaScim
from tests.support.raw_server import EMPTY_OK
from tests.wire.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Request
    from tests.support.raw_server import RawServer


class Recorder:
    """Stands in for a wire, and keeps what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[Request] = []

    def send(self, request: Request) -> Exchange:
        self.sent.append(request)
        return Exchange(request.purpose, request.method, request.url)


def test_the_connector_test_goes_out_byte_for_byte_as_okta_sends_it(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    server = serve(EMPTY_OK)

    exchange = OktaScim(wire, f"{server.url}/scim/v2/", KEY).list_users()

    assert server.requests == [
        b"GET /scim/v2/Users?startIndex=1&count=2 HTTP/1.1\r\n"
        b"Accept: application/scim+json\r\n"
        b"Accept-Charset: utf-8\r\n"
        b"User-Agent: Okta SCIM Client 1.0.0\r\n"
        b"Authorization: Bearer " + KEY.encode() + b"\r\n"
        b"Host: " + server.url[7:].encode() + b"\r\n"
        b"Connection: Keep-Alive\r\n"
        b"Accept-Encoding: gzip,deflate\r\n"
        b"\r\n"
    ]
    assert exchange.purpose == "as typed"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("", b"/Users?startIndex=1&count=2"),
        ("/", b"/Users?startIndex=1&count=2"),
        ("/scim/v2", b"/scim/v2/Users?startIndex=1&count=2"),
        ("/scim/v2//", b"/scim/v2//Users?startIndex=1&count=2"),
        ("//scim//v2/", b"//scim//v2/Users?startIndex=1&count=2"),
        ("/scim/v2/Users", b"/scim/v2/Users/Users?startIndex=1&count=2"),
        ("/scim/v2?a=b", b"/scim/v2?a=b/Users?startIndex=1&count=2"),
        ("/scim/v2/#part", b"/scim/v2/"),
        ("/SCIM/V2/%7Ex", b"/SCIM/V2/%7Ex/Users?startIndex=1&count=2"),
    ],
)
def test_the_base_url_is_kept_but_for_one_slash(
    wire: Wire, serve: Callable[..., RawServer], path: str, target: bytes
) -> None:
    server = serve(EMPTY_OK)

    OktaScim(wire, server.url + path, KEY).list_users()

    assert server.requests[0].split(b" ")[1] == target


def test_a_page_may_be_asked_for(wire: Wire, serve: Callable[..., RawServer]) -> None:
    server = serve(EMPTY_OK)

    OktaScim(wire, server.url, KEY).list_users(start_index=101, count=100, purpose="audit")

    assert server.requests[0].startswith(b"GET /Users?startIndex=101&count=100 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("user_name", "condition"),
    [
        ("jane@corp.com", "userName%20eq%20%22jane%40corp.com%22"),
        ('a"b\\c', "userName%20eq%20%22a%5C%22b%5C%5Cc%22"),
        ("a&b=c d", "userName%20eq%20%22a%26b%3Dc%20d%22"),
        ("é\n", "userName%20eq%20%22%C3%A9%5Cn%22"),
        ("\ud800", "userName%20eq%20%22%3F%22"),
    ],
)
def test_the_look_up_filters_by_user_name(
    wire: Wire, serve: Callable[..., RawServer], user_name: str, condition: str
) -> None:
    server = serve(EMPTY_OK)

    exchange = OktaScim(wire, f"{server.url}/scim/v2/", KEY).find_user(user_name)

    target = f"/scim/v2/Users?filter={condition}&startIndex=1&count=100"
    assert server.requests[0].split(b" ")[1] == target.encode()
    assert exchange.purpose == "look-up"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"])))
@example('" or userName pr or userName eq "')
def test_a_user_name_cannot_leave_its_quotes(user_name: str) -> None:
    recorder = Recorder()

    OktaScim(recorder, "https://a.test", KEY).find_user(user_name)  # type: ignore[arg-type]

    query = parse_qs(urlsplit(recorder.sent[0].url).query, strict_parsing=True)
    assert set(query) == {"filter", "startIndex", "count"}
    quoted = query["filter"][0].removeprefix("userName eq ")
    assert json.loads(quoted) == user_name


def test_the_key_does_not_show_in_the_request() -> None:
    recorder = Recorder()

    OktaScim(recorder, "https://a.test", KEY).list_users()  # type: ignore[arg-type]

    assert KEY not in repr(recorder.sent)
