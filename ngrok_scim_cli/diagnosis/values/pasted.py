"""A value as it was pasted: what is around it and in it that does not belong, and the rules for it.

That is whitespace, invisible characters, quotation marks and brackets, and other text.
"""

import re
from collections.abc import Callable
from dataclasses import field
from typing import NamedTuple, TypeVar

from ngrok_scim_cli.diagnosis.finding import Certainty
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import (
    BYTE_ORDER_MARK,
    EXAMINED,
    Kind,
    OddChar,
    describe,
    kind_of,
    named,
    named_kinds,
    without,
)
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

NAMED = 5

_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›"
_OPENING = _QUOTES + "<([{"
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}

# The name of an affix that is no wrapping: a command, a sentence.
OTHER_TEXT = "other text"

_PASTE_MARKS = "paste marks"
_PASTE_BEGINS = lazy_pattern(r"\[?2?0?0~")
_PASTE_ENDS = ("[201~", "201~", "01~", "1~")
_ESCAPE = "\x1b"


class Affix(NamedTuple):
    """Something that was taken off; ``name`` has no part of what was typed.

    Attributes:
        code: the finding that it is; empty for what is merely around the value.
    """

    start: int
    end: int
    name: str
    code: str = ""


# Returns what to take off next from the text between two offsets.
Stripper = Callable[[str, int, int], tuple[Affix, ...]]
# Where a value begins and ends, the odd characters of the text, and what was taken off.
Stripped = tuple[int, int, tuple[OddChar, ...], tuple[Affix, ...]]


@dataclass(frozen=True, slots=True)
class Pasted:
    """A value as it was pasted. It may be a key, so that no letter of it is in ``repr``.

    Attributes:
        start: where the value itself begins.
        odd: the odd characters, also those around the value.
        affixes: what else is around it, in order.
    """

    typed: str = field(repr=False)
    start: int
    end: int
    odd: tuple[OddChar, ...]
    affixes: tuple[Affix, ...]

    @property
    def text(self) -> str:
        """The part that is examined."""
        return self.typed[:EXAMINED]

    @property
    def is_too_long(self) -> bool:
        """Whether its end was not examined."""
        return len(self.typed) > EXAMINED

    @property
    def has_a_value(self) -> bool:
        """Whether there is one value, whose whitespace and wrapping matter."""
        return True

    @property
    def value(self) -> str:
        """The value itself, without odd characters."""
        odd = self.inside(*Kind)
        return without(
            self.text, (Affix(0, self.start, ""), *odd, Affix(self.end, len(self.text), ""))
        )

    @property
    def before(self) -> tuple[OddChar, ...]:
        """The whitespace before the value."""
        return tuple(s for s in self.of_kind(Kind.WHITESPACE) if s.end <= self.start)

    @property
    def after(self) -> tuple[OddChar, ...]:
        """The whitespace after the value."""
        odd = self.of_kind(Kind.WHITESPACE)
        return tuple(s for s in odd if s.start >= self.end and s.end > self.start)

    @property
    def gaps(self) -> tuple[OddChar, ...]:
        """What is inside the value and does not belong there."""
        raise NotImplementedError

    @property
    def invisible(self) -> tuple[OddChar, ...]:
        """The characters that no screen shows."""
        return self.of_kind(Kind.INVISIBLE)

    @property
    def foreign(self) -> tuple[tuple[int, str], ...]:
        """The visible characters outside ASCII in the value, with their offsets."""
        return tuple(
            (offset, letter)
            for offset, letter in enumerate(self.text[self.start : self.end], self.start)
            if not letter.isascii() and kind_of(letter) is None
        )

    def of_kind(self, *kinds: Kind) -> tuple[OddChar, ...]:
        """Return the odd characters of ``kinds``, also those around the value."""
        return tuple(char for char in self.odd if char.kind in kinds)

    def inside(self, *kinds: Kind) -> tuple[OddChar, ...]:
        """Return the odd characters of ``kinds`` inside the value."""
        odd = self.of_kind(*kinds)
        return tuple(s for s in odd if self.start <= s.start and s.end <= self.end)

    def affixes_of(self, code: str = "") -> tuple[Affix, ...]:
        """Return the affixes that are the finding ``code``, or are merely around the value."""
        return tuple(affix for affix in self.affixes if affix.code == code)

    def seen(self, sentence: str) -> str:
        """Return ``sentence`` as evidence, with as much of the value as may be shown."""
        return f"{sentence}."

    def removed(self, odd: tuple[OddChar, ...], where: str = "") -> tuple[str, str]:
        """Return what was typed without ``odd``, and that as words."""
        return without(self.typed, odd), f"remove {named_kinds(odd)}{where}"

    def joined(self) -> tuple[str, str] | None:
        """Return what was typed without the gaps inside the value, and that as words."""
        return self.removed(self.gaps, " inside it")


def strip(text: str, odd: tuple[OddChar, ...], *strippers: Stripper) -> Stripped:
    """Take off layer by layer what is around a value, by the first stripper that fits."""
    starts = {char.start: char for char in odd}
    ends = {char.end: char for char in odd}
    start, end = 0, len(text)
    affixes: list[Affix] = []
    while True:
        while start < end and start in starts:
            start = min(starts[start].end, end)
        while start < end and end in ends:
            end = max(ends[end].start, start)
        found = next(filter(None, (stripper(text, start, end) for stripper in strippers)), ())
        if start == end or not found:
            break
        for affix in found:
            start, end = (affix.end, end) if affix.start <= start else (start, affix.start)
        affixes += found
    covered = {offset for affix in affixes for offset in range(affix.start, affix.end)}
    free = tuple(char for char in odd if char.start not in covered)
    return start, end, free, tuple(sorted(affixes))


