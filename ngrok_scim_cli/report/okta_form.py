"""Okta's screens for a SCIM connection to ngrok: every label and its value, in Okta's own order.

What ``okta-values`` prints, its hand-off page and the setup's screens are all made of this. The
labels are Okta's (its help on the App Integration Wizard, the Okta Integration Wizard and SCIM, and
screenshots of its Admin Console); where a label is not known, the text says "named like". The
values are those of ngrok's guide for SCIM with Okta.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ngrok_scim_cli.form import (
    IMPORT_GROUPS,
    IMPORT_USERS,
    OKTA_LABELS,
    PROVISIONING_ACTIONS,
    PUSH_GROUPS,
    PUSH_NEW_USERS,
    PUSH_PROFILE_UPDATES,
    Field,
    Wizard,
)
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from ngrok_scim_cli.form import Form

ON = "on"
OFF = "off"
PRESS = "press"
TICK = "tick"
CROSS = "cross"
MARKS = {ON: "[x]", OFF: "[ ]"}

TEST_BUTTONS = {
    Wizard.CLASSIC: "Test Connector Configuration",
    Wizard.OIW: "Test API Credentials",
}
TEST_PASSED = "Connector configured successfully"

APP_NAME = "ngrok SCIM"
# A SAML app cannot be made without them; nobody signs in through this app.
PLACEHOLDER_URL = "https://dashboard.ngrok.com/"
PLACEHOLDER_AUDIENCE = "ngrok-scim-provisioning-only"

REHEARSAL = (
    "This is a rehearsal: the address is a stand-in on one computer. Do not type these values into "
    "a real Okta org."
)

THE_KEY = "the SCIM key alone, without Bearer"

# What the dialog of the test lists, and the box of the form that each line echoes.
_LISTED_BY_THE_TEST = (
    ("User Import", IMPORT_USERS),
    ("Import Profile Updates", IMPORT_USERS),
    ("Create Users", PUSH_NEW_USERS),
    ("Update User Attributes", PUSH_PROFILE_UPDATES),
    ("Push Groups", PUSH_GROUPS),
    ("Import Groups", IMPORT_GROUPS),
)


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

    def place_of(self, row: Row) -> str:
        """Return where ``row`` stands, down to its group."""
        return f"{self.place} > {row.group}" if row.group else self.place


def okta_screens(form: Form, wizard: Wizard = Wizard.CLASSIC) -> tuple[Screen, ...]:
    """Return every screen from the making of the app to the first person, in Okta's order.

    Args:
        form: the values; its key is not looked at and appears nowhere in the result.
    """
    between = (
        (_app_settings(), connection_screen(form), _test_dialog(form))
        if wizard is Wizard.CLASSIC
        else (connection_screen(form, wizard), _instance())
    )
    return (making_of_the_app(wizard), *between, *to_app_screens(), assignments_screen())


def okta_fields(form: Form, wizard: Wizard = Wizard.CLASSIC) -> list[dict[str, str]]:
    """Return every row as ``{place, label, value, kind}``, in Okta's order; never the key."""
    return [
        {
            "place": screen.place_of(row),
            "label": row.label,
            "value": row.value,
            "kind": row.kind.value,
        }
        for screen in okta_screens(form, wizard)
        for row in screen.rows
    ]


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


