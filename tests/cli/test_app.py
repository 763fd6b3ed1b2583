import errno
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ngrok_scim_cli.__main__ import main
from ngrok_scim_cli.cli.app import COMMANDS
from ngrok_scim_cli.sandbox.server import Sandbox
from scripts import help_pages
from tests.support.command_line import CommandLine

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "ngrok_scim_cli" / "cli" / "help"


def test_the_kept_help_pages_are_those_that_typer_prints() -> None:
    kept = {path.name: path.read_text("utf-8") for path in KEPT.glob("*.txt")}
    assert kept == help_pages.help_pages()


def test_no_help_page_is_wider_than_a_terminal() -> None:
    lines = [line for path in KEPT.glob("*.txt") for line in path.read_text("utf-8").splitlines()]
    assert max(map(len, lines)) <= help_pages.WIDTH


def test_every_command_has_a_summary_that_is_not_cut_off() -> None:
    page = (KEPT / "ngrok-scim.txt").read_text("utf-8").partition("Commands:")[2]
    assert "..." not in page
    assert all(f"\n  {name} " in page for name in COMMANDS)


def test_a_missing_choice_names_the_choices_in_one_line(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("completion")
    assert ran.status == 2
    assert "Choose from: bash, zsh, fish, powershell" in " ".join(ran.err.split())


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command with a fault of ours, whose message holds a key and steers the terminal."""

    def fail(*arguments: object, **named: object) -> None:
        raise RuntimeError("Bearer 3CanaryCanaryCanaryCanary00_9KanarienvogelGelb123\x1b[2J\u202e")

    monkeypatch.setattr("ngrok_scim_cli.cli.runtime.session.open_session", fail)


@pytest.mark.usefixtures("broken")
def test_a_fault_of_ours_is_one_line_and_status_70(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("test-connect")
    assert (ran.status, ran.out) == (70, "")
    assert "Traceback" not in ran.err
    assert "RuntimeError" in ran.err
    assert len(ran.err.splitlines()) == 2


@pytest.mark.usefixtures("broken")
def test_only_verbose_shows_where_it_is_and_never_the_key(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("test-connect", "--verbose")
    assert ran.status == 70
    assert "Traceback" in ran.err
    assert "KanarienvogelGelb" not in ran.err
    assert not {"\x1b", "\u202e"} & set(ran.err)


def test_a_command_that_finds_no_memory_says_so_in_one_line(
    ngrok_scim: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise MemoryError

    monkeypatch.setattr("ngrok_scim_cli.cli.runtime.session.open_session", fail)
    ran = ngrok_scim("test-connect")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err == "ngrok-scim: This machine is out of a resource: memory.\n"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EMFILE, "This machine is out of a resource: No file"),
        (errno.EACCES, "ngrok-scim cannot be loaded: No file"),
    ],
)
def test_a_program_that_cannot_be_loaded_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, said: str
) -> None:
    def fail(arguments: object) -> None:
        raise OSError(number, "No file")

    monkeypatch.setattr("ngrok_scim_cli.cli.app.run", fail)
    monkeypatch.setattr(sys, "argv", ["ngrok-scim", "doctor"])
    assert main() == 3
    assert capsys.readouterr().err == f"ngrok-scim: {said}.\n"


def test_an_interrupt_ends_with_130(
    ngrok_scim: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ngrok_scim_cli.cli.runtime.session.open_session", interrupt)
    ran = ngrok_scim("test-connect")
    assert ran.status == 130
    assert "Interrupted" in ran.err


def test_an_interrupt_while_it_is_still_loading_ends_with_130_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class HalfLoaded(ModuleType):
        def __getattr__(self, name: str) -> None:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "ngrok_scim_cli.cli.app", HalfLoaded("app"))
    monkeypatch.setattr(sys, "argv", ["ngrok-scim", "explain", "KEY202", "--format", "json"])
    assert main() == 130
    assert capsys.readouterr() == ("", "ngrok-scim: Interrupted.\n")


@pytest.mark.parametrize(
    "arguments", ["--version", "--help", "sandbox --list-faults", "explain KEY202 --format json"]
)
def test_a_closed_pipe_prints_no_error(arguments: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "ngrok_scim_cli", *arguments.split()],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_reported_with_other_words_around_it(
    ngrok_scim: CommandLine, option: str
) -> None:
    ran = ngrok_scim(option, "setup")
    assert ran.status == 0
    assert ran.out.startswith("ngrok-scim ")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_screen_without_unicode_gets_plain_letters(
    sandbox: Sandbox, values: dict[str, str], encoding: str
) -> None:
    values["NGROK_SCIM_API_KEY"] += "\u00a0"
    ended = subprocess.run(
        [sys.executable, "-m", "ngrok_scim_cli", "test-connect"],
        env={**os.environ, **values, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 1
    assert b"KEY204" in ended.stdout
    assert ended.stdout.isascii()
    assert b"Traceback" not in ended.stderr
