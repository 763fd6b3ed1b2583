"""`ngrok-scim doctor`: every check there is, and what a run leaves behind."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.commands.examination import DoctorOptions, begin, examine_all
from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, new_app
from ngrok_scim_cli.cli.runtime.ending import ExtraFile, documents_of, exit_status, finish
from ngrok_scim_cli.cli.runtime.options import Options
from ngrok_scim_cli.cli.runtime.output import (
    in_place_of_run,
    print_error,
    print_stderr,
    replace_file,
    terminal_style,
    write_to,
)
from ngrok_scim_cli.cli.runtime.progress import Watch, progressing
from ngrok_scim_cli.cli.runtime.session import Session, open_session
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Payload, Result, Section, Verdict
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.access import or_unknown
from ngrok_scim_cli.doctor.checks import Choice
from ngrok_scim_cli.doctor.run import PLANS, Examined, examine
from ngrok_scim_cli.errors import NgrokScimError, UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.report.layout import Page, shortened_codes
from ngrok_scim_cli.report.text import render_below_checks, write_checks
from ngrok_scim_cli.report.wording import result_in_place
from ngrok_scim_cli.settings.secrets import SecretKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.doctor.checks import CheckPlan
    from ngrok_scim_cli.settings.profile import Profile

app = new_app()


@command(
    app,
    "doctor",
    (
        "allow_empty",
        *shared.WHOLE_FORM,
        "admin_key_file",
        *shared.OKTA,
        *shared.SANDBOX,
        *shared.NETWORK,
        *shared.REPORT,
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
        return finish("doctor", options, lambda: examine_all(options, choice))
    with open_session(options, must_exist=True) as session:
        if options.save_okta:
            options = asked_for_okta(session, options)
        watch = Watch("Examining …")
        is_text = documents_of(options) == ((Format.TEXT, None),)
        # What is looked at again is not printed before the last look.
        is_watched = is_text and sys.stdout.isatty() and not options.wait
        live = LiveChecks(watch, verbose=options.verbose) if is_watched else None
        ended: list[Examined] = []

        def work() -> Result:
            look = begin(session, options, choice, watch)
            with progressing(watch, quiet=options.quiet):
                ended.append(examine(look, choice, wait_s=options.wait, follower=live))
            return ended[0].result

        files, show = _metrics(ended, options), live.show_rest if live else None
        status = finish("doctor", options, work, extra_files=files, show_result=show)
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


class LiveChecks:
    """Prints each check as soon as it and those above it are done."""

    def __init__(self, watch: Watch, *, verbose: bool) -> None:
        self._watch = watch
        self._style = terminal_style(sys.stdout, verbose=verbose)
        self._names: Sequence[str] = ()
        self._before: Check | None = None

    def begins(self, plans: Sequence[CheckPlan]) -> None:
        """Take the names of the checks, to align their marks."""
        self._names = [plan.name for plan in plans]

    def waits_for(self, plan: CheckPlan) -> None:
        """Show what is waited for."""
        self._watch.waits_for(plan.name, plan.timeout_s)

    def ended(self, check: Check) -> None:
        """Print how a check ended."""
        page = Page(self._style)
        shown = redactor.clean(check)
        write_checks(page, [shown], before=self._before, names=self._names)
        self._before = shown
        with self._watch.printing():
            write_to(sys.stdout, redactor.redact(in_place_of_run(page.text())))

    def show_rest(self, result: Result, options: Options) -> int:
        """Print what follows from the checks, the verdict last; return the exit status."""
        shown = redactor.clean(result_in_place(result))
        write_to(sys.stdout, "\n" + redactor.redact(render_below_checks(shown, self._style)))
        return exit_status(result.verdict, strict=options.strict)


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
    return finish(command, options, lambda: Result(command, Verdict.PASS, payload=available))


def _metrics(ended: list[Examined], options: DoctorOptions) -> tuple[ExtraFile, ...]:
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
            replace_file(path, redactor.redact(text), readable=True)

    return (ExtraFile("--metrics", path, write),)


def asked_for_okta(session: Session, given: DoctorOptions) -> DoctorOptions:
    """Return ``given`` with what the person typed for the Okta org and token that nothing gives."""
    settings, person = session.settings, session.person
    url = settings.okta_org_url(given.okta_org_url)
    org = url.value if url else ""
    token = or_unknown(lambda: settings.okta_credential(org, given.okta_token_file))
    needs_token = token is None or isinstance(token, Unknown)  # one that is lost is asked for
    if url and not needs_token:
        return given
    if not person.present:
        raise UsageError(
            "--save-okta needs the Okta org's address and token, and there is no terminal to ask.",
            advice="Set OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN.",
        )
    if url is None:
        question = "Address of your Okta org, like https://example.okta.com"
        given = replace(given, okta_org_url=person.ask(question))
    if needs_token:
        given = replace(given, okta_token=person.ask_secret("API token of that org").strip())
    return given


def save_okta_side(session: Session, given: DoctorOptions, examined: Examined) -> int:
    """Keep what was used to ask Okta, if it worked, and return the exit status of doing so."""
    checks = {check.code: check.status for check in examined.result.checks}
    if checks.get("okta-token") is not CheckStatus.PASS:
        print_stderr("The Okta token is not kept, because it did not work.")
        return 0
    settings, name = session.settings, session.profile_name
    url = settings.okta_org_url(given.okta_org_url)
    org = url.value if url else ""
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
        print_error(error.message, error.advice)
        return error.exit_status
    print_stderr(said)
    return 0
