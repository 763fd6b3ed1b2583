"""An event of Okta's System Log, also a pasted one: its reason, and what is behind it."""

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import cast

from ngrok_scim_cli.diagnosis.endpoint.error_body import excerpt
from ngrok_scim_cli.diagnosis.okta.readings import without_names
from ngrok_scim_cli.diagnosis.okta.reasons import Judgement, heading, judge_reason
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, read_event

NO_REASON = "no reason given"

# Okta cuts a reason at 255 characters; of a longer one, the rest is not looked at.
_LONGEST = 1000
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


def reason_of(event: LogEvent) -> str:
    """Return the reason of a failure without what differs from person to person.

    It is one line that is safe to show, the same for failures of the same kind; ``no reason given``
    where Okta gave none.
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
    reason = (event.reason or event.custom_message)[:_LONGEST]
    if reason_of(event) == NO_REASON and not event.custom_message:
        kind = event.event_type.replace(_RATE_LIMITED, "rate limit")
        reason = f"{event.message[:_LONGEST]} {kind[:_LONGEST]}: null"
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
