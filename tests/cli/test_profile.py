import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ngrok_scim_cli.settings.profile import Domain, Key, Profile, Rehearsal
from ngrok_scim_cli.settings.profile_store import ProfileStore
from tests.support.command_line import CommandLine
from tests.support.keyring_backends import FILE
from tests.support.pseudo_terminal import ENTER, at_a_terminal

KEY = "2AbCdEfGhIjKlMnOpQrStUvWxYz_3aBcDeFgHiJkLmNoPqRsT"
KEY_ID = "ak_2AbCdEfGhIjKlMnOpQrStUvWxYz"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileStore:
    keyring = tmp_path / "keyring.json"
    keyring.write_text(json.dumps({"ngrok-scim old/scim": KEY}), encoding="utf-8")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.support.keyring_backends.FileBackedKeyring")
    monkeypatch.setenv(FILE, str(keyring))
    monkeypatch.setenv("NGROK_SCIM_HOME", str(tmp_path / "own"))
    return ProfileStore(tmp_path / "own" / "profiles")


@pytest.fixture
def old(store: ProfileStore) -> ProfileStore:
    """A machine with one profile, whose key is alive."""
    store.save(Profile("old", key=Key(KEY_ID)))
    store.note("old", "made the key", key_id=KEY_ID)
    return store


def test_a_machine_without_profiles_says_how_to_begin(
    ngrok_scim: CommandLine, store: ProfileStore
) -> None:
    assert "ngrok-scim setup" in ngrok_scim("profile", "list").out


def test_the_profiles_are_listed_with_their_keys(
    ngrok_scim: CommandLine, old: ProfileStore
) -> None:
    ran = ngrok_scim("profile", "list")
    assert (ran.status, KEY_ID in ran.out) == (0, True)


def test_each_value_is_shown_with_its_origin_and_no_key(
    ngrok_scim: CommandLine, old: ProfileStore
) -> None:
    ran = ngrok_scim(
        "profile",
        "show",
        "old",
        "--format=json",
        environment={"NGROK_SCIM_BASE_URL": "https://x.example/", "NGROK_API_KEY": KEY},
    )
    values = json.loads(ran.out)["profile_values"]
    assert values["base_url"] == {"value": "https://x.example/", "origin": "NGROK_SCIM_BASE_URL"}
    assert values["admin_key"]["value"] == "given, not shown"
    assert values["unique_identifier"] == {"value": "email", "origin": "default"}
    assert KEY not in ran.out


def test_the_history_names_what_was_done_to_each_key(
    ngrok_scim: CommandLine, old: ProfileStore
) -> None:
    ran = ngrok_scim("profile", "history", "old", "--format=json")
    made, written = json.loads(ran.out)["history"]
    assert (made["what"], made["key_id"], made["domain"]) == ("key in use", KEY_ID, None)
    assert written["what"] == "made the key"


def test_each_change_of_a_profile_is_written_down(store: ProfileStore) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    first = Profile("acme", key=Key("ak_1"), domains=(Domain("a.example"), Domain("b.example")))
    store.save(first)
    store.save(replace(first, next_key=Key("ak_2")))
    store.save(
        replace(
            first,
            key=Key("ak_2"),
            domains=(Domain("a.example", submitted_at=now, approved_at=now),),
            steps={"api-key": now},
        )
    )
    events = store.history("acme")
    assert [f"{item.what} {item.key_id}{item.domain}".strip() for item in events] == [
        "key in use ak_1",
        "added the domain a.example",
        "added the domain b.example",
        "new key of a rotation ak_2",
        "key in use ak_2",
        "key revoked or forgotten ak_1",
        "submitted the domain a.example",
        "recorded that ngrok allows the domain a.example",
        "removed the domain b.example",
        "finished the step api-key",
    ]


