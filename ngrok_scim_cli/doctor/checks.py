"""A check, the choice of checks that a person makes, and how the chosen ones become a result."""

from __future__ import annotations

import time
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, TypedDict, Unpack

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import (
    NO_PAYLOAD,
    Check,
    CheckStatus,
    Finding,
    Payload,
    Result,
    Severity,
    Verdict,
    errors_first,
    fields_of,
    status_of,
    verdict_of,
)
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor.evidence import TIMEOUT_S, Evidence, SharedFuture
from ngrok_scim_cli.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from ngrok_scim_cli.wire.exchange import Exchange

    Look = Callable[[Evidence], Check | Judged | Unknown]
    Ended = tuple["CheckPlan", Check]


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """A check that can be made.

    Attributes:
        look: makes it. Of what it judged only ``finds`` counts. It returns ``Unknown`` where the
            peer does not report it, and raises it where the check cannot be made.
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
        texts = fields_of(self, "code name category needs")
        return {**texts, "finds": list(self.finds), "scopes": list(self.scopes)}

    def make(self, evidence: Evidence) -> Check:
        """Make the check. A crash is a result, too."""
        started = time.monotonic()
        try:
            answer = self.look(evidence)
            if isinstance(answer, Check):
                return answer
            if isinstance(answer, Unknown):
                check = self.ended(CheckStatus.UNSUPPORTED, answer.reason)
            else:
                found = [item for item in answer.findings if item.code in self.finds]
                check = self.judged(found, answer.reason)
        except Unknown as unknown:
            status = status_of(unknown.findings) if unknown.findings else CheckStatus.SKIP
            check = self.ended(status, unknown.reason, unknown.findings, unknown.conclusive)
            check = replace(check, follows=True, grant=unknown.grant)
        except MemoryError:
            check = self.skipped("This machine does not have enough memory for it.")
        except Exception as error:  # noqa: BLE001 - one check that crashes must not take the others along
            crash = (
                f"The check itself crashed ({type(error).__name__}); this is a bug in ngrok-scim."
            )
            check = self.ended(CheckStatus.FAIL, crash, conclusive=False)
        if check.status is CheckStatus.SKIP:
            return check
        return replace(check, elapsed_ms=round((time.monotonic() - started) * 1000))

    def judged(self, findings: Sequence[Finding], reason: str = "") -> Check:
        """Return the check with ``findings``, which decide its status."""
        return self.ended(status_of(findings), reason, findings)

    def skipped(self, reason: str, *, conclusive: bool = False) -> Check:
        """Return the check as skipped, with the reason."""
        return self.ended(CheckStatus.SKIP, reason, conclusive=conclusive)

    def ended(
        self,
        status: CheckStatus,
        reason: str = "",
        findings: Sequence[Finding] = (),
        conclusive: bool = True,
    ) -> Check:
        """Return the check as it ended."""
        return Check(
            *(self.code, self.name, self.category, status, reason),
            findings=tuple(findings),
            conclusive=conclusive,
        )


class _Options(TypedDict, total=False):
    needs: str
    scopes: tuple[str, ...]
    timeout_s: float


class Checks(list[CheckPlan]):
    """The checks of one category, in their order, with the options that most of them have."""

    def __init__(self, category: str, **options: Unpack[_Options]) -> None:
        super().__init__()
        self._category = category
        self._options = options

    def check(
        self, code: str, name: str, finds: str = "", **options: Unpack[_Options]
    ) -> Callable[[Look], CheckPlan]:
        """Add the function below it as a check; ``finds`` are codes with blanks between them."""

        def add(look: Look) -> CheckPlan:
            own: _Options = {**self._options, **options}
            codes = tuple(finds.split())
            self.append(CheckPlan(code, name, self._category, look, finds=codes, **own))
            return self[-1]

        return add


def _names_of(code: str) -> set[str]:
    """Return the names of a finding: its code and its family."""
    return {code.lower(), code[:3].lower()}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which checks and findings the person wants: checks, categories, codes or families of codes.

    Case does not count; the family of ``OKT904`` is ``OKT``.

    ``only`` a finding makes the checks that can find it, and shows nothing else of theirs.
    ``skip`` of a finding makes the checks all the same.
    """

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()

    @classmethod
    def of(cls, only: Collection[str] = (), skip: Collection[str] = ()) -> Choice:
        """Make a choice from the words as they were typed."""
        return cls(*(frozenset(word.strip().lower() for word in words) for words in (only, skip)))

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
        own = {plan.code.lower(), plan.category.lower()}
        families = {code[:3].lower() for code in plan.finds}
        if own & self.skip or (families and families <= self.skip):
            return False
        return not self.only or bool(own.union(*map(_names_of, plan.finds)) & self.only)

    def takes_finding(self, plan: CheckPlan, item: Finding, *, why_not: bool = False) -> bool:
        """Tell whether a finding is wanted; ``why_not``: it says why a wanted check was skipped."""
        names = _names_of(item.code)
        if names & self.skip:
            return False
        own = {plan.code.lower(), plan.category.lower()}
        return why_not or not self.only or bool((names | own) & self.only)


