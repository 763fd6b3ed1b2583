"""A result as GitHub-flavoured Markdown, for a ticket.

Everything in it may come from a server, so nothing in it is markup but what this module writes:
no HTML, link, picture, mention or reference can come out of a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.next_step import next_step
from ngrok_scim_cli.report.printable import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ngrok_scim_cli.diagnosis.finding import Finding, Payload, Result
    from ngrok_scim_cli.report.style import Style

# Between single backticks our own texts name commands and fields.
_CODE = re.compile(r"`([^`]+)`")

# What a forge or a tracker would make a link, a mention, a reference or an emoji of, although no
# bracket is around it. Escaping does not prevent that; code does.
_LINK_LIKE = re.compile(r"www\.|@\w|\w@|:[+-]?\w|//|[#!$%~&]\w|[^\W\d]\.\w|\w\.[^\W\d]|\w_\w")
_OPENING = "(\"'\N{LEFT DOUBLE QUOTATION MARK}"
_CLOSING = ")\"'.,;:?\N{RIGHT DOUBLE QUOTATION MARK}"

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#!~&^$])")

# What begins a list or draws a line at the start of a text.
_BULLET = re.compile(r"[-+=]+|\d+[.)]")

_FENCES = re.compile(r"`+")


def render_markdown(result: Result, style: Style) -> str:
    """Return ``result`` as Markdown; of several profiles the verdict of each, then each whole."""
    writer = _Writer(style)
    if result.profiles:
        heading = f"# {result.verdict.upper()}: {writer.prose(wording.headline(result))}"
        parts = [
            f"# Profile {writer.prose(f'`{item.profile}`')}\n\n{render_markdown(item, style)}"
            for item in result.profiles
        ]
        return "\n".join([f"{heading}\n", *parts])
    blocks = [
        f"## {wording.verdict_word(result)}: {writer.prose(wording.headline(result))}",
        f"Command: {writer.prose(f'`ngrok-scim {result.command}`')}",
        *writer.findings(result),
        *writer.repair(result),
        *(writer.payload(result.payload) if result.payload else ()),
        *writer.progress(result),
    ]
    step = next_step(result)
    if step:
        blocks.append(f"**Next:** {writer.prose(step)}")
    return "\n\n".join(blocks) + "\n"


class _Writer:
    def __init__(self, style: Style) -> None:
        self._unicode = style.unicode

    def prose(self, text: str) -> str:
        """Return ``text`` on one line; what looks like a command or a link as code."""
        written = ""
        for number, part in enumerate(_CODE.split(self._safe(text).strip())):
            piece = self._code(part) if number % 2 else " ".join(map(self._word, part.split(" ")))
            # Two fences side by side would be read as one.
            apart = " " if written.endswith("`") and piece.startswith("`") else ""
            written += apart + piece
        return written

    def findings(self, result: Result) -> Iterator[str]:
        """Give what Okta would show, and what is wrong."""
        if result.okta and result.okta.message:
            yield "Okta would show:"
            yield self._fenced([result.okta.message])
            yield wording.CERTAINTIES[result.okta.certainty]
        if result.okta and result.okta.comparison:
            yield f"What was seen in Okta: {self.prose(result.okta.comparison)}"
        rows = [
            (item.code, item.severity.capitalize(), wording.where(item), item.title)
            for item in result.findings
        ]
        yield from self._part("Findings", ("Code", "Severity", "Field", "What is wrong"), rows)
        yield from map(self._details, result.findings)

    def repair(self, result: Result) -> Iterator[str]:
        """Give the values to paste, and what was changed in them."""
        repair = result.repair
        if repair is None:
            return
        yield "### Values to paste into Okta"
        yield wording.repair_heading(repair)
        rows = wording.repaired_rows(repair, result.findings)
        yield self._fenced([f"{label}: {value}" for _, label, value in rows])
        if repair.changes:
            changes = (
                f"- {self.prose(item.code)}: {self.prose(item.change)}" for item in repair.changes
            )
            yield "\n".join(changes)

    def payload(self, payload: Payload) -> Iterator[str]:
        """Give the notes and the sections of a command."""
        yield from map(self.prose, payload.notes)
        for section in payload.sections():
            if section.title:
                yield f"### {self.prose(section.title)}"
            yield from map(self.prose, section.lines)
            if section.rows:
                yield self._table(("", ""), section.rows)
            if section.table:
                yield self._table(section.table[0], section.table[1:])
            if section.verbatim:
                yield self._fenced(section.verbatim.split("\n"))

    def progress(self, result: Result) -> Iterator[str]:
        """Give the steps and what remains of them, the checks and the requests."""
        steps = [
            (item.name, wording.STEP_STATES[item.status], wording.step_detail(item))
            for item in result.steps
        ]
        yield from self._part("Steps", ("Step", "State", "Detail"), steps)
        if result.remaining:
            lines = (f"{n}. {self.prose(text)}" for n, text in enumerate(result.remaining, 1))
            yield "### What remains"
            yield "\n".join(lines)
        checks = [
            (item.category, item.name, item.status.value, item.reason) for item in result.checks
        ]
        yield from self._part("Checks", ("Category", "Check", "Status", "Reason"), checks)
        requests = [
            (item.purpose, f"{item.method} {item.url}", wording.outcome(item))
            for item in result.exchanges
        ]
        yield from self._part("Requests", ("Purpose", "Request", "Outcome"), requests)

    def _details(self, finding: Finding) -> str:
        rows = (*wording.finding_rows(finding), ("More", f"`ngrok-scim explain {finding.code}`"))
        lines = [f"#### {self.prose(finding.code)}: {self.prose(finding.title)}", ""]
        lines += [f"- {label}: {self.prose(text)}" for label, text in rows if text]
        return "\n".join(lines)

    def _part(
        self, title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]
    ) -> Iterator[str]:
        if rows:
            yield f"### {title}"
            yield self._table(head, rows)

    def _table(self, head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
        cells = [[self.prose(text) for text in row] for row in rows]
        lines = [head, ["---"] * len(head), *cells]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _fenced(self, lines: list[str]) -> str:
        text = "\n".join(map(self._safe, lines))
        fence = "`" * max(3, _longest_fence(text) + 1)
        return f"{fence}text\n{text}\n{fence}"

    def _safe(self, text: str) -> str:
        return printable(shortened(text), unicode=self._unicode)

    def _word(self, word: str) -> str:
        """Return a word that is no markup; as code, where it could become a link."""
        if not _LINK_LIKE.search(word):
            return _escaped(word)
        bare = word.lstrip(_OPENING)
        core = bare.rstrip(_CLOSING)
        before, after = word[: len(word) - len(bare)], bare[len(core) :]
        return _escaped(before) + self._code(core) + _escaped(after)

    def _code(self, text: str) -> str:
        # A pipe ends the cell of a table in code, too, and cannot be escaped after a backslash.
        return in_backticks(text.replace("|", self._safe("⟨U+007C⟩")))


def _escaped(text: str) -> str:
    if _BULLET.fullmatch(text):
        return f"{text[:-1]}\\{text[-1]}"
    # A pipe would end the cell of a table.
    return _MARKUP.sub(r"\\\1", text).replace("|", "&#124;")


def in_backticks(text: str) -> str:
    """Return ``text`` as code, whatever backticks are in it."""
    fence = "`" * (_longest_fence(text) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _longest_fence(text: str) -> int:
    return max((len(match[0]) for match in _FENCES.finditer(text)), default=0)
