"""`ngrok-scim setup`: from nothing to a passing connector test."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from ngrok_scim_cli.cli.commands.key_results import deliver_key_result, planned, with_notices
from ngrok_scim_cli.cli.runtime import options
from ngrok_scim_cli.cli.runtime.browser import opener
from ngrok_scim_cli.cli.runtime.output import Printing
from ngrok_scim_cli.cli.runtime.session import Session, open_session
from ngrok_scim_cli.cli.runtime.setup_context import (
    api_with,
    ask_admin_key,
    find_clipboard_of_person,
    given_admin_key,
    open_setup_context,
)
from ngrok_scim_cli.errors import KeyringUnusable, NgrokScimError
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.settings.secrets import SecretKind

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.setup.context import SetupContext
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

app = typer.Typer(rich_markup_mode=None, add_completion=False)


_COMMAND = "setup"

_GO_ON = "What was done is kept. Go on with: ngrok-scim setup"
_AGAIN_FROM_START = "Nothing of a rehearsal is kept. Start again: ngrok-scim setup --sandbox"


class AppType(StrEnum):
    """How the Okta app was made."""

    SAML = "saml"
    SWA = "swa"
    OIDC = "oidc"


class StepName(StrEnum):
    """A step of the setup."""

    PREREQUISITES = "prerequisites"
    API_KEY = "api-key"
    DOMAIN = "domain"
    OKTA_VALUES = "okta-values"
    TEST_CONNECT = "test-connect"


@app.command()
def setup(
    service_user: options.ServiceUser = None,
    key_description: options.KeyDescription = None,
    domain: Annotated[
        list[str] | None,
        typer.Option(
            "--domain", metavar="NAME", help="An e-mail domain of your people. Repeatable."
        ),
    ] = None,
    okta_app_type: Annotated[
        AppType | None,
        typer.Option("--okta-app-type", metavar="saml|swa|oidc", help="How the Okta app was made."),
    ] = None,
    from_step: Annotated[
        StepName | None, typer.Option("--from", metavar="STEP", help="Go back to this step.")
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Show where the setup stands and do nothing.")
    ] = False,
    dry_run: options.DryRun = False,
    admin_key_file: options.AdminKeyFile = None,
    api_key_file: options.ApiKeyFile = None,
    base_url: options.BaseUrl = None,
    allow_empty: options.AllowEmpty = False,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    sandbox: options.Sandbox = False,
    fault: options.Fault = None,
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Walk from nothing to a passing connector test.

    Finds or makes a Service User, makes an API key only for SCIM and stores it in the keyring,
    prepares the domain request, shows what goes into Okta's form, and tests the connector. Can
    be interrupted at any time; run it again to go on.
    """
    from ngrok_scim_cli.setup import texts
    from ngrok_scim_cli.setup.context import Answers
    from ngrok_scim_cli.setup.guided import (
        STEPS,
        SetupInterrupted,
        plan_setup,
        read_status,
        run_setup,
    )

    answers = Answers(
        service_user=service_user,
        key_description=key_description,
        domains=tuple(domain or ()),
        okta_app_type=okta_app_type.value if okta_app_type else None,
    )

    def work() -> Result:
        with open_session(
            profile=profile,
            sandbox=sandbox,
            faults=fault,
            empty_account=True,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            context = _with_given_key(
                open_setup_context(
                    session,
                    answers=answers,
                    base_url=base_url,
                    admin_key_file=admin_key_file,
                    allow_empty=allow_empty,
                    quiet=quiet,
                ),
                session,
                base_url=base_url,
                api_key_file=api_key_file,
            )
            context = replace(
                context,
                open_api=lambda: _open_api(session, admin_key_file),
                trust=session.trust,
                rehearsal=sandbox,
                open_page=None if sandbox else opener(texts.NGROK_SETTINGS),
                clipboard=lambda: None if sandbox else find_clipboard_of_person(),
                types_admin_key=lambda: (
                    session.person.present and not given_admin_key(session, admin_key_file)
                ),
            )
            if status:
                return read_status(context)
            if dry_run:
                root = session.settings.api_base_url().value
                return planned(_COMMAND, lambda: plan_setup(context, root))
            if not context.profile().steps:
                context.person.tell(texts.REHEARSAL if sandbox else texts.WELCOME)
            with session.profiles.lock(session.profile_name):
                result = run_setup(context, from_step=from_step.value if from_step else None)
                return with_notices(result, session)

    printing = Printing(form, output, verbose, strict)
    try:
        return deliver_key_result(_COMMAND, printing, work, dry_run=dry_run and not status)
    except SetupInterrupted as stopped:
        where = f"{stopped.number} of {len(STEPS)} ({STEPS[stopped.number - 1]})"
        advice = _AGAIN_FROM_START if sandbox else _GO_ON
        raise Interrupted(f"Interrupted in step {where}.", advice=advice) from None


class Interrupted(NgrokScimError):  # noqa: N818 - it says what happened; no error was made
    """The person stopped the setup in the middle of a step."""

    exit_status: ClassVar[int] = 130


def _with_given_key(
    context: SetupContext, session: Session, *, base_url: str | None, api_key_file: str | None
) -> SetupContext:
    """Let the form carry the key: the given one, or the one of the keyring.

    While a key is replaced, that is the new one, which goes into Okta.
    """
    settings = session.settings
    given = settings.given_scim_key(api_key_file)

    def read_form() -> Form:
        key = given.value if given else _stored_key(context, session)
        return settings.form(key, base_url=base_url)

    return replace(context, form=read_form, given_key=given.origin if given else None)


def _stored_key(context: SetupContext, session: Session) -> str:
    """Return the key of the keyring; empty where there is none, or none that could be there.

    Raises:
        NgrokScimError: the profile counts on a keyring that cannot be used.
    """
    profile = context.profile()
    kind = SecretKind.NEXT_SCIM if profile.next_key else SecretKind.SCIM
    try:
        return session.secrets.get(kind.of(session.profile_name)) or ""
    except KeyringUnusable:
        if profile.key:
            raise
        return ""


def _open_api(session: Session, admin_key_file: str | None) -> NgrokApi | None:
    """Open ngrok's API; a person without an administrator's key may go on without one."""
    key = given_admin_key(session, admin_key_file) or ask_admin_key(session, dispensable=True)
    return api_with(session, key) if key else None
