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
    from collections.abc import Iterator, Sequence

LAST_ASCII = 128
_LAST_UNICODE = 0x10FFFF

# For str.translate: leaves the letters and digits of an ASCII text, in lower case.
LETTERS = {
    code: ord(chr(code).lower()) if chr(code).isalnum() else None for code in range(LAST_ASCII)
}

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

# What is written for one character:
#   ⟨U+200B⟩ <U+200B>            our own output, for a character that cannot be seen
#   %41 %u0041 =41               a URL, JavaScript's escape(), quoted-printable
#   \x41 \x{41}                  Python, C, Perl
#   \u0041 \U00000041 \u{41}     JSON, Python, JavaScript
#   \101 \0101                   octal, as C and Go write it
#   &#65; &#x41; &amp; &zwnj;    HTML and XML
#   \n \t \0                     a line break, tab or null in a text of JSON or JavaScript
_ESCAPE = re.compile(
    r"(?=[⟨<%=\\&])(?:"  # so that the others are tried in few places
    r"⟨U\+[0-9A-F]{4,6}⟩|<U\+[0-9A-F]{4,6}>"
    r"|%u(?P<percent>[0-9A-Fa-f]{4})|[%=](?P<hex>[0-9A-Fa-f]{2})"
    r"|\\x\{?(?P<escaped>[0-9A-Fa-f]{2})\}?"
    r"|\\[uU]\{(?P<braced>[0-9A-Fa-f]{1,8})\}"
    r"|\\U(?P<eight>[0-9A-Fa-f]{8})|\\[uU](?P<four>[0-9A-Fa-f]{4})"
    r"|&#[xX]0*(?P<reference>[0-9A-Fa-f]{1,6})(?![0-9A-Fa-f]);?"
    r"|&#0*(?P<decimal>\d{1,7})(?!\d);?|&(?P<entity>[A-Za-z][0-9A-Za-z]{1,30});"
    r"|\\0?(?P<octal>[0-3][0-7]{2})|\\(?P<control>[0abfnrtv]))"
)
_BASES = {"octal": 8, "decimal": 10}  # of the others, 16

# An escape that is escaped, and that once more.
_ROUNDS = 3

# What can be between the letters of a text and is none of them:
#   <wbr> <span class="x">   a tag of HTML, a comment, or the start of CDATA in XML
#   ESC [31m  ESC ]8;;…      a colour of the terminal, or its link, as it is, escaped, or as our
#                            output shows it
#   "0": "1":                what JavaScript puts before each letter of a text taken for an object
_MARKUP = re.compile(
    r"(?=[<\x1b\x9b⟨\\\"'])(?:"  # so that the rest is tried in few places
    r"</?[A-Za-z][^<>]{0,200}>|<!--[^<>]{0,200}-->|<!\[CDATA\["
    r"|(?:\x1b|\x9b|⟨U\+001B⟩|<U\+001B>|\\x1[bB]|\\u001[bB]|\\033|\\e)"
    r"(?:\][^\x07\x1b\x9c⟨\\<]{0,300}|[\[(]?[0-?]{0,20}(?:[A-Za-z]|\\{1,2}))"
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


def letters_of(text: str) -> Iterator[Letters]:
    r"""Yield the ASCII letters and digits of ``text``, as it is and after each round of unescaping.

    An escape (``%41``, ``&#65;``, ``\u0041``) counts as its character, also where the escape is
    escaped; a full-width or mathematical letter counts as the plain one; and what cannot be seen
    (``⟨U+200B⟩``, ``&zwnj;``) counts as nothing. The two characters ``\n`` are read as the letter
    n, and as a line break.
    """
    if text.isascii() and text.isalnum():
        yield Letters(text.lower(), range(len(text)), range(1, len(text) + 1))
        return
    plain = text, array("I", range(len(text))), array("I", range(1, len(text) + 1))
    yield _letters(*plain)
    for drop_controls in (False, True):
        read = plain
        for _ in range(_ROUNDS):
            if not has_escapes(read[0]):
                break
            read = _unescaped(*read, drop_controls=drop_controls)
            yield _letters(*read)


def _letters(text: str, starts: array[int], ends: array[int]) -> Letters:
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
    form = match.lastgroup
    if form is None:
        return ""
    written = match[form]
    if form == "entity":
        return "&" if written.lower() == "amp" else ""
    if form == "control":
        return "" if drop_controls else written
    number = int(written, _BASES.get(form, 16))
    return chr(number) if number <= _LAST_UNICODE else ""
