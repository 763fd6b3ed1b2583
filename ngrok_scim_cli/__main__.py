"""Start `ngrok-scim`; answer `--version` and `--help` before anything slow is imported."""

import errno
import gc
import os
import sys

from ngrok_scim_cli import __version__

_HELP = os.path.join(os.path.dirname(__file__), "cli", "help")  # noqa: PTH118, PTH120 - pathlib takes longer to load than the rest
# Without a command, a group only shows the help page of its commands.
_GROUPS = (["api-key"], ["domain"], ["profile"], ["users"])
_COMPLETING = "_NGROK_SCIM_COMPLETE"  # a shell asks with it, and without arguments, how to go on
_COLLECT_EVERY = 100_000  # new objects; Python's own 700 suits programs that run longer
_EXIT_INTERRUPTED = 130
_EXIT_CANNOT_TELL = 3


def main() -> int:
    """Run the command line of this process and return its exit status (docs/exit-statuses.md)."""
    arguments = sys.argv[1:]
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - as long as we run
    if arguments in (["--version"], ["-V"], ["version"]):
        return _print(f"ngrok-scim {__version__}\n")
    # What an import makes stays; looking through it for garbage takes a tenth of the start.
    gc.set_threshold(_COLLECT_EVERY)
    stored = None
    if _COMPLETING not in os.environ:
        stored = stored_help(arguments) or explained(arguments)
    if stored is not None:
        return _print(stored)
    try:
        from ngrok_scim_cli.cli.app import run

        status = run(arguments)
    except KeyboardInterrupt:  # while it was still loading
        sys.stderr.write("ngrok-scim: Interrupted.\n")
        return _EXIT_INTERRUPTED
    except (MemoryError, SystemError):  # Python may find no memory for a MemoryError
        sys.stderr.write("ngrok-scim: This machine is out of a resource: memory.\n")
        return _EXIT_CANNOT_TELL
    except OSError as error:  # a module could not be opened
        what = f"ngrok-scim cannot be loaded: {error.strerror}"
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
            what = f"This machine is out of a resource: {error.strerror}"
        sys.stderr.write(f"ngrok-scim: {what}.\n")
        return _EXIT_CANNOT_TELL
    gc.freeze()  # all of it ends now; looking through it once more would take another tenth
    return status


def _print(text: str) -> int:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # its reader went away, and does not want a message either
        os._exit(1)
    except OSError as error:
        sys.stderr.write(f"ngrok-scim: Standard output cannot be written: {error.strerror}.\n")
        os._exit(_EXIT_CANNOT_TELL)  # Python would try to write the rest once more
    return 0


def stored_help(arguments: list[str]) -> str | None:
    """Return the help page that is kept ready for ``arguments``, or ``None``.

    Typer's import alone costs more than the budget of ``--help``, so its pages are written to
    files beforehand (``make generate``) and a test holds that they are current.
    """
    if arguments[:1] == ["help"] and arguments[1:] not in (["--help"], ["-h"]):
        arguments = [*arguments[1:], "--help"]
    if not arguments or arguments in _GROUPS:
        words = ["ngrok-scim", *arguments]
    elif arguments[-1] in ("--help", "-h") and all(word.isascii() for word in arguments[:-1]):
        words = ["ngrok-scim", *arguments[:-1]]
    else:
        return None
    if not all(word.replace("-", "").isalnum() and word[0] != "-" for word in words):
        return None
    try:
        with open(os.path.join(_HELP, "_".join(words) + ".txt"), encoding="utf-8") as page:  # noqa: PTH118, PTH123 - as above
            return page.read()
    except OSError:  # there is none, or its name would be too long for a file
        return None


def explained(arguments: list[str]) -> str | None:
    """Return what ``explain WORDS…`` prints, or ``None`` where Typer must read the arguments.

    A terminal wants colour and its own width. The explanations of codes and sentences are prepared.
    """
    words = arguments[1:]
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    if arguments[:1] != ["explain"] or not words or sys.stdout.isatty() or not is_utf8:
        return None
    if any(word.startswith("-") for word in words):
        return None
    try:
        with open(os.path.join(_HELP, "explanations"), encoding="utf-8") as file:  # noqa: PTH118, PTH123 - as above
            pages = file.read()
    except OSError:
        pages = ""
    _, found, page = pages.partition(f"\f{words[0].upper()}\f")
    if found and len(words) == 1:
        return page.partition("\n")[2].partition("\f")[0]
    from ngrok_scim_cli.cli.explanation import answer

    return answer(words, pages)


if __name__ == "__main__":
    # `python -m` looks for modules in the working folder first, which may be anybody's.
    if sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - as above
        del sys.path[0]
    sys.exit(main())
