"""A key where no keyring works: handed to a command, shown once, or kept by hand."""

import os
import shlex
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ngrok_scim_cli.settings.profile import PendingKey
from ngrok_scim_cli.settings.secrets import RunSecrets, SecretStore
from ngrok_scim_cli.setup.hand_off import HalfHandedOver, NotHandedOver, hand_off_to_command
from tests.setup.test_kill_matrix import MOMENTS, killed
from tests.support.admin import Admin
from tests.support.pseudo_terminal import ENTER, at_a_terminal

NO_KEYRING = "keyring.backends.fail.Keyring"
SECRET = "3AbCdEfGhIjKlMnOpQrStUvWxYz_5aBcDeFgHiJkLmNoPqRsT"


@pytest.fixture
def keyless(admin: Admin) -> Admin:
    admin.environment["PYTHON_KEYRING_BACKEND"] = NO_KEYRING
    return admin


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A file that a command puts the key into."""
    return tmp_path / "vault"


def create(vault: Path) -> tuple[str, ...]:
    return ("api-key", "create", "--no-input", "--key-to", f"tee {shlex.quote(str(vault))}")


def tokens(admin: Admin) -> list[str]:
    return [key.token for key in admin.ours().values()]


def test_a_command_gets_the_key_and_nothing_else_does(keyless: Admin, vault: Path) -> None:
    ran = keyless.run(*create(vault))
    (key,) = keyless.ours().values()
    assert (ran.returncode, vault.read_text()) == (0, key.token)
    assert key.token not in ran.stdout + ran.stderr
    kept = keyless.profile().key
    assert kept is not None
    assert (kept.id, kept.kept, kept.kept_by) == (key.id, "command", "tee")
    assert keyless.profile().pending_key is None
    written = keyless.profiles.path("default").read_text() + str(
        keyless.profiles.history("default")
    )
    assert key.token not in written


def test_a_key_that_was_handed_over_is_there(keyless: Admin, vault: Path) -> None:
    keyless.run(*create(vault))
    again = keyless.run(*create(vault))
    assert again.returncode == 0
    assert "handed to the command “tee”" in again.stdout
    assert tokens(keyless) == [vault.read_text()]


def test_the_commands_say_where_the_key_is(keyless: Admin, vault: Path) -> None:
    keyless.run(*create(vault))
    shown = keyless.run("api-key", "show")
    assert (shown.returncode, "in no keyring: handed to the command “tee”" in shown.stdout) == (
        0,
        True,
    )
    tested = keyless.run("test-connect", "--no-input")
    assert tested.returncode == 3
    assert "it was handed to the command “tee”" in " ".join((tested.stdout + tested.stderr).split())
    keyless.environment["NGROK_SCIM_API_KEY"] = vault.read_text()
    assert keyless.run("test-connect", "--no-input").returncode == 0


def test_the_setup_goes_on_to_the_test_with_the_key_of_this_run(
    keyless: Admin, vault: Path
) -> None:
    setup = ("setup", "--no-input", "--okta-app-type", "saml", "--domain", "corp.example")
    ran = keyless.run(*setup, "--key-to", f"tee {vault}")
    assert ran.returncode == 0, ran.stderr
    assert tokens(keyless) == [vault.read_text()]
    assert "test-connect" in keyless.profile().steps
    assert vault.read_text() not in ran.stdout + ran.stderr
    again = keyless.run(*setup)
    assert (again.returncode, tokens(keyless)) == (0, [vault.read_text()])


def test_without_a_terminal_and_a_command_no_key_is_made(keyless: Admin) -> None:
    ran = keyless.run("api-key", "create", "--no-input")
    assert (ran.returncode, keyless.ours()) == (3, {})
    assert "--key-to COMMAND" in ran.stdout + ran.stderr


def test_a_rotation_without_a_keyring_names_its_own_options(keyless: Admin) -> None:
    ran = keyless.run("api-key", "rotate", "--no-input")
    assert (ran.returncode, keyless.ours()) == (3, {})
    assert "ngrok-scim api-key rotate --key-to COMMAND" in ran.stderr
    assert "--api-key-file" not in ran.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-command-anywhere", "There is no command"),
        ("'unclosed", "cannot be read"),
        ("", "There is no command"),
    ],
)
def test_what_is_no_command_is_refused_before_a_key_is_made(
    keyless: Admin, command: str, said: str
) -> None:
    ran = keyless.run("api-key", "create", "--no-input", "--key-to", command)
    assert (ran.returncode, said in ran.stderr) == (2, True)
    assert keyless.ours() == {}


def test_a_command_that_fails_has_the_key_revoked(keyless: Admin) -> None:
    ran = keyless.run("api-key", "create", "--no-input", "--key-to", "sh -c 'cat >&2; exit 3'")
    assert ran.returncode != 0
    assert "“sh” ended with status 3, so the key was revoked" in " ".join(ran.stdout.split())
    assert keyless.ours() == {}
    profile = keyless.profile()
    assert (profile.key, profile.pending_key) == (None, None)
    assert "_" not in ran.stderr.replace("NGROK_", "")  # no key has come out of the command


def test_the_command_has_the_key_without_a_line_break_and_none_of_our_secrets(
    keyless: Admin, vault: Path
) -> None:
    script = f"cat > {vault}; env > {vault}.env; [ -t 0 ] && exit 1; cat {vault} >&2; cat {vault}"
    ran = keyless.run("api-key", "create", "--no-input", "--key-to", f"sh -c {shlex.quote(script)}")
    (token,) = tokens(keyless)
    assert (ran.returncode, vault.read_bytes()) == (0, token.encode())
    environment = Path(f"{vault}.env").read_text()
    assert "PATH=" in environment
    for secret in (token, keyless.environment["NGROK_API_KEY"]):
        assert secret not in environment + ran.stderr
    assert token not in ran.stdout


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    words, owned = tmp_path / "words", tmp_path / "owned"
    program = tmp_path / "keeper"
    program.write_text(f'#!/bin/sh\ncat > /dev/null\nprintf "%s|" "$@" > {words}\n')
    program.chmod(0o700)
    hand_off_to_command(f"{program} 'a b' ; touch {owned} $HOME").give(SECRET)
    assert words.read_text() == f"a b|;|touch|{owned}|$HOME|"
    assert not owned.exists()


@pytest.mark.usefixtures("signals_are_heard")
def test_ctrl_c_ends_a_command_that_hangs_and_the_key_is_kept_until_a_person_says(
    keyless: Admin, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    script = f"echo $$ > {begun}.new; mv {begun}.new {begun}; exec sleep 1000"
    with keyless.started(
        "api-key", "create", "--no-input", "--key-to", f"sh -c {shlex.quote(script)}"
    ) as process:
        while not begun.exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130
    assert not Path(f"/proc/{begun.read_text().strip()}").exists() or os.name != "posix"
    pending = keyless.profile().pending_key
    assert pending is not None
    assert list(keyless.ours()) == [pending.handing_over]
    refused = keyless.run("api-key", "create", "--no-input", "--key-to", "cat")
    assert refused.returncode == 3
    assert "NGR712" in refused.stdout
    assert list(keyless.ours()) == [pending.handing_over]


@pytest.mark.parametrize(
    ("answers", "alive", "known"),
    [(("y",), 1, True), (("n", "y"), 0, False), (("n", "n"), 1, False)],
)
def test_a_person_says_whether_a_key_arrived(
    keyless: Admin, vault: Path, answers: tuple[str, ...], alive: int, known: bool
) -> None:
    leave_half_way(keyless, vault)
    words = ("api-key", "create", "--key-to", "false")
    with at_a_terminal(*words, environment=keyless.environment) as terminal:
        for question, answer in zip(("have the key?", "now?"), answers, strict=False):
            terminal.answer(question, f"{answer}{ENTER}")
        terminal.press_until_it_ends(ENTER)
    assert len(keyless.ours()) == alive
    assert (keyless.profile().key is not None) == known


@pytest.mark.parametrize(
    ("pending", "question", "seen"),
    [
        (
            PendingKey("f00d", kept="shown", handing_over="ak_a"),
            "Did you store ak_a?",
            "while it showed ak_a. Could not verify whether somebody stored it.",
        ),
        (
            PendingKey("f00d", kept="command", kept_by="vault", handing_over="ak_a"),
            "Does the command “vault” have the key?",
            "while it passed ak_a to the command “vault”. Could not verify whether it arrived.",
        ),
    ],
)
def test_what_is_asked_of_a_key_that_was_half_handed_over_fits_how(
    pending: PendingKey, question: str, seen: str
) -> None:
    half = HalfHandedOver(pending)
    assert half.question == question
    assert half.findings[0].evidence == f"An earlier run ended {seen}"


def test_what_was_left_half_way_can_be_revoked_without_a_terminal(
    keyless: Admin, vault: Path
) -> None:
    leave_half_way(keyless, vault)
    (key_id,) = keyless.ours()
    assert keyless.run("api-key", "revoke", key_id, "--yes", "--no-input").returncode == 0
    assert (keyless.ours(), keyless.profile().pending_key) == ({}, None)


def leave_half_way(admin: Admin, vault: Path) -> None:
    """Leave the profile as a run does that ends while the command has the key."""
    admin.run(*create(vault))
    (key_id,) = admin.ours()
    pending = PendingKey("f00d", kept="command", kept_by="tee", handing_over=key_id)
    admin.profiles.save(replace(admin.profile(), key=None, pending_key=pending))


@pytest.mark.no_cover
@MOMENTS
def test_a_key_is_handed_over_or_known_whenever_its_making_was_killed(
    keyless: Admin, vault: Path, step: int
) -> None:
    for kill_at, _ in killed(keyless, *create(vault), step=step):
        assert keyless.unknown() == [], kill_at
        pending = keyless.profile().pending_key
        half_way = pending is not None and bool(pending.handing_over)
        again = keyless.run(*create(vault))
        if half_way:
            assert (again.returncode, len(keyless.ours())) == (3, 1), kill_at
        else:
            assert again.returncode == 0, (kill_at, again.stderr)
            assert tokens(keyless) == [vault.read_text()], kill_at
            assert keyless.profile().pending_key is None
        keyless.start_over()
        vault.unlink(missing_ok=True)


@pytest.mark.no_cover
@MOMENTS
def test_a_rotation_hands_the_new_key_over_whenever_it_was_killed(
    keyless: Admin, vault: Path, step: int
) -> None:
    rotate = ("api-key", "rotate", "--no-input", "--key-to", f"tee {vault}")
    keyless.run(*create(vault))
    (old,) = keyless.ours()
    for kill_at, _ in killed(keyless, *rotate, step=step):
        assert keyless.unknown() == [], kill_at
        assert old in keyless.ours(), kill_at
        pending = keyless.profile().pending_key
        if pending and pending.handing_over:
            ran = keyless.run(*rotate)
            assert (ran.returncode != 0, len(keyless.ours())) == (True, 2), kill_at
            keyless.run("api-key", "revoke", pending.handing_over, "--yes", "--no-input")
        assert keyless.run(*rotate).returncode == 0, kill_at
        new = keyless.profile().next_key
        assert new is not None
        assert (new.kept, keyless.ours()[new.id].token) == ("command", vault.read_text())
        ended = keyless.run("api-key", "rotate", "--finish", "--yes", "--no-input")
        assert ended.returncode == 0, (kill_at, ended.stdout)
        assert tokens(keyless) == [vault.read_text()], kill_at
        (old,) = keyless.ours()


def test_a_person_sees_the_key_once_and_never_again(keyless: Admin) -> None:
    with at_a_terminal("api-key", "create", environment=keyless.environment) as terminal:
        terminal.answer("How do you want to store it?", f"2{ENTER}")
        terminal.answer("Command that reads the key", ENTER)
        terminal.answer("No command was given.", f"1{ENTER}")
        terminal.answer("Okta SCIM Bot", ENTER)
        terminal.wait_for("Have you stored the key?")
        (key,) = keyless.ours().values()
        assert terminal.text().count(key.token) == 1
        terminal.answer("", f"y{ENTER}")
        terminal.press_until_it_ends(ENTER)
    assert terminal.text().count(key.token) == 1
    kept = keyless.profile().key
    assert kept is not None
    assert (kept.id, kept.kept) == (key.id, "shown")


def test_a_key_that_nobody_put_away_is_revoked(keyless: Admin) -> None:
    with at_a_terminal("api-key", "create", environment=keyless.environment) as terminal:
        terminal.answer("How do you want to store it?", f"1{ENTER}")
        terminal.answer("Okta SCIM Bot", ENTER)
        terminal.answer("Have you stored the key?", f"n{ENTER}")
        terminal.answer("Revoke the key, and make none?", f"y{ENTER}")
        terminal.press_until_it_ends(ENTER)
    assert keyless.ours() == {}
    assert keyless.profile().pending_key is None


def test_a_command_that_prints_the_key_prints_it_to_nobody(
    capfd: pytest.CaptureFixture[str],
) -> None:
    hand_off_to_command("sh -c 'cat; cat >&2'").give(SECRET)
    with pytest.raises(NotHandedOver):
        hand_off_to_command("sh -c 'cat >&2; exit 1'").give(SECRET)
    assert capfd.readouterr() == ("", "")


def test_the_key_of_a_run_is_known_to_that_run_alone() -> None:
    keyring = SecretStore()
    secrets = RunSecrets(keyring, lambda: pytest.fail("nobody asks for the profile"))
    secrets.hand_off = hand_off_to_command("cat")
    secrets.set("default/scim", SECRET)
    assert secrets.get("default/scim") == SECRET
    assert keyring.get("default/scim") is None


def test_a_command_that_cannot_be_run_is_said_to_be_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("no program")
    broken.chmod(0o700)
    with pytest.raises(NotHandedOver, match="could not be started"):
        hand_off_to_command(str(broken)).give(SECRET)
