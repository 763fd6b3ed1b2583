"""Rules for the unique identifier, the authentication mode and the actions.

The values are those of ngrok's guide:
https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-scim
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import field, replace

from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject
from ngrok_scim_cli.diagnosis.rules import Fixed, Rules
from ngrok_scim_cli.diagnosis.values.base_url import has_credential
from ngrok_scim_cli.form import (
    AUTH_MODES,
    DEFAULT_AUTH_MODE,
    DEFAULT_UNIQUE_IDENTIFIER,
    IMPORT_GROUPS,
    IMPORT_USERS,
    PROVISIONING_ACTIONS,
    PUSH_GROUPS,
    PUSH_NEW_USERS,
    PUSH_PROFILE_UPDATES,
    Form,
)
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.characters import EXAMINED, describe, odd_chars, quoted, without
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.near_misses import is_part, nearest

# What the same things are called on other pages of Okta's console, and what people shorten.
_ALSO_CALLED = {
    "create": PUSH_NEW_USERS,
    "create users": PUSH_NEW_USERS,
    "update": PUSH_PROFILE_UPDATES,
    "update users": PUSH_PROFILE_UPDATES,
    "update user attributes": PUSH_PROFILE_UPDATES,
    "push updates": PUSH_PROFILE_UPDATES,
    "profile updates": PUSH_PROFILE_UPDATES,
    "import profile updates": IMPORT_USERS,
    "user import": IMPORT_USERS,
    "import users": IMPORT_USERS,
    "import new users": IMPORT_USERS,
}

_JOINTS = lazy_pattern(r"[,;|+\n]+")
# One label has an "and" of its own: Import New Users and Profile Updates.
_AND = lazy_pattern(r"[,;|+\n&]+|\band\b", re.IGNORECASE)
# A box that is not ticked, in a list of tasks or copied from a page.
_UNTICKED = lazy_pattern(r"(?:\[ ?\]|[\u2610\u25a1\u2b1c])[^\n,;|]*")
_NAMED = 5
# Of a longer list, the rest is not examined: the form has five boxes.
_MOST_ACTIONS = 100


@dataclass(frozen=True, slots=True)
class TypedFields:
    """The three fields, and which boxes were meant.

    Attributes:
        typed: the whole form, which holds the key.
        unknown: each action that Okta's form does not have, and the labels that were meant by it.
    """

    typed: Form = field(repr=False)
    meant: tuple[str, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]


_TYPE_EMAIL = 'Type email into "Unique identifier field for users", in small letters.'

rule: Rules[TypedFields] = Rules(Subject.ACTIONS)


def read_fields(form: Form) -> TypedFields:
    """Parse the three fields."""
    unknown = tuple(
        (action, _meant_by(action))
        for action in form.actions[:_MOST_ACTIONS]
        if action not in PROVISIONING_ACTIONS
    )
    meant = {*form.actions, *(label for _, labels in unknown for label in labels)}
    return TypedFields(form, _in_order(meant), unknown)


def _in_order(labels: set[str]) -> tuple[str, ...]:
    return tuple(label for label in PROVISIONING_ACTIONS if label in labels)


def _meant_by(action: str) -> tuple[str, ...]:
    """Return the labels that ``action`` was meant to be; several, where it names them."""
    action = _UNTICKED.sub("", action[:EXAMINED])
    named = tuple(label for label in PROVISIONING_ACTIONS if is_part(label, action))
    if len(named) > 1:
        return named
    joints = _JOINTS if "import" in action.lower() else _AND
    pieces = joints.split(action)
    labels = (
        _ALSO_CALLED.get(piece.strip().lower()) or nearest(piece, PROVISIONING_ACTIONS)
        for piece in pieces[:_MOST_ACTIONS]
    )
    return tuple(dict.fromkeys(label for label in labels if label))


def _write_email(fields: TypedFields) -> Fixed:
    return replace(fields.typed, unique_identifier=DEFAULT_UNIQUE_IDENTIFIER), "enter email"


def _turn(word: str, *labels: str) -> Callable[[TypedFields], Fixed]:
    """Return the repair that turns boxes on or off."""

    def turn(fields: TypedFields) -> Fixed:
        wanted = {*fields.meant, *labels} if word == "on" else {*fields.meant} - {*labels}
        changed = [label for label in labels if (label in fields.meant) != (label in wanted)]
        done = f"turn {word} {' and '.join(changed)}"
        return replace(fields.typed, actions=_in_order(wanted)), done

    return turn


def _write_the_labels(fields: TypedFields) -> Fixed:
    meant = dict.fromkeys(label for _, labels in fields.unknown for label in labels)
    done = [f"use {', '.join(meant)}"] if meant else []
    if any(not labels for _, labels in fields.unknown):
        done.append("leave out what Okta's form does not have")
    return replace(fields.typed, actions=fields.meant), " and ".join(done)


@rule(
    "FRM302",
    '"Unique identifier field for users" is email with an extra space, capital or other character',
    "Okta uses the name as typed. A space, a capital or an invisible character makes it a "
    "different name.",
    _TYPE_EMAIL,
    subject=Subject.UNIQUE_IDENTIFIER,
    repair=_write_email,
)
def _is_a_typo_of_email(fields: TypedFields) -> str:
    identifier = fields.typed.unique_identifier
    bare = without(identifier[:EXAMINED], odd_chars(identifier[:EXAMINED])).lower()
    is_a_typo = identifier != DEFAULT_UNIQUE_IDENTIFIER == bare
    return f"It is {quoted(identifier)}, not “email”." if is_a_typo else ""


@rule(
    "FRM301",
    '"Unique identifier field for users" is not email',
    "ngrok identifies people by their e-mail address. With another identifier, Okta looks them up "
    "by a value that ngrok does not have.",
    _TYPE_EMAIL,
    subject=Subject.UNIQUE_IDENTIFIER,
    certainty=Certainty.DOCUMENTED,
    unless=("FRM302",),
    repair=_write_email,
)
def _is_not_email(fields: TypedFields) -> str:
    identifier = fields.typed.unique_identifier
    if identifier == DEFAULT_UNIQUE_IDENTIFIER:
        return ""
    if not identifier:
        return "The field is empty."
    odd = next(filter(imitation, identifier[:EXAMINED]), "")
    look_alike = f" It contains {describe(odd)}{imitation(odd)}." if odd else ""
    return f"It is {_shown(identifier)}, not “email”.{look_alike}"


@rule(
    "FRM303",
    '"Authentication Mode" is not HTTP Header',
    "ngrok expects the key in the Authorization header. Okta sends it there only in this mode.",
    'Choose HTTP Header under "Authentication Mode".',
    subject=Subject.AUTH_MODE,
    certainty=Certainty.DOCUMENTED,
    repair=lambda fields: (
        replace(fields.typed, auth_mode=DEFAULT_AUTH_MODE),
        f"choose {DEFAULT_AUTH_MODE}",
    ),
)
def _is_another_mode(fields: TypedFields) -> str:
    mode = fields.typed.auth_mode
    if mode == DEFAULT_AUTH_MODE:
        return ""
    if not mode:
        return "Nothing is chosen."
    label = nearest(mode, AUTH_MODES)
    hint = f' Okta\'s form calls it "{label}".' if label and mode not in AUTH_MODES else ""
    return f"It is {_shown(mode)}.{hint}"


@rule(
    "FRM308",
    "There is an action that Okta's form does not have",
    'Okta\'s form has five boxes under "Supported provisioning actions", with fixed labels.',
    'Use the labels of Okta\'s form with --action: "Push New Users", "Push Profile Updates".',
    certainty=Certainty.DOCUMENTED,
    repair=_write_the_labels,
)
def _is_not_in_oktas_form(fields: TypedFields) -> str:
    unknown = [
        f"no {_shown(action)}" + (f" (the nearest is {_named(labels)})" if labels else "")
        for action, labels in fields.unknown
    ]
    return f"Okta's form has {first_of(unknown, _NAMED, '; ')}." if unknown else ""


@rule(
    "FRM304",
    '"Push New Users" is off',
    "Okta then creates nobody in ngrok, even though the connector test passes.",
    'Tick "Push New Users" under "Supported provisioning actions".',
    certainty=Certainty.DOCUMENTED,
    repair=_turn("on", PUSH_NEW_USERS),
)
def _does_not_push_new_users(fields: TypedFields) -> str:
    return "" if PUSH_NEW_USERS in fields.meant else _ticked(fields)


@rule(
    "FRM305",
    '"Push Profile Updates" is off',
    "Changes to a name or an e-mail address in Okta then do not reach ngrok.",
    'Tick "Push Profile Updates" under "Supported provisioning actions".',
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
    repair=_turn("on", PUSH_PROFILE_UPDATES),
)
def _does_not_push_updates(fields: TypedFields) -> str:
    return "" if PUSH_PROFILE_UPDATES in fields.meant else _ticked(fields)


@rule(
    "FRM306",
    '"Push Groups" or "Import Groups" is on',
    "ngrok's SCIM does not support groups, so these actions will probably fail.",
    'Clear "Push Groups" and "Import Groups" under "Supported provisioning actions".',
    severity=Severity.WARNING,
    repair=_turn("off", PUSH_GROUPS, IMPORT_GROUPS),
)
def _moves_groups(fields: TypedFields) -> str:
    groups = [label for label in fields.meant if label in (PUSH_GROUPS, IMPORT_GROUPS)]
    return f"{_named(groups)} {_is_or_are(groups)} on." if groups else ""


@rule(
    "FRM307",
    '"Import New Users and Profile Updates" is on',
    "ngrok's guide leaves it off. When it is on, Okta also imports people from ngrok, and an "
    "administrator has to match each of them.",
    'Clear "Import New Users and Profile Updates" under "Supported provisioning actions".',
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
    repair=_turn("off", IMPORT_USERS),
)
def _imports_users(fields: TypedFields) -> str:
    return f'"{IMPORT_USERS}" is on.' if IMPORT_USERS in fields.meant else ""


# This is found by a whole test.
rule.describe(
    "FRM309",
    "These values work here, but Okta shows a failure",
    "Okta may have other values, or these were not saved. Or ngrok allows this machine and blocks "
    "Okta.",
    'Press "Test Connector Configuration" in Okta again now. If it still fails, paste the key into '
    '"Authorization" again.',
    subject=Subject.OKTA,
)
ENTRIES = rule.entries


def _ticked(fields: TypedFields) -> str:
    if not fields.meant:
        return "No action is on."
    return f"Only {_named(fields.meant, ', ')} {_is_or_are(fields.meant)} on."


def _named(labels: Sequence[str], between: str = " and ") -> str:
    return between.join(f'"{label}"' for label in labels)


def _is_or_are(labels: Sequence[str]) -> str:
    return "is" if len(labels) == 1 else "are"


def _shown(value: str) -> str:
    return "something that looks like a key" if has_credential(value) else quoted(value)
