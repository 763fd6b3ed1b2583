"""Keeps a rehearsal safe: an earlier one is cleaned up first, and an interrupted one at once."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.reply_list import listed_users
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.rehearsal.plan import names_for
from ngrok_scim_cli.rehearsal.result import (
    COMMAND,
    clean_up_result,
    clean_up_summary,
    not_cleaned_up,
    result_of,
)
from ngrok_scim_cli.rehearsal.run import Rehearsal
from ngrok_scim_cli.rehearsal.user import Left, ThrowAwayUser, ThrowAwayUsers
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile import Rehearsal as Record
from ngrok_scim_cli.wire.scim import OktaScim

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.settings.profile_store import ProfileStore
    from ngrok_scim_cli.wire.client import Wire

_MAY_BE_ACTIVE = (
    "Throw-away users may still be active: `ngrok-scim rehearse --clean-up` deactivates them."
)

# A create whose reply was never seen may still be carried out for this long, which is longer than
# any time limit of a request.
_LATE = timedelta(minutes=15)


def read_only(wire: Wire, form: Form, dialect: Dialect) -> Result:
    """Make the steps that write nothing, with somebody of the list of users."""
    scim = OktaScim(wire, form.base_url, form.authorization)
    listed = listed_users(scim.list_users(purpose="somebody who is there").reply)
    run = Rehearsal(scim, None, dialect)
    run.run_read_only(listed[0] if listed else {})
    return result_of(run)


class Keeper:
    """Runs rehearsals, which one profile remembers; whatever others write to it stays.

    The profile has the user names before the first request, and each id as it comes.
    """

    def __init__(
        self,
        wire: Wire,
        form: Form,
        profiles: ProfileStore,
        profile_name: str,
        now: datetime,
        *,
        show: Callable[[str], None],
    ) -> None:
        self._scim = OktaScim(wire, form.base_url, form.authorization)
        self._base_url = form.base_url
        self._profiles = profiles
        self._profile_name = profile_name
        self._now = now
        self._show = show

    def clean_up(self) -> Result:
        """Deactivate what an earlier rehearsal left."""
        record = self._earlier()
        if record is None:
            return clean_up_result(ThrowAwayUsers(self._scim, ()))
        if record.base_url != self._base_url:
            return _elsewhere(record)
        return clean_up_result(self._clean_up(record))

    def rehearse(self, domain: str, dialect: Dialect) -> Result:
        """Clean up what an earlier rehearsal left, then make a new one."""
        record = self._earlier()
        if record is not None:
            if record.base_url != self._base_url:
                return _elsewhere(record)
            self._show("An earlier rehearsal did not finish. Cleaning it up first.")
            earlier = self._clean_up(record)
            if not earlier.is_clean:
                return clean_up_result(earlier)
        names = names_for(domain, self._now)
        begun = Record(self._base_url, dialect.value, self._now, names)
        self._save(begun)
        run = Rehearsal(
            self._scim, names, dialect, self._note, on_step=lambda title: self._show(f"{title} …")
        )
        try:
            run.run()
        except BaseException as error:
            how = "Interrupted" if isinstance(error, KeyboardInterrupt) else "Broken off"
            self._show(f"{how}. Deactivating the throw-away users; Ctrl-C leaves them.")
            self._show(clean_up_summary(self._clean_up(self._earlier() or begun)))
            raise
        if run.users.creates:
            self._clean_up(self._earlier() or begun, run.users)
        else:
            self._save(None)
        # Whoever was created and cannot be looked up may be active.
        unknown = (ThrowAwayUser("", name, Left.ACTIVE) for name in run.users.unknown[:1])
        users = run.users.known or tuple(unknown)
        return result_of(run, users=users, also=not_cleaned_up(run.users))

    def _earlier(self) -> Record | None:
        """Return the rehearsal whose users may still be active."""
        return self._profiles.load(self._profile_name).rehearsal

    def _clean_up(self, record: Record, users: ThrowAwayUsers | None = None) -> ThrowAwayUsers:
        """Deactivate the users of ``record``; forget it where none can be active any more.

        Args:
            users: those of a rehearsal that has just ended by itself.
        """
        users = users or ThrowAwayUsers(self._scim, record.user_names)
        is_young = record.started_at is not None and self._now - record.started_at < _LATE
        try:
            users.clean_up(record.ids, Dialect(record.dialect), is_young=is_young)
        except BaseException:
            self._show(_MAY_BE_ACTIVE)
            raise
        if users.is_clean and not users.may_come_late:
            self._save(None)
        return users

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


def _elsewhere(record: Record) -> Result:
    seen = f"An earlier rehearsal ran against {record.base_url}, which is another endpoint."
    fix = f"Run `ngrok-scim rehearse --clean-up --base-url {shlex.quote(record.base_url)}`."
    return Result(COMMAND, Verdict.INCOMPLETE, findings=(finding("REH015", seen, fix=fix),))
