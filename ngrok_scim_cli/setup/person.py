"""Whom the setup talks to: a person at a terminal, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ngrok_scim_cli.diagnosis.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from ngrok_scim_cli.diagnosis.finding import Finding


LATER, BACK, QUIT, HELP = "later", "back", "quit", "?"
WORDS = f"({LATER}, {BACK}, {QUIT}, {HELP})"
"""What can be typed at every question of the setup in place of an answer."""


class Later(Exception):  # noqa: N818 - an answer, no error
    """The person leaves this step for later."""


class Back(Exception):  # noqa: N818 - an answer, no error
    """The person goes back to the step before this one."""


class Person(Protocol):
    """Someone who may be told things, and perhaps asked."""

    @property
    def present(self) -> bool:
        """Whether there is anybody to ask."""

    def tell(self, text: str, values: Sequence[str] = ()) -> None:
        """Say ``text``, which may have several lines, and in it the ``values`` to paste."""

    def head(self, number: int, count: int, title: str, explanation: str) -> None:
        """Begin step ``number`` of ``count``.

        From now on every question takes ``WORDS``, too: ``later`` raises ``Later``, ``back``
        ``Back`` and ``quit`` ``KeyboardInterrupt``; ``?`` tells ``explanation`` and asks again.
        """

    def ask(self, question: str, *, default: str = "") -> str:
        """Ask for a line of text; Enter takes ``default``."""

    def ask_secret(self, question: str) -> str:
        """Ask for a secret, which is not shown; returned exactly as it was typed."""

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Ask a yes-or-no question."""

    def choose(self, question: str, options: Sequence[tuple[str, str]], *, default: str) -> str:
        """Ask for one of ``options``, each a value and its description; return the value."""


class Nobody:
    """Nobody is there: every question is answered by its default."""

    present = False

    def tell(self, text: str, values: Sequence[str] = ()) -> None:
        """Say nothing: what matters stands in the result."""

    def head(self, number: int, count: int, title: str, explanation: str) -> None:
        """Say nothing."""

    def ask(self, question: str, *, default: str = "") -> str:
        """Take the default."""
        del question
        return default

    def ask_secret(self, question: str) -> str:
        """Know no secret."""
        del question
        return ""

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Take the default."""
        del question
        return default

    def choose(self, question: str, options: Sequence[tuple[str, str]], *, default: str) -> str:
        """Take the default."""
        del question, options
        return default


class UnlockedPerson:
    """Asks a person with the profile's lock released: who thinks holds nobody up."""

    def __init__(
        self, person: Person, unlocked: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._person = person
        self._unlocked = unlocked
        self.present = person.present
        self.tell = person.tell
        self.head = person.head

    def ask(self, question: str, *, default: str = "") -> str:
        """Ask for a line of text; Enter takes ``default``."""
        with self._unlocked():
            return self._person.ask(question, default=default)

    def ask_secret(self, question: str) -> str:
        """Ask for a secret, which is not shown; returned exactly as it was typed."""
        with self._unlocked():
            return self._person.ask_secret(question)

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Ask a yes-or-no question."""
        with self._unlocked():
            return self._person.confirm(question, default=default)

    def choose(self, question: str, options: Sequence[tuple[str, str]], *, default: str) -> str:
        """Ask for one of ``options``, each a value and its description; return the value."""
        with self._unlocked():
            return self._person.choose(question, options, default=default)


def tell_root_cause(person: Person, findings: Sequence[Finding]) -> None:
    """Tell what is wrong and the one thing to do, of the first error among ``findings``."""
    first = next((item for item in findings if item.severity is Severity.ERROR), None)
    if first is not None:
        person.tell(f"{first.title}. {first.fix}")
