"""Rules for stray characters in a pasted value: whitespace, invisible ones, quotation marks."""

from typing import NamedTuple, TypeVar

from ngrok_scim_cli.diagnosis.finding import Certainty
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.diagnosis.values.pasted import OTHER_TEXT, Pasted
from ngrok_scim_cli.text.characters import BYTE_ORDER_MARK, describe, named, without
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.counting import first_of

NAMED = 5

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
