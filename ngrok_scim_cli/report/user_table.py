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

from ngrok_scim_cli.report.layout import padded
from ngrok_scim_cli.report.printable import display_width, json_without_runner_commands, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
_NAME, _DISPLAY, _ID = 0, 1, 3
_ACTIVE = {True: "yes", False: "no", None: "?"}
_GAP = 2

# A table narrower than this leaves out the id: the names matter more.
_WIDTH_WITH_ID = 90
_LEAST_NAME = 12
_LONGEST_ID = 40

# Whole cells, or what would be one where a semicolon parts them: a sign from here begins a formula
# in a spreadsheet (OWASP, "CSV Injection"), and an apostrophe before it makes a text of it.
_FORMULA = re.compile(
    "(^|[;,|])( *)(?=[=+@-]|\N{FULLWIDTH EQUALS SIGN}|\N{FULLWIDTH PLUS SIGN}"
    "|\N{FULLWIDTH HYPHEN-MINUS}|\N{FULLWIDTH COMMERCIAL AT})"
)


def user_texts(
    pages: Iterable[Sequence[NgrokUser]], format_: UserFormat, style: Style
) -> Iterator[str]:
    """Yield the text of each page as it comes; JSON gets one object for each user, too."""
    if format_ is UserFormat.TEXT:
        return _tables(pages, style)
    return _sheets(pages) if format_ is UserFormat.CSV else map(_json_lines, pages)


def _tables(pages: Iterable[Sequence[NgrokUser]], style: Style) -> Iterator[str]:
    """Yield aligned tables, the first with heads.

    The columns grow with the names, and never beyond the width of the page: a cell that would is
    cut, and ends in ``…``.
    """
    heads = _HEADS if style.width >= _WIDTH_WITH_ID else _HEADS[:-1]
    widths = list(map(len, heads))
    written = False
    for page in pages:
        rows = [_cells(user, style)[: len(heads)] for user in page]
        for row in rows:
            widths = list(map(max, widths, map(display_width, row)))
        widths[_ID:] = [min(width, _LONGEST_ID) for width in widths[_ID:]]
        for column in (_DISPLAY, _NAME):  # the names give way
            excess = sum(widths) + _GAP * (len(widths) - 1) - style.width
            widths[column] = min(widths[column], max(_LEAST_NAME, widths[column] - excess))
        text = ""
        for row in rows if written or not rows else [heads, *rows]:
            cells = (_fitted(cell, width, style) for cell, width in zip(row, widths, strict=True))
            text += (" " * _GAP).join(cells).rstrip() + "\n"
        yield text
        written = written or bool(rows)


def _cells(user: NgrokUser, style: Style) -> tuple[str, ...]:
    texts = (user.user_name, user.display_name, _ACTIVE[user.active], user.id)
    # What cannot fit is not even looked at: a name may be a megabyte long.
    return tuple(printable(text[: style.width + 1], unicode=style.unicode) for text in texts)


def _fitted(cell: str, width: int, style: Style) -> str:
    if display_width(cell) > width:
        mark = "…" if style.unicode else "..."
        while display_width(cell + mark) > width:
            cell = cell[:-1]
        cell += mark
    return padded(cell, width)


def _json_lines(users: Sequence[NgrokUser]) -> str:
    """Return a line for each of ``users`` (https://jsonlines.org), in ASCII and SCIM's own names.

    What the server left out, or sent as another type, is ``""``, ``[]`` or, for ``active``,
    ``null``.
    """
    lines = []
    for user in users:
        values = (user.id, user.user_name, user.display_name, user.active, user.emails)
        line = json.dumps(dict(zip(FIELDS, values, strict=True)))
        lines.append(f"{json_without_runner_commands(line)}\n")
    return "".join(lines)


def _sheets(pages: Iterable[Sequence[NgrokUser]]) -> Iterator[str]:
    """Yield CSV (RFC 4180): a head, then a record for each user; every cell is quoted."""
    written = io.StringIO()
    sheet = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerow(FIELDS)
    for page in pages:
        for user in page:
            active = "" if user.active is None else str(user.active).lower()
            texts = (user.id, user.user_name, user.display_name, active, "; ".join(user.emails))
            # No formula, no line break, nothing that steers a terminal.
            sheet.writerow(_FORMULA.sub(r"\1\2'", printable(text)) for text in texts)
        yield written.getvalue()
        written.seek(0)
        written.truncate()
