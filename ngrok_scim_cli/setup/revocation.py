"""Revokes a key: the one in use, a half-made one, or one that was replaced."""

from collections.abc import Callable
from dataclasses import replace

from ngrok_scim_cli.diagnosis.finding import StepStatus
from ngrok_scim_cli.diagnosis.ngrok.account import not_in_account
from ngrok_scim_cli.diagnosis.ngrok.api_keys import dated_key
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.errors import CannotTell, NgrokScimError, UsageError
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import ngrok_account as account
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import make_key
from ngrok_scim_cli.setup.context import SetupContext, StepFailed, StepOutcome
from ngrok_scim_cli.setup.key_journal import KeyJournal
from ngrok_scim_cli.wire.ngrok_api import NgrokApi

_NEED_A_KEY = ("api-key", "okta-values", "test-connect")

_OF_ANOTHER_ACCOUNT = (
    "Run the same command with an administrator's key of the account that has the key. If that "
    "account, or the Service User in it, is deleted: add --force, and the key is forgotten here."
)


def revoke_key(
    context: SetupContext,
    api: NgrokApi,
    key_id: str,
    *,
    admin_key_id: str,
    yes: bool,
    force: bool = False,
) -> StepOutcome:
    """Revoke a key at ngrok and forget it here, on a person's word.

    Args:
        admin_key_id: of the administrator's key that is in use; it is never revoked.
        yes: whether the person said yes beforehand.
        force: also revoke a key that we neither made nor know, and forget one that may live in
            another account.
    """
    if admin_key_id == key_id:
        raise UsageError(
            f"{key_id} is the administrator's key that this very command uses.",
            advice=f"Revoke it at {texts.NGROK_API_KEYS}.",
        )
    journal = KeyJournal(context, api)
    item = account.list_keys(api).get(key_id)
    kept = (context.secret(kind) for kind in (SecretKind.SCIM, SecretKind.NEXT_SCIM))
    named = key_id in context.profile().key_ids
    known = named or any(secret and id_of_key(secret) == key_id for secret in kept)
    cost = "If Okta has it, provisioning stops" if named else "Whatever uses it stops"
    question = f"Revoke {dated_key(key_id)}? {cost} at once."
    done, left = f"Revoked {key_id}.", "Nothing was revoked."
    if item is None:
        if not known:
            raise StepFailed(f"There is no key {key_id}.", (not_in_account(key_id),))
        if yes and not force:
            journal.refuse_elsewhere(key_id, fix=_OF_ANOTHER_ACCOUNT)
        question = f"{key_id} is not in this ngrok account. Forget it here?"
        done = f"{key_id} is not in this account; it is forgotten."
        left = "Nothing was changed."
    elif not (known or force or item.is_ours):
        raise UsageError(
            f"{key_id} was not made by ngrok-scim, and this profile does not know it. Something "
            "else may use it.",
            advice="Find out what uses it. To revoke it all the same, add --force.",
        )
    if not (yes or context.person.confirm(question, default=False)):
        return StepOutcome(StepStatus.TODO, left)
    if item:
        account.revoke(api, key_id)
    if known:
        journal.forget(key_id)
        if context.profile().key is None:
            context.forget_steps(*_NEED_A_KEY)
    return StepOutcome(StepStatus.DONE, done)


def replace_leaked_key(
    context: SetupContext, api: NgrokApi, revoke: Callable[[], StepOutcome]
) -> StepOutcome:
    """Revoke a key that somebody has seen, at once, then see to it that there is another one."""
    revoked = revoke()
    if revoked.status is not StepStatus.DONE:
        return revoked
    context.person.show(revoked.detail)
    try:
        made = make_key(context, api)
    except (StepFailed, NgrokScimError) as failure:
        findings = failure.findings if isinstance(failure, StepFailed) else ()
        raise StepFailed(
            f"{revoked.detail} But no new key was made: {failure} Continue with `ngrok-scim "
            "api-key create`.",
            findings,
        ) from None
    in_use = context.profile().key
    new = in_use.id if in_use and in_use.id else "the new one"
    until = f"If Okta had the revoked key, provisioning stops until you paste {new}."
    return replace(made, detail=f"{revoked.detail} {made.detail} {until}")


def key_to_revoke(context: SetupContext, given: str | None) -> str:
    """Return the id of the key that is meant: the given one, else the one in use."""
    if given is None:
        profile = context.profile()
        if rotation := profile.rotation:
            raise UsageError(
                f"A rotation is under way. The old key is {dated_key(rotation.old.id)}, the new "
                f"one {dated_key(rotation.new.id)}.",
                advice="Say which of them is meant by its id, or end the rotation: "
                "ngrok-scim api-key rotate --finish, or --abort",
            )
        key = profile.key
        if key is None or not key.id:
            raise CannotTell(
                "This profile knows no key.",
                advice="Name one by its id: ngrok-scim api-key revoke ak_…",
            )
        return key.id
    if id_of_key(given):
        raise UsageError(
            "That is the key itself, and it stays in your shell's history: remove it there.",
            advice="Name the key by its id (ak_…), as `ngrok-scim api-key show` prints it.",
        )
    if not given.startswith("ak_") or not given[3:].isalnum() or not given.isascii():
        raise UsageError("That is not the id of an API key; one begins with ak_.")
    return given
