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

# How terminals that make links of addresses are recognized: by a variable of their own (VTE's,
# KDE's, Windows Terminal and kitty), by TERM_PROGRAM or by TERM.
_MARKS_OF_LINKS = ("VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID")
_PROGRAMS_WITH_LINKS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby")
_TERMS_WITH_LINKS = ("xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm")

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
    from ngrok_scim_cli.report.wording import in_place

    return in_place(text, profile, sandbox)


def print_stderr(text: str) -> None:
    """Print ``text`` on standard error."""
    write_to(sys.stderr, redactor.redact(in_place_of_run(text)) + "\n")


def print_stdout(text: str) -> None:
    """Print ``text`` on standard output; for what is itself the result."""
    from ngrok_scim_cli.report.printable import printable

    shown = redactor.redact(in_place_of_run(text))
    write_to(sys.stdout, printable(shown, keep_lines=True) + "\n")


def print_error(message: str, advice: str = "") -> None:
    """Print what went wrong and the one thing to do about it."""
    lines = redactor.redact(advice).split("\n")  # before a secret could be torn apart
    print_wrapped(f"ngrok-scim: {message}", *filter(None, lines))


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

    NO_COLOR goes before both. Links (OSC 8) go to the terminals that are known to take them.
    """
    import shutil

    terminal = stream.isatty()
    forced = os.environ.get("FORCE_COLOR", "") not in ("", "0")
    shows_colour = forced or (terminal and os.environ.get("TERM") != "dumb")
    colour = shows_colour and not os.environ.get("NO_COLOR")
    takes_links = (
        any(map(os.environ.get, _MARKS_OF_LINKS))
        or os.environ.get("TERM_PROGRAM", "") in _PROGRAMS_WITH_LINKS
        or os.environ.get("TERM", "").startswith(_TERMS_WITH_LINKS)
    )
    columns = shutil.get_terminal_size((_WIDEST, 24)).columns if terminal else _WIDEST
    return Style(
        colour=colour,
        width=max(_NARROWEST, min(_WIDEST, columns)),
        unicode=_is_unicode(stream.encoding),
        verbose=verbose,
        links=colour and terminal and takes_links,
    )


def check_file(path: Path, option: str) -> None:
    """Make sure, before any work is done, that the file of ``option`` can be written.

    That of ``--output`` is written in place. Any other takes the place of what has its name, which
    may be no folder, no device, and no link that somebody may have planted.
    """
    in_place = option == "--output"
    try:
        is_there = path.exists() if in_place else os.path.lexists(path)
        if is_there and not in_place and not stat.S_ISREG(path.lstat().st_mode):
            raise UsageError(
                f"{path} cannot be written: it is a folder, a link or a device.",
                advice=f"Give {option} the name of a new file.",
            )
        if path.is_dir():
            raise _cannot_write(path, "it is a folder")
        if not path.parent.is_dir():
            raise _cannot_write(path, "there is no such folder")
        needed = [path] if is_there else []
        if not (is_there and in_place):
            needed.append(path.parent)
        if not all(os.access(item, os.W_OK) for item in needed):
            raise _cannot_write(path, "permission denied")
    except (OSError, ValueError) as error:  # a name that is too long, for one
        raise _cannot_write(path, getattr(error, "strerror", None)) from None


def replace_file(path: Path, text: str, *, readable: bool = False) -> None:
    """Write ``text`` beside ``path``, then let it take its place: whole or not at all.

    A link that is there by now is replaced, not followed. Its owner alone may read the file, unless
    it is ``readable``.
    """
    from ngrok_scim_cli.settings.files import why, write_whole

    try:
        write_whole(path, text.encode(), readable=readable)
    except OSError as error:
        raise _not_written(path, why(error)) from None


@contextmanager
def writing(path: Path | None, *, is_new: bool = False) -> Iterator[Callable[[str], None]]:
    """Yield a function that writes text to ``path``, or to standard output, and flushes it.

    Neither through a symbolic link, which somebody else may have put there, nor into a pipe that
    nobody reads. A file that has to be new raises ``FileExistsError`` if it is not.
    """
    if path is None:
        yield lambda text: write_to(sys.stdout, text)
        return
    how = os.O_EXCL if is_new else os.O_TRUNC
    how |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o644)
    except FileExistsError:
        raise
    except OSError as error:
        raise _cannot_write(path, error.strerror) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:

            def write(text: str) -> None:
                file.write(_for_any_log(text, file.encoding))
                file.flush()

            yield write
    except OSError as error:  # it comes out of the block that is given ``write``
        raise _not_written(path, error.strerror) from None


def _cannot_write(path: Path, reason: str | None) -> UsageError:
    return UsageError(f"{path} cannot be written: {reason or 'the system refuses it'}.")


def _not_written(path: Path, reason: str | None) -> CannotTell:
    """Say what stopped a file on the way, like a full disk: the command line is not wrong."""
    return CannotTell(_cannot_write(path, reason).message)


def write_to(stream: TextIO, text: str) -> None:
    """Write ``text``, which is redacted, to a standard stream."""
    text = _for_any_log(text, stream.encoding)
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except OSError as error:  # a full disk, for one
        # When Python ends, it would try once more to write what the stream still holds.
        with suppress(OSError, ValueError):  # a stream without a file
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
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
