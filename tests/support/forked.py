"""`ngrok-scim` as a process of its own, forked from one that has imported it already.

To import it takes longer than most commands do. What is forked has its own environment, standard
streams and terminal, and is killed as any other process.
"""

import multiprocessing
import os
import pkgutil
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

import pytest

import ngrok_scim_cli
from tests.support.keyring_backends import TROUBLE

_ROOT = Path(__file__).parents[2]
_TROUBLE = Path(__file__).parent / "trouble.py"
_MEASURING = "COVERAGE_PROCESS_CONFIG"  # coverage's own, for its patch "subprocess"

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        *(
            found.name
            for found in pkgutil.walk_packages(ngrok_scim_cli.__path__, "ngrok_scim_cli.")
        ),
        "encodings.idna",
        "httpx",
        "keyring",
        "tomlkit",
        "tests.support.forked",
    ]
)


class ForkedCommand:
    """A running command, with what ``subprocess.Popen`` offers of it.

    Args:
        streams: the file descriptors of its standard input, output and error.
        at_terminal: whether these are a terminal, which becomes its own.
    """

    def __init__(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        streams: Sequence[int],
        at_terminal: bool = False,
    ) -> None:
        with pytest.MonkeyPatch.context() as patch:  # the server finds the tests from any folder
            patch.setenv("PYTHONPATH", str(_ROOT))
            forkserver.ensure_running()
        self._process = _context.Process(
            target=_run,
            args=(
                arguments,
                dict(environment),
                [_Passed(stream) for stream in streams],
                at_terminal,
            ),
        )
        self._process.start()

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status, which is negative where a signal ended it."""
        self._process.join(timeout)
        assert self._process.exitcode is not None, "it goes on and on"
        return self._process.exitcode


class _Passed:
    """A file descriptor that the other process gets a duplicate of."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _detach, (DupFd(self._descriptor),)


def _detach(duplicate: Any) -> int:  # noqa: ANN401 - multiprocessing does not name its type
    descriptor: int = duplicate.detach()
    return descriptor


def _take_terminal() -> None:
    """Make the terminal at standard input the process's own, as a shell does for its job.

    Its signals then reach it, also where the tests run under nohup or as a background job, which
    ignore some of them.
    """
    os.close(os.open(os.ttyname(0), os.O_RDWR))
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def _run(
    arguments: Sequence[str],
    environment: dict[str, str],
    streams: Sequence[int],
    at_terminal: bool,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if at_terminal:
        os.setsid()
        _take_terminal()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # as Python does when it starts
    # Python made its own before the fork.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as we run
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 - as above
    sys.argv = ["ngrok-scim", *arguments]
    measured = None
    if _MEASURING in environment:
        import coverage

        measured = coverage.process_startup(force=True)
    if environment.get(TROUBLE):
        runpy.run_path(str(_TROUBLE))
    from ngrok_scim_cli.__main__ import main

    try:
        status = main()
    finally:
        if measured is not None:
            measured.stop()
            measured.save()
    sys.exit(status)
