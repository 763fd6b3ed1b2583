"""Why Okta could not provision somebody, in Okta's words, and the one thing to do about it."""

import re

from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.okta.reasons import Judgement, heading, judge_reason, without_names
from ngrok_scim_cli.diagnosis.okta.records import LogEvent
from ngrok_scim_cli.diagnosis.okta.stages import Stage, stage_of_type

NO_REASON = "no reason given"

# Okta cuts a reason at 255 characters; of a longer one, the rest is not looked at.
_LONGEST = 1000
_LEFT_OUT = "…"
# A shorter user name stands in many a word that is no name.
_SHORTEST_NAME = 3
_RATE_LIMITED = "application.integration.rate_limit_exceeded"

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


def stage_of(event: LogEvent) -> Stage | None:
    """Return what Okta was doing; ``None`` where an event has nothing to do with provisioning."""
    return stage_of_type(event.event_type)


def reason_of(event: LogEvent) -> str:
    """Return the reason of a failure without what differs from person to person.

    Names, e-mail addresses, ids, memory addresses, times and places in a parsed text are left out,
    so that failures of the same kind have the same reason.

    Returns:
        One line that is safe to show; ``no reason given`` where Okta gave none.
    """
    reason = event.reason[:_LONGEST]
    name = event.user_name.strip()[:_LONGEST]
    if len(name) >= _SHORTEST_NAME:
        whole_name = rf"(?<!\w){re.escape(name)}(?!\w)"
        reason = re.sub(whole_name, _LEFT_OUT, reason, flags=re.IGNORECASE)
    reason = excerpt(_VARIABLE.sub(_LEFT_OUT, without_names(reason)), _LONGEST).rstrip(".")
    return NO_REASON if reason.casefold() in ("", "null") else reason


def judge_event(event: LogEvent) -> Judgement:
    """Say what is behind a failure of the System Log."""
    stage = stage_of(event)
    reason = event.reason[:_LONGEST]
    if reason_of(event) == NO_REASON:
        kind = event.event_type.replace(_RATE_LIMITED, "rate limit")
        reason = f"{event.message} {kind}: null"
    return judge_reason(reason, stage) or heading(stage)
