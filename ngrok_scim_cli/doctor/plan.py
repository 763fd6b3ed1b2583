"""A check that can be made, and which checks a person wants."""

from __future__ import annotations

import time
from dataclasses import field, replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Severity
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.shared_future import TIMEOUT_S
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.diagnosis.unknown import Judged
    from ngrok_scim_cli.doctor.evidence import Evidence

    Look = Callable[[Evidence], Check | Judged | Unknown]


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """A check that can be made.

    Attributes:
        look: makes it. Of what it judged only ``finds`` counts. It returns ``Unknown`` where the
            peer does not tell, and raises it where the check cannot be made.
        needs: what must be there to make it, for a person; empty where it always can be made.
        finds: the codes of all that it can find.
        scopes: what an OAuth service app of Okta's must be granted for it.
        group: the checks of one group are read off the same replies, and made again together.
        timeout_s: after how many seconds it is given up.
    """

    code: str
    name: str
    category: str
    look: Look = field(repr=False, compare=False)
    needs: str = ""
    finds: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    group: str = ""
    timeout_s: float = TIMEOUT_S

    def document(self) -> dict[str, object]:
        """Return it as JSON values."""
        texts = {name: getattr(self, name) for name in ("code", "name", "category", "needs")}
        return {**texts, "finds": list(self.finds), "scopes": list(self.scopes)}

    def make(self, evidence: Evidence) -> Check:
        """Make the check. Whatever happens is how it ends, a crash as well."""
        started = time.monotonic()
        try:
            answer = self.look(evidence)
            if isinstance(answer, Check):
                return answer
            check = self._answered(answer)
        except Unknown as unknown:
            status = status_of(unknown.findings) if unknown.findings else CheckStatus.SKIP
            check = self.ended(
                status, unknown.reason, unknown.findings, conclusive=unknown.conclusive
            )
            check = replace(check, follows=True)
        except MemoryError:
            reason = "This machine does not have enough memory for it."
            check = self.ended(CheckStatus.SKIP, reason, conclusive=False)
        except Exception as error:  # noqa: BLE001 - one check that crashes must not take the others along
            reason = (
                f"The check itself crashed ({type(error).__name__}); this is a bug in ngrok-scim."
            )
            check = self.ended(CheckStatus.FAIL, reason, conclusive=False)
        if check.status is CheckStatus.SKIP:
            return check
        return replace(check, elapsed_ms=round((time.monotonic() - started) * 1000))

    def judged(self, findings: Sequence[Finding], reason: str = "") -> Check:
        """Return the check with ``findings``, which tell how it ended."""
        return self.ended(status_of(findings), reason, findings)

    def skipped(self, reason: str, *, conclusive: bool = False) -> Check:
        """Return the check as left out, because ``reason``."""
        return self.ended(CheckStatus.SKIP, reason, conclusive=conclusive)

    def ended(
        self,
        status: CheckStatus,
        reason: str = "",
        findings: Sequence[Finding] = (),
        *,
        elapsed_ms: int = 0,
        conclusive: bool = True,
    ) -> Check:
        """Return the check as it ended."""
        return Check(
            self.code,
            self.name,
            self.category,
            status,
            reason,
            elapsed_ms,
            tuple(findings),
            conclusive=conclusive,
        )

    def _answered(self, answer: Judged | Unknown) -> Check:
        if isinstance(answer, Unknown):
            return self.ended(CheckStatus.UNSUPPORTED, answer.reason)
        found = [item for item in answer.findings if item.code in self.finds]
        return self.judged(found, answer.reason)


def check(
    code: str,
    name: str,
    category: str,
    needs: str = "",
    finds: str = "",
    *,
    scopes: tuple[str, ...] = (),
    group: str = "",
    timeout_s: float = TIMEOUT_S,
) -> Callable[[Look], CheckPlan]:
    """Make a check of the function below it; ``finds`` are codes with blanks between them."""

    def plan_of(look: Look) -> CheckPlan:
        codes = tuple(finds.split())
        return CheckPlan(code, name, category, look, needs, codes, scopes, group, timeout_s)

    return plan_of


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
