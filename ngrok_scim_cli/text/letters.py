"""The ways to read a text: its escapes replaced, its markup taken out, its letters alone.

A server may repeat a text as JSON, HTML, a URL or a dump. In each reading a character knows where
it is in the text, so that what is found in the reading can be hidden there.
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
    r"|\\{1,4}x\{?(?P<escaped>[0-9A-Fa-f]{2})\}?"
    r"|\\{1,4}[uU]\{(?P<braced>[0-9A-Fa-f]{1,8})\}"
    r"|\\{1,4}U(?P<eight>[0-9A-Fa-f]{8})|\\{1,4}[uU](?P<four>[0-9A-Fa-f]{4})"
    r"|&#[xX]0*(?P<reference>[0-9A-Fa-f]{1,6})(?![0-9A-Fa-f]);?"
    r"|&#0*(?P<decimal>\d{1,7})(?!\d);?|&(?P<entity>[A-Za-z][0-9A-Za-z]{1,30});"
    r"|\\{1,4}0?(?P<octal>[0-3][0-7]{2})|\\{1,4}(?P<control>[0abfnrtv]))"
)
_BASES = {"octal": 8, "decimal": 10}  # of the others, 16
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "hellip": "…"}

# An escape that is escaped, and that again and again.
_ROUNDS = 4

# What can be between the letters of a text and is none of them:
#   <wbr> <span class="x">   a tag of HTML, a comment, or the start of CDATA in XML
#   ESC [31m  ESC ]8;;…      a colour of the terminal, or its link, as it is, escaped, or as our
#                            output shows it
#   "0": [2] => (3,          the index of each piece, where a text was taken for an object or a list
_MARKUP = re.compile(
    r"(?=[<\x1b\x9b⟨\\\"'\[(])(?:"  # so that the rest is tried in few places
    r"</?[A-Za-z][^<>]{0,200}>|<!--[^<>]{0,200}-->|<!\[CDATA\["
    r"|(?:\x1b|\x9b|⟨U\+001B⟩|<U\+001B>|\\x1[bB]|\\u001[bB]|\\033|\\e)"
    r"(?:\][^\x07\x1b\x9c⟨\\<]{0,300}|[\[(]?[0-?]{0,20}(?:[A-Za-z]|\\{1,2}))"
    r"""|(?:\\{0,8}["']|\[)\d{1,4}(?:\\{0,8}["']|\])\s{0,4}(?:=>?|:)"""
    r"|\(\d{1,4},)"
)
# 0: 1 =>                      such an index without quotation marks, where a line or item begins
_INDEX = re.compile(r"[{,\n][^\S\n]{0,8}\d{1,4}\s{0,4}(?:=>|:(?!\d))")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text, and where each of its characters begins and ends in the text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def letters(self) -> Reading:
        """Return the ASCII letters and digits alone, in lower case.

        A full-width or mathematical letter counts as the plain one.
        """
        text = _NOT_ASCII.sub(_in_ascii, self.text)
        kept = array("I", compress(count(), map(str.isalnum, text)))
        return Reading(
            text.translate(LETTERS),
            array("I", map(self.starts.__getitem__, kept)),
            array("I", map(self.ends.__getitem__, kept)),
        )


def is_plain(text: str) -> bool:
    """Tell whether there is only one way to read ``text``."""
    return (
        text.isascii()
        and not _ESCAPE.search(text)
        and not _MARKUP.search(text)
        and not _INDEX.search(f"\n{text}")
    )


def readings_of(text: str) -> Iterator[Reading]:
    r"""Yield ``text`` as it is, and after each round of unescaping; each also without its markup.

    An escape (``%41``, ``&#65;``, ``\u0041``) becomes its character, also where the escape is
    escaped, and what cannot be seen (``⟨U+200B⟩``, ``&zwnj;``) becomes nothing. In a second reading
    ``\n`` is a line break, not the letter n, and ``=41`` is no escape.
    """
    as_it_is = Reading(text, range(len(text)), range(1, len(text) + 1))
    yield from _with_and_without_markup(as_it_is)
    for is_literal in (False, True):
        reading = as_it_is
        for _ in range(_ROUNDS):
            before = reading.text
            reading = _unescaped(reading, is_literal=is_literal)
            if reading.text == before:
                break
            yield from _with_and_without_markup(reading)


def _with_and_without_markup(reading: Reading) -> Iterator[Reading]:
    yield reading
    bare = f"\n{reading.text}"
    for pattern in (_MARKUP, _INDEX):
        bare = pattern.sub(_blank, bare)
    bare = bare[1:]
    if bare != reading.text:
        yield Reading(bare, reading.starts, reading.ends)


def _blank(markup: re.Match[str]) -> str:
    return " " * len(markup[0])


def _in_ascii(character: re.Match[str]) -> str:
    plain = normalize("NFKC", character[0])
    return plain if len(plain) == 1 and plain.isascii() else " "


def _unescaped(reading: Reading, *, is_literal: bool) -> Reading:
    """Replace each escape by its character, and keep where it began and ended."""
    text, pieces = reading.text, []
    if not _ESCAPE.search(text):
        return reading
    starts, ends = array("I"), array("I")
    done = 0
    for match in _ESCAPE.finditer(text):
        first, last = match.span()
        character = _character(match, is_literal=is_literal)
        if character is None:
            continue
        pieces += [text[done:first], character]
        starts.extend(reading.starts[done:first])
        ends.extend(reading.ends[done:first])
        done = last
        if character:
            starts.append(reading.starts[first])
            ends.append(reading.ends[last - 1])
    pieces.append(text[done:])
    starts.extend(reading.starts[done:])
    ends.extend(reading.ends[done:])
    return Reading("".join(pieces), starts, ends)


def _character(match: re.Match[str], *, is_literal: bool) -> str | None:
    """Return what an escape stands for; ``None`` where it is read as it is written."""
    form = match.lastgroup
    if form is None:
        return ""
    written = match[form]
    if form == "entity":
        return _ENTITIES.get(written.lower(), "")
    if form == "control":
        return "" if is_literal else written
    if is_literal and match[0].startswith("="):
        return None
    number = int(written, _BASES.get(form, 16))
    return chr(number) if number <= _LAST_UNICODE else ""
