from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli import __version__
from ngrok_scim_cli.wire import ngrok_api, pages
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from tests.support.cases import each_case
from tests.support.raw_server import EMPTY_OK, ok
from tests.wire.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.pages import Page
    from tests.support.raw_server import Client, RawServer


def page(name: str, *items: object, following: object = None) -> bytes:
    return ok(json.dumps({name: items, "uri": "x", "next_page_uri": following}).encode())


def lines(request: bytes) -> list[bytes]:
    return request.replace(KEY.encode(), b"KEY").split(b"\r\n")


def test_a_read_goes_out_without_a_content_type(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    server = serve(EMPTY_OK)

    NgrokApi(wire, f"{server.url}/", KEY).get_api_key("ak_1")

    assert lines(server.requests[0]) == [
        b"GET /api_keys/ak_1 HTTP/1.1",
        b"Accept: application/json",
        b"User-Agent: ngrok-scim/" + __version__.encode(),
        b"Ngrok-Version: 2",
        b"Authorization: Bearer KEY",
        b"Host: " + server.url[7:].encode(),
        b"",
        b"",
    ]


@pytest.mark.parametrize(
    ("call", "request_line", "fields"),
    [
        (
            lambda api: api.create_service_user("Bot ü"),
            b"POST /service_users HTTP/1.1",
            {"name": "Bot ü"},
        ),
        (
            lambda api: api.create_api_key(description="d", metadata="m", owner_id="o"),
            b"POST /api_keys HTTP/1.1",
            {"description": "d", "metadata": "m", "owner_id": "o"},
        ),
    ],
)
def test_a_write_goes_out_as_json(
    wire: Wire,
    serve: Callable[..., RawServer],
    call: Callable[[NgrokApi], Exchange],
    request_line: bytes,
    fields: dict[str, str],
) -> None:
    server = serve(EMPTY_OK)

    call(NgrokApi(wire, server.url, KEY))

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert lines(head)[0] == request_line
    assert b"Content-Type: application/json" in lines(head)
    assert json.loads(body) == fields


@pytest.mark.parametrize(
    ("call", "request_line"),
    [
        (lambda api: api.get_service_user("bot_1"), b"GET /service_users/bot_1 HTTP/1.1"),
        (lambda api: api.get_api_key("ak_1"), b"GET /api_keys/ak_1 HTTP/1.1"),
        (lambda api: api.delete_api_key("ak_1"), b"DELETE /api_keys/ak_1 HTTP/1.1"),
        (
            lambda api: api.delete_api_key("../x?y#\ud800"),
            b"DELETE /api_keys/..%2Fx%3Fy%23%3F HTTP/1.1",
        ),
    ],
)
def test_single_objects_are_named_by_their_id(
    wire: Wire,
    serve: Callable[..., RawServer],
    call: Callable[[NgrokApi], Exchange],
    request_line: bytes,
) -> None:
    server = serve(EMPTY_OK)

    call(NgrokApi(wire, server.url, KEY))

    assert lines(server.requests[0])[0] == request_line


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("keys", NgrokApi.api_keys),
        ("service_users", NgrokApi.service_users),
        ("ip_restrictions", NgrokApi.ip_restrictions),
        ("ip_policy_rules", NgrokApi.ip_policy_rules),
    ],
)
def test_a_list_is_put_together_from_its_pages(
    wire: Wire,
    serve: Callable[..., RawServer],
    name: str,
    ask: Callable[[NgrokApi], Iterator[Page]],
) -> None:
    def first(client: Client) -> None:
        client.send(
            page(name, {"id": "1"}, "no object", following=f"{server.url}/more?before_id=1")
        )

    server = serve(first, page(name, {"id": "2"}))

    first_page, second_page = ask(NgrokApi(wire, server.url, KEY))

    assert (first_page.items, second_page.items) == (({"id": "1"},), ({"id": "2"},))
    assert first_page.ok
    assert second_page.ok
    assert second_page.exchange.url == f"{server.url}/more?before_id=1"


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (NgrokApi.api_keys, b"/api_keys"),
        (NgrokApi.service_users, b"/service_users"),
        (NgrokApi.ip_restrictions, b"/ip_restrictions"),
        (NgrokApi.ip_policy_rules, b"/ip_policy_rules"),
    ],
)
def test_where_each_list_begins(
    wire: Wire,
    serve: Callable[..., RawServer],
    ask: Callable[[NgrokApi], Iterator[Page]],
    path: bytes,
) -> None:
    server = serve(EMPTY_OK)

    list(ask(NgrokApi(wire, server.url, KEY)))

    assert server.requests[0].startswith(b"GET " + path + b" HTTP/1.1\r\n")


