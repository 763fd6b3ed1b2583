"""What is fetched in threads: a value that several checks share."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, Generic, TypeVar

from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.wire.threads import start_thread

_Value = TypeVar("_Value")

TIMEOUT_S = 600.0
"""How long a check may take: some requests one after another, each of which may take Okta's 60
seconds, and the waits that a peer asks for."""

LONG_TIMEOUT_S = 3600.0
"""How long what goes through everybody may take: 100,000 users are 1,000 pages, and ngrok takes 120
requests a minute."""


class SharedFuture(Generic[_Value]):
    """Lazily fetched value shared by threads.

    It is fetched once, in a thread of its own, when it is first needed. Where that fails, everybody
    who needs it gets the exception, with its traceback only where one asks for it
    (``keeps_traceback``).
    """

    def __init__(self, fetch: Callable[[], _Value], *, keeps_traceback: bool = False) -> None:
        self._fetch = fetch
        self._keeps_traceback = keeps_traceback
        self._future: Future[_Value] = Future()
        self._begun = Lock()

    @property
    def is_over(self) -> bool:
        """Whether it was fetched, or failed."""
        return self._future.done()

    def begin(self) -> None:
        """Start to fetch the value, without waiting for it."""
        # Where no thread can be started it is fetched here, so that nobody waits for nothing.
        if self._begun.acquire(blocking=False) and not start_thread(self._run):
            self._run()

    def get(self, timeout_s: float = LONG_TIMEOUT_S) -> _Value:
        """Wait for the value and return it; raises ``Unknown`` if that takes too long."""
        self.begin()
        try:
            error = self._future.exception(timeout_s)
        except TimeoutError:
            raise Unknown(f"It did not finish within {timeout_s:,.0f} seconds.") from None
        if error:
            # Otherwise the frames of all who ever asked stay, with all that they looked at.
            raise error if self._keeps_traceback else error.with_traceback(None)
        return self._future.result()

    def get_or_none(self) -> _Value | None:
        """Wait for the value and return it; ``None`` where it is unknown."""
        try:
            return self.get()
        except Unknown:
            return None

    def peek(self) -> _Value | None:
        """Return the value if it was fetched already, else ``None``; never starts to fetch."""
        return self._future.result() if self.is_over and not self._future.exception() else None

    def _run(self) -> None:
        try:
            self._future.set_result(self._fetch())
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            self._future.set_exception(error)


def gather(*needed: SharedFuture[Any]) -> None:
    """Fetch all of ``needed`` side by side; raises the error of the first that fails."""
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
