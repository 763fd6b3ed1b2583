import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ngrok_scim_cli.errors import KeyringLost, KeyringUnusable
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import secrets
from ngrok_scim_cli.settings.secrets import KeyringStore, SecretKind, SecretStore
from tests.support.keyring_backends import FILE, HangingKeyring

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_4nLkWq8ZbT1cVx6RyM2Hs"
NAME = "default/scim"
BACKENDS = "tests.support.keyring_backends"


def store(backend: str, **options: Any) -> KeyringStore:  # noqa: ANN401
    return KeyringStore({"PYTHON_KEYRING_BACKEND": f"{BACKENDS}.{backend}"}, **options)


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keyring.json"
    monkeypatch.setenv(FILE, str(path))
    return path


@pytest.fixture(params=["memory", "keyring"])
def any_store(request: pytest.FixtureRequest, keyring_file: Path) -> SecretStore:
    return SecretStore() if request.param == "memory" else store("FileBackedKeyring")


@pytest.mark.parametrize("secret", [SECRET, "", " with space \n", "ünïcode “x”"])
def test_a_secret_comes_back_as_it_was(any_store: SecretStore, secret: str) -> None:
    assert any_store.get(NAME) is None
    any_store.set(NAME, "older")
    any_store.set(NAME, secret)
    assert any_store.get(NAME) == secret
    assert any_store.get("work/scim") is None
    any_store.delete(NAME)
    any_store.delete(NAME)
    assert any_store.get(NAME) is None


def test_a_secret_that_is_kept_is_hidden_from_then_on(any_store: SecretStore) -> None:
    any_store.set(NAME, SECRET)
    assert redactor.redact("4nLkWq8ZbT1c") == "[redacted]"
    assert SECRET not in repr(any_store)


def test_a_secret_that_is_read_is_hidden_from_then_on(keyring_file: Path) -> None:
    keyring_file.write_text(json.dumps({f"ngrok-scim {NAME}": SECRET}))
    assert store("FileBackedKeyring").get(NAME) == SECRET
    assert redactor.redact("4nLkWq8ZbT1c") == "[redacted]"


def test_the_entry_is_named_as_the_contract_says(keyring_file: Path) -> None:
    store("FileBackedKeyring").set(SecretKind.NEXT_SCIM.of("work"), "x")
    assert json.loads(keyring_file.read_text()) == {"ngrok-scim work/scim-next": "x"}
    assert (SecretKind.SCIM.of("a"), SecretKind.OKTA.of("a")) == ("a/scim", "a/okta")


@pytest.mark.parametrize(
    ("platform", "environment", "kind"),
    [
        ("darwin", {}, "macOS Keychain"),
        ("win32", {}, "Windows Credential Manager"),
        ("linux", {}, "Secret Service"),
        ("freebsd14", {"PYTHON_KEYRING_BACKEND": ""}, "Secret Service"),
        ("darwin", {"PYTHON_KEYRING_BACKEND": "my.Keyring"}, "my.Keyring"),
    ],
)
def test_the_keyring_is_named_for_a_person(
    platform: str, environment: dict[str, str], kind: str
) -> None:
    assert KeyringStore(environment, platform=platform).kind == kind
    assert SecretStore().kind


def no_keyring(asked: KeyringStore) -> str:
    """Return what is said where ``asked`` cannot be used, whatever it is asked."""
    said = set()
    steps: tuple[Callable[[], object], ...] = (
        lambda: asked.get(NAME),
        lambda: asked.set(NAME, SECRET),
        lambda: asked.delete(NAME),
    )
    for step in steps:
        with pytest.raises(KeyringUnusable) as caught:
            step()
        error = caught.value
        assert (error.exit_status, error.code) == (3, "ENV001")
        for way_out in ("NGROK_SCIM_API_KEY", "--api-key-file FILE", "--api-key-file -"):
            assert way_out in error.advice
        assert error.__context__ is None
        assert "4nLkWq8Z" not in error.message
        assert error.message.isprintable()
        said.add(error.message)
    return "; ".join(sorted(said))


@pytest.mark.parametrize("name", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_a_keyring_that_is_switched_off_is_none(name: str) -> None:
    assert "switches it off" in no_keyring(KeyringStore({"PYTHON_KEYRING_BACKEND": name}))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no.such.module.Keyring", "ModuleNotFoundError"),
        ("Keyring", "ModuleNotFoundError"),
        (f"{BACKENDS}.NoSuchKeyring", "AttributeError"),
        ("builtins.int", "AttributeError"),
        ("sys.exit", "SystemExit"),
    ],
)
def test_a_keyring_that_cannot_be_loaded_is_none(name: str, said: str) -> None:
    assert said in no_keyring(KeyringStore({"PYTHON_KEYRING_BACKEND": name}))


