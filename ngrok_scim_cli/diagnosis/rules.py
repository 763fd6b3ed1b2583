"""A set of rules that look at the same thing, each registered under the code that it finds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding, Severity

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule saw.

    Attributes:
        evidence: what was seen; never a secret.
        fix: a more exact fix than the catalogue's, where the rule knows one.
        slots: what stands in the slots of the catalogue's texts.
        severity: another severity than the catalogue's, where the contract asks for it.
    """

    evidence: str
    fix: str | None = None
    slots: dict[str, object] = field(default_factory=dict)
    severity: Severity | None = None


class Rules(Generic[Seen]):
    """Rules in the order in which their findings are shown: the root cause first."""

    def __init__(self) -> None:
        self._rules: list[tuple[str, frozenset[str], Callable[[Seen], Match | None]]] = []

    def __call__(
        self, code: str, *, unless: tuple[str, ...] = ()
    ) -> Callable[[Callable[[Seen], Match | None]], Callable[[Seen], Match | None]]:
        """Register a rule.

        Args:
            code: the code that it finds.
            unless: codes of earlier rules from which this one merely follows; where one of them
                was found, this rule is not asked.
        """

        def register(rule: Callable[[Seen], Match | None]) -> Callable[[Seen], Match | None]:
            self._rules.append((code, frozenset(unless), rule))
            return rule

        return register

    def judge(self, seen: Seen) -> tuple[Finding, ...]:
        """Return what the rules find in ``seen``, in their order."""
        found: dict[str, Finding] = {}
        for code, unless, rule in self._rules:
            if unless & found.keys():
                continue
            noted = rule(seen)
            if noted is not None:
                found[code] = finding(
                    code, noted.evidence, severity=noted.severity, fix=noted.fix, **noted.slots
                )
        return tuple(found.values())
