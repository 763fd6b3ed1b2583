"""Replaces the SCIM key so that Okta is never without one that works.

The new key is made beside the old one, and both work: which of the two Okta has cannot be seen from
outside. Only a person's word ends a rotation. ``finish`` revokes the old key once Okta has the new
one, ``abort`` goes back to the old key and revokes the new one. Until then both secrets are in the
keyring, and no third key is made.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum

from ngrok_scim_cli.diagnosis.finding import (
    Finding,
    Result,
    Step,
    StepStatus,
    Verdict,
    WaitingFor,
)
from ngrok_scim_cli.diagnosis.ngrok.api_keys import dated_key
from ngrok_scim_cli.errors import KeyringUnusable, UsageError
from ngrok_scim_cli.settings.profile import Rotation
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import (
    make_key_for_service_user,
    test_key,
    without_admin_key,
)
from ngrok_scim_cli.setup.context import SetupContext, StepFailed, verdict_of_steps
from ngrok_scim_cli.setup.hand_off import (
    ensure_storage,
    how_to_get,
    key_on_clipboard,
    paste_and_end_rotation,
)
from ngrok_scim_cli.setup.key_journal import KeyJournal, open_settled_journal
from ngrok_scim_cli.setup.key_plan import lost, two_keys_live

COMMAND = "api-key rotate"


class End(StrEnum):
    """How a person ends a rotation."""

    FINISH = "finish"
    ABORT = "abort"


MAKE, PASTE, TEST, REVOKE = "new-key", "okta", "test-connect", "revoke"

_PASTED = "Press Enter once the new key is saved in Okta, or to leave that for later"
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
    run = _Run(context)
    try:
        if end and rotation:
            run.end(end, rotation, yes=yes)
        else:
            run.begin()
    except StepFailed as failure:
        run.findings = failure.findings or run.findings
        run.note(StepStatus.FAILED, failure.detail)
    context.person.show("")
    return run.result()


class _Run:
    """One run of the command, and what it has come to."""

    def __init__(self, context: SetupContext) -> None:
        self._context = context
        self._steps: dict[str, Step] = {}
        self._remaining: tuple[str, ...] = ()
        self._tested: Result | None = None
        self._step = MAKE
        self.findings: tuple[Finding, ...] = ()

    def begin(self) -> None:
        """Make a new key beside the old one, if there is none yet, and say what to paste."""
        context, person, given = self._context, self._context.person, self._context.given_key
        profile = context.profile()
        rotation = profile.rotation
        if rotation is None or profile.pending_key:
            journal = self._open_journal()
            rotation = context.profile().rotation or self._make(journal)
        else:
            self.note(StepStatus.DONE, f"{dated_key(rotation.new.id)} is the new key.")
        self._step = PASTE
        also = (texts.ANOTHER_KEY_GIVEN.format(given),) if given else ()
        copy, paste, finish = paste_and_end_rotation(context, rotation)
        secret = self._secret_after(rotation, End.FINISH)
        if person.present:
            with key_on_clipboard(context, secret, copy) if secret else nullcontext():
                for line in (paste, *also):
                    person.show(line)
                person.ask(_PASTED)
        unseen = "Which key Okta has cannot be seen from here."
        self.note(StepStatus.WAITING, unseen, WaitingFor.OKTA_ADMIN)
        later = "This comes after Okta has the new key."
        self._steps[REVOKE] = Step(REVOKE, StepStatus.TODO, later)
        self.findings = (two_keys_live(rotation),)
        self._remaining = (copy, *also, paste, finish)

    def _make(self, journal: KeyJournal) -> Rotation:
        old = self._context.profile().key
        if old is None:
            raise StepFailed("There is no key to replace. To make one: ngrok-scim api-key create")
        ensure_storage(self._context, by_hand=False)
        new = make_key_for_service_user(self._context, journal, beside=True)
        self.note(
            StepStatus.DONE,
            f"Made {new.id} for the Service User “{new.owner_name}”. "
            f"{old.id or 'The old key'} works until you revoke it.",
        )
        return Rotation(old, new)

    def end(self, end: End, rotation: Rotation, *, yes: bool) -> None:
        """Revoke one of the two keys on a person's word, and stay with the other."""
        context, person = self._context, self._context.person
        finishes = end is End.FINISH
        old, new = rotation.old, rotation.new
        goes, stays = (old, new) if finishes else (new, old)
        self._step = REVOKE
        if not (finishes or context.profile().next_key):
            raise StepFailed(
                f"The keyring does not have the old key {stays.id}, so nothing is revoked. "
                "If you have that key, store it and run this again: ngrok-scim api-key store",
                (two_keys_live(rotation),),
            )
        cost = (
            f"Old key: {dated_key(old.id)}\nNew key: {dated_key(new.id)}\n"
            f"The {'old' if finishes else 'new'} one stops working at once; if Okta "
            f"{'still has' if finishes else 'has'} it, provisioning stops."
        )
        if not (yes or person.present):
            unsaid = f"No terminal to confirm revoking {goes.id or 'the old key'}; add --yes."
            raise UsageError(unsaid, advice=cost)
        journal = self._open_journal()
        if context.profile().rotation != rotation:
            raise StepFailed("An earlier run was settled first, and the keys are others now.")
        self._test(self._secret_after(rotation, end), stays.id)
        self._step = REVOKE
        if not yes:
            person.show(cost)
            if not person.confirm(_QUESTIONS[end], default=False):
                self.note(StepStatus.TODO, "Nothing was revoked. Both keys work.")
                self.findings = (two_keys_live(rotation),)
                ways = (texts.FINISH_ROTATION, texts.ABORT_ROTATION)
                self._remaining = ways if finishes else ways[::-1]
                return
        if context.profile().rotation != rotation:  # nobody was held up by the question
            raise StepFailed("Another run changed the keys meanwhile, so nothing was revoked.")
        if not finishes:
            self.note(StepStatus.DONE, journal.abort_rotation(rotation))
            self._remaining = (_PASTE_OLD.format(how_to_get(stays, _COPY_OLD)),)
        elif revoked := journal.finish_rotation(rotation):
            self.note(StepStatus.DONE, revoked)
        else:
            self.note(StepStatus.WAITING, "The old key does not tell its id.", WaitingFor.YOU)
            self._remaining = (f"Delete the old key at {texts.NGROK_API_KEYS}.",)

    def _open_journal(self) -> KeyJournal:
        api = self._context.open_api()
        if api is None:
            self._remaining = without_admin_key().remaining
            raise StepFailed("No administrator's API key was given.")
        try:
            return open_settled_journal(self._context, api)
        except KeyringUnusable as error:
            advice = texts.ROTATE_TO_COMMAND if self._step == MAKE else texts.NEEDS_KEYRING
            raise KeyringUnusable(error.message, advice=advice) from None

    def _secret_after(self, rotation: Rotation, end: End) -> str | None:
        """Return the secret of the key that Okta has once the rotation is ended so.

        ``None``: no keyring has it.
        """
        context, key = self._context, rotation.new if end is End.FINISH else rotation.old
        beside = end is End.FINISH and context.profile().next_key
        secret = context.secret(SecretKind.NEXT_SCIM if beside else SecretKind.SCIM)
        if secret is None and not key.kept:
            raise lost(key.id, end=end)
        return secret

    def _test(self, secret: str | None, key_id: str) -> None:
        self._step = TEST
        if secret is None:
            said = f"{key_id} was not tested, because it is not on this machine."
            self.note(StepStatus.TODO, said)
            return
        self._tested = test_key(self._context, secret)
        said = self._tested.okta.message if self._tested.okta else ""
        if self._tested.verdict not in (Verdict.PASS, Verdict.WARN):
            self.findings = self._tested.findings
            raise StepFailed(
                f"The test does not pass with {key_id or 'this key'}, so nothing is revoked. "
                f"{said}".strip()
            )
        self.note(StepStatus.DONE, f"Tested {key_id or 'the key that stays'}: {said}")

    def note(self, status: StepStatus, detail: str, whom: WaitingFor | None = None) -> None:
        """Show and keep how the step that is under way ended."""
        self._steps[self._step] = Step(self._step, status, detail, whom)
        self._context.person.show(detail)

    def result(self) -> Result:
        """Return the run as a result."""
        steps = tuple(self._steps.values())
        failed = any(step.status is StepStatus.FAILED for step in steps)
        findings = self.findings
        rotation = self._context.profile().rotation
        if failed and rotation and all(item.code != "NGR716" for item in findings):
            findings = (*findings, two_keys_live(rotation))
        verdict = verdict_of_steps((step.status for step in steps), findings)
        return replace(
            self._tested or Result(COMMAND, verdict),
            command=COMMAND,
            verdict=verdict,
            findings=findings,
            steps=steps,
            remaining=self._remaining,
        )
