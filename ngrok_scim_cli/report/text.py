"""A result as text for a terminal: the verdict first, what to do next last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.finding import (
    NO_PAYLOAD,
    Certainty,
    Check,
    CheckStatus,
    Finding,
    KeySource,
    Repair,
    Result,
    Section,
    Severity,
    Subject,
    Verdict,
)
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.layout import Labelled, Page, Tone
from ngrok_scim_cli.report.printable import display_width

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_CERTAINTIES = {
    Certainty.DOCUMENTED: "Okta documents this text.",
    Certainty.VENDOR: "A vendor's guide says so; Okta does not confirm it.",
    Certainty.OBSERVED: "This was seen in Okta, but is not documented.",
    Certainty.INFERRED: "Concluded from similar cases; Okta's own words may differ.",
    Certainty.UNKNOWN: "What Okta really shows here is not known.",
}
_KEY_SOURCES = {
    KeySource.OPTION: "from --api-key-file",
    KeySource.ENVIRONMENT: "from NGROK_SCIM_API_KEY",
    KeySource.KEYRING: "from the keyring",
    KeySource.PROMPT: "as it was typed",
    KeySource.SANDBOX: "of the sandbox",
}
_REPAIRS = {
    None: "Repaired. Whether Okta would accept these values is not known yet.",
    True: "Repaired and tried: Okta would accept these values.",
    False: "Repaired and tried: this alone is not enough.",
}

# How the fixed end of Okta's message begins: error E0000059 of Okta's API reference.
_ADVICE = "Make sure that the URL, Authentication Parameters are correct"

_MEANING_OF_SUCCESS = (
    "These values work. Only Okta can show whether its form holds the same values: if its test "
    "still fails, paste each value again, save, and test there once more."
)

# The check that names each credential and where it came from, which is worth seeing each time.
_CREDENTIALS = "credentials"

# The column at which the marks end, as long as the names leave room.
_MARKS_END = 60


def render_text(result: Result, style: Style) -> str:
    """Return ``result`` as text; of several profiles the verdict of each, then each whole."""
    page = Page(style)
    write_result(page, result)
    return page.text()


def render_below_checks(result: Result, style: Style) -> str:
    """Return what went wrong, the verdict and what to do next, for a screen with the checks."""
    page = Page(style)
    _write_what_follows(page, result)
    _write_requests(page, result)
    page.gap()
    _write_verdict(page, result)
    _write_next(page, result)
    return page.text()


def write_result(page: Page, result: Result) -> None:
    """Write ``result``; what is made of checks is written as a list of them."""
    payload = result.payload
    if payload.page:
        if result.findings:
            write_result(page, replace(result, payload=NO_PAYLOAD))
            page.gap()
        payload.page.write(page)
        return
    if not payload.is_answer:
        _write_verdict(page, result)
    if result.profiles:
        page.gap()
        ends = (
            (item.profile, f"{item.verdict.upper()}: {wording.headline(item)}")
            for item in result.profiles
        )
        page.two_columns(ends, indent=2)
        for item in result.profiles:
            page.gap()
            page.title(f"Profile {item.profile}", level=1)
            page.gap()
            write_result(page, item)
        return
    if result.command not in wording.CHECKLISTS:
        _write_parts(page, result)
    elif page.is_for_others:
        _write_what_follows(page, result)
        write_checks(page, result.checks)
    else:
        write_checks(page, result.checks)
        _write_what_follows(page, result)
    _write_requests(page, result)
    if not payload.is_answer:
        _write_next(page, result)


def _write_parts(page: Page, result: Result) -> None:
    """Write all of a result but its verdict and what to do next."""
    for note in result.payload.notes:
        page.gap()
        page.paragraph(note, indent=2)
    if result.payload.shows_checks:
        write_checks(page, result.checks, every_reason=True)
    for section in result.payload.sections:
        _write_section(page, section)
    if len(result.steps) > 1:  # of a single step the headline says all
        page.part("Steps")
        steps = (
            (f"{step.status.replace('todo', 'to do'):<7}  {step.name}", wording.step_detail(step))
            for step in result.steps
        )
        page.two_columns(steps, indent=2)
    for finding in result.findings:
        page.gap()
        _write_finding(page, finding)
    _write_repair(page, result)
    if result.values:
        page.part("Values for Okta")
        page.two_columns(map(_pasted, result.values.rows()), indent=2)
    if page.verbose and not result.payload.shows_checks:
        write_checks(page, result.checks)


def _write_section(page: Page, section: Section) -> None:
    page.part(section.title)
    indent = 2 if section.title else 0
    for line in section.lines:
        page.paragraph(line, indent=indent)
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
    if troubles and not page.is_for_others:
        page.part("Errors and warnings:")
    groups = wording.by_category(troubles, result.checks)
    parts = {f"* {category}": findings for category, findings in groups.items()}
    parts["Good to know:"] = [item for item in result.findings if item.severity is Severity.NOTICE]
    for title, findings in parts.items():
        if findings:
            page.part(title)
        for finding in findings:
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
        key = f"{tested.key_id or 'a key'} {_KEY_SOURCES[tested.key_source]}"
        facts.append(("Tested", f"{tested.base_url} with {key}"))
    okta = result.okta
    if okta and okta.message:
        said, advice, _ = okta.message.partition(_ADVICE)
        is_cut = advice and not page.verbose
        facts.append(("Okta would show", f"{said}…" if is_cut else okta.message))
        if page.verbose or not okta.accepts:
            facts.append(("", f"({_CERTAINTIES[okta.certainty]})", Tone.DIM))
    if okta and okta.comparison:
        facts.append(("What you saw", okta.comparison))
    if result.users:
        users = f"{result.users.total:,} in all, {result.users.returned:,} returned"
        facts.append(("Users", users))
    passed = result.verdict in (Verdict.PASS, Verdict.WARN)
    if passed and tested and okta and okta.accepts:
        facts.append(("Means", _MEANING_OF_SUCCESS))
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


def write_checks(
    page: Page,
    checks: Sequence[Check],
    *,
    before: Check | None = None,
    names: Sequence[str] = (),
    every_reason: bool = False,
) -> None:
    """Write the checks under their categories, in this order.

    Where they come one at a time, ``before`` is the one above them, and ``names`` has the names of
    all, so that their marks are aligned.
    """
    page.gap()
    shown_names = map(page.safe, names or [check.name for check in checks])
    widest = max(map(display_width, shown_names), default=0)
    for check in checks:
        if before is None or before.category != check.category:
            page.title(check.category)
            before = None
        mark, tone = _MARKS[check.status]
        column = min(page.width, max(_MARKS_END, 2 + widest + 2 + len(mark)))
        in_trouble = check.status in (CheckStatus.WARN, CheckStatus.FAIL)
        is_shown = every_reason or page.verbose or check.status is not CheckStatus.PASS
        # What holds for a whole category is said once.
        is_said = (
            before is not None
            and before.status is check.status is CheckStatus.SKIP
            and before.reason == check.reason
        )
        reason = check.reason if not is_said and (is_shown or check.code == _CREDENTIALS) else ""
        tones = (tone, None if in_trouble else Tone.DIM)
        page.marked(check.name, mark, reason, column, tones)
        before = check


def _write_repair(page: Page, result: Result) -> None:
    """Write what to paste into Okta, under Okta's own labels."""
    repair = result.repair
    if repair is None:
        return
    page.part(_REPAIRS[repair.accepts])
    is_pasted = repair.accepts is not False
    what = "Paste into Okta" if is_pasted else "The values so far"
    page.paragraph(f"{what} (* is what changes):")
    changed = {OKTA_LABELS[item.field] for item in repair.changes}
    rows: list[Labelled] = []
    for row in repair.form.rows(_which_key(repair, result.findings)):
        label, value, tone = _pasted(row)
        mark = "* " if label in changed else "  "
        rows.append((mark + label, value, tone if is_pasted else None))
    page.two_columns(rows, indent=0)


