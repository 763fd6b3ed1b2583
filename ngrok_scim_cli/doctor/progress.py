"""Whom the checks tell how far they are, where that may take long."""

from __future__ import annotations

from typing import Protocol


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
