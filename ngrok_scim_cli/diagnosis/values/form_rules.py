"""Rules for the unique identifier, the authentication mode and the actions.

The values are those of ngrok's guide:
https://ngrok.com/docs/integrations/dashboard-sso/okta-dashboard-sso-scim
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ngrok_scim_cli.diagnosis.finding import Certainty, Severity, Subject
from ngrok_scim_cli.diagnosis.rules import Match, Rules
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
from ngrok_scim_cli.text.characters import EXAMINED, describe, odd_chars, quoted, without
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.lazy_pattern import lazy_pattern
from ngrok_scim_cli.text.phrases import is_part, nearest

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


_TYPE_EMAIL = 'Type email into "Unique identifier field for users", in small letters.'

rule: Rules[Form] = Rules(Subject.ACTIONS)


def _unknown(form: Form) -> list[tuple[str, tuple[str, ...]]]:
    """Return each action that Okta's form does not have, and the labels that were meant by it."""
    actions = form.actions[:_MOST_ACTIONS]
    return [(one, _meant_by(one)) for one in actions if one not in PROVISIONING_ACTIONS]


def _meant(form: Form) -> tuple[str, ...]:
    """Return the labels of the boxes that were meant to be on, in their order."""
    return _in_order({*form.actions, *(label for _, labels in _unknown(form) for label in labels)})


