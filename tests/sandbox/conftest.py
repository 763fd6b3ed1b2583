from collections.abc import Iterator

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


@pytest.fixture
def faulty(shared_sandbox: Sandbox) -> Iterator[Sandbox]:
    """A sandbox for faults: what a test switches on is off again after it."""
    yield shared_sandbox
    shared_sandbox.set_faults([])
