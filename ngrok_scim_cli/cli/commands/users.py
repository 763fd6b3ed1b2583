"""`ngrok-scim users`, and `ngrok-scim preview`, which asks the same two sides."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, run_in_session
from ngrok_scim_cli.cli.runtime.ending import documents_of
from ngrok_scim_cli.cli.runtime.options import Options, argument, flag, option
from ngrok_scim_cli.cli.runtime.output import print_stderr, terminal_style, writing
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import Session
from ngrok_scim_cli.diagnosis.finding import Result, Verdict, verdict_of
from ngrok_scim_cli.doctor.user_list import UserList, Wanted, list_users
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import PLAIN, Format, render
from ngrok_scim_cli.report.user_table import UserFormat, user_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    from ngrok_scim_cli.doctor.evidence import Evidence

_PEERS = (*shared.OKTA, *shared.URL_AND_KEY, *shared.SANDBOX, *shared.NETWORK)


def examine_users(session: Session, examine: Callable[[Evidence], Result]) -> Result:
    """Ask both sides, and return the result."""
    from ngrok_scim_cli.cli.runtime.peers import find_peers

    watch = Watch("Reading …")
    evidence = find_peers(session, watch)()
    with progressing(watch, quiet=session.options.quiet):
        result = examine(evidence)
    return session.with_facts(result)


class ListOptions(Options):
    active: bool = flag("--active", "Only active users.")
    inactive: bool = flag("--inactive", "Only deactivated users.")
    match: str | None = option(
        "--match TEXT",
        "Only users with this text in their user name, display name, e-mail address or id "
        "(case-insensitive).",
    )
    user_format: UserFormat = option(
        "--format text|jsonl|csv|json",
        "Format of the users. Default: text, a table",
        default=UserFormat.TEXT,
        case_sensitive=False,
    )


@command(
    "users list",
    (*shared.URL_AND_KEY, *shared.SANDBOX, *shared.NETWORK, *shared.OUTPUT[1:]),
    examples=("--sandbox", "--sandbox --inactive --format csv"),
)
def list_command(options: ListOptions) -> int:
    """List the users that ngrok's SCIM endpoint holds.

    They are printed page by page as they arrive, and their number on standard error. Changes
    nothing.
    """
    if options.active and options.inactive:
        raise UsageError(
            "--active and --inactive cannot be combined.", advice="Leave both out to list all."
        )
    if options.match is not None and not options.match.strip():
        raise UsageError("--match needs a text to look for.")
    which = True if options.active else False if options.inactive else None
    is_json = options.user_format is UserFormat.JSON
    options = replace(options, format_=[Format.JSON if is_json else Format.TEXT])
    # In JSON the verdict comes before the users, who may be too many for the memory.
    with TemporaryFile("w+", encoding="ascii") if is_json else nullcontext() as kept:
        listing = Listing(options, Wanted(which, (options.match or "").strip()), kept)
        return run_in_session(
            "users list", options, listing.fetch, show_result=listing.show, must_exist=True
        )


class Listing:
    """One run of ``users list``: prints the users while they come, or keeps them in a file."""

    def __init__(self, options: ListOptions, wanted: Wanted, kept: IO[str] | None) -> None:
        self._quiet = options.quiet
        self._output = documents_of(options)[0][1]
        self._wanted = wanted
        self._kept = kept
        self._listed: UserList | None = None

    def fetch(self, options: ListOptions, session: Session) -> Result:
        """Fetch the list and write it."""
        watch = Watch("Reading …")
        # On a screen the users themselves show how far it is.
        is_shown = not (self._output or self._kept) and sys.stdout.isatty()
        on_wait = self.print_wait if is_shown else watch.waits
        style = PLAIN if self._output else terminal_style(sys.stdout)
        values = session.values()
        if mistakes := values.mistakes:
            return Result("users list", Verdict.FAIL, findings=mistakes)
        users = self._listed = list_users(session.wire, values, self._wanted, on_wait)
        written = nullcontext(self._kept.write) if self._kept else writing(self._output)
        with progressing(watch, quiet=options.quiet or is_shown), written as write:
            pages = map(redactor.clean, users.pages())
            for text in user_texts(pages, options.user_format, style):
                # The stream turns a line feed into the platform's line break.
                write(text.replace("\r\n", "\n") if os.linesep == "\r\n" else text)
                watch.read("users in ngrok", users.seen, users.total)
        return Result(
            "users list",
            verdict_of(users.findings, conclusive=users.conclusive),
            findings=users.findings,
            users=users.count,
            exchanges=tuple(users.exchanges),
        )

    def show(self, result: Result, options: Options) -> None:
        """Print the kept users, how many there are, and why the list is not whole."""
        result = redactor.clean(result)
        if self._kept:
            self._kept.seek(0)
            rows = (f"\n    {line.rstrip()}" for line in self._kept)
            with writing(self._output) as write:
                write(render(result, Format.JSON).removesuffix("\n}\n") + ',\n  "listed": [')
                write(next(rows, ""))
                for row in rows:
                    write(f",{row}")
                write(("\n  " if self._kept.tell() else "") + "]\n}\n")
        if self._listed and self._listed.seen and not self._quiet:
            print_stderr(self._listed.summary)
        if not self._kept and (result.findings or options.verbose):
            style = terminal_style(sys.stderr, verbose=options.verbose)
            print_stderr(render(result, Format.TEXT, style=style).rstrip())

    def print_wait(self, what: str, seconds: float) -> None:
        """Print that the server asked to wait."""
        if not self._quiet:
            print_stderr(
                f"The server takes no more requests for a while; waiting {seconds:.0f} s ({what})."
            )


@command(
    "users audit",
    (*_PEERS, *shared.REPORT),
    examples=("--sandbox", "--sandbox --format json --output audit.json"),
    must_exist=True,
)
def audit_command(_: Options, session: Session) -> Result:
    """Find problems with all users.

    Looks at every user of ngrok. With an Okta org and its token, it also compares them with the
    people assigned to the Okta app and reads Okta's System Log. Changes nothing.
    """
    from ngrok_scim_cli.doctor.users import audit

    return examine_users(session, audit)


class TraceOptions(Options):
    email: str = argument("EMAIL", "The person's e-mail address, or with Okta a name.")


@command(
    "users trace",
    (*_PEERS, *shared.OUTPUT),
    examples=(
        "ada.abara@corp.example --sandbox",
        "ada.abara@corp.example --sandbox --format markdown",
    ),
    must_exist=True,
)
def trace_command(options: TraceOptions, session: Session) -> Result:
    """Follow one person from Okta to ngrok, and say where they are stuck.

    Shows the person in Okta, the assignment, the entries of Okta's System Log, the look-up that
    Okta sends, the user in ngrok and the domain; then the one thing to do. Changes nothing.
    """
    from ngrok_scim_cli.doctor.trace import trace_person

    return examine_users(session, lambda it: trace_person(it, options.email))


@command(
    "preview",
    (*_PEERS, *shared.OUTPUT),
    examples=("--sandbox", "--sandbox --format json --output preview.json"),
    must_exist=True,
)
def preview(_: Options, session: Session) -> Result:
    """Say what Okta's first sync would do to each person.

    Compares the people assigned in Okta with the users of ngrok: who would be linked, created or
    left alone, where Okta would meet a conflict, and who in ngrok has no match in Okta. Needs the
    SCIM key, an Okta org and its token. Changes nothing.
    """
    from ngrok_scim_cli.doctor.preview import preview_first_sync

    return examine_users(session, preview_first_sync)
