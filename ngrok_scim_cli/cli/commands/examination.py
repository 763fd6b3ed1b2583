"""One run of `ngrok-scim doctor`: its checks as they end, and what it leaves behind.

Also the list of its checks, and a run on every profile.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import TIMEOUT_MAX, Semaphore
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.ending import (
    ExtraFile,
    documents_of,
    exit_status,
    finish,
    with_run_facts,
)
from ngrok_scim_cli.cli.runtime.output import (
    check_replaceable,
    in_place_of_run,
    print_error,
    print_stderr,
    replace_file,
    terminal_style,
    write_out,
)
from ngrok_scim_cli.cli.runtime.peers import find_peers
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import Session, open_session
from ngrok_scim_cli.diagnosis.finding import (
    Answer,
    Check,
    CheckStatus,
    Result,
    Section,
    Verdict,
    worst_of,
)
from ngrok_scim_cli.doctor.background import SharedFuture
from ngrok_scim_cli.errors import NgrokScimError, UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.layout import Page, shortened_codes
from ngrok_scim_cli.report.text import CheckWriter, render_below_checks
from ngrok_scim_cli.settings.paths import DEFAULT_PROFILE, profiles_folder
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ngrok_scim_cli.cli.commands.doctor import DoctorOptions
    from ngrok_scim_cli.cli.runtime.options import OutputOptions
    from ngrok_scim_cli.doctor.checks import CheckPlan, Choice
    from ngrok_scim_cli.doctor.evidence import Evidence, Progress
    from ngrok_scim_cli.doctor.run import Examined, Follower
    from ngrok_scim_cli.settings.profile import Profile


class Run:
    """One run."""

    def __init__(self, session: Session, options: DoctorOptions, choice: Choice) -> None:
        self.examined: Examined | None = None
        self.watch = Watch("Examining …")
        self._session = session
        self._options = options
        self._choice = choice

    def result(self, follower: Follower | None = None) -> Result:
        """Examine everything that is wanted, show how far it is, and tell ``follower``."""
        look = self.prepare(self.watch)
        with progressing(self.watch, quiet=self._options.quiet):
            return self.examine(look, follower)

    def prepare(self, progress: Progress) -> Callable[[], Evidence]:
        """Look up what this machine holds, begin to ask the peers, and return what fetches it."""
        fresh = find_peers(self._session, self._options, progress)
        first = [fresh()]
        if self._choice.is_everything:
            first[0].begin()
            # The rest of what is needed is loaded while the replies are on their way.
            from ngrok_scim_cli.doctor.people import read_people

            first[0].shared(read_people).begin()
        return lambda: first.pop() if first else fresh()

    def examine(self, make: Callable[[], Evidence], follower: Follower | None = None) -> Result:
        """Examine what ``prepare`` found."""
        from ngrok_scim_cli.doctor.run import examine

        wait_s = self._options.wait
        self.examined = examine(make, self._choice, wait_s=wait_s, follower=follower)
        return self.examined.result


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
        """Learn what the checks are called, so that their marks are aligned."""
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
            write_out(redactor.redact(in_place_of_run(page.text())))

    def show_rest(self, result: Result, options: OutputOptions) -> int:
        """Print what follows from the checks, the verdict last; return the exit status."""
        from ngrok_scim_cli.report.next_step import result_in_place

        shown = redactor.clean(result_in_place(result))
        write_out("\n" + redactor.redact(render_below_checks(shown, self._style)))
        return exit_status(result.verdict, strict=options.strict)


def list_checks(choice: Choice, options: OutputOptions) -> int:
    """Show the checks that ``choice`` takes, a table for each category; return the exit status."""
    from ngrok_scim_cli.doctor.run import PLANS

    plans = [plan for plan in PLANS if choice.takes(plan)]
    tables = {plan.category: [("Check", "What it checks", "Needs", "Finds")] for plan in plans}
    for plan in plans:
        row = (plan.code, plan.name, plan.needs, shortened_codes(plan.finds))
        tables[plan.category].append(row)
    sections = tuple(Section(category, table=tuple(rows)) for category, rows in tables.items())
    available = Answer({"available": [plan.document() for plan in plans]}, sections)
    command = "doctor --list-checks"
    return finish(command, options, lambda: Result(command, Verdict.PASS, payload=available))


def metrics_of(run: Run, options: DoctorOptions) -> tuple[ExtraFile, ...]:
    """Return the file of ``--metrics``, which is written where something was examined."""
    path = options.metrics
    if path is None:
        return ()

    def write(result: Result) -> None:
        del result
        if examined := run.examined:
            from ngrok_scim_cli.report.openmetrics import render_openmetrics

            text = render_openmetrics(
                redactor.clean(examined.result),
                profile=options.profile,
                finished=datetime.now(UTC),
                seconds=examined.seconds,
                users=examined.users,
                active=examined.active,
                key_age_days=examined.key_age_days,
            )
            replace_file(path, redactor.redact(text), readable=True)

    check = partial(check_replaceable, path, "--metrics")
    return (ExtraFile("--metrics", path, check, write),)


def asked_for_okta(session: Session, given: DoctorOptions) -> DoctorOptions:
    """Return ``given`` with what the person typed for the Okta org and token that nothing gives."""
    settings, person = session.settings, session.person
    url = settings.okta_org_url(given.okta_org_url)
    try:
        token = settings.okta_credential(url.value if url else "", given.okta_token_file)
    except UsageError:
        raise
    except NgrokScimError:
        token = None  # it is lost; a new one is asked for
    if url and token:
        return given
    if not person.present:
        raise UsageError(
            "--save-okta needs the Okta org's address and token, and there is no terminal to ask.",
            advice="Set OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN.",
        )
    if url is None:
        question = "Address of your Okta org, like https://example.okta.com"
        given = replace(given, okta_org_url=person.ask(question))
    if token is None:
        given = replace(given, okta_token=person.ask_secret("API token of that org").strip())
    return given


def save_okta_side(session: Session, given: DoctorOptions, examined: Examined) -> int:
    """Keep what was used to ask Okta, if it worked, and return the exit status of doing so."""
    checks = {check.code: check.status for check in examined.result.checks}
    if checks.get("okta-token") is not CheckStatus.PASS:
        print_stderr("The Okta token is not kept, because it did not work.")
        return 0
    try:
        print_stderr(_keep(session, given, examined))
    except NgrokScimError as error:
        print_error(error.message, error.advice)
        return error.exit_status
    return 0


def _keep(session: Session, given: DoctorOptions, examined: Examined) -> str:
    """Keep the org, the app and the token, and say what is kept where."""
    settings, name = session.settings, session.profile_name
    url = settings.okta_org_url(given.okta_org_url)
    org = url.value if url else ""
    found = None if given.okta_token else settings.okta_credential(org, given.okta_token_file)
    credential = found.value if found else given.okta_token
    kept: dict[str, object] = {}
    if isinstance(credential, str):
        session.secrets.set(SecretKind.OKTA.of(name), credential)
        kept["token_stored_at"] = datetime.now(UTC)
        said = (
            f"The Okta token is kept in the keyring ({session.secrets.kind}), the org and the app "
            "in the profile."
        )
    else:
        said = (
            "The org and the app are kept in the profile. The private key of the service app is "
            f"not kept: each run reads it as this one did ({found.origin if found else ''})."
        )

    def changed(profile: Profile) -> Profile:
        app = examined.okta_app_id or profile.okta.app
        okta = replace(profile.okta, org_url=org, app=app, **kept)  # type: ignore[arg-type]
        return replace(profile, okta=okta)

    session.profiles.update(name, changed)
    return said


# Every profile of this machine, side by side

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
        return lambda: with_run_facts(run.examine(look), started_at)

    examine = context.run(prepare)

    def work() -> Result:
        with turn:
            return context.run(examine)

    future = SharedFuture(work, keeps_traceback=True)
    future.begin()
    return future
