"""Events of the System Log that somebody pasted: one, a list, an export, with text around them."""

import json
from collections.abc import Iterator
from typing import cast

from ngrok_scim_cli.diagnosis.okta.records import LogEvent, read_event

_MOST_TRIES = 50
_MOST_EVENTS = 1000


def read_pasted(text: str) -> tuple[LogEvent, ...]:
    """Return the events in ``text``, in their order; none where it holds no JSON of an event."""
    found: list[LogEvent] = []
    for value in _json_values(text):
        found.extend(_events(value, 0))
    return tuple(found[:_MOST_EVENTS])


def telling(events: tuple[LogEvent, ...]) -> LogEvent | None:
    """Return the event to explain: the first failure with a reason, else the first failure."""
    failures = [event for event in events if event.result.upper() != "SUCCESS"]
    with_reason = (
        event for event in failures if event.reason.strip(" .").lower() not in ("", "null")
    )
    return next(with_reason, next(iter(failures), next(iter(events), None)))


def _json_values(text: str) -> Iterator[object]:
    """Return each JSON object or list that stands in ``text``, with anything around it."""
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
