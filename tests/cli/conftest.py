from collections.abc import Iterator

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine
from tests.support.environment import environment_of


@pytest.fixture
def ngrok_scim(monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(monkeypatch)


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    """A sandbox with three users and a key; faults that a test sets are off again after it."""
    yield running_sandbox
    running_sandbox.set_faults([])


@pytest.fixture
def values(sandbox: Sandbox) -> dict[str, str]:
    """The environment of an admin whose values are right."""
    return environment_of(sandbox, "scim")
