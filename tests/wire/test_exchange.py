from __future__ import annotations

import pytest

from ngrok_scim_cli.wire.exchange import Reply, Request


@pytest.mark.parametrize(
    ("value", "media_type"),
    [
        ("application/scim+json", "application/scim+json"),
        ("Application/JSON ; charset=utf-8", "application/json"),
        ("", None),
    ],
)
def test_media_type_is_bare_and_in_small_letters(value: str, media_type: str | None) -> None:
    assert Reply(200, headers=(("content-type", value),)).media_type == media_type


def test_a_header_is_found_in_any_case_and_the_first_counts() -> None:
    reply = Reply(200, headers=(("a", "1"), ("b", "2"), ("b", "3")))

    assert (reply.header("B"), reply.header("c"), reply.media_type) == ("2", None, None)


def test_a_request_does_not_show_its_headers() -> None:
    assert "secret" not in repr(Request("GET", "https://a.test", headers=(("A", "secret"),)))


def test_the_size_of_a_head_counts_all_that_a_server_can_make_long() -> None:
    long = "a" * 100_000

    for reply in (
        Reply(200, reason=long),
        Reply(200, headers=((long, ""),)),
        Reply(200, headers=(("a", long),)),
        Reply(200, headers=(("a", "b"),) * 1_000),
    ):
        assert reply.head_size >= 100_000
    assert Reply(200).head_size == 0
