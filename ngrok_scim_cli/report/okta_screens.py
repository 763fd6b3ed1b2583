"""Okta's screens for a SCIM connection to ngrok: every label and its value, in Okta's own order.

What ``okta-values`` prints, its hand-off page and the setup's screens are all made of this. The
labels are Okta's (its help on the App Integration Wizard, the Okta Integration Wizard and SCIM, and
screenshots of its Admin Console); where a label is not known, the text says "named like". The
values are those of ngrok's guide for SCIM with Okta.
"""

from enum import StrEnum
from itertools import groupby

from ngrok_scim_cli.form import (
    IMPORT_GROUPS,
    IMPORT_USERS,
    OKTA_LABELS,
    PROVISIONING_ACTIONS,
    PUSH_GROUPS,
    PUSH_NEW_USERS,
    PUSH_PROFILE_UPDATES,
    Field,
    Form,
    Wizard,
)
from ngrok_scim_cli.records import dataclass

ON = "on"
OFF = "off"
TICK = "tick"
CROSS = "cross"
_MARKS = {ON: "[x]", OFF: "[ ]"}


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
    """One row: ``value`` is the exact text, ``on``, ``off``, ``press``, ``tick`` or ``cross``."""

    label: str
    value: str
    kind: Kind
    note: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of Okta's Admin Console; ``place`` is like ``General > App Settings > Edit``."""

    name: str
    title: str
    place: str
    note: str
    rows: tuple[Row, ...]


TEST_BUTTONS = {Wizard.CLASSIC: "Test Connector Configuration", Wizard.OIW: "Test API Credentials"}
TEST_PASSED = "Connector configured successfully"

APP_NAME = "ngrok SCIM"
# A SAML app cannot be made without them; nobody signs in through this app.
PLACEHOLDER_URL = "https://dashboard.ngrok.com/"
PLACEHOLDER_AUDIENCE = "ngrok-scim-provisioning-only"

REHEARSAL = (
    "This is a rehearsal: the address is a stand-in on one computer. Do not type these values into "
    "a real Okta org."
)

# Of a label that Okta's documentation does not show.
_LABEL = "Okta's label may differ."

_THE_KEY = "the SCIM key alone, without Bearer"

# What the dialog of the test lists, and the box of the form that each line echoes.
_LISTED_BY_THE_TEST = (
    ("User Import", IMPORT_USERS),
    ("Import Profile Updates", IMPORT_USERS),
    ("Create Users", PUSH_NEW_USERS),
    ("Update User Attributes", PUSH_PROFILE_UPDATES),
    ("Push Groups", PUSH_GROUPS),
    ("Import Groups", IMPORT_GROUPS),
)


def _text(label: str, value: str, note: str = "") -> Row:
    return Row(label, value, Kind.TEXT, note)


def _choice(label: str, value: str, note: str = "") -> Row:
    return Row(label, value, Kind.CHOICE, note)


def _tick(label: str, note: str = "", group: str = "") -> Row:
    return Row(label, ON, Kind.BOX, note, group)


def _leave(label: str, note: str = "", group: str = "") -> Row:
    return Row(label, OFF, Kind.BOX, note, group)


def _ticked(label: str, group: str) -> Row:
    return Row(label, ON, Kind.FIXED, group=group)


def _press(label: str, note: str = "") -> Row:
    return Row(label, "press", Kind.BUTTON, note)


