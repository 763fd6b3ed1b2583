from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import other_programs
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretStore
from ngrok_scim_cli.settings.sources import Settings
from tests.support.cases import each_case

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_4nLkWq8ZbT1cVx6RyM2Hs"
TOKEN = "2zzzzzzzzzzzzzzzzzzzzzzzzzz_5QpWnXcVbM7LkJhGfDs3A"


@each_case(
    ("platform", "environment", "place"),
    [
        ("linux", {"HOME": "/home/ada"}, "/home/ada/.config/ngrok/ngrok.yml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/cfg"}, "/cfg/ngrok/ngrok.yml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": ""}, "/h/.config/ngrok/ngrok.yml"),
        ("freebsd14", {"HOME": "/h"}, "/h/.config/ngrok/ngrok.yml"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/ngrok/ngrok.yml"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/ngrok/ngrok.yml"),
        ("win32", {"HOME": "/h"}, "/h/AppData/Local/ngrok/ngrok.yml"),
    ],
)
def test_the_file_stands_where_ngrok_keeps_it(
    platform: str, environment: dict[str, str], place: str
) -> None:
    assert other_programs.ngrok_yml(environment, platform) == Path(place)


def test_without_a_home_the_systems_word_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert other_programs.ngrok_yml({}, "linux") == Path("/home/ada/.config/ngrok/ngrok.yml")


def read(folder: Path, data: str | bytes | None) -> tuple[str | None, str]:
    """Return the admin key that a ``ngrok.yml`` gives, and why it cannot be read."""
    path = other_programs.ngrok_yml({"XDG_CONFIG_HOME": str(folder)}, "linux")
    path.parent.mkdir(exist_ok=True)
    if data is not None:
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        path.chmod(0o600)
    asked = Settings(
        environment={"XDG_CONFIG_HOME": str(folder)},
        profiles=ProfileStore(folder),
        secrets=SecretStore,
        profile_name="default",
        platform="linux",
    )
    found = asked.admin_key()
    assert asked.facts.readable_by_others == []
    assert found is None or found.origin == str(path)
    reason = asked.facts.unread.get("Admin key", "")
    return found.value if found else None, reason.removeprefix(f"{path} ")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"version: '2'\nauthtoken: {TOKEN}\napi_key: {KEY}\n", KEY),
        (f"version: 3\nagent:\n  authtoken: {TOKEN}\n  api_key: {KEY}\n", KEY),
        (f"agent: {{api_key: {KEY}}}\napi_key: old\n", KEY),
        (f"agent: {{api_key: ''}}\napi_key: {KEY}\n", KEY),
        (f"agent: {{}}\napi_key: ' {KEY} '\n", KEY),
        ("api_key: 0123456789", "0123456789"),
        ("api_key: a\napi_key: b", "b"),
        (f"base: &b {{api_key: {KEY}}}\nagent: *b\n", KEY),
        (f"\ufeffapi_key: {KEY}\r\n", KEY),
    ],
)
def test_the_key_of_either_version_is_found(tmp_path: Path, text: str, key: str) -> None:
    assert read(tmp_path, text) == (key, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("version: 3\nagent: {authtoken: x}\n", ""),
        ("api_key:\n", ""),
        ("api_key: ~\n", ""),
        ("api_key: NULL\n", ""),
        ("api_key: [a]\n", ""),
        ("api_key: {a: b}\n", ""),
        ("agent: text\n", ""),
        ("- api_key\n", ""),
        (f"a: b\napi_key: '{KEY}\n", "is not valid YAML (line 3)"),
        (f"a: b\n\tapi_key: {KEY}\n", "is not valid YAML (line 2)"),
        ("a: *unknown\n", "is not valid YAML (line 1)"),
        ("a: &a [*a]\n", "is not valid YAML (line 1)"),
        ("? [a, b]\n: c\n", "is not valid YAML (line 1)"),
        (f"!!python/object/apply:os.system ['{KEY}']", ""),
        ("a: 1\n---\nb: 2\n", "is not valid YAML (line 2)"),
        ("a: \x07\n", "is not valid YAML"),
        (b"a: \xff\n", "is not valid YAML"),
        ("[" * 500, "is not valid YAML"),
        ("#" * (other_programs.LIMIT + 1), "is longer than 256 KiB"),
    ],
)
def test_an_unreadable_file_is_distinguished_from_one_without_a_key(
    tmp_path: Path, text: str | bytes, reason: str
) -> None:
    assert read(tmp_path, text) == (None, reason and f"{reason}.")


def test_no_file_is_no_key(tmp_path: Path) -> None:
    assert read(tmp_path, None) == (None, "")


def test_merged_aliases_are_not_unfolded(tmp_path: Path) -> None:
    layers = ["a0: &a0 {k: v}"]
    layers += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 30)]
    assert read(tmp_path, "\n".join([*layers, f"api_key: {KEY}"])) == (KEY, "")


@pytest.mark.parametrize(
    "text",
    [
        f"authtoken: {TOKEN}\napi_key: {KEY}",
        f"agent: {{authtoken: {TOKEN}, api_key: other}}\napi_key: {KEY}",
    ],
)
def test_each_credential_in_it_is_hidden_from_then_on(tmp_path: Path, text: str) -> None:
    read(tmp_path, text)
    for secret in ("5QpWnXcVbM7L", "4nLkWq8ZbT1c"):
        assert redactor.redact(secret) == "[redacted]"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.text("ab:-[]{}&*<?!'\"|> \n\t#", max_size=40).map(str.encode))
def test_no_file_crashes_it(tmp_path: Path, data: bytes) -> None:
    key, reason = read(tmp_path, data)
    assert not (key and reason)
