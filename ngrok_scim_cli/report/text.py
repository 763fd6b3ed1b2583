"""A result as text for a terminal: the verdict first, the one thing to do next last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Severity, Verdict
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.layout import Page, Tone
from ngrok_scim_cli.report.next_step import next_step
from ngrok_scim_cli.report.printable import display_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ngrok_scim_cli.diagnosis.finding import (
        Check,
        Finding,
        OktaView,
        Payload,
        Repair,
        Result,
        Section,
    )
    from ngrok_scim_cli.report.style import Style

_VERDICT_TONES = {
    Verdict.PASS: Tone.PASSED,
    Verdict.WARN: Tone.WARNED,
    Verdict.FAIL: Tone.FAILED,
    Verdict.INCOMPLETE: Tone.WARNED,
}
_SEVERITY_TONES = {
    Severity.ERROR: Tone.FAILED,
    Severity.WARNING: Tone.WARNED,
    Severity.NOTICE: Tone.DIM,
}
_MARKS = {
    CheckStatus.PASS: "[ OK ]",
    CheckStatus.WARN: "[WARN]",
    CheckStatus.FAIL: "[FAIL]",
    CheckStatus.SKIP: "[SKIP]",
    CheckStatus.UNSUPPORTED: "[ -- ]",
}
_CHECK_TONES = {
    CheckStatus.PASS: Tone.GREEN,
    CheckStatus.WARN: Tone.YELLOW,
    CheckStatus.FAIL: Tone.RED,
    CheckStatus.SKIP: Tone.DIM,
    CheckStatus.UNSUPPORTED: Tone.DIM,
}

# The check that names each credential and where it came from, which is worth seeing each time.
_CREDENTIALS = "credentials"

# The column at which the marks end, as long as the names leave room.
_MARKS_END = 60

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
        _write_verdict(page, result, whole=style.verbose)
    if payload:
        _write_payload(page, payload, result)
    _write_steps(page, result)
    for finding in result.findings:
        page.gap()
        _write_finding(page, finding, whole=style.verbose)
    if result.repair:
        _write_repair(page, result.repair, result.findings)
    _write_values(page, result)
    _write_remaining(page, result)
    if style.verbose:
        if payload is None or not payload.shows_checks:
            _write_all_checks(page, result)
        _write_requests(page, result)
    if not is_answer:
        _write_next(page, result)
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
    page.part(section.title)
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
    page.part("Steps")
    rows = [
        (f"{wording.STEP_STATES[step.status]:<7}  {step.name}", wording.said_of_step(step))
        for step in result.steps
    ]
    page.two_columns(rows, indent=2)


def _write_values(page: Page, result: Result) -> None:
    if result.values is None:
        return
    page.part("Values for Okta")
    rows = result.values.rows()
    tones = _paste_tones(label for label, _ in rows)
    page.two_columns(rows, indent=2, tones=tones)


def _write_remaining(page: Page, result: Result) -> None:
    if not result.remaining or [next_step(result)] == list(result.remaining):
        return
    page.part("What remains, in this order")
    digits = len(str(len(result.remaining)))
    for number, text in enumerate(result.remaining, 1):
        page.headed(f"{number:>{digits}}.", text, indent=2)


def _write_all_checks(page: Page, result: Result) -> None:
    if result.checks:
        page.gap()
        _write_checks(page, result.checks, every_reason=True)


def _render_checklist(result: Result, style: Style) -> str:
    """Return the result of ``doctor`` as a list of checks, as ``ngrok diagnose`` does."""
    page = Page(style)
    _write_verdict(page, result, whole=style.verbose)
    if result.checks:
        page.gap()
        _write_checks(page, result.checks, every_reason=style.verbose)
    _write_what_follows(page, result, whole=style.verbose)
    _write_next(page, result)
    return page.text()


def render_below_checks(result: Result, style: Style) -> str:
    """Return what went wrong, the verdict and what to do next, for a screen with the checks."""
    page = Page(style)
    _write_what_follows(page, result, whole=style.verbose)
    page.gap()
    _write_verdict(page, result, whole=style.verbose)
    _write_next(page, result)
    return page.text()


def _write_what_follows(page: Page, result: Result, *, whole: bool) -> None:
    if any(check.status is CheckStatus.UNSUPPORTED for check in result.checks):
        page.gap()
        page.paragraph(
            "[ -- ] not reported by Okta or ngrok; this is not an error", indent=2, tone=Tone.DIM
        )
    _write_findings(page, result, whole=whole)
    if result.repair:
        _write_repair(page, result.repair, result.findings)
    if whole:
        _write_requests(page, result)


def _render_profiles(result: Result, style: Style) -> str:
    """Return how each profile ended, then the whole of each."""
    page = Page(style)
    _write_verdict(page, result, whole=style.verbose)
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
        page.part("Errors and warnings:")
    for category, findings in wording.by_category(troubles, result.checks).items():
        page.part(f"* {category}")
        for finding in findings:
            _write_finding(page, finding, whole=whole, indent=2)
    if notices:
        page.part("Good to know:")
    for finding in notices:
        _write_finding(page, finding, whole=whole, indent=2)


def _write_verdict(page: Page, result: Result, *, whole: bool) -> None:
    """Write what the run comes to, what Okta would show, and how many users were seen.

    Args:
        whole: quote Okta in full, and always say how surely that is known.
    """
    tone = _VERDICT_TONES[result.verdict]
    page.headed(wording.verdict_word(result), wording.headline(result), tone=tone)
    facts = [("Tested", wording.tested(result.tested))] if _is_a_test(result) else []
    facts += _said_by_okta(result.okta, whole=whole) if result.okta else []
    if result.users:
        facts.append(("Users", wording.users_seen(result.users)))
    passed = result.verdict in (Verdict.PASS, Verdict.WARN)
    if passed and _is_a_test(result) and result.okta and result.okta.accepts:
        facts.append(("Means", wording.MEANING_OF_SUCCESS))
    if facts:
        page.gap()
        page.two_columns(facts, indent=2, labels=Tone.DIM, tones={"": Tone.DIM})


def _is_a_test(result: Result) -> bool:
    return result.command == "test-connect" and result.tested is not None


def _write_finding(page: Page, finding: Finding, *, whole: bool, indent: int = 0) -> None:
    """Write one finding: an error in full, anything milder in a line or two."""
    head = f"{wording.SEVERITIES[finding.severity]} {finding.code}"
    tone = _SEVERITY_TONES[finding.severity]
    page.headed(head, finding.title, indent=indent, tone=tone, link=finding.more)
    if finding.severity is not Severity.ERROR and not whole:
        page.paragraph(f"{finding.evidence} {finding.fix}", indent=indent + 2)
        return
    rows = (
        ("Where", wording.where(finding)),
        ("Seen", finding.evidence),
        ("Why", wording.cause(finding)),
        ("Fix", finding.fix),
        ("More", f"ngrok-scim explain {finding.code}"),
    )
    tones = {"Fix": Tone.BOLD, "More": Tone.DIM}
    shown = [row for row in rows if row[1]]
    page.two_columns(shown, indent=indent + 2, labels=Tone.DIM, tones=tones)


def _write_checks(page: Page, checks: Sequence[Check], *, every_reason: bool) -> None:
    """Write the checks under their categories, in this order."""
    writer = CheckWriter([check.name for check in checks], every_reason=every_reason)
    for check in checks:
        writer.write(page, check)


class CheckWriter:
    """Writes checks under their categories, one after another, on one page or on several.

    Args:
        names: what all of them are called, so that their marks stand flush.
        every_reason: also write what was seen by checks that passed.
    """

    def __init__(self, names: Sequence[str], *, every_reason: bool) -> None:
        self._names = names
        self._every_reason = every_reason
        self._category = ""
        self._left_out_for: str | None = None

    def write(self, page: Page, check: Check) -> None:
        """Write one check, below its category where that begins."""
        if check.category != self._category:
            page.title(check.category)
            self._category, self._left_out_for = check.category, None
        page.marked(
            check.name,
            _MARKS[check.status],
            indent=2,
            column=self._column(page),
            tone=_CHECK_TONES[check.status],
        )
        skipped = check.status is CheckStatus.SKIP
        if skipped and check.reason == self._left_out_for:
            return  # what holds for a whole category is said once
        told = check.status is not CheckStatus.PASS or check.code == _CREDENTIALS
        if self._every_reason or told:
            in_trouble = check.status in (CheckStatus.WARN, CheckStatus.FAIL)
            page.paragraph(check.reason, indent=4, tone=None if in_trouble else Tone.DIM)
        self._left_out_for = check.reason if skipped else None

    def _column(self, page: Page) -> int:
        widest = max(display_width(page.safe(name)) for name in self._names)
        return min(page.width, max(_MARKS_END, 2 + widest + 2 + len(_MARKS[CheckStatus.PASS])))


def _write_repair(page: Page, repair: Repair, findings: Sequence[Finding]) -> None:
    """Write what to paste into Okta, under Okta's own labels."""
    page.part(wording.repair_heading(repair))
    what = "The values so far" if repair.accepts is False else "Paste into Okta"
    page.paragraph(f"{what} (* is what changes):")
    rows = [
        (f"{'*' if changed else ' '} {label}", value)
        for changed, label, value in wording.repaired_rows(repair, findings)
    ]
    tones = {} if repair.accepts is False else _paste_tones(label for label, _ in rows)
    page.two_columns(rows, indent=0, tones=tones)


