"""Prints ngrok's users while they come, so that a list may have any length."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.ending import documents_of, exit_status, finish
from ngrok_scim_cli.cli.runtime.options import OutputOptions
from ngrok_scim_cli.cli.runtime.output import print_stderr, terminal_style, writing
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.diagnosis.finding import Result, Verdict, verdict_of
from ngrok_scim_cli.doctor.user_list import UserList, Wanted, list_users
from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import PLAIN, Format, render
from ngrok_scim_cli.report.user_table import UserFormat, user_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from ngrok_scim_cli.cli.commands.users import ListOptions

COMMAND = "users list"


class Listing:
    """One run of ``users list``."""

    def __init__(self, options: ListOptions, wanted: Wanted) -> None:
        self._options = options
        self._form = options.format_
        self._wanted = wanted
        self._quiet = options.quiet
        self._verbose = options.verbose
        self._listed: UserList | None = None
        format_ = Format.JSON if self._form is UserFormat.JSON else Format.TEXT
        self._printing = OutputOptions(
            format_=[format_], output=options.output, strict=options.strict, quiet=options.quiet
        )
        self._output = documents_of(self._printing)[0].path

    def deliver(self) -> int:
        """Fetch the list, print it, and return the exit status."""
        if self._form is not UserFormat.JSON:
            fetch = partial(self._result, partial(writing, self._output))
            return finish(COMMAND, self._printing, fetch, show_result=self._show_ending)
        with _waiting_room() as kept:
            write: Callable[[str], object] = kept.write
            fetch = partial(self._result, lambda: nullcontext(write))
            shown = partial(self._show_document, kept)
            return finish(COMMAND, self._printing, fetch, show_result=shown)

    def _result(
        self, open_writer: Callable[[], AbstractContextManager[Callable[[str], object]]]
    ) -> Result:
        """Fetch the list and write it."""
        watch = Watch("Reading …")
        # On a screen the users themselves show how far it is.
        is_shown = (
            self._output is None and sys.stdout.isatty() and self._form is not UserFormat.JSON
        )
        on_wait = self._print_wait if is_shown else watch.waits
        as_text = user_writer(self._form, PLAIN if self._output else terminal_style(sys.stdout))
        with open_session(self._options, must_exist=True) as session:
            values = session.values(self._options)
            if mistakes := values.mistakes:
                return Result(COMMAND, Verdict.FAIL, findings=mistakes)
            users = self._listed = list_users(session.wire, values, self._wanted, on_wait)
            with progressing(watch, quiet=self._quiet or is_shown), open_writer() as write:
                for page in users.pages():
                    text = as_text(redactor.clean(page))
                    # What the stream makes of a line feed is the platform's line break.
                    write(text.replace("\r\n", "\n") if os.linesep == "\r\n" else text)
                    watch.read("users in ngrok", users.seen, users.total)
        return Result(
            COMMAND,
            verdict_of(users.findings, conclusive=users.conclusive),
            findings=users.findings,
            users=users.count,
            exchanges=tuple(users.exchanges),
        )

    def _show_document(self, kept: IO[str], result: Result, printing: OutputOptions) -> int:
        """Print the contract's one object, with the users of ``kept`` as its last field."""
        document = render(redactor.clean(result), Format.JSON)
        kept.seek(0)
        between = "\n    "
        with writing(self._output) as write:
            write(document.removesuffix("\n}\n") + ',\n  "listed": [')
            for line in kept:
                write(between + line.rstrip("\n"))
                between = ",\n    "
            write(("\n  " if between.startswith(",") else "") + "]\n}\n")
        self._print_count()
        return exit_status(result.verdict, strict=printing.strict)

    def _show_ending(self, result: Result, printing: OutputOptions) -> int:
        """Say on standard error how many there are, or why the list is not whole."""
        self._print_count()
        if result.findings or self._verbose:
            style = terminal_style(sys.stderr, verbose=self._verbose)
            print_stderr(render(redactor.clean(result), Format.TEXT, style=style).rstrip())
        return exit_status(result.verdict, strict=printing.strict)

    def _print_wait(self, what: str, seconds: float) -> None:
        if not self._quiet:
            print_stderr(
                f"The server takes no more requests for a while; waiting {seconds:.0f} s ({what})."
            )

    def _print_count(self) -> None:
        if self._listed and self._listed.seen and not self._quiet:
            print_stderr(self._listed.summary)


@contextmanager
def _waiting_room() -> Iterator[IO[str]]:
    """Give the file where users wait for the verdict, which comes before them in JSON.

    It is a file without a name, and not memory: a list may have any length.
    """
    try:
        with TemporaryFile("w+", encoding="ascii") as kept:
            yield kept
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotTell(
            f"Could not store the users until the list ends: {error.strerror}.",
            advice="Use --format jsonl, which stores nothing.",
        ) from None
