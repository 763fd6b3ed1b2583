"""The clipboard of this machine, or of the one at the other end of an SSH connection.

The text goes to the clipboard's own program through its standard input: an argument, or a variable
of its environment, could be read by others.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from threading import Timer
from typing import TYPE_CHECKING, Protocol

from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings.environment import find_program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

_TIME_LIMIT = 10.0

# Bytes; no key is so long.
_MOST_READ = 64 * 1024

# Some of the programs that print what the clipboard holds add a line break of their own.
_ENDINGS = "\r\n"

# What the programs need; nothing else is handed on, for a key may be in the environment.
_HANDED_ON = (
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "SYSTEMROOT",
    "TMPDIR",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
)


# What it is, and the commands that copy, paste and empty it; without the last, nothing is copied.
_Candidate = tuple[str, str, str, str]
_WAYLAND = ("the clipboard (wl-copy)", "wl-copy", "wl-paste --no-newline", "wl-copy --clear")
_MACOS = ("the clipboard", "pbcopy", "pbpaste", "")
_POWERSHELL = "powershell.exe -NoProfile -Command Get-Clipboard"
_WINDOWS = ("the clipboard of Windows", "clip.exe", _POWERSHELL, "")
_XCLIP = "xclip -selection clipboard"
_X11 = (
    ("the clipboard (xclip)", _XCLIP, f"{_XCLIP} -out", ""),
    (
        "the clipboard (xsel)",
        "xsel --clipboard --input",
        "xsel --clipboard --output",
        "xsel --clipboard --clear",
    ),
)


class Clipboard(Protocol):
    """Where a text can be put so that a person pastes it elsewhere.

    ``put`` raises ``CannotTell`` where it did not work. ``clear`` empties a clipboard that tells
    what it holds, if that is still ``text``, and returns whether it did. ``copy_kept`` says who
    else keeps a copy, and how to delete it there.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - as in the class
    @property
    def can_be_cleared(self) -> bool: ...  # noqa: D102
    @property
    def copy_kept(self) -> str: ...  # noqa: D102
    def put(self, text: str) -> None: ...  # noqa: D102
    def clear(self, text: str) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ClipboardProgram:
    """A clipboard that is reached through programs.

    Attributes:
        empty: the command that empties it; without one, an empty text is copied.
    """

    name: str
    copy: tuple[str, ...]
    paste: tuple[str, ...]
    environment: Mapping[str, str]
    empty: tuple[str, ...] = ()

    can_be_cleared = True
    copy_kept = ""

    def put(self, text: str) -> None:
        """Put ``text`` there."""
        try:
            self._run(self.copy, text)
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotTell(
                f"The clipboard could not be used: {self.copy[0]} failed ({type(error).__name__}).",
                advice="Show the key at this terminal instead: ngrok-scim api-key show --reveal",
            ) from None

    def clear(self, text: str) -> bool:
        """Empty it if it still holds ``text``, and return whether it did."""
        try:
            if self._read() != text.rstrip(_ENDINGS):
                return False
            self._run(self.empty or self.copy, "")
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def _run(self, command: tuple[str, ...], text: str) -> None:
        # Nothing is captured: some programs stay in the background and would keep a pipe open.
        subprocess.run(
            command,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(self.environment),
            timeout=_TIME_LIMIT,
            check=True,
        )

    def _read(self) -> str:
        with subprocess.Popen(
            self.paste,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(self.environment),
        ) as program:
            late = Timer(_TIME_LIMIT, program.kill)
            late.start()
            try:
                data = program.stdout.read(_MOST_READ) if program.stdout else b""
                if len(data) == _MOST_READ:
                    program.kill()  # it holds something else, perhaps without end
            finally:
                late.cancel()
        if program.returncode:
            raise subprocess.CalledProcessError(program.returncode, self.paste)
        return data.decode("utf-8", "replace").rstrip(_ENDINGS)


@dataclass(frozen=True, slots=True)
class TerminalClipboard:
    """The clipboard of the terminal, by the control sequence OSC 52 (xterm's control sequences).

    It reaches through an SSH connection. Terminals do not tell what their clipboard holds, so it
    is not cleared: by then it may hold something else.

    Attributes:
        wrapping: what goes around the sequence, and what stands for an escape in it, so that a
            program between us and the terminal (tmux, screen) hands it on; empty where there is
            none.
    """

    stream: TextIO
    wrapping: tuple[str, str, str] | None = None

    name = "your terminal's clipboard"
    can_be_cleared = False

    @property
    def copy_kept(self) -> str:
        """Say that tmux puts whatever is copied into a buffer of its own."""
        if not self.wrapping or "tmux" not in self.wrapping[0]:
            return ""
        return "tmux keeps a copy of the key: open `tmux choose-buffer`, and press d on it."

    def put(self, text: str) -> None:
        """Put ``text`` there. Whether the terminal obeys cannot be seen."""
        encoded = base64.b64encode(text.encode()).decode()
        sequence = f"\x1b]52;c;{encoded}\x07"
        self.stream.write(sequence)
        if self.wrapping:
            before, escape, after = self.wrapping
            self.stream.write(before + sequence.replace("\x1b", escape) + after)
        self.stream.flush()

    def clear(self, text: str) -> bool:
        """Do nothing."""
        del text
        return False


def find_clipboard(
    environment: Mapping[str, str] = os.environ,
    *,
    terminal: TextIO | None = None,
    platform: str = sys.platform,
    which: Callable[..., str | None] = find_program,
) -> Clipboard | None:
    """Return the clipboard in front of which the person sits, or ``None`` where there is none.

    Args:
        environment: tells an SSH connection (``SSH_TTY``, ``SSH_CONNECTION``) and the desktop.
    """
    if environment.get("SSH_TTY") or environment.get("SSH_CONNECTION"):
        if terminal is None or not terminal.isatty():
            return None
        return TerminalClipboard(terminal, _wrapping(environment))
    handed_on = {name: value for name, value in environment.items() if name.upper() in _HANDED_ON}
    for name, *commands in _candidates(environment, platform):
        copy, paste, empty = (command.split() for command in commands)
        program, reader = (which(word[0], path=environment.get("PATH")) for word in (copy, paste))
        if program and reader:
            return ClipboardProgram(
                name,
                (program, *copy[1:]),
                (reader, *paste[1:]),
                handed_on,
                (program, *empty[1:]) if empty else (),
            )
    return None


def _wrapping(environment: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return how a sequence gets past tmux (allow-passthrough) or screen, if one of them is there.

    Both are sent the bare sequence, too: tmux obeys it where its set-clipboard is on.
    """
    if environment.get("TMUX"):
        return "\x1bPtmux;", "\x1b\x1b", "\x1b\\"
    return ("\x1bP", "\x1b", "\x1b\\") if environment.get("STY") else None


def _candidates(environment: Mapping[str, str], platform: str) -> tuple[_Candidate, ...]:
    if platform == "darwin":
        return (_MACOS,)
    if platform == "win32":
        return (_WINDOWS,)
    return (
        *((_WAYLAND,) if environment.get("WAYLAND_DISPLAY") else ()),
        *(_X11 if environment.get("DISPLAY") else ()),
        _WINDOWS,  # the Windows around a Linux subsystem
    )
