"""The command line as a whole: its commands, its one error boundary, and its end on a signal."""

import errno
import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from ngrok_scim_cli import __version__
from ngrok_scim_cli.cli.runtime.output import print_error, print_stderr, set_place
from ngrok_scim_cli.errors import CannotTell, NgrokScimError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings.environment import learn_secrets

# In the order in which an admin needs them.
COMMANDS = (
    *("setup", "test-connect", "doctor", "okta-values", "api-key", "domain", "rehearse", "preview"),
    *("users", "explain", "profile", "sandbox", "completion", "help", "version"),
)

# The modules that do not have the name of their command.
_MODULES = {"preview": "users", "completion": "help", "version": "help"}

_EXIT_OF_OURS = 70
_EXIT_INTERRUPTED = 130
_EXIT_OF_SIGNALS = 128

# The system's errors where it has no memory, no file or no room left to give.
_NOTHING_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT})

# The signals by which the system asks for an end; Windows knows only the first.
_ASKING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)

_SECRET_OPTIONS = ("--api-key", "--key", "--token", "--admin-key", "--scim-key", "--okta-token")
_NO_SECRETS = (
    "No option takes a secret: an argument can be read by every process on the machine. Use the "
    "environment (NGROK_SCIM_API_KEY) or --api-key-file FILE ('-' is standard input)."
)
_SANDBOXED = (
    "Only setup, test-connect, doctor, okta-values, rehearse, preview and users have it. For other "
    "commands, run `ngrok-scim sandbox` in another terminal, and copy the lines that it prints."
)


def command_of(name: str) -> Any:
    """Import the module of a command, or of a group of commands, and return it."""
    from ngrok_scim_cli.cli.runtime.command import apps

    module = _MODULES.get(name, name.replace("-", "_"))
    importlib.import_module(f"ngrok_scim_cli.cli.commands.{module}")
    command = get_command(apps[name])
    command.name = name
    return command


class LazyGroup(TyperGroup):
    """The group of all commands; a command's module is imported when the command is asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, or ``None``."""
        del ctx
        return command_of(cmd_name) if cmd_name in COMMANDS else None


app = typer.Typer(
    cls=LazyGroup,
    name="ngrok-scim",
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"ngrok-scim {__version__}")
        raise typer.Exit


_HELP = """Set up and diagnose Okta user provisioning (SCIM 2.0) for ngrok.

\b
Start here                    ngrok-scim setup
Something does not work       ngrok-scim test-connect
Try it without any account    ngrok-scim setup --sandbox
"""  # the control character keeps Typer from running the lines into one paragraph


@app.callback(help=_HELP)
def ngrok_scim(
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", help="Show the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Set up and diagnose Okta user provisioning (SCIM 2.0) for ngrok."""
    del version


def run(arguments: Sequence[str]) -> int:  # noqa: PLR0911 - each kind of end has its own
    """Run one command line and return its exit status.

    Every error ends here: one of ours as its own line and status, a wrong command line as 2, an
    interrupt as 130, a signal as shells count it, anything else as 70 without a traceback, unless
    ``--verbose`` asks for it.
    """
    set_place("")
    learn_secrets(os.environ)  # which a wrong command line may repeat
    try:
        with orderly_end():
            status = get_command(app).main(
                args=list(arguments), prog_name="ngrok-scim", standalone_mode=False
            )
    except NgrokScimError as error:
        print_error(str(error), error.advice)
        return error.exit_status
    except typer.TyperException as error:
        return _wrong_command_line(error, arguments)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return _interrupted(arguments)
    except SystemExit as ended:  # by a signal
        status = ended.code
    except BrokenPipeError:
        # The reader of our output went away; it does not want more, and not a message either.
        sys.stderr.close()
        return 1
    except OSError as error:
        no_temporary_folder = "No usable temporary directory" in str(error)  # the words of tempfile
        if error.errno not in _NOTHING_LEFT and not no_temporary_folder:
            return _fault_of_ours(error, arguments)
        print_error(f"This machine is out of a resource: {error.strerror}.")
        return CannotTell.exit_status
    except (MemoryError, SystemError):  # the second where Python finds no memory for the first
        print_error("This machine is out of a resource: memory.")
        return CannotTell.exit_status
    except Exception as error:  # noqa: BLE001 - the boundary: a fault of ours ends as status 70
        return _fault_of_ours(error, arguments)
    return _interrupted(arguments) if status == _EXIT_INTERRUPTED else int(status or 0)


def _interrupted(arguments: Sequence[str]) -> int:
    keeps = arguments[:1] and arguments[0] in ("setup", "api-key", "domain")
    again = "What was done is kept; run the same command again to continue." if keeps else ""
    print_error("Interrupted.", again)
    return _EXIT_INTERRUPTED


def _wrong_command_line(error: typer.TyperException, arguments: Sequence[str]) -> int:
    message = error.format_message()
    message = message.replace(",\n\t", ", ").replace("\n\t", " ")  # Typer's lists of choices
    message = message.replace("is not a valid float range", "is not a number")
    context = getattr(error, "ctx", None)
    command = " ".join(arguments[:1]) if {*arguments[:1]} & {*COMMANDS} else ""
    path = context.command_path if context is not None else f"ngrok-scim {command}".rstrip()
    advice = f"See: {path} --help"
    if message.startswith("No such option: --sandbox") and command:
        message, advice = f"`{path}` has no option --sandbox.", _SANDBOXED
    if any(option in message.split() or f"{option}." in message for option in _SECRET_OPTIONS):
        advice = _NO_SECRETS
    print_error(message, advice)
    return 2


def _fault_of_ours(error: Exception, arguments: Sequence[str]) -> int:
    if "--verbose" in arguments:
        import traceback

        from ngrok_scim_cli.report.printable import printable

        shown = "".join(traceback.format_exception(error)).rstrip()
        print_stderr(printable(redactor.redact(shown), keep_lines=True))
    print_error(
        f"This is a fault of ngrok-scim, not of your values ({type(error).__name__}).",
        "Run the same command with --verbose and report what it prints; it holds no key.",
    )
    return _EXIT_OF_OURS


@contextmanager
def orderly_end() -> Iterator[None]:
    """Turn the first of these signals into ``SystemExit``, as shells count it; a second one kills.

    So a key leaves the clipboard, and the terminal shows again what is typed. A signal that whoever
    started us ignores (``nohup``) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():  # only that one may listen
        yield
        return
    with suppress(ImportError, OSError, ValueError):  # a core file would hold the keys in memory
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with ExitStack() as undoing:
        for asking in _ASKING:
            if signal.getsignal(asking) is signal.SIG_DFL:
                signal.signal(asking, _end)
                undoing.callback(signal.signal, asking, signal.SIG_DFL)
        yield


def _end(number: int, frame: FrameType | None) -> None:
    del frame
    for asking in _ASKING:
        if signal.getsignal(asking) is _end:
            signal.signal(asking, signal.SIG_DFL)
    raise SystemExit(_EXIT_OF_SIGNALS + number)
