import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.support.cases import each_case
from tests.support.import_rules import ROOMS, broken_rules, import_circles, read_package

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ngrok_scim_cli"

LONGEST_MODULE = 450
# A table may be as long as what it lists.
TABLES = frozenset({"diagnosis/ngrok/error_codes.py", "diagnosis/okta/sentences.py"})

TOP_LEVEL = {
    ".ci",
    ".dockerignore",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "benchmarks",
    "completions",
    "docs",
    "ngrok_scim_cli",
    "pyproject.toml",
    "requirements",
    "scripts",
    "tests",
    "zensical.toml",
}

# Folders of people and machines; only a and ada are made up. The slash stands apart, so that this
# file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    r"(?<![A-Za-z0-9_.~-])" + "/" + r"(?:home/(?!a(?:da)?\b)|root/|work/|farm/)"
)


def tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None:
        pytest.skip("there is no git here")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this tree is no git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_room_imports_what_it_may_not() -> None:
    assert broken_rules(read_package(PACKAGE)) == []


@each_case(
    ("path", "source", "problem"),
    [
        # Rooms.
        ("wire/scim.py", "import ngrok_scim_cli.cli.app", "wire may not import cli.app"),
        ("cli/a.py", "import ngrok_scim_cli.wire.scim", "cli may not import wire.scim"),
        ("probe/a.py", "from ngrok_scim_cli.settings import x", "probe may not import settings"),
        ("probe/a.py", "from ngrok_scim_cli import report", "probe may not import report"),
        ("report/a.py", "import ngrok_scim_cli.wire.client", "report may not import wire.client"),
        ("diagnosis/a.py", "from ngrok_scim_cli.wire import x", "diagnosis may not import wire"),
        ("settings/a.py", "from ngrok_scim_cli.wire import x", "settings may not import wire"),
        ("sandbox/a.py", "from ngrok_scim_cli.wire import x", "sandbox may not import wire"),
        ("sandbox/a.py", "import ngrok_scim_cli.redact", "sandbox may not import redact"),
        ("redact.py", "from ngrok_scim_cli.form import Form", "redact may not import form"),
        ("form.py", "import ngrok_scim_cli.errors", "form may not import errors"),
        ("wire/a.py", "import ngrok_scim_cli.helpers", "wire may not import helpers"),
        ("helpers.py", "", "helpers has no rule that says what it may import"),
        # Wherever an import stands, and however it is written.
        ("wire/a.py", "from ..cli import app", "wire may not import cli"),
        ("wire/a.py", "from .. import cli", "wire may not import cli"),
        ("wire/__init__.py", "from ..cli import app", "wire may not import cli"),
        ("wire/a.py", "def f():\n    import ngrok_scim_cli.cli", "wire may not import cli"),
        ("wire/a.py", "if x:\n    import ngrok_scim_cli.cli", "wire may not import cli"),
        (
            "wire/a.py",
            "importlib.import_module('ngrok_scim_cli.cli.app')",
            "wire may not import cli.app",
        ),
        ("wire/a.py", "import_module(f'ngrok_scim_cli.cli.{x}')", "wire may not import cli"),
        # Packages of others.
        ("diagnosis/a.py", "import httpx", "only wire may import httpx"),
        ("probe/a.py", "from httpx import Request", "only wire may import httpx"),
        ("settings/a.py", "import truststore", "only wire may import truststore"),
        ("setup/a.py", "import keyring.errors", "only settings may import keyring"),
        ("cli/a.py", "import platformdirs", "only settings may import platformdirs"),
        ("cli/a.py", "import tomlkit", "only settings may import tomlkit"),
        ("cli/a.py", "import yaml", "only settings may import yaml"),
        ("report/json_report.py", "import rich", "only cli and report.terminal may import rich"),
        ("doctor/a.py", "import typer", "only cli may import typer"),
        ("wire/a.py", "import requests", "only nobody may import requests"),
        # What is pure.
        ("diagnosis/a.py", "def f():\n    import os", "diagnosis is pure and may not import os"),
        ("diagnosis/a.py", "import pathlib", "diagnosis is pure and may not import pathlib"),
        ("form.py", "import sys", "form is pure and may not import sys"),
        ("diagnosis/a.py", "open('x')", "diagnosis is pure and may not call open"),
        ("diagnosis/a.py", "datetime.now(UTC)", "diagnosis is pure and may not call datetime.now"),
        ("diagnosis/a.py", "date.today()", "diagnosis is pure and may not call date.today"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named(path: str, source: str, problem: str) -> None:
    assert broken_rules({path: source}) == [f"{path}: {problem}"]


@each_case("module", ["os", "sys", "socket", "ssl", "subprocess", "time", "io"])
def test_the_rules_know_nothing_of_the_machine(module: str) -> None:
    assert broken_rules({"diagnosis/a.py": f"import {module}"}) == [
        f"diagnosis/a.py: diagnosis is pure and may not import {module}"
    ]


@each_case(
    ("path", "source"),
    [
        ("__main__.py", "from ngrok_scim_cli.cli.app import run"),
        ("cli/a.py", "import typer\nfrom ngrok_scim_cli.setup import guided"),
        ("cli/a.py", "import rich.console"),
        ("report/terminal.py", "from rich.style import Style"),
        ("diagnosis/a.py", "from ngrok_scim_cli.wire.exchange import Reply\nimport re"),
        ("diagnosis/a.py", "from . import rules\nfrom ..form import Form"),
        ("report/a.py", "from ngrok_scim_cli.wire.exchange import Reply"),
        ("sandbox/a.py", "from ngrok_scim_cli import __version__"),
        ("sandbox/faults/a.py", "from ngrok_scim_cli.sandbox import keys\nimport socket"),
        ("wire/a.py", "import httpx\nfrom ngrok_scim_cli.redact import redactor"),
        ("settings/a.py", "importlib.import_module(name)"),
    ],
)
def test_a_kept_rule_is_silent(path: str, source: str) -> None:
    assert broken_rules({path: source}) == []


def test_a_module_is_distinguished_from_a_name_in_its_room() -> None:
    """A room may take the one module that it is allowed in any way, and no other one."""
    room = {"wire/exchange.py": "", "wire/client.py": ""}
    taken = "from ngrok_scim_cli.wire import exchange, client"
    assert broken_rules({**room, "diagnosis/a.py": taken}) == [
        "diagnosis/a.py: diagnosis may not import wire.client"
    ]


def test_no_modules_import_each_other() -> None:
    assert import_circles(read_package(PACKAGE)) == []


@pytest.mark.parametrize(
    ("files", "circles"),
    [
        (
            {
                "wire/a.py": "from ngrok_scim_cli.wire import b",
                "wire/b.py": "def f():\n    from ngrok_scim_cli.wire.c import x",
                "wire/c.py": "if TYPE_CHECKING:\n    import ngrok_scim_cli.wire.a",
                "wire/d.py": "import ngrok_scim_cli.wire.a",
            },
            [["wire.a", "wire.b", "wire.c"]],
        ),
        (
            {
                "wire/__init__.py": "from ngrok_scim_cli.wire.a import x",
                "wire/a.py": "from ngrok_scim_cli.wire import x",
            },
            [["wire", "wire.a"]],
        ),
        (
            {
                "cli/commands/a.py": "def f():\n    import ngrok_scim_cli.cli.commands.b",
                "cli/commands/b.py": "if TYPE_CHECKING:\n    import ngrok_scim_cli.cli.commands.a",
            },
            [["cli.commands.a", "cli.commands.b"]],
        ),
    ],
)
def test_a_circle_of_imports_is_found(files: dict[str, str], circles: list[list[str]]) -> None:
    assert import_circles(files) == circles


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path, source in read_package(PACKAGE).items()
        if not ast.get_docstring(ast.parse(source))
    ]
    assert silent == []


def test_no_module_grows_too_long() -> None:
    long = [
        path
        for path, source in read_package(PACKAGE).items()
        if source.count("\n") > LONGEST_MODULE and path not in TABLES
    ]
    assert long == []


def test_nothing_stands_at_the_top_level_without_a_reason() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = project["dependencies"] + project["optional-dependencies"]["sandbox"]
    names = {re.split(r"[<>=]", requirement)[0] for requirement in declared}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([A-Za-z][A-Za-z0-9-]*) \|", page, re.MULTILINE)
    assert names == {name.lower() for name in rows} - {"package"}


@pytest.mark.parametrize("path", ["work/main", "root/.ssh", "home/grace/x", "farm/a"])
def test_the_path_of_a_machine_is_known(path: str) -> None:
    assert MACHINE_PATHS.search(f"see /{path}")


@pytest.mark.parametrize("text", ["/home/ada/x", "/Users/2"])
def test_a_path_of_no_machine_is_not_mistaken(text: str) -> None:
    assert not MACHINE_PATHS.search(text)


def test_no_file_names_a_machine() -> None:
    named = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.is_file() and MACHINE_PATHS.search(path.read_text("utf-8", errors="replace"))
    ]
    assert named == []


@each_case("room", [room for room in ROOMS if (PACKAGE / room).is_dir()])
def test_a_room_says_what_it_may_import(room: str) -> None:
    source = (PACKAGE / room / "__init__.py").read_text("utf-8")
    docstring = " ".join((ast.get_docstring(ast.parse(source)) or "").split())
    rooms = sorted({name.split(".")[0] for name in ROOMS[room]})
    assert f"May import: {', '.join(rooms) or 'none of the others'}." in docstring
