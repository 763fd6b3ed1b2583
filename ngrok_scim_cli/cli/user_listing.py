"""Prints ngrok's users while they come, so that a list may have any length."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, nullcontext
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.output import (
    Printing,
    deliver,
    exit_status,
    say,
    terminal_style,
    waiting,
    writing,
)
from ngrok_scim_cli.diagnosis.finding import Result, Severity, Subject, Verdict, verdict_of
from ngrok_scim_cli.doctor.user_list import list_users
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import PLAIN, Format, Style, render
from ngrok_scim_cli.report.user_table import UserFormat, user_writer
from ngrok_scim_cli.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import IO

    from ngrok_scim_cli.cli.session import Session
    from ngrok_scim_cli.doctor.user_list import UserList, Wanted
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.report.user_table import UserWriter

COMMAND = "users list"

# What reading the list depends on; the other fields of the form do not matter here.
_SUBJECTS = (Subject.BASE_URL, Subject.AUTHORIZATION)

_CHUNK = 64 * 1024  # characters


class Listing:
    """One run of ``users list``."""

    def __init__(
        self,
        form: UserFormat,
        wanted: Wanted,
        *,
        output: Path | None = None,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        """Prepare to list.

        Args:
            form: the format.
            wanted: which users to list.
            output: the file to write to instead of standard output.
            quiet: print the users and nothing else.
            verbose: show every request, too.
        """
        self._form = form
        self._wanted = wanted
        self._output = output
        self._quiet = quiet
        self._verbose = verbose
        self._listed: UserList | None = None
        self._kept: IO[str] | None = None

    def deliver(self, open_list: Callable[[], AbstractContextManager[tuple[Session, Form]]]) -> int:
        """Fetch the list, print it, and return the exit status.

        Args:
            open_list: opens what is asked, and with which values.
        """
        as_document = self._form is UserFormat.JSON
        printing = Printing(
            Format.JSON if as_document else Format.TEXT, self._output, quiet=self._quiet
        )

        def work() -> Result:
            with open_list() as (session, typed):
                return self._fetch(session, typed)

        with ExitStack() as closing:
            if as_document:
                # The verdict stands before the users, and is known after them. They wait in a
                # file that has no name, and not in memory.
                self._kept = closing.enter_context(TemporaryFile("w+", encoding="ascii"))
            show = self._show_document if as_document else self._show_ending
            return deliver(COMMAND, printing, work, show_result=show)

    def _fetch(self, session: Session, typed: Form) -> Result:
        mistakes = tuple(
            item
            for item in session.connector_test().examine(typed)
            if item.severity is Severity.ERROR and item.subject in _SUBJECTS
        )
        if mistakes:
            return Result(COMMAND, Verdict.FAIL, findings=mistakes)
        users = self._listed = list_users(session.wire, typed, self._wanted)
        writer = user_writer(self._form, self._style())
        to_screen = self._output is None and sys.stdout.isatty()
        with (
            waiting(f"Reading the users of {typed.base_url} …", quiet=self._quiet or to_screen),
            nullcontext(self._keep) if self._kept else writing(self._output) as write,
        ):
            self._write(users, writer, write)
        return Result(
            COMMAND,
            verdict_of(users.findings, told=users.told),
            findings=users.findings,
            users=users.count,
            exchanges=tuple(users.exchanges),
        )

    def _write(self, users: UserList, writer: UserWriter, write: Callable[[str], None]) -> None:
        """Write page after page: what came stays, wherever the list breaks off."""
        for page in users.pages():
            text = writer.page(redactor.clean(page))
            # What the stream makes of a line feed is the platform's line break.
            write(text.replace("\r\n", "\n") if os.linesep == "\r\n" else text)

    def _style(self) -> Style:
        return PLAIN if self._output else terminal_style(sys.stdout)

    def _keep(self, text: str) -> None:
        if self._kept:
            self._kept.write(text)

    def _show_document(self, result: Result, printing: Printing) -> int:
        """Print the contract's one object, with the users as its last field."""
        document = render(redactor.clean(result), Format.JSON)
        with writing(self._output) as write:
            write(document.removesuffix("\n}\n") + ',\n  "listed": [')
            between = "\n    "
            if self._kept:
                self._kept.seek(0)
                for line in self._kept:
                    write(between + line.rstrip("\n"))
                    between = ",\n    "
            write(("\n  " if between.startswith(",") else "") + "]\n}\n")
        self._say_count()
        return exit_status(result.verdict, strict=printing.strict)

    def _show_ending(self, result: Result, printing: Printing) -> int:
        """Say on standard error how many there are, or why the list is not whole."""
        self._say_count()
        if result.findings or self._verbose:
            say(render(redactor.clean(result), Format.TEXT, style=self._ending_style()).rstrip())
        return exit_status(result.verdict, strict=printing.strict)

    def _ending_style(self) -> Style:
        return terminal_style(sys.stderr, verbose=self._verbose)

    def _say_count(self) -> None:
        if self._listed and self._listed.seen and not self._quiet:
            say(_count(self._listed))


def _count(users: UserList) -> str:
    """Return how many users were listed, and how many of them are deactivated."""
    seen = counted(users.seen, "user")
    listed = seen if users.listed == users.seen else f"{users.listed:,} of {seen}"
    gone = f", {users.inactive:,} of them deactivated" if users.inactive else ""
    return f"{listed}{gone}."
