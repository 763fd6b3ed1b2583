from collections.abc import Iterator
from socketserver import ThreadingTCPServer

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.http_server import HttpServer
from ngrok_scim_cli.sandbox.server import Sandbox


@pytest.fixture(autouse=True)
def measured_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure what a sandbox answers."""
    monkeypatch.setattr(HttpServer, "finish_request", ThreadingTCPServer.finish_request)


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
