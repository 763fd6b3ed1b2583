"""What the sandbox serves, and the faults that are switched on in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from ngrok_scim_cli.sandbox.faults import ArmedFault, FaultContext, SandboxState, arm, stage
from ngrok_scim_cli.sandbox.message import Answer, Request

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.faults import Undo


class Part(Protocol):
    """Something that answers requests: ngrok's API, its SCIM endpoint, Okta's API."""

    def answer(self, request: Request) -> Answer:
        """Answer one request."""

    def dress(self, answer: Answer, request: Request) -> Answer:
        """Add what stands on each reply of this part's, whoever made it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a request.

    Attributes:
        answer: what is answered.
        struck: the faults that struck, in the order in which they were switched on.
    """

    answer: Answer
    struck: tuple[ArmedFault, ...]

    @property
    def sender(self) -> ArmedFault | None:
        """The last fault that sends the answer in its own way, if there is one."""
        senders = [armed for armed in self.struck if armed.fault.send is not None]
        return senders[-1] if senders else None

    @property
    def status(self) -> int | None:
        """The status that the client gets to see."""
        sender = self.sender
        return None if sender is not None and sender.fault.silent else self.answer.status


class Site:
    """The parts by the path at which they begin, with faults in front.

    Args:
        parts: a prefix and the part that answers below it; the first that fits is asked, and
            the last has the empty prefix.
        scene: what faults change.
    """

    def __init__(self, parts: Sequence[tuple[str, Part]], state: SandboxState) -> None:
        self._parts = tuple(parts)
        self._scene = state
        self._armed: tuple[ArmedFault, ...] = ()
        self._undo: list[Undo] = []
        self._lock = Lock()

    def set_faults(self, names: Sequence[str]) -> None:
        """Switch on these faults and no others; each counts its requests anew.

        Raises:
            ValueError: a fault is not known; then everything stays as it is.
        """
        armed = arm(names)
        with self._lock:
            for undo in reversed(self._undo):
                undo()
            self._undo = stage(armed, self._scene)
            self._armed = armed

    def handle(self, request: Request) -> Outcome:
        """Answer one request, as the faults want it."""
        with self._lock:
            struck = tuple(armed for armed in self._armed if armed.strikes(request))
        answer = _answer_instead(struck, request) or self._answer(struck, request)
        for armed in struck:
            if armed.fault.alter is not None:
                answer = armed.fault.alter(answer, FaultContext(request, armed.value))
        return Outcome(self._part(request).dress(answer, request), struck)

    def _answer(self, struck: tuple[ArmedFault, ...], request: Request) -> Answer:
        for armed in struck:
            if armed.fault.rewrite is not None:
                request = armed.fault.rewrite(FaultContext(request, armed.value))
        return self._part(request).answer(request)

    def _part(self, request: Request) -> Part:
        return next(part for prefix, part in self._parts if request.path.startswith(prefix))


def _answer_instead(struck: tuple[ArmedFault, ...], request: Request) -> Answer | None:
    for armed in struck:
        answer = armed.fault.answer and armed.fault.answer(FaultContext(request, armed.value))
        if answer is not None:
            return answer
    return None
