"""What the program writes, and what it runs, as the kernel sees it: where does the key go?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from tests.support.admin import Admin
from tests.support.leaks import forms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
STRACE = shutil.which("strace")
TIME_LIMIT = 120

# Each system call by which bytes leave, each file and program that is opened; all of each text, the
# environment of programs too, and what a file descriptor leads to.
TRACED = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg,sendfile,openat,execve"
FOLLOWED = ("-f", "-v", "-yy", "-s", "10000000", "-e", f"trace={TRACED}")

CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?:(?P<fd>\d+)<(?P<goes_to>.*?)>, )?(?P<rest>.*)$")

LIFE = (
    ("setup", "--no-input", "--okta-app-type", "saml", "--domain", "corp.example"),
    ("test-connect", "--format", "json", "--report", "report.json"),
    ("doctor", "--verbose", "--skip", "Domains"),
    ("rehearse", "--domain", "corp.example", "--yes", "--verbose"),
    ("api-key", "rotate"),
    ("api-key", "rotate", "--finish", "--yes"),
)

pytestmark = pytest.mark.skipif(
    STRACE is None, reason="NOT TESTED: no strace here (apt package strace)"
)


class Traced:
    """Runs the life of a key under strace and sorts what was written by where it went."""

    def __init__(self, admin: Admin, folder: Path) -> None:
        self._admin = admin
        self._folder = folder
        self.calls: list[re.Match[str]] = []
        self.tokens: set[str] = set()

    def run(self, *command: str) -> None:
        self.follow([sys.executable, "-m", "ngrok_scim_cli", *command])
        self.tokens |= {key.token for key in self._admin.ours().values()}

    def follow(self, command: list[str]) -> None:
        trace = self._folder / "trace"
        ran = subprocess.run(
            [str(STRACE), *FOLLOWED, "-o", str(trace), *command],
            cwd=self._folder,
            env={
                **os.environ,
                **self._admin.environment,
                "PYTHONPATH": str(ROOT),
                # After a change, Python would write what it compiled beside each module.
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIME_LIMIT,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        lines = trace.read_text("utf-8", "backslashreplace").splitlines()
        self.calls += [call for line in lines if (call := CALL.match(line))]

    def programs(self) -> set[str]:
        """Return what was executed."""
        return {call["rest"].split('"')[1] for call in self.calls if call["name"] == "execve"}

    def places(self) -> set[str]:
        """Return where bytes of a key went: what file descriptors led to, or a system call."""
        needles = {form for token in self.tokens for form in forms_of(token).values()}
        return {
            call["goes_to"] or call["name"]
            for call in self.calls
            if any(needle in call["rest"] for needle in needles)
        }

    def written_to(self) -> set[str]:
        return {call["goes_to"] for call in self.calls if call["goes_to"]}

    def opened_for_writing(self) -> set[str]:
        return {
            call["rest"].split('"')[1]
            for call in self.calls
            if call["name"] == "openat" and re.search("O_WRONLY|O_RDWR", call["rest"])
        }


def live(admin: Admin, folder: Path) -> Traced:
    traced = Traced(admin, folder)
    for command in LIFE:
        traced.run(*command)
    assert len(traced.tokens) == 2, "there was no rotation"
    return traced


def is_to_sandbox(harness: str, admin: Admin) -> bool:
    host = admin.sandbox.values.api_base_url.removeprefix("http://")
    return harness.startswith("TCP:[") and harness.endswith(f"->{host}]")


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Admin]:
    with open_sandbox(empty_account=True) as sandbox:
        yield Admin(sandbox, tmp_path)


@pytest.mark.slow
def test_the_key_goes_to_ngrok_and_to_the_keyring_and_nowhere_else(
    admin: Admin, tmp_path: Path
) -> None:
    traced = live(admin, tmp_path)

    places = traced.places()
    assert {harness for harness in places if not is_to_sandbox(harness, admin)} == {
        str(tmp_path / "keyring.json")
    }
    assert len(places) > 1, "the key was sent to nobody"
    assert traced.programs() == {sys.executable}
    written = {str(tmp_path / path) for path in traced.opened_for_writing()}
    assert [path for path in written if not path.startswith((str(tmp_path), "/dev/null"))] == []


@pytest.mark.keyring
def test_the_key_goes_to_ngrok_and_to_the_secret_service_and_nowhere_else(
    admin: Admin, session: dict[str, str], tmp_path: Path
) -> None:
    admin.environment.update(session, PYTHON_KEYRING_BACKEND="")

    traced = live(admin, tmp_path)

    # Programs and the Secret Service talk encrypted: not even the bus reads the key.
    assert [harness for harness in traced.places() if not is_to_sandbox(harness, admin)] == []
    assert traced.programs() == {sys.executable}
    assert any(harness.startswith("UNIX-STREAM") for harness in traced.written_to())


@pytest.mark.slow
def test_a_trace_tells_where_a_key_goes(admin: Admin, tmp_path: Path) -> None:
    """A program that writes it into a file and hands it to another one is seen to do so."""
    assert admin.run("api-key", "create").returncode == 0
    traced = Traced(admin, tmp_path)
    (key,) = admin.ours().values()
    program = "import os, sys; open('x', 'w').write(sys.argv[1]); os.system('true ' + sys.argv[1])"
    traced.follow([sys.executable, "-c", program, key.token])
    traced.tokens = {key.token}

    assert traced.places() == {str(tmp_path / "x"), "execve"}
    assert sys.executable in traced.programs()
    assert len(traced.programs()) > 1
    assert "x" in traced.opened_for_writing()
