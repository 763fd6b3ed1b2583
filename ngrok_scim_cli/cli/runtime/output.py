"""The one place that writes to the terminal and to files that a person names."""

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TextIO

from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Style

_WIDEST = 100
_NARROWEST = 40

# Set by terminals that make links of addresses: VTE's, KDE's, Windows Terminal and kitty.
_MARKS_OF_LINKS = ("VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID")

# The profile on which this run works, and the faults of its sandbox; empty and ``None``: none.
_place: ContextVar[tuple[str, tuple[str, ...] | None]] = ContextVar("place", default=("", None))


def set_place(profile: str, sandbox: Sequence[str] | None = None) -> None:
    """Make the commands that are printed from now on name this profile and this sandbox."""
    _place.set((profile, None if sandbox is None else tuple(sandbox)))


def place_of_run() -> tuple[str, tuple[str, ...] | None]:
    """Return the profile on which this run works, and the faults of its sandbox."""
    return _place.get()


def in_place_of_run(text: str) -> str:
    """Return ``text`` with the profile and the sandbox of this run in the commands in it."""
    profile, sandbox = _place.get()
    if not profile:
        return text
    from ngrok_scim_cli.report.next_step import in_place

    return in_place(text, profile, sandbox)


def print_stderr(text: str) -> None:
    """Print ``text`` on standard error."""
    _write(sys.stderr, redactor.redact(in_place_of_run(text)) + "\n")


def print_stdout(text: str) -> None:
    """Print ``text`` on standard output; for what is itself the result."""
    from ngrok_scim_cli.report.printable import printable

    shown = redactor.redact(in_place_of_run(text))
    write_out(printable(shown, keep_lines=True) + "\n")


def write_out(text: str) -> None:
    """Write ``text``, which is redacted, to standard output."""
    _write(sys.stdout, text)


def print_error(message: str, advice: str = "") -> None:
    """Print what went wrong and the one thing to do about it."""
    print_wrapped(*filter(None, (f"ngrok-scim: {message}", advice)))


def print_wrapped(*paragraphs: str) -> None:
    """Print paragraphs on standard error, wrapped at a terminal."""
    from ngrok_scim_cli.report.layout import wrap
    from ngrok_scim_cli.report.printable import printable

    for text in paragraphs:
        line = printable(redactor.redact(in_place_of_run(text)))
        if sys.stderr.isatty():  # in a log each stays one line
            line = "\n".join(wrap(line, terminal_style(sys.stderr).width))
        print_stderr(line)


def terminal_style(stream: TextIO, *, verbose: bool = False) -> Style:
    """Return how to print on ``stream``: in colour at a terminal or where FORCE_COLOR asks for it.

    NO_COLOR goes before both.
    """
    terminal = stream.isatty()
    forced = os.environ.get("FORCE_COLOR", "") not in ("", "0")
    shows_colour = forced or (terminal and os.environ.get("TERM") != "dumb")
    colour = shows_colour and not os.environ.get("NO_COLOR")
    return Style(
        colour=colour,
        width=_terminal_width() if terminal else _WIDEST,
        unicode=_is_unicode(stream.encoding),
        verbose=verbose,
        links=colour and terminal and _takes_links(),
    )


def _takes_links() -> bool:
    """Return whether the terminal is one of those that are known to make links (OSC 8)."""
    program = os.environ.get("TERM_PROGRAM", "")
    term = os.environ.get("TERM", "")
    return (
        any(os.environ.get(name) for name in _MARKS_OF_LINKS)
        or program in ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby")
        or term.startswith(("xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm"))
    )


def check_writable(path: Path) -> None:
    """Make sure that the result can be written to ``path`` before any work is done."""
    try:
        if path.is_dir():
            raise _cannot_write(path, "it is a folder")
        _check_access(path, path if path.exists() else path.parent)
    except OSError as error:  # a name that is too long, for one
        raise _cannot_write(path, error.strerror) from None


