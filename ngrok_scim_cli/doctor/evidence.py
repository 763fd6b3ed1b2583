"""What the checks of one run rest on, the people of both sides among it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ngrok_scim_cli.doctor.peer_reads import PeerReads
from ngrok_scim_cli.doctor.shared_future import SharedFuture

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ngrok_scim_cli.doctor.okta_people import Assigned, Statuses
    from ngrok_scim_cli.doctor.peer_reads import Access
    from ngrok_scim_cli.doctor.people import People
    from ngrok_scim_cli.doctor.progress import Progress


class Evidence(PeerReads):
    """What the checks of one run rest on."""

    def __init__(
        self,
        access: Access,
        *,
        now: Callable[[], datetime],
        progress: Progress | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare to fetch; nothing is sent yet."""
        super().__init__(access, now=now, progress=progress, pause=pause)
        self.statuses: SharedFuture[Statuses] = SharedFuture(self._read_statuses)
        self.assigned: SharedFuture[Assigned] = SharedFuture(self._read_assigned)
        self.people: SharedFuture[People] = SharedFuture(self._read_people)

    def _read_statuses(self) -> Statuses:
        from ngrok_scim_cli.doctor.okta_people import read_statuses

        return read_statuses(self)

    def _read_assigned(self) -> Assigned:
        from ngrok_scim_cli.doctor.okta_people import read_assigned

        return read_assigned(self, self.statuses)

    def _read_people(self) -> People:
        from ngrok_scim_cli.doctor.people import read_people

        return read_people(self, self.assigned, self.statuses)
