"""The result of ``doctor`` as a list of checks, laid out as ``ngrok diagnose`` does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Severity
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.layout import Page, Tone
from ngrok_scim_cli.report.parts import (
    write_checks,
    write_finding,
    write_next,
    write_repair,
    write_requests,
    write_verdict,
)

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.report.style import Style


def render_checklist(result: Result, style: Style) -> str:
    """Return the verdict, every check, what went wrong, and what to do next."""
    if result.profiles:
        return _render_profiles(result, style)
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
            "[ -- ] not told by the other side, which is no fault", indent=2, tone=Tone.DIM
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
        wholes.append(f"{heading.text()}\n{render_checklist(item, style)}")
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
