"""Reads a small file, or says in a few words why not; writes one whole or not at all; locks one."""

import contextlib
import os
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import field
from glob import escape
from pathlib import Path
from select import select
from typing import BinaryIO

from ngrok_scim_cli.records import dataclass

_OPEN_TO_OTHERS = stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH

# Seconds after which nobody is still writing a small file.
_LONGEST_WRITING = 600

# Seconds that a command may take to write a key into a pipe: it may ask for a fingerprint first.
_LONGEST_READING = 60

# Windows locks bytes of the file itself, so the one that is locked lies far behind the number.
_LOCKED_BYTE = 1 << 30

# No link, and no pipe that nobody reads; Windows knows neither.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Attributes:
        data: its bytes. Left out of ``repr``: a key file holds a key.
        readable_by_others: whether its mode lets its group or everybody read or change it: who can
            change a profile can send its key to a port of theirs. Always ``False``
            on Windows, and for what is no ordinary file.
    """

    data: bytes = field(repr=False)
    readable_by_others: bool = False


class CannotRead(Exception):  # noqa: N818 - the name says what happened
    """Why a file cannot be read.

    Attributes:
        reason: a few words that follow the file's name: ``does not exist``.
    """

    def __init__(self, reason: str, *, missing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.missing = missing


class LockHeld(Exception):  # noqa: N818 - the name says what happened
    """Another process, whose id is ``holder`` where it is known, holds the lock."""

    def __init__(self, holder: int | None) -> None:
        super().__init__("another process holds the lock")
        self.holder = holder


def read_file(path: Path, limit: int, *, pipes: bool = False) -> Content:
    """Return what the file at ``path`` holds.

    Args:
        pipes: whether a pipe or a device will do, as the shell's ``<(command)`` is one. It is read
            for at most ``_LONGEST_READING`` seconds.

    Raises:
        CannotRead: it is missing, no file, longer than ``limit``, or the system refuses it.
    """
    try:
        if path.is_dir():
            raise CannotRead("is a folder, not a file")
        # Do not wait for a program that may write into a pipe.
        with open(
            path, "rb", opener=lambda name, flags: os.open(name, flags | _NO_WAITING)
        ) as file:
            if file.isatty():
                raise CannotRead("is a terminal, not a file")
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISREG(mode):
                others = os.name == "posix" and bool(mode & _OPEN_TO_OTHERS)
                return Content(read_stream(file, limit), others)
            if not pipes:
                raise CannotRead("is not an ordinary file")
            return Content(_read_pipe(file.fileno(), limit))
    except FileNotFoundError:
        raise CannotRead("does not exist", missing=True) from None
    except (OSError, ValueError) as error:
        raise CannotRead(f"cannot be read: {why(error)}") from None


def _read_pipe(descriptor: int, limit: int) -> bytes:
    """Return what comes through a pipe or a device until its end, or fail as ``read_stream``."""
    deadline = time.monotonic() + _LONGEST_READING
    data = b""
    while len(data) <= limit:
        if not select([descriptor], [], [], max(0, deadline - time.monotonic()))[0]:
            raise CannotRead(
                f"is a pipe or a device that did not come to its end in {_LONGEST_READING} seconds"
            )
        piece = os.read(descriptor, limit + 1 - len(data))
        if not piece:
            break
        data += piece
    return _within(limit, data)


def read_stream(stream: BinaryIO, limit: int) -> bytes:
    """Return all that ``stream`` holds; raise ``CannotRead`` beyond ``limit`` bytes."""
    try:
        return _within(limit, stream.read(limit + 1))
    except OSError as error:
        raise CannotRead(f"cannot be read: {why(error)}") from None


def _within(limit: int, data: bytes) -> bytes:
    if len(data) > limit:
        raise CannotRead(f"is longer than {limit // 1024} KiB")
    return data


def why(error: Exception) -> str:
    """Return the system's reason for ``error`` without the path, which the caller names."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "no usable path"
    return reason[:1].lower() + reason[1:]


def write_whole(path: Path, data: bytes, *, readable: bool = False) -> None:
    """Put ``data`` into the file at ``path``, whole or not at all; only its owner may read it.

    It is written beside the file and then takes its place, so that whoever is interrupted, or runs
    out of disk, leaves the old file as it was.

    Raises:
        OSError: the system refuses. Nothing is left behind.
    """
    with contextlib.suppress(OSError):  # what was killed in the middle of an earlier writing
        for left in path.parent.glob(f".{escape(path.name)}.{'[0-9a-f]' * 12}.tmp"):
            if time.time() - left.lstat().st_mtime > _LONGEST_WRITING:
                left.unlink()
    beside = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        with open(beside, "xb", opener=_for_the_owner_alone) as file:
            file.write(data)
            if readable and os.name == "posix":
                os.fchmod(file.fileno(), 0o644)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)  # noqa: PTH105 - as one call that a test can break
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    if os.name == "posix":
        with contextlib.suppress(OSError):  # some file systems cannot; the file itself is safe
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def append_line(path: Path, line: bytes) -> None:
    """Write a line at the end of the file at ``path``, which only its owner may read."""
    make_private_folder(path.parent)
    with open(path, "ab", opener=_for_the_owner_alone) as file:
        file.write(line + b"\n")


def make_private_folder(folder: Path) -> None:
    """Make ``folder``, and the one above it, so that only their owner may look inside.

    A ``folder`` that is there already is closed to others, the one above it is left as it is.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        with contextlib.suppress(OSError):  # it belongs to somebody else, who may have reasons
            folder.chmod(0o700)


def _for_the_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_LINK | _NO_WAITING, 0o600)


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock at ``path``; do not wait for it. The system takes it back from the dead.

    The file stays where it is afterwards, unless its profile is deleted: a lock on a file that is
    gone would not keep another process from locking a new one.

    Raises:
        LockHeld: another process has it, or another part of this one.
        OSError: the file cannot be made, or its file system knows no locks.
    """
    while True:
        # In this mode a file that is missing is made, and one that is there keeps what it holds.
        with open(path, "ab+", buffering=0, opener=_for_the_owner_alone) as file:
            if not _locked(file):
                file.seek(0)
                written = file.read(20)
                raise LockHeld(int(written) if written.isdigit() else None)
            try:
                was_deleted = not os.path.samestat(path.stat(), os.fstat(file.fileno()))
            except FileNotFoundError:
                was_deleted = True
            if was_deleted:
                continue
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            try:
                yield
            finally:
                file.truncate(0)
            return


def _locked(file: BinaryIO) -> bool:
    """Take the lock on ``file`` and return whether that worked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
