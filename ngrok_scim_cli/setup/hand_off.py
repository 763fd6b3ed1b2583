"""How a key leaves this program: to a command, shown once to a person, or by the clipboard.

A new key that no keyring keeps is handed over, and stays in memory within the run that made it, so
that the steps after it can use it. The profile says so before it is done, and afterwards who has
the key. A run that ended in between leaves it open: only a person can find out whether the key
arrived.
"""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.errors import CannotTell, KeyringUnusable, NgrokScimError, UsageError
from ngrok_scim_cli.settings.clipboard import Clipboard
from ngrok_scim_cli.settings.environment import find_program, holds_a_secret
from ngrok_scim_cli.settings.profile import Key, PendingKey, Rotation
from ngrok_scim_cli.settings.secrets import HandOff, SecretKind
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import SetupContext, StepFailed

# How long a command may take to end after a signal, in seconds.
_GRACE_S = 5.0


class Kept(StrEnum):
    """How a key is kept that is in no keyring."""

    COMMAND = "command"
    SHOWN = "shown"
    BY_HAND = "by-hand"


KEPT_BY_HAND = HandOff(Kept.BY_HAND, "", lambda _: None)


class NotHandedOver(NgrokScimError):  # noqa: N818 - it says what happened
    """The key did not arrive where it was to be kept."""


class HalfHandedOver(StepFailed):
    """A run ended while it handed a key over. The key is kept."""

    def __init__(self, pending: PendingKey) -> None:
        key_id, command = pending.handing_over, pending.kept_by
        done, doubt = f"showed {key_id}", "somebody stored it"
        self.question = f"Did you store {key_id}?"
        if command:
            done, doubt = f"passed {key_id} to the command “{command}”", "it arrived"
            self.question = f"Does the command “{command}” have the key?"
        seen = f"An earlier run ended while it {done}. Could not verify whether {doubt}."
        fix = (
            f"Run the same command at a terminal, and say whether {doubt}. If not: "
            f"ngrok-scim api-key revoke {key_id}"
        )
        super().__init__(f"{seen} The key is kept.", (finding("NGR712", seen, fix=fix),))
        self.pending = pending


def where_secret_is(key: Key, kind: str) -> str:
    """Return where the secret of ``key`` is, as in ``its secret is in the macOS Keychain``."""
    if key.kept == Kept.COMMAND:
        return f"its secret was handed to the command “{key.kept_by}”"
    return "its secret is where you stored it" if key.kept else f"its secret is in the {kind}"


def how_to_get(key: Key, copy: str = texts.COPY_NEW_KEY) -> str:
    """Return how to get a key that goes into Okta; ``copy`` says it for one in the keyring."""
    if key.kept_by:
        return f"Get the key {key.id} from where the command “{key.kept_by}” put it."
    return f"Get the key {key.id} from where you put it." if key.kept else copy


def paste_and_end_rotation(context: SetupContext, rotation: Rotation) -> tuple[str, ...]:
    """Return what a person does with the new key of a rotation until the old one is revoked."""
    paste = texts.PASTE_IN_OKTA[context.profile().okta.made_by]
    return how_to_get(rotation.new), paste, texts.FINISH_ROTATION


def ensure_storage(context: SetupContext, *, by_hand: bool = True) -> bool:
    """Make sure that a new key can be stored before it is made; a person is asked how.

    Returns ``False`` where the person makes the key in the dashboard.
    """
    secrets = context.secrets
    if secrets.hand_off is None:
        try:
            secrets.keyring.get(SecretKind.SCIM.of(context.profile_name))
        except KeyringUnusable as error:
            if context.reveal is None:
                raise KeyringUnusable(error.message, advice=texts.NO_KEYRING) from None
            context.person.show(f"{error.message} {texts.WITHOUT_KEYRING}")
            secrets.hand_off = _ask_how_to_keep(context, context.reveal, by_hand=by_hand)
    return secrets.hand_off is None or secrets.hand_off.kept is not Kept.BY_HAND


