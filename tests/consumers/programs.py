"""The programs that read what we write. `make tools` installs those that are Python packages."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TOOLS = ROOT / ".checks" / "bin"


def program(name: str) -> str:
    """Return where ``name`` is; skip the test where it is not installed."""
    found = shutil.which(name, path=str(_TOOLS)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def accepts(*command: str | Path) -> None:
    """Run a program that reads our files, and show what it says where it does not accept them."""
    ended = subprocess.run(
        [program(str(command[0])), *map(str, command[1:])],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
