"""The named ways in which the sandbox breaks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from ngrok_scim_cli.sandbox.faults import account, lifecycle, lists, okta, refusals
from ngrok_scim_cli.sandbox.faults.fault import Fault, SandboxState

__all__ = ["FAULTS", "Fault", "SandboxState", "arm"]

_KINDS = (refusals, lists, lifecycle, account, okta)

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for kind in _KINDS for fault in kind.FAULTS}
)


def arm(names: Sequence[str]) -> tuple[Fault, ...]:
    """Read faults as ``--fault`` takes them.

    Args:
        names: each is ``NAME``, ``NAME=NUMBER`` for a fault that takes a number, and with
            ``@N`` at its end for the N-th request only.

    Raises:
        ValueError: a name is not known, or what follows it does not fit.
    """
    armed = tuple(_arm(text) for text in names)
    built = [fault.name for fault in armed if fault.builder]
    for name in built:
        if built.count(name) > 1:
            raise ValueError(f"{name} is named twice.")
    return armed


def _arm(text: str) -> Fault:
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
    number = float(value) if equals else fault.value or 0.0
    return replace(fault, value=number, only=int(only) if at else None)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, FAULTS, n=3, cutoff=0.4)
    return f" Nearest: {', '.join(near)}." if near else ""