def _ask_how_to_keep(
    context: SetupContext, reveal: Callable[[str], None], *, by_hand: bool
) -> HandOff:
    """Ask the person how the key is to be kept without a keyring."""
    person = context.person
    ways = texts.WAYS_TO_KEEP if by_hand else texts.WAYS_TO_KEEP[:-1]
    while (way := Kept(person.choose(texts.ASK_HOW_TO_KEEP, ways, default=Kept.SHOWN))) is (
        Kept.COMMAND
    ):
        while words := person.ask(texts.ASK_COMMAND):
            try:
                return hand_off_to_command(words)
            except UsageError as error:
                person.show(f"{error.message} {error.advice}")
        person.show(texts.NO_COMMAND)
    if way is Kept.BY_HAND:
        return KEPT_BY_HAND

    def show(secret: str) -> None:
        person.show(texts.SHOWN_ONCE)
        reveal(secret)
        while not person.confirm(texts.ASK_PUT_AWAY, default=False):
            if person.confirm(texts.ASK_REVOKE_SHOWN, default=False):
                raise NotHandedOver("You did not keep the key, so it was revoked.")

    return HandOff(Kept.SHOWN, "", show)


def hand_off_to_command(text: str) -> HandOff:
    """Return what hands the key to the command ``text``.

    Its words are split as a shell does, and it is run without one.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(
            f"The command cannot be read: {error}.", advice="Close every quotation mark."
        ) from None
    program = find_program(words[0]) if words else None
    if program is None:
        named = f" “{words[0]}”" if words else ""
        raise UsageError(
            f"There is no command{named} on this machine, so no key was made.",
            advice="Give a command that reads the key from its standard input.",
        )
    name = Path(words[0]).name  # the words behind it may hold what is nobody's business
    return HandOff(Kept.COMMAND, name, lambda secret: _run(name, [program, *words[1:]], secret))


def _run(name: str, words: list[str], secret: str) -> None:
    """Pass ``secret`` to a command on its standard input, and wait until it ends.

    Nothing that it prints is read: it may repeat the key in any form.
    """
    environment = {key: it for key, it in os.environ.items() if not holds_a_secret(key, it)}
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            words, env=environment, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet
        )
    except OSError as error:
        reason = f"could not be started: {error.strerror}"
    else:
        try:
            process.communicate(secret.encode())
        except BaseException:
            process.terminate()
            try:
                process.wait(_GRACE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            raise
        if not process.returncode:
            return
        reason = f"ended with status {process.returncode}"
    raise NotHandedOver(
        f"The command “{name}” {reason}, so the key was revoked.",
        advice="Try the command by hand with some other text: what it prints is not shown here, "
        "because it may repeat the key.",
    )


@contextmanager
def key_on_clipboard(context: SetupContext, key: str, otherwise: str) -> Iterator[None]:
    """Keep the key on the clipboard while the person pastes it."""
    clipboard, show = context.clipboard() if key else None, context.person.show
    if clipboard is None or not context.person.confirm(f"Copy the key to {clipboard.name} now?"):
        show(otherwise)
        yield
        return
    is_there = True
    try:
        try:
            clipboard.put(key)
            field = texts.KEY_FIELDS[context.profile().okta.made_by]
            show(f"The key is in {clipboard.name}. Paste it under {field}.")
        except CannotTell as error:
            is_there = False
            show(f"{error.message} {error.advice}")
        yield
    finally:
        if is_there:
            show(clear_clipboard(clipboard, key))


def clear_clipboard(clipboard: Clipboard, key: str) -> str:
    """Clear the key from the clipboard, and return the outcome as a sentence."""
    if not clipboard.can_be_cleared:
        # A terminal does not tell what it holds; the key was pasted a moment ago. An empty text
        # would do nothing in tmux.
        clipboard.put(" ")
        return (
            f"Your terminal was told to copy a blank over the key. {clipboard.copy_kept}".rstrip()
        )
    if clipboard.clear(key):
        return "The key is off the clipboard."
    return "The key was not taken off the clipboard: something else seems to be there now."
