"""`make demo` ends well, and shows what it promises."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The verdict of each command, in order: set up, three mistakes, one repaired, one person.
VERDICTS = ["NOT FINISHED", "FAIL", "PASS", "FAIL", "FAIL", "FAIL"]


@pytest.mark.slow
def test_the_demonstration_finds_each_mistake_and_repairs_one() -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    begun = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    said = [lines[number + 2].split("  ")[0] for number in begun]
    assert said == VERDICTS
    assert [line for line in lines if line.startswith("(exit status")] == [
        f"(exit status {int(verdict == 'FAIL')})" for verdict in VERDICTS
    ]
