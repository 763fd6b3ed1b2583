"""What `okta-values` prints: Okta's screens as text, Markdown or JSON."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Result, has_errors
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.report import PLAIN, Format, render
from ngrok_scim_cli.report.json_report import as_document, to_json, values_without_key
from ngrok_scim_cli.report.layout import Page, Tone
from ngrok_scim_cli.report.markdown import in_backticks
from ngrok_scim_cli.report.okta_screens import (
    PASTED,
    REHEARSAL,
    Kind,
    Row,
    box_of,
    okta_screens,
    value_of,
)
from ngrok_scim_cli.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ngrok_scim_cli.report.style import Style

_WHERE_THE_KEY_IS = "ngrok-scim okta-values --copy puts it on the clipboard."
_NEXT = (
    "Run `ngrok-scim okta-values --copy` to copy the values one by one. If somebody else "
    "administers Okta, write a page for them: `ngrok-scim okta-values --html FILE`"
)


def render_okta_values(
    result: Result,
    form: Form,
    output_format: Format,
    style: Style = PLAIN,
    *,
    wizard: Wizard = Wizard.CLASSIC,
    rehearsal: bool = False,
) -> str:
    """Return the values for Okta's form; the text ends with exactly one line break.

    Where a value is wrong for certain, nothing is there to be typed: text and Markdown hold the
    findings alone, and ``fields`` is empty.

    The key of ``form`` is not looked at.
    """
    wrong = has_errors(result.findings)
    if output_format is Format.JSON:
        document = {
            **as_document(result),
            "values": values_without_key(form),
            "okta_wizard": wizard.value,
            "fields": [] if wrong else okta_fields(form, wizard),
        }
        return to_json(document)
    found = render(result, output_format, style=style) if result.findings else ""
    if wrong:
        return found
    if output_format is Format.MARKDOWN:
        page = _markdown(form, wizard, rehearsal=rehearsal)
    else:
        page = _text(form, wizard, style)
    return f"{found}\n{page}" if found else page


def okta_fields(form: Form, wizard: Wizard = Wizard.CLASSIC) -> list[dict[str, str]]:
    """Return every row as ``{place, label, value, kind}``, in Okta's order; never the key."""
    return [
        {
            "place": f"{screen.place} > {row.group}" if row.group else screen.place,
            "label": row.label,
            "value": row.value,
            "kind": row.kind.value,
        }
        for screen in okta_screens(form, wizard)
        for row in screen.rows
    ]


def _text(form: Form, wizard: Wizard, style: Style) -> str:
    page = Page(style)
    page.title("Okta's screens for ngrok, in order")
    for number, screen in enumerate(okta_screens(form, wizard), 1):
        page.gap()
        page.headed(f"{number}.", screen.title, tone=Tone.BOLD)
        page.paragraph(screen.place, indent=4)
        page.paragraph(screen.note, indent=4)
        page.gap()
        pasted = {row.label: Tone.PASTE for row in screen.rows if row.kind in PASTED}
        page.two_columns(screen_lines(screen.rows), indent=4, tones=pasted)
    page.set_apart("Next", _NEXT)
    return page.text()


def screen_lines(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Return a label and a text for each line; a group's rows follow the label of the group."""
    lines: list[tuple[str, str]] = []
    for group, members in groupby(rows, key=lambda row: row.group):
        label = group
        for row in members:
            text = box_of(row) if group else value_of(row)
            lines.append((label if group else row.label, text))
            lines += [("", f"({note})") for note in _notes(row)]
            label = ""
    return lines


def _notes(row: Row) -> Sequence[str]:
    own = (_WHERE_THE_KEY_IS,) if row.kind is Kind.SECRET else ()
    return [note for note in (row.note, *own) if note]


def _markdown(form: Form, wizard: Wizard, *, rehearsal: bool) -> str:
    lines = ["# Okta's screens for ngrok", ""]
    if rehearsal:
        lines += [f"> **{REHEARSAL}**", ""]
    for number, screen in enumerate(okta_screens(form, wizard), 1):
        lines += [f"## {number}. {screen.title}", "", f"**{screen.place}**", ""]
        if screen.note:
            lines += [screen.note, ""]
        lines += ["| in Okta | value | |", "| --- | --- | --- |"]
        for row in screen.rows:
            label = f"{row.group}: {row.label}" if row.group else row.label
            cells = (label, _code(row) or value_of(row), " ".join(_notes(row)))
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join([*lines, _NEXT]) + "\n"


def _code(row: Row) -> str:
    """Return a value that is typed or chosen as Markdown's code, whatever it contains."""
    if row.kind not in PASTED:
        return ""
    # Inside a table a bar ends the cell even in code, unless it is escaped (GFM).
    return in_backticks(printable(row.value)).replace("|", "\\|")
