import io
import os
import pty
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread, get_ident
from time import monotonic

import pytest

from ngrok_scim_cli.cli.runtime.terminal import read_hidden_line, read_line

TIMEOUT_S = 10

Read = Callable[[str], str]

BOTH = pytest.mark.parametrize("read", [read_line, read_hidden_line])


class Screen(io.StringIO):
    """Standard error, which tells when it shows something.

    Attributes:
        shown: set as soon as it does.
        keys: the end of the terminal at which a person types.
    """

    def __init__(self, keys: io.FileIO) -> None:
        super().__init__()
        self.shown = Event()
        self.keys = keys

    def flush(self) -> None:
        super().flush()
        self.shown.set()

    def press(self, keys: bytes) -> None:
        """Press ``keys`` as soon as the prompt stands there."""
        assert self.shown.wait(TIMEOUT_S)
        self.keys.write(keys)


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """Put a terminal in the place of standard input and standard error."""
    master, slave = pty.openpty()
    with os.fdopen(slave, encoding="utf-8") as stream, io.FileIO(master, "r+") as keys:
        screen = Screen(keys)
        monkeypatch.setattr(sys, "stdin", stream)
        monkeypatch.setattr(sys, "stderr", screen)
        yield screen


@contextmanager
def somebody(does: Callable[[], None]) -> Iterator[None]:
    person = Thread(target=does)
    person.start()
    try:
        yield
    finally:
        person.join()


def typed(read: Read, keys: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    with terminal(monkeypatch) as screen, somebody(lambda: screen.press(keys)):
        return read("Key: ")


@BOTH
def test_a_line_comes_as_it_was_typed(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed(read, " \u00a0key\t \n".encode(), monkeypatch) == " \u00a0key\t "


@BOTH
def test_what_is_no_text_is_kept(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed(read, b"k\xff\n", monkeypatch) == "k\udcff"


@BOTH
def test_the_end_of_input_is_no_line(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EOFError):
        typed(read, b"\x04", monkeypatch)


@BOTH
def test_a_terminal_that_is_gone_is_the_end_of_input(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch) as screen:

        def go_away() -> None:
            assert screen.shown.wait(TIMEOUT_S)
            screen.keys.close()

        with pytest.raises(EOFError), somebody(go_away):
            read("Key: ")


@pytest.mark.parametrize(("read", "shows"), [(read_line, True), (read_hidden_line, False)])
def test_what_is_hidden_is_not_shown(
    read: Read, shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch) as screen:
        with somebody(lambda: screen.press(b"abc\n")):
            read("Key: ")
        os.write(sys.stdin.fileno(), b"the end")
        assert (b"abc" in screen.keys.read(100)) is shows
    assert screen.getvalue() == ("Key: " if shows else "Key: \n")


@pytest.mark.parametrize("keys", [b"abc\n", b"\x04"])
def test_afterwards_the_terminal_shows_again_what_is_typed(
    keys: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch) as screen:
        before = termios.tcgetattr(screen.keys)
        with somebody(lambda: screen.press(keys)), suppress(EOFError):
            read_hidden_line("Key: ")
        assert termios.tcgetattr(screen.keys) == before


@pytest.mark.usefixtures("signals_are_heard")
@BOTH
def test_a_ctrl_c_that_interrupts_no_read_is_noticed(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Event()
    came_too_late: list[bool] = []
    monkeypatch.setattr("ngrok_scim_cli.cli.runtime.terminal._LOOK_EVERY_S", 0.01)

    with terminal(monkeypatch) as screen:

        def interrupt() -> None:
            screen.shown.wait(TIMEOUT_S)
            # Taken by this thread, it is noted and wakes nobody, like one that comes just before
            # a read begins to wait.
            signal.pthread_kill(get_ident(), signal.SIGINT)
            came_too_late.append(not over.wait(TIMEOUT_S))
            screen.keys.write(b"\n")

        with somebody(interrupt):
            with pytest.raises(KeyboardInterrupt):
                read("Key: ")
            over.set()
    assert came_too_late == [False]


def test_after_a_stop_the_line_is_hidden_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as screen:
        before = signal.getsignal(signal.SIGCONT)

        def stop_and_go_on() -> None:
            assert screen.shown.wait(TIMEOUT_S)
            modes = termios.tcgetattr(screen.keys)
            modes[3] |= termios.ECHO  # as a shell does
            termios.tcsetattr(screen.keys, termios.TCSANOW, modes)
            os.kill(os.getpid(), signal.SIGCONT)
            given_up = monotonic() + TIMEOUT_S
            while termios.tcgetattr(screen.keys)[3] & termios.ECHO and monotonic() < given_up:
                pass
            screen.keys.write(b"abc\n")

        with somebody(stop_and_go_on):
            assert read_hidden_line("Key: ") == "abc"
        os.write(sys.stdin.fileno(), b"the end")
        assert b"abc" not in screen.keys.read(100)
        assert signal.getsignal(signal.SIGCONT) is before


def test_a_hidden_line_is_read_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr("getpass.getpass", lambda prompt, stream: f"{prompt}{stream is sys.stderr}")
    assert read_hidden_line("Key: ") == "Key: True"
