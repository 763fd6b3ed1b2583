"""Rules about people, whose findings are counted instead of listed.

A hundred thousand people may be wrong in the same way. So a rule only says whether it concerns a
person, and a finding tells how many there are and shows the first few.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar, Unpack

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding, Severity, Subject
from ngrok_scim_cli.diagnosis.okta.fixes import addressed
from ngrok_scim_cli.diagnosis.rules import About, Rules
from ngrok_scim_cli.records import dataclass

Seen = TypeVar("Seen")

SHOWN = 5


@dataclass(frozen=True, slots=True)
class PersonRule(Generic[Seen]):
    """One rule; ``shows`` names a person and what is wrong, for the first few only."""

    code: str
    concerns: Callable[[Seen], bool]
    shows: Callable[[Seen], str]
    title: str = ""
    fix: str = ""
    severity: Severity | None = None


class PeopleRules(Rules[Seen]):
    """Rules in the order in which their findings are shown: the root cause first."""

    def __init__(
        self, people: str, subject: Subject, *, name_of: Callable[[Seen], str] = lambda _: ""
    ) -> None:
        """Prepare rules; ``name_of`` is whom ``users trace`` is to be run for."""
        super().__init__(subject)
        self.people = people
        self.name_of = name_of
        self.rules: list[PersonRule[Seen]] = []

    def __call__(  # type: ignore[override]
        self,
        code: str,
        title: str = "",
        cause: str = "",
        fix: str = "",
        *,
        shows: Callable[[Seen], str],
        **about: Unpack[About],
    ) -> Callable[[Callable[[Seen], bool]], Callable[[Seen], bool]]:
        """Register a rule; without a cause, its texts replace those of another with its code."""
        if cause:
            self.describe(code, title, cause, fix, **about)
            title = fix = ""
        severity = None if cause else about.get("severity")

        def register(rule: Callable[[Seen], bool]) -> Callable[[Seen], bool]:
            self.rules.append(PersonRule(code, rule, shows, title, fix, severity))
            return rule

        return register

    def judge(self, seen: Seen) -> tuple[Finding, ...]:
        """Return what the rules find in one person alone."""
        aggregate = Aggregate(self)
        aggregate.add(seen)
        return aggregate.findings()


class Aggregate(Generic[Seen]):
    """What the rules find in one person after another: how many, and the first few."""

    def __init__(self, rules: PeopleRules[Seen]) -> None:
        self._rules = rules
        self._numbers = [0] * len(rules.rules)
        self._examples: list[tuple[str, ...]] = [()] * len(rules.rules)
        self._names = [""] * len(rules.rules)

    def copy(self) -> "Aggregate[Seen]":
        """Return one that goes on from here while this one stays as it is."""
        other = Aggregate(self._rules)
        other._numbers, other._examples = [*self._numbers], [*self._examples]
        other._names = [*self._names]
        return other

    def add(self, seen: Seen) -> None:
        """Look at one more person."""
        for at, rule in enumerate(self._rules.rules):
            if rule.concerns(seen):
                self._numbers[at] += 1
                if self._numbers[at] <= SHOWN:
                    self._examples[at] += (rule.shows(seen),)
                    self._names[at] = self._rules.name_of(seen)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found in all of them, in the order of the rules."""
        found = []
        for rule, number, examples, name in zip(
            self._rules.rules, self._numbers, self._examples, self._names, strict=True
        ):
            if number:
                evidence = enumerated(examples, number, self._rules.people)
                item = finding(rule.code, evidence, severity=rule.severity, fix=rule.fix)
                fix = addressed(item.fix, (name,) * number)
                found.append(replace(item, title=rule.title or item.title, fix=fix))
        return tuple(found)


def enumerated(examples: Sequence[str], number: int, people: str) -> str:
    """Return examples as one sentence, like ``17 users: A; B; C; D; E; and 12 more.``."""
    rest = number - len(examples)
    listed = "; ".join([*examples, f"and {rest:,} more"] if rest else examples)
    return f"{listed}." if number == 1 else f"{number:,} {people}: {listed}."
