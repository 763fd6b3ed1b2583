"""What the sandbox serves: its parts by their paths, with the faults that strike in front."""

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.faults import ArmedFault, Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.sandbox.faults import SandboxState
    from ngrok_scim_cli.sandbox.message import Answer, Request


class Part(Protocol):
    """Something that answers requests: ngrok's API, its SCIM endpoint, Okta's API."""

    def answer(self, request: "Request") -> "Answer":
        """Answer one request."""

    def dress(self, answer: "Answer", request: "Request") -> "Answer":
        """Add what stands on each reply of this part's, whoever made it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a request.

    Attributes:
        applied: the faults that were applied, in the order in which they were switched on.
    """

    answer: "Answer"
    applied: tuple[ArmedFault, ...] = ()


class Site:
    """The parts by the path at which they begin, with faults in front.

    Args:
        parts: a prefix and the part that answers below it; the first that fits is asked, and
            the last has the empty prefix.
    """

    def __init__(
        self,
        parts: Sequence[tuple[str, Part]],
        armed: Sequence[ArmedFault],
        state: "SandboxState",
    ) -> None:
        self._parts = tuple(parts)
        self._state = state
        self._lock = Lock()
        self.armed = tuple(armed)

    def handle(self, request: "Request") -> Outcome:
        """Answer one request, as the faults want it: each one replaces what those before answer."""
        with self._lock:
            applied = tuple(armed for armed in self.armed if armed.strikes(request))
        serve: Callable[[Request], Answer] = self._answer
        for armed in applied:
            serve = self._replaced(armed, serve)
        return Outcome(self._part(request).dress(serve(request), request), applied)

    def _answer(self, request: "Request") -> "Answer":
        return self._part(request).answer(request)

    def _part(self, request: "Request") -> Part:
        return next(part for prefix, part in self._parts if request.path.startswith(prefix))

    def _replaced(
        self, armed: ArmedFault, serve: "Callable[[Request], Answer]"
    ) -> "Callable[[Request], Answer]":
        handler = armed.fault.strikes
        if handler is None:
            return serve
        return lambda request: handler(Call(request, armed.value, serve, self._state))
