"""Runs examinations side by side and puts their checks in a fixed order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import (
    Check,
    CheckStatus,
    Result,
    Severity,
    verdict_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding

_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """A check that is to be made.

    Attributes:
        code: its name for ``--only`` and ``--skip``.
        name: what it checks, for a person.
        category: the heading under which it stands.
    """

    code: str
    name: str
    category: str

    def ended(self, status: CheckStatus, reason: str = "", *, elapsed_ms: int = 0) -> Check:
        """Return the check as it ended."""
        return Check(self.code, self.name, self.category, status, reason, elapsed_ms)

    def judged(self, findings: Sequence[Finding], reason: str = "") -> Checked:
        """Return the check with ``findings``, which tell how it ended."""
        return Checked(self.ended(status_of(findings), reason), tuple(findings))

    def skipped(self, reason: str) -> Checked:
        """Return the check as left out, because ``reason``."""
        return Checked(self.ended(CheckStatus.SKIP, reason))


@dataclass(frozen=True, slots=True)
class Checked:
    """A check as it ended, with what it found."""

    check: Check
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one examination found out.

    Attributes:
        checked: its checks, in the order in which they are printed.
        told: whether the question could be answered at all.
        connector: the result of the connector test, where the examination made it.
    """

    checked: tuple[Checked, ...]
    told: bool = True
    connector: Result | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Checks that come out of one look.

    Attributes:
        plans: the checks, in the order in which they are printed.
        look: does the work. A crash of it is a result, too.
    """

    plans: tuple[CheckPlan, ...]
    look: Callable[[], Outcome] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which checks and findings the person wants: codes or categories, in any case."""

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()

    @classmethod
    def of(cls, only: Collection[str] = (), skip: Collection[str] = ()) -> Choice:
        """Make a choice from the words as they were typed."""
        return cls(
            frozenset(word.lower() for word in only), frozenset(word.lower() for word in skip)
        )

    def unknown(self, plans: Collection[CheckPlan]) -> list[str]:
        """Return the words that name no check and no category; ``skip`` may name a finding, too."""
        checks = {word.lower() for plan in plans for word in (plan.code, plan.category)}
        codes = {code.lower() for code in CATALOGUE}
        return sorted((self.only - checks) | (self.skip - checks - codes))

    def takes(self, item: CheckPlan | Check) -> bool:
        """Tell whether a check is wanted."""
        words = {item.code.lower(), item.category.lower()}
        return not words & self.skip and (not self.only or bool(words & self.only))

    def takes_finding(self, item: Finding) -> bool:
        """Tell whether a finding is wanted."""
        return item.code.lower() not in self.skip


def status_of(findings: Sequence[Finding]) -> CheckStatus:
    """Return how a check with these findings ended."""
    severities = {item.severity for item in findings}
    if Severity.ERROR in severities:
        return CheckStatus.FAIL
    return CheckStatus.WARN if Severity.WARNING in severities else CheckStatus.PASS


def examine_all(examinations: Sequence[Examination], choice: Choice) -> Result:
    """Run the wanted ``examinations`` side by side; results come in the order given."""
    wanted = [item for item in examinations if any(choice.takes(plan) for plan in item.plans)]
    outcomes = _look_side_by_side(wanted)
    checked = [
        _without_unwanted(item, choice)
        for outcome in outcomes
        for item in outcome.checked
        if choice.takes(item.check)
    ]
    findings = _once([item for entry in checked for item in entry.findings])
    errors = any(item.severity is Severity.ERROR for item in findings)
    crashed = any(item.check.status is CheckStatus.FAIL and not item.findings for item in checked)
    told = errors or (not crashed and all(outcome.told for outcome in outcomes))
    connector = next((item.connector for item in outcomes if item.connector), None)
    return Result(
        command="doctor",
        verdict=verdict_of(findings, told=told),
        okta=connector.okta if connector else None,
        findings=findings,
        checks=tuple(item.check for item in checked),
        repair=connector.repair if connector else None,
        users=connector.users if connector else None,
        exchanges=connector.exchanges if connector else (),
    )


def _look_side_by_side(examinations: Sequence[Examination]) -> list[Outcome]:
    """Look at everything at once.

    The threads do not keep the process alive: whoever interrupts is not made to wait for a server.
    """
    outcomes: dict[int, Outcome] = {}

    def note(number: int) -> None:
        outcomes[number] = _look(examinations[number])

    threads = [Thread(target=note, args=(at,), daemon=True) for at in range(len(examinations))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[number] for number in range(len(examinations))]


def _look(examination: Examination) -> Outcome:
    started = time.monotonic()
    try:
        return examination.look()
    except Exception as error:  # noqa: BLE001 - one check that crashes must not take the others along
        reason = f"The check itself crashed ({type(error).__name__}); this is a fault of ours."
        elapsed_ms = round((time.monotonic() - started) * 1000)
        return Outcome(
            tuple(
                Checked(plan.ended(CheckStatus.FAIL, reason, elapsed_ms=elapsed_ms))
                for plan in examination.plans
            ),
            told=False,
        )


def _without_unwanted(item: Checked, choice: Choice) -> Checked:
    kept = tuple(entry for entry in item.findings if choice.takes_finding(entry))
    if kept == item.findings:
        return item
    return Checked(replace(item.check, status=status_of(kept)), kept)


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return each finding once, errors first, otherwise in the order given."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda item: _SEVERITIES.index(item.severity)))
