"""What a judgement comes to where the peer may not tell what was asked."""

from dataclasses import dataclass

from ngrok_scim_cli.diagnosis.finding import Finding


@dataclass(frozen=True, slots=True)
class Told:
    """What was found, or why it cannot be told.

    Attributes:
        findings: what was found.
        told: whether the question could be answered at all; where not, it is no failure.
        reason: what was seen where nothing is wrong, or why it cannot be told; one sentence.
    """

    findings: tuple[Finding, ...] = ()
    told: bool = True
    reason: str = ""


def untold(reason: str) -> Told:
    """Return that it cannot be told, and why."""
    return Told(told=False, reason=reason)