def _pasted(row: tuple[str, str]) -> tuple[str, str, Tone | None]:
    """Return a row of Okta's form; the key's has only words, since nobody is to paste it."""
    label, value = row
    return label, value, None if label == OKTA_LABELS[Field.AUTHORIZATION] else Tone.PASTE


def _which_key(repair: Repair, findings: Sequence[Finding]) -> str:
    """Return what to paste as the key, in words; an error that the repair does not fix is named."""
    about_the_key = [item for item in findings if item.subject is Subject.AUTHORIZATION]
    error = wording.first_open(about_the_key, repair)
    if error:
        return f"another key: see {error.code} above"
    changes = [item.change for item in repair.changes if item.field is Field.AUTHORIZATION]
    return "; ".join(["the same key", *changes]) if changes else "the same key, unchanged"


def _write_requests(page: Page, result: Result) -> None:
    """Write, where that is wanted, each request that was made, and what came of it."""
    if not page.verbose or not result.exchanges:
        return
    page.part("Requests")
    for exchange in result.exchanges:
        took, reply, failure = f"{exchange.elapsed_ms:,} ms", exchange.reply, exchange.failure
        if reply:
            media_type = reply.media_type or "no media type"
            outcome = f"{reply.status}, {media_type}, {reply.size:,} bytes, {took}"
        elif failure:
            outcome = f"no reply ({failure.kind}, {took}): {failure.detail}"
        else:
            outcome = f"no reply ({took})"
        request = (exchange.purpose or "request", f"{exchange.method} {exchange.url}")
        page.two_columns((request, ("", outcome)), indent=2, labels=Tone.DIM)


def _write_next(page: Page, result: Result) -> None:
    """Write the one thing to do next, and what else remains."""
    step, rest = wording.next_step(result), result.remaining
    if not step:
        return
    page.set_apart("Next", step)
    if rest and step.startswith(rest[0]):
        rest = rest[1:]
    if rest:
        page.part("After that, in this order")
    for number, text in enumerate(rest, 1):
        page.headed(f"{number:>{len(str(len(rest)))}}.", text, indent=2)
