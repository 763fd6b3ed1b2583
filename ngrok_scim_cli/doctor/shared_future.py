"""A lazily fetched value that several checks share."""

from __future__ import annotations

from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ngrok_scim_cli.diagnosis.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

_Value = TypeVar("_Value")


class SharedFuture(Generic[_Value]):
    """Lazily fetched value shared by threads.

    It is fetched in a thread of its own when it is first needed. Whoever needs it waits for the one
    fetch. Where that fails, everybody gets its exception.
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

    def get(self, timeout_s: float | None = None) -> _Value:
        """Return the value, as soon as it is there.

        Raises:
            Unknown: it is not to be had, or not in time.
        """
        self.begin()
        if not self._over.wait(timeout_s):
            raise Unknown(f"It did not end within {timeout_s:,.0f} seconds.")
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


def gather(*needed: SharedFuture[Any]) -> None:
    """Fetch all of ``needed`` side by side, and wait until none of them is under way any more.

    Raises:
        Unknown: one of them is not to be had; of several, the first one's.
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