def making_of_the_app(wizard: Wizard) -> Screen:
    """Return the screen on which the app is made."""
    place = "Applications > Applications > Create a new app integration"
    if wizard is Wizard.OIW:
        return Screen(
            name="app",
            title="Make the integration",
            place=f"{place} > Okta Integration Wizard",
            note="Is there an integration for ngrok already, under Browse app catalog > Private "
            "apps? Then press Edit integration there; changes reach its apps once it is deployed "
            "again.",
            rows=(
                Row("App name", APP_NAME, Kind.TEXT, note="The field is named like this."),
                Row(
                    "Provisioning",
                    ON,
                    Kind.BOX,
                    note="Alone: then no sign-on values are needed.",
                    group="Capabilities",
                ),
                Row("Method", "SCIM 2.0", Kind.CHOICE, note="The field is named like this."),
            ),
        )
    return Screen(
        name="app",
        title="Make the app",
        place=f"{place} > Classic experience",
        note="Is there a SAML or SWA app for ngrok already? Then use it and skip this screen. In "
        "older consoles the button is Create App Integration, without a Classic experience. "
        "Where Okta offers the Okta Integration Wizard, that is the shorter way: "
        "ngrok-scim okta-values --okta-wizard oiw.",
        rows=(
            Row(
                "Sign-in method",
                "SAML 2.0",
                Kind.CHOICE,
                note="SWA - Secure Web Authentication works as well. Not OIDC: an OIDC app of the "
                "Classic experience cannot have SCIM. If people sign in to ngrok through an OIDC "
                "app, keep it, and use this second app only for provisioning.",
            ),
            Row("Next", PRESS, Kind.BUTTON),
            Row("App name", APP_NAME, Kind.TEXT),
            Row(
                "Do not display application icon to users",
                ON,
                Kind.BOX,
                note="Nobody signs in through this app.",
                group="App visibility",
            ),
            Row(
                "Single sign-on URL",
                PLACEHOLDER_URL,
                Kind.TEXT,
                note="A placeholder: the app is for provisioning only.",
            ),
            Row(
                "Audience URI (SP Entity ID)",
                PLACEHOLDER_AUDIENCE,
                Kind.TEXT,
                note="A placeholder, too.",
            ),
            Row("Next", PRESS, Kind.BUTTON),
            Row("Finish", PRESS, Kind.BUTTON),
        ),
    )


def _app_settings() -> Screen:
    return Screen(
        name="app-settings",
        title="Switch SCIM on",
        place="General > App Settings > Edit",
        note="Okta shows the row Provisioning in one of two ways; do the one you see.",
        rows=(
            Row(
                "Provisioning",
                "SCIM",
                Kind.CHOICE,
                note="If there are three buttons: None, On-Premises Provisioning, SCIM.",
            ),
            Row(
                "Enable SCIM provisioning",
                ON,
                Kind.BOX,
                note="If there is one box.",
                group="Provisioning",
            ),
            Row(
                "Save",
                PRESS,
                Kind.BUTTON,
                note="A tab Provisioning appears. If it does not, reload the page.",
            ),
        ),
    )


def connection_screen(form: Form, wizard: Wizard = Wizard.CLASSIC) -> Screen:
    """Return the one screen into which values are typed; the key appears nowhere in it."""
    return _classic_connection(form) if wizard is Wizard.CLASSIC else _oiw_connection(form)


def _classic_connection(form: Form) -> Screen:
    actions = OKTA_LABELS[Field.ACTIONS]
    return Screen(
        name="connection",
        title="Fill in the connection form",
        place="Provisioning > Settings > Integration > SCIM Connection > Edit",
        rows=(
            Row("SCIM version", "2.0", Kind.FIXED),
            Row(OKTA_LABELS[Field.BASE_URL], form.base_url, Kind.TEXT),
            Row(OKTA_LABELS[Field.UNIQUE_IDENTIFIER], form.unique_identifier, Kind.TEXT),
            *(
                Row(action, _on(action in form.actions), Kind.BOX, group=actions)
                for action in PROVISIONING_ACTIONS
            ),
            Row(OKTA_LABELS[Field.AUTH_MODE], form.auth_mode, Kind.CHOICE),
            Row(
                OKTA_LABELS[Field.AUTHORIZATION],
                THE_KEY,
                Kind.SECRET,
                note="Okta writes Bearer in front of the field by itself.",
            ),
            Row(
                TEST_BUTTONS[Wizard.CLASSIC],
                PRESS,
                Kind.BUTTON,
                note=f"Okta must answer: {TEST_PASSED}.",
            ),
            Row("Save", PRESS, Kind.BUTTON, note="Only once the test has passed."),
        ),
    )


