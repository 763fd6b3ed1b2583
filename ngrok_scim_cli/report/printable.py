"""Text that a server or a person gave, made safe for a terminal and for a page."""

import re
import unicodedata
from functools import lru_cache

from ngrok_scim_cli.text.characters import glyph_of, kind_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

# What a server sent may be long; the verdict must not scroll away.
_LONGEST = 1000

# A letter may carry this many marks, as in Vietnamese or Hebrew; more would cover the lines above.
_MARKS_ON_A_LETTER = 3

# What a CI runner takes for a command: GitHub's at the beginning of a line, whatever whitespace is
# in front (`::add-mask::`), its older ones, those of Azure Pipelines and of TeamCity anywhere.
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
_RUNNER_COMMAND = lazy_pattern(
    r"^(?P<before>[^\S\n]*):(?=:[A-Za-z][^\n]*?::)|#(?=#(?:[A-Za-z]+)?\[)", re.MULTILINE
)
_RUNNER_COMMAND_IN_JSON = lazy_pattern(r"#(?=#(?:[A-Za-z]+)?\[)")

# What our own texts use, for a screen that shows ASCII only.
_IN_ASCII = {
    "·": "<space>",
    "⏎": "<line break>",
    "⇥": "<tab>",
    "⟨": "<",
    "⟩": ">",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "…": "...",
    "→": "->",
    "•": "*",
}


def printable(text: str, *, unicode: bool = True, keep_lines: bool = False) -> str:
    """Return ``text`` without anything that steers a screen or cannot be seen.

    A line break becomes ``⏎``, a tab ``⇥``, every other control, invisible, direction-changing,
    unassigned or broken character its code point, like ``⟨U+202E⟩``. Plain spaces stay.

    Args:
        unicode: whether the screen shows more than ASCII; if not, letters outside it become
            their code point, too, like ``<U+00E9>``.
        keep_lines: let line feeds be line breaks.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = []
    marks = 0
    for character in text.replace("\r\n", "\n"):
        if character == "\n" and keep_lines:
            shown.append(character)
            continue
        marks = marks + 1 if _is_mark(character) else 0
        is_mark = 0 < marks <= _MARKS_ON_A_LETTER and not kind_of(character)
        glyph = character if is_mark or character == " " else glyph_of(character)
        if not unicode:
            glyph = "".join(
                letter if letter.isascii() else _IN_ASCII.get(letter, f"<U+{ord(letter):04X}>")
                for letter in glyph
            )
        shown.append(glyph)
    return "".join(shown)


def without_runner_commands(text: str, *, unicode: bool = True) -> str:
    """Return ``text``, in the lines in which it goes out, without a CI runner's command."""
    shown = "⟨U+{:04X}⟩" if unicode else "<U+{:04X}>"

    def visible(match: re.Match[str]) -> str:
        before = match["before"]
        return shown.format(ord("#")) if before is None else before + shown.format(ord(":"))

    return _RUNNER_COMMAND.sub(visible, text)


def json_without_runner_commands(text: str) -> str:
    r"""Return the JSON document ``text`` with ``#`` escaped where a CI runner looks for a command.

    None of its lines begins with text, so that ``::`` needs no escape.
    """
    return _RUNNER_COMMAND_IN_JSON.sub(r"\\u0023", text)


def shortened(text: str) -> str:
    """Return ``text`` with its middle left out, if it has more than 1,000 characters."""
    if len(text) <= _LONGEST:
        return text
    left_out = f" … ({len(text) - _LONGEST:,} characters left out) … "
    return text[: _LONGEST * 3 // 4] + left_out + text[-(_LONGEST // 4) :]


def display_width(text: str) -> int:
    """Return how many columns the printable ``text`` takes on a terminal (UAX #11)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=1024)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


@lru_cache(maxsize=1024)
def _columns(character: str) -> int:
    if _is_mark(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
