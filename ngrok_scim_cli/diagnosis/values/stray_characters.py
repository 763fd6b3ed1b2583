"""Rules for stray characters in a pasted value: whitespace, invisible ones, quotation marks."""

from collections.abc import Callable
from typing import TypeVar

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


def stray_character_rules(
    rule: Rules[Value],
    noun: str,
    codes: str,
    *,
    retype: str,
    unless: tuple[str, ...] = (),
    has_a_value: Callable[[Value], bool] = lambda _: True,
    join: Repair[Value] | None = None,
) -> None:
    """Register the rules that every pasted value is checked by.

    Args:
        codes: of what is around the value, of an invisible character, and of whitespace before,
            after and inside it.
        retype: the fix where a copy would bring the character along.
        unless: codes that leave no value to look at.
        join: removes the gaps inside, where that is not all there is to do.
    """
    around, invisible, before, after, inside = codes.split()

    @rule(
        around,
        f"There are quotation marks, brackets or other text around {noun}",
        _AROUND,
        unless=unless,
        repair=_remove_affixes,
    )
    def _is_wrapped(value: Value) -> str:
        affixes = value.affixes_of()
        if not affixes or not has_a_value(value):
            return ""
        if any(affix.name == OTHER_TEXT for affix in affixes):
            only = f"Only characters {value.start + 1} to {value.end} are {noun}"
            return value.seen(f"{only}. The rest is other text")
        marks = [
            f"{describe(value.text[affix.start])} (character {affix.start + 1})"
            for affix in affixes
        ]
        return value.seen(f"It comes with {_names_of(affixes)}: {first_of(marks, NAMED)}")

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
        def _has_whitespace(value: Value) -> str:
            found = odd(value) if has_a_value(value) else ()
            return value.seen(f"It {verb} {named(found)}") if found else ""

    @rule(
        invisible,
        f"There is an invisible character in {noun}",
        _UNSEEN,
        retype,
        unless=unless,
        repair=lambda value: _remove(value, value.invisible),
    )
    def _has_an_invisible_character(value: Value) -> str:
        odd = value.invisible
        if not odd:
            return ""
        marked = odd[0].start == 0 and odd[0].character == BYTE_ORDER_MARK
        source = " The file was saved with a byte-order mark." if marked else ""
        return value.seen(f"It contains {named(odd)}") + source

    whitespace(
        before,
        "whitespace before",
        "begins with",
        lambda value: value.before,
        lambda value: _remove(value, value.before, " at the start"),
    )
    whitespace(
        after,
        "whitespace after",
        "ends with",
        lambda value: value.after,
        lambda value: _remove(value, value.after, " at the end"),
    )
    whitespace(
        inside,
        "whitespace or a control character inside",
        "contains",
        lambda value: value.gaps,
        join or without_gaps,
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


def _remove(value: Pasted, odd: tuple[OddChar, ...], place: str = "") -> Fixed:
    return without(value.typed, odd), f"remove {named_kinds(odd)}{place}"


def _remove_affixes(value: Pasted) -> Fixed:
    affixes = value.affixes_of()
    return without(value.typed, affixes), f"remove {_names_of(affixes)} around it"


def _names_of(affixes: tuple[Affix, ...]) -> str:
    return " and ".join(dict.fromkeys(affix.name for affix in affixes))