def _paste_tones(labels: Iterable[str]) -> dict[str, Tone]:
    """Return the tone of what is pasted under ``labels``; of the key there are words alone."""
    key = OKTA_LABELS[Field.AUTHORIZATION]
    return {label: Tone.PASTE for label in labels if not label.endswith(key)}


def _write_requests(page: Page, result: Result) -> None:
    """Write each request that was made, and what came of it."""
    if not result.exchanges:
        return
    page.part("Requests")
    for exchange in result.exchanges:
        rows = (
            (exchange.purpose or "request", f"{exchange.method} {exchange.url}"),
            ("", wording.outcome(exchange)),
        )
        page.two_columns(rows, indent=2, labels=Tone.DIM)


def _write_next(page: Page, result: Result) -> None:
    """Write the one thing to do next."""
    step = next_step(result)
    if step:
        page.set_apart("Next", step)


def _said_by_okta(okta: OktaView, *, whole: bool) -> list[tuple[str, str]]:
    said = []
    if okta.message:
        message = okta.message if whole else wording.okta_sentence(okta.message)
        said.append(("Okta would show", message))
        if whole or not okta.accepts:
            said.append(("", f"({wording.CERTAINTIES[okta.certainty]})"))
    if okta.comparison:
        said.append(("What you saw", okta.comparison))
    return said
