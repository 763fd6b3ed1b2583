"""What a copy brings along with a value: whitespace, invisible characters, quotation marks."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

from ngrok_scim_cli.diagnosis.finding import Certainty
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.text.characters import (
    BYTE_ORDER_MARK,
    OddChar,
    describe,
    named_kinds,
    there_are,
    without,
)
from ngrok_scim_cli.text.counting import counted, first_of
from ngrok_scim_cli.text.strip import OTHER_TEXT, Stripped, there_are_affixes

NAMED = 5

_TRIMMED = (
    "A space or a line break was copied along with it. ngrok's guide names leading and trailing "
    "spaces as a cause of a failed test."
)
_WRAPPED_LINE = (
    "A terminal, an e-mail or a document wrapped the line, and the break was copied along with it."
)
_UNSEEN = (
    "Web pages, chat programs and word processors put in characters that no screen shows. They "
    "count as letters, so this is a different value."
)
_AROUND = "They were copied from a document, a command or a chat along with it."


class Pasted(Protocol):
    """A value as it was pasted, and what stands around it."""

    @property
    def typed(self) -> str:
        """All of it, letter for letter."""

    @property
    def stripped(self) -> Stripped:
        """The value itself, and what stands around it."""

    @property
    def invisible(self) -> tuple[OddChar, ...]:
        """The characters that no screen shows."""

    @property
    def gaps(self) -> tuple[OddChar, ...]:
        """The whitespace inside the value."""

    def seen(self, sentence: str) -> str:
        """Return ``sentence`` as evidence, with as much of the value as may be shown."""


Value = TypeVar("Value", bound=Pasted)


class Codes(NamedTuple):
    """The codes of one field: what stands around the value, and what stands in it."""

    around: str
    invisible: str
    before: str
    after: str
    inside: str


def dirt_rules(
    rule: Rules[Value],
    noun: str,
    codes: Codes,
    *,
    retype: str,
    unless: tuple[str, ...] = (),
    has_a_value: Callable[[Value], bool],
    join: Callable[[Value], tuple[str, str] | None],
) -> None:
    """Register the rules that hold for every pasted value.

    Args:
        noun: what the value is called, like ``the key``.
        retype: the fix where a copy would bring the character along.
        unless: codes that leave no value to look at.
        join: removes the gaps inside; ``None`` where nothing comes out of it.
    """

    @rule(
        codes.around,
        f"There are quotation marks, brackets or other text around {noun}",
        _AROUND,
        certainty=Certainty.INFERRED,
        unless=unless,
        repair=lambda value: _unwrap(value, codes.around),
    )
    def _is_wrapped(value: Value) -> Match | None:
        affixes = value.stripped.affixes_of(codes.around)
        if not affixes or not has_a_value(value):
            return None
        if any(affix.name == OTHER_TEXT for affix in affixes):
            first, last = value.stripped.start + 1, value.stripped.end
            return Match(
                value.seen(
                    f"Only its characters {first} to {last} are {noun}; the rest is other text"
                )
            )
        text = value.stripped.text
        places = [
            f"{describe(text[affix.start])} (character {affix.start + 1})" for affix in affixes
        ]
        listed = f"{there_are_affixes(affixes)}: {first_of(places, NAMED)}"
        return Match(value.seen(f"Around it {listed}"))

    @rule(
        codes.invisible,
        f"There is an invisible character in {noun}",
        _UNSEEN,
        retype,
        certainty=Certainty.INFERRED,
        unless=unless,
        repair=lambda value: _remove(value, value.invisible, ""),
    )
    def _holds_an_invisible_character(value: Value) -> Match | None:
        odd = value.invisible
        if not odd:
            return None
        marked = odd[0].start == 0 and odd[0].character == BYTE_ORDER_MARK
        source = " The file was saved with a byte-order mark." if marked else ""
        count = counted(len(value.typed), "character")
        return Match(value.seen(f"Among its {count} {there_are(odd)}") + source)

    @rule(
        codes.before,
        f"There is whitespace before {noun}",
        _TRIMMED,
        certainty=Certainty.VENDOR,
        unless=unless,
        repair=lambda value: _remove(value, value.stripped.before(), " at the start"),
    )
    def _begins_with_whitespace(value: Value) -> Match | None:
        odd = value.stripped.before()
        found = odd and has_a_value(value)
        return Match(value.seen(f"Before {noun} {there_are(odd)}")) if found else None

    @rule(
        codes.after,
        f"There is whitespace after {noun}",
        _TRIMMED,
        certainty=Certainty.VENDOR,
        unless=unless,
        repair=lambda value: _remove(value, value.stripped.after(), " at the end"),
    )
    def _ends_with_whitespace(value: Value) -> Match | None:
        odd = value.stripped.after()
        found = odd and has_a_value(value)
        return Match(value.seen(f"After {noun} {there_are(odd)}")) if found else None

    @rule(
        codes.inside,
        f"There is whitespace or a control character inside {noun}",
        _WRAPPED_LINE,
        certainty=Certainty.INFERRED,
        unless=unless,
        repair=join,
    )
    def _holds_whitespace(value: Value) -> Match | None:
        odd = value.gaps
        found = odd and has_a_value(value)
        return Match(value.seen(f"Inside {noun} {there_are(odd)}")) if found else None


def without_gaps(value: Pasted) -> tuple[str, str]:
    """Remove the gaps inside a value."""
    return _remove(value, value.gaps, " inside it")


def _unwrap(value: Pasted, code: str) -> tuple[str, str]:
    affixes = value.stripped.affixes_of(code)
    names = " and ".join(dict.fromkeys(affix.name for affix in affixes))
    return without(value.typed, affixes), f"remove {names} around it"


def _remove(value: Pasted, odd: tuple[OddChar, ...], place: str) -> tuple[str, str]:
    return without(value.typed, odd), f"remove {named_kinds(odd)}{place}"