@each_case(
    "following",
    [
        "http://127.0.0.1:1/api_keys",
        "https://127.0.0.1:{port}/api_keys",
        "http://localhost:{port}/api_keys",
        "http://127.0.0.1:{port}@evil.example/",
        "api_keys?before_id=1",
        "http://127.0.0.1:{port}x/",
        "\ud800",
    ],
)
def test_a_page_on_another_server_is_not_asked_for(
    wire: Wire, serve: Callable[..., RawServer], following: str
) -> None:
    server: RawServer = serve(
        lambda client: client.send(
            page("keys", {"id": "1"}, following=following.format(port=server.port))
        )
    )

    first, last = NgrokApi(wire, server.url, KEY).api_keys()

    assert first.items == ({"id": "1"},)
    assert (last.ok, last.is_endless) == (False, False)
    assert last.exchange.failure is not None
    assert last.exchange.failure.kind is FailureKind.WITHHELD
    assert len(server.requests) == 1


def test_two_slashes_are_a_path_on_the_same_server(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    server: RawServer = serve(lambda client: client.send(page("keys", following="//evil.example/")))

    list(NgrokApi(wire, server.url, KEY).api_keys())

    assert [lines(request)[0] for request in server.requests] == [
        b"GET /api_keys HTTP/1.1",
        b"GET //evil.example/ HTTP/1.1",
    ]


def test_a_list_that_leads_back_to_itself_ends_incomplete(
    wire: Wire, serve: Callable[..., RawServer]
) -> None:
    server: RawServer = serve(lambda client: client.send(page("keys", following=f"{server.url}/a")))

    *_, last = NgrokApi(wire, server.url, KEY).api_keys()

    assert (last.ok, last.is_endless) == (False, True)
    assert len(server.requests) == 2


def test_a_list_without_end_ends_incomplete(
    wire: Wire, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_PAGES_WITH_ANYTHING", 2)
    server: RawServer = serve(
        lambda client: client.send(page("keys", following=f"{server.url}/{len(server.requests)}"))
    )

    *_, last = NgrokApi(wire, server.url, KEY).api_keys()

    assert (last.ok, last.is_endless) == (False, True)
    assert len(server.requests) == 3


def test_a_list_with_endless_headers_ends_incomplete(
    wire: Wire, serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ngrok_api, "_MOST_BYTES", 100_000)
    long = b"\r\nA: " + b"b" * 80_000 + b"\r\n\r\n"
    server: RawServer = serve(
        lambda client: client.send(
            page("keys", following=f"{server.url}/{len(server.requests)}").replace(
                b"\r\n\r\n", long
            )
        )
    )

    *_, last = NgrokApi(wire, server.url, KEY).api_keys()

    assert (last.ok, last.is_endless) == (False, True)
    assert len(server.requests) == 2


@each_case(
    "answer",
    [
        b'HTTP/1.1 403 Forbidden\r\nContent-Length: 11\r\n\r\n{"keys":[]}',
        ok(b"[]"),
        ok(b"{}"),
        ok(b'{"keys": null}'),
        ok(b"<html>"),
        b"",
    ],
)
def test_a_page_that_fails_leaves_the_list_incomplete(
    wire: Wire, serve: Callable[..., RawServer], answer: bytes
) -> None:
    server: RawServer = serve(lambda client: client.send(answer))

    (page,) = NgrokApi(wire, server.url, KEY).api_keys()

    assert (page.items, page.ok, page.is_endless) == ((), False, False)


@each_case(
    ("status", "body", "expected"),
    [
        (200, b'{"a": 1}', {"a": 1}),
        (201, b"{}", {}),
        (299, b"{}", {}),
        (199, b"{}", None),
        (300, b"{}", None),
        (404, b'{"a": 1}', None),
        (204, b"", None),
        (200, b"[1]", None),
        (200, b'"text"', None),
        (200, b"\xff\xfe\xff", None),
        (200, b'{"a": ' * 100_000, None),
        (200, b'{"a": ' + b"1" * 10_000 + b"}", None),
        (200, b'{"a": [' + b"[], " * 60_000 + b"[]]}", None),
    ],
)
def test_json_object_of_a_reply(
    status: int, body: bytes, expected: dict[str, object] | None
) -> None:
    exchange = Exchange("x", "GET", "https://a.test", reply=Reply(status, body=body))

    assert exchange.json_object() == expected


def test_json_object_of_a_failure() -> None:
    failure = Failure(FailureKind.DNS, "x")

    assert Exchange("x", "GET", "https://a.test", failure=failure).json_object() is None
