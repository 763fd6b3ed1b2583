"""`ngrok-scim api-key`: the life of the key that goes into Okta."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.commands.key_show import copy_key, key_for_okta, reveal_key, show_facts
from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, new_app, run_in_session
from ngrok_scim_cli.cli.runtime.ending import show_nothing
from ngrok_scim_cli.cli.runtime.options import Options, argument, flag, seconds
from ngrok_scim_cli.cli.runtime.session import Session
from ngrok_scim_cli.cli.runtime.setup_context import (
    done,
    find_admin_key,
    open_api,
    open_setup_context,
    planned,
)
from ngrok_scim_cli.diagnosis.finding import Result, StepStatus, Verdict
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.errors import NoKey, UsageError
from ngrok_scim_cli.setup import dry_run, rotation, texts
from ngrok_scim_cli.setup.api_key import make_key, store_key
from ngrok_scim_cli.setup.hand_off import how_to_get
from ngrok_scim_cli.setup.revocation import key_to_revoke, replace_leaked_key, revoke_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.setup.context import SetupContext

app = new_app("Make, show, replace or revoke the API key that goes into Okta.")

_COPY = "Copy the key: ngrok-scim api-key show --copy"
_PIPE_IT_IN = "Pipe it in: COMMAND-THAT-PRINTS-THE-KEY | ngrok-scim api-key store --api-key-file -"


_SHARED = (*shared.NETWORK, *shared.OUTPUT)


def _change(
    command: str,
    options: Options,
    session: Session,
    plan: Callable[[SetupContext, str], tuple[dry_run.PlannedRequest, ...]],
    work: Callable[[SetupContext], Result],
) -> Result:
    """Do ``work`` with the profile locked. A dry run returns what ``plan`` would ask of ngrok."""
    context = open_setup_context(session, options)
    if options.dry_run:
        root = session.settings.api_base_url().value
        return planned(command, lambda: plan(context, root))
    with session.profiles.lock(session.profile_name):
        return session.with_facts(work(context), harmless=True)


@command(
    app,
    "api-key create",
    (*shared.NEW_KEY, "base_url", "dry_run", *_SHARED),
    examples=("--dry-run", ""),
)
def create(options: Options, session: Session) -> Result:
    """Make an API key for SCIM and store it in the keyring.

    The key belongs to a Service User. If the keyring already holds the key of this profile, that
    key is kept.
    """

    def work(context: SetupContext) -> Result:
        api = context.open_api()
        if api is None:
            raise session.settings.no_admin_key()
        return _with_paste(done("api-key create", lambda: make_key(context, api)), context)

    return _change("api-key create", options, session, dry_run.plan_new_key, work)


class StoreOptions(Options):
    clean: bool = flag("--clean", "Remove stray characters around the key without asking.")


@command(
    app,
    "api-key store",
    ("dry_run", *shared.URL_AND_KEY, *_SHARED),
    examples=("--dry-run", "--api-key-file key.txt"),
)
def store(options: StoreOptions, session: Session) -> Result:
    """Store a key that was made in ngrok's dashboard.

    The key is read from a hidden prompt or from --api-key-file. Stray characters around it are
    shown, and removed if you agree. The key is tested before it is stored. A key that is in use is
    kept until you end the rotation: `ngrok-scim api-key rotate --finish`, or `--abort`.
    """

    def work(context: SetupContext) -> Result:
        file = options.api_key_file
        if file and (found := session.settings.given_scim_key(file)):
            typed = found.value
        elif session.person.present:
            typed = session.person.ask_secret(texts.ASK_KEY_BY_HAND)
        else:
            raise NoKey("No key was given.", advice=_PIPE_IT_IN)
        admin_key = find_admin_key(session, asks=False)
        store = partial(store_key, context, typed, clean=options.clean, admin_key=admin_key)
        return done("api-key store", store)

    def plan(context: SetupContext, _: str) -> tuple[dry_run.PlannedRequest, ...]:
        return (dry_run.plan_test(context),)

    return _change("api-key store", options, session, plan, work)


class ShowOptions(Options):
    copy: bool = flag("--copy", "Copy the key to the clipboard.")
    clear_after: float = seconds(
        "--clear-after",
        "Remove the key from the clipboard after this long; 0 leaves it there. Default: 60",
        60.0,
        most=3600,
    )
    reveal: bool = flag("--reveal", "Print the key (only at a terminal).")


@command(
    app,
    "api-key show",
    ("api_key_file", "admin_key_file", *_SHARED),
    examples=("", "--format json"),
)
def show_key(options: ShowOptions) -> int:
    """Show the key's id, owner and age, and where it is stored.

    The key itself is given out only by --copy or, at a terminal, by --reveal. During a rotation,
    that is the new key.
    """
    if options.copy and options.reveal:
        raise UsageError("--copy and --reveal cannot be combined.")
    if options.reveal and (options.format_ or options.output or not _at_a_terminal()):
        raise UsageError(
            "--reveal prints the key at a terminal only, so that it ends up in no file or log.",
            advice="Use --copy, or run it at a terminal without --format and --output.",
        )

    show_result = show_nothing if options.reveal else None
    return run_in_session(
        "api-key show", options, _show, show_result=show_result, no_input=True, must_exist=True
    )


def _show(options: ShowOptions, session: Session) -> Result:
    if options.copy or options.reveal:
        key = key_for_okta(session, options.api_key_file)
        copy_key(key, options.clear_after) if options.copy else reveal_key(key)
    return show_facts(session, options.api_key_file, options.admin_key_file)


class RotateOptions(Options):
    finish: bool = flag("--finish", "Okta has the new key: test it, then revoke the old one.")
    abort: bool = flag("--abort", "Keep the old key: test it, then revoke the new one.")
    yes: bool = flag("--yes", "Do not ask before --finish or --abort revokes a key.", "-y")


@command(
    app,
    "api-key rotate",
    ("allow_empty", "dry_run", *shared.NEW_KEY, "base_url", *_SHARED),
    examples=("--dry-run", ""),
)
def rotate(options: RotateOptions, session: Session) -> Result:
    """Replace the key without an interruption.

    Makes a new key beside the old one and says what to paste. Both keys work, and nothing is
    revoked, until you say which key Okta has: --finish or --abort.
    """
    if options.finish and options.abort:
        raise UsageError("--finish and --abort cannot be combined.")
    if options.yes and not (options.finish or options.abort):
        raise UsageError(
            "--yes alone revokes nothing.", advice="Add --finish or --abort, or leave it out."
        )
    end = rotation.End.ABORT if options.abort else None
    end = rotation.End.FINISH if options.finish else end

    plan = partial(dry_run.plan_rotation, end=end)
    work = partial(rotation.rotate, end=end, yes=options.yes)
    return _change(rotation.COMMAND, options, session, plan, work)


class RevokeOptions(Options):
    key_id: str | None = argument(
        "[ID]", "Id of the key (ak_…). Default: the key in use.", default=None
    )
    yes: bool = flag("--yes", "Do not ask for confirmation.", "-y")
    force: bool = flag(
        "--force",
        "Also revoke a key that ngrok-scim did not make. A key that may belong to another "
        "account is only forgotten here.",
    )
    leaked: bool = flag(
        "--leaked",
        "The key was exposed: revoke it at once, then make a new one. Provisioning stops until "
        "the new key is pasted into Okta.",
    )


@command(
    app,
    "api-key revoke",
    ("dry_run", "admin_key_file", "base_url", *_SHARED),
    examples=("--dry-run", "--yes"),
)
def revoke(options: RevokeOptions, session: Session) -> Result:
    """Revoke a key at ngrok and remove it from this machine. It stops working at once.

    To replace a key without an interruption, use `ngrok-scim api-key rotate`.
    """

    def plan(context: SetupContext, root: str) -> tuple[dry_run.PlannedRequest, ...]:
        meant = key_to_revoke(context, options.key_id)
        return dry_run.plan_revocation(context, meant, root, leaked=options.leaked)

    def work(context: SetupContext) -> Result:
        meant = key_to_revoke(context, options.key_id)
        if not (options.yes or context.person.present):
            raise UsageError(f"No terminal to confirm revoking {meant}; add --yes.")
        admin_key = find_admin_key(session, options.admin_key_file)
        api = open_api(session, admin_key)
        if api is None:
            raise session.settings.no_admin_key()
        end_key = partial(revoke_key, context, api, meant, admin_key_id=id_of_key(admin_key))
        end_key = partial(end_key, yes=options.yes, force=options.force)
        if not options.leaked:
            return done("api-key revoke", end_key)
        result = done("api-key revoke", lambda: replace_leaked_key(context, api, end_key))
        return _with_paste(result, replace(context, given_key=None))

    return _change("api-key revoke", options, session, plan, work)


def _with_paste(result: Result, context: SetupContext) -> Result:
    """Add what to do with a key that is ready, and that another one may stand in its way."""
    failed = result.verdict is Verdict.FAIL or result.steps[0].status is not StepStatus.DONE
    if result.remaining or failed:
        return result
    given, key = context.given_key, context.profile().key
    also = (texts.ANOTHER_KEY_GIVEN.format(given),) if given else ()
    copy = how_to_get(key, _COPY) if key else _COPY
    paste = texts.PASTE_IN_OKTA[context.profile().okta.made_by]
    return replace(result, remaining=(*also, copy, paste))


def _at_a_terminal() -> bool:
    return sys.stdout.isatty()
