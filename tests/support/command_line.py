"""Run `ngrok-scim` in this process, as a person would without a terminal."""

import functools
import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.main import get_command

from ngrok_scim_cli.cli import app
from ngrok_scim_cli.cli.app import run

# To make the commands from their functions takes a fifth of a run, and gives the same each time.
_get_command = functools.cache(get_command)

_HELP_PAGES = Path(app.__file__).parent / "help"


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


def every_command() -> set[tuple[str, ...]]:
    """Return each command's words, groups left out: every one has a help page."""
    pages = {tuple(path.stem.split("_")[1:]) for path in _HELP_PAGES.glob("*.txt")}
    return pages - {page[:-1] for page in pages}


class CommandLine:
    """Runs commands with their own standard streams and the environment of the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(
        self, *arguments: str, environment: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> Ran:
        out, err = _stream(), _stream()
        with self._monkeypatch.context() as patch:
            for name, value in (environment or {}).items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(app, "get_command", _get_command)
            status = run(arguments)
        return Ran(status, _text(out), _text(err))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return bytes(content).decode()
