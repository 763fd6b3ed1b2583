"""`ngrok-scim` at a pseudo-terminal: what stands on the screen, and the keys that a person presses.

``UPDATE_GOLDEN=1 python -m pytest tests/cli`` writes the golden screens anew; read the difference.
"""

import fcntl
import os
import pty
import re
import select
import struct
import termios
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import pyte

from tests.support.forked import ForkedCommand

ENTER = "\r"
CTRL_C = "\x03"
CTRL_D = "\x04"

_TIMEOUT_S = 30
_ROWS = 300
_QUIET_S = 0.2
_MOST_PRESSES = 15

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

# Of one length each, so that lines break where they did.
_PASSING = (
    (re.compile(r"\b(ak|bot)_[0-9A-Za-z]{27}"), lambda found: f"{found[1]}_{'i' * 27}"),
    (re.compile(r"127\.0\.0\.1:\d{5}"), lambda _: "127.0.0.1:PPPPP"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), lambda _: "YYYY-MM-DD"),
)


class _Screen(pyte.Screen):
    """A screen that shows dim letters in italics: pyte knows no dim ones."""

    def select_graphic_rendition(self, *attributes: int, **more: Any) -> None:  # noqa: ANN401 - as the base
        """Change how the letters that follow look."""
        super().select_graphic_rendition(*(3 if one == 2 else one for one in attributes), **more)


class PseudoTerminal:
    """A running command and the screen that it writes on.

    Args:
        process: the command.
        master: the other end of its terminal.
        columns: how wide the screen is.
    """

    def __init__(self, process: ForkedCommand, master: int, columns: int) -> None:
        self._process = process
        self._master = master
        self._screen = _Screen(columns, _ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._unread = ""
        self.everything = ""

    def answer(self, prompt: str, *keys: str) -> None:
        """Wait until ``prompt`` stands there anew, then press ``keys``."""
        while prompt not in _CONTROL.sub("", self._unread):
            assert self._read(), f"{prompt!r} did not come:\n{self.text()}"
        self._unread = ""
        os.write(self._master, "".join(keys).encode())

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)

    def shows_what_is_typed(self) -> bool:
        return bool(termios.tcgetattr(self._master)[3] & termios.ECHO)

    def wait_for(self, text: str) -> None:
        """Wait until ``text`` stands there anew."""
        self.answer(text)

    def end(self) -> int:
        """Wait until the command ends and return its exit status."""
        while self._read():
            pass
        return self._process.wait(_TIMEOUT_S)

    def press_until_it_ends(self, keys: str) -> int:
        """Press ``keys`` whenever nothing more comes, until the command ends; return its status.

        It is interrupted where that leads nowhere.
        """
        for _ in range(_MOST_PRESSES):
            while select.select([self._master], [], [], _QUIET_S)[0]:
                if not self._read():
                    return self._process.wait(_TIMEOUT_S)
            os.write(self._master, keys.encode())
        os.write(self._master, CTRL_C.encode())
        return self.end()

    def text(self) -> str:
        """Return what stands on the screen, with what differs from run to run masked."""
        text = self.plain()
        for pattern, mask in _PASSING:
            text = pattern.sub(mask, text)
        return text

    def plain(self) -> str:
        """Return what stands on the screen."""
        return _page(self._screen.display)

    def painted(self) -> str:
        """Return what stands on the screen, with its looks marked: ``{bold green:PASS}``."""
        rows = [
            "".join(_marked("".join(char.data for char in run), look) for look, run in groups)
            for groups in (groupby(row, _look) for row in self.cells())
        ]
        return _page(rows)

    def cells(self) -> list[list[pyte.screens.Char]]:
        """Return the rows of the screen, each letter with its colour."""
        buffer = self._screen.buffer
        return [
            [buffer[row][column] for column in range(self._screen.columns)]
            for row in range(self._screen.lines)
        ]

    def lines(self) -> list[str]:
        """Return the lines as the program broke them, not the terminal."""
        return _CONTROL.sub("", self.everything).split("\r\n")

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], _TIMEOUT_S)
        assert ready, self.text()
        try:
            data = os.read(self._master, 4096)
        except OSError:  # Linux's way to say that the other end is closed
            return False
        self._stream.feed(data)
        text = self._decode(data)
        self._unread += text
        self.everything += text
        return bool(data)


def _page(rows: Iterable[str]) -> str:
    return "\n".join(row.rstrip() for row in rows).strip("\n") + "\n"


def _look(char: pyte.screens.Char) -> str:
    """Return how a letter looks, in rich's words."""
    looks = (("bold", char.bold), ("dim", char.italics), ("underline", char.underscore))
    colour = {"default": "", "brown": "yellow"}.get(char.fg, char.fg)
    return " ".join([*(name for name, is_so in looks if is_so), colour]).strip()


def _marked(text: str, look: str) -> str:
    return f"{{{look}:{text}}}" if look and text.strip() else text


@contextmanager
def at_a_terminal(
    *arguments: str, environment: Mapping[str, str], columns: int = 80
) -> Iterator[PseudoTerminal]:
    """Start `ngrok-scim` at a terminal of its own, and end it if it does not end by itself."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, columns, 0, 0))
    inherited = {
        name: text for name, text in os.environ.items() if name not in ("COLUMNS", "COLORTERM")
    }
    process = ForkedCommand(
        *arguments,
        environment={**inherited, "TERM": "xterm", **environment},
        streams=[slave] * 3,
        at_terminal=True,
    )
    os.close(slave)
    try:
        yield PseudoTerminal(process, master, columns)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def assert_screen(path: Path, text: str) -> None:
    """Compare ``text`` with the golden screen at ``path``, or write it where that is asked for."""
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text
