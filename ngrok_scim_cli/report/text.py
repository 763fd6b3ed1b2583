"""A result as text for a terminal: the verdict first, what to do next last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import (
    Check,
    CheckStatus,
    Finding,
    Payload,
    Result,
    Severity,
    Verdict,
)
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.layout import Labelled, Page, Tone
from ngrok_scim_cli.report.next_step import next_step
from ngrok_scim_cli.report.printable import display_width

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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
    CheckStatus.PASS: ("[ OK ]", Tone.GREEN),
    CheckStatus.WARN: ("[WARN]", Tone.YELLOW),
    CheckStatus.FAIL: ("[FAIL]", Tone.RED),
    CheckStatus.SKIP: ("[SKIP]", Tone.DIM),
    CheckStatus.UNSUPPORTED: ("[ -- ]", Tone.DIM),
}

_IN_TROUBLE = (CheckStatus.WARN, CheckStatus.FAIL)

# How the fixed end of Okta's message begins: error E0000059 of Okta's API reference.
_ADVICE = "Make sure that the URL, Authentication Parameters are correct"

# The check that names each credential and where it came from, which is worth seeing each time.
_CREDENTIALS = "credentials"

# The column at which the marks end, as long as the names leave room.
_MARKS_END = 60


def render_text(result: Result, style: Style) -> str:
    """Return ``result`` as text; of several profiles the verdict of each, then each whole."""
    page = Page(style)
    write_result(page, result)
    return page.text()


def write_result(page: Page, result: Result) -> None:
    """Write ``result``; what is made of checks is written as a list of them."""
    if result.profiles:
        _write_profiles(page, result)
        return
    if result.payload and result.payload.is_page:
        if result.findings:
            write_result(page, replace(result, payload=None))
            page.gap()
        result.payload.write(page)
        return
    is_answer = result.payload is not None and result.payload.is_answer
    if not is_answer:
        _write_verdict(page, result)
    if result.command not in wording.CHECKLISTS:
        _write_parts(page, result)
    elif page.is_for_others:
        _write_what_follows(page, result)
        _write_checks(page, result.checks, every_reason=True)
    else:
        _write_checks(page, result.checks, every_reason=page.verbose)
        _write_what_follows(page, result)
    _write_requests(page, result)
    if not is_answer:
        _write_next(page, result)


def render_below_checks(result: Result, style: Style) -> str:
    """Return what went wrong, the verdict and what to do next, for a screen with the checks."""
    page = Page(style)
    _write_what_follows(page, result)
    _write_requests(page, result)
    page.gap()
    _write_verdict(page, result)
    _write_next(page, result)
    return page.text()


def _write_profiles(page: Page, result: Result) -> None:
    """Write how each profile ended, then the whole of each."""
    _write_verdict(page, result)
    page.gap()
    rows = [
        (item.profile, f"{item.verdict.upper()}: {wording.headline(item)}")
        for item in result.profiles
    ]
    page.two_columns(rows, indent=2)
    for item in result.profiles:
        page.gap()
        page.title(f"Profile {item.profile}", level=1)
        page.gap()
        write_result(page, item)


def _write_parts(page: Page, result: Result) -> None:
    """Write all of a result but its verdict and what to do next."""
    payload = result.payload
    if payload:
        _write_payload(page, payload, result.checks)
    if len(result.steps) > 1:  # of a single step the headline says all
        page.part("Steps")
        rows = [
            (f"{wording.STEP_STATES[step.status]:<7}  {step.name}", wording.step_detail(step))
            for step in result.steps
        ]
        page.two_columns(rows, indent=2)
    for finding in result.findings:
        page.gap()
        _write_finding(page, finding)
    _write_repair(page, result)
    if result.values:
        page.part("Values for Okta")
        _write_values(page, result.values.rows())
    if page.verbose and (payload is None or not payload.shows_checks):
        _write_checks(page, result.checks, every_reason=True)


def _write_payload(page: Page, payload: Payload, checks: Sequence[Check]) -> None:
    for note in payload.notes:
        page.gap()
        page.paragraph(note, indent=2)
    if payload.shows_checks:
        _write_checks(page, checks, every_reason=True)
    for section in payload.sections():
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


def _write_what_follows(page: Page, result: Result) -> None:
    """Write what follows a list of checks."""
    unsupported = any(check.status is CheckStatus.UNSUPPORTED for check in result.checks)
    if unsupported and not page.is_for_others:
        page.gap()
        page.paragraph(
            "[ -- ] not reported by Okta or ngrok; this is not an error", indent=2, tone=Tone.DIM
        )
    troubles = [item for item in result.findings if item.severity is not Severity.NOTICE]
    notices = [item for item in result.findings if item.severity is Severity.NOTICE]
    if troubles:
        page.part("Errors and warnings:")
    for category, findings in wording.by_category(troubles, result.checks).items():
        page.part(f"* {category}")
        for finding in findings:
            _write_finding(page, finding, indent=2)
    if notices:
        page.part("Good to know:")
    for finding in notices:
        _write_finding(page, finding, indent=2)
    _write_repair(page, result)


def _write_verdict(page: Page, result: Result) -> None:
    """Write the verdict, what Okta would show, and how many users were seen.

    Verbose, it quotes Okta in full, and always says how surely that is known.
    """
    tone = _VERDICT_TONES[result.verdict]
    page.headed(wording.verdict_word(result), wording.headline(result), tone=tone, level=2)
    facts: list[Labelled] = []
    if page.is_for_others:
        facts.append(("Command", f"`ngrok-scim {result.command}`"))
    tested = result.tested if result.command == "test-connect" else None
    if tested:
        facts.append(("Tested", wording.tested(tested)))
    okta = result.okta
    if okta and okta.message:
        said, advice, _ = okta.message.partition(_ADVICE)
        is_cut = advice and not page.verbose
        facts.append(("Okta would show", f"{said}…" if is_cut else okta.message))
        if page.verbose or not okta.accepts:
            facts.append(("", f"({wording.CERTAINTIES[okta.certainty]})", Tone.DIM))
    if okta and okta.comparison:
        facts.append(("What you saw", okta.comparison))
    if result.users:
        users = f"{result.users.total:,} in all, {result.users.returned:,} returned"
        facts.append(("Users", users))
    passed = result.verdict in (Verdict.PASS, Verdict.WARN)
    if passed and tested and okta and okta.accepts:
        facts.append(("Means", wording.MEANING_OF_SUCCESS))
    if facts:
        page.gap()
        page.two_columns(facts, indent=2, labels=Tone.DIM)


def _write_finding(page: Page, finding: Finding, *, indent: int = 0) -> None:
    """Write one finding: an error in full, anything milder in a line or two."""
    head = f"{finding.severity.capitalize()} {finding.code}"
    tone = _SEVERITY_TONES[finding.severity]
    page.headed(head, finding.title, indent=indent, tone=tone, link=finding.more, level=4)
    if finding.severity is not Severity.ERROR and not page.verbose:
        page.paragraph(f"{finding.evidence} {finding.fix}", indent=indent + 2)
        return
    rows = [
        ("Where", wording.where(finding)),
        *wording.finding_rows(finding),
        ("More", f"ngrok-scim explain {finding.code}"),
    ]
    tones = {"Fix": Tone.BOLD, "More": Tone.DIM}
    shown = [(label, text, tones.get(label)) for label, text in rows if text]
    page.two_columns(shown, indent=indent + 2, labels=Tone.DIM)


def _write_checks(page: Page, checks: Sequence[Check], *, every_reason: bool) -> None:
    """Write the checks under their categories, in this order."""
    page.gap()
    writer = CheckWriter([check.name for check in checks], every_reason=every_reason)
    for check in checks:
        writer.write(page, check)


class CheckWriter:
    """Writes checks under their categories, one after another, on one page or on several.

    It takes the names of all of them, so that their marks are aligned.
    """

    def __init__(self, names: Sequence[str], *, every_reason: bool) -> None:
        self._names = names
        self._widest: int | None = None
        self._every_reason = every_reason
        self._category = ""
        self._left_out_for: str | None = None

    def write(self, page: Page, check: Check) -> None:
        """Write one check, below its category where that begins."""
        if check.category != self._category:
            page.title(check.category)
            self._category, self._left_out_for = check.category, None
        mark, tone = _MARKS[check.status]
        if self._widest is None:
            self._widest = max(display_width(page.safe(name)) for name in self._names)
        column = min(page.width, max(_MARKS_END, 2 + self._widest + 2 + len(mark)))
        skipped, in_trouble = check.status is CheckStatus.SKIP, check.status in _IN_TROUBLE
        # What holds for a whole category is said once.
        is_said = skipped and check.reason == self._left_out_for
        is_shown = self._every_reason or check.status is not CheckStatus.PASS
        reason = check.reason if not is_said and (is_shown or check.code == _CREDENTIALS) else ""
        tones = (tone, None if in_trouble else Tone.DIM)
        page.marked(check.name, mark, reason, indent=2, column=column, tones=tones)
        self._left_out_for = check.reason if skipped else None


def _write_repair(page: Page, result: Result) -> None:
    """Write what to paste into Okta, under Okta's own labels."""
    repair = result.repair
    if repair is None:
        return
    page.part(wording.repair_heading(repair))
    what = "The values so far" if repair.accepts is False else "Paste into Okta"
    page.paragraph(f"{what} (* is what changes):")
    changed = {OKTA_LABELS[item.field] for item in repair.changes}
    key = wording.which_key(repair, result.findings)
    _write_values(page, repair.form.rows(key), changed, is_pasted=repair.accepts is not False)


