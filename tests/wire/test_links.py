from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ngrok_scim_cli.wire.exchange import Exchange, Reply
from ngrok_scim_cli.wire.pages import next_link
from tests.support.cases import each_case

URL = "https://corp.okta.com/api/v1/apps?limit=200"
NEXT = "https://corp.okta.com/api/v1/apps?after=0oa1&limit=200"


def following(*headers: str) -> str | None:
    reply = Reply(200, headers=tuple(("link", value) for value in headers))
    return next_link(Exchange("list", "GET", URL, reply=reply))


@each_case(
    "headers",
    [
        # As Okta sends it, in two headers and in one.
        (f'<{URL}>; rel="self"', f'<{NEXT}>; rel="next"'),
        (f'<{URL}>; rel="self", <{NEXT}>; rel="next"',),
        (f"<{NEXT}>;rel=next",),
        (f'<{NEXT}>; title="a"; rel="next"',),
        (f"<{URL}>", f'<{NEXT}>; rel="next"'),
        ('</api/v1/apps?after=0oa1&limit=200>; rel="next"',),
        ('<?after=0oa1&limit=200>; rel="next"',),
        ("nothing of the kind", f'<{NEXT}>; rel="next"'),
    ],
)
def test_the_following_page_is_found(headers: tuple[str, ...]) -> None:
    assert following(*headers) == NEXT


@each_case(
    "headers",
    [
        (),
        ("",),
        (f'<{URL}>; rel="self"',),
        (f'<{NEXT}>; rel="nextish"',),
        (f'<{NEXT}>; title="rel=next"',),
        (f'{NEXT} rel="next"',),
        ('<<<<>>>>; rel="self"',),
    ],
)
def test_there_is_no_following_page(headers: tuple[str, ...]) -> None:
    assert following(*headers) is None


def test_the_link_stays_letter_for_letter() -> None:
    odd = "https://corp.okta.com:443/api/../v1/%7e?after=a%2Cb&&limit=200#x"

    assert following(f'<{odd}>; rel="next"') == odd


def test_a_link_that_cannot_be_read_is_left_as_it_is() -> None:
    assert following('<//[x>; rel="next"') == "//[x"


def test_no_reply_leads_nowhere() -> None:
    assert next_link(Exchange("list", "GET", URL)) is None


PIECES = st.sampled_from([*'<>;,"\\= \t\xa0a', "rel", "next", "anchor", NEXT, "//["])


LATIN = st.text(st.characters(max_codepoint=255))


@given(st.lists(st.lists(PIECES, max_size=12).map("".join) | LATIN, max_size=3))
@example(["<a>; rel=next" + ";" * 50_000])
@example(["<a>" + '; a="\\' * 20_000])
@example(["<" * 50_000])
@example(["<a>; a" + " " * 50_000 + ","])
def test_any_header_leads_somewhere_or_nowhere(headers: list[str]) -> None:
    found = following(*headers)

    assert found is None or any("next" in header.replace("\\", "").lower() for header in headers)
