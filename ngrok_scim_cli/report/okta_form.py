"""Okta's screens for a SCIM connection to ngrok: every label and its value, in Okta's own order.

What ``okta-values`` prints, its hand-off page and the setup's screen are all made of this. The
labels are Okta's, letter for letter (Okta's help on the App Integration Wizard and SCIM, and
screenshots of its Admin Console); the values are those of ngrok's guide for SCIM with Okta.
"""

from __future__ import annotations

from dataclasses import dataclass
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
)

if TYPE_CHECKING:
    from ngrok_scim_cli.form import Form

ON = "on"
OFF = "off"
PRESS = "press"
TICK = "tick"
CROSS = "cross"

TEST_BUTTON = "Test Connector Configuration"
TEST_PASSED = "Connector configured successfully"

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


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a screen.

    Attributes:
        label: Okta's own label.
        value: what goes there: the exact text, ``on`` or ``off``, ``press``, ``tick`` or ``cross``.
        kind: what a person does with it.
        note: what else to know of it, in one sentence; may be empty.
        group: Okta's label of the rows that it stands among, like
            ``Supported provisioning actions``; may be empty.
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
        name: a short word for it: ``connection``.
        title: what is done there.
        place: how to get there, each label in order: ``General > App Settings > Edit``.
        rows: its rows, from top to bottom.
        note: what to know before anything is done there; may be empty.
    """

    name: str
    title: str
    place: str
    rows: tuple[Row, ...]
    note: str = ""

    def place_of(self, row: Row) -> str:
        """Return where ``row`` stands, down to its group."""
        return f"{self.place} > {row.group}" if row.group else self.place


def okta_screens(form: Form) -> tuple[Screen, ...]:
    """Return every screen from the making of the app to the first person, in Okta's order.

    Args:
        form: the values; its key is not looked at and appears nowhere in the result.
    """
    return (
        _making_of_the_app(),
        _app_settings(),
        connection_screen(form),
        _test_dialog(form),
        _to_app(),
        _sign_on(),
        _assignments(),
    )


def okta_fields(form: Form) -> list[dict[str, str]]:
    """Return every row as ``{place, label, value, kind}``, in Okta's order; never the key."""
    return [
        {
            "place": screen.place_of(row),
            "label": row.label,
            "value": row.value,
            "kind": row.kind.value,
        }
        for screen in okta_screens(form)
        for row in screen.rows
    ]


def _making_of_the_app() -> Screen:
    return Screen(
        name="app",
        title="Make the app",
        place="Applications > Applications > Create App Integration",
        note="Is there a SAML or SWA app for ngrok already? Then use it and skip this screen. "
        "Newer consoles call the menu Applications and Resources.",
        rows=(
            Row(
                "Sign-in method",
                "SAML 2.0",
                Kind.CHOICE,
                note="SWA - Secure Web Authentication does as well. Not OIDC: Okta has no SCIM for "
                "OIDC apps. If ngrok sign-in runs through an OIDC app, keep it, and make this "
                "second app only for provisioning; placeholder sign-on values are fine.",
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


def connection_screen(form: Form) -> Screen:
    """Return the one screen into which values are typed; the key appears nowhere in it."""
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
            Row(TEST_BUTTON, PRESS, Kind.BUTTON, note=f"Okta must answer: {TEST_PASSED}."),
            Row("Save", PRESS, Kind.BUTTON, note="Only once the test has passed."),
        ),
    )


def _test_dialog(form: Form) -> Screen:
    return Screen(
        name="test",
        title="Read what the test says",
        place=f"the dialog of {TEST_BUTTON}",
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


def _assignments() -> Screen:
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
