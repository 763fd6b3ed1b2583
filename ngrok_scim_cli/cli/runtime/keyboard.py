"""What is typed at the terminal: a line, seen or hidden."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select

# How long a Ctrl-C can go unnoticed, at worst.
_LOOK_EVERY_S = 0.5


def read_line(prompt: str) -> str:
    """Show ``prompt`` and read a line, as it was typed.

    Bytes that are no text in the terminal's encoding become surrogates (``surrogateescape``), as
    those of a key file do.

    Raises:
        EOFError: the input has ended, or the terminal is gone.
    """
    sys.stderr.write(prompt)
    sys.stderr.flush()
    try:
        _await_input()
        line = sys.stdin.buffer.readline()
    except OSError:  # nobody holds the other end of the terminal any more
        line = b""
    if not line:
        raise EOFError
    text = line.decode(sys.stdin.encoding, "surrogateescape")
    return text.removesuffix("\n").removesuffix("\r")


def read_hidden_line(prompt: str) -> str:
    """Show ``prompt`` and read a line that the terminal does not show."""
    if not _is_posix_terminal():
        from getpass import getpass

        return getpass(prompt, stream=sys.stderr)
    with _without_echo():
        line = read_line(prompt)
    sys.stderr.write("\n")  # Enter was not shown either
    return line


def _is_posix_terminal() -> bool:
    return sys.platform != "win32" and sys.stdin.isatty()


def _await_input() -> None:
    """Wait until there is something to read.

    Python notes a Ctrl-C that comes in the moment before a read begins to wait, and acts on it only
    when that read is over. A wait that ends now and then lets it act.
    """
    while _is_posix_terminal() and not select([sys.stdin], [], [], _LOOK_EVERY_S)[0]:
        pass


@contextmanager
def _without_echo() -> Iterator[None]:
    """Do as ``getpass`` does: what was typed ahead is thrown away, and so is what is left over.

    Where the program is stopped (Ctrl-Z) and goes on, the shell has set the terminal as it likes it
    in between; then it is hidden again.
    """
    import termios

    shown = termios.tcgetattr(sys.stdin)
    hidden = [*shown]
    hidden[3] &= ~termios.ECHO

    def hide(*_: object) -> None:
        termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, hidden)

    on_return = signal.signal(signal.SIGCONT, hide)
    try:
        hide()
        yield
    finally:
        signal.signal(signal.SIGCONT, on_return)
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, shown)
