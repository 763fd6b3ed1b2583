"""What the profile remembers of a rehearsal, so that a run that was killed leaves nobody active."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ngrok_scim_cli.settings.profile import Rehearsal as Record

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
    from ngrok_scim_cli.rehearsal.clean_up import CleanedUp
    from ngrok_scim_cli.rehearsal.plan import Names
    from ngrok_scim_cli.settings.profile_store import ProfileStore

# A create whose reply was never seen may still be carried out for this long: longer than the
# longest time limit of ours.
_LATE = timedelta(minutes=15)


class ProfileJournal:
    """The rehearsal that one profile remembers.

    Args:
        profiles: where the profile is kept; the caller holds its lock.
    """

    def __init__(self, profiles: ProfileStore, name: str) -> None:
        self._profiles = profiles
        self._name = name

    def earlier(self) -> Record | None:
        """Return the rehearsal whose users may still be active."""
        return self._profiles.load(self._name).rehearsal

    def begin(self, names: Names, base_url: str, dialect: Dialect, now: datetime) -> None:
        """Note the user names, before the first request."""
        self._save(Record(base_url, dialect.value, now, names.all))

    def made(self, user_id: str) -> None:
        """Note the id of a user that was made."""
        record = self.earlier()
        if record and user_id not in record.ids:
            self._save(replace(record, ids=(*record.ids, user_id)))

    def settle(self, outcome: CleanedUp, now: datetime) -> bool:
        """Forget the rehearsal where nobody of it can be active any more."""
        record = self.earlier()
        if record is None:
            return True
        started = record.started_at
        may_come_late = not outcome.found and started is not None and now - started < _LATE
        if not outcome.is_complete or may_come_late:
            return False
        self._save(None)
        return True

    def forget(self) -> None:
        """Forget the rehearsal: its users were seen not to be active."""
        self._save(None)

    def _save(self, record: Record | None) -> None:
        self._profiles.change(self._name, rehearsal=record)
