"""`ngrok-scim api-key`: the life of the key that goes into Okta."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import typer

from ngrok_scim_cli.cli.runtime import options as shared
from ngrok_scim_cli.cli.runtime.command import command, run_in_session
from ngrok_scim_cli.cli.runtime.options import Options, argument, flag, seconds
from ngrok_scim_cli.cli.runtime.output import print_stderr
from ngrok_scim_cli.cli.runtime.session import Session
from ngrok_scim_cli.cli.runtime.setup_context import (
    done,
    find_admin_key,
    find_clipboard_of_person,
    open_api,
    open_setup_context,
    planned,
)
from ngrok_scim_cli.diagnosis.finding import Finding, Result, StepStatus, Verdict, verdict_of
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.errors import CannotTell, KeyringLost, NgrokScimError, UsageError
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import dry_run, rotation, texts
from ngrok_scim_cli.setup.api_key import make_key, store_key
from ngrok_scim_cli.setup.hand_off import how_to_get
from ngrok_scim_cli.setup.key_plan import lost, two_keys_live
from ngrok_scim_cli.setup.revocation import key_to_revoke, replace_leaked_key, revoke_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.settings.profile import Key
    from ngrok_scim_cli.setup.context import SetupContext

_REVEAL = "ngrok-scim api-key show --reveal"
_COPY = "Copy the key: ngrok-scim api-key show --copy"
_PIPE_IT_IN = "Pipe it in: COMMAND-THAT-PRINTS-THE-KEY | ngrok-scim api-key store --api-key-file -"

# How long a Ctrl-C can go unnoticed, at worst.
_LOOK_EVERY_S = 0.5

_SHARED = (*shared.NETWORK, *shared.OUTPUT)


def _change(
    command: str,
    session: Session,
    plan: Callable[[SetupContext], tuple[dry_run.PlannedRequest, ...]],
    work: Callable[[SetupContext], Result],
) -> Result:
    """Do ``work`` with the profile locked. A dry run returns what ``plan`` would ask of ngrok."""
    context = open_setup_context(session)
    if session.options.dry_run:
        return planned(session, command, lambda: plan(context))
    with session.profiles.lock(session.profile_name):
        return session.with_facts(work(context), harmless=True)


@command(
    "api-key create", (*shared.NEW_KEY, "base_url", "dry_run", *_SHARED), examples=("--dry-run", "")
)
def create(_: Options, session: Session) -> Result:
    """Make an API key for SCIM and store it in the keyring.

    The key belongs to a Service User. If the keyring already holds the key of this profile, that
    key is kept.
    """

    def work(context: SetupContext) -> Result:
        api = context.open_api()
        if api is None:
            raise session.settings.no_admin_key()
        return _with_paste(done("api-key create", lambda: make_key(context, api)), context)

    return _change("api-key create", session, dry_run.plan_new_key, work)


class StoreOptions(Options):
    clean: bool = flag("--clean", "Remove stray characters around the key without asking.")


@command(
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
            raise CannotTell("No key was given.", advice=_PIPE_IT_IN)
        admin_key = find_admin_key(session, asks=False)
        store = partial(store_key, context, typed, clean=options.clean, admin_key=admin_key)
        return done("api-key store", store)

    return _change("api-key store", session, lambda context: (dry_run.plan_test(context),), work)


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
    "api-key show", ("api_key_file", "admin_key_file", *_SHARED), examples=("", "--format json")
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
    show = (lambda *_: None) if options.reveal else None
    return run_in_session(
        "api-key show", options, _show, show_result=show, no_input=True, must_exist=True
    )


def _show(options: ShowOptions, session: Session) -> Result:
    if options.copy or options.reveal:
        key = key_for_okta(session)
        if options.copy:
            copy_key(key, options.clear_after)
        elif key.isascii() and key.isprintable():
            typer.echo(key)  # past the redactor: the one place where a key is printed
        else:
            raise CannotTell(
                "The key holds characters that a terminal does not show as they are.",
                advice="Look at them: ngrok-scim test-connect",
            )
    return show_facts(session)


def _no_key() -> CannotTell:
    return CannotTell("This profile has no key yet.", advice="Make one: ngrok-scim api-key create")


def key_for_okta(session: Session) -> str:
    """Return the key that goes into Okta: that of the file, the new one, else the one in use.

    While a key is replaced, the new one goes before one of the environment: that is the old one.
    """
    settings, api_key_file = session.settings, session.options.api_key_file
    new = None if api_key_file else settings.profile.next_key
    if new is not None and not new.kept:
        key = session.secrets.get(SecretKind.NEXT_SCIM.of(session.profile_name))
        if key is None:
            raise lost(new.id)
        return key
    found = settings.scim_key(api_key_file)
    if found is None:
        raise settings.no_scim_key() if settings.profile.key else _no_key()
    return found.value


def copy_key(key: str, clear_after: float) -> None:
    """Copy ``key`` to the clipboard, wait, and clear it if the key is still there."""
    clipboard = find_clipboard_of_person()
    if clipboard is None:
        raise CannotTell(
            "No clipboard was found on this machine.",
            advice=f"Show the key at this terminal instead: {_REVEAL}",
        )
    name = id_of_key(key) or "The key"
    if not (clipboard.can_be_cleared and clear_after):
        clipboard.put(key)
        said = [f"{name} is in {clipboard.name}, and stays there."]
        if not clipboard.can_be_cleared:
            said = [
                f"{name} was sent to {clipboard.name}. Copy something else once it is pasted.",
                *filter(None, [clipboard.copy_kept]),
                f"If nothing can be pasted, your terminal does not allow that: {_REVEAL}",
            ]
        print_stderr("\n".join(said))
        return
    try:
        clipboard.put(key)
        print_stderr(
            f"{name} is in {clipboard.name} for {clear_after:g} seconds. Ctrl-C clears it at once."
        )
        _wait(clear_after)
    except KeyboardInterrupt:
        pass
    finally:
        cleared = clipboard.clear(key)
    print_stderr(
        "The clipboard is cleared." if cleared else "The clipboard holds something else by now."
    )


def _wait(seconds: float) -> None:
    until = time.monotonic() + seconds
    # A signal that came just before a long sleep would go unnoticed.
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _LOOK_EVERY_S))


def show_facts(session: Session) -> Result:
    """Return what is known of the keys, and what is wrong with them, the keyring or a rotation."""
    from ngrok_scim_cli.doctor.environment import judge_error
    from ngrok_scim_cli.settings.profile import Key
    from ngrok_scim_cli.setup.key_facts import as_answer, facts_of_key

    now, profile = datetime.now(UTC), session.settings.profile
    api = open_api(session, find_admin_key(session, asks=False))
    rows: list[tuple[str, str, Key, SecretKind | str]] = []
    if given := session.settings.given_scim_key(session.options.api_key_file):
        rows.append(("key", "The key", Key(id_of_key(given.value)), given.origin))
    elif profile.key:
        heading = "The old key" if profile.next_key else "The key in use"
        rows.append(("key", heading, profile.key, SecretKind.SCIM))
    if profile.next_key:
        rows.append(("next_key", "The new key", profile.next_key, SecretKind.NEXT_SCIM))
    if profile.previous_key:
        rows.append(("previous_key", "The old key", profile.previous_key, "nowhere"))
    if not rows:
        raise _no_key()
    found: list[Finding] = []
    known = []
    for name, heading, key, where in rows:
        try:
            kept = _stored_where(session, key, where) if isinstance(where, SecretKind) else where
        except NgrokScimError as error:
            found += judge_error(error)
            kept = f"not there: {error.message}"
        facts, of_key = facts_of_key(key, kept, now, api)
        found += of_key
        known.append((name, heading, facts))
    if profile.rotation:
        found.append(two_keys_live(profile.rotation))
    findings = tuple(item for index, item in enumerate(found) if item not in found[:index])
    return Result("api-key show", verdict_of(findings), findings=findings, payload=as_answer(known))


def _stored_where(session: Session, key: Key, kind: SecretKind) -> str:
    """Return where ``key`` is stored; raises what is wrong with the keyring."""
    if key.kept:
        by = f"handed to the command “{key.kept_by}”" if key.kept_by else "you keep it"
        return f"in no keyring: {by}"
    entry = kind.of(session.profile_name)
    if session.secrets.get(entry) is None:
        raise KeyringLost(f"“{entry}” is not in the keyring ({session.secrets.kind}).")
    return f"{session.secrets.kind}, as {entry}"


class RotateOptions(Options):
    finish: bool = flag("--finish", "Okta has the new key: test it, then revoke the old one.")
    abort: bool = flag("--abort", "Keep the old key: test it, then revoke the new one.")
    yes: bool = flag("--yes", "Do not ask before --finish or --abort revokes a key.", "-y")


@command(
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
    return _change(rotation.COMMAND, session, plan, work)


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
    "api-key revoke",
    ("dry_run", "admin_key_file", "base_url", *_SHARED),
    examples=("--dry-run", "--yes"),
)
def revoke(options: RevokeOptions, session: Session) -> Result:
    """Revoke a key at ngrok and remove it from this machine. It stops working at once.

    To replace a key without an interruption, use `ngrok-scim api-key rotate`.
    """

    def plan(context: SetupContext) -> tuple[dry_run.PlannedRequest, ...]:
        meant = key_to_revoke(context, options.key_id)
        return dry_run.plan_revocation(context, meant, leaked=options.leaked)

    def work(context: SetupContext) -> Result:
        meant = key_to_revoke(context, options.key_id)
        if not (options.yes or context.person.present):
            raise UsageError(f"No terminal to confirm revoking {meant}; add --yes.")
        admin_key = find_admin_key(session)
        api = open_api(session, admin_key)
        if api is None:
            raise session.settings.no_admin_key()
        end_key = partial(revoke_key, context, api, meant, admin_key_id=id_of_key(admin_key))
        end_key = partial(end_key, yes=options.yes, force=options.force)
        if not options.leaked:
            return done("api-key revoke", end_key)
        result = done("api-key revoke", lambda: replace_leaked_key(context, api, end_key))
        return _with_paste(result, replace(context, given_key=None))

    return _change("api-key revoke", session, plan, work)


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
