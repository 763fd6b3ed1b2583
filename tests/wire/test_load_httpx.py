import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.environment import environment_of

SCRIPT = (
    "import sys\n"
    "from ngrok_scim_cli.wire.client import load_httpx\n"
    "load_httpx(); load_httpx()\n"
    "import httpx\n"
    "assert httpx.URL('https://api.ngrok.com/').host == 'api.ngrok.com'\n"
    "left_out = {'anyio', 'click', 'pygments', 'rich', 'trio'}\n"
    "print(sorted({name.split('.')[0] for name in sys.modules} & left_out))\n"
    "print('httpx._main' in sys.modules)\n"
)


def test_httpx_comes_without_what_is_never_used() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == ["[]", "False"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


@pytest.mark.parametrize(
    "command",
    [
        ("test-connect", "--sandbox"),
        ("doctor", "--only", "SCIM endpoint"),
        ("users", "list"),
        ("setup", "--no-input"),
        ("api-key", "show"),
        ("api-key", "create", "--dry-run"),
    ],
)
def test_no_command_loads_an_asynchronous_framework(
    tmp_path: Path, sandbox: Sandbox, command: tuple[str, ...]
) -> None:
    """Where trio is installed, it runs a program with all that stands in our environment."""
    (tmp_path / "trio.py").write_text("print('trio is loaded')", encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        **environment_of(sandbox),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "ngrok_scim_cli", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in (0, 1, 3), ended.stderr
    assert "trio is loaded" not in ended.stdout
