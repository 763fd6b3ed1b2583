"""Rules for stray characters in a pasted value: whitespace, invisible ones, quotation marks."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from ngrok_scim_cli.diagnosis.finding import Certainty
from ngrok_scim_cli.diagnosis.rules import Fixed, Repair, Rules
from ngrok_scim_cli.diagnosis.values.pasted import OTHER_TEXT, Affix, Pasted
from ngrok_scim_cli.text.characters import (
    BYTE_ORDER_MARK,
    OddChar,
    describe,
    named,
    named_kinds,
    without,
)
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.counting import first_of

NAMED = 5

_TRIMMED = (
    "A space or a line break was copied along with it. ngrok's guide names leading and trailing "
    "spaces as a cause of a failed test."
)
_WRAPPED_LINE = (
    "A terminal, an e-mail or a document wrapped the line, and the break was copied along with it."
)
_UNSEEN = (
    "Web pages, chat programs and word processors insert characters that no screen shows. They "
    "count as letters, so this is a different value."
)
_AROUND = "They were copied from a document, a command or a chat along with it."


Value = TypeVar("Value", bound=Pasted)


class Codes(NamedTuple):
    """The codes of one field: for what is around the value, and for what is in it."""

    around: str
    invisible: str
    before: str
    after: str
    inside: str


def stray_character_rules(
    rule: Rules[Value],
    noun: str,
    codes: Codes,
    *,
    retype: str,
    unless: tuple[str, ...] = (),
    has_a_value: Callable[[Value], bool] = lambda _: True,
    join: Repair[Value],
) -> None:
    """Register the rules that hold for every pasted value.

    Args:
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
        repair=_remove_affixes,
    )
    def _is_wrapped(value: Value) -> str:
        affixes = value.affixes_of()
        if not affixes or not has_a_value(value):
            return ""
        if any(affix.name == OTHER_TEXT for affix in affixes):
            first, last = value.start + 1, value.end
            return value.seen(
                f"Only characters {first} to {last} are {noun}. The rest is other text"
            )
        marks = [(value.text[affix.start], affix.start + 1) for affix in affixes]
        places = [f"{describe(mark)} (character {place})" for mark, place in marks]
        return value.seen(f"It comes with {names_of(affixes)}: {first_of(places, NAMED)}")

    @rule(
        codes.invisible,
        f"There is an invisible character in {noun}",
        _UNSEEN,
        retype,
        certainty=Certainty.INFERRED,
        unless=unless,
        repair=lambda value: _remove(value, value.invisible),
    )
    def _holds_an_invisible_character(value: Value) -> str:
        odd = value.invisible
        if not odd:
            return ""
        marked = odd[0].start == 0 and odd[0].character == BYTE_ORDER_MARK
        source = " The file was saved with a byte-order mark." if marked else ""
        return value.seen(f"It contains {named(odd)}") + source

    def whitespace(
        code: str,
        where: str,
        verb: str,
        odd: Callable[[Value], tuple[OddChar, ...]],
        repair: Repair[Value],
        cause: str = _TRIMMED,
        certainty: Certainty = Certainty.VENDOR,
    ) -> None:
        title = f"There is {where} {noun}"

        @rule(code, title, cause, certainty=certainty, unless=unless, repair=repair)
        def _holds_whitespace(value: Value) -> str:
            found = odd(value) if has_a_value(value) else ()
            return value.seen(f"It {verb} {named(found)}") if found else ""

    whitespace(
        codes.before,
        "whitespace before",
        "begins with",
        lambda value: value.before,
        lambda value: _remove(value, value.before, " at the start"),
    )
    whitespace(
        codes.after,
        "whitespace after",
        "ends with",
        lambda value: value.after,
        lambda value: _remove(value, value.after, " at the end"),
    )
    whitespace(
        codes.inside,
        "whitespace or a control character inside",
        "contains",
        lambda value: value.gaps,
        join,
        _WRAPPED_LINE,
        Certainty.INFERRED,
    )


def foreign_letters(value: Pasted) -> list[str]:
    """Say of each letter outside ASCII where it is, what it is, and what it looks like."""
    return [
        f"character {at + 1} is {describe(letter)}{imitation(letter)}"
        for at, letter in value.foreign
    ]


def without_gaps(value: Pasted) -> Fixed:
    """Remove the gaps inside a value."""
    return _remove(value, value.gaps, " inside it")


def _remove_affixes(value: Pasted) -> Fixed:
    affixes = value.affixes_of()
    return without(value.typed, affixes), f"remove {names_of(affixes)} around it"


def names_of(affixes: tuple[Affix, ...]) -> str:
    """Say what ``affixes`` are, as ``quotation marks and brackets``."""
    return " and ".join(dict.fromkeys(affix.name for affix in affixes))


def _remove(value: Pasted, odd: tuple[OddChar, ...], place: str = "") -> Fixed:
    return without(value.typed, odd), f"remove {named_kinds(odd)}{place}"
