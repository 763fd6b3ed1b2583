"""`ngrok-scim doctor`: every check there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ngrok_scim_cli.cli.runtime import options
from ngrok_scim_cli.cli.runtime.output import Printing, deliver
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.report import Format

if TYPE_CHECKING:
    from ngrok_scim_cli.doctor.plan import Choice

app = typer.Typer(rich_markup_mode=None, add_completion=False)

# A day is more than anything takes that passes by itself.
_LONGEST_WAIT_S = 86_400


@app.command()
def doctor(
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="NAME", help="Only this check, category or finding code. Repeatable."
        ),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(
            "--skip",
            metavar="NAME",
            help="Leave out this check, category or finding code. Repeatable.",
        ),
    ] = None,
    list_checks: Annotated[
        bool, typer.Option("--list-checks", help="List the checks and do nothing.")
    ] = False,
    wait: Annotated[
        float,
        typer.Option(
            "--wait",
            metavar="SECONDS",
            min=0,
            max=_LONGEST_WAIT_S,
            callback=options.a_number,
            show_default=False,
            help="Look again, for so long, at what failed for a reason that passes by itself. "
            "Default: 0",
        ),
    ] = 0.0,
    base_url: options.BaseUrl = None,
    api_key_file: options.ApiKeyFile = None,
    unique_id: options.UniqueId = None,
    auth_mode: options.AuthMode = None,
    action: options.Action = None,
    admin_key_file: options.AdminKeyFile = None,
    okta_org_url: options.OktaOrgUrl = None,
    okta_app: options.OktaApp = None,
    okta_ip_ranges: Annotated[
        Path | None,
        typer.Option(
            "--okta-ip-ranges",
            metavar="FILE",
            help="Okta's published addresses (ip_ranges.json), to hold ngrok's IP restrictions "
            "against.",
        ),
    ] = None,
    save_okta: Annotated[
        bool,
        typer.Option(
            "--save-okta",
            help="Ask for the Okta token where nothing gives it, and keep it in the keyring once "
            "it works; the org and the app go into the profile.",
        ),
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
    metrics: Annotated[
        Path | None,
        typer.Option(
            "--metrics",
            metavar="FILE",
            help="Also write metrics to this file, for a collector that reads OpenMetrics files.",
        ),
    ] = None,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Check the whole chain, from this machine to each single user.

    This machine, the values, the endpoint, the ngrok account, the domains, the Okta app, the users.

    Reads only. What is missing for a check is named where it is skipped.
    """
    from ngrok_scim_cli.cli.commands.check_list import list_checks as show_checks
    from ngrok_scim_cli.cli.commands.examination import (
        Run,
        asked_for_okta,
        check_metrics,
        save_okta_side,
        write_metrics,
    )
    from ngrok_scim_cli.cli.runtime.peers import Given

    printing = Printing(form, output, verbose, strict, report, show_users, quiet)
    choice = _choice(only, skip)
    if list_checks:
        return show_checks(choice, printing)
    check_metrics(metrics, printing)
    given = Given(
        base_url=base_url,
        api_key_file=api_key_file,
        unique_identifier=unique_id,
        auth_mode=auth_mode,
        actions=action,
        allow_empty=allow_empty,
        allowed_hosts=tuple(allow_host or ()),
        admin_key_file=admin_key_file,
        okta_org_url=okta_org_url,
        okta_app=okta_app,
        okta_ip_ranges=okta_ip_ranges,
    )
    with open_session(
        profile=profile,
        sandbox=sandbox,
        faults=fault,
        allowed_hosts=allow_host,
        ca_bundle=ca_bundle,
        timeout=timeout,
        no_input=no_input,
    ) as session:
        given = asked_for_okta(session, given) if save_okta else given
        run = Run(session, given, choice, wait_s=wait, timeout_s=timeout, quiet=quiet)
        status = deliver("doctor", printing, run.result)
        if metrics and run.examined:
            write_metrics(metrics, run.examined, profile)
        if save_okta and run.examined:
            status = save_okta_side(session, given, run.examined) or status
    return status


def _choice(only: list[str] | None, skip: list[str] | None) -> Choice:
    from ngrok_scim_cli.doctor.plan import Choice

    choice = Choice.of(only or (), skip or ())
    if choice.is_everything:
        return choice
    from ngrok_scim_cli.doctor.checks import PLANS

    for word, nearest in choice.unknown(PLANS).items():
        meant = f"Do you mean {nearest!r}? " if nearest else ""
        raise UsageError(
            f"There is no check, category or finding {word!r}.",
            advice=f"{meant}See: ngrok-scim doctor --list-checks",
        )
    return choice
