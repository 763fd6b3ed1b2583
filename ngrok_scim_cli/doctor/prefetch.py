"""Fetches what comes next while the last is still being looked at."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, Queue
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from ngrok_scim_cli.wire.threads import start_thread

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_Value = TypeVar("_Value")

# So many values wait, besides the one that is being looked at.
_AT_MOST = 2


def prefetch(values: Iterator[_Value]) -> Generator[_Value, None, None]:
    """Prefetch ``values`` in a thread of its own, so that a server and the rules work side by side.

    What their fetch raises comes behind what it gave.
    """
    waiting: Queue[list[_Value] | BaseException] = Queue(_AT_MOST)
    is_given_up = Event()

    def fetch() -> None:
        end: BaseException = StopIteration()
        try:
            for value in values:
                waiting.put([value])
                if is_given_up.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - whoever goes through the values gets it
            end = error
        waiting.put(end)

    if not start_thread(fetch):
        yield from values
        return
    try:
        while isinstance(item := waiting.get(), list):
            yield item[0]
        if not isinstance(item, StopIteration):
            raise item
    finally:
        is_given_up.set()
        with suppress(Empty):
            while True:  # whatever waits, so that the thread is not held up
                waiting.get_nowait()
