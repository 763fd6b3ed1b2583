"""What is wrong with the unique identifier, the authentication mode and the actions."""

import re
from dataclasses import dataclass

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
from ngrok_scim_cli.text.characters import EXAMINED, describe, odd_spots, quoted, without
from ngrok_scim_cli.text.confusables import imitation
from ngrok_scim_cli.text.near_misses import nearest

# What the same things are called on other pages of Okta's console, and what people shorten.
_ALSO_CALLED = {
    "create users": PUSH_NEW_USERS,
    "update user attributes": PUSH_PROFILE_UPDATES,
    "push updates": PUSH_PROFILE_UPDATES,
    "profile updates": PUSH_PROFILE_UPDATES,
    "import profile updates": IMPORT_USERS,
    "user import": IMPORT_USERS,
    "import users": IMPORT_USERS,
    "import new users": IMPORT_USERS,
}

_JOINTS = re.compile(r"[,;|&+\n]+")
_NAMED = 5
# Beyond this many, ticked boxes are not told apart: the form has five.
_MOST_ACTIONS = 100


@dataclass(frozen=True, slots=True)
class TypedFields:
    """The three fields, and which boxes were meant.

    Attributes:
        form: the form as typed.
        meant: the labels of the boxes that were meant, slips mended; in the order of Okta's form.
        slips: what Okta's form does not have, and the labels that were meant by it.
    """

    form: Form
    meant: tuple[str, ...]
    slips: tuple[tuple[str, tuple[str, ...]], ...]


fields_rules: Rules[TypedFields] = Rules()


def read_fields(form: Form) -> TypedFields:
    """Find out which boxes were meant."""
    slips = tuple(
        (action, _meant_by(action))
        for action in form.actions[:_MOST_ACTIONS]
        if action not in PROVISIONING_ACTIONS
    )
    meant = {*form.actions, *(label for _, labels in slips for label in labels)}
    ticked = tuple(label for label in PROVISIONING_ACTIONS if label in meant)
    return TypedFields(form, ticked, slips)


def _meant_by(action: str) -> tuple[str, ...]:
    """Return the labels that ``action`` was meant to be; several, where something joins them."""
    pieces = _JOINTS.split(action[:EXAMINED])
    labels = (
        _ALSO_CALLED.get(piece.strip().lower()) or nearest(piece, PROVISIONING_ACTIONS)
        for piece in pieces[:_MOST_ACTIONS]
    )
    return tuple(dict.fromkeys(label for label in labels if label))


def is_email_but_for_dirt(identifier: str) -> bool:
    """Tell whether ``identifier`` is ``email`` but for what is invisible, and capitals."""
    bare = without(identifier[:EXAMINED], odd_spots(identifier[:EXAMINED]))
    return bare.lower() == DEFAULT_UNIQUE_IDENTIFIER


@fields_rules("FRM302")
def _is_a_slip_of_email(fields: TypedFields) -> Match | None:
    identifier = fields.form.unique_identifier
    if identifier == DEFAULT_UNIQUE_IDENTIFIER or not is_email_but_for_dirt(identifier):
        return None
    return Match(f"It is {quoted(identifier)} and not “email”.")


@fields_rules("FRM301", unless=("FRM302",))
def _is_not_email(fields: TypedFields) -> Match | None:
    identifier = fields.form.unique_identifier
    if identifier == DEFAULT_UNIQUE_IDENTIFIER:
        return None
    if not identifier:
        return Match("The field is empty.")
    odd = [letter for letter in identifier[:EXAMINED] if imitation(letter)]
    told = f" It holds {describe(odd[0])}{imitation(odd[0])}." if odd else ""
    return Match(f"It is {_shown(identifier)} and not “email”.{told}")


@fields_rules("FRM303")
def _is_another_mode(fields: TypedFields) -> Match | None:
    mode = fields.form.auth_mode
    if mode == DEFAULT_AUTH_MODE:
        return None
    if not mode:
        return Match("Nothing is chosen.")
    label = nearest(mode, AUTH_MODES)
    hint = f" Okta's form calls it “{label}”." if label and mode not in AUTH_MODES else ""
    return Match(f"It is {_shown(mode)}.{hint}")


@fields_rules("FRM308")
def _does_not_exist(fields: TypedFields) -> Match | None:
    if not fields.slips:
        return None
    told = [f"{_shown(action)}{_hint(labels)}" for action, labels in fields.slips[:_NAMED]]
    rest = f"; and {len(fields.slips) - _NAMED} more" if len(fields.slips) > _NAMED else ""
    return Match(f"Okta's form has no {'; no '.join(told)}{rest}.")


def _hint(labels: tuple[str, ...]) -> str:
    if not labels:
        return ""
    return f" (the nearest is {' and '.join(f'“{label}”' for label in labels)})"


@fields_rules("FRM304")
def _does_not_push_new_users(fields: TypedFields) -> Match | None:
    if PUSH_NEW_USERS in fields.meant:
        return None
    return Match(_ticked(fields))


@fields_rules("FRM305")
def _does_not_push_updates(fields: TypedFields) -> Match | None:
    if PUSH_PROFILE_UPDATES in fields.meant:
        return None
    return Match(_ticked(fields))


@fields_rules("FRM306")
def _moves_groups(fields: TypedFields) -> Match | None:
    groups = [label for label in fields.meant if label in (PUSH_GROUPS, IMPORT_GROUPS)]
    if not groups:
        return None
    return Match(f"{' and '.join(f'“{label}”' for label in groups)} {_is_or_are(groups)} on.")


@fields_rules("FRM307")
def _imports_users(fields: TypedFields) -> Match | None:
    return Match(f"“{IMPORT_USERS}” is on.") if IMPORT_USERS in fields.meant else None


def _ticked(fields: TypedFields) -> str:
    if not fields.meant:
        return "No action is on."
    labels = ", ".join(f"“{label}”" for label in fields.meant)
    return f"Only {labels} {_is_or_are(fields.meant)} on."


def _is_or_are(labels: "tuple[str, ...] | list[str]") -> str:
    return "is" if len(labels) == 1 else "are"


def _shown(value: str) -> str:
    return "something that looks like a key" if has_credential(value) else quoted(value)