def make_in_order(
    plans: Iterable[CheckPlan],
    evidence: Evidence,
    waits: Callable[[CheckPlan], None] = lambda _: None,
) -> Iterator[Ended]:
    """Make all checks at once, and give each as soon as those above it are given.

    ``waits`` is called before a check is waited for.
    """
    started = time.monotonic()
    checks = {plan: SharedFuture(partial(plan.make, evidence)) for plan in plans}
    for future in checks.values():
        future.begin()
    for plan, future in checks.items():
        waits(plan)
        try:
            yield plan, future.get(max(0.0, started + plan.timeout_s - time.monotonic()))
        except Unknown:
            reason = f"It did not finish within {plan.timeout_s:,.0f} seconds."
            yield plan, plan.ended(CheckStatus.FAIL, reason, conclusive=False)


def as_wanted(ended: Iterable[Ended], choice: Choice) -> Iterator[Check]:
    """Give the checks with the findings that are wanted.

    A check that could not be made for a reason that one before it found is skipped.
    """
    known: set[tuple[str, str]] = set()
    for plan, made in ended:
        check, follows = made, made.follows
        found = tuple(
            item for item in made.findings if choice.takes_finding(plan, item, why_not=follows)
        )
        if found != made.findings:
            # What could not be made has not passed, though nobody wants to hear why.
            status = CheckStatus.SKIP if follows and not found else status_of(found)
            check = replace(made, status=status, findings=found)
        causes = {(item.code, item.title) for item in found}
        if follows and causes and causes <= known:
            reason = f"{check.reason} {check.codes[0]} says why."
            check = replace(
                check, status=CheckStatus.SKIP, reason=reason, elapsed_ms=0, findings=()
            )
        known |= causes
        yield check


def result_of(
    checks: Sequence[Check],
    *,
    command: str = "doctor",
    exchanges: tuple[Exchange, ...] = (),
    tested: Result | None = None,
    payload: Payload = NO_PAYLOAD,
) -> Result:
    """Put the result together, with the result of the connector test where it was made."""
    findings = _unique_findings(checks)
    verdict = verdict_of(findings, conclusive=_is_conclusive(checks, findings))
    if verdict is Verdict.PASS and any(check.grant for check in checks):
        verdict = Verdict.WARN  # a peer could be asked, and refused to answer all of it
    return Result(
        command=command,
        verdict=verdict,
        okta=tested.okta if tested else None,
        findings=findings,
        checks=tuple(checks),
        repair=tested.repair if tested else None,
        users=tested.users if tested else None,
        exchanges=exchanges,
        payload=payload,
    )


def _is_conclusive(checks: Sequence[Check], findings: Sequence[Finding]) -> bool:
    """Tell whether the question of the run was answered.

    One error that is certain answers it. Otherwise every check must be conclusive, and a run whose
    every check was left out has answered nothing.
    """
    uncertain = {found for check in checks if not check.conclusive for found in check.findings}
    if any(item.severity is Severity.ERROR and item not in uncertain for item in findings):
        return True
    left_out = (CheckStatus.SKIP, CheckStatus.UNSUPPORTED)
    is_made = any(check.status not in left_out for check in checks)
    return is_made and all(check.conclusive for check in checks)


def _unique_findings(checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Return what was found, errors first, otherwise in the order of the checks.

    What two checks found alike, though with other evidence, is kept of the first; with another fix
    it is another finding.
    """
    found: dict[Finding, None] = {}
    seen: set[tuple[str, str, str]] = set()
    for check in checks:
        keys = {item: (item.code, item.title, item.fix) for item in check.findings}
        found |= dict.fromkeys(item for item, key in keys.items() if key not in seen)
        seen |= set(keys.values())
    # A look-up that finds two users follows from two users with one name.
    follows = ("SCM519",) if any(item.code == "USR605" for item in found) else ()
    return errors_first(sorted(found, key=lambda item: item.code in follows))
