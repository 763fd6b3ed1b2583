"""Okta's screens for a SCIM connection to ngrok: every label and its value, in Okta's own order.

What ``okta-values`` prints, its hand-off page and the setup's screens are all made of this. The
labels are Okta's (its help on the App Integration Wizard, the Okta Integration Wizard and SCIM, and
screenshots of its Admin Console); where a label is not known, the text says "named like". The
values are those of ngrok's guide for SCIM with Okta.
"""

from enum import StrEnum

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
    rows: tuple[Row, ...]
    note: str = ""


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


def _text(label: str, value: str, note: str = "") -> Row:
    return Row(label, value, Kind.TEXT, note)


def _choice(label: str, value: str, note: str = "") -> Row:
    return Row(label, value, Kind.CHOICE, note)


def _box(label: str, note: str = "", *, ticked: bool = True, group: str = "") -> Row:
    return Row(label, ON if ticked else OFF, Kind.BOX, note, group)


def _press(label: str, note: str = "") -> Row:
    return Row(label, "press", Kind.BUTTON, note)


def connection_screen(form: Form, wizard: Wizard = Wizard.CLASSIC) -> Screen:
    """Return the one screen into which values are typed; the key appears nowhere in it."""
    if wizard is Wizard.OIW:
        return _oiw_connection(form)
    actions = OKTA_LABELS[Field.ACTIONS]
    return Screen(
        name="connection",
        title="Fill in the connection form",
        place="Provisioning > Settings > Integration > SCIM Connection > Edit",
        rows=(
            Row("SCIM version", "2.0", Kind.FIXED),
            _text(OKTA_LABELS[Field.BASE_URL], form.base_url),
            _text(OKTA_LABELS[Field.UNIQUE_IDENTIFIER], form.unique_identifier),
            *(
                _box(action, ticked=action in form.actions, group=actions)
                for action in PROVISIONING_ACTIONS
            ),
            _choice(OKTA_LABELS[Field.AUTH_MODE], form.auth_mode),
            Row(
                OKTA_LABELS[Field.AUTHORIZATION],
                THE_KEY,
                Kind.SECRET,
                "Okta writes Bearer in front of the field by itself.",
            ),
            _press(TEST_BUTTONS[Wizard.CLASSIC], f"Okta must answer: {TEST_PASSED}."),
            _press("Save", "Only once the test has passed."),
        ),
    )


def _oiw_connection(form: Form) -> Screen:
    objects, operations = "Objects to manage", "User operations"
    return Screen(
        name="connection",
        title="Fill in the provisioning settings",
        place="Okta Integration Wizard > Provisioning",
        note="Some consoles ask for the base URL and the key only later, in the app itself, under "
        "Provisioning > Configure API Integration. Type them where Okta asks for them.",
        rows=(
            _text(
                "Base URL",
                form.base_url,
                "If Okta refuses the slash at the end, leave it out: both forms are right.",
            ),
            Row("Users", ON, Kind.FIXED, group=objects),
            _box("Groups", "ngrok has no groups.", ticked=False, group=objects),
            _box("Create", group=operations),
            Row("Read", ON, Kind.FIXED, group=operations),
            _box("Update", group=operations),
            _box("Change password", ticked=False, group=operations),
            _box("Deactivate", group=operations),
            Row("Support PATCH for User", ON, Kind.FIXED, group=operations),
            _box("Import User Schema", ticked=False, group=operations),
            _choice(
                "Authentication",
                "Bearer",
                f"{_LABEL} Okta offers Header, Bearer and OAuth 2.0.",
            ),
            Row("Token", THE_KEY, Kind.SECRET, _LABEL),
            _press(TEST_BUTTONS[Wizard.OIW], "Go on once it passes."),
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
            _press("Close", "Then press Save on the form."),
        ),
    )


_NEW_APP = "Applications > Applications > Create a new app integration"

_CLASSIC_APP = Screen(
    name="app",
    title="Make the app",
    place=f"{_NEW_APP} > Classic experience",
    note="Is there a SAML or SWA app for ngrok already? Then use it and skip this screen. In "
    "older consoles the button is Create App Integration, without a Classic experience. "
    "Where Okta offers the Okta Integration Wizard, that is the shorter way, with other "
    "screens: ngrok-scim okta-values --okta-wizard oiw prints them.",
    rows=(
        _choice(
            "Sign-in method",
            "SAML 2.0",
            "SWA - Secure Web Authentication works as well. Not OIDC: an OIDC app of the "
            "Classic experience cannot have SCIM. If people sign in to ngrok through an OIDC "
            "app, keep it, and use this second app only for provisioning.",
        ),
        _press("Next"),
        _text("App name", APP_NAME),
        _box(
            "Do not display application icon to users",
            "Nobody signs in through this app.",
            group="App visibility",
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
    name="app",
    title="Make the integration",
    place=f"{_NEW_APP} > Okta Integration Wizard",
    note="Is there an integration for ngrok already, under Browse app catalog > Private "
    "apps? Then press Edit integration there; changes reach its apps once it is deployed "
    "again.",
    rows=(
        _text("App name", APP_NAME, _LABEL),
        _box("Provisioning", "Alone: then no sign-on values are needed.", group="Capabilities"),
        _choice("Method", "SCIM 2.0", _LABEL),
    ),
)
_APP_SETTINGS = Screen(
    name="app-settings",
    title="Switch SCIM on",
    place="General > App Settings > Edit",
    note="Okta shows the row Provisioning in one of two ways; do the one you see.",
    rows=(
        _choice(
            "Provisioning",
            "SCIM",
            "If there are three buttons: None, On-Premises Provisioning, SCIM.",
        ),
        _box("Enable SCIM provisioning", "If there is one box.", group="Provisioning"),
        _press("Save", "The tab Provisioning appears. If it does not, reload the page."),
    ),
)
INSTANCE = Screen(
    name="instance",
    title="Deploy the integration and add the app",
    place="Applications > Applications > Browse app catalog > Private apps",
    note="First finish the Okta Integration Wizard: review the integration and deploy it. Then "
    "it is listed here.",
    rows=(
        _press(APP_NAME, "This is the integration that you made."),
        _press("Add Integration", f"{_LABEL} Do the next screens in the app that it adds."),
    ),
)
TO_APP = Screen(
    name="to-app",
    title="Switch on what Okta sends",
    place="Provisioning > Settings > To App > Edit",
    note="All of these boxes start empty.",
    rows=(
        _box("Create Users"),
        _box("Update User Attributes"),
        _box("Deactivate Users", "Without it, people who leave keep their ngrok account."),
        _box("Sync Password", ticked=False),
        _press("Save"),
    ),
)
SIGN_ON = Screen(
    name="sign-on",
    title="Make the e-mail address the user name",
    place="Sign On > Credentials Details",
    note="If the fields cannot be changed, press Edit first.",
    rows=(
        _choice("Application username format", "Email"),
        _press("Save"),
        _press("Update Now", "For people who are assigned already."),
    ),
)
ASSIGNMENTS = Screen(
    name="assignments",
    title="Assign one person, then the others",
    place="Assignments",
    note="Wait until ngrok has allowed your e-mail domain. Before that, nobody may be synced.",
    rows=(
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
            "Only if people were assigned before SCIM was on: Okta makes no account for "
            "them until this is pressed.",
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
