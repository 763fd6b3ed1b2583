"""Finds, names and shows characters that cannot be seen.

A character is named as Unicode does (``U+00A0 NO-BREAK SPACE``), and its position is counted
from 1.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

# What is longer is not examined to its end: no value of Okta's form comes near it.
EXAMINED = 8192

_NAMED = 5
_SHOWN = 200

# Unicode gives control characters no names, only aliases (NameAliases.txt).
_CONTROL_NAMES = {
    "\0": "NULL",
    "\b": "BACKSPACE",
    "\t": "CHARACTER TABULATION",
    "\n": "LINE FEED",
    "\v": "LINE TABULATION",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}

# Invisible, though Unicode counts them as letters, marks or symbols.
_FILLERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0\ufffc"
    "\u180b\u180c\u180d\u180f" + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9))))
)
_TAGS_AND_SELECTORS = range(0xE0000, 0xE1000)

# The bytes 0x80 to 0xFF of a file that is no UTF-8, as ``surrogateescape`` keeps them.
_BYTES = range(0xDC80, 0xDD00)

BYTE_ORDER_MARK = "\ufeff"

# A run of one character that may be odd; everything else is plainly visible.
_CANDIDATES = lazy_pattern(r"([^!-~\u00a1-\u00ac\u00ae-\u02ff])\1*", re.DOTALL)

_PERCENT_ENCODED = lazy_pattern(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPED = lazy_pattern(r"\\[nrt]")
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t"}


class Kind(Enum):
    """In which way a character is odd."""

    WHITESPACE = "whitespace"
    CONTROL = "control"
    INVISIBLE = "invisible"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class OddChar:
    """Where odd characters are: a run of one and the same, or one ``written`` as ``%20``."""

    start: int
    end: int
    character: str
    kind: Kind
    written: str = ""

    @property
    def count(self) -> int:
        """How many characters there are."""
        return 1 if self.written else self.end - self.start


@lru_cache(maxsize=1024)
def kind_of(character: str) -> Kind | None:
    """Tell in which way ``character`` is odd; ``None`` where it can be seen."""
    if character in " \t\n\r\v\f\x85":
        return Kind.WHITESPACE
    category = unicodedata.category(character)
    if category == "Cc":
        return Kind.CONTROL
    code = ord(character)
    if code in _BYTES:
        latin = kind_of(chr(code - 0xDC00))
        return latin if latin is Kind.INVISIBLE else Kind.UNREADABLE
    if category in ("Cf", "Zs", "Zl", "Zp"):
        return Kind.INVISIBLE
    if character in _FILLERS or code in _TAGS_AND_SELECTORS:
        return Kind.INVISIBLE
    return Kind.UNREADABLE if category in ("Cs", "Co", "Cn") else None


def describe(character: str) -> str:
    """Name one character, like ``U+00A0 NO-BREAK SPACE``.

    A byte that was no UTF-8 (a lone surrogate U+DC80 to U+DCFF, PEP 383) is named as a byte.
    """
    code = ord(character)
    if code in _BYTES:
        byte = code - 0xDC00
        return f"byte 0x{byte:02X}, {_name(chr(byte))} in Latin-1"
    name = f"U+{code:04X} {_name(character)}"
    return f"{name}, a byte-order mark" if character == BYTE_ORDER_MARK else name


def _name(character: str) -> str:
    unnamed = {"Cc": "CONTROL CHARACTER", "Cs": "(half of a character)", "Co": "(private use)"}
    return (
        _CONTROL_NAMES.get(character)
        or unicodedata.name(character, "")
        or unnamed.get(unicodedata.category(character), "(unassigned)")
    )


def odd_chars(text: str, *, escapes: bool = False) -> tuple[OddChar, ...]:
    """Find what cannot be seen in ``text``, ``%20`` too; with ``escapes`` also backslash-n."""
    odd = [
        OddChar(match.start(), match.end(), match[1], kind)
        for match in _CANDIDATES.finditer(text)
        if (kind := kind_of(match[1]))
    ]
    for match in _PERCENT_ENCODED.finditer(text) if "%" in text else ():
        start = match.start()
        octets = bytes.fromhex(match[0].replace("%", ""))
        for character in octets.decode("utf-8", "surrogateescape"):
            end = start + 3 * len(character.encode("utf-8", "surrogateescape"))
            kind = kind_of(character)
            if kind is not None and kind is not Kind.UNREADABLE:
                odd.append(OddChar(start, end, character, kind, text[start:end]))
            start = end
    if escapes and "\\" in text:
        odd += [
            OddChar(match.start(), match.end(), _ESCAPES[match[0]], Kind.WHITESPACE, match[0])
            for match in _ESCAPED.finditer(text)
        ]
    return tuple(sorted(odd, key=lambda char: char.start))


def without(text: str, parts: Iterable[Any]) -> str:
    """Return ``text`` without ``parts``, each with a ``start`` and an ``end``, in their order."""
    kept, end = [], 0
    for part in parts:
        kept.append(text[end : part.start])
        end = part.end
    kept.append(text[end:])
    return "".join(kept)


def named(odd: Sequence[OddChar]) -> str:
    """Name the characters at ``odd``, and where they are; the first five by name.

    As in ``U+0020 SPACE (characters 31 to 32), U+000A LINE FEED (character 33)``.
    """
    parts = []
    for char in odd[:_NAMED]:
        is_one = char.end - char.start == 1
        position = f" {char.start + 1}" if is_one else f"s {char.start + 1} to {char.end}"
        parts.append(f"{_as_written(char)} (character{position})")
    if rest := sum(char.count for char in odd[_NAMED:]):
        parts.append(f"and {rest:,} more")
    return ", ".join(parts)


def named_kinds(odd: Iterable[OddChar]) -> str:
    """Name the characters at ``odd``, each once."""
    return first_of(tuple(dict.fromkeys(map(_as_written, odd))), _NAMED)


def _as_written(char: OddChar) -> str:
    name = describe(char.character)
    return f"{name}, written as {char.written}" if char.written else name


def visible(text: str, limit: int = _SHOWN) -> str:
    """Return ``text`` so that each of its characters can be seen, on one line.

    ``·`` is a space, ``⏎`` a line break, ``⇥`` a tab, ``⟨U+00A0⟩`` anything else that is invisible
    or changes how its neighbours look. Where it is longer than ``limit``, its middle is left out.
    """
    if len(text) > limit:
        head, tail = text[: limit - limit // 3], text[-(limit // 3) :]
        return f"{visible(head, limit)} … {visible(tail, limit)}"
    return "".join(map(glyph_of, text.replace("\r\n", "\n")))


def quoted(text: str) -> str:
    """Return ``text`` made visible, in quotation marks."""
    return f"“{visible(text)}”"


@lru_cache(maxsize=1024)
def glyph_of(character: str) -> str:
    """Return what ``visible`` shows in the place of one character."""
    simple = {" ": "·", "\n": "⏎", "\r": "⏎", "\t": "⇥"}.get(character)
    if simple:
        return simple
    hidden = kind_of(character) or unicodedata.category(character) in ("Mn", "Me")
    return f"⟨U+{ord(character):04X}⟩" if hidden else character
