"""Okta's screens for a SCIM connection to ngrok: every label and its value, in Okta's own order.

What ``okta-values`` prints, its hand-off page and the setup's screens are all made of this. The
labels are Okta's (its help on the App Integration Wizard, the Okta Integration Wizard and SCIM, and
screenshots of its Admin Console); where a label is not known, the text says "named like". The
values are those of ngrok's guide for SCIM with Okta.
"""

from dataclasses import replace
from enum import StrEnum
from itertools import groupby

from ngrok_scim_cli.form import Form, Wizard
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

# Of each screen: its name and title, where it is, and what to know. Then its rows: the kind, the
# label and the value, and below them what to know. "[…]" begins a group, "[]" ends it. "<…>" is a
# field of the form, or a provisioning action: ticked where the form ticks it.
_CLASSIC = f"""
# app: Make the app
@ Applications > Applications > Create a new app integration > Classic experience
Is there a SAML or SWA app for ngrok already? Then use it and skip this screen. In older consoles
the button is Create App Integration, without a Classic experience. Where Okta offers the Okta
Integration Wizard, that is the shorter way, with other screens: ngrok-scim okta-values
--okta-wizard oiw prints them.
- choice Sign-in method: SAML 2.0
    SWA - Secure Web Authentication works as well. Not OIDC: an OIDC app of the Classic experience
    cannot have SCIM. If people sign in to ngrok through an OIDC app, keep it, and use this second
    app only for provisioning.
- button Next
- text App name: {APP_NAME}
[App visibility]
- box Do not display application icon to users: on
    Nobody signs in through this app.
[]
- text Single sign-on URL: {PLACEHOLDER_URL}
    A placeholder: the app is for provisioning only.
- text Audience URI (SP Entity ID): {PLACEHOLDER_AUDIENCE}
    Also a placeholder.
- button Next
- button Finish
# app-settings: Switch SCIM on
@ General > App Settings > Edit
Okta shows the row Provisioning in one of two ways; do the one you see.
- choice Provisioning: SCIM
    If there are three buttons: None, On-Premises Provisioning, SCIM.
[Provisioning]
- box Enable SCIM provisioning: on
    If there is one box.
[]
- button Save
    The tab Provisioning appears. If it does not, reload the page.
# connection: Fill in the connection form
@ Provisioning > Settings > Integration > SCIM Connection > Edit
- fixed SCIM version: 2.0
- text SCIM connector base URL: <base_url>
- text Unique identifier field for users: <unique_identifier>
[Supported provisioning actions]
- box Import New Users and Profile Updates: <Import New Users and Profile Updates>
- box Push New Users: <Push New Users>
- box Push Profile Updates: <Push Profile Updates>
- box Push Groups: <Push Groups>
- box Import Groups: <Import Groups>
[]
- choice Authentication Mode: <auth_mode>
- secret Authorization: the SCIM key alone, without Bearer
    Okta writes Bearer in front of the field by itself.
- button {TEST_BUTTONS[Wizard.CLASSIC]}
    Okta must answer: {TEST_PASSED}.
- button Save
    Do this only after the test has passed.
# test: Read what the test says
@ the dialog of {TEST_BUTTONS[Wizard.CLASSIC]}
A cross only says that a box of the form is not ticked; nothing has failed.
- shown The first line: {TEST_PASSED}
- shown User Import: <Import New Users and Profile Updates>
- shown Import Profile Updates: <Import New Users and Profile Updates>
- shown Create Users: <Push New Users>
- shown Update User Attributes: <Push Profile Updates>
- shown Push Groups: <Push Groups>
- shown Import Groups: <Import Groups>
- button Close
    Then press Save on the form.
"""
_OIW = f"""
# app: Make the integration
@ Applications > Applications > Create a new app integration > Okta Integration Wizard
Is there an integration for ngrok already, under Browse app catalog > Private apps? Then press Edit
integration there; changes reach its apps once it is deployed again.
- text App name: {APP_NAME}
    {_LABEL}
[Capabilities]
- box Provisioning: on
    Alone: then no sign-on values are needed.
[]
- choice Method: SCIM 2.0
    {_LABEL}
# connection: Fill in the provisioning settings
@ Okta Integration Wizard > Provisioning
Some consoles ask for the base URL and the key only later, in the app itself, under Provisioning >
Configure API Integration. Type them where Okta asks for them.
- text Base URL: <base_url>
    If Okta refuses the slash at the end, leave it out: both forms are right.
[Objects to manage]
- fixed Users: on
- box Groups: off
    ngrok has no groups.
[User operations]
- box Create: on
- fixed Read: on
- box Update: on
- box Change password: off
- box Deactivate: on
- fixed Support PATCH for User: on
- box Import User Schema: off
[]
- choice Authentication: Bearer
    {_LABEL} Okta offers Header, Bearer and OAuth 2.0.
- secret Token: the SCIM key alone, without Bearer
    {_LABEL}
- button {TEST_BUTTONS[Wizard.OIW]}
    Go on once it passes.
# instance: Deploy the integration and add the app
@ Applications > Applications > Browse app catalog > Private apps
First finish the Okta Integration Wizard: review the integration and deploy it. Then it is listed
here.
- button {APP_NAME}
    This is the integration that you made.
- button Add Integration
    {_LABEL} Do the next screens in the app that it adds.
"""
_AFTER_THE_CONNECTION = """
# to-app: Switch on what Okta sends
@ Provisioning > Settings > To App > Edit
All of these boxes start empty.
- box Create Users: on
- box Update User Attributes: on
- box Deactivate Users: on
    Without it, people who leave keep their ngrok account.
- box Sync Password: off
- button Save
# sign-on: Make the e-mail address the user name
@ Sign On > Credentials Details
If the fields cannot be changed, press Edit first.
- choice Application username format: Email
- button Save
- button Update Now
    This updates the people who are already assigned.
# assignments: Assign one person, then the others
@ Assignments
Wait until ngrok has allowed your e-mail domain. Before that, nobody may be synced.
- choice Assign: Assign to People
    Begin with one person. For the others, use Assign to Groups: it also brings back people who
    return to the company.
- button Assign
    The button is beside the person.
- button Save and Go Back
- button Done
    Okta now makes the person's ngrok account.
- button Provision User
    Do this only for people who were assigned before SCIM was on: Okta makes no account for them
    until then.
"""
_SCREENS = {
    Wizard.CLASSIC: _CLASSIC + _AFTER_THE_CONNECTION,
    Wizard.OIW: _OIW + _AFTER_THE_CONNECTION,
}


