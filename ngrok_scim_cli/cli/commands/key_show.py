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
    from collections.abc import Iterator

    from ngrok_scim_cli.cli.runtime.session import Session
    from ngrok_scim_cli.settings.profile import Key
    from ngrok_scim_cli.setup.key_facts import KeyFacts, KeyRole

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
    """Return what is known of the keys."""
    from ngrok_scim_cli.setup.key_facts import as_answer, facts_of_key

    now = datetime.now(UTC)
    api = open_api(session, find_admin_key(session, admin_key_file, asks=False))
    findings: list[Finding] = []
    known: list[tuple[KeyRole, str, KeyFacts]] = []
    for role, heading, key, kept in _keys(session, api_key_file, findings):
        facts, found = facts_of_key(key, kept, now, api)
        findings += [item for item in found if item not in findings]
        known.append((role, heading, facts))
    if not known:
        raise no_key()
    verdict = verdict_of(tuple(findings))
    return Result(COMMAND, verdict, findings=tuple(findings), payload=as_answer(known))


def _keys(
    session: Session, api_key_file: str | None, findings: list[Finding]
) -> Iterator[tuple[KeyRole, str, Key, str]]:
    """Yield each key's role, its heading, what is known of it, and where it is stored.

    What is wrong with the keyring or a rotation goes into ``findings``.
    """
    from ngrok_scim_cli.settings.profile import Key
    from ngrok_scim_cli.setup.key_facts import KeyRole

    profile = session.settings.profile
    old, new, previous = profile.key, profile.next_key, profile.previous_key
    if given := session.settings.given_scim_key(api_key_file):
        yield KeyRole.CURRENT, "The key", Key(id_of_key(given.value)), given.origin
    elif old:
        heading = "The old key" if new else "The key in use"
        yield KeyRole.CURRENT, heading, old, _place(session, old, SecretKind.SCIM, findings)
    if new:
        place = _place(session, new, SecretKind.NEXT_SCIM, findings)
        yield KeyRole.NEXT, "The new key", new, place
    if previous:
        yield KeyRole.PREVIOUS, "The old key", previous, "nowhere"
    if profile.rotation:
        findings.append(two_keys_live(profile.rotation))


def _place(session: Session, key: Key, kind: SecretKind, findings: list[Finding]) -> str:
    """Return where ``key`` is stored; what is wrong with the keyring goes into ``findings``."""
    from ngrok_scim_cli.doctor.environment import judge_error

    if key.kept:
        by = f"handed to the command “{key.kept_by}”" if key.kept_by else "you keep it"
        return f"in no keyring: {by}"
    entry = kind.of(session.profile_name)
    try:
        if session.secrets.get(entry) is None:
            raise KeyringLost(f"“{entry}” is not in the keyring ({session.secrets.kind}).")
    except NgrokScimError as error:
        findings += [item for item in judge_error(error) if item not in findings]
        return f"not there: {error.message}"
    return f"{session.secrets.kind}, as {entry}"
