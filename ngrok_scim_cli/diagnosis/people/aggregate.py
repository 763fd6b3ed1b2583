"""Findings about people, who are counted instead of listed.

A hundred thousand people may be wrong in the same way. So a finding tells how many there are and
shows the first few.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.okta.fixes import addressed
from ngrok_scim_cli.diagnosis.rules import Match, Rules
from ngrok_scim_cli.records import dataclass

Seen = TypeVar("Seen")

SHOWN = 5


@dataclass(slots=True)
class _Group:
    """The people of whom a rule says the same."""

    match: Match
    number: int = 0
    examples: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Aggregate(Generic[Seen]):
    """What the rules find in one person after another: how many, and the first few.

    Args:
        people: what they are, in the plural.
        name_of: whom ``users trace`` is to be run for.
    """

    def __init__(
        self,
        rules: Rules[Seen],
        people: str = "people",
        name_of: Callable[[Seen], str] = lambda _: "",
    ) -> None:
        self._rules = rules
        self._people = people
        self._name_of = name_of
        self._groups: dict[tuple[str, str], _Group] = {}

    def copy(self) -> "Aggregate[Seen]":
        """Return one that goes on from here while this one stays as it is."""
        other = Aggregate(self._rules, self._people, self._name_of)
        other._groups = {key: replace(group) for key, group in self._groups.items()}
        return other

    def add(self, seen: Seen) -> None:
        """Look at one more person."""
        for code, match in self._rules.matches(seen):
            self.count(code, match, self._name_of(seen))

    def count(self, code: str, match: Match, name: str = "") -> None:
        """Count one more person of whom ``match`` was found."""
        key = code, match.title
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(match)
        group.number += 1
        if group.number <= SHOWN:
            group.examples += (match.evidence,)
            group.names += (name,)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found in all of them, in the order of the rules."""
        found = []
        for (code, _), group in sorted(self._groups.items(), key=self._place):
            evidence = enumerated(group.examples, group.number, self._people)
            item = self._rules.finding(code, group.match, evidence)
            found.append(replace(item, fix=addressed(item.fix, group.names)))
        return tuple(found)

    def _place(self, item: tuple[tuple[str, str], object]) -> tuple[int, str]:
        (code, title), _ = item
        return self._rules.codes.index(code), title


def enumerated(examples: Sequence[str], number: int, people: str) -> str:
    """Return examples as one sentence, like ``17 users: A; B; C; D; E; and 12 more.``."""
    rest = number - len(examples)
    listed = "; ".join([*examples, f"and {rest:,} more"] if rest else examples)
    return f"{listed}." if number == 1 else f"{number:,} {people}: {listed}."
