"""The clipboard of this machine, or of the one at the other end of an SSH connection.

The text goes to the clipboard's own program through its standard input: an argument, or a variable
of its environment, could be read by others.
"""

from __future__ import annotations

import base64
import os
import subprocess
from threading import Timer
from typing import TYPE_CHECKING

from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings.environment import find_program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

# Each program: the variable that its desktop sets, what it is, and how it copies and pastes.
_PROGRAMS = (
    ("", "the clipboard", "pbcopy", "pbpaste"),
    ("WAYLAND_DISPLAY", "the clipboard (wl-copy)", "wl-copy", "wl-paste --no-newline"),
    ("DISPLAY", "the clipboard (xclip)", "xclip -sel clipboard", "xclip -sel clipboard -out"),
    ("DISPLAY", "the clipboard (xsel)", "xsel --clipboard --input", "xsel --clipboard --output"),
    # Also the Windows around a Linux subsystem.
    ("", "the Windows clipboard", "clip.exe", "powershell.exe -NoProfile -Command Get-Clipboard"),
)

# Seconds.
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


class Clipboard:
    """Where a text can be put so that a person pastes it elsewhere.

    Attributes:
        can_be_cleared: whether it can be read, and so emptied.
        copy_kept: who else keeps a copy, and how to delete it there.
    """

    name: str
    can_be_cleared = False
    copy_kept = ""

    def put(self, text: str) -> None:
        """Put ``text`` there; raise ``CannotTell`` where that did not work."""
        raise NotImplementedError

    def clear(self, text: str) -> bool:
        """Empty it if it still holds ``text``, and return whether it did."""
        del text
        return False


@dataclass(frozen=True, slots=True)
class ClipboardProgram(Clipboard):
    """A clipboard that is reached through programs."""

    name: str
    copy: tuple[str, ...]
    paste: tuple[str, ...]
    environment: Mapping[str, str]

    can_be_cleared = True

    def put(self, text: str) -> None:
        """Put ``text`` there."""
        try:
            self._copy(text)
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
            self._copy("")
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def _copy(self, text: str) -> None:
        # Nothing is captured: some programs stay in the background and would keep a pipe open.
        subprocess.run(
            self.copy,
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
class TerminalClipboard(Clipboard):
    """The clipboard of the terminal, by the control sequence OSC 52 (xterm's control sequences).

    It reaches through an SSH connection. Whether the terminal obeys cannot be seen, nor what its
    clipboard holds, so it is not cleared: by then it may hold something else.

    Attributes:
        between: ``tmux`` or ``screen``, if one of them is between us and the terminal.
    """

    stream: TextIO
    between: str = ""
    copy_kept: str = ""

    name = "your terminal's clipboard"

    def put(self, text: str) -> None:
        """Put ``text`` there."""
        sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
        # Bare, too: tmux obeys it where its set-clipboard is on, hands the other on where its
        # allow-passthrough is.
        self.stream.write(sequence)
        if self.between == "tmux":
            doubled = sequence.replace("\x1b", "\x1b\x1b")
            self.stream.write(f"\x1bPtmux;{doubled}\x1b\\")
        elif self.between:
            self.stream.write(f"\x1bP{sequence}\x1b\\")
        self.stream.flush()


def find_clipboard(
    environment: Mapping[str, str] = os.environ,
    *,
    terminal: TextIO | None = None,
    which: Callable[..., str | None] = find_program,
) -> Clipboard | None:
    """Return the clipboard in front of which the person sits, or ``None`` where there is none.

    Args:
        environment: shows an SSH connection (``SSH_TTY``, ``SSH_CONNECTION``) and the desktop.
    """
    if environment.get("SSH_TTY") or environment.get("SSH_CONNECTION"):
        if terminal is None or not terminal.isatty():
            return None
        if environment.get("TMUX"):
            kept = "tmux keeps a copy of the key: open `tmux choose-buffer`, and press d on it."
            return TerminalClipboard(terminal, "tmux", kept)
        return TerminalClipboard(terminal, "screen" if environment.get("STY") else "")
    handed_on = {name: value for name, value in environment.items() if name.upper() in _HANDED_ON}
    for variable, name, *commands in _PROGRAMS:
        if variable and not environment.get(variable):
            continue
        (copy, *to_copy), (paste, *to_paste) = map(str.split, commands)
        copier, reader = (which(program, path=environment.get("PATH")) for program in (copy, paste))
        if copier and reader:
            return ClipboardProgram(name, (copier, *to_copy), (reader, *to_paste), handed_on)
    return None
