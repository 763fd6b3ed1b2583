"""Bad input ends with one clear line and the contract's exit status, and loses nothing."""

import signal
import socket
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.pseudo_terminal import CTRL_D, ENTER, PseudoTerminal, at_a_terminal


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("test-connect", "--bogus"), "--bogus"),
        (("bogus",), "bogus"),
        (("test-conect",), "Did you mean 'test-connect'?"),
        (("test-connect", "--format", "xml"), "xml"),
        (("test-connect", "--timeout", "0"), "timeout"),
        (("test-connect", "--timeout", "x"), "'x' is not a number."),
        (("test-connect", "--timeout"), "See: ngrok-scim test-connect --help"),
        (("api-key", "rotate", "--sandbox"), "run `ngrok-scim sandbox` in another"),
        (("domain", "list", "--sandbox"), "`ngrok-scim domain list` has no option --sandbox."),
        (("doctor", "--only", "clock", "--skip", "clock"), "leave no check"),
        (("test-connect", "--timeout", "nan"), "timeout"),
        (("domain", "check", "corp.example", "--timeout", "nan"), "timeout"),
        (("doctor", "--wait", "nan"), "wait"),
        (("test-connect", "--allow-host", "https://scim.corp.example/"), "bare host name"),
        (("doctor", "--allow-host", "scim.corp.example:8443"), "bare host name"),
        (("users", "list", "--allow-host", "*.corp.example"), "bare host name"),
        (("setup", "--allow-host", "b\u00fccher.example"), "bare host name"),
        (("api-key", "show", "--clear-after", "nan"), "clear-after"),
        (("test-connect", "--api-key-file", "missing.txt"), "missing.txt"),
        (("test-connect", "--api-key-file", "."), "."),
        (("test-connect", "--profile", "../other"), "../other"),
        (("test-connect", "--fault", "empty-list"), "--sandbox"),
        (("test-connect", "--sandbox", "--fault", "empty-lst"), "empty-list"),
        (("test-connect", "--ca-bundle", "missing.pem"), "missing.pem"),
        (("setup", "--okta-app-type", "ldap"), "ldap"),
        (("setup", "--from", "nowhere"), "nowhere"),
        (("explain",), "WHAT"),
        (("explain", "KEY999"), "KEY"),
        (("sandbox", "--fault", "bogus"), "bogus"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, tuple) else "",
)
def test_a_wrong_command_line_ends_with_2(
    ngrok_scim: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    ran = ngrok_scim(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2
    assert "Traceback" not in ran.err


def test_a_secret_as_an_option_is_answered_with_the_right_way(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("test-connect", "--api-key", "secret")
    assert ran.status == 2
    assert "NGROK_SCIM_API_KEY" in ran.err


@pytest.mark.parametrize("command", ["test-connect", "doctor", "setup"])
def test_a_broken_profile_is_named_and_left_alone(
    ngrok_scim: CommandLine, tmp_path: Path, command: str
) -> None:
    profile = tmp_path / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text("version = = 1\n")
    nobody = "http://127.0.0.1:9"
    environment = {"NGROK_API_KEY": "x" * 20, "NGROK_API_BASE_URL": nobody}
    ran = ngrok_scim(command, "--no-input", environment=environment)
    assert ran.status == 1
    assert "default.toml" in "".join((ran.out + ran.err).split())  # a long path is broken
    assert "Traceback" not in ran.err
    assert profile.read_text() == "version = = 1\n"


def test_a_broken_profile_is_a_finding_in_json(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    profile = tmp_path / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text("version = = 1\n")
    ran = ngrok_scim("test-connect", "--format", "json")
    assert '"ENV008"' in ran.out


def test_the_end_of_input_at_a_prompt_is_no_answer() -> None:
    with at_a_terminal("setup", "--sandbox", environment={}) as terminal:
        terminal.answer("[y/N]", CTRL_D)
        assert_interrupted(terminal, "Stopped in step 1 of 7")


def test_an_interrupt_at_a_prompt_keeps_what_is_done() -> None:
    with at_a_terminal("setup", "--sandbox", environment={}) as terminal:
        terminal.wait_for("[y/N]")
        terminal.send_signal(signal.SIGINT)
        assert_interrupted(terminal, "Stopped in step 1 of 7")


def test_a_hidden_prompt_asks_for_the_key() -> None:
    with at_a_terminal("test-connect", "--no-repair", environment={}) as terminal:
        terminal.answer("(not shown):", f"ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD{ENTER}")
        terminal.wait_for("KEY207")
        assert terminal.end() == 1


def test_an_interrupt_does_not_wait_for_a_server_that_never_answers() -> None:
    arguments = ("doctor", "--sandbox", "--fault", "never-answers")
    with at_a_terminal(*arguments, environment={}) as terminal:
        terminal.wait_for("Examining")
        terminal.send_signal(signal.SIGINT)
        assert_interrupted(terminal)


def test_what_was_typed_is_not_shown_while_the_server_is_asked(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        typed = f"\N{RIGHT-TO-LEFT OVERRIDE}http://127.0.0.1:{silent.getsockname()[1]}/?p=hidden"
        arguments = ("test-connect", "--base-url", typed, "--api-key-file", str(key_file))
        with at_a_terminal(*arguments, environment={}) as terminal:
            terminal.wait_for("Asking")
            terminal.wait_for("…")
            terminal.send_signal(signal.SIGINT)
            assert_interrupted(terminal)
    assert "hidden" not in terminal.everything
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in terminal.everything


def assert_interrupted(terminal: PseudoTerminal, said: str = "Interrupted.") -> None:
    terminal.wait_for(said)
    assert terminal.end() == 130
    assert "Traceback" not in terminal.everything


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_a_check_that_does_not_exist_is_no_pass(ngrok_scim: CommandLine, option: str) -> None:
    ran = ngrok_scim("doctor", "--sandbox", option, "nonsense")
    assert (ran.status, ran.out) == (2, "")
    assert "nonsense" in ran.err
