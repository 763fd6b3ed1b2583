"""The one way out of this program: a request goes in, an exchange comes back."""

from __future__ import annotations

import os
import sys
from threading import Lock
from typing import TYPE_CHECKING, Self, cast

from ngrok_scim_cli.hosts import NGROK_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path
    from types import ModuleType

    from ngrok_scim_cli.wire.exchange import Exchange, Request
    from ngrok_scim_cli.wire.sender import Sender

DEFAULT_TIMEOUT = 60.0
"""Seconds. Okta closes the socket after 60 (Okta's SCIM FAQ)."""

_LOADING = Lock()


class Wire:
    """Sends requests to ngrok and its SCIM endpoint, or to an Okta org; a context manager.

    A request goes only over verified HTTPS to a known or an allowed host, or to loopback; to any
    other place nothing is sent, not even a look-up of its name. Redirects are not followed, and
    cookies are not kept. May be used by several threads at once.
    """

    def __init__(
        self,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        ca_bundle: Path | None = None,
        known_hosts: Collection[str] = (NGROK_HOST,),
        allowed_hosts: Collection[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare to send; nothing is opened or loaded yet.

        Args:
            timeout: the deadline of a whole exchange, from the look-up of the name to the last
                byte of the body, in seconds.
            known_hosts: host names whose credential is sent here. ngrok's key must not go to
                Okta, nor Okta's token to ngrok, so each has a wire that does not know the other.
            environment: where the proxy variables are; ``None`` is the process's own.
        """

        def open_sender() -> Sender:
            # httpx takes longer to load than the rest of a command that sends nothing.
            load_httpx()
            from ngrok_scim_cli.wire.connection import ConnectionPool
            from ngrok_scim_cli.wire.sender import Sender

            given = os.environ if environment is None else environment
            return Sender(ConnectionPool(ca_bundle), timeout, known_hosts, allowed_hosts, given)

        self._open_sender = open_sender
        self._sender: Sender | None = None
        self._lock = Lock()

    def send(self, request: Request) -> Exchange:
        """Send ``request``, and return the exchange, with a reply or a failure.

        Nothing that a network, a server, a URL or a header can do raises an exception here.
        """
        return self.begin(request)()

    def begin(self, request: Request) -> Callable[[], Exchange]:
        """Send ``request`` now, and return what waits for the reply; the server works meanwhile.

        It is called once; the time until then does not count towards the deadline. If it never is,
        the connection is closed.
        """
        with self._lock:
            self._sender = self._sender or self._open_sender()
            sender = self._sender
        return sender.begin(request)

    def close(self) -> None:
        """Close all connections. A later request opens new ones."""
        with self._lock:
            if self._sender is not None:
                self._sender.pool.close()
                self._sender = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def load_httpx() -> None:
    """Import httpx without its command line, which brings along rich and pygments.

    It takes an ``ImportError`` there for "not installed", and ``None`` in ``sys.modules`` raises
    one (https://docs.python.org/3/reference/import.html#the-module-cache).
    """
    # Two wires may send their first requests at the same time.
    with _LOADING:
        if "httpx" not in sys.modules:
            sys.modules["httpx._main"] = cast("ModuleType", None)
            try:
                import httpx  # noqa: F401 - the others find it then
            finally:
                del sys.modules["httpx._main"]
