"""What several checks need: fetched at most once, while all who need it wait."""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.diagnosis.finding import Finding

_Value = TypeVar("_Value")


class Missing(Exception):  # noqa: N818 - it says what happened; "Error" would add nothing
    """Something that a check needs is not there, so that the check is skipped.

    Attributes:
        reason: what is missing, in one or two sentences for a person.
        advice: how to provide it, where that is too long to stand at every check.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        self.reason = reason
        self.advice = advice
        super().__init__(reason)


class Refused(Missing):
    """A peer refused what a check needs, or did not answer.

    Attributes:
        reason: what could not be read, in one sentence.
        findings: why. The first check that needs it shows them; those behind it are skipped.
        told: whether the findings say something about the peers; not so where the way to them
            fails, or where they answer nobody for a while.
    """

    def __init__(self, reason: str, findings: tuple[Finding, ...], *, told: bool = True) -> None:
        super().__init__(reason)
        self.findings = findings
        self.told = told


class Once(Generic[_Value]):
    """A value that is fetched when it is first needed, in a thread of its own.

    Whoever needs it waits for the one fetch. Where that fails, everybody gets its exception.
    """

    def __init__(self, fetch: Callable[[], _Value]) -> None:
        """Prepare to fetch.

        Args:
            fetch: gets the value; called at most once.
        """
        self._fetch = fetch
        self._beginning = Lock()
        self._begun = False
        self._over = Event()
        self._values: list[_Value] = []
        self._error: BaseException | None = None

    @property
    def is_over(self) -> bool:
        """Whether the value is there, or is known not to be had."""
        return self._over.is_set()

    def begin(self) -> None:
        """See to it that the value is being fetched, and do not wait for it."""
        with self._beginning:
            if self._begun:
                return
            self._begun = True
        # A daemon, so that whoever interrupts is not made to wait for a server.
        Thread(target=self._run, daemon=True).start()

    def get(self, patience_s: float | None = None) -> _Value:
        """Return the value, as soon as it is there.

        Args:
            patience_s: for how many seconds to wait for it; ``None`` waits for as long as it takes.

        Raises:
            Missing: it is not to be had, or not in time.
            Exception: whatever else the fetch raised.
        """
        self.begin()
        if not self._over.wait(patience_s):
            raise Missing(f"It did not end within {patience_s:,.0f} seconds.")
        if self._error is not None:
            raise self._error
        return self._values[0]

    def peek(self) -> _Value | None:
        """Return the value, if it was fetched already; nothing is begun."""
        return self._values[0] if self._values else None

    def _run(self) -> None:
        try:
            self._values.append(self._fetch())
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            self._error = error
        finally:
            self._over.set()


def together(*needed: Once[Any]) -> None:
    """Fetch all of ``needed`` side by side, and wait until none of them is under way any more.

    Raises:
        Missing: one of them is not to be had; of several, the first one's.
        Exception: whatever else a fetch raised.
    """
    for one in needed:
        one.begin()
    errors = []
    for one in needed:
        try:
            one.get()
        except Exception as error:  # noqa: BLE001 - raised below
            errors.append(error)
    if errors:
        raise errors[0]


def present(value: _Value | Missing) -> _Value:
    """Return ``value``.

    Raises:
        Missing: it is not there; it says why.
    """
    if isinstance(value, Missing):
        raise value
    return value
