from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.admin import Admin
from tests.support.setup_context import SetupHarness, open_harness


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An account with an administrator and nothing else, and three users at the SCIM endpoint."""
    with open_sandbox(empty_account=True) as opened:
        yield opened


@pytest.fixture
def admin(sandbox: Sandbox, tmp_path: Path) -> Admin:
    return Admin(sandbox, tmp_path)


@pytest.fixture
def harness(sandbox: Sandbox, tmp_path: Path) -> Iterator[SetupHarness]:
    redactor.forget()
    with open_harness(sandbox, tmp_path) as opened:
        yield opened
    redactor.forget()
