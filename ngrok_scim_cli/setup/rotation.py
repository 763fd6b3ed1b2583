"""Replaces the SCIM key so that Okta is never without one that works.

The new key is made beside the old one, and both work. Once a person says that the new one stands in
Okta, and the connector test passes with it, it takes the place of the old one, which is revoked.
Which of the two Okta uses cannot be seen from outside.

Each phase stands in the profile: ``next_key`` (made, not in Okta yet) and ``previous_key``
(superseded, not revoked yet). While either is there, no further key is made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Result, Severity, Step, StepStatus, Verdict, verdict_of
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.api_key import (
    make_key_for_service_user,
    open_settled_journal,
    test_key,
    without_admin_key,
)
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.setup.known_keys import lost, two_keys_live
from ngrok_scim_cli.setup.okta_side import key_at_hand

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.settings.profile import Key, Profile
    from ngrok_scim_cli.setup.context import SetupContext
    from ngrok_scim_cli.setup.key_journal import KeyJournal
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

COMMAND = "api-key rotate"

MAKE, PASTE, TEST, REVOKE = "new-key", "okta", "test-connect", "revoke"
_STEPS = (MAKE, PASTE, TEST, REVOKE)

# When a run without a terminal said what to paste; kept among the steps of the profile.
ANNOUNCED = "rotate"

_ACCEPTED = (Verdict.PASS, Verdict.WARN)

COPY = "Copy the new key: ngrok-scim api-key show --copy"
PASTE_IN_OKTA = (
    'In Okta, open the app > Provisioning > Integration > Edit, paste it into "Authorization", '
    'press "Test Connector Configuration", then "Save".'
)
_FINISH = "Then revoke the old key: ngrok-scim api-key rotate --finish"
_ASK = "Is the new key saved in Okta, and did Okta's test pass?"
OVERRIDDEN = "{} holds a key, too, and is used before the keyring: put the new key there."


def rotate(context: SetupContext, *, finish: bool = False, began: datetime | None = None) -> Result:
    """Replace the key, or go on with a replacement that was begun.

    At a terminal the person is asked whether the new key stands in Okta. Without one, the first
    run makes the key and says what to paste (``announced`` records it), and the next one takes the
    key to be in Okta.

    Args:
        context: what to work with; the caller holds the profile's lock.
        finish: take the new key to be in Okta, and make none.
        began: when this run began (UTC); ``None``: now. What another run said since then, nobody
            can have read before they started this one.

    Returns:
        The phases as steps, and what a person has to do.

    Raises:
        NgrokScimError: the keyring or the profile cannot be used.
    """
    run = _Rotation(context, began or context.now())
    try:
        run.go(finish=finish)
    except StepFailed as failure:
        run.fail(failure)
    return run.result()


def announced(context: SetupContext) -> None:
    """Record that the person was told what to paste, so that the next run may finish.

    Raises:
        NgrokScimError: the profile cannot be used.
    """
    profile = context.profile()
    if profile.next_key or profile.previous_key:
        context.change(steps={**profile.steps, ANNOUNCED: context.now()})


def _is_announced(profile: Profile, new: Key, began: datetime) -> bool:
    told = profile.steps.get(ANNOUNCED)
    return told is not None and new.stored_at is not None and new.stored_at <= told <= began


class _Rotation:
    """One run, and what it has come to."""

    def __init__(self, context: SetupContext, began: datetime) -> None:
        self._shop = context
        self._began = began
        self._done: dict[str, tuple[StepStatus, str]] = {}
        self._remaining: tuple[str, ...] = ()
        self._findings: tuple[Finding, ...] = ()
        self._tested: Result | None = None
        self._at = MAKE

    def go(self, *, finish: bool) -> None:
        api = self._shop.open_api()
        if api is None:
            outcome = without_admin_key()
            self._remaining = outcome.remaining
            raise StepFailed("No administrator's API key was given.")
        journal = open_settled_journal(self._shop, api)
        if self._make(api, journal, finish=finish) and self._is_in_okta(finish=finish):
            self._test()
            self._replace(journal)

    def _make(self, api: NgrokApi, journal: KeyJournal, *, finish: bool) -> bool:
        """See to it that there is a new key beside the old one; tell whether there is."""
        profile = self._shop.profile()
        new = _new_key(profile)
        if new is not None:
            self._note(StepStatus.DONE, f"{new.id} was made by an earlier run.")
            return True
        if profile.key is None:
            raise StepFailed("There is no key to replace. To make one: ngrok-scim api-key create")
        if finish:
            self._note(StepStatus.DONE, "There is nothing to finish: only one key is alive.")
            return False
        new = make_key_for_service_user(self._shop, api, journal, beside=True)
        self._note(
            StepStatus.DONE,
            f"Made {new.id} for the Service User “{new.owner_name}”. "
            f"{profile.key.id or 'The old key'} is left alone until Okta has the new one.",
        )
        return True

    def _is_in_okta(self, *, finish: bool) -> bool:
        self._at = PASTE
        profile, person = self._shop.profile(), self._shop.person
        new = _new_key(profile)
        given = self._shop.given_key
        also = (OVERRIDDEN.format(given),) if given else ()
        told = finish or (not person.present and new and _is_announced(profile, new, self._began))
        if not told and person.present:
            with key_at_hand(self._shop, self._new_secret(), COPY):
                for line in (PASTE_IN_OKTA, *also):
                    person.tell(line)
                told = person.confirm(_ASK, default=False)
        if told:
            self._note(StepStatus.DONE, "The new key is taken to be in Okta.")
            return True
        self._note(StepStatus.WAITING, "Which key Okta uses cannot be seen from here.")
        self._remaining = (*also, COPY, PASTE_IN_OKTA, _FINISH)
        return False

    def _test(self) -> None:
        self._at = TEST
        self._tested = test_key(self._shop, self._new_secret())
        said = self._tested.okta.message if self._tested.okta else ""
        if self._tested.verdict not in _ACCEPTED:
            self._findings = self._tested.findings
            raise StepFailed(f"The new key does not pass, so the old one is kept. {said}".strip())
        self._note(StepStatus.DONE, said)

    def _new_secret(self) -> str:
        profile = self._shop.profile()
        kind = SecretKind.NEXT_SCIM if profile.next_key else SecretKind.SCIM
        secret = self._shop.secrets().get(kind.of(self._shop.profile_name))
        if secret is None:
            new = _new_key(profile)
            raise lost(new.id if new else "")
        return secret

    def _replace(self, journal: KeyJournal) -> None:
        self._at = REVOKE
        old = self._shop.profile().key
        journal.promote()
        if self._shop.profile().previous_key:
            self._note(StepStatus.DONE, journal.revoke_superseded())
        elif old:
            self._note(StepStatus.WAITING, "The old key does not tell its id.")
            self._remaining = (f"Delete the old key at {texts.NGROK_API_KEYS}.",)

    def _note(self, status: StepStatus, detail: str) -> None:
        self._done[self._at] = (status, detail)
        self._shop.person.tell(detail)

    def fail(self, failure: StepFailed) -> None:
        self._findings = failure.findings or self._findings
        self._note(StepStatus.FAILED, failure.detail)

    def result(self) -> Result:
        failed = any(status is StepStatus.FAILED for status, _ in self._done.values())
        findings = self._findings
        profile = self._shop.profile()
        if failed and _new_key(profile) and all(item.code != "NGR712" for item in findings):
            findings = (*findings, two_keys_live(profile))
        told = not failed or any(item.severity is Severity.ERROR for item in findings)
        base = self._tested or Result(command=COMMAND, verdict=Verdict.PASS)
        steps = tuple(
            Step(name, *self._done.get(name, (StepStatus.TODO, "")))
            for name in _STEPS
            if name in self._done or _new_key(profile)
        )
        return replace(
            base,
            command=COMMAND,
            verdict=verdict_of(findings, told=told),
            findings=findings,
            steps=steps,
            remaining=self._remaining,
        )


def _new_key(profile: Profile) -> Key | None:
    """Return the key that replaces another one, where one is being replaced."""
    return profile.next_key or (profile.key if profile.previous_key else None)
