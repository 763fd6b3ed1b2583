from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.rehearsal.plan import names_for
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.wire.client import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ngrok_scim_cli.rehearsal.plan import Names
    from ngrok_scim_cli.sandbox.server import Sandbox

NOW = datetime(2026, 11, 28, 16, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox() as opened:
        yield opened


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire(environment={}, timeout=10.0) as opened:
        yield opened


@pytest.fixture
def names() -> Names:
    return names_for("corp.example", NOW)