def okta_screens(form: Form, wizard: Wizard = Wizard.CLASSIC) -> tuple[Screen, ...]:
    """Return every screen from the making of the app to the first person, in Okta's order.

    The key of ``form`` is not looked at and appears nowhere in the result.
    """
    screens = []
    for table in _SCREENS[wizard].split("\n# ")[1:]:
        head, place, *lines = table.strip().split("\n")
        name, _, title = head.partition(": ")
        note = group = ""
        rows: list[Row] = []
        for line in lines:
            if line.startswith("- "):
                rows.append(replace(_row(line, form), group=group))
            elif line.startswith("["):
                group = line[1:-1]
            elif line.startswith(" "):
                rows[-1] = replace(rows[-1], note=f"{rows[-1].note} {line.strip()}".lstrip())
            else:
                note = f"{note} {line}".lstrip()
        screens.append(Screen(name, title, place.removeprefix("@ "), note, tuple(rows)))
    return tuple(screens)


def okta_screen(name: str, wizard: Wizard = Wizard.CLASSIC, form: Form | None = None) -> Screen:
    """Return one screen; only ``connection`` and ``test`` need a form."""
    return next(item for item in okta_screens(form or Form(), wizard) if item.name == name)


def _row(line: str, form: Form) -> Row:
    kind, _, rest = line.removeprefix("- ").partition(" ")
    label, _, value = rest.partition(": ")
    if value.startswith("<"):
        field = value[1:-1]
        in_words = (ON, OFF) if kind == Kind.BOX else (TICK, CROSS)
        value = getattr(form, field, in_words[field not in form.actions])
    return Row(label, value or "press", Kind(kind))


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
