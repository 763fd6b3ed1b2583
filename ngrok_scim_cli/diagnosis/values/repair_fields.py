"""Mends the unique identifier, the authentication mode and the actions."""

from collections.abc import Callable

from ngrok_scim_cli.diagnosis.values.field_rules import TypedFields
from ngrok_scim_cli.form import (
    DEFAULT_AUTH_MODE,
    DEFAULT_UNIQUE_IDENTIFIER,
    IMPORT_GROUPS,
    IMPORT_USERS,
    PROVISIONING_ACTIONS,
    PUSH_GROUPS,
    PUSH_NEW_USERS,
    PUSH_PROFILE_UPDATES,
    Field,
)

# The field, its mended value, and what was done in words that never hold what was typed.
Mended = tuple[Field, str | tuple[str, ...], str]


def _write_email(_: TypedFields) -> Mended:
    return Field.UNIQUE_IDENTIFIER, DEFAULT_UNIQUE_IDENTIFIER, "write email"


def _choose_the_header(_: TypedFields) -> Mended:
    return Field.AUTH_MODE, DEFAULT_AUTH_MODE, f"choose {DEFAULT_AUTH_MODE}"


def _write_the_labels(fields: TypedFields) -> Mended:
    meant = [label for _, labels in fields.slips for label in labels]
    done = [f"write {', '.join(dict.fromkeys(meant))}"] if meant else []
    if any(not labels for _, labels in fields.slips):
        done.append("leave out what Okta's form does not have")
    return Field.ACTIONS, fields.meant, " and ".join(done)


def _switch_on(label: str) -> Callable[[TypedFields], Mended]:
    def switch(fields: TypedFields) -> Mended:
        ticked = {*fields.meant, label}
        return Field.ACTIONS, _in_order(ticked), f"switch {label} on"

    return switch


def _switch_off(*labels: str) -> Callable[[TypedFields], Mended]:
    def switch(fields: TypedFields) -> Mended:
        names = " and ".join(label for label in labels if label in fields.meant)
        return Field.ACTIONS, _in_order({*fields.meant} - {*labels}), f"switch {names} off"

    return switch


def _in_order(ticked: set[str]) -> tuple[str, ...]:
    return tuple(label for label in PROVISIONING_ACTIONS if label in ticked)


MENDS: dict[str, Callable[[TypedFields], Mended]] = {
    "FRM301": _write_email,
    "FRM302": _write_email,
    "FRM303": _choose_the_header,
    "FRM308": _write_the_labels,
    "FRM304": _switch_on(PUSH_NEW_USERS),
    "FRM305": _switch_on(PUSH_PROFILE_UPDATES),
    "FRM306": _switch_off(PUSH_GROUPS, IMPORT_GROUPS),
    "FRM307": _switch_off(IMPORT_USERS),
}
