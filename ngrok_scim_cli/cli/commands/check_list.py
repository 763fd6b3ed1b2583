"""What `ngrok-scim doctor --list-checks` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.output import show, tell, write_file
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.check_table import CheckRow, render_check_table

if TYPE_CHECKING:
    from ngrok_scim_cli.cli.runtime.options import OutputOptions
    from ngrok_scim_cli.doctor.plan import Choice

COMMAND = "doctor --list-checks"


def list_checks(choice: Choice, options: OutputOptions) -> int:
    """Show the checks that ``choice`` takes, as a table or as JSON, and return the exit status.

    Raises:
        UsageError: another format is asked for.
    """
    from ngrok_scim_cli.doctor.checks import PLANS

    rows = [
        CheckRow(plan.code, plan.name, plan.category, plan.needs, plan.finds)
        for plan in PLANS
        if choice.takes(plan)
    ]
    if options.format_ is Format.JSON:
        listed: tuple[str, object] = ("available", [row.document() for row in rows])
        return show(Result(COMMAND, Verdict.PASS, extra=(listed,)), options)
    if options.format_ is not Format.TEXT:
        raise UsageError("--list-checks is shown as text or as JSON.")
    table = render_check_table(rows)
    if options.output is None:
        tell(table.rstrip("\n"))
    else:
        write_file(options.output, table)
    return 0
