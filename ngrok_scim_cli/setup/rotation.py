"""Replaces the SCIM key so that Okta is never without one that works.

The new key is made beside the old one, and both work: which of the two Okta has cannot be seen from
outside. Only a person's word ends a rotation. ``finish`` revokes the old key once Okta has the new
one, ``abort`` goes back to the old key and revokes the new one. Until then both secrets are in the
keyring, and no third key is made.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum

from ngrok_scim_cli.diagnosis.finding import Result, Step, StepStatus, Verdict, WaitingFor
from ngrok_scim_cli.diagnosis.ngrok.api_keys import dated_key
from ngrok_scim_cli.errors import KeyringUnusable, UsageError
from ngrok_scim_cli.settings.profile import Rotation
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import api_key, hand_off, texts
from ngrok_scim_cli.setup.context import (
    SetupContext,
    StepFailed,
    StepOutcome,
    result_of,
    todo,
    waiting,
)
from ngrok_scim_cli.setup.key_journal import KeyJournal, open_settled_journal
from ngrok_scim_cli.setup.key_plan import lost, two_keys_live

# What each step came to, by its name, as it ends.
Steps = Iterator[tuple[str, StepOutcome]]

COMMAND = "api-key rotate"


class End(StrEnum):
    """How a person ends a rotation."""

    FINISH = "finish"
    ABORT = "abort"


MAKE, PASTE, TEST, REVOKE = "new-key", "okta", "test-connect", "revoke"

_PASTED = "Press Enter to continue. Both keys work, so you can also do this later"
_QUESTIONS = {
    End.FINISH: "Does Okta have the new key, and do you want to revoke the old one?",
    End.ABORT: "Do you want to stay with the old key and revoke the new one?",
}
_PASTE_OLD = "If you had pasted the new key into Okta, paste the old one again. {}"
_COPY_OLD = "Copy it: `ngrok-scim api-key show --copy`"


def rotate(context: SetupContext, *, end: End | None = None, yes: bool = False) -> Result:
    """Make a new key beside the old one and say what to paste, or end a rotation.

    Without ``end`` nothing is ever revoked: while a rotation is under way, a further run says again
    what to paste.
    """
    rotation = context.profile().rotation
    if end and rotation is None:
        nothing = f"There is nothing to {end}: no rotation is under way."
        return Result(COMMAND, Verdict.PASS, steps=(Step(REVOKE, StepStatus.DONE, nothing),))
    outcomes: dict[str, StepOutcome] = {}
    try:
        steps = _end(context, end, rotation, yes=yes) if end and rotation else _begin(context)
        for step, outcome in steps:
            context.person.show(outcome.detail)
            outcomes[step] = outcome
    except StepFailed as failure:
        context.person.show(failure.detail)
        outcomes[REVOKE if end else MAKE] = failure.outcome
    if PASTE in outcomes:
        outcomes[REVOKE] = todo("This comes after Okta has the new key.")
    context.person.show("")
    result, rotation = result_of(COMMAND, outcomes), context.profile().rotation
    has_failed = any(step.status is StepStatus.FAILED for step in result.steps)
    if has_failed and rotation and all(item.code != "NGR716" for item in result.findings):
        return replace(result, findings=(*result.findings, two_keys_live(rotation)))
    return result


def _begin(context: SetupContext) -> Steps:
    """Make a new key beside the old one, if there is none yet, and say what to paste."""
    profile, person, given = context.profile(), context.person, context.given_key
    rotation = profile.rotation
    if rotation and not profile.pending_key:
        yield MAKE, StepOutcome(StepStatus.DONE, f"{dated_key(rotation.new.id)} is the new key.")
    else:
        journal = _open_journal(context, texts.ROTATE_TO_COMMAND)
        rotation = context.profile().rotation
        if rotation is None:
            old = context.profile().key
            if old is None:
                make = "To make one: ngrok-scim api-key create"
                raise StepFailed(f"There is no key to replace. {make}")
            hand_off.ensure_storage(context, by_hand=False)
            new = api_key.make_key_for_service_user(context, journal, beside=True)
            rotation = Rotation(old, new)
            made = f"Made {new.id} for the Service User “{new.owner_name}”."
            works = f"{old.id or 'The old key'} works until you revoke it."
            yield MAKE, StepOutcome(StepStatus.DONE, f"{made} {works}")
    also = (texts.ANOTHER_KEY_GIVEN.format(given),) if given else ()
    copy, paste, finish = hand_off.paste_and_end_rotation(context, rotation)
    secret = _secret_after(context, rotation, End.FINISH)
    if person.present:
        with hand_off.key_on_clipboard(context, secret, copy) if secret else nullcontext():
            for line in (paste, *also):
                person.show(line)
            person.ask(_PASTED)
    unseen = "ngrok-scim cannot see which key Okta has."
    outcome = waiting(unseen, WaitingFor.OKTA_ADMIN, copy, *also, paste, finish)
    yield PASTE, replace(outcome, findings=(two_keys_live(rotation),))


def _end(context: SetupContext, end: End, rotation: Rotation, *, yes: bool) -> Steps:
    """Revoke one of the two keys on a person's word, and stay with the other."""
    person, finishes = context.person, end is End.FINISH
    old, new, both = rotation.old, rotation.new, (two_keys_live(rotation),)
    goes, stays = (old, new) if finishes else (new, old)
    if not (finishes or context.profile().next_key):
        raise StepFailed(
            f"The keyring does not have the old key {old.id}, so nothing is revoked. "
            "If you have that key, store it and run this again: ngrok-scim api-key store",
            both,
        )
    cost = (
        f"Old key: {dated_key(old.id)}\nNew key: {dated_key(new.id)}\n"
        f"The {'old' if finishes else 'new'} one stops working at once; if Okta "
        f"{'still has' if finishes else 'has'} it, provisioning stops."
    )
    if not (yes or person.present):
        unsaid = f"No terminal to confirm revoking {goes.id or 'the old key'}; add --yes."
        raise UsageError(unsaid, advice=cost)
    journal = _open_journal(context, texts.NEEDS_KEYRING)
    if context.profile().rotation != rotation:
        raise StepFailed("An earlier run was completed first, and it changed the keys.")
    tested = _test(context, _secret_after(context, rotation, end), stays.id)
    yield TEST, tested
    if tested.status is StepStatus.FAILED:
        return
    if not yes:
        person.show(cost)
        if not person.confirm(_QUESTIONS[end], default=False):
            ways = (texts.FINISH_ROTATION, texts.ABORT_ROTATION)
            left = todo("Nothing was revoked. Both keys work.", *ways[:: 1 if finishes else -1])
            yield REVOKE, replace(left, findings=both)
            return
    if context.profile().rotation != rotation:  # other runs went on during the question
        raise StepFailed("Another run changed the keys meanwhile, so nothing was revoked.")
    if not finishes:
        paste_old = _PASTE_OLD.format(hand_off.how_to_get(stays, _COPY_OLD))
        revoked = journal.abort_rotation(rotation)
        yield REVOKE, StepOutcome(StepStatus.DONE, revoked, remaining=(paste_old,))
    elif revoked := journal.finish_rotation(rotation):
        yield REVOKE, StepOutcome(StepStatus.DONE, revoked)
    else:
        delete = f"Delete the old key at {texts.NGROK_API_KEYS}."
        yield REVOKE, waiting("The id of the old key is not known.", WaitingFor.YOU, delete)


