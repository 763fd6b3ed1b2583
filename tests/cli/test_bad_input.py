"""Bad input ends with one clear line and the contract's exit status, and loses nothing."""

import os
import pty
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.pseudo_terminal import take_terminal

ROOT = Path(__file__).parent.parent.parent
TIMEOUT_S = 20


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("test-connect", "--bogus"), "--bogus"),
        (("bogus",), "bogus"),
        (("test-conect",), "Did you mean 'test-connect'?"),
        (("test-connect", "--format", "xml"), "xml"),
        (("test-connect", "--timeout", "0"), "timeout"),
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


@contextmanager
def at_a_terminal(*arguments: str, home: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start `ngrok-scim` at a pseudo-terminal of its own."""
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NGROK_SCIM_HOME": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-m", "ngrok_scim_cli", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
        preexec_fn=take_terminal,  # noqa: PLW1509 - the test has no other thread at work
    )
    os.close(slave)
    try:
        yield process, master
    finally:
        process.kill()
        process.wait()
        os.close(master)


def read_until(master: int, text: str) -> str:
    """Read what stands on the screen until ``text`` does."""
    screen = b""
    while text.encode() not in screen:
        ready, _, _ = select.select([master], [], [], TIMEOUT_S)
        assert ready, screen.decode()
        try:
            screen += os.read(master, 4096)
        except OSError:
            break
    return screen.decode()


def test_the_end_of_input_at_a_prompt_is_no_answer(tmp_path: Path) -> None:
    with at_a_terminal("setup", "--sandbox", home=tmp_path) as (process, master):
        read_until(master, "[y/N]")
        os.write(master, b"\x04")
        said = read_until(master, "Interrupted")
        assert process.wait(TIMEOUT_S) == 130
        assert "Traceback" not in said


def test_an_interrupt_at_a_prompt_keeps_what_is_done(tmp_path: Path) -> None:
    with at_a_terminal("setup", "--sandbox", home=tmp_path) as (process, master):
        read_until(master, "[y/N]")
        process.send_signal(signal.SIGINT)
        said = read_until(master, "Interrupted")
        assert process.wait(TIMEOUT_S) == 130
        assert "Traceback" not in said


def test_a_hidden_prompt_asks_for_the_key(tmp_path: Path) -> None:
    with at_a_terminal("test-connect", "--no-repair", home=tmp_path) as (process, master):
        read_until(master, "(not shown):")
        os.write(master, b"ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD\n")
        said = read_until(master, "KEY207")
        assert process.wait(TIMEOUT_S) == 1
        assert "KEY207" in said


def test_an_interrupt_does_not_wait_for_a_server_that_never_answers(tmp_path: Path) -> None:
    arguments = ("doctor", "--sandbox", "--fault", "never-answers")
    with at_a_terminal(*arguments, home=tmp_path) as (process, master):
        read_until(master, "Examining")
        process.send_signal(signal.SIGINT)
        said = read_until(master, "Interrupted")
        assert process.wait(TIMEOUT_S) == 130
        assert "Traceback" not in said


def test_what_was_typed_is_not_shown_while_the_server_is_asked(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        typed = f"\N{RIGHT-TO-LEFT OVERRIDE}http://127.0.0.1:{silent.getsockname()[1]}/?p=hidden"
        arguments = ("test-connect", "--base-url", typed, "--api-key-file", str(key_file))
        with at_a_terminal(*arguments, home=tmp_path) as (process, master):
            said = read_until(master, "Asking")
            said += read_until(master, "…")
            process.send_signal(signal.SIGINT)
            said += read_until(master, "Interrupted")
            assert process.wait(TIMEOUT_S) == 130
    assert "hidden" not in said
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in said


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_a_check_that_does_not_exist_is_no_pass(ngrok_scim: CommandLine, option: str) -> None:
    ran = ngrok_scim("doctor", "--sandbox", option, "nonsense")
    assert (ran.status, ran.out) == (2, "")
    assert "nonsense" in ran.err
