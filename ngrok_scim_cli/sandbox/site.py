"""What the sandbox serves, and the faults that are switched on in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from ngrok_scim_cli.sandbox.account import Account
from ngrok_scim_cli.sandbox.faults import ArmedFault, Strike, Users, arm, stage
from ngrok_scim_cli.sandbox.message import Answer, Request

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.faults import Undo


class Part(Protocol):
    """Something that answers requests: ngrok's API, its SCIM endpoint."""

    def answer(self, request: Request) -> Answer:
        """Answer one request."""


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
        account: the account that faults change.
        users: the users that faults change.
    """

    def __init__(self, parts: Sequence[tuple[str, Part]], account: Account, users: Users) -> None:
        self._parts = tuple(parts)
        self._account = account
        self._users = users
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
            self._undo = stage(armed, self._account, self._users)
            self._armed = armed

    def handle(self, request: Request) -> Outcome:
        """Answer one request, as the faults want it."""
        with self._lock:
            struck = tuple(armed for armed in self._armed if armed.strikes(request))
        answer = _answer_instead(struck, request) or self._answer(struck, request)
        for armed in struck:
            if armed.fault.alter is not None:
                answer = armed.fault.alter(answer, Strike(request, armed.value))
        return Outcome(answer.with_header("ngrok-operation-id", request.operation_id), struck)

    def _answer(self, struck: tuple[ArmedFault, ...], request: Request) -> Answer:
        for armed in struck:
            if armed.fault.rewrite is not None:
                request = armed.fault.rewrite(Strike(request, armed.value))
        part = next(part for prefix, part in self._parts if request.path.startswith(prefix))
        return part.answer(request)


def _answer_instead(struck: tuple[ArmedFault, ...], request: Request) -> Answer | None:
    for armed in struck:
        answer = armed.fault.answer and armed.fault.answer(Strike(request, armed.value))
        if answer is not None:
            return answer
    return None
