"""An admin with an account at the sandbox, a profile and a keyring of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from ngrok_scim_cli.sandbox.account import ApiKey
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from tests.support.environment import environment_of
from tests.support.forked import ForkedCommand
from tests.support.keyring_backends import FILE, TROUBLE

_ROOT = Path(__file__).parents[2]
_TIME_LIMIT = 60


class Admin:
    """Runs ``ngrok-scim`` as its own process and looks at what it left behind.

    Args:
        sandbox: a sandbox that serves.
        folder: where profile and keyring are kept.
    """

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self._folder = folder
        self._keyring = folder / "keyring.json"
        self.profiles = ProfileStore(folder / "home" / "profiles")
        self.environment = {
            "NGROK_SCIM_HOME": str(folder / "home"),
            **environment_of(sandbox, "scim", "admin"),
            "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
            FILE: str(self._keyring),
        }

    def run(
        self, *arguments: str, trouble: str = "", stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; ``trouble`` says what befalls it and when: ``kill 3``."""
        with TemporaryFile("w+") as given, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            given.write(stdin)
            for stream in (given, out, err):
                stream.seek(0)
            process = ForkedCommand(
                *arguments,
                environment={**os.environ, **self.environment, TROUBLE: trouble},
                streams=[given.fileno(), out.fileno(), err.fileno()],
            )
            try:
                status = process.wait(_TIME_LIMIT)
            finally:
                process.kill()  # does nothing where it has ended
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(arguments, status, out.read(), err.read())

    def started(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command whose input and output are pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "ngrok_scim_cli", *arguments],
            env={**os.environ, **self.environment, "PYTHONPATH": str(_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def profile(self) -> Profile:
        return self.profiles.load("default")

    def keyring(self) -> dict[str, str]:
        """Return what the keyring holds, by user name."""
        if not self._keyring.exists():
            return {}
        stored: dict[str, str] = json.loads(self._keyring.read_text())
        return {name.removeprefix("ngrok-scim "): secret for name, secret in stored.items()}

    def put_into_keyring(self, name: str, secret: str) -> None:
        kept = {f"ngrok-scim {key}": value for key, value in self.keyring().items()}
        self._keyring.write_text(json.dumps({**kept, f"ngrok-scim {name}": secret}))

    def lose_keyring(self) -> None:
        self._keyring.unlink(missing_ok=True)

    def lose_profile(self) -> None:
        self.profiles.path("default").unlink(missing_ok=True)

    def start_over(self) -> None:
        """Forget everything here and revoke every key that the tool made."""
        for key_id in self.ours():
            del self.sandbox.account.keys[key_id]
        self.lose_keyring()
        self.lose_profile()

    def ours(self) -> dict[str, ApiKey]:
        """Return the living keys that the tool made."""
        return {
            key.id: key
            for key in list(self.sandbox.account.keys.values())
            if '"made_by": "ngrok-scim"' in key.metadata
        }

    def unknown(self) -> list[str]:
        """Return the living keys of ours that the profile knows neither by id nor by mark."""
        profile = self.profile()
        known = {key.id for key in (profile.key, profile.next_key, profile.previous_key) if key}
        mark = profile.pending_key.mark if profile.pending_key else "none"
        return [
            key.id
            for key in self.ours().values()
            if key.id not in known and mark not in key.metadata
        ]

    def has_exactly_one_key(self) -> bool:
        """Tell whether one key of ours lives, and profile and keyring hold that one alone."""
        profile = self.profile()
        alive = list(self.ours().values())
        return (
            len(alive) == 1
            and profile.key is not None
            and profile.key.id == alive[0].id
            and (profile.next_key, profile.previous_key, profile.pending_key) == (None, None, None)
            and self.keyring() == {"default/scim": alive[0].token}
        )
