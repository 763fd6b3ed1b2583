"""Okta's System Log: which people could not be provisioned, why, and what helps.

https://developer.okta.com/docs/reference/api/event-types/. Only what is still open counts: a
failure that a later success of the same person has mended is none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Finding, Severity, Subject
from ngrok_scim_cli.diagnosis.okta.fixes import addressed
from ngrok_scim_cli.diagnosis.okta.log_events import NO_REASON, judge_event, reason_of
from ngrok_scim_cli.diagnosis.okta.reasons import worded
from ngrok_scim_cli.diagnosis.okta.records import LogEvent
from ngrok_scim_cli.diagnosis.okta.stages import Stage
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.counting import counted, first_of

_REFUSED = "application.integration.authentication_failure"
_ASSIGNED = "application.user_membership.add"
_UNASSIGNED = "application.user_membership.remove"
_LEFT = frozenset(
    {_UNASSIGNED, "application.user_membership.deprovision", "user.lifecycle.deactivate"}
)
# That somebody is there already says nothing about the account that is to be made.
_LOOKED_UP = "application.provision.user.verify_exists"

_GIVES_AN_ACCOUNT = (Stage.ACCOUNT, Stage.REACTIVATION)
_RESOLVED_BY_ANY = frozenset({*_GIVES_AN_ACCOUNT, Stage.PROFILE, Stage.DEACTIVATION, _UNASSIGNED})
# Which later success ends a failure. A create also updates the person, and an update shows that
# there is an account.
_RESOLVED_BY: dict[Stage | None, frozenset[Stage | str]] = {
    **dict.fromkeys(
        (Stage.LOOK_UP, Stage.ACCOUNT, Stage.REACTIVATION, Stage.PROFILE), _RESOLVED_BY_ANY
    ),
    Stage.PASSWORD: frozenset({Stage.PASSWORD, _UNASSIGNED}),
    Stage.IMPORT: frozenset({Stage.IMPORT}),
    Stage.DEACTIVATION: frozenset({Stage.DEACTIVATION, *_GIVES_AN_ACCOUNT, _ASSIGNED}),
    Stage.GROUPS: frozenset({Stage.GROUPS}),
}

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
# One attempt of Okta's leaves several events; mostly only one of them gives the reason.
_ONE_ATTEMPT = timedelta(seconds=60)

# The key of what was seen of anybody at all.
_ANYBODY = ""
_LONGEST_NAME = 500

_GROUPS_SHOWN = 10
_PEOPLE_SHOWN = 5

_rules: Rules[None] = Rules(Subject.OKTA)
_rules.describe("""
OKT912 documented
Okta recently failed to provision somebody
Okta's System Log contains failures. Okta does not retry most of them by itself.
In Okta, open Dashboard > Tasks, select the failed tasks and press "Retry Selected".

OKT913 documented
Okta recently could not authenticate to ngrok
Since the last successful call, Okta's System Log shows "Error authenticating". Usually the key in
    Okta is old or was revoked.
In Okta, open Provisioning > Integration > Edit, paste the current key into "Authorization", press
    "Test Connector Configuration" and save.
