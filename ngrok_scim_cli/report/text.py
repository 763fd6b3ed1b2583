"""A result as text for a terminal: the verdict first, the one thing to do next last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Severity
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.layout import Page, Tone
from ngrok_scim_cli.report.next_step import next_step
from ngrok_scim_cli.report.parts import (
    paste_tones,
    write_checks,
    write_finding,
    write_next,
    write_repair,
    write_requests,
    write_verdict,
)

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Payload, Result, Section
    from ngrok_scim_cli.report.style import Style

_CHECKLISTS = ("doctor", "users audit")


def render_text(result: Result, style: Style) -> str:
    """Return ``result`` as text; what is made of checks is printed as a list of them."""
    if result.profiles:
        return _render_profiles(result, style)
    if result.command in _CHECKLISTS:
        return _render_checklist(result, style)
    page = Page(style)
    payload = result.payload
    is_answer = payload is not None and payload.is_answer
    if not is_answer:
        write_verdict(page, result, whole=style.verbose)
    if payload:
        _write_payload(page, payload, result)
    _write_steps(page, result)
    for finding in result.findings:
        page.gap()
        write_finding(page, finding, whole=style.verbose)
    if result.repair:
        write_repair(page, result.repair, result.findings)
    _write_values(page, result)
    _write_remaining(page, result)
    if style.verbose:
        if payload is None or not payload.shows_checks:
            _write_all_checks(page, result)
        write_requests(page, result)
    if not is_answer:
        write_next(page, result)
    return page.text()


def _write_payload(page: Page, payload: Payload, result: Result) -> None:
    for note in payload.notes:
        page.gap()
        page.paragraph(note, indent=2)
    if payload.shows_checks:
        _write_all_checks(page, result)
    for section in payload.sections():
        _write_section(page, section)


def _write_section(page: Page, section: Section) -> None:
    page.gap()
    page.title(section.title)
    indent = 2 if section.title else 0
    for line in section.lines:
        page.paragraph(line, indent=indent)
    if section.rows:
        page.two_columns(section.rows, indent=indent)
    if section.table:
        page.table(section.table)
    if section.verbatim:
        page.verbatim(section.verbatim)


def _write_steps(page: Page, result: Result) -> None:
    if len(result.steps) <= 1:
        return  # the headline says what one step comes to
    page.gap()
    page.title("Steps")
    rows = [
        (f"{wording.STEP_STATES[step.status]:<7}  {step.name}", wording.said_of_step(step))
        for step in result.steps
    ]
    page.two_columns(rows, indent=2)


def _write_values(page: Page, result: Result) -> None:
    if result.values is None:
        return
    page.gap()
    page.title("Values for Okta")
    rows = result.values.rows()
    tones = paste_tones(label for label, _ in rows)
    page.two_columns(rows, indent=2, tones=tones)


def _write_remaining(page: Page, result: Result) -> None:
    if not result.remaining or [next_step(result)] == list(result.remaining):
        return
    page.gap()
    page.title("What remains, in this order")
    digits = len(str(len(result.remaining)))
    for number, text in enumerate(result.remaining, 1):
        page.headed(f"{number:>{digits}}.", text, indent=2)


def _write_all_checks(page: Page, result: Result) -> None:
    if result.checks:
        page.gap()
        write_checks(page, result.checks, every_reason=True)


def _render_checklist(result: Result, style: Style) -> str:
    """Return the result of ``doctor`` as a list of checks, as ``ngrok diagnose`` does."""
    page = Page(style)
    write_verdict(page, result, whole=style.verbose)
    if result.checks:
        page.gap()
        write_checks(page, result.checks, every_reason=style.verbose)
    _write_what_follows(page, result, whole=style.verbose)
    write_next(page, result)
    return page.text()


def render_below_checks(result: Result, style: Style) -> str:
    """Return what went wrong, the verdict and what to do next, for a screen with the checks."""
    page = Page(style)
    _write_what_follows(page, result, whole=style.verbose)
    page.gap()
    write_verdict(page, result, whole=style.verbose)
    write_next(page, result)
    return page.text()


def _write_what_follows(page: Page, result: Result, *, whole: bool) -> None:
    if any(check.status is CheckStatus.UNSUPPORTED for check in result.checks):
        page.gap()
        page.paragraph(
            "[ -- ] not reported by Okta or ngrok; this is not an error", indent=2, tone=Tone.DIM
        )
    _write_findings(page, result, whole=whole)
    if result.repair:
        write_repair(page, result.repair, result.findings)
    if whole:
        write_requests(page, result)


def _render_profiles(result: Result, style: Style) -> str:
    """Return how each profile ended, then the whole of each."""
    page = Page(style)
    write_verdict(page, result, whole=style.verbose)
    page.gap()
    rows = [
        (item.profile, f"{wording.VERDICTS[item.verdict]}: {wording.headline(item)}")
        for item in result.profiles
    ]
    page.two_columns(rows, indent=2)
    wholes = []
    for item in result.profiles:
        heading = Page(style)
        heading.title(f"Profile {item.profile}")
        wholes.append(f"{heading.text()}\n{_render_checklist(item, style)}")
    return "\n\n".join([page.text(), *wholes])


def _write_findings(page: Page, result: Result, *, whole: bool) -> None:
    troubles = [item for item in result.findings if item.severity is not Severity.NOTICE]
    notices = [item for item in result.findings if item.severity is Severity.NOTICE]
    if troubles:
        page.gap()
        page.title("Errors and warnings:")
    for category, findings in wording.by_category(troubles, result.checks).items():
        page.gap()
        page.title(f"* {category}")
        for finding in findings:
            write_finding(page, finding, whole=whole, indent=2)
    if notices:
        page.gap()
        page.title("Good to know:")
    for finding in notices:
        write_finding(page, finding, whole=whole, indent=2)