def _oiw_connection(form: Form) -> Screen:
    operations = "User operations"
    fixed = "on"
    return Screen(
        name="connection",
        title="Fill in the provisioning settings",
        place="Okta Integration Wizard > Provisioning",
        note="Some consoles ask for the base URL and the key only later, in the app itself, under "
        "Provisioning > Configure API Integration. Type them where Okta asks for them.",
        rows=(
            Row(
                "Base URL",
                form.base_url,
                Kind.TEXT,
                note="Should Okta refuse the slash at the end, the same address without it is "
                "right, too.",
            ),
            Row("Users", fixed, Kind.FIXED, group="Objects to manage"),
            Row("Groups", OFF, Kind.BOX, note="ngrok has no groups.", group="Objects to manage"),
            Row("Create", ON, Kind.BOX, group=operations),
            Row("Read", fixed, Kind.FIXED, group=operations),
            Row("Update", ON, Kind.BOX, group=operations),
            Row("Change password", OFF, Kind.BOX, group=operations),
            Row("Deactivate", ON, Kind.BOX, group=operations),
            Row("Support PATCH for User", fixed, Kind.FIXED, group=operations),
            Row("Import User Schema", OFF, Kind.BOX, group=operations),
            Row(
                "Authentication",
                "Bearer",
                Kind.CHOICE,
                note="The field is named like this. Okta offers Header, Bearer and OAuth 2.0.",
            ),
            Row("Token", THE_KEY, Kind.SECRET, note="The field is named like this."),
            Row(TEST_BUTTONS[Wizard.OIW], PRESS, Kind.BUTTON, note="Go on once it passes."),
        ),
    )


def _instance() -> Screen:
    return Screen(
        name="instance",
        title="Deploy the integration and add the app",
        place="Applications > Applications > Browse app catalog > Private apps",
        note="First finish the Okta Integration Wizard: review the integration and deploy it. It "
        "then stands in this catalogue.",
        rows=(
            Row(APP_NAME, APP_NAME, Kind.CHOICE, note="The integration that you made."),
            Row(
                "Add Integration",
                PRESS,
                Kind.BUTTON,
                note="The button is named like this. What follows is done in the app that it adds.",
            ),
        ),
    )


def _test_dialog(form: Form) -> Screen:
    return Screen(
        name="test",
        title="Read what the test says",
        place=f"the dialog of {TEST_BUTTONS[Wizard.CLASSIC]}",
        note="A cross only says that a box of the form is not ticked; nothing has failed.",
        rows=(
            Row("The first line", TEST_PASSED, Kind.SHOWN),
            *(
                Row(label, TICK if action in form.actions else CROSS, Kind.SHOWN)
                for label, action in _LISTED_BY_THE_TEST
            ),
            Row("Close", PRESS, Kind.BUTTON, note="Then press Save on the form."),
        ),
    )


def to_app_screens() -> tuple[Screen, Screen]:
    """Return the two screens of the step ``to-app``; the same for both wizards."""
    return _to_app(), _sign_on()


def _to_app() -> Screen:
    return Screen(
        name="to-app",
        title="Switch on what Okta sends",
        place="Provisioning > Settings > To App > Edit",
        note="All of these boxes start empty.",
        rows=(
            Row("Create Users", ON, Kind.BOX),
            Row("Update User Attributes", ON, Kind.BOX),
            Row(
                "Deactivate Users",
                ON,
                Kind.BOX,
                note="Without it, people who leave keep their ngrok account.",
            ),
            Row("Sync Password", OFF, Kind.BOX),
            Row("Save", PRESS, Kind.BUTTON),
        ),
    )


def _sign_on() -> Screen:
    return Screen(
        name="sign-on",
        title="Make the e-mail address the user name",
        place="Sign On > Credentials Details",
        note="If the fields cannot be changed, press Edit first.",
        rows=(
            Row("Application username format", "Email", Kind.CHOICE),
            Row("Save", PRESS, Kind.BUTTON),
            Row("Update Now", PRESS, Kind.BUTTON, note="For people who are assigned already."),
        ),
    )


def assignments_screen() -> Screen:
    """Return the screen of the step ``first-person``."""
    return Screen(
        name="assignments",
        title="Assign one person, then the others",
        place="Assignments",
        note="Wait until ngrok has allowed your e-mail domain. Before that, nobody may be synced.",
        rows=(
            Row(
                "Assign",
                "Assign to People",
                Kind.CHOICE,
                note="Begin with one person. Assign to Groups serves for the others: it also "
                "brings people back who return to the company.",
            ),
            Row("Assign", PRESS, Kind.BUTTON, note="Beside the person."),
            Row("Save and Go Back", PRESS, Kind.BUTTON),
            Row("Done", PRESS, Kind.BUTTON, note="Okta now makes the person's ngrok account."),
            Row(
                "Provision User",
                PRESS,
                Kind.BUTTON,
                note="Only if people were assigned before SCIM was on: Okta makes no account for "
                "them until this is pressed.",
            ),
        ),
    )


def _on(ticked: bool) -> str:
    return ON if ticked else OFF
