"""Fetches what comes next while the last is still being looked at."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_Value = TypeVar("_Value")

# So many values wait, besides the one that is being looked at.
_AT_MOST = 2


def prefetch(values: Iterator[_Value]) -> Generator[_Value, None, None]:
    """Prefetch ``values`` in a thread of its own.

    A server and the rules then work at the same time. Two values at most wait.
    """
    fetching = _Fetching(values)
    try:
        yield from fetching.values()
    finally:
        fetching.give_up()


class _Fetching(Generic[_Value]):
    """What is being fetched: each value in a list of its own, then what ended it."""

    def __init__(self, values: Iterator[_Value]) -> None:
        self._source = values
        self._waiting: Queue[list[_Value] | BaseException] = Queue(_AT_MOST)
        self._given_up = Event()
        # A daemon, so that whoever interrupts is not made to wait for a server.
        Thread(target=self._run, daemon=True).start()

    def values(self) -> Iterator[_Value]:
        """Give out each value, and raise what its fetch raised."""
        while True:
            item = self._waiting.get()
            if isinstance(item, StopIteration):
                return
            if isinstance(item, BaseException):
                raise item
            yield item[0]

    def give_up(self) -> None:
        """Let nothing more be fetched."""
        self._given_up.set()
        with suppress(Empty):
            while True:  # whatever waits, so that the thread is not held up
                self._waiting.get_nowait()

    def _run(self) -> None:
        end: BaseException = StopIteration()
        try:
            for value in self._source:
                self._waiting.put([value])
                if self._given_up.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - whoever goes through the values gets it
            end = error
        self._waiting.put(end)
