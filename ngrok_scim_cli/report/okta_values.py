"""What `okta-values` prints: Okta's screens as text, Markdown or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Payload
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.report.json_report import values_without_key
from ngrok_scim_cli.report.layout import Page, Tone
from ngrok_scim_cli.report.okta_screens import (
    PASTED,
    REHEARSAL,
    Kind,
    Row,
    okta_screens,
    value_of,
)
from ngrok_scim_cli.report.wording import in_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WHERE_THE_KEY_IS = "ngrok-scim okta-values --copy puts it on the clipboard."
_NEXT = (
    "Run `ngrok-scim okta-values --copy` to copy the values one by one. If somebody else "
    "administers Okta, write a page for them: `ngrok-scim okta-values --html FILE`"
)


@dataclass(frozen=True, slots=True)
class OktaValues:
    """The values for Okta's form. The key of ``form`` is not looked at.

    Attributes:
        is_usable: whether none of them is wrong for certain; otherwise nothing is there to be
            typed, and a person reads the findings alone.
        rehearsal: whether the address is that of a sandbox.
        profile: the profile that the commands on the page name.
    """

    form: Form
    wizard: Wizard = Wizard.CLASSIC
    is_usable: bool = True
    rehearsal: bool = False
    profile: str = ""

    def payload(self) -> Payload:
        """Return the fields of the JSON object, none of which has the key, and the page."""
        screens = okta_screens(self.form, self.wizard) if self.is_usable else ()
        fields = [
            {
                "place": f"{screen.place} > {row.group}" if row.group else screen.place,
                "label": row.label,
                "value": row.value,
                "kind": row.kind.value,
            }
            for screen in screens
            for row in screen.rows
        ]
        values = values_without_key(self.form)
        document: dict[str, object] = {
            "values": values,
            "okta_wizard": self.wizard.value,
            "fields": fields,
        }
        return Payload(document, is_answer=False, page=self if self.is_usable else None)

    def write(self, page: Page) -> None:
        """Write Okta's screens."""
        faults = () if self.rehearsal else None

        def here(text: str) -> str:
            return in_place(text, self.profile, faults)

        page.title("Okta's screens for ngrok, in order", level=1)
        if self.rehearsal and page.is_for_others:
            page.gap()
            page.paragraph(REHEARSAL, tone=Tone.WARNED)
        for number, screen in enumerate(okta_screens(self.form, self.wizard), 1):
            page.gap()
            page.title(f"Screen {number}: {screen.title}", level=2)
            page.paragraph(screen.place, indent=2)
            page.paragraph(here(screen.note), indent=2)
            page.gap()
            lines = ((label, here(text), tone) for label, text, tone in _lines(screen.rows))
            page.two_columns(lines, indent=2)
        page.set_apart("Next", here(_NEXT))


def _lines(rows: Iterable[Row]) -> Iterator[tuple[str, str, Tone | None]]:
    """Yield a label, a text and its tone for each line; a group's rows follow its own label."""
    group = ""
    for row in rows:
        label = row.label if not row.group else row.group if row.group != group else ""
        group = row.group
        text = value_of(row, row.label if group else "")
        yield label, text, Tone.PASTE if row.kind in PASTED else None
        own = _WHERE_THE_KEY_IS if row.kind is Kind.SECRET else ""
        yield from (("", f"({note})", None) for note in (row.note, own) if note)
