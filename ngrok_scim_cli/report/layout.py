"""Lays out text in lines that are never wider than asked for."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

from ngrok_scim_cli.report.printable import display_width, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ngrok_scim_cli.report.style import Style

NARROWEST = 40
WIDEST = 100

# The least room for the right column; below it, a value goes under its label.
_RIGHT_COLUMN = 24

_FINDING_CODE = re.compile(r"([A-Z]{3})([0-9]{3})")

_LINK = re.compile(r"https://[!-~]+")


class Tone(StrEnum):
    """A colour (ECMA-48, Select Graphic Rendition)."""

    RED = "31"
    YELLOW = "33"
    GREEN = "32"
    DIM = "2"
    BOLD = "1"


class Page:
    """Lines of text, in the making."""

    def __init__(self, style: Style) -> None:
        self.width = max(NARROWEST, min(style.width, WIDEST))
        self._style = style
        self._lines: list[str] = []

    def text(self) -> str:
        """Return the page; it ends with one line break."""
        return "\n".join(line.rstrip() for line in self._lines).strip("\n") + "\n"

    def gap(self) -> None:
        """Leave one empty line."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def title(self, text: str, *, indent: int = 0) -> None:
        """Write the title of a part."""
        self.paragraph(text, indent=indent, tone=Tone.BOLD)

    def paragraph(self, text: str, *, indent: int = 0, tone: Tone | None = None) -> None:
        """Write ``text``, made printable, over as many lines as it takes."""
        for line in wrap(self.safe(text), self.width - indent):
            self._lines.append(" " * indent + self._adorned(line, tone, ""))

    def headed(
        self, head: str, text: str, *, indent: int = 0, tone: Tone | None = None, link: str = ""
    ) -> None:
        """Write ``head`` and, two columns to its right, ``text`` in lines that are flush.

        Args:
            tone: the colour of ``head``.
        """
        head = self.safe(head)
        column = indent + display_width(head) + 2
        if column > self.width // 2:
            self.paragraph(head, indent=indent)
            self.paragraph(text, indent=indent + 2)
            return
        first, *rest = wrap(self.safe(text), self.width - column) or [""]
        self._lines.append(f"{' ' * indent}{self._adorned(head, tone, link)}  {first}")
        self._lines += [" " * column + line for line in rest]

    def two_columns(
        self, rows: Iterable[tuple[str, str]], *, indent: int, whole: bool = False
    ) -> None:
        """Write rows of a label and a text, the texts flush with each other.

        Args:
            whole: put texts under their labels rather than break a word of one.
        """
        shown = [(self.safe(label), self.safe(text)) for label, text in rows]
        label_width = max((display_width(label) for label, _ in shown), default=0)
        room = self.width - indent - label_width - 2
        broken = whole and any(
            display_width(word) > room for _, text in shown for word in text.split(" ")
        )
        if room < _RIGHT_COLUMN or broken:
            self._stacked(shown, indent)
            return
        for label, text in shown:
            padding = " " * (label_width - display_width(label))
            first, *rest = wrap(text, room) or [""]
            self._lines.append(f"{' ' * indent}{label}{padding}  {first}")
            self._lines += [" " * (indent + label_width + 2) + line for line in rest]

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows of cells in columns; what does not fit is broken within its column."""
        shown = [[self.safe(cell) for cell in row] for row in rows]
        widths = [max(map(display_width, column)) for column in zip(*shown, strict=True)]
        room = self.width - 2 * (len(widths) - 1)
        while sum(widths) > room:
            widths[widths.index(max(widths))] -= 1
        for row in shown:
            broken = [wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
            for cells in zip_longest(*broken, fillvalue=""):
                padded = (
                    cell + " " * (width - display_width(cell))
                    for cell, width in zip(cells, widths, strict=True)
                )
                self._lines.append("  ".join(padded).rstrip())

    def verbatim(self, text: str) -> None:
        """Write the lines of ``text`` as they are, made printable, to be copied."""
        self._lines += [printable(line, unicode=self._style.unicode) for line in text.split("\n")]

    def marked(self, text: str, mark: str, *, indent: int, column: int, tone: Tone | None) -> None:
        """Write ``text`` with ``mark`` (ASCII) flush right at ``column`` of its first line."""
        room = column - indent - len(mark) - 1
        first, *rest = wrap(self.safe(text), room) or [""]
        padding = " " * (room - display_width(first) + 1)
        self._lines.append(" " * indent + first + padding + self._adorned(mark, tone, ""))
        self._lines += [" " * indent + line for line in rest]

    def safe(self, text: str) -> str:
        """Return ``text`` made printable, and its middle left out where it is very long."""
        return printable(shortened(text), unicode=self._style.unicode)

    def _stacked(self, rows: Sequence[tuple[str, str]], indent: int) -> None:
        for label, text in rows:
            # A label that fits is kept as it stands: it may be indented itself.
            fits = display_width(label) <= self.width - indent
            heads = [label] if fits else wrap(label, self.width - indent)
            self._lines += [" " * indent + line for line in heads if line]
            self._lines += [
                " " * (indent + 4) + line for line in wrap(text, self.width - indent - 4)
            ]

    def _adorned(self, text: str, tone: Tone | None, link: str) -> str:
        if self._style.links and _LINK.fullmatch(link):
            text = f"\x1b]8;;{link}\x1b\\{text}\x1b]8;;\x1b\\"
        if self._style.colour and tone:
            text = f"\x1b[{tone.value}m{text}\x1b[0m"
        return text


def shortened_codes(codes: Iterable[str]) -> str:
    """Return codes with neighbours drawn together: ``SCM503-518, USR601``."""
    runs: list[tuple[str, int, int]] = []
    for code in sorted(codes):
        matched = _FINDING_CODE.fullmatch(code)
        if matched is None:
            raise ValueError(f"{code} is no finding code")
        family, number = matched[1], int(matched[2])
        if runs and runs[-1][0] == family and runs[-1][2] == number - 1:
            runs[-1] = (family, runs[-1][1], number)
        else:
            runs.append((family, number, number))
    return ", ".join(
        f"{family}{first:03}" if first == last else f"{family}{first:03}-{last:03}"
        for family, first, last in runs
    )


def wrap(text: str, width: int) -> list[str]:
    """Return the printable ``text`` as lines of at most ``width`` columns.

    Lines break at spaces; a word that is wider than a line is broken where the line ends.
    """
    lines: list[str] = []
    line = ""
    for word in filter(None, text.split(" ")):
        longer = f"{line} {word}" if line else word
        if display_width(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, width)
        lines += full
    return [*lines, line] if line else lines


def _broken(word: str, width: int) -> list[str]:
    """Return ``word`` in pieces of at most ``width`` columns."""
    pieces = [""]
    used = 0
    for letter in word:
        columns = display_width(letter)
        if used + columns > width:
            pieces.append("")
            used = 0
        pieces[-1] += letter
        used += columns
    return pieces
