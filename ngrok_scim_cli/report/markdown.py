"""A result as GitHub-flavoured Markdown, for a ticket.

Everything in it may come from a server, so nothing in it is markup but what this module writes:
no HTML, link, picture, mention or reference can come out of a text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.report.layout import Labelled, Page, Tone
from ngrok_scim_cli.report.text import write_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ngrok_scim_cli.diagnosis.finding import Result
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
_ITEM = re.compile(r"- |\d+\. ")


def render_markdown(result: Result, style: Style) -> str:
    """Return ``result`` as Markdown; of several profiles the verdict of each, then each whole."""
    page = MarkdownPage(replace(style, verbose=True, links=False))
    write_result(page, result)
    return page.text()


class MarkdownPage(Page):
    """A page of Markdown, block by block."""

    is_for_others = True

    def text(self) -> str:
        """Return the page; it ends with one line break."""
        return "\n\n".join(self._lines) + "\n"

    def gap(self) -> None:
        """Leave the empty lines to ``text``."""

    def title(self, text: str, *, level: int = 3) -> None:
        """Write a heading."""
        if text:
            shown = self.prose(text.removeprefix("* ").removesuffix(":"))
            self._lines.append(f"{'#' * level} {shown}")

    def paragraph(self, text: str, **_: object) -> None:
        """Write ``text``, if there is any."""
        if text:
            self._lines.append(self.prose(text))

    def set_apart(self, head: str, text: str) -> None:
        """Write ``head`` in bold before ``text``."""
        self._lines.append(f"**{head}:** {self.prose(text)}")

    def headed(self, head: str, text: str, *, level: int = 0, **_: object) -> None:
        """Write ``head`` and ``text`` as a heading; without a level, ``head`` is a number."""
        if level:
            self.title(f"{head}: {text}", level=level)
        else:
            self._item(head, self.prose(text))

    def two_columns(self, rows: Iterable[Labelled], **_: object) -> None:
        """Write a list, in which what is pasted is code."""
        for label, text, *tone in rows:
            is_pasted = tone == [Tone.PASTE]
            shown = _in_backticks(self.safe(text)) if is_pasted else self.prose(text)
            if label:
                self._item("-", f"{' '.join(self.prose(label).split())}: {shown}")
            else:
                self._lines[-1] += f"\\\n  {shown}"

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows of cells, the first of them the heads."""
        head, *cells = [[self.prose(text) for text in row] for row in rows]
        lines = [head, ["---"] * len(head), *cells]
        self._lines.append("\n".join(f"| {' | '.join(line)} |" for line in lines))

    def verbatim(self, text: str) -> None:
        """Write the lines of ``text`` in a block of code."""
        shown = "\n".join(map(self.safe, text.split("\n")))
        fence = "`" * max(3, _longest_fence(shown) + 1)
        self._lines.append(f"{fence}text\n{shown}\n{fence}")

    def marked(self, text: str, mark: str, reason: str, *_: object) -> None:
        """Write an item of a list: ``mark`` as code, ``text`` and the ``reason``, if any."""
        because = f": {self.prose(reason)}" if reason else ""
        self._item("-", f"`{mark}` {self.prose(text)}{because}")

    def prose(self, text: str) -> str:
        """Return ``text`` on one line; what looks like a command or a link as code."""
        written = ""
        for number, part in enumerate(_CODE.split(self.safe(text).strip())):
            piece = self._code(part) if number % 2 else " ".join(map(self._word, part.split(" ")))
            # Two fences side by side would be read as one.
            apart = " " if written.endswith("`") and piece.startswith("`") else ""
            written += apart + piece
        return written

    def _item(self, bullet: str, text: str) -> None:
        """Add an item to the list at the end of the page, or begin one."""
        if self._lines and _ITEM.match(self._lines[-1]):
            self._lines[-1] += f"\n{bullet} {text}"
        else:
            self._lines.append(f"{bullet} {text}")

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
        return _in_backticks(text.replace("|", self.safe("⟨U+007C⟩")))


def _escaped(text: str) -> str:
    if _BULLET.fullmatch(text):
        return f"{text[:-1]}\\{text[-1]}"
    # A pipe would end the cell of a table.
    return _MARKUP.sub(r"\\\1", text).replace("|", "&#124;")


def _in_backticks(text: str) -> str:
    """Return ``text`` as code, whatever backticks are in it."""
    fence = "`" * (_longest_fence(text) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _longest_fence(text: str) -> int:
    return max((len(match[0]) for match in _FENCES.finditer(text)), default=0)
