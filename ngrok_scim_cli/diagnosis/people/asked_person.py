"""Whom a person asks about: an e-mail address, or what people type or paste in its place."""

import re

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import OddChar, named, odd_chars, without

LONGEST = 1000
"""Characters. What is longer is no name of anybody."""

# "Ada Abara <ada@corp.example>", as mail programs copy it (RFC 5322 section 3.4).
_MAILBOX = re.compile(r"[^<>]*<\s*(?P<address>[^<>\s]+@[^<>\s]+)\s*>\s*[,;]?\s*")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_AROUND = "\"'`<>()[]“”‘’«»"


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Who was asked about; ``notes`` say what was made of the typed text."""

    typed: str
    text: str
    notes: tuple[str, ...] = ()

    @property
    def is_address(self) -> bool:
        """Whether it has the look of an e-mail address."""
        return "@" in self.text

    @property
    def is_full_name(self) -> bool:
        """Whether it has the look of somebody's name: several words, and no address."""
        return not self.is_address and " " in self.text


def read_asked(typed: str) -> AskedPerson:
    """Read what was typed where an e-mail address is asked for.

    What cannot be seen is left out; words of a name keep one space between them. Capitals do not
    count (RFC 7643 section 4.1.1), and stay.
    """
    notes = []
    text = typed[:LONGEST]
    mailbox = _MAILBOX.fullmatch(text)
    if mailbox:
        text = mailbox["address"]
        notes.append("The address was taken from the brackets.")
    odd = tuple(char for char in odd_chars(text) if not char.written)  # what is encoded is seen
    plain = without(text, odd) if "@" in text else _words(text, odd)
    if plain != text:
        notes.append(f"Typed with {named(odd)}, looked up without it.")
    bare = _MAILTO.sub("", plain.strip(_AROUND), count=1).strip(_AROUND)
    if bare != plain:
        notes.append("The text around the address was ignored.")
    return AskedPerson(typed, bare, tuple(notes))


def _words(text: str, odd: tuple[OddChar, ...]) -> str:
    """Return the words of a name with one space between them."""
    for char in reversed(odd):
        between = " " if char.character.isspace() else ""
        text = text[: char.start] + between + text[char.end :]
    return " ".join(text.split())