""")
ENTRIES = _rules.entries


class _Failure(NamedTuple):
    """``times`` failures of one person that are still open, by the event that gives the reason."""

    when: datetime
    event: LogEvent
    times: int


@dataclass(slots=True)
class _Log:
    """What was read of the System Log so far."""

    good: dict[tuple[str, Stage | str], datetime] = field(default_factory=dict)
    failures: dict[tuple[str, Stage], list[tuple[datetime, LogEvent]]] = field(default_factory=dict)
    last_good: datetime = _LONG_AGO
    refused: list[datetime] = field(default_factory=list)


def judge_failures(
    events: Iterable[LogEvent], texts: Mapping[str, str] = MappingProxyType({})
) -> tuple[Finding, ...]:
    """Return ``OKT913`` and an ``OKT912`` for each reason, the newest first.

    ``texts`` replace a fix or a warning where more is known than the log shows.
    """
    log = _Log()
    for event in events:
        _take(log, event)
    groups = _grouped(log)
    found = [_finding(group, texts) for group in groups[:_GROUPS_SHOWN]]
    more = len(groups) - _GROUPS_SHOWN
    if more > 0:
        rest = "is 1 more reason" if more == 1 else f"are {more:,} more reasons"
        found[-1] = replace(found[-1], evidence=f"{found[-1].evidence} There {rest}.")
    return (*_refusals(log), *found)


def removed_people(events: Iterable[LogEvent]) -> frozenset[str]:
    """Return the ids and user names (case-folded) of those whom Okta unassigned or deactivated.

    Whoever was assigned again later is not among them. A deactivation that failed at ngrok counts,
    since Okta meant it; one that failed in Okta does not.
    """
    last: dict[str, tuple[datetime, bool]] = {}
    for event in events:
        stage = event.stage
        has_left = event.event_type in _LEFT and event.is_success
        leaves = has_left or stage is Stage.DEACTIVATION
        comes = event.event_type == _ASSIGNED or (stage in _GIVES_AN_ACCOUNT and event.is_success)
        if leaves or comes:
            seen = (_time_of(event), leaves)
            for key in _keys(event):
                last[key] = max(last.get(key, seen), seen)
    return frozenset(key for key, (_, gone) in last.items() if gone)


def moment(published: str) -> datetime | None:
    """Return the time of an event (RFC 3339), in UTC; ``None`` where it cannot be read."""
    try:
        read = datetime.fromisoformat(published)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _take(log: _Log, event: LogEvent) -> None:
    when, stage = _time_of(event), event.stage
    if event.event_type == _REFUSED:
        log.refused.append(when)
    elif stage and event.result.upper() == "FAILURE":
        log.failures.setdefault((_who(event), stage), []).append((when, event))
    elif event.is_success and (stage or event.event_type in (_ASSIGNED, _UNASSIGNED)):
        if stage:
            log.last_good = max(log.last_good, when)
        if event.event_type != _LOOKED_UP:
            what = stage or event.event_type
            for key in (*_keys(event), _ANYBODY):
                log.good[key, what] = max(log.good.get((key, what), when), when)


def _grouped(log: _Log) -> list[list[_Failure]]:
    """Return the failures that nothing has mended: those of one kind together, the newest first."""
    kinds: dict[tuple[Stage, str, str], list[_Failure]] = {}
    for (_, stage), failures in log.failures.items():
        open_ones = [one for one in failures if not _is_resolved(log, *one)]
        if open_ones:
            when, event = _last_with_reason(open_ones)
            reason = reason_of(event)
            # Where Okta gives no reason, the type of the event is all that there is to judge by.
            kind = stage, reason, event.event_type if reason == NO_REASON else ""
            kinds.setdefault(kind, []).append(_Failure(when, event, len(open_ones)))
    groups = [sorted(kind, key=lambda one: one.when, reverse=True) for kind in kinds.values()]
    return sorted(groups, key=lambda group: group[0].when, reverse=True)


def _is_resolved(log: _Log, when: datetime, event: LogEvent) -> bool:
    stage = event.stage
    if stage is Stage.CALL:
        return log.last_good > when
    # What happened to a person is mended only by what happened to them later.
    keys = (_ANYBODY,) if stage is Stage.GROUPS else _keys(event)
    return any(
        log.good.get((key, what), _LONG_AGO) > when
        for key in keys
        for what in _RESOLVED_BY.get(stage, ())
    )


def _last_with_reason(failures: list[tuple[datetime, LogEvent]]) -> tuple[datetime, LogEvent]:
    """Return the last failure, or the one of the same attempt that gives a reason."""
    newest_first = sorted(failures, key=_by_time, reverse=True)
    newest = newest_first[0]
    for when, event in newest_first:
        if newest[0] - when <= _ONE_ATTEMPT and reason_of(event) != NO_REASON:
            return newest[0], event
    return newest


def _by_time(failure: tuple[datetime, LogEvent]) -> tuple[datetime, str, str]:
    # The log may give those of one moment in any order; the verdict must not depend on it.
    when, event = failure
    return when, event.reason, event.event_type


def _refusals(log: _Log) -> tuple[Finding, ...]:
    """Return ``OKT913`` where ngrok refused the key after the last call that went well."""
    since = [when for when in log.refused if when > log.last_good or log.last_good == _LONG_AGO]
    if not since:
        return ()
    good = f"the last successful call, {_shown(log.last_good)}"
    if log.last_good == _LONG_AGO:
        good = "the beginning of the System Log that was read, which shows no successful call"
    return (
        finding(
            "OKT913", f"It failed {_times(len(since))} since {good}. {_last(max(since))}".strip()
        ),
    )


def _finding(group: list[_Failure], texts: Mapping[str, str]) -> Finding:
    when, event, _ = group[0]
    judged, stage = judge_event(event), event.stage or Stage.CALL
    cause = worded(judged.causes[0])
    named = (excerpt(one.event.user_name or one.event.user_id, 80) for one in group)
    people = tuple(filter(None, named))
    hit = _times(sum(one.times for one in group))
    if people:
        hit = f"for {counted(len(people), 'person', 'people')}"
    reason = reason_of(event)
    said = f"“{reason}”" if reason != NO_REASON else "Okta gives no reason"
    shown = f" {first_of(people, _PEOPLE_SHOWN)}." if people else ""
    found = finding(
        "OKT912",
        f"{stage.capitalize()} failed {hit}: {said}. {_last(when)}".strip() + shown,
        # ngrok has no groups (FRM306): nobody waits for this one.
        severity=Severity.WARNING if stage is Stage.GROUPS else None,
        fix=addressed(texts.get(cause.fix, cause.fix), people),
    )
    warned = f"{cause.cause} {texts.get(judged.warning, judged.warning)}".strip()
    return replace(found, cause=addressed(warned, people), certainty=cause.certainty)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _last(when: datetime) -> str:
    return f"The last time was {_shown(when)}." if when > _LONG_AGO else ""


def _shown(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"


def _time_of(event: LogEvent) -> datetime:
    return moment(event.published) or _LONG_AGO


def _who(event: LogEvent) -> str:
    return next(iter(reversed(_keys(event))), _ANYBODY)


def _keys(event: LogEvent) -> tuple[str, ...]:
    """Return by what a person is known: the id, and the user name without case."""
    known = (event.user_id.casefold(), event.user_name.strip().casefold())
    return tuple(dict.fromkeys(key[:_LONGEST_NAME] for key in known if key))
