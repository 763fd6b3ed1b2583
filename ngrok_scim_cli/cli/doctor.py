"""`ngrok-scim doctor`: every check there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ngrok_scim_cli.cli import options
from ngrok_scim_cli.cli.output import Printing, deliver, tell, waiting
from ngrok_scim_cli.cli.session import open_session
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.report import Format

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Result

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def doctor(
    base_url: options.BaseUrl = None,
    api_key_file: options.ApiKeyFile = None,
    unique_id: options.UniqueId = None,
    auth_mode: options.AuthMode = None,
    action: options.Action = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CHECK", help="Only this check or category. Repeatable."),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(
            "--skip", metavar="CODE", help="Leave out a check, category or finding. Repeatable."
        ),
    ] = None,
    list_checks: Annotated[
        bool, typer.Option("--list-checks", help="List the checks and do nothing.")
    ] = False,
    allow_empty: options.AllowEmpty = False,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    sandbox: options.Sandbox = False,
    fault: options.Fault = None,
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    report: options.ReportFile = None,
    show_users: options.ShowUsers = False,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Check this machine, the values, the network and the endpoint."""
    from ngrok_scim_cli.doctor.connector import PLANS, connector
    from ngrok_scim_cli.doctor.engine import Choice, examine_all
    from ngrok_scim_cli.doctor.machine import PLANS as MACHINE_PLANS
    from ngrok_scim_cli.doctor.machine import machine

    choice = Choice.of(only or (), skip or ())
    unknown = choice.unknown((*MACHINE_PLANS, *PLANS))
    if unknown:
        raise UsageError(
            f"There is no check or category {unknown[0]!r}.",
            advice="See: ngrok-scim doctor --list-checks",
        )
    if list_checks:
        for plan in (*MACHINE_PLANS, *PLANS):
            tell(f"{plan.code:<18}{plan.category:<18}{plan.name}")
        return 0

    def work() -> Result:
        with open_session(
            profile=profile,
            sandbox=sandbox,
            faults=fault,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            values: dict[str, Any] = {
                "base_url": base_url,
                "unique_identifier": unique_id,
                "auth_mode": auth_mode,
                "actions": action,
            }
            no_key = ""
            try:
                typed = session.form(api_key_file=api_key_file, **values)
            except CannotTell as error:
                no_key = error.message
                typed = session.settings.form("", **values)
            test = session.connector_test(allow_empty=allow_empty)
            examinations = [machine(session.settings), connector(typed, test, no_key=no_key)]
            with waiting("Examining …", quiet=quiet):
                return examine_all(examinations, choice)

    printing = Printing(form, output, verbose, strict, report, show_users, quiet)
    return deliver("doctor", printing, work)
