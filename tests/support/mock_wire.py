"""respx in the place of the wire: for replies and failures that no server can be made to give."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import respx
from respx.mocks import AbstractRequestMocker

from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Failure, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class WireMocker(AbstractRequestMocker):
    """Lets respx answer what a ``Wire`` sends: ``respx.mock(using="wire")``.

    A response with the extension ``failure`` is none: the exchange ends with that failure.
    """

    name = "wire"
    targets = ["ngrok_scim_cli.wire.client.Wire"]  # noqa: RUF012 - respx declares it so
    target_methods = ["begin"]  # noqa: RUF012 - likewise

    @classmethod
    def to_httpx_request(cls, **begun: Request) -> httpx.Request:
        """Return the request as httpx has it, for the routes to match."""
        request = begun["request"]
        return httpx.Request(
            request.method, request.url, headers=request.headers, content=request.body
        )

    @classmethod
    def from_sync_httpx_response(
        cls, httpx_response: httpx.Response, target: Wire, **begun: Request
    ) -> Callable[[], Exchange]:
        """Return what ``Wire.begin`` returns."""
        request = begun["request"]
        failure = httpx_response.extensions.get("failure")
        headers = tuple(httpx_response.headers.items())
        reply = Reply(
            httpx_response.status_code,
            httpx_response.reason_phrase,
            headers,
            httpx_response.content,
        )
        exchange = Exchange(
            request.purpose,
            request.method,
            request.url,
            reply=None if failure else reply,
            failure=failure,
        )
        return lambda: exchange


class ScriptedWire:
    """Answers one request after the other from a list, and fails a test that sends more."""

    def __init__(self, *answers: Reply | Failure) -> None:
        self._router = respx.mock(using="wire", assert_all_called=False)
        self._router.route().side_effect = [
            httpx.Response(599, extensions={"failure": answer})
            if isinstance(answer, Failure)
            else httpx.Response(answer.status, headers=answer.headers, content=answer.body)
            for answer in answers
        ]
        self._sent: list[httpx.Request] = []

    @contextmanager
    def open(self) -> Iterator[Wire]:
        """Open a wire whose requests are answered so."""
        with self._router, Wire(environment={}) as wire:
            yield wire
            self._sent = [call.request for call in self._router.calls]

    @property
    def urls(self) -> list[str]:
        """Where the requests went to, in their order."""
        return [str(request.url) for request in self._sent]

    @property
    def keys(self) -> list[str]:
        """What the requests had as ``Authorization``."""
        return [request.headers["Authorization"] for request in self._sent]
