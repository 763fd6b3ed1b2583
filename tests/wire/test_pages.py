from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.pages import (
    LONGEST_FIELD,
    read_array,
    read_list_response,
)
from tests.support.cases import each_case
from tests.support.json_values import json_values

if TYPE_CHECKING:
    from collections.abc import Mapping

FAILED = Exchange("x", "GET", "https://a.test", failure=Failure(FailureKind.DNS, "x"))


def exchange(body: bytes, status: int = 200, *, truncated: bool = False) -> Exchange:
    reply = Reply(status, headers=(("a", "b"),), body=body, truncated=truncated)
    return Exchange("x", "GET", "https://a.test", reply=reply)


UNREADABLE = [
    exchange(b"[]", 199),
    exchange(b"[]", 302),
    exchange(b"[]", 404),
    exchange(b'[{"id": 1}]', truncated=True),
    exchange(b""),
    exchange(b"<html>"),
    exchange(b"\xff\xfe\xff"),
    exchange(b"[" * 40_000),
    exchange(b"[" + b"1" * 10_000 + b"]"),
    exchange(b"[" + b",".join([b"{}"] * 50_000) + b"]"),
    FAILED,
]


@each_case("unread", UNREADABLE)
def test_what_cannot_be_read_is_kept_whole(unread: Exchange) -> None:
    assert unread.json() is None
    for page in (read_array(unread), read_list_response(unread, 1)):
        assert (page.items, page.ok) == ((), False)
        assert page.exchange is unread


@pytest.mark.parametrize("body", [b"{}", b"null", b'"[]"', b"7", b"true"])
def test_an_array_is_asked_for(body: bytes) -> None:
    page = read_array(exchange(body))

    assert (page.items, page.ok) == ((), False)
    assert page.exchange == exchange(body)


def test_an_array_is_read_and_its_body_dropped() -> None:
    page = read_array(exchange(b'[{"id": "1"}, "x", [], null, {"id": "2"}]', 206))

    assert page.items == ({"id": "1"}, {"id": "2"})
    assert page.ok
    assert page.exchange == exchange(b"", 206)
    assert (page.total, page.start, page.asked) == (None, None, None)


@each_case(
    ("document", "items", "came", "numbers"),
    [
        ({"totalResults": 9, "startIndex": 3, "Resources": [{"id": "1"}]}, 1, 1, (9, 3)),
        ({"totalResults": 0, "startIndex": 1, "Resources": []}, 0, 0, (0, 1)),
        ({"totalResults": 0}, 0, 0, (0, None)),
        ({"totalResults": 0, "Resources": None}, 0, 0, (0, None)),
        ({"Resources": [{"id": "1"}, "x", 7]}, 1, 3, (None, None)),
        ({"totalResults": "9", "startIndex": True, "Resources": []}, 0, 0, (None, None)),
        ({"totalResults": 9.0, "startIndex": [1], "Resources": []}, 0, 0, (None, None)),
        ({"totalResults": -1, "startIndex": -5, "Resources": []}, 0, 0, (-1, -5)),
    ],
)
def test_a_list_response_is_read(
    document: Mapping[str, object], items: int, came: int, numbers: tuple[int | None, int | None]
) -> None:
    page = read_list_response(exchange(json.dumps(document).encode()), 3)

    assert (len(page.items), page.came) == (items, came)
    assert (page.total, page.start, page.asked, page.ok) == (*numbers, 3, True)
    assert page.exchange == exchange(b"")


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"totalResults": 5}', b'{"totalResults": 5, "Resources": {}}', b"null"]
)
def test_a_list_response_has_resources(body: bytes) -> None:
    page = read_list_response(exchange(body), 3)

    assert (page.items, page.ok, page.asked, page.came) == ((), False, 3, 0)
    assert page.exchange == exchange(body)


def test_of_a_long_text_no_more_is_kept_than_a_field_can_hold() -> None:
    long = "x" * 9_000
    user = {"userName": long, "emails": [{"value": long}], long: {"a": long}, "active": True}
    body = json.dumps({"totalResults": 1, "Resources": [user]}).encode()

    (kept,) = read_list_response(exchange(body), 1).items

    most = long[:LONGEST_FIELD]
    expected = {"userName": most, "emails": [{"value": most}], most: {"a": most}, "active": True}
    assert kept == expected
    assert read_array(exchange(json.dumps([user]).encode())).items == (expected,)


def test_the_size_of_a_body_that_was_dropped_stays_known() -> None:
    reply = exchange(b"[1, 2]").without_body().without_body().reply
    assert reply is not None
    assert (reply.body, reply.size) == (b"", 6)


def test_a_failure_has_no_body_to_drop() -> None:
    assert FAILED.without_body() is FAILED


VALUES = json_values(
    st.sampled_from(["Resources", "totalResults", "startIndex"]) | st.text(max_size=9)
)


@given(VALUES.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_any_body_is_a_page_or_none(body: bytes) -> None:
    for page in (read_array(exchange(body)), read_list_response(exchange(body), 1)):
        assert page.exchange == exchange(b"" if page.ok else body)
        assert page.ok or not page.items


@each_case("before", [0, 1, 500, 511, 512, 513, 1_000, 1_024])
@each_case("letter", ["a", "é", '"', "\\", "\n", "𝕒"])
def test_a_long_text_is_cut_wherever_it_stands(before: int, letter: str) -> None:
    item = {"id": "1", "x": ["-" * (before // 2)] * 2, "name": letter * (LONGEST_FIELD + 1)}

    for text in (json.dumps([item]), json.dumps([item], ensure_ascii=False)):
        (kept,) = read_array(exchange(text.encode())).items
        assert kept == item | {"name": letter * LONGEST_FIELD}
