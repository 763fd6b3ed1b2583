"""What `okta-values` prints: Okta's screens as text, Markdown or JSON."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Payload
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.report.json_report import values_without_key
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
from ngrok_scim_cli.report.style import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ngrok_scim_cli.report.style import Style

_WHERE_THE_KEY_IS = "ngrok-scim okta-values --copy puts it on the clipboard."
_NEXT = (
    "Run `ngrok-scim okta-values --copy` to copy the values one by one. If somebody else "
    "administers Okta, write a page for them: `ngrok-scim okta-values --html FILE`"
)


@dataclass(frozen=True, slots=True)
class OktaValues(Payload):
    """The values for Okta's form. The key of ``form`` is not looked at.

    Attributes:
        is_usable: whether none of them is wrong for certain; otherwise nothing is there to be
            typed, and a person reads the findings alone.
        rehearsal: whether the address is that of a sandbox.
    """

    form: Form
    wizard: Wizard = Wizard.CLASSIC
    is_usable: bool = True
    rehearsal: bool = False

    def document(self) -> dict[str, object]:
        """Return its fields of the JSON object."""
        return {
            "values": values_without_key(self.form),
            "okta_wizard": self.wizard.value,
            "fields": okta_fields(self.form, self.wizard) if self.is_usable else [],
        }

    def page(self, format_: str, style: Style) -> str:
        """Return Okta's screens as text or Markdown."""
        if not self.is_usable or format_ not in (Format.TEXT, Format.MARKDOWN):
            return ""
        if format_ == Format.MARKDOWN:
            return _markdown(self.form, self.wizard, rehearsal=self.rehearsal)
        return _text(self.form, self.wizard, style)


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
