"""The named ways in which the sandbox breaks."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.faults import account, lifecycle, lists, okta, refusals
from ngrok_scim_cli.sandbox.faults.fault import Fault, FaultContext, SandboxState

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.message import Answer, Request

__all__ = ["FAULTS", "ArmedFault", "Fault", "FaultContext", "SandboxState", "arm"]

_KINDS = (refusals, lists, lifecycle, account, okta)

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for kind in _KINDS for fault in kind.FAULTS}
)


@dataclass(slots=True)
class ArmedFault:
    """A fault that is switched on.

    Attributes:
        only: the one request that it answers, counted from 1 among those in its scope; ``None``
            for all of them.
        seen: how many requests in its scope came. Whoever asks holds a lock.
    """

    fault: Fault
    value: float
    only: int | None = None
    seen: int = field(default=0)

    def is_about(self, request: "Request") -> bool:
        """Tell whether the fault answers this request, and count it."""
        if self.fault.handler is None or not self.fault.scope(request):
            return False
        self.seen += 1
        return self.only in (None, self.seen)

    def answer(
        self, serve: "Callable[[Request], Answer]", state: SandboxState, request: "Request"
    ) -> "Answer":
        """Answer in place of ``serve``."""
        handler = self.fault.handler
        return (
            handler(FaultContext(request, self.value, serve, state)) if handler else serve(request)
        )


def arm(names: Sequence[str]) -> tuple[ArmedFault, ...]:
    """Read faults as ``--fault`` takes them.

    Args:
        names: each is ``NAME``, ``NAME=NUMBER`` for a fault that takes a number, and with
            ``@N`` at its end for the N-th request only.

    Raises:
        ValueError: a name is not known, or what follows it does not fit.
    """
    armed = tuple(_arm(text) for text in names)
    built = [one.fault.name for one in armed if one.fault.builder]
    for name in built:
        if built.count(name) > 1:
            raise ValueError(f"{name} is named twice.")
    return armed


def _arm(text: str) -> ArmedFault:
    rest, at, only = text.partition("@")
    name, equals, value = rest.partition("=")
    fault = FAULTS.get(name)
    if fault is None:
        raise ValueError(f"There is no fault {name!r}.{_nearest(name)}")
    if at and fault.builder:
        raise ValueError(f"{name} is not about single requests: leave out '@{only}'.")
    if at and not (re.fullmatch("[0-9]{1,6}", only) and int(only)):
        raise ValueError(f"After '@' comes the number of a request, from 1 on: {text!r}.")
    if equals and fault.value is None:
        raise ValueError(f"{name} takes no number: leave out '={value}'.")
    if equals and not re.fullmatch(r"(?=.*[0-9])[0-9]{0,9}\.?[0-9]{0,9}", value):
        raise ValueError(f"After '=' comes a number of {fault.unit}: {text!r}.")
    if equals and fault.most is not None and float(value) > fault.most:
        raise ValueError(f"{name} takes at most {fault.most} {fault.unit}: {text!r}.")
    return ArmedFault(
        fault, float(value) if equals else fault.value or 0, int(only) if at else None
    )


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, FAULTS, n=3, cutoff=0.4)
    return f" Nearest: {', '.join(near)}." if near else ""