def test_a_history_holds_no_secret_and_leaves_out_what_is_broken(
    old: ProfileStore, tmp_path: Path
) -> None:
    from ngrok_scim_cli.redact import redactor

    redactor.learn(KEY)
    old.note("old", f"pasted {KEY}", domain="corp.example")
    path = old.path("old", ".history")
    with path.open("a", encoding="utf-8") as file:
        file.write('half a line\n["no object"]\n')
    assert KEY not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert [event.domain for event in old.history("old")] == ["", "", "corp.example"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("old",), f"still has the key {KEY_ID}"),
        (("old", "--yes"), f"still has the key {KEY_ID}"),
        (("old", "--forget"), "add --yes"),
        (("odl", "--forget", "--yes"), "Profiles on this machine: old."),
        (("default", "--forget", "--yes"), "Profiles on this machine: old."),
    ],
)
def test_a_profile_stays_without_a_persons_word(
    ngrok_scim: CommandLine,
    old: ProfileStore,
    tmp_path: Path,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    ran = ngrok_scim("profile", "delete", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert old.names() == ("old",)
    assert KEY in (tmp_path / "keyring.json").read_text(encoding="utf-8")


def test_a_profile_stays_while_the_user_of_a_rehearsal_may_be_active(
    ngrok_scim: CommandLine, store: ProfileStore
) -> None:
    name = "ngrok-scim-rehearsal-1@corp.example"
    store.save(Profile("lab", rehearsal=Rehearsal("https://x.example/", user_names=(name,))))
    ran = ngrok_scim("profile", "delete", "lab", "--yes")
    assert (ran.status, store.path("lab").exists()) == (2, True)
    assert name in ran.err
    assert "ngrok-scim rehearse --profile lab --clean-up" in ran.err
    assert ngrok_scim("profile", "delete", "lab", "--forget", "--yes").status == 0
    assert not store.path("lab").exists()


@pytest.mark.usefixtures("measured_children")
@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("", 2)])
def test_a_person_is_asked_before_a_profile_is_deleted(
    old: ProfileStore, answer: str, status: int
) -> None:
    arguments = ("profile", "delete", "old", "--forget")
    with at_a_terminal(*arguments, environment=os.environ) as terminal:
        terminal.answer("[y/N]", f"{answer}{ENTER}")
        assert terminal.end() == status
    assert "This machine forgets the key" in terminal.everything
    assert old.names() == (() if answer else ("old",))


def test_a_deleted_profile_leaves_a_clean_machine(
    ngrok_scim: CommandLine, old: ProfileStore, tmp_path: Path
) -> None:
    ran = ngrok_scim("profile", "delete", "old", "--forget", "--yes")
    assert ran.status == 0, ran.err
    assert old.names() == ()
    assert not old.path("old", ".history").exists()
    assert KEY not in (tmp_path / "keyring.json").read_text(encoding="utf-8")


def test_a_profile_whose_key_is_in_no_keyring_is_deleted_without_one(
    ngrok_scim: CommandLine, store: ProfileStore
) -> None:
    store.save(Profile("old", key=Key(KEY_ID, kept="shown")))
    without = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    ran = ngrok_scim("profile", "delete", "old", "--forget", "--yes", environment=without)
    assert (ran.status, ran.err, store.names()) == (0, "", ())
    assert "in the keyring" not in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor",),
        ("test-connect",),
        ("users", "list"),
        ("users", "audit"),
        ("users", "trace", "ada@corp.example"),
        ("api-key", "show"),
        ("domain", "list"),
        ("setup", "--status"),
        ("profile", "show"),
        ("profile", "history"),
    ],
)
def test_what_only_reads_refuses_a_profile_that_is_not_there(
    ngrok_scim: CommandLine, old: ProfileStore, arguments: tuple[str, ...]
) -> None:
    ran = ngrok_scim(*arguments, "--profile", "odl")
    assert (ran.status, ran.out) == (2, "")
    assert "There is no profile “odl”" in ran.err
    assert "Profiles on this machine: old." in ran.err
