"""The named ways in which the sandbox breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.sandbox.faults import (
    content,
    life,
    lines,
    lists,
    okta,
    okta_log,
    okta_people,
    person_reads,
    refusals,
)
from ngrok_scim_cli.sandbox.faults.fault import Call, Fault, SandboxState

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.message import Request

__all__ = ["FAULTS", "ArmedFault", "Call", "Fault", "SandboxState", "arm"]

_KINDS = (refusals, lists, person_reads, life, lines, content, okta, okta_people, okta_log)

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for kind in _KINDS for fault in kind.FAULTS}
)


@dataclass(slots=True)
class ArmedFault:
    """A fault that is switched on.

    Attributes:
        only: the one request that it strikes, counted from 1 among those in its scope; ``None``
            strikes all of them.
        seen: how many requests came into its scope. Whoever asks holds a lock.
    """

    fault: Fault
    value: float
    only: int | None = None
    seen: int = field(default=0)

    def strikes(self, request: "Request") -> bool:
        """Tell whether the fault strikes this request, and count it."""
        if self.fault.strikes is None or not self.fault.scope(request):
            return False
        self.seen += 1
        return self.only in (None, self.seen)


def arm(names: Sequence[str]) -> tuple[ArmedFault, ...]:
    """Read faults as ``--fault`` takes them.

    Args:
        names: each is ``NAME``, ``NAME=NUMBER`` for a fault that takes a number, and with
            ``@N`` at its end strikes the N-th request only.

    Raises:
        ValueError: a name is not known, or what follows it does not fit.
    """
    armed = tuple(_arm(text) for text in names)
    built = [one.fault.name for one in armed if one.fault.builds]
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
    if at and fault.builds:
        raise ValueError(f"{name} is not about single requests: leave out '@{only}'.")
    if at and not _is_counting_number(only):
        raise ValueError(f"After '@' comes the number of a request, from 1 on: {text!r}.")
    if equals and fault.value is None:
        raise ValueError(f"{name} takes no number: leave out '={value}'.")
    if equals and not _is_amount(value):
        raise ValueError(f"After '=' comes a number of {fault.unit}: {text!r}.")
    if equals and fault.most is not None and float(value) > fault.most:
        raise ValueError(f"{name} takes at most {fault.most} {fault.unit}: {text!r}.")
    return ArmedFault(
        fault, float(value) if equals else fault.value or 0, int(only) if at else None
    )


def _is_counting_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len("100000") and int(text) > 0


def _is_amount(text: str) -> bool:
    whole, _, fraction = text.partition(".")
    digits = whole + fraction
    return digits.isascii() and digits.isdecimal() and len(digits) <= len("100000000")


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, FAULTS, n=3, cutoff=0.4)
    return f" Nearest: {', '.join(near)}." if near else ""
