"""One HTTP/1.1 request and its reply over httpcore, and nothing that httpx would add to it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import httpcore
import httpx

from ngrok_scim_cli.wire.network import DeadlineBackend
from ngrok_scim_cli.wire.request_context import JOURNEY
from ngrok_scim_cli.wire.tls import make_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from pathlib import Path

    from ngrok_scim_cli.wire.proxy import Proxy

# Servers commonly drop an idle connection after 5 seconds or more.
_KEEP_ALIVE = 4.0


class DeadlineTransport(httpx.BaseTransport):
    """Sends what it is given, in the order in which it is given, over pooled connections."""

    def __init__(self, ca_bundle: Path | None) -> None:
        """Prepare to send.

        Args:
            ca_bundle: a PEM file of authorities to trust besides the platform's.
        """
        self._ca_bundle = ca_bundle
        self._backend = DeadlineBackend()
        self._context: ssl.SSLContext | None = None
        self._pools: dict[tuple[str, Proxy | None], httpcore.ConnectionPool] = {}
        self._opening = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` and read the head of the reply.

        Args:
            request: made with ``stream``, so that httpx has added no header.

        Raises:
            Stopped: no connection could be made.
            Exception: what httpcore raises for a connection that fails later.
        """
        url = request.url
        reply = self._pool(url.scheme, JOURNEY.get().proxy).handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        return httpx.Response(
            reply.status,
            headers=reply.headers,
            stream=_ReplyStream(reply),
            extensions=reply.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, scheme: str, proxy: Proxy | None) -> httpcore.ConnectionPool:
        with self._opening:
            key = (scheme, proxy)
            if key not in self._pools:
                self._pools[key] = self._make_pool(scheme, proxy)
            return self._pools[key]

    def _make_pool(self, scheme: str, proxy: Proxy | None) -> httpcore.ConnectionPool:
        if scheme == "https" and self._context is None:
            self._context = make_context(self._ca_bundle)
        return httpcore.ConnectionPool(
            ssl_context=self._context,
            proxy=_proxy(proxy) if proxy else None,
            max_connections=None,
            keepalive_expiry=_KEEP_ALIVE,
            network_backend=self._backend,
        )


class _ReplyStream(httpx.SyncByteStream):
    """The body of a reply as httpcore reads it."""

    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        return self._reply.iter_stream()

    def close(self) -> None:
        self._reply.close()


def _proxy(proxy: Proxy) -> httpcore.Proxy:
    url = httpcore.URL(scheme="http", host=proxy.host, port=proxy.port, target="/")
    if proxy.credentials is None:
        return httpcore.Proxy(url)
    user, password = proxy.credentials
    return httpcore.Proxy(url, auth=(user.encode(), password.encode()))
