"""Keyring backends for tests, to be named by ``PYTHON_KEYRING_BACKEND``."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

FILE = "NGROK_SCIM_TEST_KEYRING"
TROUBLE = "NGROK_SCIM_TEST_TROUBLE"


class FileBackedKeyring(KeyringBackend):
    """Keeps secrets in the JSON file that ``NGROK_SCIM_TEST_KEYRING`` names.

    Processes of one test share it. Where ``NGROK_SCIM_TEST_TROUBLE`` is ``keyring N``, it refuses
    the N-th call; where it is ``keyring-late N``, it does what it is told and then fails.
    """

    priority = 1
    calls = 0

    def get_password(self, service: str, username: str) -> str | None:
        with self._trouble():
            return self._load().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        with self._trouble():
            self._save(self._load() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        with self._trouble():
            secrets = self._load()
            if secrets.pop(f"{service} {username}", None) is None:
                raise PasswordDeleteError("no such password")
            self._save(secrets)

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        kind, _, at = os.environ.get(TROUBLE, "").partition(" ")
        self.calls += 1
        struck = kind in ("keyring", "keyring-late") and self.calls == int(at)
        if struck:
            sys.stderr.write(f"Trouble: {kind}\n")
        if struck and kind == "keyring":
            raise KeyringLocked("locked")
        yield
        if struck:
            raise KeyringLocked("gone")

    def _load(self) -> dict[str, str]:
        path = Path(os.environ[FILE])
        secrets: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        return secrets

    def _save(self, secrets: dict[str, str]) -> None:
        Path(os.environ[FILE]).write_text(json.dumps(secrets))


class RefusingKeyring(KeyringBackend):
    """Refuses everything, and blurts out the secret that it was given."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} {username}\n\x1b[31mis locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"cannot keep {password}")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("locked")


class ForgettingKeyring(KeyringBackend):
    """Takes every secret and keeps none."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class HangingKeyring(KeyringBackend):
    """Never answers, like a session bus whose service is stuck, until ``let_go`` is set."""

    priority = 1
    let_go = threading.Event()
    asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        type(self).asked += 1
        self.let_go.wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.get_password(service, username)
