"""Okta's System Log: which people could not be provisioned, why, and what helps."""

from collections.abc import Iterable
from dataclasses import dataclass

from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.okta_records import LogEvent


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failures of one kind with the same reason.

    Attributes:
        what: what failed, like ``Push new user to external application``.
        reason: Okta's words without names, ids and addresses.
        people: how many people it hit.
        events: how many failures there were.
        first_people: the user names of the first few, the newest first.
        newest: when the last one happened (RFC 3339, UTC).
        fix: the one thing to do.
    """

    what: str
    reason: str
    people: int
    events: int
    first_people: tuple[str, ...]
    newest: str
    fix: str


@dataclass(frozen=True, slots=True)
class LogReport:
    """What the System Log tells.

    Attributes:
        findings: ``OKT913``, then ``OKT912`` for each group, the newest first.
        groups: the failures that nothing has mended since.
        last_good: when the last call to ngrok went well (RFC 3339, UTC); empty where none did.
    """

    findings: tuple[Finding, ...]
    groups: tuple[FailureGroup, ...] = ()
    last_good: str = ""


def judge_failures(events: Iterable[LogEvent]) -> LogReport:
    """Judge what the System Log holds of the app.

    Args:
        events: the app's events, in any order.
    """
    raise NotImplementedError


def fix_of(event: LogEvent) -> str:
    """Return the one thing to do about a failure."""
    raise NotImplementedError


def removed_people(events: Iterable[LogEvent]) -> frozenset[str]:
    """Return ids and user names (case-folded) of those whom Okta unassigned or deactivated.

    Whoever was assigned again later is not among them.
    """
    raise NotImplementedError
