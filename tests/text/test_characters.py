import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.text.characters import (
    Kind,
    OddChar,
    describe,
    kind_of,
    named,
    named_kinds,
    odd_chars,
    quoted,
    visible,
    without,
)
from tests.support.cases import each_case

ANY_TEXT = st.text(st.characters(codec=None))


@each_case(
    ("character", "name"),
    [
        ("a", "U+0061 LATIN SMALL LETTER A"),
        (" ", "U+0020 SPACE"),
        ("\t", "U+0009 CHARACTER TABULATION"),
        ("\n", "U+000A LINE FEED"),
        ("\r", "U+000D CARRIAGE RETURN"),
        ("\0", "U+0000 NULL"),
        ("\x1b", "U+001B ESCAPE"),
        ("\x1f", "U+001F CONTROL CHARACTER"),
        ("\x7f", "U+007F DELETE"),
        ("\x85", "U+0085 NEXT LINE"),
        ("\x9b", "U+009B CONTROL CHARACTER"),
        ("\u00a0", "U+00A0 NO-BREAK SPACE"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE, a byte-order mark"),
        ("\U0001f511", "U+1F511 KEY"),
        ("\udca0", "byte 0xA0, NO-BREAK SPACE in Latin-1"),
        ("\udce9", "byte 0xE9, LATIN SMALL LETTER E WITH ACUTE in Latin-1"),
        ("\ud800", "U+D800 (half of a character)"),
        ("\ue000", "U+E000 (private use)"),
        ("\u0378", "U+0378 (unassigned)"),
    ],
)
def test_a_character_is_named_by_code_point_and_unicode_name(character: str, name: str) -> None:
    assert describe(character) == name


WHITESPACE = " \t\n\r\v\f\x85"
CONTROL = "\0\x07\x1b\x1c\x7f\x80\x9f"
INVISIBLE = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u180b\u180e\u2000\u2005\u200a\u200b\u200c"
    "\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u202f\u205f\u2060\u2066\u2069\u2800\u3000\u3164"
    "\ufe00\ufe0f\ufeff\uffa0\ufffc\U000e0001\U000e0041\U000e0100\udca0\udcad"
)
UNREADABLE = "\ud800\udfff\udce9\udc80\ue000\u0378\uffff\U0010ffff"
VISIBLE = "a~!é·€中א…“😀\ufffd"


@pytest.mark.parametrize(
    ("kind", "characters"),
    [
        (Kind.WHITESPACE, WHITESPACE),
        (Kind.CONTROL, CONTROL),
        (Kind.INVISIBLE, INVISIBLE),
        (Kind.UNREADABLE, UNREADABLE),
        (None, VISIBLE),
    ],
)
def test_each_character_is_of_a_kind(kind: Kind | None, characters: str) -> None:
    assert {describe(each): kind_of(each) for each in characters} == dict.fromkeys(
        map(describe, characters), kind
    )


@each_case(
    ("text", "shown"),
    [
        ("plain", "plain"),
        (" a b ", "·a·b·"),
        ("a\r\nb\nc\rd", "a⏎b⏎c⏎d"),
        ("a\tb", "a⇥b"),
        ("a\u00a0b", "a⟨U+00A0⟩b"),
        ("\x1b[31m", "⟨U+001B⟩[31m"),
        ("\u202etxt", "⟨U+202E⟩txt"),
        ("\udca0\ud800\ue000\u0378", "⟨U+DCA0⟩⟨U+D800⟩⟨U+E000⟩⟨U+0378⟩"),
        ("e\u0301", "e⟨U+0301⟩"),
        ("é", "é"),
    ],
)
def test_every_character_becomes_visible(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert quoted(text) == f"“{shown}”"


@given(ANY_TEXT)
def test_what_is_visible_holds_nothing_that_is_not(text: str) -> None:
    assert {letter for letter in visible(text, 10_000) if kind_of(letter)} == set()


def test_the_middle_of_a_long_text_is_left_out() -> None:
    assert visible("a" * 90 + "b" * 10 + "\n", 30) == "a" * 20 + " … " + "b" * 9 + "⏎"


def spots(text: str, *, escapes: bool = False) -> list[tuple[int, int, str, str]]:
    found = odd_chars(text, escapes=escapes)
    return [(char.start, char.end, char.character, char.written) for char in found]


@each_case(
    ("text", "expected"),
    [
        ("plain", []),
        ("  a ", [(0, 2, " ", ""), (3, 4, " ", "")]),
        ("a\r\n", [(1, 2, "\r", ""), (2, 3, "\n", "")]),
        ("é\u200b\u200b", [(1, 3, "\u200b", "")]),
        ("a%20b", [(1, 4, " ", "%20")]),
        ("%0d%0A", [(0, 3, "\r", "%0d"), (3, 6, "\n", "%0A")]),
        ("%E2%80%8B%C2%A0", [(0, 9, "\u200b", "%E2%80%8B"), (9, 15, "\u00a0", "%C2%A0")]),
        ("%2F%41%C3%A9", []),
        ("%FF%A0", [(3, 6, "\udca0", "%A0")]),
        ("%zz%2", []),
        ("a\\n", []),
    ],
)
def test_odd_characters_are_found_at_their_positions(
    text: str, expected: list[tuple[int, int, str, str]]
) -> None:
    assert spots(text) == expected


def test_escapes_are_found_on_request() -> None:
    assert spots("a\\n\\t", escapes=True) == [(1, 3, "\n", "\\n"), (3, 5, "\t", "\\t")]


@given(ANY_TEXT)
def test_without_its_odd_characters_a_text_is_visible(text: str) -> None:
    rest = without(text, odd_chars(text))
    assert not [letter for letter in rest if kind_of(letter)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a ", "U+0020 SPACE (character 2)"),
        ("a   ", "U+0020 SPACE (characters 2 to 4)"),
        (
            " a\n",
            "U+0020 SPACE (character 1), U+000A LINE FEED (character 3)",
        ),
        ("a%20", "U+0020 SPACE, written as %20 (characters 2 to 4)"),
    ],
)
def test_odd_characters_are_named_with_their_positions(text: str, words: str) -> None:
    assert named(odd_chars(text)) == words


def test_at_most_five_odd_characters_are_named() -> None:
    words = named(odd_chars(" \t" * 1000))
    assert words.startswith("U+0020 SPACE (character 1), U+0009 ")
    assert words.endswith("U+0020 SPACE (character 5), and 1,995 more")


def test_each_kind_of_odd_character_is_named_once() -> None:
    assert named_kinds(odd_chars(" a \t")) == "U+0020 SPACE, U+0009 CHARACTER TABULATION"
    assert named_kinds(odd_chars("\0\1\2\3\4\5\6")).endswith("U+0004 CONTROL CHARACTER and 2 more")


def test_an_encoded_character_counts_once() -> None:
    assert OddChar(0, 3, " ", Kind.WHITESPACE, "%20").count == 1
    assert OddChar(0, 3, " ", Kind.WHITESPACE).count == 3
