"""Takes off what stands around a pasted value: whitespace, quotes, words in front."""

from collections.abc import Callable
from dataclasses import field
from typing import NamedTuple

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import Kind, OddChar, kind_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

QUOTES = "\"'`´“”„‟‘’‚‛«»‹›"
OPENING = QUOTES + "<([{"
CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}

# The name of an affix that is no wrapping: a command, a sentence.
OTHER_TEXT = "other text"

PASTE_MARKS = "paste marks"
_PASTE_BEGINS = lazy_pattern(r"\[?2?0?0~")
_PASTE_ENDS = ("[201~", "201~", "01~", "1~")
_ESCAPE = "\x1b"


class Affix(NamedTuple):
    """Something that was taken off.

    Attributes:
        name: what it is, in a word or two that never hold what was typed.
    """

    code: str
    start: int
    end: int
    name: str


# Told the text and the offsets between which it is still to be stripped; returns what comes next.
Stripper = Callable[[str, int, int], tuple[Affix, ...]]


@dataclass(frozen=True, slots=True)
class Stripped:
    """A value and what stands around it.

    Attributes:
        text: all that was typed. Left out of ``repr``: it may be a key.
    """

    text: str = field(repr=False)
    start: int
    end: int
    odd: tuple[OddChar, ...]
    affixes: tuple[Affix, ...]

    def of_kind(self, *kinds: Kind) -> tuple[OddChar, ...]:
        """Return the odd characters of ``kinds``, wherever they stand."""
        return tuple(char for char in self.odd if char.kind in kinds)

    def before(self) -> tuple[OddChar, ...]:
        """Return the whitespace before the value."""
        return tuple(s for s in self.of_kind(Kind.WHITESPACE) if s.end <= self.start)

    def after(self) -> tuple[OddChar, ...]:
        """Return the whitespace after the value."""
        return tuple(
            s for s in self.of_kind(Kind.WHITESPACE) if s.start >= self.end and s.end > self.start
        )

    def inside(self) -> tuple[OddChar, ...]:
        """Return every odd character inside the value."""
        return tuple(s for s in self.odd if self.start <= s.start and s.end <= self.end)

    def letters(self) -> str:
        """Return the value itself, without odd characters."""
        kept, end = [], self.start
        for char in self.inside():
            kept.append(self.text[end : char.start])
            end = char.end
        return "".join([*kept, self.text[end : self.end]])

    def foreign(self) -> tuple[tuple[int, str], ...]:
        """Return the visible characters outside ASCII in the value, with their offsets."""
        return tuple(
            (offset, letter)
            for offset, letter in enumerate(self.text[self.start : self.end], self.start)
            if not letter.isascii() and kind_of(letter) is None
        )

    def affixes_of(self, code: str) -> tuple[Affix, ...]:
        """Return the affixes that are the finding ``code``."""
        return tuple(affix for affix in self.affixes if affix.code == code)


def strip(text: str, odd: tuple[OddChar, ...], *strippers: Stripper) -> Stripped:
    """Take off layer by layer what stands around a value.

    Args:
        strippers: each knows one kind of wrapping; the first that finds some affixes.
    """
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
    affixes.sort(key=lambda affix: affix.start)
    covered = {offset for affix in affixes for offset in range(affix.start, affix.end)}
    free = tuple(char for char in odd if char.start not in covered)
    return Stripped(text, start, end, free, tuple(affixes))


def there_are_affixes(affixes: tuple[Affix, ...]) -> str:
    """Say what ``affixes`` are, as ``there are quotation marks``."""
    names = tuple(dict.fromkeys(affix.name for affix in affixes))
    verb = "are" if len(names) > 1 or names[0].endswith("s") else "is"
    return f"there {verb} {' and '.join(names)}"


def opening_mark(code: str, text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off a quotation mark or an opening bracket in front."""
    if start < end and text[start] in OPENING:
        return (Affix(code, start, start + 1, _mark(text[start])),)
    return ()


def closing_mark(code: str, text: str, start: int, end: int) -> tuple[Affix, ...]:
    """Take off a quotation mark, or a closing bracket that nothing inside opens, at the end."""
    if start == end:
        return ()
    last = text[end - 1]
    opens = CLOSING.get(last)
    if last in QUOTES or (opens and opens not in text[start:end]):
        return (Affix(code, end - 1, end, _mark(last)),)
    return ()


def paste_marks(
    code: str, text: str, start: int, end: int, *, is_whole: Callable[[str], bool]
) -> tuple[Affix, ...]:
    """Take off what a terminal wrote around a paste: ESC [200~ and ESC [201~, whole or in part.

    Args:
        is_whole: tells what mark was meant where more than one fits: the one that leaves this.
    """
    begins = _PASTE_BEGINS.match(text, start, end)
    if begins:
        first = start - 1 if text[max(start - 1, 0)] == _ESCAPE else start
        return (Affix(code, first, begins.end(), PASTE_MARKS),)
    marks = [mark for mark in _PASTE_ENDS if text.endswith(mark, start, end)]
    whole = (mark for mark in marks if is_whole(text[start : end - len(mark)]))
    mark = next(whole, marks[0] if marks else "")
    first = end - len(mark)
    if mark.startswith("[") and text[first - 1] == _ESCAPE:
        first -= 1
    return (Affix(code, first, end, PASTE_MARKS),) if mark else ()


def _mark(character: str) -> str:
    if character == "`":
        return "backticks"
    return "quotation marks" if character in QUOTES else "brackets"
