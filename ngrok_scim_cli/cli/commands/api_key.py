"""`ngrok-scim api-key`: the life of the key that goes into Okta."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ngrok_scim_cli.cli.commands.key_results import deliver_key_result, done, planned, with_notices
from ngrok_scim_cli.cli.runtime import options
from ngrok_scim_cli.cli.runtime.output import Printing, deliver, exit_status, tell
from ngrok_scim_cli.cli.runtime.session import Session, open_session
from ngrok_scim_cli.cli.runtime.setup_context import (
    api_with,
    ask_admin_key,
    find_clipboard_of_person,
    given_admin_key,
    open_setup_context,
)
from ngrok_scim_cli.diagnosis.finding import Result, StepStatus, Verdict
from ngrok_scim_cli.errors import NoKey, UsageError
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.setup import rotation
from ngrok_scim_cli.setup.context import Answers

if TYPE_CHECKING:
    from ngrok_scim_cli.setup.context import SetupContext

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Make, show, replace or revoke the API key that goes into Okta.",
)

CLEAR_AFTER_S = 60.0

_COPY = "Copy the key: ngrok-scim api-key show --copy"


class FactsFormat(StrEnum):
    """How to print what is known of a key."""

    TEXT = "text"
    JSON = "json"


@app.command()
def create(
    service_user: options.ServiceUser = None,
    key_description: options.KeyDescription = None,
    dry_run: options.DryRun = False,
    admin_key_file: options.AdminKeyFile = None,
    base_url: options.BaseUrl = None,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Make an API key only for SCIM and store it.

    A Service User owns it, and the keyring keeps it. Where the keyring holds one already, that one
    is kept.
    """
    from ngrok_scim_cli.setup.api_key import make_key
    from ngrok_scim_cli.setup.dry_run import plan_new_key

    command, printing = "api-key create", Printing(form, output, verbose, strict)

    def work() -> Result:
        with open_session(
            profile=profile,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            context = open_setup_context(
                session,
                answers=Answers(service_user=service_user, key_description=key_description),
                base_url=base_url,
                admin_key_file=admin_key_file,
                quiet=quiet,
            )
            if dry_run:
                root = session.settings.api_base_url().value
                return planned(command, lambda: plan_new_key(context, root))
            with session.profiles.lock(session.profile_name):
                api = context.open_api()
                if api is None:
                    raise session.settings.no_admin_key()
                result = _with_paste(
                    done(command, lambda: make_key(context, api)), context.given_key
                )
                return with_notices(result, session)

    return deliver_key_result(command, printing, work, dry_run=dry_run)


@app.command()
def store(
    api_key_file: options.ApiKeyFile = None,
    clean: Annotated[
        bool,
        typer.Option("--clean", help="Take away what stands around the key, without asking."),
    ] = False,
    dry_run: options.DryRun = False,
    base_url: options.BaseUrl = None,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Store a key that was made by hand in ngrok's dashboard.

    It is read from a prompt that does not show it, or from --api-key-file. What does not belong
    to it is named and, after a yes, taken away. It is tried before it is stored.
    """
    from ngrok_scim_cli.setup.dry_run import plan_test
    from ngrok_scim_cli.setup.stored_key import store_key

    command, printing = "api-key store", Printing(form, output, verbose, strict)

    def work() -> Result:
        with open_session(
            profile=profile,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            context = open_setup_context(session, base_url=base_url, quiet=quiet)
            if dry_run:
                return planned(command, lambda: (plan_test(context),))
            typed = _read_key(session, api_key_file)
            admin_key = given_admin_key(session)
            with session.profiles.lock(session.profile_name):
                result = done(
                    command,
                    lambda: store_key(
                        context,
                        typed,
                        trust=session.trust,
                        clean=clean,
                        admin_key=admin_key,
                    ),
                )
                return with_notices(result, session)

    return deliver_key_result(command, printing, work, dry_run=dry_run)


@app.command(name="show")
def show_key(
    copy: Annotated[bool, typer.Option("--copy", help="Put the key into the clipboard.")] = False,
    clear_after: Annotated[
        float,
        typer.Option(
            "--clear-after",
            metavar="SECONDS",
            min=0,
            max=3600,
            callback=options.a_number,
            help="Clear the clipboard of the key after this long. 0 leaves it there.",
        ),
    ] = CLEAR_AFTER_S,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Print the key, at a terminal only.")
    ] = False,
    api_key_file: options.ApiKeyFile = None,
    admin_key_file: options.AdminKeyFile = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    form: Annotated[
        FactsFormat, typer.Option("--format", help="How to print it; never with the key.")
    ] = FactsFormat.TEXT,
    strict: options.Strict = False,
) -> int:
    """Show what is known of the key: id, owner, age, and where it is kept.

    The key itself leaves only with --copy, or at a terminal with --reveal. While it is being
    replaced, that is the new key.
    """
    from ngrok_scim_cli.cli.commands.key_show import (
        COMMAND,
        copy_key,
        key_for_okta,
        reveal_key,
        show_facts,
    )

    if copy and reveal:
        raise UsageError("--copy and --reveal exclude each other.")
    if reveal and (form is FactsFormat.JSON or not _at_a_terminal()):
        raise UsageError(
            "--reveal prints the key at a terminal only, so that it ends up in no file or log.",
            advice="Use --copy, or run it at a terminal without --format json.",
        )

    def work() -> Result:
        with open_session(
            profile=profile, ca_bundle=ca_bundle, timeout=timeout, no_input=True
        ) as session:
            if copy or reveal:
                key = key_for_okta(session, api_key_file)
                copy_key(key, clear_after) if copy else reveal_key(key)
            result, text = show_facts(session, api_key_file, admin_key_file)
        if form is FactsFormat.TEXT and not reveal:
            tell(text)
        return result

    if form is FactsFormat.JSON:
        return deliver(COMMAND, Printing(Format.JSON, strict=strict), work)
    return exit_status(work().verdict, strict=strict)


@app.command()
def rotate(
    finish: Annotated[
        bool,
        typer.Option("--finish", help="The new key stands in Okta: test it, revoke the old one."),
    ] = False,
    service_user: options.ServiceUser = None,
    key_description: options.KeyDescription = None,
    dry_run: options.DryRun = False,
    admin_key_file: options.AdminKeyFile = None,
    base_url: options.BaseUrl = None,
    allow_empty: options.AllowEmpty = False,
    allow_host: options.AllowHost = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    profile: options.Profile = "default",
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Replace the key, with no minute in which Okta has none that works.

    Makes the new key beside the old one and says what to paste. Once the new one stands in Okta
    and the connector test passes with it, the old one is revoked: at a terminal in one go, without
    one at the next run or with --finish. There is never a third key.
    """
    from ngrok_scim_cli.setup.dry_run import plan_rotation

    command, printing = rotation.COMMAND, Printing(form, output, verbose, strict)
    began = datetime.now(UTC)
    unattended: list[SetupContext] = []

    def work() -> Result:
        with open_session(
            profile=profile,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            context = open_setup_context(
                session,
                answers=Answers(service_user=service_user, key_description=key_description),
                base_url=base_url,
                admin_key_file=admin_key_file,
                allow_empty=allow_empty,
                quiet=quiet,
            )
            context = replace(context, clipboard=find_clipboard_of_person)
            if dry_run:
                root = session.settings.api_base_url().value
                return planned(command, lambda: plan_rotation(context, root, finish=finish))
            with session.profiles.lock(session.profile_name):
                result = rotation.rotate(context, finish=finish, began=began)
            if not context.person.present:
                unattended.append(context)
            return with_notices(result, session)

    status = deliver_key_result(command, printing, work, dry_run=dry_run)
    for context in unattended if not status else ():
        with context.profiles.lock(context.profile_name):
            rotation.announced(context)  # only now was it said what to paste
    return status


@app.command()
def revoke(
    key_id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Which key (ak_…). Default: the one in use."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Also a key that ngrok-scim neither made nor knows. One that may be of another "
            "account is forgotten here.",
        ),
    ] = False,
    dry_run: options.DryRun = False,
    admin_key_file: options.AdminKeyFile = None,
    ca_bundle: options.CaBundle = None,
    timeout: options.Timeout = 60.0,
    allow_host: options.AllowHost = None,
    profile: options.Profile = "default",
    form: options.OutputFormat = Format.TEXT,
    output: options.OutputFile = None,
    strict: options.Strict = False,
    no_input: options.NoInput = False,
    verbose: options.Verbose = False,
) -> int:
    """Revoke a key at ngrok, and forget it here. It stops working at once."""
    from ngrok_scim_cli.setup.dry_run import plan_revocation
    from ngrok_scim_cli.setup.person import Nobody
    from ngrok_scim_cli.setup.revocation import key_to_revoke, revoke_key

    command, printing = "api-key revoke", Printing(form, output, verbose, strict)

    def work() -> Result:
        with open_session(
            profile=profile,
            allowed_hosts=allow_host,
            ca_bundle=ca_bundle,
            timeout=timeout,
            no_input=no_input,
        ) as session:
            context = open_setup_context(session, admin_key_file=admin_key_file)
            meant = key_to_revoke(context, key_id)
            if dry_run:
                root = session.settings.api_base_url().value
                return planned(command, lambda: plan_revocation(meant, root))
            if not (yes or context.person.present):
                raise UsageError(
                    f"Nobody is there to ask whether {meant} shall be revoked.",
                    advice="If it shall, add --yes.",
                )
            with session.profiles.lock(session.profile_name):
                admin_key = given_admin_key(session, admin_key_file) or ask_admin_key(session)
                if not admin_key:
                    raise session.settings.no_admin_key()
                api = api_with(session, admin_key)
                willing = replace(context, person=Nobody()) if yes else context
                result = done(
                    command,
                    lambda: revoke_key(willing, api, meant, admin_key=admin_key, force=force),
                )
                return with_notices(result, session)

    return deliver_key_result(command, printing, work, dry_run=dry_run)


def _with_paste(result: Result, given_key: str | None) -> Result:
    """Add what to do with a key that is ready, and that another one may stand in its way."""
    failed = result.verdict is Verdict.FAIL or result.steps[0].status is not StepStatus.DONE
    if result.remaining or failed:
        return result
    also = (rotation.OVERRIDDEN.format(given_key),) if given_key else ()
    return replace(result, remaining=(*also, _COPY, rotation.PASTE_IN_OKTA))


def _at_a_terminal() -> bool:
    return sys.stdout.isatty()


def _read_key(session: Session, api_key_file: str | None) -> str:
    found = session.settings.given_scim_key(api_key_file) if api_key_file else None
    if found:
        return found.value
    if session.person.present:
        return session.person.ask_secret("SCIM key, as ngrok's dashboard showed it")
    raise NoKey(
        "No key was given.",
        advice="Pipe it in: COMMAND-THAT-PRINTS-THE-KEY | ngrok-scim api-key store "
        "--api-key-file -",
    )
