import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.report import Style
from ngrok_scim_cli.report.layout import Page, Tone, shortened_codes, wrap
from ngrok_scim_cli.report.printable import display_width, printable
from tests.report.strategies import texts
from tests.support.cases import each_case


@each_case(
    ("text", "width", "lines"),
    [
        ("", 10, []),
        ("   ", 10, []),
        ("one two three", 7, ["one two", "three"]),
        ("one  two", 10, ["one two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("ab cdefghi", 4, ["ab", "cdef", "ghi"]),
        ("cdefghi ab", 4, ["cdef", "ghi", "ab"]),
        ("see `a b`: c", 8, ["see", "`a b`: c"]),
        ("see `a b c`", 6, ["see `a", "b c`"]),
        ("a ` b ` c ` d", 5, ["a", "` b `", "c ` d"]),
        ("漢字漢", 3, ["漢", "字", "漢"]),
        ("\u0301 a", 4, ["\u0301 a"]),
    ],
)
def test_text_is_wrapped(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@given(texts.map(printable), st.integers(2, 50))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    lines = wrap(text, width)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(display_width(line) <= width for line in lines)


@pytest.mark.parametrize(("asked", "taken"), [(1, 40), (40, 40), (72, 72), (500, 100)])
def test_width_is_kept_within_bounds(asked: int, taken: int) -> None:
    page = Page(Style(width=asked))
    page.paragraph("x" * 900)

    assert max(map(len, page.text().splitlines())) == taken


def test_long_head_stands_on_its_own_line() -> None:
    page = Page(Style(width=40))
    page.headed("a head that is quite long", "and its text")

    assert page.text() == "a head that is quite long\n  and its text\n"


def test_a_word_that_would_break_goes_under_its_label() -> None:
    page = Page(Style(width=40))
    page.two_columns([("Label", "x" * 34), ("", "more")], indent=0)

    assert page.text() == f"Label\n    {'x' * 34}\n    more\n"


def test_a_word_that_breaks_anywhere_stays_beside_its_label() -> None:
    page = Page(Style(width=40))
    page.two_columns([("Label", "x" * 37)], indent=0)

    assert page.text() == f"Label  {'x' * 33}\n       xxxx\n"


def test_a_table_that_is_too_wide_breaks_no_word() -> None:
    page = Page(Style(width=40))
    page.table((("Name", "Value"), ("one", "x" * 30), ("two " * 3, "y")))
    page.table((("Name", "Value"), ("one", "x" * 37), ("two", "y")))

    wide, narrow = page.text().split("\n\n", 1)
    assert wide.splitlines()[-2:] == ["two two   y", "two"]
    assert narrow == f"Name   one\nValue  {'x' * 33}\n       xxxx\n\nName   two\nValue  y\n"


def test_a_status_mark_is_aligned_at_its_column() -> None:
    page = Page(Style(width=40))
    page.marked("a name that is too long for one line", "[ OK ]", "", 40, (None, None))

    first, *rest = page.text().splitlines()
    assert first.endswith("[ OK ]")
    assert len(first) == 40
    assert rest == ["  line"]


def test_colour_is_only_where_asked_for() -> None:
    coloured, plain = Page(Style(colour=True)), Page(Style())
    for page in (coloured, plain):
        page.headed("FAIL", "It fails.", tone=Tone.RED)

    assert coloured.text() == "\x1b[31mFAIL\x1b[0m  It fails.\n"
    assert plain.text() == "FAIL  It fails.\n"


@each_case(
    ("link", "linked"),
    [
        ("https://docs.example/findings#key202", True),
        ("docs/findings/key202.md", False),
        ("http://docs.example/", False),
        ("https://docs.example/\x1b\\evil", False),
        ("https://docs.example/\u202e", False),
        ("https://docs.example/ x", False),
    ],
)
def test_only_a_clean_https_address_becomes_a_link(link: str, linked: bool) -> None:
    page = Page(Style(links=True))
    page.headed("KEY202", "It is so.", link=link)

    expected = f"\x1b]8;;{link}\x1b\\KEY202\x1b]8;;\x1b\\  It is so.\n"
    assert page.text() == (expected if linked else "KEY202  It is so.\n")


@each_case(
    ("text", "linked"),
    [
        ("See https://ngrok.com/docs/iam.", ["https://ngrok.com/docs/iam"]),
        ("(https://acme-admin.okta.com/admin/apps)", ["https://acme-admin.okta.com/admin/apps"]),
        ("https://ngrok.com.evil.example/", []),
        ("https://evil-ngrok.com/x", []),
        ("https://ngrok.com@evil.example/", []),
        ("http://ngrok.com/", []),
        (f"https://ngrok.com/{'x' * 60}", []),
    ],
)
def test_only_whole_addresses_of_ngrok_and_okta_become_links(text: str, linked: list[str]) -> None:
    page = Page(Style(links=True, width=60))
    page.paragraph(text)
    assert re.findall("\x1b]8;;(.+?)\x1b", page.text()) == linked


def test_what_is_set_apart_stands_below_a_rule_where_there_are_colours() -> None:
    coloured, plain = Page(Style(colour=True, width=40)), Page(Style(width=40))
    for page in (coloured, plain):
        page.paragraph("It fails.")
        page.set_apart("Next", "Do it.")
    assert plain.text() == "It fails.\n\nNext  Do it.\n"
    assert f"\x1b[2m{'─' * 40}\x1b[0m\n\x1b[1mNext\x1b[0m  Do it.\n" in coloured.text()


def test_link_needs_to_be_asked_for() -> None:
    page = Page(Style())
    page.headed("KEY202", "It is so.", link="https://docs.example/")

    assert not re.search(r"[^ -~\n]", page.text())


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ((), ""),
        (("ENV008",), "ENV008"),
        (("ENV001", "ENV002"), "ENV001-002"),
        (("USR602", "SCM503", "USR601", "SCM504", "SCM506"), "SCM503-504, SCM506, USR601-602"),
        (("KEY216", "NGR217"), "KEY216, NGR217"),
    ],
)
def test_consecutive_codes_are_shortened_to_a_range(codes: tuple[str, ...], shown: str) -> None:
    assert shortened_codes(codes) == shown


def test_only_codes_of_findings_can_be_drawn_together() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        shortened_codes(["look-up"])


def test_a_table_breaks_its_widest_cells_at_the_width_of_the_page() -> None:
    page = Page(Style(width=40))
    page.table([("Check", "Needs"), ("key", "the SCIM key and a domain in the profile " * 2)])
    lines = page.text().splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[0].startswith("Check  Needs")
    assert len(lines) > 3
