"""The life of a key in a real Secret Service, on a session bus of its own."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from ngrok_scim_cli.errors import KeyringUnusable
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.settings.secrets import KeyringStore
from tests.support.admin import Admin

pytestmark = pytest.mark.keyring

NAME = "default/scim"
SECRET = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_4nLkWq8ZbT1cVx6RyM2Hs"
TIME_LIMIT = 60


def in_session(session: Mapping[str, str], code: str) -> str:
    """Run Python code as a program of the session and return what it prints."""
    program = (
        "import os\n"
        "from ngrok_scim_cli.errors import KeyringUnusable\n"
        "from ngrok_scim_cli.settings.secrets import KeyringStore\n"
        "store = KeyringStore(os.environ, time_limit=20)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program + code],
        env={**session, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=TIME_LIMIT,
    )
    return ran.stdout.strip()


def test_a_secret_is_kept_from_one_program_to_the_next(session: dict[str, str]) -> None:
    assert in_session(session, f"print(store.kind, store.get({NAME!r}))") == "Secret Service None"
    in_session(session, f"store.set({NAME!r}, {SECRET!r})")
    assert in_session(session, f"print(store.get({NAME!r}))") == SECRET
    in_session(session, f"store.set({NAME!r}, 'another'); store.set('work/scim', 'third')")
    assert in_session(session, f"print(store.get({NAME!r}))") == "another"
    in_session(session, f"store.delete({NAME!r}); store.delete({NAME!r})")
    assert (
        in_session(session, f"print(store.get({NAME!r}), store.get('work/scim'))") == "None third"
    )


def test_the_whole_life_of_a_key(session: dict[str, str], tmp_path: Path) -> None:
    with open_sandbox(empty_account=True) as sandbox:
        admin = Admin(sandbox, tmp_path)
        admin.environment.update(session, PYTHON_KEYRING_BACKEND="")
        for command, alive in (
            (("api-key", "create"), 1),
            (("api-key", "rotate"), 2),
            (("api-key", "rotate", "--finish", "--yes"), 1),
            (("setup", "--no-input", "--okta-app-type", "saml"), 1),
        ):
            ran = admin.run(*command)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            assert len(admin.ours()) == alive, command
        (key,) = admin.ours().values()
        assert in_session(session, f"print(store.get({NAME!r}))") == key.token
        assert in_session(session, "print(store.get('default/scim-next'))") == "None"
        assert "Secret Service, as default/scim" in admin.run("api-key", "show").stdout
        assert admin.run("api-key", "revoke", "--yes").returncode == 0
        assert in_session(session, f"print(store.get({NAME!r}))") == "None"


def test_a_bus_without_a_secret_service_is_said_so(bus: dict[str, str]) -> None:
    code = f"""
try:
    store.get({NAME!r})
except KeyringUnusable as error:
    print(error.code, error.advice)
"""
    environment = {**bus, "XDG_DATA_DIRS": bus["HOME"]}
    assert in_session(environment, code).startswith("ENV001 Set NGROK_SCIM_API_KEY")


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        ("darwin", "macOS Keychain"),
        ("win32", "Windows Credential Manager"),
        ("linux", "Secret Service"),
    ],
)
def test_the_keyring_of_each_platform_is_named_without_asking_it(platform: str, kind: str) -> None:
    assert KeyringStore({}, platform=platform).kind == kind


def test_without_a_session_nothing_is_asked() -> None:
    with pytest.raises(KeyringUnusable, match="no desktop session"):
        KeyringStore({}, platform="linux").get(NAME)
