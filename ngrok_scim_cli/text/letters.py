"""The letters and digits of a text, whatever escapes, markup or letter forms it is written in.

A server may repeat a text as JSON, HTML, a URL or a dump. Each letter keeps its place in the text.
"""

from __future__ import annotations

import re
from array import array
from itertools import compress, count
from typing import TYPE_CHECKING
from unicodedata import normalize

from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

LAST_ASCII = 128

# For str.translate: leaves the letters and digits of an ASCII text, in lower case.
LETTERS = {
    code: ord(chr(code).lower()) if chr(code).isalnum() else None for code in range(LAST_ASCII)
}

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

# What is written for one character:
#   ⟨U+200B⟩ <U+200B>        our own output, for a character that cannot be seen
#   %41 %u0041 =41           a URL, JavaScript's escape(), quoted-printable
#   \x41 \x{41}             Python, C, Perl
#   \u0041 \U00000041 \u{41}  JSON, Python, JavaScript
#   \101 \0101              octal, as C and Go write it
#   &#65; &#x41; &amp;       HTML and XML
#   \n \t                  a line break or tab in a text of JSON
_ESCAPE = re.compile(
    r"(?=[⟨<%=\\&])(?:"  # so that the others are tried in few places
    r"⟨U\+[0-9A-F]{4,6}⟩|<U\+[0-9A-F]{4,6}>"
    r"|%u00(?P<percent>[0-9A-Fa-f]{2})|[%=](?P<hex>[0-9A-Fa-f]{2})"
    r"|\\x\{?(?P<escaped>[0-9A-Fa-f]{2})\}?"
    r"|(?:\\[uU]\{?0*|&#[xX]0*)(?P<unicode>[0-9A-Fa-f]{2})(?![0-9A-Fa-f])(?:\}|;)?"
    r"|\\u00(?P<four>[0-9A-Fa-f]{2})|\\0?(?P<octal>[0-3][0-7]{2})"
    r"|&#0*(?P<decimal>\d{2,3})(?!\d);?|(?P<ampersand>&amp;)|(?P<control>\\[abfnrtv]))"
)
_HEX_GROUPS = ("percent", "hex", "escaped", "unicode", "four")

# An escape that is escaped, and that once more.
_ROUNDS = 3

# What can be between the letters of a text and is none of them:
#   <wbr> <span class="x">   a tag of HTML
#   ESC [31m                 a colour of the terminal, as it is, escaped, or as our output shows it
#   "0": "1":                what JavaScript puts before each letter of a text taken for an object
_MARKUP = re.compile(
    r"(?=[<\x1b\x9b⟨\\\"'])(?:"  # so that the rest is tried in few places
    r"</?[A-Za-z][^<>]{0,200}>"
    r"|(?:\x1b|\x9b|⟨U\+001B⟩|<U\+001B>|\\x1[bB]|\\u001[bB]|\\033|\\e)\[?[0-9;]{0,20}[A-Za-z]"
    r"""|["']\d{1,4}["']:)"""
)


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters and digits of a text in lower case, and where each begins and ends there."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def has_escapes(text: str) -> bool:
    """Tell whether a character of ``text`` is written as an escape."""
    return _ESCAPE.search(text) is not None


def without_markup(text: str) -> str:
    """Return ``text`` with blanks in place of tags, colours and indexes; its length stays."""
    return _MARKUP.sub(lambda markup: " " * len(markup[0]), text)


def letters_of(text: str, *, drop_controls: bool = False) -> Letters:
    r"""Return the ASCII letters and digits of ``text``.

    An escape (``%41``, ``&#65;``, ``\u0041``) counts as its character, also where the escape is
    escaped; a full-width or mathematical letter counts as the plain one; and what our output shows
    for an invisible character (``⟨U+200B⟩``) counts as nothing. With ``drop_controls`` the two
    characters of ``\n`` count as a line break, and not as the letter n.
    """
    if text.isascii() and text.isalnum():
        return Letters(text.lower(), range(len(text)), range(1, len(text) + 1))
    starts, ends = array("I", range(len(text))), array("I", range(1, len(text) + 1))
    for _ in range(_ROUNDS):
        if not has_escapes(text):
            break
        text, starts, ends = _unescaped(text, starts, ends, drop_controls=drop_controls)
    text = _NOT_ASCII.sub(_in_ascii, text)
    kept = array("I", compress(count(), map(str.isalnum, text)))
    return Letters(
        text.translate(LETTERS),
        array("I", map(starts.__getitem__, kept)),
        array("I", map(ends.__getitem__, kept)),
    )


def _in_ascii(character: re.Match[str]) -> str:
    plain = normalize("NFKC", character[0])
    return plain if len(plain) == 1 and plain.isascii() else " "


def _unescaped(
    text: str, starts: array[int], ends: array[int], *, drop_controls: bool
) -> tuple[str, array[int], array[int]]:
    """Replace each escape by its character, and keep where it began and ended."""
    pieces: list[str] = []
    new_starts, new_ends = array("I"), array("I")
    done = 0
    for match in _ESCAPE.finditer(text):
        first, last = match.span()
        pieces.append(text[done:first])
        new_starts += starts[done:first]
        new_ends += ends[done:first]
        done = last
        if character := _character(match, drop_controls=drop_controls):
            pieces.append(character)
            new_starts.append(starts[first])
            new_ends.append(ends[last - 1])
    pieces.append(text[done:])
    return "".join(pieces), new_starts + starts[done:], new_ends + ends[done:]


def _character(match: re.Match[str], *, drop_controls: bool) -> str:
    if match["ampersand"]:
        return "&"
    if match["control"]:
        return "" if drop_controls else match["control"][1]
    if match["octal"]:
        return chr(int(match["octal"], 8))
    if match["decimal"]:
        return chr(int(match["decimal"]))
    number = next((match[name] for name in _HEX_GROUPS if match[name]), None)
    return chr(int(number, 16)) if number else ""