def _open_journal(context: SetupContext, without_keyring: str) -> KeyJournal:
    api = context.open_api()
    if api is None:
        to_do = api_key.WITHOUT_ADMIN_KEY.remaining
        raise StepFailed("No administrator's API key was given.", remaining=to_do)
    try:
        return open_settled_journal(context, api)
    except KeyringUnusable as error:
        raise KeyringUnusable(error.message, advice=without_keyring) from None


def _secret_after(context: SetupContext, rotation: Rotation, end: End) -> str | None:
    """Return the secret of the key that Okta has once the rotation is ended so.

    ``None``: no keyring has it.
    """
    key = rotation.new if end is End.FINISH else rotation.old
    beside = end is End.FINISH and context.profile().next_key
    secret = context.secret(SecretKind.NEXT_SCIM if beside else SecretKind.SCIM)
    if secret is None and not key.kept:
        raise lost(key.id, end=end)
    return secret


def _test(context: SetupContext, secret: str | None, key_id: str) -> StepOutcome:
    if secret is None:
        untested = f"{key_id} was not tested, because it is not on this machine."
        return todo(untested, texts.TEST_KEY_OF_ROTATION.format(key_id))
    tested = api_key.test_key(context, secret)
    said = tested.okta.message if tested.okta else ""
    if tested.verdict in (Verdict.PASS, Verdict.WARN):
        said = f"Tested {key_id or 'the key that stays'}: {said}"
        return StepOutcome(StepStatus.DONE, said, tested=tested)
    refused = f"The test does not pass with {key_id or 'this key'}, so nothing is revoked. {said}"
    return StepOutcome(StepStatus.FAILED, refused.strip(), tested.findings, tested=tested)