def check_replaceable(path: Path, option: str) -> None:
    """Make sure that a whole file can take its place at ``path``, before any work is done.

    Raises:
        UsageError: the folder is missing or closed, or what is there is no ordinary file of
            this person: a folder, a device, or a link that somebody may have planted.
    """
    try:
        is_there = os.path.lexists(path)
        if is_there and not stat.S_ISREG(path.lstat().st_mode):
            raise UsageError(
                f"{path} cannot be written: it is a folder, a link or a device.",
                advice=f"Give {option} the name of a new file.",
            )
        _check_access(path, *([path] if is_there else ()), path.parent)
    except (OSError, ValueError):
        raise UsageError(f"{path} cannot be written.") from None


def _check_access(path: Path, *needed: Path) -> None:
    if not path.parent.is_dir():
        raise _cannot_write(path, "there is no such folder")
    if not all(os.access(item, os.W_OK) for item in needed):
        raise _cannot_write(path, "permission denied")


def replace_file(path: Path, text: str, *, readable: bool = False) -> None:
    """Write ``text`` beside ``path``, then let it take its place: whole or not at all.

    A link that is there by now is replaced, not followed. Its owner alone may read the file, unless
    it is ``readable``.
    """
    from ngrok_scim_cli.settings.files import why, write_whole

    try:
        write_whole(path, text.encode(), readable=readable)
    except OSError as error:
        raise _cannot_write(path, why(error)) from None


def _cannot_write(path: Path, reason: str | None) -> UsageError:
    return UsageError(f"{path} cannot be written: {reason or 'the system refuses it'}.")


def write_file(path: Path, text: str, *, is_new: bool = False) -> None:
    """Write ``text`` to ``path``; where it has to be new, raise ``FileExistsError`` if it is not.

    Neither through a symbolic link, which somebody else may have put there, nor into a pipe that
    nobody reads.
    """
    with _opened(path, os.O_EXCL if is_new else os.O_TRUNC) as write:
        write(text)


@contextmanager
def writing(path: Path | None) -> Iterator[Callable[[str], None]]:
    """Yield a function that writes text piece by piece, for what is too long to build first.

    Each piece is flushed when the call returns. Without a ``path``, it goes to standard output.
    """
    if path is None:
        yield lambda text: _write(sys.stdout, text)
        return
    with _opened(path, os.O_TRUNC) as write:
        yield write


@contextmanager
def _opened(path: Path, how: int) -> Iterator[Callable[[str], None]]:
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how | careful, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:

            def write(text: str) -> None:
                file.write(_for_any_log(text, file.encoding))
                file.flush()

            yield write
    except FileExistsError:
        raise
    except OSError as error:  # of the write, too: it comes out of the block that is given ``write``
        raise _cannot_write(path, error.strerror) from None


def _terminal_width() -> int:
    import shutil

    columns = shutil.get_terminal_size((_WIDEST, 24)).columns
    return max(_NARROWEST, min(_WIDEST, columns))


def _write(stream: TextIO, text: str) -> None:
    text = _for_any_log(text, stream.encoding)
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except OSError as error:  # a full disk, for one
        _give_up(stream)
        if isinstance(error, BrokenPipeError):
            raise
        if stream is not sys.stderr:  # there is no place left to say it
            raise CannotTell(f"The result cannot be written: {error.strerror}.") from None


def _for_any_log(text: str, encoding: str | None) -> str:
    """Return ``text`` as it may be in the log of a CI runner, which obeys some lines."""
    if "##" not in text and "::" not in text:
        return text
    from ngrok_scim_cli.report.printable import without_runner_commands

    return without_runner_commands(text, unicode=_is_unicode(encoding))


def _is_unicode(encoding: str | None) -> bool:
    return (encoding or "").lower().replace("-", "") in ("utf8", "utf16")


def _give_up(stream: TextIO) -> None:
    """Discard what ``stream`` still holds: Python would try to write it once more when it ends."""
    with suppress(OSError, ValueError):  # a stream without a file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
