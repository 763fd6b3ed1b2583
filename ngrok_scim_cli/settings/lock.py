"""A lock that one process holds at a time, and that the system takes back when it dies."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# Windows locks bytes of the file itself, so the one that is locked lies far behind the number.
_LOCKED_BYTE = 1 << 30


class LockHeld(Exception):  # noqa: N818 - the name says what happened
    """Another process holds the lock."""

    def __init__(self, holder: int | None) -> None:
        super().__init__("another process holds the lock")
        self.holder = holder


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock at ``path``; do not wait for it.

    The file stays where it is afterwards, unless its profile is deleted: a lock on a file that is
    gone would not keep another process from locking a new one.

    Raises:
        LockHeld: another process has it, or another part of this one.
        OSError: the file cannot be made, or its file system knows no locks.
    """
    while True:
        with open(path, "r+b", opener=_made_if_missing) as file:
            if not _locked(file):
                raise LockHeld(_holder(file))
            if not _is_at(path, file):
                continue
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
            try:
                yield
            finally:
                file.seek(0)
                file.truncate()
            return


def _is_at(path: Path, file: BinaryIO) -> bool:
    """Tell whether ``file`` is still the one at ``path``, and was not deleted meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _made_if_missing(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _locked(file: BinaryIO) -> bool:
    """Take the lock on ``file`` and return whether that worked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _holder(file: BinaryIO) -> int | None:
    file.seek(0)
    written = file.read(20)
    return int(written) if written.isdigit() else None
