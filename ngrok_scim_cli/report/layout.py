"""Lays out text in lines that are never wider than asked for."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import chain, groupby, zip_longest
from typing import TYPE_CHECKING

from ngrok_scim_cli.report.printable import display_width, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ngrok_scim_cli.report.style import Style

NARROWEST = 40
WIDEST = 100

# The least room for the right column; below it, a value goes under its label.
_RIGHT_COLUMN = 24

# A command between backticks with what clings to it, or a word.
_PIECE = re.compile(r"[^` ]*`[^`]+`[^ ]*|[^ ]+")

_LINK = re.compile(r"https://[!-~]+")


class Tone(StrEnum):
    """How a text looks at a terminal with colours, in rich's words; elsewhere it is plain."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    PASSED = "bold green"
    WARNED = "bold yellow"
    FAILED = "bold red"
    DIM = "dim"
    BOLD = "bold"
    PASTE = "bold cyan"  # what is pasted into Okta, and nothing else


Labelled = tuple[str, str] | tuple[str, str, Tone | None]


class Page:
    """A page of text. In Markdown there is no indent, and a title has a level."""

    is_for_others = False  # whether it is read by somebody who did not run the command

    def __init__(self, style: Style) -> None:
        self.width = max(NARROWEST, min(style.width, WIDEST))
        self.verbose = style.verbose
        self._style = style
        self._lines: list[str] = []
        self._addresses: set[str] = set()

    def text(self) -> str:
        """Return the page; it ends with one line break."""
        return "\n".join(line.rstrip() for line in self._lines).strip("\n") + "\n"

    def gap(self) -> None:
        """Leave one empty line."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def title(self, text: str, *, level: int = 3) -> None:  # noqa: ARG002
        """Write the title of a part."""
        self.paragraph(text, tone=Tone.BOLD)

    def part(self, text: str) -> None:
        """Begin a part: one empty line, and its title."""
        self.gap()
        self.title(text)

    def paragraph(self, text: str, *, indent: int = 0, tone: Tone | None = None) -> None:
        """Write ``text``, made printable, over as many lines as it takes."""
        self._add(indent, wrap(self.safe(text), self.width - indent), tone)

    def set_apart(self, head: str, text: str) -> None:
        """Write ``head`` and ``text`` apart from all else: with colours, below a rule."""
        self.gap()
        if self._style.colour:
            self._add(0, [("─" if self._style.unicode else "-") * self.width], Tone.DIM)
        self.headed(head, text, tone=Tone.BOLD)

    def headed(
        self,
        head: str,
        text: str,
        *,
        indent: int = 0,
        tone: Tone | None = None,
        link: str = "",
        level: int = 0,  # noqa: ARG002
    ) -> None:
        """Write ``head`` in its ``tone`` and, two columns to its right, ``text`` in flush lines."""
        least = self.width - self.width // 2
        row = (head, text)
        self.two_columns([row], indent=indent, labels=tone, least_room=least, below=2, link=link)

    def two_columns(
        self,
        rows: Iterable[Labelled],
        *,
        indent: int,
        labels: Tone | None = None,
        least_room: int = _RIGHT_COLUMN,
        below: int = 4,
        link: str = "",
    ) -> None:
        """Write rows of a label, a text and perhaps its tone, the texts flush with each other.

        Where there is not ``least_room`` for the texts, or a word would break that fits on a line
        of its own, they go below their labels, ``below`` columns further to the right. A row
        without a label goes on with the text above it.
        """
        shown = [
            (self.safe(label).rstrip(), self.safe(text), next(iter(tone), None))
            for label, text, *tone in rows
        ]
        label_width = max((display_width(label) for label, *_ in shown), default=0)
        most = self.width - indent
        room = most - label_width - 2
        if room < least_room or any(_breaks(text, room, most - below) for _, text, _ in shown):
            for label, text, tone in shown:
                # A label that fits is kept as it is: it may be indented itself.
                heads = [label] if display_width(label) <= most else wrap(label, most)
                self._add(indent, filter(None, heads), labels)
                self._add(indent + below, wrap(text, most - below), tone)
            return
        for label, text, tone in shown:
            first, *rest = wrap(text, room) or [""]
            head = self._adorned(label, labels, link) + " " * (label_width - display_width(label))
            self._lines.append(f"{' ' * indent}{head}  {self._adorned(first, tone)}")
            self._add(indent + label_width + 2, rest, tone)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows of cells in columns, or one cell below the other where a word would break."""
        shown = [[self.safe(cell) for cell in row] for row in rows]
        columns = list(zip(*shown, strict=True))
        widths = [max(map(display_width, column)) for column in columns]
        narrowest = [max(map(display_width, " ".join(column).split(" "))) for column in columns]
        room = self.width - 2 * (len(widths) - 1)
        if sum(narrowest) > room:
            for row in shown[1:]:
                self.gap()
                self.two_columns(zip(shown[0], row, strict=True), indent=0, labels=Tone.DIM)
            return
        while sum(widths) > room:
            wide = [number for number, width in enumerate(widths) if width > narrowest[number]]
            widths[max(wide, key=widths.__getitem__)] -= 1
        for number, row in enumerate(shown):
            lines = zip_longest(*map(wrap, row, widths), fillvalue="")
            joined = ("  ".join(map(padded, cells, widths)).rstrip() for cells in lines)
            self._add(0, joined, None if number else Tone.BOLD)

    def verbatim(self, text: str) -> None:
        """Write the lines of ``text`` as they are, made printable, to be copied."""
        self._lines += [printable(line, unicode=self._style.unicode) for line in text.split("\n")]

    def marked(
        self, text: str, mark: str, reason: str, column: int, tones: Sequence[Tone | None]
    ) -> None:
        """Write ``text``, ``mark`` (ASCII) flush right at ``column``, and the reason below them."""
        mark_tone, tone = tones
        room = column - len(mark) - 3
        first, *rest = wrap(self.safe(text), room) or [""]
        self._lines.append(f"  {padded(first, room)} {self._adorned(mark, mark_tone)}")
        self._add(2, rest)
        self.paragraph(reason, indent=4, tone=tone)

    def safe(self, text: str) -> str:
        """Return ``text`` made printable, and its middle left out where it is very long."""
        shown = printable(shortened(text), unicode=self._style.unicode)
        if self._style.links and "https://" in shown:
            from ngrok_scim_cli.report.terminal import addresses_in

            self._addresses |= addresses_in(shown)  # whole, before any line is broken
        return shown

    def _add(self, indent: int, lines: Iterable[str], tone: Tone | None = None) -> None:
        self._lines += [" " * indent + self._adorned(line, tone) for line in lines]

    def _adorned(self, text: str, tone: Tone | None = None, link: str = "") -> str:
        """Return a piece of a line with its links and its tone, as far as the style has them."""
        if not (self._style.links or self._style.colour):
            return text
        from ngrok_scim_cli.report import terminal

        if self._style.links:
            is_clean = _LINK.fullmatch(link)
            text = terminal.link(text, link) if is_clean else terminal.linked(text, self._addresses)
        return terminal.paint(text, tone) if self._style.colour and tone and text else text


