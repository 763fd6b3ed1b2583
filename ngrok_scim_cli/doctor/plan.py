"""A check that is to be made, how it ended, and which checks a person wants."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Severity
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding, Result
    from ngrok_scim_cli.diagnosis.unknown import Judged

# How long an examination may take as a whole, in seconds: some requests one after another, each of
# which may take Okta's 60, and the waits that a peer asks for.
TIMEOUT_S = 600.0
# What goes through everybody: 100,000 users are 1,000 pages, and ngrok takes 120 requests a minute.
LONG_TIMEOUT_S = 3600.0


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """A check that is to be made.

    Attributes:
        needs: what must be there to make it, for a person; empty where it always can be made.
        finds: the codes of all that it can find.
        scopes: what an OAuth service app of Okta's must be granted for it.
    """

    code: str
    name: str
    category: str
    needs: str = ""
    finds: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {**asdict(self), "finds": list(self.finds), "scopes": list(self.scopes)}

    def ended(self, status: CheckStatus, reason: str = "", *, elapsed_ms: int = 0) -> Check:
        """Return the check as it ended."""
        return Check(self.code, self.name, self.category, status, reason, elapsed_ms)

    def judged(self, findings: Sequence[Finding], reason: str = "") -> Checked:
        """Return the check with ``findings``, which tell how it ended."""
        return Checked(self.ended(status_of(findings), reason), tuple(findings))

    def judged_among(self, findings: Iterable[Finding], reason: str = "") -> Checked:
        """Return the check with those of ``findings`` that it is about."""
        return self.judged([item for item in findings if item.code in self.finds], reason)

    def judged_as(self, judged: Judged | Unknown) -> Checked:
        """Return the check as judged; what the peer does not tell is no failure."""
        if isinstance(judged, Unknown):
            return Checked(self.ended(CheckStatus.UNSUPPORTED, judged.reason))
        return self.judged(judged.findings, judged.reason)

    def skipped(self, reason: str) -> Checked:
        """Return the check as left out, because ``reason``."""
        return Checked(self.ended(CheckStatus.SKIP, reason))

    def unknown(self, unknown: Unknown) -> Checked:
        """Return the check as one that could not be made, with the findings that say why."""
        status = status_of(unknown.findings) if unknown.findings else CheckStatus.SKIP
        return Checked(self.ended(status, unknown.reason), unknown.findings, follows=True)


@dataclass(frozen=True, slots=True)
class Checked:
    """A check as it ended, with what it found.

    Attributes:
        follows: whether ``findings`` only say why it could not be made. Where a check before it
            said the same, it is skipped.
    """

    check: Check
    findings: tuple[Finding, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one examination found out.

    Attributes:
        told: whether the question could be answered at all.
    """

    checked: tuple[Checked, ...]
    told: bool = True
    connector: Result | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Checks that come out of one look.

    Attributes:
        look: does the work. A crash of it is a result, too.
        timeout_s: after how many seconds it is given up.
    """

    plans: tuple[CheckPlan, ...]
    look: Callable[[], Outcome] = field(repr=False)
    timeout_s: float = TIMEOUT_S


def alone(
    plan: CheckPlan, look: Callable[[], Checked], *, timeout_s: float = TIMEOUT_S
) -> Examination:
    """Return the examination that makes one check.

    Args:
        look: makes it. Where it raises ``Unknown``, that is how the check ends.
    """

    def outcome() -> Outcome:
        try:
            return Outcome((look(),))
        except Unknown as unknown:
            return Outcome((plan.unknown(unknown),), told=unknown.told)

    return Examination((plan,), outcome, timeout_s)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which checks and findings the person wants: checks, categories, codes or families of codes.

    In any case of letters; the family of ``OKT904`` is ``OKT``.

    ``only`` a finding makes the checks that can find it, and shows nothing else of theirs.
    ``skip`` of a finding makes the checks all the same.
    """

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()

    @classmethod
    def of(cls, only: Collection[str] = (), skip: Collection[str] = ()) -> Choice:
        """Make a choice from the words as they were typed."""
        return cls(
            frozenset(word.strip().lower() for word in only),
            frozenset(word.strip().lower() for word in skip),
        )

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.only and not self.skip

    def unknown(self, plans: Collection[CheckPlan]) -> dict[str, str]:
        """Return the words that name nothing, each with the nearest one that does, or ``""``.

        A finding that no check of doctor can find may be skipped, but not asked for.
        """
        from difflib import get_close_matches

        codes = {code for plan in plans for code in plan.finds}
        words = {word for plan in plans for word in (plan.code, plan.category)}
        known = {word.lower(): word for word in (*words, *codes, *(code[:3] for code in codes))}
        unknown = (self.only - known.keys()) | (
            self.skip - known.keys() - {code.lower() for code in CATALOGUE}
        )
        nearest = {word: get_close_matches(word, known, n=1) for word in sorted(unknown)}
        return {word: known[near[0]] if near else "" for word, near in nearest.items()}

    def takes(self, plan: CheckPlan) -> bool:
        """Tell whether a check is wanted."""
        words = _words(plan)
        found = {code.lower() for code in plan.finds}
        families = {code[:3] for code in found}
        is_skipped = bool(words & self.skip) or (bool(families) and families <= self.skip)
        return not is_skipped and (not self.only or bool((words | found | families) & self.only))

    def takes_finding(self, plan: CheckPlan, item: Finding, *, why_not: bool = False) -> bool:
        """Tell whether a finding is wanted.

        Args:
            why_not: whether it says why the check could not be made. Whoever wants the check has
                to hear that.
        """
        names = {item.code.lower(), item.code[:3].lower()}
        if names & self.skip:
            return False
        return why_not or not self.only or bool((names | _words(plan)) & self.only)


def status_of(findings: Sequence[Finding]) -> CheckStatus:
    """Return how a check with these findings ended."""
    severities = {item.severity for item in findings}
    if Severity.ERROR in severities:
        return CheckStatus.FAIL
    return CheckStatus.WARN if Severity.WARNING in severities else CheckStatus.PASS


def _words(plan: CheckPlan) -> set[str]:
    return {plan.code.lower(), plan.category.lower()}
