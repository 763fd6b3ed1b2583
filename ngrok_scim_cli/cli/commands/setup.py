"""`ngrok-scim setup`: from nothing to the first person whom Okta provisioned."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import Options, flag, option
from ngrok_scim_cli.cli.runtime.output import print_stderr, set_place
from ngrok_scim_cli.cli.runtime.session import Session, refuse_unknown
from ngrok_scim_cli.cli.runtime.setup_context import (
    find_admin_key,
    open_api,
    open_setup_context,
    planned,
    prove_in_okta,
)
from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.errors import KeyringUnusable, UsageError
from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import SetupContext
from ngrok_scim_cli.setup.guided import plan_setup, read_status, record_done, run_setup

_NOBODY_TO_ASK = "There is no terminal to ask at, so setup does what it can without questions."


AppType = StrEnum("AppType", ("saml", "swa", "oidc"))
StepName = StrEnum(
    "StepName",
    ("prerequisites", "api-key", "domain", "okta-values", "test-connect", "to-app", "first-person"),
)


class SetupOptions(Options):
    domain: list[str] | None = option(
        "--domain NAME", "An e-mail domain of your users. Repeatable."
    )
    okta_app_type: AppType | None = option(
        "--okta-app-type saml|swa|oidc", "Sign-in method of the Okta app."
    )
    from_step: StepName | None = option("--from STEP", "Go back to this step and do it again.")
    done: list[StepName] | None = option(
        "--done STEP", "Record that this step is done, and show the status. Repeatable."
    )
    status: bool = flag("--status", "Show which steps are done, and do nothing else.")


@command(
    "setup",
    (
        *("dry_run", "allow_empty", *shared.NEW_KEY, *shared.URL_AND_KEY, "okta_wizard"),
        *(*shared.SANDBOX, *shared.NETWORK, *shared.OUTPUT),
    ),
    examples=("--sandbox --no-input", "--status"),
    empty_account=True,
)
def setup(options: SetupOptions, session: Session) -> Result:
    """Set up provisioning step by step, up to the first person.

    Finds or makes a Service User, makes an API key for SCIM and stores it in the keyring, prepares
    the domain request, shows the values for Okta, tests the connector, and checks that the first
    person arrives in ngrok. You can stop at any time; run it again to continue.
    """
    sandbox, app_type, wizard = options.sandbox, options.okta_app_type, options.okta_wizard
    if app_type is AppType.swa and wizard is Wizard.OIW:
        raise UsageError(
            "The Okta Integration Wizard makes no SWA apps.",
            advice="Leave out --okta-app-type, or use --okta-wizard classic.",
        )
    if options.status and not options.sandbox:
        refuse_unknown(options.profile, session.profiles)
    context = _open_context(session, options)
    if options.status:
        return read_status(context)
    if options.done:
        return record_done(context, tuple(step.value for step in options.done))
    if options.dry_run:
        return planned(session, "setup", lambda: plan_setup(context))
    if not (session.person.present or options.no_input or options.quiet):
        print_stderr(_NOBODY_TO_ASK)
    from_step = options.from_step.value if options.from_step else None
    welcome = texts.RESUMED if context.profile().steps else texts.STEPS_ARE_KEPT
    if from_step:
        welcome = texts.GOES_BACK.format(from_step)
    context.person.show(texts.IN_SANDBOX if sandbox else welcome)
    result = session.with_facts(run_setup(context, from_step=from_step), harmless=True)
    if sandbox and result.verdict is Verdict.FAIL:  # what helps is tried in the sandbox, too
        return replace(result, remaining=())
    if sandbox:  # the commands that remain are those of a setup that is kept
        set_place(session.profile_name)
        result = replace(result, remaining=(texts.END_OF_TRIAL, *result.remaining))
    return result


def _open_context(session: Session, options: SetupOptions) -> SetupContext:
    """Return what the steps work with: the form has a key here, and Okta may be asked."""
    context = open_setup_context(
        session,
        domains=tuple(options.domain or ()),
        okta_app_type=options.okta_app_type and options.okta_app_type.value,
        okta_wizard=options.okta_wizard and options.okta_wizard.value,
    )
    given = session.settings.given_scim_key(options.api_key_file)

    def read_form() -> Form:
        return session.form_with(given.value if given else _stored_key(context))

    context = replace(
        context,
        form=read_form,
        given_key=given.origin if given else None,
        open_api=lambda: open_api(session, find_admin_key(session, or_none=texts.NO_ADMIN_KEY)),
        types_admin_key=lambda: session.person.present and not find_admin_key(session, asks=False),
    )
    if options.sandbox and session.person.present:  # a person only tries what is done in Okta
        return context
    from ngrok_scim_cli.doctor.okta import prove_first_person, prove_to_app

    def first_person() -> str:
        form = read_form()
        return prove_in_okta(session, form, prove_first_person, "") if form.authorization else ""

    unknown: tuple[bool | None, str] = (None, "")
    return replace(
        context,
        prove_to_app=lambda: prove_in_okta(session, Form(), prove_to_app, unknown),
        prove_first_person=first_person,
    )


def _stored_key(context: SetupContext) -> str:
    """Return the key of the keyring; empty where there is none, or none that could be there.

    While a key is replaced, that is the new one, which goes into Okta.
    """
    profile = context.profile()
    kind = SecretKind.NEXT_SCIM if profile.next_key else SecretKind.SCIM
    try:
        return context.secret(kind) or ""
    except KeyringUnusable:
        if profile.key:
            raise
        return ""