def _write_values(
    page: Page,
    rows: Iterable[tuple[str, str]],
    changed: Collection[str] | None = None,
    *,
    is_pasted: bool = True,
) -> None:
    """Write the values of Okta's form, with a mark at those that changed.

    Of the key there are words alone, which do not look like a value to paste.
    """
    shown: list[Labelled] = []
    for label, value in rows:
        mark = "" if changed is None else "* " if label in changed else "  "
        is_value = is_pasted and label != OKTA_LABELS[Field.AUTHORIZATION]
        shown.append((mark + label, value, Tone.PASTE if is_value else None))
    page.two_columns(shown, indent=2 if changed is None else 0)


def _write_requests(page: Page, result: Result) -> None:
    """Write, where that is wanted, each request that was made, and what came of it."""
    if not page.verbose or not result.exchanges:
        return
    page.part("Requests")
    for exchange in result.exchanges:
        rows = (
            (exchange.purpose or "request", f"{exchange.method} {exchange.url}"),
            ("", wording.outcome(exchange)),
        )
        page.two_columns(rows, indent=2, labels=Tone.DIM)


def _write_next(page: Page, result: Result) -> None:
    """Write the one thing to do next, and what else remains."""
    step, rest = next_step(result), result.remaining
    if not step:
        return
    page.set_apart("Next", step)
    if rest and step.startswith(rest[0]):
        rest = rest[1:]
    if rest:
        page.part("After that, in this order")
    for number, text in enumerate(rest, 1):
        page.headed(f"{number:>{len(str(len(rest)))}}.", text, indent=2)
