"""A rule is one thing in one place: its code, its texts, what it looks for, and its repair.

::

    rule: Rules[PastedKey] = Rules(Subject.AUTHORIZATION)

    @rule("KEY207", "This is the id of an API key", cause="…", fix="…",
          certainty=Certainty.DOCUMENTED)
    def _is_an_id(key: PastedKey) -> Match | str | None: ...

    ENTRIES = rule.entries

A code that no rule finds by itself (a decision over a reply finds it, say) has its texts in the
same module, in a table that ``rule.describe`` reads::

    ENV003 warning documented
    The clock of this machine is wrong
    A wrong clock makes valid certificates look expired.
    Turn on automatic time in the date and time settings.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar, Unpack

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Severity, Subject

Seen = TypeVar("Seen")


class Match(NamedTuple):
    """What a rule saw, where it is more than the evidence.

    Attributes:
        evidence: what was seen; never a secret.
        title: another title than the catalogue's, where a code means two things.
        repaired: what is to be typed instead, and what was changed, in words that never hold what
            was typed.
    """

    evidence: str
    fix: str | None = None
    severity: Severity | None = None
    title: str = ""
    repaired: tuple[Any, str] | None = None


class About(TypedDict, total=False):
    """The fields of an ``Entry`` that have a default: an error, about the family's subject."""

    severity: Severity
    subject: Subject
    certainty: Certainty
    generic: tuple[tuple[str, str], ...]


# What a word behind a code in a table means.
_WORDS: dict[str, tuple[str, Any]] = {
    item.value: (kind.__name__.lower(), item)
    for kind in (Severity, Subject, Certainty)
    for item in kind
}

# A rule returns its evidence, or a match; an empty text and ``None`` are no finding.
Look = Callable[[Seen], Match | str | None]


class Rules(Generic[Seen]):
    """The rules of one family, in the order in which their findings are shown.

    Args:
        subject: what its findings are about, unless a rule says otherwise.
        fix: the fix of each rule that has none of its own.
        unless: see ``__call__``; for every rule except the one with such a code.
    """

    def __init__(self, subject: Subject, *, fix: str = "", unless: tuple[str, ...] = ()) -> None:
        self._subject, self._fix, self._unless = subject, fix, unless
        self._rules: list[tuple[str, frozenset[str], Look[Seen]]] = []
        self._entries: dict[str, Entry] = {}

    def __call__(
        self,
        code: str,
        title: str = "",
        cause: str = "",
        fix: str = "",
        *,
        unless: tuple[str, ...] = (),
        **about: Unpack[About],
    ) -> Callable[[Look[Seen]], Look[Seen]]:
        """Register a rule.

        Args:
            title: see ``Entry``, as for the texts below; empty where another module has them.
            unless: codes of earlier rules from which this one merely follows; where one of them
                was found, this rule is not asked.
        """
        if title:
            about.setdefault("severity", Severity.ERROR)
            about.setdefault("subject", self._subject)
            texts = {"title": title, "cause": cause, "fix": fix or self._fix}
            self._entries[code] = Entry(code=code, **texts, **about)

        def register(look: Look[Seen]) -> Look[Seen]:
            self._rules.append((code, frozenset({*unless, *self._unless} - {code}), look))
            return look

        return register

    def describe(self, table: str) -> None:
        """Add codes of the family that no rule here finds.

        Each block has the code, with its severity, subject and certainty where they are not the
        usual ones; then the title, the cause, and the fix unless it is the family's; at last what
        fills a slot where nothing else does: ``{domain}: this domain``.
        """
        for block in table.strip().replace("\n    ", " ").split("\n\n"):
            head, *lines = block.splitlines()
            code, *words = head.split()
            about = dict(map(_WORDS.__getitem__, words))
            while lines[-1].startswith("{") and "}: " in lines[-1]:
                slot, _, text = lines.pop().partition("}: ")
                about["generic"] = ((slot[1:], text), *about.get("generic", ()))
            self(code, *lines, **about)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The family's rows of the catalogue."""
        return tuple(self._entries.values())

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of each rule, in their order."""
        return tuple(code for code, _, _ in self._rules)

    def entry(self, code: str) -> Entry:
        """Return the entry of ``code``."""
        return self._entries.get(code) or CATALOGUE[code]

    def matches(self, seen: Seen) -> Iterator[tuple[str, Match]]:
        """Yield the code of each rule that finds something in ``seen``, and what it saw."""
        found: set[str] = set()
        for code, unless, look in self._rules:
            match = look(seen) if found.isdisjoint(unless) else None
            if match:
                found.add(code)
                yield code, Match(match) if isinstance(match, str) else match

    def judge(self, seen: Seen) -> tuple[Finding, ...]:
        """Return what the rules find in ``seen``, in their order."""
        matches = self.matches(seen)
        return tuple({code: self.finding(code, item) for code, item in matches}.values())

    def finding(self, code: str, match: Match, evidence: str = "") -> Finding:
        """Return the finding of a match; ``evidence`` replaces that of the match."""
        return self.entry(code).finding(
            evidence or match.evidence, severity=match.severity, title=match.title, fix=match.fix
        )