def connection_screen(form: Form, wizard: Wizard = Wizard.CLASSIC) -> Screen:
    """Return the one screen into which values are typed; the key appears nowhere in it."""
    if wizard is Wizard.OIW:
        objects, operations = "Objects to manage", "User operations"
        schemes = "Okta offers Header, Bearer and OAuth 2.0."
        return Screen(
            "connection",
            "Fill in the provisioning settings",
            "Okta Integration Wizard > Provisioning",
            "Some consoles ask for the base URL and the key only later, in the app itself, under "
            "Provisioning > Configure API Integration. Type them where Okta asks for them.",
            (
                _text(
                    "Base URL",
                    form.base_url,
                    "If Okta refuses the slash at the end, leave it out: both forms are right.",
                ),
                _ticked("Users", objects),
                _leave("Groups", "ngrok has no groups.", objects),
                _tick("Create", group=operations),
                _ticked("Read", operations),
                _tick("Update", group=operations),
                _leave("Change password", group=operations),
                _tick("Deactivate", group=operations),
                _ticked("Support PATCH for User", operations),
                _leave("Import User Schema", group=operations),
                _choice("Authentication", "Bearer", f"{_LABEL} {schemes}"),
                Row("Token", _THE_KEY, Kind.SECRET, _LABEL),
                _press(TEST_BUTTONS[wizard], "Go on once it passes."),
            ),
        )
    actions = OKTA_LABELS[Field.ACTIONS]
    boxes = ((_tick if item in form.actions else _leave, item) for item in PROVISIONING_ACTIONS)
    in_front = "Okta writes Bearer in front of the field by itself."
    return Screen(
        "connection",
        "Fill in the connection form",
        "Provisioning > Settings > Integration > SCIM Connection > Edit",
        "",
        (
            Row("SCIM version", "2.0", Kind.FIXED),
            _text(OKTA_LABELS[Field.BASE_URL], form.base_url),
            _text(OKTA_LABELS[Field.UNIQUE_IDENTIFIER], form.unique_identifier),
            *(box(action, group=actions) for box, action in boxes),
            _choice(OKTA_LABELS[Field.AUTH_MODE], form.auth_mode),
            Row(OKTA_LABELS[Field.AUTHORIZATION], _THE_KEY, Kind.SECRET, in_front),
            _press(TEST_BUTTONS[wizard], f"Okta must answer: {TEST_PASSED}."),
            _press("Save", "Only once the test has passed."),
        ),
    )


def _test_dialog(form: Form) -> Screen:
    echoes = (
        Row(label, TICK if action in form.actions else CROSS, Kind.SHOWN)
        for label, action in _LISTED_BY_THE_TEST
    )
    return Screen(
        "test",
        "Read what the test says",
        f"the dialog of {TEST_BUTTONS[Wizard.CLASSIC]}",
        "A cross only says that a box of the form is not ticked; nothing has failed.",
        (
            Row("The first line", TEST_PASSED, Kind.SHOWN),
            *echoes,
            _press("Close", "Then press Save on the form."),
        ),
    )


_NEW_APP = "Applications > Applications > Create a new app integration"

