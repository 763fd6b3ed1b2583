"""`ngrok-scim doctor --all-profiles`: every profile of this machine, side by side."""

from __future__ import annotations

import os
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime
from threading import TIMEOUT_MAX, Semaphore
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.commands.examination import Run
from ngrok_scim_cli.cli.runtime.ending import placed
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.diagnosis.finding import Result, worst_of
from ngrok_scim_cli.doctor.background import SharedFuture
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings.paths import DEFAULT_PROFILE, profiles_folder
from ngrok_scim_cli.settings.profile_store import ProfileStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.cli.commands.doctor import DoctorOptions
    from ngrok_scim_cli.doctor.checks import Choice

# Each makes some twenty requests at a time.
_AT_ONCE = 8

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
    options_given = {
        "--profile": options.profile != DEFAULT_PROFILE,
        "--base-url": options.base_url is not None,
        "--api-key-file": options.api_key_file is not None,
        "--unique-id": options.unique_id is not None,
        "--auth-mode": options.auth_mode is not None,
        "--action": bool(options.action),
        "--admin-key-file": options.admin_key_file is not None,
        "--okta-org-url": options.okta_org_url is not None,
        "--okta-app": options.okta_app is not None,
        "--okta-token-file": options.okta_token_file is not None,
        "--save-okta": options.save_okta,
        "--sandbox": options.sandbox,
    }
    named = [name for name, given in options_given.items() if given]
    named += [
        name
        for name, value in os.environ.items()
        if value and (name in _SHARED or name.split("_")[:2] == ["OKTA", "CLIENT"])
    ]
    if named:
        raise UsageError(
            f"--all-profiles examines each profile with its own values, and does not go with "
            f"{', '.join(named)}.",
            advice="Leave that out, or examine one profile: ngrok-scim doctor --profile NAME",
        )


def _begin(
    options: DoctorOptions, choice: Choice, watch: Watch, turn: Semaphore, closing: ExitStack
) -> SharedFuture[Result]:
    """Look up what this machine holds of a profile, and examine it in a thread of its own.

    It has a context (profile, what is tested) of its own, too.
    """
    context, started_at = copy_context(), datetime.now(UTC)

    def prepare() -> Callable[[], Result]:
        session = closing.enter_context(open_session(options, own_values=True))
        run = Run(session, options, choice)
        look = run.prepare(watch.of(options.profile))
        return lambda: placed(run.examine(look), started_at)

    examine = context.run(prepare)

    def work() -> Result:
        with turn:
            return context.run(examine)

    future = SharedFuture(work)
    future.begin()
    return future
