"""The secrets of one run: in the keyring, or handed over in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.errors import KeyringUnusable
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings.secrets import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.settings.profile import Profile
    from ngrok_scim_cli.settings.secrets import SecretStore


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
    give: Callable[[str], None]


class RunSecrets(MemoryStore):
    """The keyring, or in its place what the new keys of this run are handed to.

    Where keys of the profile are in no keyring, a machine without one has none to give: that is no
    error then.
    """

    def __init__(self, keyring: SecretStore, profile: Callable[[], Profile]) -> None:
        super().__init__()
        self.keyring = keyring
        self.hand_off: HandOff | None = None
        self._profile = profile
        self._is_without = False

    @property
    def kind(self) -> str:
        """What the keyring is, for a person."""
        return self.keyring.kind

    def get(self, name: str) -> str | None:
        """Return a secret of this run or of the keyring."""
        if (secret := super().get(name)) is not None:
            return secret
        try:
            return self.keyring.get(name)
        except KeyringUnusable:
            if self._does_without():
                return None
            raise

    def set(self, name: str, secret: str) -> None:
        """Hand the secret over, or put it into the keyring."""
        redactor.learn(secret)
        if self.hand_off is None:
            self.keyring.set(name, secret)
        else:
            self.hand_off.give(secret)
            super().set(name, secret)

    def delete(self, name: str) -> None:
        """Forget a secret."""
        super().delete(name)
        try:
            self.keyring.delete(name)
        except KeyringUnusable:
            if not self._does_without():
                raise

    def _does_without(self) -> bool:
        profile = self._profile()
        keys = (profile.key, profile.next_key, profile.previous_key, profile.pending_key)
        # What the profile forgets in this run was in no keyring either.
        self._is_without |= self.hand_off is not None or any(key.kept for key in keys if key)
        return self._is_without
