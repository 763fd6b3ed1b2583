"""The pictures of the README: what `ngrok-scim` shows at a real terminal, as SVG.

Keys, ports and times of the sandbox are replaced, so that a picture changes with the text alone.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from scripts.sandbox_run import bare_environment, sandbox, stable
from tests.support.pseudo_terminal import at_a_terminal

COLUMNS = 64  # so that it can be read on a phone
WIDTH, HEIGHT = 8.4, 19  # of a letter, in pixels
EDGE = 16
BACKGROUND, LETTERS = "#16181d", "#d7dae0"
# Viewers make one blank of several, so each piece between them gets a place of its own.
_PIECE = re.compile(r"\S+(?: \S+)*")
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
COLOURS = {
    "red": "#ff7b72",
    "green": "#7ee787",
    "brown": "#e3b341",  # the terminal's yellow
    "blue": "#79c0ff",
    "magenta": "#d2a8ff",
    "cyan": "#76e3ea",
    "black": "#8b949e",
    "white": "#ffffff",
}


def pictures(docs: Path) -> Iterator[tuple[Path, str]]:
    """Return each picture."""
    with tempfile.TemporaryDirectory(prefix="ngrok-scim-pictures-") as home:
        environment = bare_environment(home)
        with sandbox(environment) as values:
            pasted = {
                **environment,
                "NGROK_SCIM_BASE_URL": values["scim_base_url"],
                "NGROK_SCIM_API_KEY": values["scim_key"] + " ",
            }
            yield (
                docs / "pictures" / "test-connect.svg",
                _shot(
                    ["test-connect"],
                    pasted,
                    "The key was pasted with a space after it: test-connect says so",
                    ["NGROK_SCIM_API_KEY='… '"],
                ),
            )
        broken = ["doctor", "--sandbox", "--fault", "okta-leaver-active"]
        some = ["--only", "Okta app", "--only", "still-active"]
        yield (
            docs / "pictures" / "doctor.svg",
            _shot(
                [*broken, *some],
                environment,
                "doctor finds somebody who was removed in Okta and is active in ngrok",
            ),
        )


def _shot(
    arguments: list[str],
    environment: dict[str, str],
    title: str,
    before: Sequence[str] = (),
) -> str:
    with at_a_terminal(*arguments, environment=environment, columns=COLUMNS) as terminal:
        terminal.end()
        rows = [
            [("".join(char.data for char in run), *style) for style, run in groupby(row, _style)]
            for row in terminal.cells()
        ]
    while not "".join(text for text, *_ in rows[-1]).strip():
        rows.pop()
    words = [f'"{word}"' if " " in word else word for word in ("ngrok-scim", *arguments)]
    return svg([*_prompt([*before, *words]), [], *rows], title)


def _style(char: object) -> tuple[str, bool]:
    return str(getattr(char, "fg", "")), bool(getattr(char, "bold", False))


def _prompt(words: Sequence[str]) -> list[list[tuple[str, str, bool]]]:
    """Return the lines of a command, broken behind a word as a person would with a backslash."""
    lines = ["$"]
    for word in words:
        if len(lines[-1]) + len(word) > COLUMNS - 8:
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" {word}"
    return [[(line, "", True)] for line in lines]


def svg(rows: Sequence[Sequence[tuple[str, str, bool]]], title: str) -> str:
    """Return a picture of rows, each of pieces with their colour and whether they are bold."""
    width = COLUMNS * WIDTH + 2 * EDGE
    height = len(rows) * HEIGHT + 2 * EDGE
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
        f'<g fill="{LETTERS}" font-size="14" font-family="{FONTS}">',
    ]
    for number, row in enumerate(rows):
        column = 0
        bottom = EDGE + number * HEIGHT + 14
        for text, colour, bold in row:
            told = stable(text)
            style = f' fill="{COLOURS[colour]}"' if colour in COLOURS else ""
            style += ' font-weight="bold"' if bold else ""
            lines += [
                f'<text x="{EDGE + (column + piece.start()) * WIDTH:.1f}" y="{bottom}" '
                f'textLength="{len(piece[0]) * WIDTH:.1f}"{style}>{escape(piece[0])}</text>'
                for piece in _PIECE.finditer(told)
            ]
            column += len(text)
    return "\n".join([*lines, "</g>", "</svg>"]) + "\n"
