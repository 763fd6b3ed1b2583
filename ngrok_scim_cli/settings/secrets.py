"""The keyring of the platform, and nothing else, keeps secrets."""

import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ngrok_scim_cli.errors import KeyringLost, KeyringUnusable
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from ngrok_scim_cli.settings.profile import Profile

SERVICE = "ngrok-scim"

# A person may have to find and type the password that unlocks the keyring.
TIME_LIMIT = 60.0

# The backend of each platform, and what it is for a person; all others have the Secret Service.
_BACKENDS = {
    "darwin": ("keyring.backends.macOS.Keyring", "macOS Keychain"),
    "win32": ("keyring.backends.Windows.WinVaultKeyring", "Windows Credential Manager"),
}
_SECRET_SERVICE = "keyring.backends.SecretService.Keyring"  # noqa: S105 - the name of a class
_NO_KEYRING = ("keyring.backends.null.Keyring", "keyring.backends.fail.Keyring")

_LONGEST_REASON = 160  # characters
_LONGEST_MESSAGE = 1024 * 1024  # bytes, of D-Bus

_Answer = TypeVar("_Answer")


class SecretKind(StrEnum):
    """What a profile keeps in the keyring: the second half of the entry's user name."""

    SCIM = "scim"
    NEXT_SCIM = "scim-next"
    OKTA = "okta"

    def of(self, profile: str) -> str:
        """Return the name under which ``profile`` keeps it: ``default/scim``."""
        return f"{profile}/{self}"


class SecretStore:
    """Where secrets are kept: here as long as the program runs, as for the sandbox.

    The redactor learns each secret that goes in or comes out. A store raises ``KeyringUnusable``
    where it cannot be asked or refuses, and ``KeyringLost`` where it took a secret and does not
    give it back. ``kind`` is what it is, for a person: ``macOS Keychain``.
    """

    kind = "memory of this run"

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """Return the secret ``name``, or ``None`` where there is none."""
        return self._secrets.get(name)

    def set(self, name: str, secret: str) -> None:
        """Keep ``secret`` under ``name``."""
        redactor.learn(secret)
        self._secrets[name] = secret

    def delete(self, name: str) -> None:
        """Forget the secret ``name``, if there is one."""
        self._secrets.pop(name, None)


