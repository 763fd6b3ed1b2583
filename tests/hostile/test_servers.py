"""Every command that reads from the network, against each behaviour of a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hostile.behaviours import BEHAVIOURS, KEY, SECRET, TOKEN, WIRE
from tests.support.cases import each_case
from tests.support.raw_server import RawServer

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parent.parent.parent

SECONDS = "1"

# What only the deadline of --timeout ends. Whoever forgets it waits until the server gives up.
NEVER_ENDING = frozenset(
    {
        "says nothing",
        "stops in the status line",
        "stops in the head",
        "drips the head",
        "endless 100",
        "endless 103",
        "stops in the body",
        "drips the body",
        "chunks of one byte",
    }
)

# They stay connected, too; their first bytes tell that more of them would be no reply.
NO_HTTP = frozenset({"speaks no HTTP", "HTTP/0.9"})

MOST_MEMORY = 100 * 1024  # KiB, as ru_maxrss counts
# A process counts the memory of the one that made it, and that of the tests is large: so a small
# one makes the program, and measures it.
MEASURED = """
import os, subprocess, sys
program = subprocess.Popen(sys.argv[2:])
_, state, usage = os.wait4(program.pid, 0)
with open(sys.argv[1], "w") as peak:
    peak.write(str(usage.ru_maxrss))
program.returncode = os.waitstatus_to_exitcode(state)
sys.exit(program.returncode)
"""

# What a person never needs to see of a server, and what a CI runner obeys.
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
RUNNER_COMMAND = re.compile(r"^\s*::[A-Za-z][^\n]*::|##(?:vso|teamcity)?\[", re.MULTILINE)

COMMANDS = (
    ("test-connect",),
    ("test-connect", "--verbose"),
    ("test-connect", "--format", "json", "--report", "report.json"),
    ("doctor",),
    ("doctor", "--format", "json", "--report", "report.json"),
    ("doctor", "--format", "markdown", "--verbose"),
    ("users", "list"),
    ("users", "list", "--format", "json"),
    ("users", "audit"),
    ("users", "trace", "ada@x.test"),
    ("setup", "--no-input"),
    ("api-key", "create", "--no-input"),
    ("api-key", "show", "--no-input"),
)


def environment(url: str) -> dict[str, str]:
    return {
        "NGROK_SCIM_BASE_URL": f"{url}/scim/v2/",
        "NGROK_SCIM_API_KEY": KEY,
        "NGROK_API_BASE_URL": url,
        "NGROK_API_KEY": KEY,
        "OKTA_CLIENT_ORGURL": url,
        "OKTA_CLIENT_TOKEN": TOKEN,
    }


def check(shown: str, behaviour: str) -> None:
    """Hold what is promised of every text that leaves the program."""
    assert "Traceback" not in shown, behaviour
    assert "fault of ngrok-scim" not in shown, behaviour
    letters = re.sub(r"[^0-9a-z]", "", shown.lower())
    for secret in (SECRET.lower(), TOKEN.lower().replace("_", "")):
        assert not any(secret[at : at + 9] in letters for at in range(len(secret) - 8)), behaviour
    assert CONTROL.search(shown) is None, behaviour
    assert RUNNER_COMMAND.search(shown) is None, behaviour


@each_case("behaviour", BEHAVIOURS)
def test_the_connector_test_keeps_its_promises(
    ngrok_scim: CommandLine, tmp_path: Path, behaviour: str
) -> None:
    report = tmp_path / "report.json"
    report.unlink(missing_ok=True)
    with RawServer(BEHAVIOURS[behaviour]) as server:
        ran = ngrok_scim(
            *("test-connect", "--format", "json", "--timeout", "0.3", "--no-input"),
            *("--report", "report.json"),
            environment=environment(server.url),
        )

    assert ran.status in (0, 1, 3), ran.err
    exchanges = json.loads(ran.out)["exchanges"]
    check(ran.out + ran.err + report.read_text("utf-8"), behaviour)
    failures = {exchange["failure"] and exchange["failure"]["kind"] for exchange in exchanges}
    if behaviour in NEVER_ENDING:
        assert failures == {"read_timeout"}, behaviour
    elif behaviour in NO_HTTP:
        assert failures == {"protocol"}, behaviour
    else:
        assert failures <= {None, "dropped", "protocol", "read_timeout"}, behaviour


def test_there_are_as_many_behaviours_as_were_promised() -> None:
    assert len(WIRE) >= 60


# To wait for them takes minutes; tests/wire/test_retry_policy.py does so without.
NOT_WAITED_FOR = frozenset({"429 with a huge wait", "429 with a wait that is no number"})


WAITED_FOR = sorted(BEHAVIOURS.keys() - NOT_WAITED_FOR)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("behaviour", "command"), [*zip(WAITED_FOR[::3], cycle(COMMANDS), strict=False)]
)
def test_a_command_keeps_its_promises(
    tmp_path: Path, behaviour: str, command: tuple[str, ...]
) -> None:
    command_keeps_its_promises(tmp_path, behaviour, command)


@pytest.mark.nightly
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@each_case("behaviour", WAITED_FOR)
def test_each_command_keeps_its_promises(
    tmp_path: Path, behaviour: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "report.json").unlink(missing_ok=True)
    command_keeps_its_promises(tmp_path, behaviour, command)


def command_keeps_its_promises(tmp_path: Path, behaviour: str, command: tuple[str, ...]) -> None:
    out, err, peak = tmp_path / "out", tmp_path / "err", tmp_path / "peak"
    with RawServer(BEHAVIOURS[behaviour]) as server, out.open("wb") as to, err.open("wb") as to_err:
        program = [sys.executable, "-m", "ngrok_scim_cli", *command, "--timeout", SECONDS]
        ran = subprocess.run(
            [sys.executable, "-c", MEASURED, str(peak), *program],
            cwd=tmp_path,
            env={**os.environ, **environment(server.url), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=to,
            stderr=to_err,
            check=False,
        )

    written = [path for path in (out, err, tmp_path / "report.json") if path.exists()]
    check("".join(path.read_text("utf-8", "surrogateescape") for path in written), behaviour)
    assert ran.returncode in (0, 1, 2, 3), err.read_text("utf-8", "replace")
    assert int(peak.read_text()) < MOST_MEMORY
