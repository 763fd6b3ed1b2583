"""What the documentation says of files, commands, options and variables is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.__main__ import stored_help
from ngrok_scim_cli.cli.app import COMMANDS
from ngrok_scim_cli.diagnosis import catalogue
from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, finding
from ngrok_scim_cli.diagnosis.explain import explain
from scripts.index_readme import for_an_index
from scripts.reference_pages import profile
from tests.support.cases import each_case

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "tests/corpus/README.md"])
IDS = [path.relative_to(ROOT).as_posix() for path in PAGES]

LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")
CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|[ `/(])ngrok-scim ([^|<>#;`\n]+)", re.MULTILINE)
OPTION = re.compile(r"(?<!\S)(--?[a-z][a-z-]*)")
VARIABLE = re.compile(r'"((?:NGROK|OKTA_CLIENT)_[A-Z_]+)"')


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


@each_case("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text("utf-8")):
        path = (page.parent / target) if target else page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), f"{target}#{anchor}"


@each_case("page", [page for page in PAGES if page.name != "commands.md"], ids=str)
def test_every_command_and_option_is_there(page: Path) -> None:
    for command in commands(page.read_text("utf-8")):
        if command.split()[0].startswith(("-", "COMMAND")):
            continue
        words = words_of(command)
        assert words, command
        known = set(OPTION.findall(stored_help([*words, "--help"]) or ""))
        assert set(OPTION.findall(command)) <= known, command


@each_case("code", CATALOGUE)
def test_a_finding_points_to_its_page(code: str) -> None:
    page = ROOT / finding(code, "seen").more
    assert page.read_text("utf-8").startswith(f"# {code}: ")
    explained = explain(code)
    assert explained is not None
    assert explained.more == page.relative_to(ROOT).as_posix()
    assert {line for cause in explained.causes for line in (cause.cause, cause.fix)} <= {
        *page.read_text("utf-8").splitlines()
    }


def test_a_published_page_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "DOCUMENTATION", "https://docs.example/")
    assert finding("KEY202", "seen").more == "https://docs.example/findings/key202/"


def test_every_key_of_a_profile_is_described() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", profile(), re.MULTILINE)
    assert {"base_url", "id", "app_type", "txt"} <= {name for name, _, _ in rows}
    assert [name for name, kind, description in rows if not kind or not description] == []


def test_every_variable_of_ours_is_named() -> None:
    # The sandbox reads none: what it spells so is a value of Okta's API.
    read_by_us = set(ROOT.glob("ngrok_scim_cli/**/*.py")) - set(ROOT.glob("*/sandbox/**/*.py"))
    sources = "".join(path.read_text("utf-8") for path in read_by_us)
    named = (ROOT / "docs/environment.md").read_text("utf-8")
    read = set(VARIABLE.findall(sources))
    assert len(read) > 5
    assert {name for name in read if f"`{name}`" not in named} == set()


def test_the_readme_has_nothing_on_a_package_index_that_leads_nowhere() -> None:
    text = for_an_index((ROOT / "README.md").read_text("utf-8"))
    assert [target for target, _ in LINK.findall(text)] == []
    assert not re.search(r"<!--|mermaid|!\[", text)
    assert "[" not in CODE.sub("", text)
    assert "The tutorial is the same walk" in " ".join(text.split())
