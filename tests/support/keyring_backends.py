"""Keyring backends for tests, to be named by ``PYTHON_KEYRING_BACKEND``."""

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

FILE = "NGROK_SCIM_TEST_KEYRING"


class FileBackedKeyring(KeyringBackend):
    """Keeps secrets in the JSON file that ``NGROK_SCIM_TEST_KEYRING`` names.

    Processes of one test share it.
    """

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._load().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._save(self._load() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        secrets = self._load()
        if secrets.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("no such password")
        self._save(secrets)

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
