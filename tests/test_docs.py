"""What the documentation says of files, commands, options and variables is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.__main__ import stored_help
from ngrok_scim_cli.cli.app import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "tests/corpus/README.md"])
IDS = [path.relative_to(ROOT).as_posix() for path in PAGES]

LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")
CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|[ `/(])ngrok-scim ([^|<>#;`\n]+)", re.MULTILINE)
OPTION = re.compile(r"(?<!\S)(--?[a-z][a-z-]*)")
VARIABLE = re.compile(r'"((?:NGROK|OKTA)_[A-Z_]+)"')


def anchors(page: Path) -> set[str]:
    """Return the anchors that a viewer of Markdown makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(text: str) -> Iterator[str]:
    """Yield what follows `ngrok-scim` in each command that stands in a piece of code."""
    for block, inline in CODE.findall(text):
        yield from COMMAND.findall((block or inline).replace("\\\n", " "))


def words_of(command: str) -> list[str]:
    """Return the words of a command without what it is given; nothing where there is none such."""
    first, *more = command.split() or [""]
    if first not in COMMANDS:
        return []
    if more and stored_help([first, more[0], "--help"]):
        return [first, more[0]]
    is_group = stored_help([first]) is not None
    return [] if is_group and more else [first]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        path = (page.parent / target) if target else page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_command_and_option_is_there(page: Path) -> None:
    for command in commands(page.read_text("utf-8")):
        if command.split()[0].startswith(("-", "COMMAND")):
            continue
        words = words_of(command)
        assert words, command
        known = set(OPTION.findall(stored_help([*words, "--help"]) or ""))
        assert set(OPTION.findall(command)) <= known, command


def test_every_variable_of_ours_is_named() -> None:
    # The sandbox reads none: what it spells so is a value of Okta's API.
    read_by_us = set(ROOT.glob("ngrok_scim_cli/**/*.py")) - set(ROOT.glob("*/sandbox/**/*.py"))
    sources = "".join(path.read_text("utf-8") for path in read_by_us)
    named = (ROOT / "docs/environment.md").read_text("utf-8")
    read = set(VARIABLE.findall(sources))
    assert len(read) > 5
    assert {name for name in read if f"`{name}`" not in named} == set()
