"""The examination behind `ngrok-scim doctor`: of one profile, or of every profile side by side."""

from __future__ import annotations

import os
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import TIMEOUT_MAX, Semaphore
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.ending import with_run_facts
from ngrok_scim_cli.cli.runtime.options import (
    PARAMETER,
    Options,
    complete_checks,
    flag,
    option,
    seconds,
)
from ngrok_scim_cli.cli.runtime.peers import find_peers
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import Session, open_session
from ngrok_scim_cli.diagnosis.finding import Result, worst_of
from ngrok_scim_cli.doctor.background import SharedFuture
from ngrok_scim_cli.doctor.run import examine
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings.environment import profiles_folder
from ngrok_scim_cli.settings.profile_store import ProfileStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.doctor.checks import Choice
    from ngrok_scim_cli.doctor.evidence import Evidence, Progress

# A day is more than anything takes that passes by itself.
_LONGEST_WAIT_S = 86_400


class DoctorOptions(Options):
    only: list[str] | None = option(
        "--only NAME",
        "Only this check, category, finding code or family of codes (OKT). Repeatable.",
        autocompletion=complete_checks,
    )
    skip: list[str] | None = option(
        "--skip NAME",
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
        "--okta-ip-ranges FILE",
        "Okta's published IP ranges (ip_ranges.json), to compare with ngrok's IP restrictions.",
    )
    save_okta: bool = flag(
        "--save-okta",
        "Keep the Okta token in the keyring, and the org and the app in the profile, once the "
        "token works. Asks for a token that is not set.",
    )
    metrics: Path | None = option(
        "--metrics FILE", "Also write metrics to this file, in the OpenMetrics format."
    )


def begin(
    session: Session, options: DoctorOptions, choice: Choice, progress: Progress
) -> Callable[[], Evidence]:
    """Look up what this machine holds, begin to ask the peers, and return what fetches it."""
    fresh = find_peers(session, options, progress, ranges_file=options.okta_ip_ranges)
    first = [fresh()]
    if choice.is_everything:
        first[0].begin()
        # The rest of what is needed is loaded while the replies are on their way.
        from ngrok_scim_cli.doctor.people import read_people

        first[0].shared(read_people).begin()
    return lambda: first.pop() if first else fresh()


# Each makes some twenty requests at a time.
_AT_ONCE = 8

# The options with what each profile has of its own, and with what changes one.
_OWN_TO_A_PROFILE = (
    *("profile", "base_url", "api_key_file", "unique_id", "auth_mode", "action", "admin_key_file"),
    *("okta_org_url", "okta_app", "okta_token_file", "save_okta", "sandbox"),
)

# The variables with keys and addresses; those of Okta's SDKs are all about one org.
_SHARED = ("NGROK_SCIM_API_KEY", "NGROK_SCIM_BASE_URL", "NGROK_API_KEY", "NGROK_API_BASE_URL")


def examine_all(options: DoctorOptions, choice: Choice) -> Result:
    """Examine every profile of this machine with its own values; nobody is asked anything."""
    _refuse_shared_values(options)
    if options.metrics:
        raise UsageError(
            "--metrics writes the metrics of one profile, so it does not go with --all-profiles.",
            advice="Run it for each profile: ngrok-scim doctor --profile NAME --metrics FILE",
        )
    names = ProfileStore(profiles_folder(os.environ)).names()
    if not names:
        raise UsageError(
            "There is no profile on this machine yet.", advice="Make one: ngrok-scim setup"
        )
    watch = Watch(f"Examining {len(names)} profiles …")
    with ExitStack() as closing, progressing(watch, quiet=options.quiet):
        turn = Semaphore(_AT_ONCE)
        # The keyrings are asked one after another: some of them ask the person to unlock them.
        examined = [
            _begin(replace(options, profile=name, no_input=True), choice, watch, turn, closing)
            for name in names
        ]
        results = tuple(future.get(TIMEOUT_MAX) for future in examined)
    return Result("doctor", worst_of(item.verdict for item in results), profiles=results)


def _refuse_shared_values(options: DoctorOptions) -> None:
    """Refuse what would judge every profile by one value."""
    named = [
        item.metadata[PARAMETER].default
        for item in fields(options)
        if item.name in _OWN_TO_A_PROFILE and getattr(options, item.name) != item.default
    ]
    named += [
        name
        for name, value in os.environ.items()
        if value and (name in _SHARED or name.startswith("OKTA_CLIENT_"))
    ]
    if named:
        raise UsageError(
            f"--all-profiles checks each profile with its own values and cannot be combined with "
            f"{', '.join(named)}.",
            advice="Leave that out, or check one profile: ngrok-scim doctor --profile NAME",
        )


def _begin(
    options: DoctorOptions, choice: Choice, watch: Watch, turn: Semaphore, closing: ExitStack
) -> SharedFuture[Result]:
    """Look up the values of a profile, then examine it in a thread and context of its own."""
    context, started_at = copy_context(), datetime.now(UTC)

    def prepare() -> Callable[[], Evidence]:
        session = closing.enter_context(open_session(options, own_values=True))
        return begin(session, options, choice, watch.of(options.profile))

    look = context.run(prepare)

    def work() -> Result:
        with turn:
            return with_run_facts(examine(look, choice, wait_s=options.wait).result, started_at)

    future = SharedFuture(partial(context.run, work), keeps_traceback=True)
    future.begin()
    return future