def shortened_codes(codes: Iterable[str]) -> str:
    """Return finding codes with neighbours drawn together: ``SCM503-518, USR601``."""
    numbered = [(code[:3], int(code[3:]), place) for place, code in enumerate(sorted(codes))]
    shown = []
    for (family, _), run in groupby(numbered, key=lambda item: (item[0], item[1] - item[2])):
        first, *_, last = [number for _, number, _ in run] * 2
        shown.append(f"{family}{first:03}" + (f"-{last:03}" if last != first else ""))
    return ", ".join(shown)


def padded(text: str, width: int) -> str:
    """Return the printable ``text`` with blanks at its end, ``width`` columns wide."""
    return text + " " * (width - display_width(text))


def wrap(text: str, width: int) -> list[str]:
    """Return the printable ``text`` as lines of at most ``width`` columns.

    Lines break at spaces, but not in a command that fits on a line: it is to be copied whole. A
    word that is wider than a line is broken where the line ends.
    """
    lines: list[str] = []
    line = ""
    pieces = (
        [piece] if display_width(piece) <= width else piece.split(" ")
        for piece in _PIECE.findall(text)
    )
    for word in filter(None, chain.from_iterable(pieces)):
        longer = f"{line} {word}" if line else word
        if display_width(longer) <= width:
            line = longer
            continue
        lines += [line] if line else []
        line = ""
        for letter in word:
            if display_width(line + letter) > width:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines


def _breaks(text: str, width: int, most: int) -> bool:
    """Tell whether a word is too wide for a line of ``width``, and not for one of ``most``."""
    return any(width < display_width(word) <= most for word in text.split(" "))
