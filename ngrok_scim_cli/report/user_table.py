"""ngrok's users as a table, as JSON lines or as CSV: page by page, whatever their number.

What a user is called comes from a server. In the table nothing of it steers the terminal; JSON
lines are ASCII; and in CSV no cell is a formula (docs/users.md).
"""

from __future__ import annotations

import csv
import io
import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING

from ngrok_scim_cli.report.printable import display_width, json_without_runner_commands, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ngrok_scim_cli.diagnosis.people.records import NgrokUser
    from ngrok_scim_cli.report.style import Style


class UserFormat(StrEnum):
    """How a list of users is printed."""

    TEXT = "text"
    JSONL = "jsonl"
    CSV = "csv"
    JSON = "json"


# What a user is, in SCIM's own names (RFC 7643 section 4.1).
FIELDS = ("id", "userName", "displayName", "active", "emails")

_HEADS = ("User name", "Display name", "Active", "Id")
_NAME, _DISPLAY = 0, 1
_GAP = 2

# Narrower than this, the table goes without the id: the names matter more.
_WIDTH_WITH_ID = 90
_LEAST_NAME = 12
_LONGEST_ID = 40

# Whole cells, or what would be one where a semicolon parts them: a sign from here begins a formula
# in a spreadsheet (OWASP, "CSV Injection"), and an apostrophe before it makes a text of it.
_FORMULA = re.compile(
    "(^|[;,|])( *)(?=[=+@-]|\N{FULLWIDTH EQUALS SIGN}|\N{FULLWIDTH PLUS SIGN}"
    "|\N{FULLWIDTH HYPHEN-MINUS}|\N{FULLWIDTH COMMERCIAL AT})"
)


def user_writer(format_: UserFormat, style: Style) -> Callable[[Sequence[NgrokUser]], str]:
    """Return what turns pages of users into text; JSON gets one object for each user, too."""
    if format_ is UserFormat.TEXT:
        return UserTable(style).page
    return UserSheet().page if format_ is UserFormat.CSV else json_lines


class UserTable:
    """An aligned table. Its columns grow with the names, and never beyond the width of the page.

    A cell that would is cut, and ends in ``…``.
    """

    def __init__(self, style: Style) -> None:
        """Begin a table for a page of ``style``."""
        self._style = style
        self._heads = _HEADS if style.width >= _WIDTH_WITH_ID else _HEADS[:-1]
        self._widths = [len(head) for head in self._heads]
        self._begun = False

    def page(self, users: Sequence[NgrokUser]) -> str:
        """Return the lines of ``users``, below the heads of the columns where it is the first."""
        rows = [self._cells(user) for user in users]
        if not rows:
            return ""
        widths = map(max, (map(display_width, column) for column in zip(*rows, strict=True)))
        self._widths = self._fitted(list(map(max, self._widths, widths)))
        heads = () if self._begun else (self._heads,)
        self._begun = True
        return "".join(map(self._line, (*heads, *rows)))

    def _cells(self, user: NgrokUser) -> tuple[str, ...]:
        active = "?" if user.active is None else "yes" if user.active else "no"
        cells = (self._safe(user.user_name), self._safe(user.display_name), active)
        return (*cells, self._safe(user.id))[: len(self._heads)]

    def _safe(self, text: str) -> str:
        # What cannot fit is not even looked at: a name may be a megabyte long.
        return printable(text[: self._style.width + 1], unicode=self._style.unicode)

    def _fitted(self, widths: list[int]) -> list[int]:
        """Return ``widths`` cut down to the page, at the expense of the names."""
        fitted = [*widths[: _DISPLAY + 2], *(min(width, _LONGEST_ID) for width in widths[3:])]
        for column in (_DISPLAY, _NAME):
            excess = sum(fitted) + _GAP * (len(fitted) - 1) - self._style.width
            if excess > 0:
                fitted[column] = max(_LEAST_NAME, fitted[column] - excess)
        return fitted

    def _line(self, cells: Sequence[str]) -> str:
        padded = []
        for cell, width in zip(cells, self._widths, strict=True):
            shown, mark = cell, ""
            while display_width(shown + mark) > width:
                shown, mark = shown[:-1], "…" if self._style.unicode else "..."
            padded.append(shown + mark + " " * (width - display_width(shown + mark)))
        return (" " * _GAP).join(padded).rstrip() + "\n"


def json_lines(users: Sequence[NgrokUser]) -> str:
    """Return a line for each of ``users`` (https://jsonlines.org)."""
    return "".join(f"{as_json(user)}\n" for user in users)


class UserSheet:
    """CSV (RFC 4180): a head, then a record for each user; every cell is quoted."""

    def __init__(self) -> None:
        self._begun = False

    def page(self, users: Sequence[NgrokUser]) -> str:
        """Return the records of ``users``, below the head where it is the first page."""
        written = io.StringIO()
        sheet = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        if not self._begun:
            sheet.writerow(FIELDS)
            self._begun = True
        for user in users:
            active = "" if user.active is None else str(user.active).lower()
            texts = (user.id, user.user_name, user.display_name, active, "; ".join(user.emails))
            sheet.writerow(map(_cell, texts))
        return written.getvalue()


def as_json(user: NgrokUser) -> str:
    """Return ``user`` as a JSON object on one line, in ASCII and with SCIM's own names.

    What the server left out, or sent as another type, is ``""``, ``[]`` or, for ``active``,
    ``null``.
    """
    values = (user.id, user.user_name, user.display_name, user.active, list(user.emails))
    line = json.dumps(dict(zip(FIELDS, values, strict=True)), ensure_ascii=True)
    return json_without_runner_commands(line)


def _cell(text: str) -> str:
    """Return ``text`` for a cell: no formula, no line break, nothing that steers a terminal."""
    return _FORMULA.sub(r"\1\2'", printable(text))
