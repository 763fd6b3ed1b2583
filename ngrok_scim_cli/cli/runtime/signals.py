"""An orderly end where the system asks for one: SIGTERM, or SIGHUP when a terminal is closed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

_ASKING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows knows no SIGHUP


class Ended(BaseException):
    """The system asked the program to end.

    Attributes:
        number: the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def orderly_end() -> Iterator[None]:
    """Turn the first of these signals into ``Ended``; a second one ends the program at once.

    So a key leaves the clipboard, and the terminal shows again what is typed. A signal that whoever
    started us ignores (``nohup``) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():  # only that one may listen
        yield
        return
    with ExitStack() as undoing:
        for asking in _ASKING:
            if signal.getsignal(asking) is signal.SIG_DFL:
                signal.signal(asking, _end)
                undoing.callback(signal.signal, asking, signal.SIG_DFL)
        yield


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    for asking in _ASKING:
        if signal.getsignal(asking) is _end:
            signal.signal(asking, signal.SIG_DFL)
    raise Ended(number)