def _in_order(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(label for label in PROVISIONING_ACTIONS if label in labels)


def _meant_by(action: str) -> tuple[str, ...]:
    """Return the labels that ``action`` was meant to be; several, where it names them."""
    action = _UNTICKED.sub("", action[:EXAMINED])
    named = tuple(label for label in PROVISIONING_ACTIONS if is_part(label, action))
    if len(named) > 1:
        return named
    joints = _JOINTS if "import" in action.lower() else _AND
    labels = (
        _ALSO_CALLED.get(piece.strip().lower()) or nearest(piece, PROVISIONING_ACTIONS)
        for piece in joints.split(action)[:_MOST_ACTIONS]
    )
    return tuple(dict.fromkeys(label for label in labels if label))


@rule(
    "FRM302",
    '"Unique identifier field for users" is email with an extra space, capital or other character',
    "Okta uses the name as typed. A space, a capital or an invisible character makes it a "
    "different name.",
    _TYPE_EMAIL,
    subject=Subject.UNIQUE_IDENTIFIER,
)
def _is_a_typo_of_email(form: Form) -> Match | None:
    identifier = form.unique_identifier[:EXAMINED]
    bare = without(identifier, odd_chars(identifier)).lower()
    is_a_typo = form.unique_identifier != DEFAULT_UNIQUE_IDENTIFIER == bare
    return _not_email(form, quoted(form.unique_identifier)) if is_a_typo else None


@rule(
    "FRM301",
    '"Unique identifier field for users" is not email',
    "ngrok identifies people by their e-mail address. With another identifier, Okta looks them up "
    "by a value that ngrok does not have.",
    _TYPE_EMAIL,
    subject=Subject.UNIQUE_IDENTIFIER,
    certainty=Certainty.DOCUMENTED,
    unless=("FRM302",),
)
def _is_not_email(form: Form) -> Match | None:
    identifier = form.unique_identifier
    if identifier == DEFAULT_UNIQUE_IDENTIFIER:
        return None
    odd = next(filter(imitation, identifier[:EXAMINED]), "")
    look_alike = f" It contains {describe(odd)}{imitation(odd)}." if odd else ""
    return _not_email(form, _shown(identifier) if identifier else "", look_alike)


def _not_email(form: Form, shown: str, more: str = "") -> Match:
    seen = f"It is {shown}, not “email”.{more}" if shown else "The field is empty."
    right = replace(form, unique_identifier=DEFAULT_UNIQUE_IDENTIFIER)
    return Match(seen, repaired=(right, "enter email"))


@rule(
    "FRM303",
    '"Authentication Mode" is not HTTP Header',
    "ngrok expects the key in the Authorization header. Okta sends it there only in this mode.",
    'Choose HTTP Header under "Authentication Mode".',
    subject=Subject.AUTH_MODE,
    certainty=Certainty.DOCUMENTED,
)
def _is_another_mode(form: Form) -> Match | None:
    mode = form.auth_mode
    if mode == DEFAULT_AUTH_MODE:
        return None
    label = nearest(mode, AUTH_MODES)
    hint = f' Okta\'s form calls it "{label}".' if label and mode not in AUTH_MODES else ""
    return Match(
        f"It is {_shown(mode)}.{hint}" if mode else "Nothing is chosen.",
        repaired=(
            replace(form, auth_mode=DEFAULT_AUTH_MODE),
            f"choose {DEFAULT_AUTH_MODE}",
        ),
    )


@rule(
    "FRM308",
    "There is an action that Okta's form does not have",
    'Okta\'s form has five boxes under "Supported provisioning actions", with fixed labels.',
    'Use the labels of Okta\'s form with --action: "Push New Users", "Push Profile Updates".',
    certainty=Certainty.DOCUMENTED,
)
def _is_not_in_oktas_form(form: Form) -> Match | None:
    unknown = _unknown(form)
    if not unknown:
        return None
    seen = [
        f"no {_shown(action)}" + (f" (the nearest is {_named(labels)})" if labels else "")
        for action, labels in unknown
    ]
    meant = dict.fromkeys(label for _, labels in unknown for label in labels)
    done = [f"use {', '.join(meant)}"] if meant else []
    if not all(labels for _, labels in unknown):
        done.append("leave out what Okta's form does not have")
    return Match(
        f"Okta's form has {first_of(seen, _NAMED, '; ')}.",
        repaired=(replace(form, actions=_meant(form)), " and ".join(done)),
    )


def _is_off(form: Form, label: str) -> Match | None:
    """Find that a box is off that must be on."""
    on = _meant(form)
    if label in on:
        return None
    seen = f"Only {_named(on, ', ')} {_is_or_are(on)} on." if on else "No action is on."
    right = replace(form, actions=_in_order({*on, label}))
    return Match(seen, repaired=(right, f"turn on {label}"))


def _is_on(form: Form, *labels: str) -> Match | None:
    """Find that boxes are on that must be off."""
    meant = _meant(form)
    on = [label for label in meant if label in labels]
    if not on:
        return None
    right = replace(form, actions=_in_order({*meant} - {*on}))
    done = f"turn off {' and '.join(on)}"
    return Match(f"{_named(on)} {_is_or_are(on)} on.", repaired=(right, done))


rule(
    "FRM304",
    '"Push New Users" is off',
    "Okta then creates nobody in ngrok, even though the connector test passes.",
    'Tick "Push New Users" under "Supported provisioning actions".',
    certainty=Certainty.DOCUMENTED,
)(lambda form: _is_off(form, PUSH_NEW_USERS))
rule(
    "FRM305",
    '"Push Profile Updates" is off',
    "Changes to a name or an e-mail address in Okta then do not reach ngrok.",
    'Tick "Push Profile Updates" under "Supported provisioning actions".',
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
)(lambda form: _is_off(form, PUSH_PROFILE_UPDATES))
rule(
    "FRM306",
    '"Push Groups" or "Import Groups" is on',
    "ngrok's SCIM does not support groups, so these actions will probably fail.",
    'Clear "Push Groups" and "Import Groups" under "Supported provisioning actions".',
    severity=Severity.WARNING,
)(lambda form: _is_on(form, PUSH_GROUPS, IMPORT_GROUPS))
rule(
    "FRM307",
    '"Import New Users and Profile Updates" is on',
    "ngrok's guide leaves it off. When it is on, Okta also imports people from ngrok, and an "
    "administrator has to match each of them.",
    'Clear "Import New Users and Profile Updates" under "Supported provisioning actions".',
    severity=Severity.WARNING,
    certainty=Certainty.DOCUMENTED,
)(lambda form: _is_on(form, IMPORT_USERS))
# This is found by a whole test.
rule.describe("""
FRM309 okta
These values work here, but Okta shows a failure
Okta may have other values, or these were not saved. Or ngrok allows this machine and blocks Okta.
Press "Test Connector Configuration" in Okta again now. If it still fails, paste the key into
    "Authorization" again.
""")
ENTRIES = rule.entries


def _named(labels: Sequence[str], between: str = " and ") -> str:
    return between.join(f'"{label}"' for label in labels)


def _is_or_are(labels: Sequence[str]) -> str:
    return "is" if len(labels) == 1 else "are"


def _shown(value: str) -> str:
    return "something that looks like a key" if has_credential(value) else quoted(value)
