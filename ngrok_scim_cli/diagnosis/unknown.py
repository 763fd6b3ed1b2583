"""What could not be found out, and what was: the two answers that a rule or a fetch gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding

_Value = TypeVar("_Value")


class Unknown(Exception):  # noqa: N818 - an answer and no error, though it may be raised
    """Something could not be found out.

    Attributes:
        conclusive: ``False`` where the question of the run stays open: the way to a peer fails
            here, or it answers nobody for a while.
        advice: how to provide what is missing, where that is too long for every check.
        grant: the fix where a peer refused it for want of a right; empty where that is not why.
    """

    def __init__(
        self,
        reason: str,
        findings: tuple[Finding, ...] = (),
        *,
        conclusive: bool = True,
        advice: str = "",
        grant: str = "",
    ) -> None:
        self.reason = reason
        self.findings = findings
        self.conclusive = conclusive
        self.advice = advice
        self.grant = grant
        super().__init__(reason)

    @property
    def in_full(self) -> str:
        """The reason and the advice."""
        return f"{self.reason} {self.advice}".rstrip()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule found, and what it saw (``reason``, one sentence) where nothing is wrong."""

    findings: tuple[Finding, ...] = ()
    reason: str = ""


def present(value: _Value | Unknown) -> _Value:
    """Return ``value``.

    Raises:
        Unknown: it is not there; it says why.
    """
    if isinstance(value, Unknown):
        raise value
    return value
