"""A screen of Okta's Admin Console, row by row, and what a person does with each row."""

from __future__ import annotations

from enum import StrEnum

from ngrok_scim_cli.records import dataclass

ON = "on"
OFF = "off"
TICK = "tick"
CROSS = "cross"
MARKS = {ON: "[x]", OFF: "[ ]"}


class Kind(StrEnum):
    """What a person does with a row of a screen.

    ``TEXT`` is typed or pasted, ``SECRET`` is the key, ``CHOICE`` is chosen from what Okta offers,
    ``BOX`` is ticked (``on``) or left empty (``off``), ``BUTTON`` is pressed, ``FIXED`` cannot be
    changed, ``SHOWN`` is what Okta must show.
    """

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the name of a kind, no password
    CHOICE = "choice"
    BOX = "box"
    BUTTON = "button"
    FIXED = "fixed"
    SHOWN = "shown"


PASTED = (Kind.TEXT, Kind.CHOICE)
"""What has a value that goes into Okta letter for letter."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a screen.

    Attributes:
        value: what goes there: the exact text, ``on`` or ``off``, ``press``, ``tick`` or ``cross``.
    """

    label: str
    value: str
    kind: Kind
    note: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of Okta's Admin Console.

    Attributes:
        place: how to get there, each label in order: ``General > App Settings > Edit``.
    """

    name: str
    title: str
    place: str
    rows: tuple[Row, ...]
    note: str = ""


def one_line(row: Row) -> str:
    """Return what a person does with ``row``, its label included, in one line."""
    if row.kind is Kind.BOX or row.group:
        said = box_of(row)
    elif row.kind is Kind.BUTTON:
        said = f"Press {row.label}."
    else:
        said = f"{row.label}: {value_of(row)}"
    if row.kind is Kind.BUTTON or not row.note:
        return f"{said} {row.note}".rstrip()
    return f"{said} ({row.note.removesuffix('.')})"


def screen_text(screen: Screen) -> str:
    """Return a screen as lines: how to get there, what to know, and what to do with each row."""
    lines = [f"In Okta, open {screen.place}.", *filter(None, (screen.note,))]
    group = ""
    for row in screen.rows:
        if row.group and row.group != group:
            lines.append(f"  {row.group}:")
        group = row.group
        lines.append(f"{'    ' if group else '  '}{one_line(row)}")
    return "\n".join(lines)


def pasted_values(screen: Screen) -> tuple[str, ...]:
    """Return what is typed, pasted or chosen on a screen, letter for letter."""
    return tuple(row.value for row in screen.rows if row.kind in PASTED)


def box_of(row: Row) -> str:
    """Return a row of a group as its box and its label."""
    fixed = " (cannot be changed)" if row.kind is Kind.FIXED else ""
    return f"{MARKS.get(row.value, row.value)} {row.label}{fixed}"


def value_of(row: Row) -> str:
    """Return what a person does with ``row``, beside its label."""
    if row.kind is Kind.FIXED:
        return f"{row.value} (cannot be changed)"
    return MARKS.get(row.value, row.value)
