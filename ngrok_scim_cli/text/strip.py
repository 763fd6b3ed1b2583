"""Takes off what stands around a pasted value: whitespace, quotes, words in front."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ngrok_scim_cli.text.characters import Kind, Spot, kind_of

QUOTES = "\"'`´“”„‟‘’‚‛«»‹›"
OPENING = QUOTES + "<([{"
CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}

# The name of a cut for what is no wrapping: a command, a sentence.
OTHER_TEXT = "other text"


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that was taken off.

    Attributes:
        code: the finding that it is.
        start: its first offset.
        end: the offset behind it.
        name: what it is, in a word or two that never hold what was typed.
    """

    code: str
    start: int
    end: int
    name: str


# Told the text and the offsets between which it is still to be peeled; gives what to cut next.
Cutter = Callable[[str, int, int], tuple[Cut, ...]]


@dataclass(frozen=True, slots=True)
class Peeled:
    """A value and what stands around it.

    Attributes:
        text: all that was typed. Left out of ``repr``: it may be a key.
        start: the offset at which the value itself starts.
        end: the offset behind it.
        spots: every odd character that is no part of a cut.
        cuts: what was taken off, in the order of their offsets.
    """

    text: str = field(repr=False)
    start: int
    end: int
    spots: tuple[Spot, ...]
    cuts: tuple[Cut, ...]

    def of_kind(self, *kinds: Kind) -> tuple[Spot, ...]:
        """Return the odd characters of ``kinds``, wherever they stand."""
        return tuple(spot for spot in self.spots if spot.kind in kinds)

    def before(self) -> tuple[Spot, ...]:
        """Return the whitespace before the value."""
        return tuple(s for s in self.of_kind(Kind.WHITESPACE) if s.end <= self.start)

    def after(self) -> tuple[Spot, ...]:
        """Return the whitespace after the value."""
        return tuple(
            s for s in self.of_kind(Kind.WHITESPACE) if s.start >= self.end and s.end > self.start
        )

    def inside(self) -> tuple[Spot, ...]:
        """Return every odd character inside the value."""
        return tuple(s for s in self.spots if self.start <= s.start and s.end <= self.end)

    def letters(self) -> str:
        """Return the value itself, without odd characters."""
        kept, end = [], self.start
        for spot in self.inside():
            kept.append(self.text[end : spot.start])
            end = spot.end
        return "".join([*kept, self.text[end : self.end]])

    def foreign(self) -> tuple[tuple[int, str], ...]:
        """Return the visible characters outside ASCII in the value, with their offsets."""
        return tuple(
            (offset, letter)
            for offset, letter in enumerate(self.text[self.start : self.end], self.start)
            if not letter.isascii() and kind_of(letter) is None
        )

    def cuts_of(self, code: str) -> tuple[Cut, ...]:
        """Return the cuts that are the finding ``code``."""
        return tuple(cut for cut in self.cuts if cut.code == code)


def peel(text: str, spots: tuple[Spot, ...], *cutters: Cutter) -> Peeled:
    """Take off layer by layer what stands around a value.

    Args:
        text: what was typed.
        spots: its odd characters.
        cutters: each knows one kind of wrapping; the first that finds some cuts.
    """
    starts = {spot.start: spot for spot in spots}
    ends = {spot.end: spot for spot in spots}
    start, end = 0, len(text)
    cuts: list[Cut] = []
    while True:
        while start < end and start in starts:
            start = min(starts[start].end, end)
        while start < end and end in ends:
            end = max(ends[end].start, start)
        found = next(filter(None, (cutter(text, start, end) for cutter in cutters)), ())
        if start == end or not found:
            break
        for cut in found:
            start, end = (cut.end, end) if cut.start == start else (start, cut.start)
        cuts += found
    cuts.sort(key=lambda cut: cut.start)
    covered = {offset for cut in cuts for offset in range(cut.start, cut.end)}
    free = tuple(spot for spot in spots if spot.start not in covered)
    return Peeled(text, start, end, free, tuple(cuts))


def there_are_cuts(cuts: tuple[Cut, ...]) -> str:
    """Say what ``cuts`` are, as ``there are quotation marks``."""
    names = tuple(dict.fromkeys(cut.name for cut in cuts))
    verb = "are" if len(names) > 1 or names[0].endswith("s") else "is"
    return f"there {verb} {' and '.join(names)}"


def opening_mark(code: str, text: str, start: int, end: int) -> tuple[Cut, ...]:
    """Cut a quotation mark or an opening bracket in front."""
    if start < end and text[start] in OPENING:
        return (Cut(code, start, start + 1, _mark(text[start])),)
    return ()


def closing_mark(code: str, text: str, start: int, end: int) -> tuple[Cut, ...]:
    """Cut a quotation mark, or a closing bracket that nothing inside opens, at the end."""
    if start == end:
        return ()
    last = text[end - 1]
    opens = CLOSING.get(last)
    if last in QUOTES or (opens and opens not in text[start:end]):
        return (Cut(code, end - 1, end, _mark(last)),)
    return ()


def _mark(character: str) -> str:
    if character == "`":
        return "backticks"
    return "quotation marks" if character in QUOTES else "brackets"
