"""Where a new key goes that no keyring keeps: to a command, to a person's eyes, or nowhere.

A key that is handed over is never seen here again. Within the run that made it, it stays in memory,
so that the steps after it can use it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.errors import KeyringUnusable, NgrokScimError, UsageError
from ngrok_scim_cli.settings.environment import holds_a_secret
from ngrok_scim_cli.settings.run_secrets import Keeper, RunSecrets
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.settings.profile import Key
    from ngrok_scim_cli.settings.secrets import SecretStore
    from ngrok_scim_cli.setup.context import SetupContext

# So long a command may take to end after it was told to.
_GRACE_S = 5.0


class Kept(StrEnum):
    """How a key is kept that is in no keyring."""

    COMMAND = "command"
    SHOWN = "shown"
    BY_HAND = "by-hand"


class NotHandedOver(NgrokScimError):  # noqa: N818 - it says what happened
    """The key did not arrive where it was to be kept."""


def keeper_of(store: SecretStore) -> Keeper | None:
    """Return the keeper of this run; ``None`` where new keys go into the keyring."""
    return store.keeper if isinstance(store, RunSecrets) else None


def use_pasted_key(store: SecretStore) -> str:
    """See to it that a key which a person has already is not handed over to anybody.

    Returns:
        How it is kept then; empty where the keyring keeps it.
    """
    if not isinstance(store, RunSecrets) or store.keeper is None:
        return ""
    store.keeper = Keeper(Kept.BY_HAND, "", lambda _: None)
    return Kept.BY_HAND


def where(key: Key, kind: str) -> str:
    """Say where the secret of ``key`` is, as in ``its secret is in the macOS Keychain``."""
    if key.kept == Kept.COMMAND:
        return f"its secret was handed to the command “{key.kept_by}”"
    if key.kept:
        return "its secret is in no keyring; you keep it"
    return f"its secret is in the {kind}"


def command_keeper(text: str) -> Keeper:
    """Return the keeper that hands the key to the command ``text``.

    Its words are split as a shell does, and it is run without one.

    Raises:
        UsageError: it is no command, or there is none of this name.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(
            f"--key-to is no command: {error}.", advice="Close every quotation mark."
        ) from None
    program = shutil.which(words[0]) if words else None
    if program is None:
        named = f" “{words[0]}”" if words else ""
        raise UsageError(
            f"There is no command{named} on this machine, so no key was made.",
            advice="Give --key-to a command that reads the key from its standard input.",
        )
    name = Path(words[0]).name  # the words behind it may hold what is nobody's business
    return Keeper(Kept.COMMAND, name, lambda secret: _run(name, [program, *words[1:]], secret))


def ensure_place(context: SetupContext, *, by_hand: bool = True) -> bool:
    """See to it that a new key can be kept, before there is one; a person is asked how.

    Returns:
        Whether a key is to be made; not where the person makes it in the dashboard.

    Raises:
        KeyringUnusable: it could not, and nobody can be asked.
    """
    store = context.secrets()
    if isinstance(store, RunSecrets):
        if store.keeper:
            return store.keeper.kept is not Kept.BY_HAND
        store = store.keyring
    try:
        store.get(SecretKind.SCIM.of(context.profile_name))
    except KeyringUnusable as error:
        run_secrets = context.secrets()
        if not (isinstance(run_secrets, RunSecrets) and context.reveal):
            raise KeyringUnusable(error.message, advice=texts.NO_KEYRING) from None
        context.person.tell(f"{error.message} {texts.WITHOUT_KEYRING}")
        run_secrets.keeper = _chosen(context, context.reveal, by_hand=by_hand)
        return run_secrets.keeper.kept is not Kept.BY_HAND
    return True


def _chosen(context: SetupContext, reveal: Callable[[str], None], *, by_hand: bool) -> Keeper:
    person = context.person
    ways = texts.WAYS_TO_KEEP if by_hand else texts.WAYS_TO_KEEP[:-1]
    way = Kept(person.choose(texts.ASK_HOW_TO_KEEP, ways, default=Kept.SHOWN))
    if way is Kept.BY_HAND:
        return Keeper(way, "", lambda _: None)
    while way is Kept.COMMAND:
        try:
            return command_keeper(person.ask(texts.ASK_COMMAND))
        except UsageError as error:
            person.tell(f"{error.message} {error.advice}")

    def show(secret: str) -> None:
        person.tell(texts.SHOWN_ONCE)
        reveal(secret)
        while not person.confirm(texts.ASK_PUT_AWAY, default=False):
            if person.confirm(texts.ASK_REVOKE_SHOWN, default=False):
                raise NotHandedOver("You did not keep the key, so it was revoked.")

    return Keeper(Kept.SHOWN, "", show)


def _run(name: str, words: list[str], secret: str) -> None:
    """Give ``secret`` to a command on its standard input, and wait until it ends.

    Nothing that it prints is read: it may repeat the key in any form.
    """
    environment = {
        variable: value
        for variable, value in os.environ.items()
        if not holds_a_secret(variable, value)
    }
    try:
        process = subprocess.Popen(
            words,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        reason = f"could not be started: {error.strerror}"
    else:
        try:
            process.communicate(secret.encode())
        except BaseException:
            _end(process)
            raise
        if not process.returncode:
            return
        reason = f"ended with status {process.returncode}"
    raise NotHandedOver(
        f"The command “{name}” {reason}, so the key was revoked.",
        advice="Try the command by hand with some other text: what it prints is not shown here, "
        "because it may repeat the key.",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
