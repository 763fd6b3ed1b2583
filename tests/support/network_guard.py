"""The network as a test may use it: this machine, and nothing beyond."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

_LOCAL_NAMES = ("localhost", "")
_NO_SUCH_NAME = ".invalid"  # RFC 6761 section 6.4


class NetworkGuard:
    """Lets sockets reach loopback, and fails a test that would reach further.

    It fails at once, and what was refused is remembered for the end of the test too: code under
    test may run in a thread of its own, or may take any exception for an answer. A name below
    ``.invalid`` is answered here, as one that does not exist. Child processes are out of its
    sight.

    Attributes:
        refused: what was tried, in order.
    """

    def __init__(self) -> None:
        self.refused: list[str] = []

    def stand_before(self, patch: pytest.MonkeyPatch) -> None:
        """Watch every way by which Python reaches the network."""
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, self._reaching(getattr(socket.socket, name)))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
            patch.setattr(socket, name, self._looking_up(getattr(socket, name)))

    def _reaching(self, genuine: Any) -> Any:  # noqa: ANN401 - several signatures
        def reach(connection: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401 - as the original
            address = arguments[-1]
            internet = connection.family in (socket.AF_INET, socket.AF_INET6)
            if internet and not _is_local(address[0]):
                self._refuse(f"reaches out to {address[0]}")
            return genuine(connection, *arguments)

        return reach

    def _looking_up(self, genuine: Any) -> Any:  # noqa: ANN401 - several signatures
        def look_up(host: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the original
            name = host.decode() if isinstance(host, bytes) else host or ""
            if name.rstrip(".").endswith(_NO_SUCH_NAME):
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            if not _is_local(name):
                self._refuse(f"looks up {name}")
            return genuine(host, *arguments, **options)

        return look_up

    def _refuse(self, what: str) -> None:
        self.refused.append(what)
        pytest.fail(f"a test {what}; only this machine is there")


def _is_local(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