_CLASSIC_APP = Screen(
    "app",
    "Make the app",
    f"{_NEW_APP} > Classic experience",
    "Is there a SAML or SWA app for ngrok already? Then use it and skip this screen. In older "
    "consoles the button is Create App Integration, without a Classic experience. Where Okta "
    "offers the Okta Integration Wizard, that is the shorter way, with other screens: ngrok-scim "
    "okta-values --okta-wizard oiw prints them.",
    (
        _choice(
            "Sign-in method",
            "SAML 2.0",
            "SWA - Secure Web Authentication works as well. Not OIDC: an OIDC app of the Classic "
            "experience cannot have SCIM. If people sign in to ngrok through an OIDC app, keep it, "
            "and use this second app only for provisioning.",
        ),
        _press("Next"),
        _text("App name", APP_NAME),
        _tick(
            "Do not display application icon to users",
            "Nobody signs in through this app.",
            "App visibility",
        ),
        _text(
            "Single sign-on URL",
            PLACEHOLDER_URL,
            "A placeholder: the app is for provisioning only.",
        ),
        _text("Audience URI (SP Entity ID)", PLACEHOLDER_AUDIENCE, "Also a placeholder."),
        _press("Next"),
        _press("Finish"),
    ),
)
_OIW_APP = Screen(
    "app",
    "Make the integration",
    f"{_NEW_APP} > Okta Integration Wizard",
    "Is there an integration for ngrok already, under Browse app catalog > Private apps? Then "
    "press Edit integration there; changes reach its apps once it is deployed again.",
    (
        _text("App name", APP_NAME, _LABEL),
        _tick("Provisioning", "Alone: then no sign-on values are needed.", "Capabilities"),
        _choice("Method", "SCIM 2.0", _LABEL),
    ),
)
_APP_SETTINGS = Screen(
    "app-settings",
    "Switch SCIM on",
    "General > App Settings > Edit",
    "Okta shows the row Provisioning in one of two ways; do the one you see.",
    (
        _choice(
            "Provisioning",
            "SCIM",
            "If there are three buttons: None, On-Premises Provisioning, SCIM.",
        ),
        _tick("Enable SCIM provisioning", "If there is one box.", "Provisioning"),
        _press("Save", "The tab Provisioning appears. If it does not, reload the page."),
    ),
)
INSTANCE = Screen(
    "instance",
    "Deploy the integration and add the app",
    "Applications > Applications > Browse app catalog > Private apps",
    "First finish the Okta Integration Wizard: review the integration and deploy it. Then it is "
    "listed here.",
    (
        _press(APP_NAME, "This is the integration that you made."),
        _press("Add Integration", f"{_LABEL} Do the next screens in the app that it adds."),
    ),
)
TO_APP = Screen(
    "to-app",
    "Switch on what Okta sends",
    "Provisioning > Settings > To App > Edit",
    "All of these boxes start empty.",
    (
        _tick("Create Users"),
        _tick("Update User Attributes"),
        _tick("Deactivate Users", "Without it, people who leave keep their ngrok account."),
        _leave("Sync Password"),
        _press("Save"),
    ),
)
SIGN_ON = Screen(
    "sign-on",
    "Make the e-mail address the user name",
    "Sign On > Credentials Details",
    "If the fields cannot be changed, press Edit first.",
    (
        _choice("Application username format", "Email"),
        _press("Save"),
        _press("Update Now", "For people who are assigned already."),
    ),
)
ASSIGNMENTS = Screen(
    "assignments",
    "Assign one person, then the others",
    "Assignments",
    "Wait until ngrok has allowed your e-mail domain. Before that, nobody may be synced.",
    (
        _choice(
            "Assign",
            "Assign to People",
            "Begin with one person. For the others, use Assign to Groups: it also brings back "
            "people who return to the company.",
        ),
        _press("Assign", "Beside the person."),
        _press("Save and Go Back"),
        _press("Done", "Okta now makes the person's ngrok account."),
        _press(
            "Provision User",
            "Only if people were assigned before SCIM was on: Okta makes no account for them until "
            "this is pressed.",
        ),
    ),
)
APP_SCREENS = {Wizard.CLASSIC: _CLASSIC_APP, Wizard.OIW: _OIW_APP}


def okta_screens(form: Form, wizard: Wizard = Wizard.CLASSIC) -> tuple[Screen, ...]:
    """Return every screen from the making of the app to the first person, in Okta's order.

    The key of ``form`` is not looked at and appears nowhere in the result.
    """
    connection = connection_screen(form, wizard)
    between: tuple[Screen, ...] = (_APP_SETTINGS, connection, _test_dialog(form))
    if wizard is Wizard.OIW:
        between = (connection, INSTANCE)
    return (APP_SCREENS[wizard], *between, TO_APP, SIGN_ON, ASSIGNMENTS)


def value_of(row: Row, label: str = "") -> str:
    """Return what a person does with ``row``; a box is before its ``label``, if that is given."""
    value = _MARKS.get(row.value, row.value)
    fixed = " (cannot be changed)" if row.kind is Kind.FIXED else ""
    return f"{value} {label}".rstrip() + fixed


def one_line(row: Row) -> str:
    """Return what a person does with ``row``, its label included, in one line."""
    if row.kind is Kind.BUTTON:
        return f"Press {row.label}. {row.note}".rstrip()
    is_box = row.kind is Kind.BOX or row.group
    line = value_of(row, row.label) if is_box else f"{row.label}: {value_of(row)}"
    return f"{line} ({row.note.removesuffix('.')})" if row.note else line


def screen_text(screen: Screen) -> str:
    """Return a screen as lines: how to get there, what to know, and what to do with each row."""
    lines = [f"In Okta, open {screen.place}.", *filter(None, (screen.note,))]
    for group, rows in groupby(screen.rows, key=lambda row: row.group):
        lines += [f"  {group}:"] if group else []
        lines += [f"{'    ' if group else '  '}{one_line(row)}" for row in rows]
    return "\n".join(lines)


def pasted_values(screen: Screen) -> tuple[str, ...]:
    """Return what is typed, pasted or chosen on a screen, letter for letter."""
    return tuple(row.value for row in screen.rows if row.kind in PASTED)
