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
    from collections.abc import Iterable

    from ngrok_scim_cli.diagnosis.finding import Finding, Result
    from ngrok_scim_cli.report.style import Style

# Between single backticks our own texts name commands and fields.
_CODE = re.compile(r"`([^`]+)`")

# What a forge or a tracker would make a link, a mention, a reference or an emoji of, although no
# bracket stands around it; escaping does not keep it from that, standing in code does.
_LINK_LIKE = re.compile(r"@\w|\w@|:[+-]?\w|//|[#!$%~&]\w|[^\W\d]\.\w|\w\.[^\W\d]|\w_\w")
_OPENING = "(\"'\N{LEFT DOUBLE QUOTATION MARK}"
_CLOSING = ")\"'.,;:?\N{RIGHT DOUBLE QUOTATION MARK}"

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#!~&^$])")

# What begins a list or draws a line, where it stands first.
_BULLET = re.compile(r"[-+=]+|\d+[.)]")

_FENCES = re.compile(r"`+")


def render_markdown(result: Result, style: Style) -> str:
    """Return ``result`` as Markdown."""
    if result.profiles:
        return _profiles(result, style)
    writer = _Writer(style)
    blocks = [
        f"## {wording.verdict_word(result)}: {writer.prose(wording.headline(result))}",
        f"Command: {writer.prose(f'`ngrok-scim {result.command}`')}",
        *writer.okta(result),
        *writer.findings(result),
        *writer.repair(result),
        *writer.payload(result),
        *writer.steps(result),
        *writer.checks(result),
        *writer.requests(result),
    ]
    step = next_step(result)
    if step:
        blocks.append(f"**Next:** {writer.prose(step)}")
    return "\n\n".join(blocks) + "\n"


def _profiles(result: Result, style: Style) -> str:
    """Return the verdict of each profile, then each whole."""
    writer = _Writer(style)
    heading = f"# {wording.VERDICTS[result.verdict]}: {writer.prose(wording.headline(result))}"
    parts = [
        f"# Profile {writer.prose(f'`{item.profile}`')}\n\n{render_markdown(item, style)}"
        for item in result.profiles
    ]
    return "\n".join([f"{heading}\n", *parts])


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

    def okta(self, result: Result) -> list[str]:
        blocks = []
        if result.okta and result.okta.message:
            certainty = wording.CERTAINTIES[result.okta.certainty]
            blocks += ["Okta would show:", self._fenced([result.okta.message]), certainty]
        if result.okta and result.okta.comparison:
            blocks.append(f"What was seen in Okta: {self.prose(result.okta.comparison)}")
        return blocks

    def findings(self, result: Result) -> list[str]:
        if not result.findings:
            return []
        rows = [
            (item.code, wording.SEVERITIES[item.severity], wording.where(item), item.title)
            for item in result.findings
        ]
        table = self._table(("Code", "Severity", "Field", "What is wrong"), rows)
        return ["### Findings", table, *map(self._details, result.findings)]

    def repair(self, result: Result) -> list[str]:
        repair = result.repair
        if repair is None:
            return []
        rows = wording.repaired_rows(repair, result.findings)
        lines = [f"{label}: {value}" for _, label, value in rows]
        changes = [
            f"- {self.prose(item.code)}: {self.prose(item.change)}" for item in repair.changes
        ]
        return [
            "### Values to paste into Okta",
            wording.repair_heading(repair),
            self._fenced(lines),
            *(["\n".join(changes)] if changes else []),
        ]

    def payload(self, result: Result) -> list[str]:
        payload = result.payload
        if payload is None:
            return []
        blocks = [self.prose(note) for note in payload.notes]
        for section in payload.sections():
            if section.title:
                blocks.append(f"### {self.prose(section.title)}")
            blocks += [self.prose(line) for line in section.lines]
            if section.rows:
                blocks.append(self._table(("", ""), section.rows))
            if section.table:
                head, *rows = section.table
                blocks.append(self._table(head, rows))
            if section.verbatim:
                blocks.append(self._fenced(section.verbatim.split("\n")))
        return blocks

    def steps(self, result: Result) -> list[str]:
        blocks = []
        if result.steps:
            rows = [
                (item.name, wording.STEP_STATES[item.status], wording.step_detail(item))
                for item in result.steps
            ]
            blocks += ["### Steps", self._table(("Step", "State", "Detail"), rows)]
        if result.remaining:
            lines = (
                f"{number}. {self.prose(text)}" for number, text in enumerate(result.remaining, 1)
            )
            blocks += ["### What remains", "\n".join(lines)]
        return blocks

    def checks(self, result: Result) -> list[str]:
        if not result.checks:
            return []
        rows = [
            (item.category, item.name, item.status.value, item.reason) for item in result.checks
        ]
        return ["### Checks", self._table(("Category", "Check", "Status", "Reason"), rows)]

    def requests(self, result: Result) -> list[str]:
        if not result.exchanges:
            return []
        rows = [
            (item.purpose, f"{item.method} {item.url}", wording.outcome(item))
            for item in result.exchanges
        ]
        return ["### Requests", self._table(("Purpose", "Request", "Outcome"), rows)]

    def _details(self, finding: Finding) -> str:
        rows = (*wording.finding_rows(finding), ("More", f"`ngrok-scim explain {finding.code}`"))
        lines = [f"#### {self.prose(finding.code)}: {self.prose(finding.title)}", ""]
        lines += [f"- {label}: {self.prose(text)}" for label, text in rows if text]
        return "\n".join(lines)

    def _table(self, head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
        cells = [[self.prose(text) for text in row] for row in rows]
        names = list(head)
        lines = [names, ["---"] * len(names), *cells]
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
        text = text.replace("|", self._safe("⟨U+007C⟩"))
        fence = "`" * (_longest_fence(text) + 1)
        padding = " " if text.startswith("`") or text.endswith("`") else ""
        return f"{fence}{padding}{text}{padding}{fence}"


def _escaped(text: str) -> str:
    if _BULLET.fullmatch(text):
        return f"{text[:-1]}\\{text[-1]}"
    # A pipe would end the cell of a table.
    return _MARKUP.sub(r"\\\1", text).replace("|", "&#124;")


def _longest_fence(text: str) -> int:
    return max((len(match[0]) for match in _FENCES.finditer(text)), default=0)
