"""A network in which only this machine exists, and a few names that a test leads to it."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

# Addresses that stand for names; nothing listens there.
_NETWORK = "127.99.0."
_HTTPS = 443


class LoopbackNetwork:
    """Resolves chosen names to servers on loopback, and lets nothing leave the machine.

    Attributes:
        ports: the loopback port that stands for port 443 of each name.
        left: what tried to leave the machine; a test may ask that it is empty.
    """

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self.left: list[str] = []
        self._getaddrinfo = socket.getaddrinfo
        self._create_connection = socket.create_connection
        self._names: list[str] = []

    def getaddrinfo(self, host: Any, port: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the standard library has it
        """Resolve ``host`` as the machine would, had it no resolver."""
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name in self.ports:
            self._names.append(name)
            address = f"{_NETWORK}{len(self._names) - 1}"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]
        if _is_loopback(name):
            return self._getaddrinfo(host, port, *args, **options)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def create_connection(self, address: tuple[str, int], *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the standard library has it
        """Connect to ``address``, if it is on this machine."""
        host, port = address
        if host.startswith(_NETWORK):
            if port != _HTTPS:
                raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
            name = self._names[int(host.removeprefix(_NETWORK))]
            address = ("127.0.0.1", self.ports[name])
        elif not _is_loopback(host):
            self.left.append(host)
            raise OSError("this test lets nothing leave the machine")
        return self._create_connection(address, *args, **options)


@contextmanager
def loopback_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackNetwork]:
    """Put a ``LoopbackNetwork`` in the place of the real one."""
    network = LoopbackNetwork()
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", network.getaddrinfo)
        patch.setattr(socket, "create_connection", network.create_connection)
        yield network


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1", "") or host.startswith("127.")
