from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.doctor.harness import Harness


@pytest.fixture(scope="session")
def small_sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def large_sandbox() -> Iterator[Sandbox]:
    with open_sandbox(users=250) as sandbox:
        yield sandbox


@pytest.fixture
def harness(small_sandbox: Sandbox) -> Iterator[Harness]:
    """A sandbox with three users, all of them in step; faults are off again afterwards."""
    with Harness.of(small_sandbox) as harness:
        yield harness


@pytest.fixture
def large_harness(large_sandbox: Sandbox) -> Iterator[Harness]:
    """A sandbox with 250 users: three pages of ngrok's."""
    with Harness.of(large_sandbox) as harness:
        yield harness


@pytest.fixture
def now() -> Callable[[], datetime]:
    return lambda: datetime.now(UTC)
