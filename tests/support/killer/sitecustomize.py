"""Kills the process that imports it, at the N-th moment that matters.

Python imports it by itself where its folder is on ``PYTHONPATH``. ``NGROK_SCIM_TEST_KILL_AT`` is N,
counted from 1; each call that changes a file, the keyring or the other end of a connection counts
one. What lies between two of them nobody can see, so to kill before each call is to kill
everywhere.
"""

import functools
import os
import pathlib
import signal
import socket
from typing import Any


def _kill_before(owner: Any, name: str) -> None:  # noqa: ANN401 - a module or a class
    original: Any = getattr(owner, name)

    @functools.wraps(original)
    def counted(*arguments: object, **options: object) -> object:
        _seen.append(name)
        if len(_seen) == _wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **options)

    setattr(owner, name, counted)


_wanted = int(os.environ.get("NGROK_SCIM_TEST_KILL_AT", "0"))
_seen: list[str] = []

if _wanted:
    for _owner, _name in (
        (os, "replace"),
        (os, "fsync"),
        (pathlib.Path, "write_text"),  # how the keyring of the tests stores a secret
        (socket.socket, "send"),
        (socket.socket, "sendall"),
        (socket.socket, "recv"),
    ):
        _kill_before(_owner, _name)
