"""`ngrok-scim sandbox`: a stand-in for ngrok and Okta on this machine, with faults to choose."""

import json
import shlex
import signal
import sys
import textwrap
import threading
from dataclasses import asdict
from enum import StrEnum

import typer

from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, complete_faults, flag, option
from ngrok_scim_cli.cli.runtime.output import print_stderr, print_stdout, terminal_style
from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.sandbox import FAULTS, RequestLine, SandboxValues

# Wider than any line: what is piped stays one line a fault.
_ONE_LINE = 1000

# How long it can take, at worst, until a Ctrl-C is noticed.
_LOOK_EVERY_S = 0.5


# How to print what to use against the sandbox, and its faults.
SandboxFormat = StrEnum("SandboxFormat", ("TEXT", "JSON"))


class ServeOptions(Options):
    port: int = option(
        "--port PORT", "Port on 127.0.0.1. Default: any free port.", default=0, min=0, max=65535
    )
    users: int = option(
        "--users N", "Number of users, in ngrok and in Okta. Default: 3", default=3, min=0
    )
    fault: list[str] | None = option(
        "--fault NAME",
        "Inject a fault (see --list-faults). Repeatable.",
        autocompletion=complete_faults,
    )
    rate_limit: bool = flag("--rate-limit", "Limit ngrok to 120 requests a minute, as ngrok does.")
    list_faults: bool = flag("--list-faults", "List the faults and exit.")
    sandbox_format: SandboxFormat = option(
        "--format", "Format of what is printed. Default: text", default=SandboxFormat.TEXT
    )
    quiet: bool = flag("--quiet", "Do not show the requests that arrive.", "-q")


@command("sandbox", examples=("--list-faults", "--users 100"))
def sandbox(options: ServeOptions) -> int:
    """Run a local stand-in for ngrok and Okta.

    It has ngrok's API, its SCIM endpoint and an Okta org, and runs until interrupted.

    Listens on 127.0.0.1 only. A key made at its API works at its SCIM endpoint at once.
    """
    if options.list_faults:
        _list_faults(options.sandbox_format)
        return 0
    from ngrok_scim_cli.cli.runtime.session import make_sandbox

    faults = [*(options.fault or ()), *(["requests-per-minute"] if options.rate_limit else [])]
    try:
        stand_in = make_sandbox(
            users=options.users,
            faults=faults,
            port=options.port,
            on_request=None if options.quiet else _log,
        )
        with stand_in:
            stop = threading.Event()
            for number in (signal.SIGINT, signal.SIGTERM):  # the usual ways to end a server
                signal.signal(number, lambda *_: stop.set())
            _announce(stand_in.values, options.sandbox_format)
            # A signal that comes just before a wait begins is acted on only when it is over.
            while not stop.wait(_LOOK_EVERY_S):
                pass
    except OSError as error:
        raise CannotTell(f"Port {options.port} cannot be used: {error.strerror}.") from None
    return 0


def _announce(values: SandboxValues, format_: SandboxFormat) -> None:
    # These credentials open nothing but this stand-in, so they are shown: no redaction here.
    if format_ is SandboxFormat.JSON:
        typer.echo(json.dumps(asdict(values)))
        return
    for variable, value in values.environment.items():
        typer.echo(f"export {variable}={shlex.quote(value)}")
    typer.echo(f"# The app in that Okta org: --okta-app {values.okta_app}")
    typer.echo("# Copy these lines into another terminal. Ctrl-C stops the sandbox.")


def _list_faults(format_: SandboxFormat) -> None:
    if format_ is SandboxFormat.JSON:
        listed = [
            {"name": fault.name, "summary": fault.summary, "codes": fault.codes}
            for fault in FAULTS.values()
        ]
        print_stdout(json.dumps({"faults": listed}))
        return
    margin = max(map(len, FAULTS)) + 2
    columns = terminal_style(sys.stdout).width if sys.stdout.isatty() else _ONE_LINE
    for name, fault in FAULTS.items():
        text = f"{name:<{margin}}{fault.summary}"
        print_stdout(textwrap.fill(text, columns, subsequent_indent=" " * margin))


def _log(line: RequestLine) -> None:
    faults = f"  ({', '.join(line.faults)})" if line.faults else ""
    status = line.status if line.status is not None else "---"
    print_stderr(
        f"{status}  {line.method:<6} {line.path}  {line.credential}  {line.elapsed_ms} ms{faults}"
    )
