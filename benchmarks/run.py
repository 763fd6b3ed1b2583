"""Measure the budgets: ratios of medians, taken in turn in one run on one machine.

Each row is a command of ours against a baseline; ``python -c pass`` of the same interpreter where
nothing else is named. It prints and judges; it is no test, because a clock is no witness.
"""

import json
import os
import subprocess
import sys
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


@dataclass(frozen=True)
class Race:
    """A command of ours, its baseline, and how much slower it may be."""

    name: str
    ours: tuple[str, ...]
    baseline: tuple[str, ...]
    at_most: float
    repeat: int = ROUNDS


def main() -> int:
    """Run all races and return 1 if one is over its budget."""
    with _sandbox() as environment:
        over = [race.name for race in _races() if not _within_budget(race, environment)]
    print(f"\n{len(over)} over budget{': ' + ', '.join(over) if over else ''}")
    return 1 if over else 0


def _races() -> Iterator[Race]:
    yield Race("--version", (SCRIPT, "--version"), BARE, 1.3)
    yield Race("--help", (SCRIPT, "--help"), BARE, 4.0)
    for command in ("setup", "test-connect", "doctor"):
        yield Race(f"{command} --help", (SCRIPT, command, "--help"), BARE, 4.0)
    ours = (SCRIPT, "test-connect", "--format", "json", "--no-repair")
    typer_script = (sys.executable, str(HERE / "baseline_typer.py"))
    httpx_script = (sys.executable, str(HERE / "baseline_httpx.py"))
    yield Race("test-connect, against typer and httpx", ours, typer_script, 1.15)
    yield Race("test-connect, against httpx", ours, httpx_script, 1.6)


def _within_budget(race: Race, environment: dict[str, str]) -> bool:
    ours: list[float] = []
    baseline: list[float] = []
    for _ in range(race.repeat + 1):
        ours.append(_seconds(race.ours, environment))
        baseline.append(_seconds(race.baseline, environment))
    ratio = median(ours[1:]) / median(baseline[1:])
    verdict = "ok" if ratio <= race.at_most else "OVER"
    print(
        f"{race.name:<40}{ratio:6.2f} x  (at most {race.at_most:.2f})  "
        f"{median(ours[1:]) * 1000:6.0f} ms  {verdict}",
        flush=True,
    )
    return ratio <= race.at_most


def _seconds(command: tuple[str, ...], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


@contextmanager
def _sandbox() -> Iterator[dict[str, str]]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("NGROK_")}
    bare.pop("PYTHONDONTWRITEBYTECODE", None)
    command = (SCRIPT, "sandbox", "--format", "json", "--quiet")
    with subprocess.Popen(command, env=bare, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the sandbox has no standard output")
            values = json.loads(process.stdout.readline())
            yield {
                **bare,
                "NGROK_SCIM_BASE_URL": values["scim_base_url"],
                "NGROK_SCIM_API_KEY": values["scim_key"],
            }
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
