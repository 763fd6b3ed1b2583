"""Okta's System Log: which people could not be provisioned, why, and what helps.

https://developer.okta.com/docs/reference/api/event-types/. Only what is still open counts: a
failure that a later success of the same person has resolved is none. Also here: one event, pasted.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from types import MappingProxyType
from typing import NamedTuple, cast

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.finding import Finding, Severity, Subject
from ngrok_scim_cli.diagnosis.okta.fixes import addressed
from ngrok_scim_cli.diagnosis.okta.readings import without_names
from ngrok_scim_cli.diagnosis.okta.reasons import Judgement, heading, judge_reason, worded
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, read_event
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

NO_REASON = "no reason given"

# Okta cuts a reason at 255 characters; of a longer one, the rest is not looked at.
_LONGEST_REASON = 1000
_LEFT_OUT = "…"
# A shorter user name is part of many words that are no name.
_SHORTEST_NAME = 3
_RATE_LIMITED = "application.integration.rate_limit_exceeded"

_MOST_TRIES = 50
_MOST_EVENTS = 1000

# What else differs from one failure to the next. Each begins where a word does, so that a long
# text is read once.
_LETTER = r"""[^\s@"'“”<>(),;:]"""
_VARIABLE = re.compile(
    rf"(?<!{_LETTER}){_LETTER}{{1,200}}@{_LETTER}{{1,200}}\.[A-Za-z]{_LETTER}{{0,60}}"  # e-mail
    r"""
    | @[0-9a-f]{4,16}\b                                     # a Java object: StringReader@4c76ba04
    | \b(?:line|column):\ ?\d+                              # where a parser stopped
    | \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b       # UUID
    | \b(?!ERR_NGROK_|NGROK_ERR_)(?=[A-Za-z_]*\d)[0-9A-Za-z_]{12,200}\b  # an id: 00u…, ak_…, op_…
    | \b\d{4}-\d\d-\d\d(?:T[0-9:.]{5,20}Z?)?                # a date, or a time
    | \b\d\d:\d\d:\d\d\b                                    # a time of day
    | \b\d{4,20}\b                                          # a number that is no HTTP status
    """,
    re.VERBOSE,
)

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
    """What was read of the System Log so far: by person and what Okta did, when it went well."""

    good: dict[tuple[str, Stage | str], datetime] = field(default_factory=dict)
    failures: dict[tuple[str, Stage], list[tuple[datetime, LogEvent]]] = field(default_factory=dict)
    last_good: datetime = _LONG_AGO
    refused: list[datetime] = field(default_factory=list)

    def take(self, event: LogEvent) -> None:
        """Take an event in."""
        when, stage = _time_of(event), event.stage
        if event.event_type == _REFUSED:
            self.refused.append(when)
        elif stage and event.result.upper() == "FAILURE":
            who = (*_keys(event)[-1:], _ANYBODY)[0]
            self.failures.setdefault((who, stage), []).append((when, event))
        elif event.is_success and (stage or event.event_type in (_ASSIGNED, _UNASSIGNED)):
            if stage:
                self.last_good = max(self.last_good, when)
            if event.event_type != _LOOKED_UP:
                what = stage or event.event_type
                for key in (*_keys(event), _ANYBODY):
                    self.good[key, what] = max(self.good.get((key, what), when), when)

    def groups(self) -> list[list[_Failure]]:
        """Return the failures that nothing has resolved: those of one kind together, newest first.

        Of the failures of one person, the last counts, or the one of the same attempt that gives a
        reason.
        """
        kinds: dict[tuple[Stage, str, str], list[_Failure]] = {}
        for (_, stage), failures in self.failures.items():
            still_open = [one for one in failures if not self._is_resolved(*one)]
            # The log may give those of one moment in any order; the verdict must not depend on it.
            still_open.sort(
                key=lambda one: (one[0], one[1].reason, one[1].event_type), reverse=True
            )
            if not still_open:
                continue
            when, newest = still_open[0]
            of_one_attempt = (one for at, one in still_open if when - at <= _ONE_ATTEMPT)
            with_reason = (one for one in of_one_attempt if reason_of(one) != NO_REASON)
            event = next(with_reason, newest)
            reason = reason_of(event)
            # Where Okta gives no reason, the type of the event is all that there is to judge by.
            kind = stage, reason, event.event_type if reason == NO_REASON else ""
            kinds.setdefault(kind, []).append(_Failure(when, event, len(still_open)))
        groups = [sorted(kind, key=lambda one: one.when, reverse=True) for kind in kinds.values()]
        return sorted(groups, key=lambda group: group[0].when, reverse=True)

    def _is_resolved(self, when: datetime, event: LogEvent) -> bool:
        stage = event.stage
        if stage is Stage.CALL:
            return self.last_good > when
        # What happened to a person is resolved only by what happened to them later.
        keys = (_ANYBODY,) if stage is Stage.GROUPS else _keys(event)
        return any(
            self.good.get((key, what), _LONG_AGO) > when
            for key in keys
            for what in _RESOLVED_BY.get(stage, ())
        )


def judge_failures(
    events: Iterable[LogEvent], texts: Mapping[str, str] = MappingProxyType({})
) -> tuple[Finding, ...]:
    """Return ``OKT913`` and an ``OKT912`` for each reason, the newest first.

    ``texts`` replace a fix or a warning where more is known than the log shows.
    """
    log = _Log()
    for event in events:
        log.take(event)
    groups = log.groups()
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


def _refusals(log: _Log) -> tuple[Finding, ...]:
    """Return ``OKT913`` where ngrok refused the key after the last call that went well."""
    since = [when for when in log.refused if when > log.last_good or log.last_good == _LONG_AGO]
    if not since:
        return ()
    good = f"the last successful call, {_shown(log.last_good)}"
    if log.last_good == _LONG_AGO:
        good = "the beginning of the System Log that was read, which shows no successful call"
    seen = f"It failed {_times(len(since))} since {good}. {_last(max(since))}"
    return (finding("OKT913", seen.strip()),)


def _finding(group: list[_Failure], texts: Mapping[str, str]) -> Finding:
    """Return ``OKT912`` for failures of one kind, whose newest is the first of ``group``."""
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


def _keys(event: LogEvent) -> tuple[str, ...]:
    """Return by what a person is known: the id, and the user name without case."""
    known = (event.user_id.casefold(), event.user_name.strip().casefold())
    return tuple(dict.fromkeys(key[:_LONGEST_NAME] for key in known if key))


def reason_of(event: LogEvent) -> str:
    """Return the reason of a failure without what differs from person to person.

    It is one line that is safe to show, the same for failures of the same kind; ``no reason given``
    where Okta gave none.
    """
    reason = event.reason[:_LONGEST_REASON]
    name = event.user_name.strip()[:_LONGEST_REASON]
    if len(name) >= _SHORTEST_NAME:
        whole_name = rf"(?<!\w){re.escape(name)}(?!\w)"
        reason = re.sub(whole_name, _LEFT_OUT, reason, flags=re.IGNORECASE)
    reason = excerpt(_VARIABLE.sub(_LEFT_OUT, without_names(reason)), _LONGEST_REASON).rstrip(".")
    return NO_REASON if reason.casefold() in ("", "null") else reason


def judge_event(event: LogEvent) -> Judgement:
    """Say what is behind a failure of the System Log."""
    reason = (event.reason or event.custom_message)[:_LONGEST_REASON]
    if reason_of(event) == NO_REASON and not event.custom_message:
        kind = event.event_type.replace(_RATE_LIMITED, "rate limit")
        reason = f"{event.message[:_LONGEST_REASON]} {kind[:_LONGEST_REASON]}: null"
    return judge_reason(reason, event.stage) or heading(event.stage)


def judge_pasted(event: LogEvent) -> Judgement | None:
    """Say what is behind a pasted event; ``None`` for a success, and for what is about no app."""
    is_of_an_app = event.event_type.startswith(("application.", "app.", "system.import."))
    is_news = not event.is_success or bool(event.custom_message)
    return judge_event(event) if is_of_an_app and is_news else None


def pasted_event(text: str) -> LogEvent | None:
    """Return the event in JSON to explain: the first failure with a reason, else any."""
    found = islice(chain.from_iterable(_events(one, 0) for one in _json_values(text)), _MOST_EVENTS)
    return min(found, key=lambda one: (one.is_success, reason_of(one) == NO_REASON), default=None)


def _json_values(text: str) -> Iterator[object]:
    """Return each JSON object or list in ``text``, with anything around it."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(_MOST_TRIES):
        starts = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
        if not starts:
            return
        start = min(starts)
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            at = start + 1
        else:
            yield cast("object", value)


def _events(value: object, depth: int) -> Iterator[LogEvent]:
    if depth > 4:  # noqa: PLR2004 - deeper than any export wraps its events
        return
    if isinstance(value, dict):
        document = cast("dict[str, object]", value)
        if isinstance(document.get("eventType"), str) and "outcome" in document:
            yield read_event(document)
            return
        for item in document.values():
            yield from _events(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _events(item, depth + 1)
