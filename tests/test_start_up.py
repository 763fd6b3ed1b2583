import os
import subprocess
import sys

import pytest

from ngrok_scim_cli.__main__ import explained
from ngrok_scim_cli.cli.app import COMMANDS
from ngrok_scim_cli.sandbox import open_sandbox
from tests.support.cases import each_case
from tests.support.command_line import CommandLine
from tests.support.environment import environment_of

HEAVY = ("httpx", "keyring", "rich", "typer", "pydantic", "yaml", "tomlkit", "dns", "scim2_models")


def loaded(*arguments: str) -> set[str]:
    """Return which heavy packages are loaded once `ngrok-scim` has run with these arguments."""
    script = (
        "import sys; sys.argv = ['ngrok-scim', *sys.argv[1:]]\n"
        "from ngrok_scim_cli.__main__ import main\n"
        "assert main() == 0\n"
        f"print('LOADED', *(name for name in {HEAVY} if name in sys.modules))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return set(ended.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_reported_before_anything_is_loaded(option: str) -> None:
    assert loaded(option) == set()


@each_case(
    "words",
    [
        (),
        ("setup",),
        ("test-connect",),
        ("doctor",),
        ("users",),
        ("users", "list"),
        ("users", "trace"),
        ("explain",),
        ("sandbox",),
    ],
)
def test_help_is_shown_before_anything_is_loaded(words: tuple[str, ...]) -> None:
    assert loaded(*words, "--help") == set()


@pytest.mark.usefixtures("measured_children")
def test_without_arguments_there_is_help() -> None:
    assert loaded() == set()


@pytest.mark.parametrize("group", ["api-key", "domain", "users"])
def test_a_group_by_itself_says_what_belongs_to_it(group: str) -> None:
    assert loaded(group) == set()


@pytest.mark.parametrize(
    "words", [("KEY202",), ("err_ngrok_203",), ("403",), ("Error", "authenticating:", "null")]
)
def test_an_explanation_needs_nothing_heavy(words: tuple[str, ...]) -> None:
    assert loaded("explain", *words) == set()


def test_an_explanation_in_another_format_needs_no_network_and_no_keyring() -> None:
    assert loaded("explain", "KEY202", "--format", "json") <= {"typer"}


@each_case(
    "what",
    [
        *("KEY202", "ngrok_err_203", "203", "422", "Forbidden", "Matching user not found"),
        "Error while creating user Jane: Forbidden",
        "Error while deactivating user Jane: Bad Gateway",
        "Error while verifying if user jane exists: Bad Request",
        "Import failed: Not Found",
        "Error while creating user Jane: Forbidden. Errors reported by remote server: no such day",
        "matching user not foud",
        "Bad Request. Errors reported by remote server: ERR_NGROK_206",
    ],
)
def test_an_explanation_is_the_same_with_and_without_typer(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    by_typer = CommandLine(monkeypatch)("explain", what, "--format", "text")
    assert (explained(["explain", what]), by_typer.status) == (by_typer.out, 0)


def test_listing_faults_does_not_load_the_sandbox() -> None:
    assert loaded("sandbox", "--list-faults") <= {"typer"}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("us", ["users"]),
        ("users tr", ["trace"]),
        ("users list --fo", ["--format"]),
        ("setup --okta-app-type ", ["saml", "swa", "oidc"]),
        ("setpu --okta-app-type ", [*COMMANDS]),
    ],
)
def test_a_shell_completes_what_is_typed(typed: str, offered: list[str]) -> None:
    words = f"ngrok-scim {typed}"
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    ended = subprocess.run(
        [sys.executable, "-m", "ngrok_scim_cli"],
        env={**os.environ, **asked, "_NGROK_SCIM_COMPLETE": "complete_bash"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ended.stdout.split(), ended.stderr) == (offered, "")


@pytest.mark.parametrize("form", ["text", "json"])
def test_output_in_a_pipe_loads_no_colours(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    with open_sandbox() as sandbox:
        for name, value in environment_of(sandbox, "scim").items():
            monkeypatch.setenv(name, value)
        assert "rich" not in loaded("test-connect", "--format", form)