class KeyringStore(SecretStore):
    """Keeps secrets in the platform's keyring, in entries of the service ``ngrok-scim``.

    The backend of ``keyring`` is named by the platform, not looked for among all that are
    installed: that is quicker, and nobody's add-on gets the key. ``PYTHON_KEYRING_BACKEND`` names
    another one; that is the only way to choose, keyring's own configuration file is not read.

    Whatever goes wrong in there is a ``KeyringUnusable`` that says which other ways there are. A
    secret is never put anywhere else instead. In ``time_limit`` seconds a person may have to
    unlock it.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        platform: str = sys.platform,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        super().__init__()
        default, kind = _BACKENDS.get(platform, (_SECRET_SERVICE, "Secret Service"))
        self._class = environment.get("PYTHON_KEYRING_BACKEND") or default
        self.kind = kind if self._class == default else self._class
        self._environment = environment
        self._time_limit = time_limit
        self._backend: KeyringBackend | None = None
        self._silent = False

    def get(self, name: str) -> str | None:
        """Return the secret ``name``, or ``None`` where there is none."""
        secret: object = self._ask(name, "read", lambda it: it.get_password(SERVICE, name))
        if secret is None:
            return None
        if not isinstance(secret, str):
            raise self._unusable(name, "what it gave is no text")
        redactor.learn(secret)
        return secret

    def set(self, name: str, secret: str) -> None:
        """Keep ``secret`` under ``name``, and read it back."""
        redactor.learn(secret)
        self._ask(name, "written", lambda it: it.set_password(SERVICE, name, secret))
        if self.get(name) != secret:
            raise KeyringLost(
                f"The keyring ({self.kind}) stored “{name}”, but does not return it.",
                advice=ways_out(name),
            )

    def delete(self, name: str) -> None:
        """Forget the secret ``name``, if there is one."""
        if self.get(name) is not None:
            self._ask(name, "deleted", lambda it: it.delete_password(SERVICE, name))

    def _ask(
        self, name: str, action: str, question: "Callable[[KeyringBackend], _Answer]"
    ) -> _Answer:
        """Put ``question`` to the backend, in a thread of its own that may never come back."""
        import threading
        from pkgutil import resolve_name

        if trouble := self._trouble():
            raise self._unusable(name, trouble)
        answers: list[_Answer] = []
        reasons: list[str] = []

        def work() -> None:
            try:
                if self._class == _SECRET_SERVICE:
                    _bound_bus()
                self._backend = self._backend or resolve_name(self._class)()
                answers.append(question(self._backend))
            except BaseException as error:  # noqa: BLE001 - a backend is somebody else's code
                reasons.append(f"“{name}” could not be {action}: {_reason(error)}")

        thread = threading.Thread(target=work, name="keyring", daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            raise self._unusable(name, "this machine cannot start another thread") from None
        thread.join(self._time_limit)
        self._silent = thread.is_alive()
        if self._silent:
            raise self._unusable(name, f"it did not answer within {self._time_limit:g} seconds")
        # Raised here and not in the thread, so that no backend's exception hangs on to ours.
        if reasons:
            raise self._unusable(name, reasons[0])
        return answers[0]

    def _trouble(self) -> str:
        """Return why it would be useless to ask, or nothing."""
        if self._silent:
            return "it does not answer"
        if self._class in _NO_KEYRING:
            return "PYTHON_KEYRING_BACKEND switches it off"
        if self._class == _SECRET_SERVICE and not _session_bus(self._environment):
            return "there is no desktop session"
        return ""

    def _unusable(self, name: str, reason: str) -> KeyringUnusable:
        return KeyringUnusable(
            f"The keyring ({self.kind}) cannot be used: {reason}.", advice=ways_out(name)
        )


@dataclass(frozen=True, slots=True)
class HandOff:
    """How the new keys of this run are handed over, instead of going into the keyring.

    Attributes:
        kept: in which way, as of ``Key``.
        by: the name of the command; empty for a person.
        give: gives the key away; raises where it did not arrive.
    """

    kept: str
    by: str
    give: "Callable[[str], None]"


class RunSecrets(SecretStore):
    """The keyring, or in its place what the new keys of this run are handed to.

    Where keys of the profile are in no keyring, a machine without one has none to give: that is no
    error then.
    """

    def __init__(self, keyring: SecretStore, profile: "Callable[[], Profile]") -> None:
        super().__init__()
        self.keyring = keyring
        self.kind = keyring.kind
        self.hand_off: HandOff | None = None
        self._profile = profile
        self._is_without = False

    def get(self, name: str) -> str | None:
        """Return a secret of this run or of the keyring."""
        secret = super().get(name)
        return self._unless_without(self.keyring.get, name) if secret is None else secret

    def set(self, name: str, secret: str) -> None:
        """Hand the secret over, or put it into the keyring."""
        if self.hand_off is None:
            self.keyring.set(name, secret)
        else:
            redactor.learn(secret)
            self.hand_off.give(secret)
            super().set(name, secret)

    def delete(self, name: str) -> None:
        """Forget a secret."""
        super().delete(name)
        self._unless_without(self.keyring.delete, name)

    def _unless_without(self, ask: "Callable[[str], _Answer]", name: str) -> _Answer | None:
        """Ask the keyring; an unusable one is no error where keys are kept outside of it."""
        try:
            return ask(name)
        except KeyringUnusable:
            profile = self._profile()
            keys = (profile.key, profile.next_key, profile.previous_key, profile.pending_key)
            # What the profile forgets in this run was in no keyring either.
            self._is_without |= self.hand_off is not None or any(key.kept for key in keys if key)
            if not self._is_without:
                raise
            return None


def ways_out(name: str) -> str:
    """Return how to give the secret ``name`` where the keyring does not."""
    if name.endswith(f"/{SecretKind.OKTA}"):
        return "Set OKTA_CLIENT_TOKEN to the token, or use --okta-token-file FILE."
    return (
        "Set NGROK_SCIM_API_KEY to the key, or use --api-key-file FILE, or pipe the key from your "
        "password manager's command into --api-key-file -."
    )


def _session_bus(environment: Mapping[str, str]) -> bool:
    """Return whether there is a D-Bus session, and see to it that the backend finds it.

    Systemd puts the bus of a user at a fixed place, also where nothing says so (``su``, ``cron``).
    """
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    folder = environment.get("XDG_RUNTIME_DIR")
    if not folder or not (bus := Path(folder) / "bus").is_socket():
        return False
    os.environ.setdefault("DBUS_SESSION_BUS_ADDRESS", f"unix:path={bus}")
    return True


@cache
def _bound_bus() -> None:
    """Let jeepney refuse what is longer than any secret: D-Bus allows 128 MiB a message.

    The address of the bus comes from the environment, so anybody may answer there.
    """
    from jeepney import low_level

    size_of = getattr(low_level, "calc_msg_size", None)
    if size_of is None:  # another version; tests/hostile/test_machine.py then fails
        return

    def bounded(start: bytes) -> int:
        size: int = size_of(start)
        if size > _LONGEST_MESSAGE:
            raise ValueError("the bus sent a message that is too long")
        return size

    low_level.calc_msg_size = bounded


def _reason(error: BaseException) -> str:
    """Return what can be said of a backend's exception without trusting its text."""
    try:
        text = " ".join(redactor.redact(str(error)).split()).rstrip(".")
    except Exception:  # noqa: BLE001 - as above: even its text may fail
        text = ""
    kind = type(error).__name__
    return f"{kind}, {text[:_LONGEST_REASON]}" if text else kind
