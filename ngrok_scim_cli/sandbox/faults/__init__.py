"""The named ways in which the sandbox breaks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from ngrok_scim_cli.sandbox.faults import account, lifecycle, okta, replies
from ngrok_scim_cli.sandbox.faults.fault import BUILT, Fault, FaultContext

__all__ = ["BUILT", "FAULTS", "Fault", "FaultContext", "arm"]

_KINDS = (replies, lifecycle, account, okta)

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
    built = [fault.name for fault in armed if fault.scope is BUILT]
    for name in built:
        if built.count(name) > 1:
            raise ValueError(f"{name} is named twice.")
    return armed


def _arm(text: str) -> Fault:
    rest, at, only = text.partition("@")
    name, equals, value = rest.partition("=")
    fault = FAULTS.get(name)
    if fault is None:
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(name, FAULTS, n=3, cutoff=0.4))
        raise ValueError(f"There is no fault {name!r}.{f' Nearest: {near}.' if near else ''}")
    if at and fault.scope is BUILT:
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
