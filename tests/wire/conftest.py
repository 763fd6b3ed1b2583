from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import trustme

from ngrok_scim_cli.wire.client import Wire
from tests.support.raw_server import RawServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOST = "scim.test"
KEY = "2abcdefghijklmnopqrstuvwxyz_7SECRETSECRETSECRET01"


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    """Start raw servers that stop at the end of the test."""
    with ExitStack() as closing:
        yield lambda *answers, **more: closing.enter_context(RawServer(*answers, **more))


@pytest.fixture
def make_wire() -> Iterator[Callable[..., Wire]]:
    """Make wires that know of no proxy unless told, and are closed at the end of the test."""
    with ExitStack() as closing:
        yield lambda **options: closing.enter_context(
            Wire(**{"environment": {}, "timeout": 10.0, **options})
        )


@pytest.fixture
def wire(make_wire: Callable[..., Wire]) -> Wire:
    return make_wire()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Corp Inspection")


@pytest.fixture
def ca_bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def scim_test_resolves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``scim.test`` and ``api.ngrok.com`` be this machine, and nothing else exist."""
    resolve(monkeypatch, {HOST: ["127.0.0.1"], "api.ngrok.com": ["127.0.0.1"]})


def resolve(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]]) -> list[str]:
    """Answer look-ups from ``names``, and return the list of names that are asked for."""
    asked: list[str] = []
    genuine: Callable[..., object] = socket.getaddrinfo

    def answer(host: str, port: int, *arguments: object, **options: object) -> object:
        if host.replace(".", "").isdigit() or ":" in host:
            return genuine(host, port, *arguments, **options)
        asked.append(host)
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.fixture
def nothing_may_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on a name look-up or a connection, whoever makes it."""

    def refuse(*arguments: object, **options: object) -> None:
        pytest.fail(f"the network was touched: {arguments}")

    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
