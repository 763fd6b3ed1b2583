"""Keeps a rehearsal safe: an earlier one is cleaned up first, and an interrupted one at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.reply_list import listed_users
from ngrok_scim_cli.diagnosis.finding import Finding, Result, Verdict
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.rehearsal.plan import names_for
from ngrok_scim_cli.rehearsal.result import COMMAND, CleanUpPayload, result_of
from ngrok_scim_cli.rehearsal.run import Rehearsal
from ngrok_scim_cli.rehearsal.spec_run import run_spec
from ngrok_scim_cli.rehearsal.steps import read_only_steps
from ngrok_scim_cli.rehearsal.user import CleanedUp, ThrowAwayUsers, clean_up
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile import Rehearsal as Record
from ngrok_scim_cli.wire.retry_policy import RetryPolicy
from ngrok_scim_cli.wire.scim import OktaScim

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.settings.profile_store import ProfileStore
    from ngrok_scim_cli.wire.client import Wire

_OTHER_ENDPOINT = (
    "An earlier rehearsal ran against {}, not against the endpoint of this run. Run "
    "`ngrok-scim rehearse --clean-up --base-url {}` first."
)

# A create whose reply was never seen may still be carried out for this long: longer than the
# longest time limit of ours.
_LATE = timedelta(minutes=15)


def read_only(wire: Wire, form: Form, dialect: Dialect) -> Result:
    """Make the steps that write nothing, with somebody of the list of users."""
    scim = OktaScim(wire, form.base_url, form.authorization)
    first = scim.list_users(purpose="somebody who is there")
    listed = listed_users(first.reply)
    return result_of(read_only_steps(scim, listed[0] if listed else {}), dialect)


def okta_spec(wire: Wire, form: Form) -> Result:
    """Make the steps of Okta's SPEC suite that only read."""
    return run_spec(OktaScim(wire, form.base_url, form.authorization))


class Keeper:
    """Runs rehearsals, which one profile remembers; whatever others write to it stays.

    The user names stand in the profile before the first request, and the ids as they come.
    """

    def __init__(
        self,
        wire: Wire,
        form: Form,
        profiles: ProfileStore,
        profile_name: str,
        now: datetime,
        *,
        tell: Callable[[str], None],
    ) -> None:
        self._scim = OktaScim(wire, form.base_url, form.authorization)
        self._base_url = form.base_url
        self._profiles = profiles
        self._profile_name = profile_name
        self._now = now
        self._tell = tell

    def clean_up(self) -> Result:
        """Deactivate what an earlier rehearsal left."""
        record = self._earlier()
        if record is not None and record.base_url != self._base_url:
            return _elsewhere(record)
        return _cleaned(self._clean_up(record))

    def rehearse(self, domain: str, dialect: Dialect) -> Result:
        """Clean up what an earlier rehearsal left, then make a new one."""
        record = self._earlier()
        if record is not None:
            if record.base_url != self._base_url:
                return _elsewhere(record)
            self._tell("An earlier rehearsal did not finish. Cleaning it up first.")
            outcome = self._clean_up(record)
            if not outcome.is_complete:
                return _cleaned(outcome)
        names = names_for(domain, self._now)
        begun = Record(self._base_url, dialect.value, self._now, names.all)
        self._save(begun)
        run = Rehearsal(
            self._scim,
            names,
            dialect,
            self._note,
            on_step=lambda title: self._tell(f"{title} …"),
        )
        try:
            run.run()
        except BaseException as error:
            how = "Interrupted" if isinstance(error, KeyboardInterrupt) else "Broken off"
            self._tell(f"{how}. Deactivating the throw-away users; Ctrl-C leaves them.")
            self._clean_up(self._earlier() or begun)
            raise
        if run.may_have_created:
            outcome = self._clean_up(self._earlier() or begun)
        else:
            outcome = CleanedUp()
            self._save(None)
        also = () if outcome.is_complete else (_still_active(outcome),)
        left = run.left
        if outcome.is_complete and not outcome.found:
            left = replace(left, state="deleted" if left.state == "deleted" else "never-made")
        return result_of(run, dialect, left=left, also=also)

    def _earlier(self) -> Record | None:
        """Return the rehearsal whose users may still be active."""
        return self._profiles.load(self._profile_name).rehearsal

    def _clean_up(self, record: Record | None) -> CleanedUp:
        """Deactivate the users of ``record``; forget it where none can be active any more."""
        if record is None:
            return CleanedUp()
        users = ThrowAwayUsers(self._scim, record.user_names, RetryPolicy())
        outcome = clean_up(users, record.user_names, record.ids, Dialect(record.dialect))
        started = record.started_at
        may_come_late = not outcome.found and started and self._now - started < _LATE
        if outcome.is_complete and not may_come_late:
            self._save(None)
        return outcome

    def _note(self, user_id: str) -> None:
        """Note the id of a user that was created."""

        def noted(profile: Profile) -> Profile:
            record = profile.rehearsal
            if record is None or user_id in record.ids:
                return profile
            return replace(profile, rehearsal=replace(record, ids=(*record.ids, user_id)))

        if self._earlier():  # a profile that was deleted meanwhile stays deleted
            self._profiles.update(self._profile_name, noted)

    def _save(self, record: Record | None) -> None:
        if record or self._earlier():
            self._profiles.change(self._profile_name, rehearsal=record)


def _still_active(outcome: CleanedUp) -> Finding:
    seen = f"Still active: {', '.join(outcome.active)}."
    if not outcome.active:
        seen = f"Could not look up: {', '.join(outcome.unknown)}."
    return finding("REH015", seen)


def _cleaned(outcome: CleanedUp) -> Result:
    findings = () if outcome.is_complete else (_still_active(outcome),)
    verdict = Verdict.PASS if outcome.is_complete else Verdict.FAIL
    if outcome.unknown and not outcome.active:
        verdict = Verdict.INCOMPLETE
    return Result(COMMAND, verdict, findings=findings, payload=CleanUpPayload(outcome))


def _elsewhere(record: Record) -> Result:
    seen = _OTHER_ENDPOINT.format(record.base_url, record.base_url)
    return Result(COMMAND, Verdict.INCOMPLETE, findings=(finding("REH015", seen),))
