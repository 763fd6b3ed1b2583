import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.__main__ import stored_help
from ngrok_scim_cli.cli.commands import domain
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.wire.dns import Resolver
from tests.support.cases import each_case
from tests.support.command_line import CommandLine, every_command
from tests.support.dns_server import HOST
from tests.support.environment import environment_of
from tests.support.examined import own_dns
from tests.support.keyring_backends import FILE

PAGES = {words: stored_help([*words, "--help"]) or "" for words in sorted(every_command())}
# They end only when somebody stops them, or need a person's own file.
NOT_RUN = ("sandbox --users 100", "--api-key-file key.txt", "domain remove example.com")


def examples(page: str) -> list[str]:
    return [line.strip() for line in page.partition("\nExamples:\n")[2].splitlines() if line]


EXAMPLES = [line for page in PAGES.values() for line in examples(page)]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of an admin with an account, a keyring and a DNS of their own."""
    with open_sandbox() as sandbox, own_dns(monkeypatch) as server:
        server.records["example.com"] = [("MX", "10 mx.example.com.")]

        def open_resolver(timeout_s: float, nameserver: str | None) -> Resolver:
            del nameserver
            return Resolver(timeout=timeout_s, nameservers=(HOST,), port=server.port)

        monkeypatch.setattr(domain, "open_resolver", open_resolver)
        yield {
            "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
            FILE: str(tmp_path / "keyring.json"),
            **environment_of(sandbox, "admin", "okta"),
            "NGROK_SCIM_BASE_URL": sandbox.values.scim_base_url,
        }


@each_case("words", PAGES)
def test_every_help_page_ends_with_examples_of_its_command(words: tuple[str, ...]) -> None:
    shown = examples(PAGES[words])
    assert shown
    assert all(line.startswith(" ".join(("ngrok-scim", *words))) for line in shown)


@pytest.mark.no_cover
@pytest.mark.parametrize("line", [line for line in EXAMPLES if not line.endswith(NOT_RUN)])
def test_every_example_runs(
    line: str,
    ngrok_scim: CommandLine,
    account: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    _, *words = shlex.split(line)
    page = stored_help(words)
    if page is not None:
        assert page.startswith("Usage: ngrok-scim")
        return
    prepare(ngrok_scim, words, account)
    ran = ngrok_scim(*words, environment=account)
    assert ran.status in (0, 1) if "--fault" in words else ran.status == 0, ran.err + ran.out


def prepare(ngrok_scim: CommandLine, words: list[str], account: dict[str, str]) -> None:
    """Do what comes before the command in real life."""
    if words[0] == "api-key" and words[1] != "create":
        assert ngrok_scim("api-key", "create", environment=account).status == 0
    if words[0] == "profile" or words[:2] in (
        ["domain", "check"],
        ["domain", "approve"],
        ["domain", "remove"],
    ):
        name = ("--profile", "old") if "old" in words else ()
        submitted = ("domain", "submit", "example.com", "--sent", *name)
        assert ngrok_scim(*submitted, environment=account).status == 0


def test_a_command_that_is_not_there_has_no_help(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("help", "usrs")
    assert (ran.status, ran.out) == (2, "")
    assert "No such command 'usrs'" in ran.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_gets_its_completion(shell: str, ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("completion", shell)
    assert ran.status == 0
    assert "_NGROK_SCIM_COMPLETE" in ran.out


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("ngrok-scim test-connect --fault server-e", "server-error"),
        ("ngrok-scim explain KEY202", "KEY202"),
        ("ngrok-scim doctor --only OK", "OKT"),
        ("ngrok-scim doctor --profile def", "default"),
    ],
)
def test_values_are_completed(typed: str, completed: str) -> None:
    last = str(len(typed.split()) - 1)
    asked = {"_NGROK_SCIM_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": last}
    ran = subprocess.run(
        [sys.executable, "-m", "ngrok_scim_cli"],
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=True,
    )
    assert completed in ran.stdout.splitlines()
