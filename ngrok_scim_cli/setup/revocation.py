"""Revokes a key: the one in use, a half-made one, or one that was replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.diagnosis.ngrok.account import not_in_account
from ngrok_scim_cli.diagnosis.values.key import identify
from ngrok_scim_cli.errors import NoKey, UsageError
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup.api_key import open_journal
from ngrok_scim_cli.setup.context import StepFailed, StepOutcome
from ngrok_scim_cli.setup.known_keys import is_ours, known_ids

if TYPE_CHECKING:
    from ngrok_scim_cli.setup.context import SetupContext
    from ngrok_scim_cli.setup.key_journal import KeyJournal
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

_NOT_OURS = (
    "{} was not made by ngrok-scim, and this profile does not know it. Something else may use it."
)

_OF_ANOTHER_ACCOUNT = (
    "Run the same command with an administrator's key of the account that has the key. If that "
    "account, or the Service User in it, is deleted: add --force, and the key is forgotten here."
)


def revoke_key(
    context: SetupContext, api: NgrokApi, key_id: str, *, admin_key: str, force: bool = False
) -> StepOutcome:
    """Revoke a key at ngrok and forget it here. At a terminal, the person is asked first.

    Args:
        context: what to work with; the caller holds the profile's lock.
        api: ngrok's API with an administrator's key.
        key_id: which key (``ak_…``).
        admin_key: the administrator's key that is in use; it is never revoked.
        force: also revoke a key that we neither made nor know, and forget one that may live in
            another account.

    Raises:
        StepFailed: ngrok refused or did not answer, or there is no such key.
        UsageError: the key is not ours to revoke.
        NgrokScimError: the keyring or the profile cannot be used.
    """
    admin = identify(admin_key)
    if admin and admin.id == key_id:
        raise UsageError(
            f"{key_id} is the administrator's key that this very command uses.",
            advice="Revoke it at https://dashboard.ngrok.com/api-keys.",
        )
    journal = open_journal(context, api)
    item = journal.listed().get(key_id)
    known = key_id in known_ids(context.profile()) or key_id in _in_keyring(context)
    if item is None and not known:
        raise StepFailed(f"There is no key {key_id}.", (not_in_account(key_id),))
    if item is None:
        return _forget_key(context, journal, key_id, force=force)
    if not (known or force or is_ours(item)):
        raise UsageError(_NOT_OURS.format(key_id), advice="If it shall go, add --force.")
    if not context.person.confirm(_question(context, key_id), default=not context.person.present):
        return StepOutcome(StepStatus.TODO, "Nothing was revoked.")
    journal.revoke(key_id)
    if known:
        journal.forget(key_id)
    return StepOutcome(StepStatus.DONE, f"Revoked {key_id}.")


def _forget_key(
    context: SetupContext, journal: KeyJournal, key_id: str, *, force: bool
) -> StepOutcome:
    """Forget a key that ngrok does not list; one that may live in another account, only on demand.

    Raises:
        StepFailed: it may live elsewhere, and nobody says that it shall be forgotten.
        NgrokScimError: the keyring or the profile cannot be used.
    """
    elsewhere = journal.is_elsewhere(key_id) and not force
    if elsewhere and not context.person.present:
        raise StepFailed(
            f"{key_id} is not revoked: its Service User is not in this account.",
            (not_in_account(key_id, fix=_OF_ANOTHER_ACCOUNT),),
        )
    question = f"{key_id} is not in this ngrok account. Forget it here?"
    if not context.person.confirm(question, default=not elsewhere):
        return StepOutcome(StepStatus.TODO, "Nothing was changed.")
    journal.forget(key_id)
    return StepOutcome(StepStatus.DONE, f"{key_id} is not in this account; it is forgotten.")


def key_to_revoke(context: SetupContext, given: str | None) -> str:
    """Return the id of the key that is meant: the given one, else the one in use.

    Raises:
        UsageError: it is a key itself, or no id of a key.
        NoKey: there is no key in use whose id is known.
        NgrokScimError: the profile cannot be read.
    """
    if given is None:
        key = context.profile().key
        if key is None or not key.id:
            raise NoKey(
                "This profile knows no key.",
                advice="Name one by its id: ngrok-scim api-key revoke ak_…",
            )
        return key.id
    if identify(given):
        raise UsageError(
            "That is the key itself, and it stays in your shell's history: take it out there.",
            advice="Name a key by its id (ak_…), as `ngrok-scim api-key show` prints it.",
        )
    if not given.startswith("ak_") or not given[3:].isalnum() or not given.isascii():
        raise UsageError("That is not the id of an API key; one begins with ak_.")
    return given


def _question(context: SetupContext, key_id: str) -> str:
    key = context.profile().key
    if key and key.id == key_id:
        return f"Revoke {key_id}? If Okta uses it, provisioning stops at once."
    return f"Revoke {key_id}?"


def _in_keyring(context: SetupContext) -> tuple[str, ...]:
    secrets = (
        context.secrets().get(kind.of(context.profile_name))
        for kind in (SecretKind.SCIM, SecretKind.NEXT_SCIM)
    )
    return tuple(key.id for secret in secrets if (key := identify(secret or "")))
