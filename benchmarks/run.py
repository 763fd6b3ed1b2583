"""Measure the budgets: ratios of medians, taken in turn in one run on one machine.

Each row is a command of ours against a baseline; ``python -c pass`` of the same interpreter where
nothing else is named. It prints and judges; it is no test, because a clock is no witness.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
ROUNDS = 21
SCRIPT = str(Path(sys.executable).with_name("ngrok-scim"))
BARE = (sys.executable, "-c", "pass")
# 37 people; that each of them is found, and nobody else, is held by tests/cli/test_planted.py.
IN_TROUBLE = tuple(
    word
    for fault in (
        "okta-assigned-early=10",
        "okta-gone-in-ngrok=8",
        "okta-unknown=9",
        "okta-leaver-active=10",
    )
    for word in ("--fault", fault)
)


@dataclass(frozen=True)
class Race:
    """A command of ours, its baseline, and how much slower it may be.

    Attributes:
        name: what is measured.
        ours: the command of ours.
        baseline: the command that it is compared with.
        at_most: how many times as long ours may take.
        repeat: how often each is run; the first run does not count.
        megabytes: how much memory ours may take at its peak; ``None`` is not measured.
    """

    name: str
    ours: tuple[str, ...]
    baseline: tuple[str, ...]
    at_most: float
    repeat: int = ROUNDS
    megabytes: int | None = None


def main() -> int:
    """Run the races whose names hold one of the words given, or all; return 1 if one is over."""
    words = sys.argv[1:] or [""]
    slow = (sys.executable, str(HERE / "slow_sandbox.py"))
    over: list[str] = []
    for races, sandbox in (
        (_races(), _sandbox()),
        (_examinations(), _sandbox(command=slow)),
        (_audits(), _sandbox("--users", "100000", *IN_TROUBLE)),
    ):
        chosen = [race for race in races if any(word in race.name for word in words)]
        if chosen:
            with sandbox as environment:
                over += [race.name for race in chosen if not _within_budget(race, environment)]
    print(f"\n{len(over)} over budget{': ' + ', '.join(over) if over else ''}")
    return 1 if over else 0


def _races() -> Iterator[Race]:
    yield Race("--version", (SCRIPT, "--version"), BARE, 1.3)
    yield Race("--help", (SCRIPT, "--help"), BARE, 4.0)
    for command in ("setup", "test-connect", "doctor"):
        yield Race(f"{command} --help", (SCRIPT, command, "--help"), BARE, 4.0)
    yield Race("explain CODE", (SCRIPT, "explain", "KEY202"), BARE, 3.0)
    sentence = (SCRIPT, "explain", "Matching user not found")
    yield Race("explain SENTENCE", sentence, BARE, 3.0)
    whole = (SCRIPT, "test-connect", "--format", "json")
    ours = (*whole, "--no-repair")
    typer_script = (sys.executable, str(HERE / "baseline_typer.py"))
    httpx_script = (sys.executable, str(HERE / "baseline_httpx.py"))
    yield Race("test-connect, against typer and httpx", ours, typer_script, 1.15)
    yield Race("test-connect with its look-up, against the same", whole, typer_script, 1.15)
    yield Race("test-connect, against httpx", ours, httpx_script, 1.6)


def _examinations() -> Iterator[Race]:
    """Return the examination of everything, where every reply takes 200 ms."""
    chain = (sys.executable, str(HERE / "baseline_chain.py"))
    ours = (SCRIPT, "doctor", "--format", "json", "--skip", "keyring")
    yield Race("doctor, against its longest chain", ours, chain, 1.3)


def _audits() -> Iterator[Race]:
    """Return what reads 100,000 users, 37 of whom are in trouble: of ngrok, or of both sides."""
    pages = (sys.executable, str(HERE / "baseline_pages.py"))
    audit = (SCRIPT, "users", "audit", "--quiet")
    without_okta = ("env", "--unset=OKTA_CLIENT_TOKEN")
    of_ngrok = (*without_okta, *audit), (*without_okta, *pages)
    yield Race("users audit, of ngrok", *of_ngrok, 1.1, repeat=5, megabytes=110)
    yield Race("users audit, of both sides", audit, pages, 1.2, repeat=5, megabytes=110)
    preview = (SCRIPT, "preview", "--quiet")
    yield Race("preview", preview, pages, 1.2, repeat=5, megabytes=110)
    as_json = (*preview, "--format", "json")
    yield Race("preview in JSON", as_json, pages, 1.5, repeat=5, megabytes=140)


def _within_budget(race: Race, environment: dict[str, str]) -> bool:
    ours: list[float] = []
    baseline: list[float] = []
    peak = 0.0
    for _ in range(race.repeat + 1):
        seconds, megabytes = _measured(race.ours, environment)
        peak = max(peak, megabytes)
        ours.append(seconds)
        baseline.append(_measured(race.baseline, environment)[0])
    ratio = median(ours[1:]) / median(baseline[1:])
    within = ratio <= race.at_most and (race.megabytes is None or peak <= race.megabytes)
    memory = f"  {peak:.0f} MB (at most {race.megabytes})" if race.megabytes else ""
    print(
        f"{race.name:<48}{ratio:6.2f} x  (at most {race.at_most:.2f})  "
        f"{median(ours[1:]) * 1000:6.0f} ms{memory}  {'ok' if within else 'OVER'}",
        flush=True,
    )
    return within


def _measured(command: tuple[str, ...], environment: dict[str, str]) -> tuple[float, float]:
    """Run a command, and return how many seconds it took, and its memory at the peak, in MB."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # what finds an error ends with 1
        raise subprocess.CalledProcessError(process.returncode, command)
    unit = 1024 if sys.platform == "darwin" else 1  # of ``ru_maxrss``: bytes there, else KB
    return time.perf_counter() - started, usage.ru_maxrss / unit / 1024


def _at_home(environment: dict[str, str], home: str) -> dict[str, str]:
    """Return ``environment`` in a home of its own: nobody's profile or keyring takes part."""
    own = {
        "HOME": home,
        "XDG_CONFIG_HOME": f"{home}/config",
        "NGROK_SCIM_HOME": f"{home}/ngrok-scim",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    return environment | own


@contextmanager
def _sandbox(
    *arguments: str, command: tuple[str, ...] = (SCRIPT, "sandbox", "--format", "json", "--quiet")
) -> Iterator[dict[str, str]]:
    foreign = ("NGROK_", "OKTA_")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    bare.pop("PYTHONDONTWRITEBYTECODE", None)
    with (
        tempfile.TemporaryDirectory(prefix="ngrok-scim-bench-") as home,
        subprocess.Popen(
            (*command, *arguments), env=_at_home(bare, home), stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            if process.stdout is None:
                raise RuntimeError("the sandbox has no standard output")
            values = json.loads(process.stdout.readline())
            yield {
                **_at_home(bare, home),
                "NGROK_SCIM_BASE_URL": values["scim_base_url"],
                "NGROK_SCIM_API_KEY": values["scim_key"],
                "NGROK_API_BASE_URL": values["api_base_url"],
                "NGROK_API_KEY": values["admin_key"],
                "OKTA_CLIENT_ORGURL": values["okta_org_url"],
                "OKTA_CLIENT_TOKEN": values["okta_token"],
                "OKTA_APP": values["okta_app"],
            }
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
