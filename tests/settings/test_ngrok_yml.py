from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import yaml_files
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
    assert yaml_files.place_of_ngrok_yml(environment, platform) == Path(place)


def test_without_a_home_the_systems_word_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert yaml_files.place_of_ngrok_yml({}, "linux") == Path("/home/ada/.config/ngrok/ngrok.yml")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"version: '2'\nauthtoken: {TOKEN}\napi_key: {KEY}\n", KEY),
        (f"version: 3\nagent:\n  authtoken: {TOKEN}\n  api_key: {KEY}\n", KEY),
        (f"agent: {{api_key: {KEY}}}\napi_key: old\n", KEY),
        (f"agent: {{api_key: ''}}\napi_key: {KEY}\n", KEY),
        (f"agent: {{}}\napi_key: ' {KEY} '\n", f" {KEY} "),
        ("api_key: 0123456789", "0123456789"),
        ("api_key: a\napi_key: b", "b"),
        (f"base: &b {{api_key: {KEY}}}\nagent: *b\n", KEY),
        (f"\ufeffapi_key: {KEY}\r\n", KEY),
        (f"? [a, b]\n: c\napi_key: {KEY}\n", KEY),
    ],
)
def test_the_key_of_either_version_is_found(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "ngrok.yml"
    path.write_bytes(text.encode())
    path.chmod(0o600)
    found = yaml_files.read_ngrok_yml(path)
    assert (found.api_key, found.reason, found.readable_by_others) == (key, "", False)
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ""),
        ("version: 3\nagent: {authtoken: x}\n", ""),
        ("api_key:\n", ""),
        ("api_key: ~\n", ""),
        ("api_key: [a]\n", ""),
        ("api_key: {a: b}\n", ""),
        ("agent: text\n", ""),
        ("- api_key\n", ""),
        ("a: &a [*a]\n", ""),
        (f"a: b\napi_key: '{KEY}\n", "is not valid YAML (line 3)"),
        (f"a: b\n\tapi_key: {KEY}\n", "is not valid YAML (line 2)"),
        ("a: *unknown\n", "is not valid YAML (line 1)"),
        ("a: 1\n---\nb: 2\n", "is not valid YAML (line 2)"),
        ("a: \x07\n", "is not valid YAML"),
        (b"a: \xff\n", "is not valid YAML"),
        ("[" * 500, "is not valid YAML"),
        ("#" * (yaml_files.LIMIT + 1), "is longer than 256 KiB"),
    ],
)
def test_an_unreadable_file_is_distinguished_from_one_without_a_key(
    tmp_path: Path, text: str | bytes, reason: str
) -> None:
    path = tmp_path / "ngrok.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = yaml_files.read_ngrok_yml(path)
    assert (found.api_key, found.reason) == (None, reason and f"{path} {reason}.")


def test_no_file_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "ngrok.yml"
    assert yaml_files.read_ngrok_yml(path) == yaml_files.NgrokYml(path)


def test_merged_aliases_are_not_unfolded(tmp_path: Path) -> None:
    layers = ["a0: &a0 {k: v}"]
    layers += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 30)]
    path = tmp_path / "ngrok.yml"
    path.write_text("\n".join([*layers, f"api_key: {KEY}"]))
    assert yaml_files.read_ngrok_yml(path).api_key == KEY


@pytest.mark.parametrize(
    "text",
    [
        f"authtoken: {TOKEN}\napi_key: {KEY}",
        f"agent: {{authtoken: {TOKEN}, api_key: other}}\napi_key: {KEY}",
    ],
)
def test_each_credential_in_it_is_hidden_from_then_on(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ngrok.yml"
    path.write_text(text)
    yaml_files.read_ngrok_yml(path)
    for secret in ("5QpWnXcVbM7L", "4nLkWq8ZbT1c"):
        assert redactor.redact(secret) == "[redacted]"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.text("ab:-[]{}&*<?!'\"|> \n\t#", max_size=40).map(str.encode))
def test_no_file_crashes_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ngrok.yml"
    path.write_bytes(data)
    found = yaml_files.read_ngrok_yml(path)
    assert not (found.api_key and found.reason)
