"""Whom the checks tell how far they are, where that may take long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.finding import Check
    from ngrok_scim_cli.doctor.plan import CheckPlan, Examination


class Progress(Protocol):
    """Is told from several threads at once."""

    def read(self, what: str, done: int, total: int | None) -> None:
        """Take notice of a list that is being read.

        Args:
            what: what is listed, like ``users in ngrok``.
        """

    def waits(self, what: str, seconds: float) -> None:
        """Take notice of a wait that a peer asked for.

        Args:
            what: what waits, like ``list users``.
        """


class Silent:
    """Says nothing of it."""

    def read(self, what: str, done: int, total: int | None) -> None:
        """Say nothing."""

    def waits(self, what: str, seconds: float) -> None:
        """Say nothing."""


class Follower(Protocol):
    """Follows a run of ``doctor`` from its own thread, check by check in their order."""

    def begins(self, plans: Sequence[CheckPlan]) -> None:
        """Take notice of the checks that will be made."""

    def waits_for(self, examination: Examination) -> None:
        """Take notice of what is waited for now."""

    def ended(self, check: Check) -> None:
        """Take notice of how a check ended."""