def test_a_keyring_that_refuses_is_reported_without_the_secret() -> None:
    said = no_keyring(store("RefusingKeyring"))
    assert "“default/scim” could not be read: KeyringLocked, ngrok-scim default/scim" in said
    assert "“default/scim” could not be written: KeyringLocked, cannot keep " in said


@pytest.mark.parametrize(
    "environment", [{}, {"XDG_RUNTIME_DIR": ""}, {"XDG_RUNTIME_DIR": "/nonexistent"}]
)
def test_without_a_desktop_session_there_is_none(environment: dict[str, str]) -> None:
    assert "no desktop session" in no_keyring(KeyringStore(environment, platform="linux"))


@pytest.mark.skipif(sys.platform == "darwin", reason="that platform has it")
def test_the_keyring_of_another_platform_is_none() -> None:
    said = no_keyring(KeyringStore({}, platform="darwin"))
    assert said.startswith("The keyring (macOS Keychain) cannot be used: ")


@pytest.fixture
def stuck_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A session bus that takes connections and never says a word."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    bus = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("bus")  # relative: the path of a socket may not be long
        server.listen()
        yield bus


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus")
def test_the_bus_of_systemd_is_found_and_one_that_hangs_is_left(
    stuck_bus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    asked = KeyringStore(
        {"XDG_RUNTIME_DIR": str(stuck_bus.parent)}, platform="linux", time_limit=0.5
    )
    with pytest.raises(KeyringUnusable, match=r"did not answer within 0\.5 seconds"):
        asked.get(NAME)
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == f"unix:path={stuck_bus}"


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus")
def test_a_bus_that_is_gone_is_reported() -> None:
    script = (
        "import os\n"
        "from ngrok_scim_cli.errors import KeyringUnusable\n"
        "from ngrok_scim_cli.settings.secrets import KeyringStore\n"
        "try:\n"
        "    KeyringStore(os.environ).get('default/scim')\n"
        "except KeyringUnusable as error:\n"
        "    print(error)\n"
    )
    environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    environment.pop("PYTHON_KEYRING_BACKEND", None)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.startswith("The keyring (Secret Service) cannot be used: ")
    assert done.stderr == ""


def test_a_keyring_that_hangs_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = store("HangingKeyring", time_limit=0.05)
    monkeypatch.setattr(HangingKeyring, "asked", 0)
    try:
        said = no_keyring(asked)
    finally:
        HangingKeyring.let_go.set()
    assert "did not answer within 0.05 seconds" in said
    assert "it does not answer" in said
    assert HangingKeyring.asked == 1


def test_a_person_has_a_minute_to_unlock_it() -> None:
    assert KeyringStore({})._time_limit == secrets.TIME_LIMIT == 60


def test_a_keyring_that_forgets_is_found_out() -> None:
    with pytest.raises(KeyringLost) as caught:
        store("ForgettingKeyring").set(NAME, SECRET)
    assert (caught.value.code, caught.value.exit_status) == ("ENV002", 1)
    assert "4nLkWq8Z" not in caught.value.message
    assert store("ForgettingKeyring").delete(NAME) is None  # type: ignore[func-returns-value]


def test_what_is_no_text_is_refused(keyring_file: Path) -> None:
    keyring_file.write_text(json.dumps({f"ngrok-scim {NAME}": [SECRET]}))
    with pytest.raises(KeyringUnusable, match="what it gave is no text"):
        store("FileBackedKeyring").get(NAME)


def test_advice_for_an_okta_token_names_its_own_variable() -> None:
    with pytest.raises(KeyringUnusable) as caught:
        store("RefusingKeyring").get("default/okta")
    assert "OKTA_CLIENT_TOKEN" in caught.value.advice
    assert "NGROK" not in caught.value.advice


def test_an_exception_whose_text_fails_is_known_by_its_kind() -> None:
    class Unspeakable(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise RuntimeError

    assert secrets._reason(Unspeakable()) == "Unspeakable"


def test_a_long_text_is_cut_after_it_was_redacted() -> None:
    redactor.learn(SECRET)
    assert "4nLkWq8Z" not in secrets._reason(ValueError("x" * 155 + SECRET))
    assert len(secrets._reason(ValueError("x" * 5000))) < 200


def test_processes_share_a_keyring(keyring_file: Path) -> None:
    script = (
        "import os\n"
        "from ngrok_scim_cli.settings.secrets import KeyringStore\n"
        "KeyringStore(os.environ).set('default/scim', 'kept')\n"
    )
    environment = os.environ | {"PYTHON_KEYRING_BACKEND": f"{BACKENDS}.FileBackedKeyring"}
    root = str(Path(__file__).parents[2])
    environment["PYTHONPATH"] = root
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
    assert store("FileBackedKeyring").get(NAME) == "kept"
