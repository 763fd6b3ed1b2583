"""`ngrok-scim doctor`: every check there is, of one profile or of all, and what a run leaves."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import TIMEOUT_MAX, Semaphore
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime import ending, output
from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, flag, option, seconds
from ngrok_scim_cli.cli.runtime.peers import find_peers
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import Session, open_session
from ngrok_scim_cli.diagnosis.finding import (
    Check,
    CheckStatus,
    Payload,
    Result,
    Section,
    Verdict,
    worst_of,
)
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.access import or_unknown
from ngrok_scim_cli.doctor.checks import Choice
from ngrok_scim_cli.doctor.evidence import SharedFuture
from ngrok_scim_cli.doctor.run import PLANS, Examined, examine
from ngrok_scim_cli.errors import NgrokScimError, UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.layout import Page, shortened_codes
from ngrok_scim_cli.report.text import render_below_checks, write_checks
from ngrok_scim_cli.report.wording import result_in_place
from ngrok_scim_cli.settings.environment import profiles_folder
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.doctor.checks import CheckPlan
    from ngrok_scim_cli.doctor.evidence import Evidence, Progress
    from ngrok_scim_cli.settings.profile import Profile

# Whatever passes by itself takes less than a day.
_LONGEST_WAIT_S = 86_400

# How many profiles are examined at once; each makes some twenty requests at a time.
_AT_ONCE = 8

# The options for values that each profile has of its own, and for what is about one profile.
_OWN_TO_A_PROFILE = (
    *("profile", "base_url", "api_key_file", "unique_id", "auth_mode", "action", "admin_key_file"),
    *("okta_org_url", "okta_app", "okta_token_file", "save_okta", "sandbox", "metrics"),
)

# The variables with keys and addresses; those of Okta's SDKs are all about one org.
_VARIABLES = ("NGROK_SCIM_API_KEY", "NGROK_SCIM_BASE_URL", "NGROK_API_KEY", "NGROK_API_BASE_URL")


def _words_of_checks(incomplete: str) -> list[str]:
    words = [word for plan in PLANS for word in (plan.code, plan.category, *plan.finds)]
    words += [code[:3] for plan in PLANS for code in plan.finds]
    return [word for word in dict.fromkeys(words) if word.startswith(incomplete)]


class DoctorOptions(Options):
    only: list[str] | None = option(
        "--only NAME",
        "Only this check, category, finding code or family of codes (OKT). Repeatable.",
        autocompletion=_words_of_checks,
    )
    skip: list[str] | None = option(
        "--skip NAME",
        "Leave out this check, category, finding code or family of codes. Repeatable.",
        autocompletion=_words_of_checks,
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


@command(
    "doctor",
    (
        *("allow_empty", *shared.WHOLE_FORM, "admin_key_file", *shared.OKTA),
        *(*shared.SANDBOX, *shared.NETWORK, *shared.REPORT),
    ),
    examples=("--sandbox", "--sandbox --only OKT"),
)
def doctor(options: DoctorOptions) -> int:
    """Check everything, from this machine to each user.

    This machine, the values, the endpoint, the ngrok account, the domains, the Okta app, the users.

    Changes nothing. A check that is skipped says what it needs.
    """
    choice = _choice(options.only, options.skip)
    if options.list_checks:
        return list_checks(choice, options)
    if options.all_profiles:
        return ending.finish("doctor", options, lambda: examine_all(options, choice))
    with open_session(options, must_exist=True) as session:
        if options.save_okta:
            options = asked_for_okta(session, options)
        watch = Watch("Examining …")
        is_text = ending.documents_of(options) == ((Format.TEXT, None),)
        # A check that is made again is not printed before the last attempt.
        is_watched = is_text and sys.stdout.isatty() and not options.wait
        live = LiveChecks(watch, choice, verbose=options.verbose) if is_watched else None
        ended: list[Examined] = []

        def waits(plan: CheckPlan) -> None:
            watch.waits_for(plan.name, plan.timeout_s)

        def work() -> Result:
            look, show = begin(session, options, choice, watch), live.show if live else None
            with progressing(watch, quiet=options.quiet):
                ended.append(examine(look, choice, wait_s=options.wait, show=show, waits=waits))
            return ended[0].result

        files, show_rest = _metrics(ended, options), live.show_rest if live else None
        status = ending.finish("doctor", options, work, extra_files=files, show_result=show_rest)
        if options.save_okta and ended:
            status = save_okta_side(session, options, ended[0]) or status
    return status


def _choice(only: list[str] | None, skip: list[str] | None) -> Choice:
    choice = Choice.of(only or (), skip or ())
    for word, nearest in choice.unknown(PLANS).items():
        meant = f"Do you mean {nearest!r}? " if nearest else ""
        raise UsageError(
            f"There is no check, category or finding {word!r}.",
            advice=f"{meant}See: ngrok-scim doctor --list-checks",
        )
    if not any(map(choice.takes, PLANS)):
        raise UsageError("--only and --skip leave no check.", advice="Leave one of them out.")
    return choice


def begin(
    session: Session, options: DoctorOptions, choice: Choice, progress: Progress
) -> Callable[[], Evidence]:
    """Look up what this machine holds, begin to ask the peers, and return what fetches it."""
    fresh = find_peers(
        replace(session, options=options), progress, ranges_file=options.okta_ip_ranges
    )
    first = [fresh()]
    if choice.is_everything:
        first[0].begin()
        # The rest of what is needed is loaded while the replies are on their way.
        from ngrok_scim_cli.doctor.people import read_people

        first[0].shared(read_people).begin()
    return lambda: first.pop() if first else fresh()


def examine_all(options: DoctorOptions, choice: Choice) -> Result:
    """Examine every profile of this machine with its own values; nobody is asked anything."""
    named = [
        item.metadata[shared.PARAMETER].default
        for item in fields(options)
        if item.name in _OWN_TO_A_PROFILE and getattr(options, item.name) != item.default
    ]
    named += [
        name
        for name, value in os.environ.items()
        if value and (name in _VARIABLES or name.startswith("OKTA_CLIENT_"))
    ]
    if named:
        raise UsageError(
            f"--all-profiles checks each profile with its own values and cannot be combined with "
            f"{', '.join(named)}.",
            advice="Leave that out, or check one profile: ngrok-scim doctor --profile NAME",
        )
    names = ProfileStore(profiles_folder(os.environ)).names()
    if not names:
        raise UsageError(
            "There is no profile on this machine yet.", advice="Make one: ngrok-scim setup"
        )
    watch = Watch("Examining …")
    turn = Semaphore(_AT_ONCE)
    with ExitStack() as closing, progressing(watch, quiet=options.quiet):

        def begin_profile(name: str) -> SharedFuture[Result]:
            """Look up the values, then examine them in a thread and context of its own."""
            own, context = replace(options, profile=name, no_input=True), copy_context()
            started_at = datetime.now(UTC)

            def prepare() -> Callable[[], Evidence]:
                session = closing.enter_context(open_session(own, own_values=True))
                return begin(session, own, choice, Watch(name, part_of=watch))

            look = context.run(prepare)

            def work() -> Result:
                with turn:
                    result = examine(look, choice, wait_s=own.wait).result
                    return ending.with_run_facts(result, started_at)

            future = SharedFuture(partial(context.run, work), keeps_traceback=True)
            future.begin()
            return future

        # The keyrings are asked one after another: some of them ask the person to unlock them.
        begun = [begin_profile(name) for name in names]
        results: list[Result] = []
        for future in begun:
            results.append(future.get(TIMEOUT_MAX))
            watch.read("profiles", len(results), len(names))
    verdict = worst_of(item.verdict for item in results)
    return Result("doctor", verdict, profiles=tuple(results))


class LiveChecks:
    """Prints each check as soon as it and those above it are done."""

    def __init__(self, watch: Watch, choice: Choice, *, verbose: bool) -> None:
        self._watch = watch
        self._style = output.terminal_style(sys.stdout, verbose=verbose)
        self._names = [plan.name for plan in PLANS if choice.takes(plan)]  # to align their marks
        self._before: Check | None = None

    def show(self, check: Check) -> None:
        """Print how a check ended."""
        page = Page(self._style)
        shown = redactor.clean(check)
        write_checks(page, [shown], before=self._before, names=self._names)
        self._before = shown
        with self._watch.printing():
            output.write_to(sys.stdout, redactor.redact(output.in_place_of_run(page.text())))

    def show_rest(self, result: Result, _: Options) -> None:
        """Print what follows from the checks, the verdict last."""
        shown = redactor.clean(result_in_place(result))
        output.write_to(sys.stdout, "\n" + redactor.redact(render_below_checks(shown, self._style)))


def list_checks(choice: Choice, options: Options) -> int:
    """Show the checks that ``choice`` takes, a table for each category; return the exit status."""
    plans = [plan for plan in PLANS if choice.takes(plan)]
    tables = {plan.category: [("Check", "What it checks", "Needs", "Finds")] for plan in plans}
    for plan in plans:
        row = (plan.code, plan.name, plan.needs, shortened_codes(plan.finds))
        tables[plan.category].append(row)
    sections = tuple(Section(category, table=tuple(rows)) for category, rows in tables.items())
    available = Payload({"available": [plan.document() for plan in plans]}, sections)
    command = "doctor --list-checks"
    return ending.finish(command, options, lambda: Result(command, Verdict.PASS, payload=available))


def _metrics(ended: list[Examined], options: DoctorOptions) -> tuple[ending.ExtraFile, ...]:
    """Return the file of ``--metrics``, which is written where something was examined."""
    path = options.metrics
    if path is None:
        return ()

    def write(_: Result) -> None:
        from ngrok_scim_cli.report.openmetrics import render_openmetrics

        for examined in ended:
            text = render_openmetrics(
                redactor.clean(examined.result),
                profile=options.profile,
                finished=datetime.now(UTC),
                seconds=examined.seconds,
                users=examined.users,
                active=examined.active,
                key_age_days=examined.key_age_days,
            )
            output.replace_file(path, redactor.redact(text), readable=True)

    return (ending.ExtraFile("--metrics", path, write),)


def asked_for_okta(session: Session, given: DoctorOptions) -> DoctorOptions:
    """Return ``given`` with what the person typed for the Okta org and token that nothing gives."""
    settings, person = session.settings, session.person
    org = settings.value("okta_org_url", given.okta_org_url).value
    token = or_unknown(lambda: settings.okta_credential(org, given.okta_token_file))
    needs_token = token is None or isinstance(token, Unknown)  # one that is lost is asked for
    if org and not needs_token:
        return given
    if not person.present:
        raise UsageError(
            "--save-okta needs the Okta org's address and token, and there is no terminal to ask.",
            advice="Set OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN.",
        )
    if not org:
        question = "Address of your Okta org, like https://example.okta.com"
        given = replace(given, okta_org_url=person.ask(question))
    if needs_token:
        given = replace(given, okta_token=person.ask_secret("API token of that org").strip())
    return given


def save_okta_side(session: Session, given: DoctorOptions, examined: Examined) -> int:
    """Keep what was used to ask Okta, if it worked, and return the exit status of doing so."""
    checks = {check.code: check.status for check in examined.result.checks}
    if checks.get("okta-token") is not CheckStatus.PASS:
        output.print_stderr("The Okta token is not kept, because it did not work.")
        return 0
    settings, name = session.settings, session.profile_name
    org = settings.value("okta_org_url", given.okta_org_url).value
    try:
        found = None if given.okta_token else settings.okta_credential(org, given.okta_token_file)
        credential = found.value if found else given.okta_token
        is_token = isinstance(credential, str)
        if isinstance(credential, str):
            session.secrets.set(SecretKind.OKTA.of(name), credential)
            said = (
                f"The Okta token is kept in the keyring ({session.secrets.kind}), the org and the "
                "app in the profile."
            )
        else:
            said = (
                "The org and the app are kept in the profile. The private key of the service app "
                f"is not kept: each run reads it as this one did ({found.origin if found else ''})."
            )

        def changed(profile: Profile) -> Profile:
            okta = replace(profile.okta, org_url=org, app=examined.okta_app_id or profile.okta.app)
            if is_token:
                okta = replace(okta, token_stored_at=datetime.now(UTC))
            return replace(profile, okta=okta)

        session.profiles.update(name, changed)
    except NgrokScimError as error:
        output.print_error(error.message, error.advice)
        return error.exit_status
    output.print_stderr(said)
    return 0
