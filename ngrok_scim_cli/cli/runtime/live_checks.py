"""Prints the checks of `doctor` at a terminal while they are made, and the rest at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.ending import documents_of, exit_status
from ngrok_scim_cli.cli.runtime.output import naming_profile, terminal_style, write_out
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.layout import Page
from ngrok_scim_cli.report.text import CheckWriter, render_below_checks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.cli.runtime.options import OutputOptions
    from ngrok_scim_cli.cli.runtime.progress import Watch
    from ngrok_scim_cli.diagnosis.finding import Check, Result
    from ngrok_scim_cli.doctor.checks import CheckPlan


def is_live(options: OutputOptions) -> bool:
    """Tell whether a person watches: the result is text for a terminal, and nothing else."""
    documents = documents_of(options)
    is_text = len(documents) == 1 and documents[0].format_ is Format.TEXT
    return is_text and documents[0].path is None and sys.stdout.isatty()


class LiveChecks:
    """Prints each check as soon as it and those above it are done."""

    def __init__(self, watch: Watch, *, verbose: bool) -> None:
        self._watch = watch
        self._style = terminal_style(sys.stdout, verbose=verbose)
        self._writer = CheckWriter((), every_reason=verbose)

    def begins(self, plans: Sequence[CheckPlan]) -> None:
        """Learn what the checks are called, so that their marks stand flush."""
        names = [plan.name for plan in plans]
        self._writer = CheckWriter(names, every_reason=self._style.verbose)

    def waits_for(self, plan: CheckPlan) -> None:
        """Show what is waited for."""
        self._watch.waits_for(plan.name, plan.timeout_s)

    def ended(self, check: Check) -> None:
        """Print how a check ended."""
        page = Page(self._style)
        self._writer.write(page, redactor.clean(check))
        with self._watch.printing():
            write_out(redactor.redact(naming_profile(page.text())))

    def show_rest(self, result: Result, options: OutputOptions) -> int:
        """Print what follows from the checks, the verdict last; return the exit status."""
        from ngrok_scim_cli.report.commands import result_on_profile

        shown = redactor.clean(result_on_profile(result))
        write_out("\n" + redactor.redact(render_below_checks(shown, self._style)))
        return exit_status(result.verdict, strict=options.strict)
