import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.report.printable import (
    display_width,
    json_without_runner_commands,
    printable,
    shortened,
    without_runner_commands,
)
from tests.support.cases import each_case


@each_case(
    ("text", "shown"),
    [
        ("", ""),
        ("two  spaces stay", "two  spaces stay"),
        ("a\nb\r\nc\rd", "a⏎b⏎c⏎d"),
        ("a\tb", "a⇥b"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("\x00\x7f", "⟨U+0000⟩⟨U+007F⟩"),
        ("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"),
        ("zero\u200bwidth\u00ad", "zero⟨U+200B⟩width⟨U+00AD⟩"),
        ("\u00a0\u3000", "⟨U+00A0⟩⟨U+3000⟩"),
        ("\u3164\u2800\ufe0f", "⟨U+3164⟩⟨U+2800⟩⟨U+FE0F⟩"),
        ("\ud800\ufffe\ue000", "⟨U+D800⟩⟨U+FFFE⟩⟨U+E000⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("Zoë 漢字 e\u0301", "Zoë 漢字 e\u0301"),
        ("e" + "\u0301" * 5, "e\u0301\u0301\u0301⟨U+0301⟩⟨U+0301⟩"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u00a0b", "a<U+00A0>b"),
        ("\u201ca·b⏎\u201d", '"a<space>b<line break>"'),
        ("it\u2019s \u2013 … → •", "it's - ... -> *"),
        ("Zoë", "Zo<U+00EB>"),
        ("a\tb", "a<tab>b"),
    ],
)
def test_ascii_screen_gets_ascii(text: str, shown: str) -> None:
    assert printable(text, unicode=False) == shown


def test_lines_are_kept_where_asked_for() -> None:
    assert printable("a\r\nb\x1b\n", keep_lines=True) == "a\nb⟨U+001B⟩\n"


@given(st.text(st.characters()))
def test_printable_text_is_printable(text: str) -> None:
    assert printable(text).isprintable()


@given(st.text(st.characters()))
def test_printable_text_stays_as_it_is(text: str) -> None:
    shown = printable(text)

    assert printable(shown) == shown


def test_long_text_loses_its_middle() -> None:
    text = "a" * 5000 + "z" * 5000

    short = shortened(text)

    assert short.startswith("a" * 750)
    assert short.endswith("z" * 250)
    assert "9,000 characters left out" in short
    assert shortened("b" * 1000) == "b" * 1000


@each_case(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("漢字", 4),
        ("ｆｕ", 4),
        ("e\u0301", 1),
        ("Zoë", 3),
        ("😀", 2),
        ("⟨·⟩", 3),
    ],
)
def test_columns_are_those_of_a_terminal(text: str, columns: int) -> None:
    assert display_width(text) == columns


RUNNER_COMMANDS = [
    "::add-mask::secret",
    "  ::stop-commands::token",
    "\t::error file=a,line=1::Look here",
    "first line\n    ::set-output name=x::y",
    "##[error]x",
    "user ##[section]x",
    "x ##vso[task.setvariable variable=a]b",
    "##teamcity[testFailed name='x']",
]


@each_case("text", RUNNER_COMMANDS)
def test_a_ci_runner_finds_no_command_in_our_output(text: str) -> None:
    for shown in (without_runner_commands(text), without_runner_commands(text, unicode=False)):
        assert not any(line.strip().startswith("::") for line in shown.splitlines())
        assert "##[" not in shown
        assert "##vso[" not in shown
        assert "##teamcity[" not in shown
    assert without_runner_commands(text, unicode=False).isascii()


@each_case("text", ["", "## Heading", "fe80::1", "::1 is this machine", "a::b::c", "# x"])
def test_text_that_is_no_runner_command_is_kept(text: str) -> None:
    assert without_runner_commands(text) == text
    assert json_without_runner_commands(text) == text


@each_case("text", RUNNER_COMMANDS)
def test_an_escape_for_a_runner_changes_nothing_in_json(text: str) -> None:
    document = json_without_runner_commands(json.dumps({text: text}, indent=2))
    assert json.loads(document) == {text: text}
    assert without_runner_commands(document) == document
