"""`ngrok-scim doctor`: every check there is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, new_app
from ngrok_scim_cli.cli.runtime.ending import finish
from ngrok_scim_cli.cli.runtime.options import complete_checks, flag, option, seconds
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.errors import UsageError

if TYPE_CHECKING:
    from ngrok_scim_cli.doctor.checks import Choice

app = new_app()

# A day is more than anything takes that passes by itself.
_LONGEST_WAIT_S = 86_400


class DoctorOptions(
    shared.WholeFormOptions,
    shared.AdminKeyOptions,
    shared.OktaOptions,
    shared.EmptyListOptions,
    shared.SandboxOptions,
    shared.FaultOptions,
    shared.NetworkOptions,
    shared.ReportOptions,
):
    """What `doctor` takes."""

    only: list[str] | None = option(
        "--only",
        "NAME",
        "Only this check, category, finding code or family of codes (OKT). Repeatable.",
        autocompletion=complete_checks,
    )
    skip: list[str] | None = option(
        "--skip",
        "NAME",
        "Leave out this check, category, finding code or family of codes. Repeatable.",
        autocompletion=complete_checks,
    )
    all_profiles: bool = flag(
        "--all-profiles", "Check every profile of this machine, each with its own values."
    )
    list_checks: bool = flag("--list-checks", "List the checks and exit.")
    wait: float = seconds(
        "--wait",
        "Retry checks that failed for a transient reason, for up to this long. Default: 0",
        0.0,
        most=_LONGEST_WAIT_S,
    )
    okta_ip_ranges: Path | None = option(
        "--okta-ip-ranges",
        "FILE",
        "Okta's published IP ranges (ip_ranges.json), to compare with ngrok's IP restrictions.",
    )
    save_okta: bool = flag(
        "--save-okta",
        "Keep the Okta token in the keyring, and the org and the app in the profile, once the "
        "token works. Asks for a token that is not set.",
    )
    metrics: Path | None = option(
        "--metrics", "FILE", "Also write metrics to this file, in the OpenMetrics format."
    )


@command(app, examples=("--sandbox", "--sandbox --only OKT"))
def doctor(options: DoctorOptions) -> int:
    """Check everything, from this machine to each user.

    This machine, the values, the endpoint, the ngrok account, the domains, the Okta app, the users.

    Changes nothing. A check that is skipped says what it needs.
    """
    from ngrok_scim_cli.cli.commands.examination import (
        LiveChecks,
        Run,
        asked_for_okta,
        examine_all,
        is_live,
        list_checks,
        metrics_of,
        save_okta_side,
    )

    choice = _choice(options.only, options.skip)
    if options.list_checks:
        return list_checks(choice, options)
    if options.all_profiles:
        return finish("doctor", options, lambda: examine_all(options, choice))
    with open_session(options, must_exist=True) as session:
        given = asked_for_okta(session, options) if options.save_okta else options
        run = Run(session, given, choice)
        extra_files = metrics_of(run, options)
        # What is looked at again is not printed before the last look.
        if is_live(options) and not options.wait:
            live = LiveChecks(run.watch, verbose=options.verbose)
            work = partial(run.result, live)
            status = finish(
                "doctor", options, work, extra_files=extra_files, show_result=live.show_rest
            )
        else:
            status = finish("doctor", options, run.result, extra_files=extra_files)
        if options.save_okta and run.examined:
            status = save_okta_side(session, given, run.examined) or status
    return status


def _choice(only: list[str] | None, skip: list[str] | None) -> Choice:
    from ngrok_scim_cli.doctor.checks import Choice

    choice = Choice.of(only or (), skip or ())
    if choice.is_everything:
        return choice
    from ngrok_scim_cli.doctor.run import PLANS

    for word, nearest in choice.unknown(PLANS).items():
        meant = f"Do you mean {nearest!r}? " if nearest else ""
        raise UsageError(
            f"There is no check, category or finding {word!r}.",
            advice=f"{meant}See: ngrok-scim doctor --list-checks",
        )
    return choice
