"""Whom the setup talks to: a person at a terminal, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding


LATER, BACK, QUIT, HELP = "later", "back", "quit", "?"
WORDS = f"({LATER}, {BACK}, {QUIT}, {HELP})"
"""What can be typed at every question of the setup in place of an answer."""


class Later(Exception):  # noqa: N818 - an answer, no error
    """The person leaves this step for later."""


class Back(Exception):  # noqa: N818 - an answer, no error
    """The person goes back to the step before this one."""


class Person:
    """Who may be told things and asked. Here nobody is: each question gets its default."""

    @property
    def present(self) -> bool:
        """Whether there is anybody to ask."""
        return False

    def tell(self, text: str, values: Sequence[str] = ()) -> None:
        """Say ``text``, which may have several lines, and in it the ``values`` to paste."""

    def head(self, number: int, count: int, title: str, explanation: str) -> None:
        """Begin step ``number`` of ``count``.

        From now on every question takes ``WORDS``, too: ``later`` raises ``Later``, ``back``
        ``Back`` and ``quit`` ``KeyboardInterrupt``; ``?`` tells ``explanation`` and asks again.
        """

    def ask(self, question: str, *, default: str = "") -> str:  # noqa: ARG002 - for who is there
        """Ask for a line of text; Enter takes ``default``."""
        return default

    def ask_secret(self, question: str) -> str:  # noqa: ARG002 - as above
        """Ask for a secret, which is not shown; returned exactly as it was typed."""
        return ""

    def confirm(self, question: str, *, default: bool = True) -> bool:  # noqa: ARG002 - as above
        """Ask a yes-or-no question."""
        return default

    def choose(
        self,
        question: str,  # noqa: ARG002 - as above
        options: Sequence[tuple[str, str]],  # noqa: ARG002 - as above
        *,
        default: str,
    ) -> str:
        """Ask for one of ``options``, each a value and its description; return the value."""
        return default


NOBODY = Person()


def tell_root_cause(person: Person, findings: Sequence[Finding]) -> None:
    """Tell what is wrong and the one thing to do, of the first error among ``findings``."""
    first = next((item for item in findings if item.severity is Severity.ERROR), None)
    if first is not None:
        person.tell(f"{first.title}. {first.fix}")
