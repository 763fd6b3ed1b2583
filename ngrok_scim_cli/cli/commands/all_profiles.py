"""`ngrok-scim doctor --all-profiles`: every profile of this machine, side by side."""

from __future__ import annotations

import os
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime
from threading import Semaphore, Thread
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.commands.examination import Run
from ngrok_scim_cli.cli.runtime.ending import placed
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import open_session
from ngrok_scim_cli.diagnosis.finding import Result, worst_of
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings.paths import DEFAULT_PROFILE, profiles_folder
from ngrok_scim_cli.settings.profile_store import ProfileStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context

    from ngrok_scim_cli.cli.commands.doctor import DoctorOptions
    from ngrok_scim_cli.doctor.plan import Choice

# Each makes some twenty requests at a time.
_AT_ONCE = 8

# The variables with keys and addresses; those of Okta's SDKs are all about one org.
_SHARED = ("NGROK_SCIM_API_KEY", "NGROK_SCIM_BASE_URL", "NGROK_API_KEY", "NGROK_API_BASE_URL")


def examine_all(options: DoctorOptions, choice: Choice) -> Result:
    """Examine every profile of this machine with its own values; nobody is asked anything.

    Raises:
        UsageError: there is no profile, or an option or variable would judge all by one value.
    """
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
        runs = [
            _ProfileRun(replace(options, profile=name, no_input=True), choice, watch, turn)
            for name in names
        ]
        # The keyrings are asked one after another: some of them ask the person to unlock them.
        for run in runs:
            run.begin(closing)
        for run in runs:
            run.join()
        results = tuple(run.result() for run in runs)
    return Result("doctor", worst_of(item.verdict for item in results), profiles=results)


def _refuse_shared_values(options: DoctorOptions) -> None:
    """Refuse what would judge every profile by one value.

    Raises:
        UsageError: one is there; the message names all of them.
    """
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


class _ProfileRun:
    """The run on one profile, in a thread and a context (profile, what is tested) of its own."""

    def __init__(
        self, options: DoctorOptions, choice: Choice, watch: Watch, turn: Semaphore
    ) -> None:
        self._options = options
        self._choice = choice
        self._watch = watch
        self._turn = turn
        self._result: Result | None = None
        self._fault: BaseException | None = None
        self._context: Context = copy_context()
        self._thread: Thread | None = None

    def begin(self, closing: ExitStack) -> None:
        """Look up what this machine holds of the profile, and start to examine it."""
        work = self._context.run(self._prepare, closing)
        # A daemon: whoever interrupts is not made to wait for a server.
        thread = Thread(target=self._context.run, args=(work,), daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            self._context.run(work)  # without a thread the profiles wait for each other
        else:
            self._thread = thread

    def join(self) -> None:
        """Wait until the profile is examined."""
        if self._thread:
            self._thread.join()

    def result(self) -> Result:
        """Return what was found out; what crashed in the thread is raised here."""
        if self._fault:
            raise self._fault
        if self._result is None:
            raise RuntimeError("the run has not ended")
        return self._result

    def _prepare(self, closing: ExitStack) -> Callable[[], None]:
        started_at = datetime.now(UTC)
        session = closing.enter_context(open_session(self._options, own_values=True))
        run = Run(session, self._options, self._choice)
        look = run.prepare(self._watch.of(self._options.profile))

        def work() -> None:
            try:
                with self._turn:
                    self._result = placed(run.examine(look), started_at)
            except BaseException as fault:  # noqa: BLE001 - raised in the main thread
                self._fault = fault

        return work
