"""Run `ngrok-scim` in this process, as a person would without a terminal."""

import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from ngrok_scim_cli.cli.app import run


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


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
            status = run(arguments)
        return Ran(status, _text(out), _text(err))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return bytes(content).decode()