def other_text(whole: tuple[int, int], value: tuple[int, int]) -> tuple[Affix, ...]:
    """Take off what is between the ends of ``whole`` and ``value``; perhaps nothing."""
    affixes = (Affix(whole[0], value[0], OTHER_TEXT), Affix(value[1], whole[1], OTHER_TEXT))
    return tuple(affix for affix in affixes if affix.start < affix.end)


def opening_mark(text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off a quotation mark or an opening bracket in front."""
    is_one = start < end and text[start] in _OPENING
    return (Affix(start, start + 1, _mark(text[start])),) if is_one else ()


def closing_mark(text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off a quotation mark, or a closing bracket that nothing inside opens, at the end."""
    last = text[start:end][-1:]
    opens = _CLOSING.get(last)
    is_one = (last and last in _QUOTES) or (opens and opens not in text[start:end])
    return (Affix(end - 1, end, _mark(last)),) if is_one else ()


def paste_marks(text: str, start: int, end: int, value: re.Pattern[str]) -> tuple[Affix, ...]:
    """Take off what a terminal wrote around a paste: ESC [200~ and ESC [201~, whole or in part.

    Where more than one mark fits, the one is meant that leaves a ``value``.
    """
    begins = _PASTE_BEGINS.match(text, start, end)
    if begins:
        first = start - 1 if text[max(start - 1, 0)] == _ESCAPE else start
        return (Affix(first, begins.end(), _PASTE_MARKS),)
    marks = [mark for mark in _PASTE_ENDS if text.endswith(mark, start, end)]
    whole = (mark for mark in marks if value.fullmatch(text, start, end - len(mark)))
    mark = next(whole, marks[0] if marks else "")
    first = end - len(mark)
    if mark.startswith("[") and text[first - 1] == _ESCAPE:
        first -= 1
    return (Affix(first, end, _PASTE_MARKS),) if mark else ()


def _mark(character: str) -> str:
    if character == "`":
        return "backticks"
    return "quotation marks" if character in _QUOTES else "brackets"


Value = TypeVar("Value", bound=Pasted)


class _Odd(NamedTuple):
    """Odd characters of one kind or at one end; ``of`` is the property that has them."""

    of: str
    title: str
    cause: str
    seen: str
    where: str = ""
    certainty: Certainty = Certainty.INFERRED

    def look(self, value: Pasted) -> Match | None:
        """Look for them; whitespace matters only where there is a value."""
        odd = getattr(value, self.of)
        if not odd or not (value.has_a_value or self.of == "invisible"):
            return None
        seen = value.seen(f"It {self.seen} {named(odd)}")
        if odd[0].start == 0 and odd[0].character == BYTE_ORDER_MARK:
            seen += " The file was saved with a byte-order mark."
        repaired = value.joined() if self.of == "gaps" else value.removed(odd, self.where)
        return Match(seen, repaired=repaired)


_VENDOR = Certainty.VENDOR
_TRIMMED = (
    "A space or a line break was copied along with it. ngrok's guide names leading and trailing "
    "spaces as a cause of a failed test."
)
_ODD = (
    _Odd(
        "invisible",
        "an invisible character in",
        "Web pages, chat programs and word processors insert characters that no screen shows. They "
        "count as letters, so this is a different value.",
        "contains",
    ),
    _Odd("before", "whitespace before", _TRIMMED, "begins with", " at the start", _VENDOR),
    _Odd("after", "whitespace after", _TRIMMED, "ends with", " at the end", _VENDOR),
    _Odd(
        "gaps",
        "whitespace or a control character inside",
        "A terminal, an e-mail or a document wrapped the line, and the break was copied along with "
        "it.",
        "contains",
    ),
)


def stray_character_rules(
    rule: Rules[Value], noun: str, codes: str, *, retype: str, unless: tuple[str, ...] = ()
) -> None:
    """Register the rules that every pasted value is checked by.

    Args:
        codes: of what is around the value, of an invisible character, and of whitespace before,
            after and inside it.
        retype: the fix where a copy would bring the character along.
        unless: codes that leave no value to look at.
    """
    around, *others = codes.split()

    @rule(
        around,
        f"There are quotation marks, brackets or other text around {noun}",
        "They were copied from a document, a command or a chat along with it.",
        unless=unless,
    )
    def _is_wrapped(value: Value) -> Match | None:
        affixes = value.affixes_of()
        if not affixes or not value.has_a_value:
            return None
        names = " and ".join(dict.fromkeys(affix.name for affix in affixes))
        marks = [
            f"{describe(value.text[affix.start])} (character {affix.start + 1})"
            for affix in affixes
        ]
        seen = f"It comes with {names}: {first_of(marks, NAMED)}"
        if any(affix.name == OTHER_TEXT for affix in affixes):
            only = f"Only characters {value.start + 1} to {value.end} are {noun}"
            seen = f"{only}. The rest is other text"
        repaired = without(value.typed, affixes), f"remove {names} around it"
        return Match(value.seen(seen), repaired=repaired)

    for code, odd in zip(others, _ODD, strict=True):
        title, fix = f"There is {odd.title} {noun}", retype if odd.of == "invisible" else ""
        rule(code, title, odd.cause, fix, certainty=odd.certainty, unless=unless)(odd.look)


def foreign_letters(value: Pasted) -> list[str]:
    """Say of each letter outside ASCII where it is, what it is, and what it looks like."""
    return [
        f"character {at + 1} is {describe(letter)}{imitation(letter)}"
        for at, letter in value.foreign
    ]
