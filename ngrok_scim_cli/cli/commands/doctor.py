"""`ngrok-scim doctor`: every check there is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ngrok_scim_cli.cli.runtime import completions
from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.errors import UsageError

if TYPE_CHECKING:
    from ngrok_scim_cli.doctor.plan import Choice

app = typer.Typer(rich_markup_mode=None, add_completion=False)

# A day is more than anything takes that passes by itself.
_LONGEST_WAIT_S = 86_400


@dataclass(frozen=True, kw_only=True)
class DoctorOptions(
    shared.WholeFormOptions,
    shared.AdminKeyOptions,
    shared.OktaOptions,
    shared.EmptyListOptions,
    shared.SandboxOptions,
    shared.NetworkOptions,
    shared.ReportOptions,
):
    """What `doctor` takes."""

    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="NAME",
            autocompletion=completions.checks,
            help="Only this check, category, finding code or family of codes (OKT). Repeatable.",
        ),
    ] = None
    skip: Annotated[
        list[str] | None,
        typer.Option(
            "--skip",
            metavar="NAME",
            autocompletion=completions.checks,
            help="Leave out this check, category, finding code or family of codes. Repeatable.",
        ),
    ] = None
    all_profiles: Annotated[
        bool,
        typer.Option(
            "--all-profiles",
            help="Examine every profile of this machine, each with its own values.",
        ),
    ] = False
    list_checks: Annotated[
        bool, typer.Option("--list-checks", help="List the checks and do nothing.")
    ] = False
    wait: Annotated[
        float,
        typer.Option(
            "--wait",
            metavar="SECONDS",
            min=0,
            max=_LONGEST_WAIT_S,
            callback=shared.a_number,
            show_default=False,
            help="Look again, for so long, at what failed for a reason that passes by itself. "
            "Default: 0",
        ),
    ] = 0.0
    okta_ip_ranges: Annotated[
        Path | None,
        typer.Option(
            "--okta-ip-ranges",
            metavar="FILE",
            help="Okta's published addresses (ip_ranges.json), to hold ngrok's IP restrictions "
            "against.",
        ),
    ] = None
    save_okta: Annotated[
        bool,
        typer.Option(
            "--save-okta",
            help="Ask for the Okta token where nothing gives it, and keep it in the keyring once "
            "it works; the org and the app go into the profile.",
        ),
    ] = False
    metrics: Annotated[
        Path | None,
        typer.Option(
            "--metrics",
            metavar="FILE",
            help="Also write metrics to this file, for a collector that reads OpenMetrics files.",
        ),
    ] = None


@command(
    app,
    examples=("ngrok-scim doctor --sandbox", "ngrok-scim doctor --sandbox --only OKT"),
)
def doctor(options: DoctorOptions) -> int:
    """Check the whole chain, from this machine to each single user.

    This machine, the values, the endpoint, the ngrok account, the domains, the Okta app, the users.

    Reads only. What is missing for a check is named where it is skipped.
    """
    from ngrok_scim_cli.cli.commands.check_list import list_checks
    from ngrok_scim_cli.cli.commands.examination import (
        Run,
        asked_for_okta,
        metrics_of,
        save_okta_side,
    )
    from ngrok_scim_cli.cli.runtime.live_checks import LiveChecks, is_live

    choice = _choice(options.only, options.skip)
    if options.list_checks:
        return list_checks(choice, options)
    if options.all_profiles:
        from ngrok_scim_cli.cli.commands.all_profiles import examine_all

        return finish("doctor", options, lambda: examine_all(options, choice))
    with open_session(options, must_exist=True) as session:
        given = asked_for_okta(session, options) if options.save_okta else options
        run = Run(session, given, choice)
        also = metrics_of(run, options)
        # What is looked at again is not printed before the last look.
        if is_live(options) and not options.wait:
            live = LiveChecks(run.watch, verbose=options.verbose)
            work = partial(run.result, live)
            status = finish("doctor", options, work, also=also, show_result=live.show_rest)
        else:
            status = finish("doctor", options, run.result, also=also)
        if options.save_okta and run.examined:
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
