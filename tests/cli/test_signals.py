"""The system asks the program to end: nothing is left in the clipboard, and no terminal is mute."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.app import orderly_end
from ngrok_scim_cli.sandbox import open_sandbox
from tests.support.admin import Admin
from tests.support.pseudo_terminal import ENTER, at_a_terminal

pytestmark = pytest.mark.usefixtures("signals_are_heard")

ASKING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

XCLIP = f"""\
#!{sys.executable}
import sys
held = __file__ + ".held"
if "-out" in sys.argv:
    print(open(held).read(), end="")
else:
    open(held, "w").write(sys.stdin.read())
"""


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Admin]:
    with open_sandbox(empty_account=True) as sandbox:
        yield Admin(sandbox, tmp_path)


@pytest.fixture
def held(admin: Admin, tmp_path: Path) -> Path:
    """What the clipboard holds, in a file; its program is a stand-in for xclip."""
    program = tmp_path / "bin" / "xclip"
    program.parent.mkdir()
    program.write_text(XCLIP)
    program.chmod(0o755)
    admin.environment |= {"PATH": str(program.parent), "DISPLAY": ":0", "WAYLAND_DISPLAY": ""}
    return program.with_name("xclip.held")


@pytest.mark.parametrize("number", ASKING)
def test_the_key_leaves_the_clipboard(admin: Admin, held: Path, number: int) -> None:
    assert admin.run("api-key", "create").returncode == 0
    with at_a_terminal("api-key", "show", "--copy", environment=admin.environment) as terminal:
        terminal.wait_for("clears it at once.")
        assert held.read_text() == admin.keyring()["default/scim"]
        terminal.send_signal(number)
        assert terminal.end() == 128 + number
    assert held.read_text() == ""


@pytest.mark.parametrize("number", ASKING)
def test_the_terminal_shows_again_what_is_typed(admin: Admin, number: int) -> None:
    del admin.environment["NGROK_API_KEY"]
    arguments = ("api-key", "create")
    with at_a_terminal(*arguments, environment=admin.environment) as terminal:
        terminal.wait_for("(not shown): ")
        terminal.send_signal(number)
        assert terminal.end() == 128 + number
        assert terminal.shows_what_is_typed()


@pytest.mark.usefixtures("measured_children")
def test_a_setup_that_is_ended_keeps_what_is_done_and_goes_on(admin: Admin, held: Path) -> None:
    arguments = ("setup", "--okta-app-type", "saml", "--domain", "corp.example")
    with at_a_terminal(*arguments, environment=admin.environment) as terminal:
        terminal.answer("in place? [y/N]", "y", ENTER)
        terminal.answer("[Okta SCIM Bot]", ENTER)
        terminal.answer("sent the request?", "y", ENTER)
        terminal.answer("now?", ENTER)
        terminal.wait_for("saved in Okta?")
        assert held.read_text() == admin.keyring()["default/scim"]
        terminal.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
    assert held.read_text() == ""
    assert admin.has_exactly_one_key()
    assert admin.run("setup", "--no-input").returncode == 0
    assert admin.has_exactly_one_key()


def test_a_second_signal_finds_nobody_who_would_delay_the_end() -> None:
    with pytest.raises(SystemExit) as ended, orderly_end():
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM
    handlers = []
    with orderly_end():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except SystemExit:
            handlers = [signal.getsignal(number) for number in ASKING]
    assert handlers == [signal.SIG_DFL] * len(ASKING)


def test_what_was_arranged_before_stays_and_comes_back() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with orderly_end():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert callable(signal.getsignal(signal.SIGTERM))
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_another_thread_than_the_first_listens_to_nothing() -> None:
    seen = []

    def run() -> None:
        with orderly_end():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]
