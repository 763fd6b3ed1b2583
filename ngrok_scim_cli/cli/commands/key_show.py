"""What `ngrok-scim api-key show` shows, and the two ways to get the key itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from ngrok_scim_cli.cli.runtime.output import print_stderr
from ngrok_scim_cli.cli.runtime.setup_context import (
    find_admin_key,
    find_clipboard_of_person,
    open_api,
)
from ngrok_scim_cli.diagnosis.finding import Finding, Result, verdict_of
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.errors import CannotTell, KeyringLost, NgrokScimError, NoKey
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup.key_plan import lost, two_keys_live

if TYPE_CHECKING:
    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.settings.profile import Key

COMMAND = "api-key show"

_LOOK_EVERY_S = 0.5


def key_for_okta(session: Session, api_key_file: str | None) -> str:
    """Return the key that goes into Okta: that of the file, the new one, else the one in use.

    While a key is replaced, the new one goes before one of the environment: that is the old one.
    """
    settings = session.settings
    new = None if api_key_file else settings.profile.next_key
    if new is not None and not new.kept:
        key = session.secrets.get(SecretKind.NEXT_SCIM.of(session.profile_name))
        if key is None:
            raise lost(new.id)
        return key
    found = settings.scim_key(api_key_file)
    if found is None:
        raise settings.no_scim_key() if settings.profile.key else no_key()
    return found.value


def no_key() -> NoKey:
    """Return the error for a profile that has no key to show."""
    return NoKey("This profile has no key yet.", advice="Make one: ngrok-scim api-key create")


def reveal_key(key: str) -> None:
    """Print ``key``, at the terminal of the person who asked for it."""
    if not (key.isascii() and key.isprintable()):
        raise CannotTell(
            "The key holds characters that a terminal does not show as they are.",
            advice="Look at them: ngrok-scim test-connect",
        )
    typer.echo(key)  # past the redactor: the one place where a key is printed


def copy_key(key: str, clear_after: float) -> None:
    """Copy ``key`` to the clipboard, wait, and clear it if the key is still there."""
    clipboard = find_clipboard_of_person()
    if clipboard is None:
        raise CannotTell(
            "No clipboard was found on this machine.",
            advice="Show the key at this terminal instead: ngrok-scim api-key show --reveal",
        )
    name = id_of_key(key) or "The key"
    if not clipboard.can_be_cleared:
        clipboard.put(key)
        sent = f"{name} was sent to {clipboard.name}. Copy something else once it is pasted."
        unseen = (
            "If nothing can be pasted, your terminal does not allow that: ngrok-scim api-key show"
        )
        print_stderr("\n".join(filter(None, (sent, clipboard.copy_kept, f"{unseen} --reveal"))))
        return
    if not clear_after:
        clipboard.put(key)
        print_stderr(f"{name} is in {clipboard.name}, and stays there.")
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


def show_facts(session: Session, api_key_file: str | None, admin_key_file: str | None) -> Result:
    """Return what is known of the keys, and what is wrong with them, the keyring or a rotation."""
    from ngrok_scim_cli.doctor.environment import judge_error
    from ngrok_scim_cli.settings.profile import Key
    from ngrok_scim_cli.setup.key_facts import as_answer, facts_of_key

    now, profile = datetime.now(UTC), session.settings.profile
    api = open_api(session, find_admin_key(session, admin_key_file, asks=False))
    rows: list[tuple[str, str, Key, SecretKind | str]] = []
    if given := session.settings.given_scim_key(api_key_file):
        rows.append(("key", "The key", Key(id_of_key(given.value)), given.origin))
    elif profile.key:
        heading = "The old key" if profile.next_key else "The key in use"
        rows.append(("key", heading, profile.key, SecretKind.SCIM))
    if profile.next_key:
        rows.append(("next_key", "The new key", profile.next_key, SecretKind.NEXT_SCIM))
    if profile.previous_key:
        rows.append(("previous_key", "The old key", profile.previous_key, "nowhere"))
    if not rows:
        raise no_key()
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
    return Result(COMMAND, verdict_of(findings), findings=findings, payload=as_answer(known))


def _stored_where(session: Session, key: Key, kind: SecretKind) -> str:
    """Return where ``key`` is stored; raises what is wrong with the keyring."""
    if key.kept:
        by = f"handed to the command “{key.kept_by}”" if key.kept_by else "you keep it"
        return f"in no keyring: {by}"
    entry = kind.of(session.profile_name)
    if session.secrets.get(entry) is None:
        raise KeyringLost(f"“{entry}” is not in the keyring ({session.secrets.kind}).")
    return f"{session.secrets.kind}, as {entry}"
