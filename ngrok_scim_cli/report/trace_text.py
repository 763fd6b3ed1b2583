"""The result of ``users trace`` as text: one person's way, place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.report.layout import Page
from ngrok_scim_cli.report.parts import (
    write_checks,
    write_finding,
    write_next,
    write_requests,
    write_verdict,
)

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.report import Style

_EVENTS_SHOWN = 5


def render_trace(result: Result, style: Style) -> str:
    """Return the verdict, the way, where the person is stuck there, and what to do next."""
    page = Page(style)
    told = dict(result.extra)
    write_verdict(page, result, whole=style.verbose)
    _write_notes(page, told.get("asked"))
    page.gap()
    write_checks(page, result.checks, every_reason=True)
    _write_events(page, told.get("events"))
    _write_stuck(page, told.get("stuck"))
    for finding in result.findings:
        page.gap()
        write_finding(page, finding, whole=style.verbose)
    if style.verbose:
        write_requests(page, result)
    write_next(page, result)
    return page.text()


def _write_notes(page: Page, asked: object) -> None:
    """Write what was made of the address as typed."""
    notes = asked.get("notes") if isinstance(asked, dict) else None
    for note in notes if isinstance(notes, list) else ():
        page.gap()
        page.paragraph(note, indent=2)


def _write_events(page: Page, events: object) -> None:
    """Write the newest events; a single one stands among the checks already."""
    if not isinstance(events, list) or len(events) < 2:  # noqa: PLR2004 - as the docstring says
        return
    page.gap()
    page.paragraph("What Okta's System Log tells, the newest first")
    page.two_columns([_event(event) for event in events[:_EVENTS_SHOWN]], indent=2)


def _event(event: dict[str, str]) -> tuple[str, str]:
    moment = event["published"][:16].replace("T", " ")
    reason = f": “{event['reason']}”" if event["reason"] else ""
    return moment, f"{event['result']} {event['message'] or event['event_type']}{reason}"


def _write_stuck(page: Page, stuck: object) -> None:
    """Write where the person is stuck, unless a finding says so in full."""
    if not isinstance(stuck, dict) or stuck["code"]:
        return
    page.gap()
    page.headed("Why", stuck["why"])
