"""An orderly end where the system asks for one: SIGTERM, SIGQUIT, a terminal that is closed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType

_ASKING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)  # Windows knows only the first


class Ended(BaseException):
    """The system asked the program to end."""

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
    _leave_no_core()
    with ExitStack() as undoing:
        for asking in _ASKING:
            if signal.getsignal(asking) is signal.SIG_DFL:
                signal.signal(asking, _end)
                undoing.callback(signal.signal, asking, signal.SIG_DFL)
        yield


def _leave_no_core() -> None:
    """Let no core file be written: it would hold the keys that are in memory."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    for asking in _ASKING:
        if signal.getsignal(asking) is _end:
            signal.signal(asking, signal.SIG_DFL)
    raise Ended(number)
