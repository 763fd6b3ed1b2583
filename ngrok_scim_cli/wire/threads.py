"""Starts threads, and says where this machine has no room for another one."""

from collections.abc import Callable
from threading import Thread


def start_thread(work: Callable[[], None]) -> bool:
    """Do ``work`` in a thread of its own; ``False`` where none can be started.

    A daemon: an interrupt does not wait for a server.
    """
    try:
        Thread(target=work, daemon=True).start()
    except (RuntimeError, MemoryError):  # "can't start new thread": a limit on memory or threads
        return False
    return True
