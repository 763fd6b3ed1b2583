"""Brings trouble to the process that imports it, at the N-th moment that matters.

Python imports it by itself where its folder is on ``PYTHONPATH``. ``NGROK_SCIM_TEST_TROUBLE`` is a
kind of trouble and N, counted from 1:

- ``kill``: the process dies before a call that changes a file, the keyring or the other end of a
  connection. What lies between two of them nobody can see, so to kill before each call is to kill
  everywhere.
- ``disk``: no space is left for the file that is being written.
- ``network``: the connection breaks while a reply is awaited.
- ``keyring`` and ``keyring-late`` are brought by the keyring of the tests itself.
"""

import errno
import functools
import os
import pathlib
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _cut_the_line() -> None:
    raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


_TROUBLES: dict[str, tuple[Callable[[], None], tuple[tuple[Any, str], ...]]] = {
    "kill": (
        _kill,
        (
            (os, "replace"),
            (os, "fsync"),
            (pathlib.Path, "write_text"),  # how the keyring of the tests stores a secret
            (socket.socket, "send"),
            (socket.socket, "sendall"),
            (socket.socket, "recv"),
        ),
    ),
    "disk": (_fill_the_disk, ((os, "fsync"),)),
    "network": (_cut_the_line, ((socket.socket, "recv"),)),
}

_kind, _, _at = os.environ.get("NGROK_SCIM_TEST_TROUBLE", "").partition(" ")
_seen: list[str] = []


def _fail_before(owner: Any, name: str, fail: Callable[[], None]) -> None:  # noqa: ANN401 - a module or a class
    original: Any = getattr(owner, name)

    @functools.wraps(original)
    def counted(*arguments: object, **options: object) -> object:
        _seen.append(name)
        if len(_seen) == int(_at):
            sys.stderr.write(f"Trouble: {_kind}\n")
            fail()
        return original(*arguments, **options)

    setattr(owner, name, counted)


if _kind in _TROUBLES:
    _fail, _calls = _TROUBLES[_kind]
    for _owner, _name in _calls:
        _fail_before(_owner, _name, _fail)
