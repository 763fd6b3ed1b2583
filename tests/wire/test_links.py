from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ngrok_scim_cli.wire.exchange import Reply
from ngrok_scim_cli.wire.links import next_link

URL = "https://corp.okta.com/api/v1/apps?limit=200"
NEXT = "https://corp.okta.com/api/v1/apps?after=0oa1&limit=200"


def following(*headers: str) -> str | None:
    return next_link(Reply(200, headers=tuple(("link", value) for value in headers)), URL)


@pytest.mark.parametrize(
    "headers",
    [
        # As Okta sends it, in two headers and in one.
        (f'<{URL}>; rel="self"', f'<{NEXT}>; rel="next"'),
        (f'<{URL}>; rel="self", <{NEXT}>; rel="next"',),
        # The rest of RFC 8288.
        (f"<{NEXT}>;rel=next",),
        (f"<{NEXT}> ; REL = NeXt ",),
        (f'<{NEXT}>; rel="prefetch next"',),
        (f'<{NEXT}>; title="a, b; <c>; rel=self"; rel="next"',),
        (f'<{NEXT}>; title="a \\" b"; rel="next"',),
        (f'<{NEXT}>; rel="n\\ext"',),
        (f'<{NEXT}>; crossorigin; rel="next"',),
        (f'<{NEXT}>;; rel="next";',),
        (f',, <{URL}>; rel="self",, <{NEXT}>; rel="next"',),
        (f'<{URL}>; rel="self"; rel="next", <{NEXT}>; rel="next"; rel="self"',),
        (f'<{URL}>; rel="next"; anchor="#part"', f'<{NEXT}>; rel="next"'),
        (f"<{URL}>", f'<{NEXT}>; rel="next"'),
        (f'< {NEXT} >; rel="next"',),
        ('</api/v1/apps?after=0oa1&limit=200>; rel="next"',),
        ('<?after=0oa1&limit=200>; rel="next"',),
        ('<//corp.okta.com/api/v1/apps?after=0oa1&limit=200>; rel="next"',),
        # The first of several, and what comes after something broken.
        (f'<{NEXT}>; rel="next", <https://evil.example/>; rel="next"',),
        ("nothing of the kind", f'<{NEXT}>; rel="next"'),
        ('<https://evil.example/; rel="next"', f'<{NEXT}>; rel="next"'),
    ],
)
def test_the_following_page_is_found(headers: tuple[str, ...]) -> None:
    assert following(*headers) == NEXT


@pytest.mark.parametrize(
    "headers",
    [
        (),
        ("",),
        (f'<{URL}>; rel="self"',),
        (f'<{NEXT}>; rel="nextish"',),
        (f'<{NEXT}>; rel*="next"',),
        (f'<{NEXT}>; title="rel=next"',),
        (f'<{NEXT}>; rel="next',),
        (f'<{NEXT}> rel="next"',),
        (f'{NEXT}; rel="next"',),
        (f'<{NEXT}; rel="next"',),
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
    assert next_link(None, URL) is None


def test_another_header_is_no_link() -> None:
    assert next_link(Reply(200, headers=(("x-link", f'<{NEXT}>; rel="next"'),)), URL) is None


PIECES = st.sampled_from([*'<>;,"\\= \t\xa0a', "rel", "next", "anchor", NEXT, "//["])


@given(st.lists(st.lists(PIECES, max_size=12).map("".join) | st.text(), max_size=3))
@example(["<a>; rel=next" + ";" * 50_000])
@example(["<a>" + '; a="\\' * 20_000])
@example(["<" * 50_000])
@example(["<a>; a" + " " * 50_000 + ","])
def test_any_header_leads_somewhere_or_nowhere(headers: list[str]) -> None:
    found = following(*headers)

    assert found is None or any("next" in header.replace("\\", "").lower() for header in headers)


@given(
    target=st.from_regex(r"https://[a-z]{1,9}\.test/[A-Za-z0-9%?&=/._~-]{0,30}", fullmatch=True),
    title=st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")),
)
def test_a_link_comes_out_as_it_was_written(target: str, title: str) -> None:
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')

    assert (
        following(f'<{URL}>; title="{quoted}", <{target}>; title="{quoted}"; rel="next"') == target
    )
