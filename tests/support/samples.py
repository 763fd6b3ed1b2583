"""The command lines that pages show, as a reader would run them, on sandboxes.

In a ``console`` block each line that begins with ``$`` is a command, and what follows is its
output. An ``sh`` block is a script. In an output, a line ``…`` stands for any lines, and ``…``
within a line for any letters. A comment before a block says what it needs::

    <!-- run: --fault empty-list; status 1 -->     options of the sandbox, and how it ends
    <!-- run: ; before ngrok-scim COMMAND -->      what comes before it
    <!-- not run: why -->
"""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import trustme

from scripts.sandbox_run import bare_environment, sandbox, stable, variables

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 120

_BLOCK = re.compile(
    r"^(?:[ ]*<!-- (?P<told>(?:not )?run: [^\n]*?) -->\n\n?)?"
    r"(?P<indent>[ ]*)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_STATUS = re.compile(r"(?:^run:|;) status (\d+)$")
_BEFORE = re.compile(r"; before (.+)$")

# Programs of others that a page names; each hands out the key as the real one would.
STAND_INS = {
    "op": 'test "$1" = read && printf "%s\\n" "$NGROK_SCIM_SAMPLE_KEY"',
    "vault": '[ "$2" = put ] && cat >/dev/null || printf %s "$NGROK_SCIM_SAMPLE_KEY"',
}


@dataclass(frozen=True)
class Sample:
    """A block of a page.

    Attributes:
        text: its lines, without the indent.
        language: what stands behind its fence.
        arguments: the options of its sandbox.
        status: how its last command ends.
        before: a command that comes before it, and is not shown.
        skipped: why it is not run.
        start: where its text begins in the page.
        end: where it ends.
        indent: what stands before each of its lines in the page.
    """

    text: str
    language: str
    arguments: tuple[str, ...]
    status: int
    before: str
    skipped: str
    start: int
    end: int
    indent: str

    def commands(self) -> Iterator[tuple[str, str]]:
        """Yield each command with the output that is shown behind it, which may be empty."""
        if self.language == "sh":
            yield self.text, ""
            return
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            count = 1
            while lines[count - 1].endswith("\\"):
                count += 1
            yield "\n".join(lines[:count]), "\n".join(lines[count:])


def samples(page: str) -> Iterator[Sample]:
    """Yield each block of a page that holds commands, or that says nothing of what it holds."""
    for block in _BLOCK.finditer(page):
        if block["language"] not in ("console", "sh", ""):
            continue
        reported = block["told"] or "run: "
        status, before = _STATUS.search(reported), _BEFORE.search(reported)
        options = _BEFORE.sub("", _STATUS.sub("", reported)).removeprefix("run:").strip()
        skipped = reported.removeprefix("not run: ") if reported.startswith("not run: ") else ""
        indent = block["indent"]
        yield Sample(
            re.sub(f"^{indent}", "", block["text"], flags=re.MULTILINE),
            block["language"],
            () if skipped else tuple(options.split()),
            int(status[1]) if status else 0,
            before[1] if before else "",
            skipped,
            block.start("text"),
            block.end("text"),
            indent,
        )


def fits(shown: str, printed: str) -> bool:
    """Tell whether ``printed`` is what a page shows."""
    wanted = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in shown.strip("\n").split("\n")
    ]
    return re.fullmatch("".join(wanted), printed.strip("\n") + "\n") is not None


def shortened(shown: str, printed: str) -> str:
    """Return ``printed`` with as many lines left out as in ``shown``."""
    lines = printed.strip("\n").split("\n")
    old = shown.strip("\n").split("\n")
    marks = [number for number, line in enumerate(old) if line.strip() == "…"]
    if not marks:
        return "\n".join(lines) + "\n"
    behind = len(old) - marks[-1] - 1
    kept = [*lines[: marks[0]], "…", *(lines[-behind:] if behind else [])]
    return "\n".join(kept) + "\n"


class Reader:
    """Runs the samples of one page, one after another, in one folder.

    Args:
        folder: where the reader works; also the home.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        programs = folder / ".bin"
        programs.mkdir()
        for name, script in STAND_INS.items():
            _program(programs / name, script)
        authority = trustme.CA().cert_pem
        authority.write_to_path(str(folder / "company-ca.pem"))
        _program(programs / "ngrok-scim", f'exec "{sys.executable}" -m ngrok_scim_cli "$@"')
        self._environment = {
            **bare_environment(str(folder / "ngrok-scim")),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
            "NGROK_SCIM_TEST_KEYRING": str(folder / "keyring.json"),
            "COLUMNS": "96",
        }
        self._open = ExitStack()
        self._sandboxes: dict[tuple[str, ...], dict[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def run(self, sample: Sample, command: str) -> tuple[int, str]:
        """Return the exit status of a command, and what it printed on both streams."""
        ended = subprocess.run(
            ["/bin/bash", "-c", command],
            env={**self._environment, **self._variables(sample.arguments)},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return ended.returncode, stable(ended.stdout)

    def _variables(self, arguments: tuple[str, ...]) -> Mapping[str, str]:
        if arguments not in self._sandboxes:
            values = self._open.enter_context(sandbox(self._environment, *arguments))
            self._sandboxes[arguments] = values
            (self._folder / "key.txt").write_text(values["scim_key"])
            (self._folder / "key.txt").chmod(stat.S_IRUSR | stat.S_IWUSR)
        values = self._sandboxes[arguments]
        return {**variables(values), "NGROK_SCIM_SAMPLE_KEY": values["scim_key"]}


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def reported(problem: str, command: str, printed: str) -> str:
    """Return what a developer needs to correct a sample."""
    return f"{problem}\n$ {command}\n{printed}"
