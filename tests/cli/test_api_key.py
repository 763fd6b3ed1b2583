import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.commands import api_key as command
from ngrok_scim_cli.cli.runtime import session as session_module
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.account import ApiKey
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings import clipboard as clipboard_module
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from tests.support.command_line import CommandLine, Ran
from tests.support.environment import environment_of
from tests.support.keyring_backends import FILE
from tests.support.setup_context import FakePerson


class ApiKeyCommand:
    """A command line with a sandbox, a profile and a keyring of its own."""

    def __init__(self, run: CommandLine, sandbox: Sandbox, folder: Path) -> None:
        self._run = run
        self.sandbox = sandbox
        self.folder = folder
        self.profiles = ProfileStore(folder / "profiles")
        self.keyring_file = folder / "keyring.json"
        self.environment = {
            "NGROK_SCIM_HOME": str(folder),
            **environment_of(sandbox, "scim", "admin"),
            "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
            FILE: str(self.keyring_file),
        }

    def __call__(self, *arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
        return self._run(
            "api-key", *arguments, environment={**self.environment, **environment}, stdin=stdin
        )

    def json(self, *arguments: str, status: int = 0, **environment: str) -> dict[str, object]:
        ran = self(*arguments, "--format", "json", stdin=b"", **environment)
        assert ran.status == status, ran.err
        document: dict[str, object] = json.loads(ran.out)
        return document

    def profile(self) -> Profile:
        return self.profiles.load("default")

    def alive(self) -> list[ApiKey]:
        account = self.sandbox.account
        return [key for key in account.keys.values() if key.owner_id != account.administrator]

    def add_key(self) -> ApiKey:
        owner = self.sandbox.account.add_service_user("By hand")
        return self.sandbox.account.add_key(owner.id, "by hand", "")


@pytest.fixture
def api_key(ngrok_scim: CommandLine, tmp_path: Path) -> Iterator[ApiKeyCommand]:
    with open_sandbox(empty_account=True) as sandbox:
        yield ApiKeyCommand(ngrok_scim, sandbox, tmp_path)


@pytest.fixture
def key(api_key: ApiKeyCommand) -> ApiKey:
    """A key that was made and is in use."""
    assert api_key("create").status == 0
    return api_key.alive()[0]


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> FakePerson:
    """A person at a terminal."""
    somebody = FakePerson()
    monkeypatch.setattr(session_module, "_has_person", lambda: True)
    monkeypatch.setattr(session_module, "Terminal", lambda _: somebody)
    return somebody


def secret(key: ApiKey) -> str:
    return key.token.partition("_")[2]


def test_create_makes_a_key_and_says_what_to_do_with_it(api_key: ApiKeyCommand) -> None:
    document = api_key.json("create", "--service-user", "Bot", "--key-description", "For Okta")
    (made,) = api_key.alive()
    assert api_key.sandbox.account.service_users[made.owner_id].name == "Bot"
    assert made.description == "For Okta"
    assert (document["command"], document["verdict"]) == ("api-key create", "pass")
    (step,) = document["steps"]  # type: ignore[misc]
    assert (step["name"], step["status"]) == ("create", "done")  # type: ignore[has-type]
    assert "show --copy" in document["remaining"][0]  # type: ignore[index]
    assert json.loads(api_key.keyring_file.read_text()) == {"ngrok-scim default/scim": made.token}


def test_create_again_keeps_the_key(api_key: ApiKeyCommand, key: ApiKey) -> None:
    ran = api_key("create")
    assert (ran.status, f"Using {key.id}" in ran.out) == (0, True)
    assert api_key.alive() == [key]


def test_create_without_an_admin_key_says_how_to_give_one(api_key: ApiKeyCommand) -> None:
    ran = api_key("create", NGROK_API_KEY="", HOME=str(api_key.folder))
    assert ran.status == 3
    assert "--admin-key-file" in ran.err


def test_create_asks_a_person_for_the_admin_key_and_keeps_it_nowhere(
    api_key: ApiKeyCommand, person: FakePerson
) -> None:
    person.secret = f" {api_key.sandbox.values.admin_key}\n"
    ran = api_key("create", NGROK_API_KEY="", HOME=str(api_key.folder))
    assert ran.status == 0
    assert len(api_key.alive()) == 1
    kept = api_key.keyring_file.read_text() + api_key.profiles.path("default").read_text()
    assert api_key.sandbox.values.admin_key.partition("_")[2] not in kept


def test_create_is_refused_while_another_run_has_the_profile(api_key: ApiKeyCommand) -> None:
    with api_key.profiles.lock("default"):
        ran = api_key("create")
    assert ran.status == 3
    assert "Another ngrok-scim" in ran.err
    assert api_key.alive() == []


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [("not-an-admin", "NGR710", 1), ("key-limit", "NGR715", 1), ("admin-key-revoked", "NGR714", 1)],
)
def test_create_says_why_ngrok_refused(
    api_key: ApiKeyCommand, fault: str, code: str, status: int
) -> None:
    api_key.sandbox.set_faults([fault])
    document = api_key.json("create", status=status)
    assert [item["code"] for item in document["findings"]] == [code]  # type: ignore[attr-defined]
    assert api_key.alive() == []


@pytest.mark.parametrize("fault", ["api-server-error", "drops-after-create"])
def test_create_cannot_tell_where_ngrok_does_not_answer(api_key: ApiKeyCommand, fault: str) -> None:
    api_key.sandbox.set_faults([fault])
    assert api_key("create").status in (1, 3)
    api_key.sandbox.set_faults([])
    assert api_key.alive() == []
    assert api_key("create").status == 0
    assert len(api_key.alive()) == 1


@pytest.mark.parametrize(("backend", "status"), [("RefusingKeyring", 3), ("ForgettingKeyring", 1)])
def test_create_leaves_no_key_where_the_keyring_keeps_none(
    api_key: ApiKeyCommand, backend: str, status: int
) -> None:
    ran = api_key("create", PYTHON_KEYRING_BACKEND=f"tests.support.keyring_backends.{backend}")
    assert ran.status == status
    assert api_key.alive() == []
    assert api_key.profile().pending_key is None


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_create_makes_no_key_where_the_profile_cannot_be_written(api_key: ApiKeyCommand) -> None:
    api_key.folder.chmod(0o500)
    ran = api_key("create")
    api_key.folder.chmod(0o700)
    assert ran.status == 3
    assert api_key.alive() == []


def test_create_makes_no_key_where_a_file_is_in_the_way(api_key: ApiKeyCommand) -> None:
    ran = api_key("create", NGROK_SCIM_HOME=os.devnull)
    assert ran.status == 3
    assert api_key.alive() == []


@pytest.mark.parametrize("arguments", [("create",), ("rotate",), ("store",), ("revoke",)])
def test_a_dry_run_prints_the_requests_and_changes_nothing(
    api_key: ApiKeyCommand, key: ApiKey, arguments: tuple[str, ...]
) -> None:
    before = (api_key.profile(), api_key.keyring_file.read_bytes())
    ran = api_key(*arguments, "--dry-run")
    assert ran.status == 0
    assert ran.out.startswith("These requests would be made, in this order:\n  ")
    requests = api_key.json(*arguments, "--dry-run")["requests"]
    assert {"method", "url", "fields"} == set(requests[0])  # type: ignore[index]
    assert api_key.alive() == [key]
    assert (api_key.profile(), api_key.keyring_file.read_bytes()) == before


def test_a_dry_run_that_cannot_ask_says_so(api_key: ApiKeyCommand) -> None:
    api_key.sandbox.set_faults(["admin-key-revoked"])
    ran = api_key("create", "--dry-run")
    assert (ran.status, "NGR714" in ran.out) == (1, True)


def test_a_dry_run_with_nothing_to_do_says_so(api_key: ApiKeyCommand, key: ApiKey) -> None:
    ran = api_key("rotate", "--finish", "--dry-run")
    assert (ran.status, ran.out) == (0, "No request would be made.\n")


# store


def test_store_takes_a_key_from_standard_input(api_key: ApiKeyCommand) -> None:
    key = api_key.add_key()
    ran = api_key("store", "--api-key-file", "-", stdin=key.token.encode() + b"\n")
    assert ran.status == 0
    assert f"Stored {key.id}" in ran.out.replace("\n", " ")
    assert secret(key) not in ran.out + ran.err
    assert api_key.profile().key is not None


def test_store_takes_a_key_from_a_person(api_key: ApiKeyCommand, person: FakePerson) -> None:
    key = api_key.add_key()
    person.secret = key.token
    assert api_key("store").status == 0
    assert person.asked == ["SCIM key, as ngrok's dashboard showed it"]
    assert key.token in api_key.keyring_file.read_text()


def test_store_cleans_only_where_that_was_asked_for(api_key: ApiKeyCommand) -> None:
    key = api_key.add_key()
    dirty = f"{key.token}\u00a0".encode()
    ran = api_key("store", "--api-key-file", "-", stdin=dirty)
    assert (ran.status, "KEY204" in ran.out, "--clean" in ran.out) == (1, True, True)
    ran = api_key("store", "--api-key-file", "-", "--clean", stdin=dirty)
    assert (ran.status, "U+00A0" in ran.out) == (0, True)
    assert json.loads(api_key.keyring_file.read_text()) == {"ngrok-scim default/scim": key.token}


def test_store_without_a_key_says_how_to_give_one(api_key: ApiKeyCommand) -> None:
    ran = api_key("store", NGROK_SCIM_API_KEY=api_key.add_key().token)
    assert ran.status == 3
    assert "--api-key-file -" in ran.err


def test_store_never_stores_the_admin_key(api_key: ApiKeyCommand) -> None:
    admin_key = api_key.sandbox.values.admin_key.encode()
    ran = api_key("store", "--api-key-file", "-", stdin=admin_key)
    assert (ran.status, "KEY216" in ran.out) == (1, True)
    assert not api_key.keyring_file.exists()


# show


def test_show_says_everything_but_the_key(api_key: ApiKeyCommand, key: ApiKey) -> None:
    ran = api_key("show")
    assert ran.status == 0
    assert key.id in ran.out
    assert "Okta SCIM Bot" in ran.out
    assert "a Service User" in ran.out
    assert "default/scim" in ran.out
    document = api_key.json("show")
    assert document["key"]["id"] == key.id  # type: ignore[index]
    assert secret(key) not in ran.out + ran.err + json.dumps(document)


def test_show_names_both_keys_of_a_rotation(api_key: ApiKeyCommand, key: ApiKey) -> None:
    api_key("rotate")
    document = api_key.json("show")
    assert document["key"]["id"] == key.id  # type: ignore[index]
    assert document["next_key"]["id"] != key.id  # type: ignore[index]
    assert [item["code"] for item in document["findings"]] == ["NGR716"]  # type: ignore[attr-defined]
    assert api_key("show", "--strict").status == 0


def test_show_names_a_superseded_key(api_key: ApiKeyCommand, key: ApiKey) -> None:
    api_key.keyring_file.unlink()
    api_key("create")
    assert api_key.json("show")["previous_key"]["id"] == key.id  # type: ignore[index]


def test_show_names_a_key_that_was_given(api_key: ApiKeyCommand, key: ApiKey) -> None:
    other = api_key.add_key()
    document = api_key.json("show", NGROK_SCIM_API_KEY=other.token)
    assert document["key"]["id"] == other.id  # type: ignore[index]
    assert document["key"]["kept"] == "NGROK_SCIM_API_KEY"  # type: ignore[index]


@pytest.mark.parametrize(
    ("backend", "code", "status"),
    [("RefusingKeyring", "ENV001", 0), ("ForgettingKeyring", "ENV002", 1)],
)
def test_show_says_where_the_keyring_does_not_give_the_key(
    api_key: ApiKeyCommand, key: ApiKey, backend: str, code: str, status: int
) -> None:
    ran = api_key("show", PYTHON_KEYRING_BACKEND=f"tests.support.keyring_backends.{backend}")
    assert (ran.status, code in ran.out, key.id in ran.out) == (status, True, True)


def test_show_works_offline(api_key: ApiKeyCommand, key: ApiKey) -> None:
    api_key.sandbox.set_faults(["api-server-error"])
    ran = api_key("show", NGROK_API_KEY="", HOME=str(api_key.folder))
    assert (ran.status, key.id in ran.out) == (0, True)


@pytest.mark.parametrize("arguments", [(), ("--copy",)])
def test_show_without_a_key_says_so(api_key: ApiKeyCommand, arguments: tuple[str, ...]) -> None:
    assert api_key("show", *arguments).status == 3
    assert api_key("show", "--format", "json").status == 3


@pytest.mark.parametrize(
    "arguments",
    [("--reveal",), ("--reveal", "--format", "json"), ("--copy", "--reveal")],
)
def test_reveal_is_refused_but_at_a_terminal(
    api_key: ApiKeyCommand, key: ApiKey, arguments: tuple[str, ...]
) -> None:
    ran = api_key("show", *arguments)
    assert ran.status == 2
    assert secret(key) not in ran.out + ran.err


def test_reveal_prints_only_the_key_at_a_terminal(
    api_key: ApiKeyCommand, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_at_a_terminal", lambda: True)
    ran = api_key("show", "--reveal")
    assert (ran.status, ran.out) == (0, f"{key.token}\n")
    assert api_key("show", "--reveal", "--format", "json").status == 2


def test_a_key_that_would_steer_the_terminal_is_not_printed(
    api_key: ApiKeyCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_at_a_terminal", lambda: True)
    ran = api_key("show", "--reveal", NGROK_SCIM_API_KEY="\x1b[2Jsecret-secret")
    assert (ran.status, ran.out) == (3, "")


class FakeClipboard(clipboard_module.Clipboard):
    """A clipboard in memory."""

    name = "the clipboard"
    can_be_cleared = True
    copy_kept = ""

    def __init__(self) -> None:
        self.held = ""
        self.had: list[str] = []

    def put(self, text: str) -> None:
        self.held = text
        self.had.append(text)

    def clear(self, text: str) -> bool:
        held, self.held = self.held, "" if self.held == text else self.held
        return held == text


@pytest.fixture
def clipboard(monkeypatch: pytest.MonkeyPatch) -> FakeClipboard:
    found = FakeClipboard()
    monkeypatch.setattr(clipboard_module, "find_clipboard", lambda *_, **__: found)
    return found


def test_copy_puts_the_key_there_and_clears_it(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard
) -> None:
    ran = api_key("show", "--copy", "--clear-after", "0.01")
    assert ran.status == 0
    assert (clipboard.had, clipboard.held) == ([key.token], "")
    assert "is cleared" in ran.err
    assert secret(key) not in ran.out + ran.err


def test_ctrl_c_clears_at_once(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_wait", interrupted)
    assert api_key("show", "--copy", "--clear-after", "3600").status == 0
    assert (clipboard.had, clipboard.held) == ([key.token], "")


def test_clear_after_zero_leaves_the_key_on_the_clipboard(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard
) -> None:
    ran = api_key("show", "--copy", "--clear-after", "0")
    assert (clipboard.held, "stays there" in ran.err) == (key.token, True)


def test_what_was_copied_since_is_left_alone(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "put", lambda text: setattr(clipboard, "held", "something else"))
    ran = api_key("show", "--copy", "--clear-after", "0.01")
    assert (clipboard.held, "something else" in ran.err) == ("something else", True)


def test_a_clipboard_that_cannot_be_cleared_is_said_so(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "can_be_cleared", False)
    ran = api_key("show", "--copy")
    assert (clipboard.held, "Copy something else" in ran.err) == (key.token, True)


def test_while_a_key_is_replaced_the_new_one_is_copied(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard
) -> None:
    api_key("rotate")
    api_key("show", "--copy", "--clear-after", "0")
    (new,) = [one.token for one in api_key.alive() if one != key]
    assert clipboard.held == new


def test_the_old_key_of_the_environment_is_not_copied_in_place_of_the_new_one(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard
) -> None:
    api_key("rotate")
    ran = api_key("show", "--copy", "--clear-after", "0", NGROK_SCIM_API_KEY=key.token)
    (new,) = [one for one in api_key.alive() if one != key]
    assert clipboard.held == new.token
    assert f"{new.id} is in" in ran.err


def test_the_key_of_a_file_is_copied_whatever_else_there_is(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard, tmp_path: Path
) -> None:
    api_key("rotate")
    file = tmp_path / "key"
    file.write_text(key.token)
    api_key("show", "--copy", "--clear-after", "0", "--api-key-file", str(file))
    assert clipboard.held == key.token


def test_a_new_key_that_the_keyring_lost_is_not_replaced_by_the_old_one(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard
) -> None:
    api_key("rotate")
    stored = json.loads(api_key.keyring_file.read_text())
    del stored["ngrok-scim default/scim-next"]
    api_key.keyring_file.write_text(json.dumps(stored))
    ran = api_key("show", "--copy", "--clear-after", "0")
    assert (ran.status, clipboard.had) == (1, [])
    assert "does not hold the key" in ran.err


def test_a_dead_key_is_not_to_be_pasted(api_key: ApiKeyCommand, key: ApiKey) -> None:
    del api_key.sandbox.account.keys[key.id]
    ran = api_key("create")
    assert (ran.status, "KEY214" in ran.out) == (1, True)
    assert "show --copy" not in ran.out


def test_a_key_of_the_environment_that_hides_the_new_one_is_named(api_key: ApiKeyCommand) -> None:
    other = api_key.add_key()
    document = api_key.json("create", NGROK_SCIM_API_KEY=other.token)
    assert "NGROK_SCIM_API_KEY is used before" in document["remaining"][0]  # type: ignore[index]


def test_a_given_key_is_copied(
    api_key: ApiKeyCommand, key: ApiKey, clipboard: FakeClipboard
) -> None:
    other = api_key.add_key()
    api_key("show", "--copy", "--clear-after", "0", NGROK_SCIM_API_KEY=other.token)
    assert clipboard.held == other.token


def test_without_a_clipboard_the_way_out_is_named(
    api_key: ApiKeyCommand, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_module, "find_clipboard", lambda *_, **__: None)
    ran = api_key("show", "--copy")
    assert (ran.status, "--reveal" in ran.err) == (3, True)


# rotate and revoke


def test_rotate_revokes_nothing_before_it_is_told_to_finish(
    api_key: ApiKeyCommand, key: ApiKey
) -> None:
    for _ in range(2):
        document = api_key.json("rotate")
        statuses = [step["status"] for step in document["steps"]]  # type: ignore[attr-defined]
        assert statuses == ["done", "waiting", "todo"]
        assert document["verdict"] == "warn"
        assert len(api_key.alive()) == 2
    ran = api_key("rotate", "--finish")
    assert (ran.status, f"No terminal to confirm revoking {key.id}; add --yes." in ran.err) == (
        2,
        True,
    )
    assert len(api_key.alive()) == 2
    finished = api_key.json("rotate", "--finish", "--yes")
    assert {step["status"] for step in finished["steps"]} == {"done"}  # type: ignore[attr-defined]
    assert finished["okta"]["accepts"] is True  # type: ignore[index]
    (left,) = api_key.alive()
    assert left != key
    assert len(api_key.json("rotate", "--finish")["steps"]) == 1  # type: ignore[arg-type]
    assert api_key.alive() == [left]


def test_rotate_can_be_aborted(api_key: ApiKeyCommand, key: ApiKey) -> None:
    api_key("rotate")
    assert api_key("rotate", "--abort").status == 2
    assert api_key("rotate", "--abort", "--yes").status == 0
    assert api_key.alive() == [key]
    assert json.loads(api_key.keyring_file.read_text()) == {"ngrok-scim default/scim": key.token}


def test_rotate_asks_a_person_before_it_revokes(
    api_key: ApiKeyCommand, key: ApiKey, person: FakePerson
) -> None:
    assert api_key("rotate").status == 0
    person.says = False
    for end in ("--finish", "--abort"):
        assert api_key("rotate", end).status == 0
        assert len(api_key.alive()) == 2
    person.says = True
    assert api_key("rotate", "--finish").status == 0
    assert key not in api_key.alive()


@pytest.mark.parametrize(
    "arguments", [("--yes",), ("--finish", "--abort"), ("--abort", "-y", "--finish")]
)
def test_rotate_takes_no_half_answers(
    api_key: ApiKeyCommand, key: ApiKey, arguments: tuple[str, ...]
) -> None:
    api_key("rotate")
    assert api_key("rotate", *arguments).status == 2
    assert len(api_key.alive()) == 2


def test_rotate_keeps_the_old_key_where_the_new_one_fails(
    api_key: ApiKeyCommand, key: ApiKey
) -> None:
    api_key("rotate")
    api_key.sandbox.set_faults(["key-refused"])
    ran = api_key("rotate", "--finish", "--yes")
    assert ran.status == 1
    assert len(api_key.alive()) == 2


def test_an_empty_list_can_be_allowed(api_key: ApiKeyCommand, key: ApiKey) -> None:
    api_key("rotate")
    api_key.sandbox.set_faults(["empty-list"])
    assert api_key("rotate", "--finish", "--yes").status == 1
    assert api_key("rotate", "--finish", "--yes", "--allow-empty").status == 0
    assert len(api_key.alive()) == 1


def test_a_leaked_key_is_revoked_first_and_replaced(api_key: ApiKeyCommand, key: ApiKey) -> None:
    ran = api_key("revoke", "--leaked")
    assert (ran.status, "add --yes" in ran.err) == (2, True)
    assert api_key.alive() == [key]
    document = api_key.json("revoke", "--leaked", "--yes")
    (made,) = api_key.alive()
    (step,) = document["steps"]  # type: ignore[misc]
    assert f"Revoked {key.id}." in step["detail"]  # type: ignore[has-type]
    assert "provisioning stops until you paste" in step["detail"]  # type: ignore[has-type]
    assert "show --copy" in document["remaining"][0]  # type: ignore[index]
    assert json.loads(api_key.keyring_file.read_text()) == {"ngrok-scim default/scim": made.token}


def test_a_leaked_key_is_gone_even_where_no_new_one_can_be_made(
    api_key: ApiKeyCommand, key: ApiKey
) -> None:
    api_key.sandbox.set_faults(["key-limit"])
    document = api_key.json("revoke", "--leaked", "--yes", status=1)
    (step,) = document["steps"]  # type: ignore[misc]
    assert f"Revoked {key.id}. But no new key was made" in step["detail"]  # type: ignore[has-type]
    assert api_key.alive() == []


@pytest.mark.parametrize("leaked", [(), ("--leaked",)])
def test_of_two_keys_the_one_to_revoke_is_named(
    api_key: ApiKeyCommand, key: ApiKey, leaked: tuple[str, ...]
) -> None:
    api_key("rotate")
    (new,) = [one for one in api_key.alive() if one != key]
    ran = api_key("revoke", "--yes", *leaked)
    assert (ran.status, key.id in ran.err, new.id in ran.err) == (2, True, True)
    assert len(api_key.alive()) == 2
    assert api_key("revoke", key.id, "--yes", *leaked).status == 0
    assert api_key.alive() == [new]
    assert api_key.profile().key_ids == (new.id,)


def test_revoke_needs_a_yes(api_key: ApiKeyCommand, key: ApiKey) -> None:
    ran = api_key("revoke")
    assert (ran.status, "--yes" in ran.err) == (2, True)
    assert api_key.alive() == [key]
    assert api_key("revoke", "--yes").status == 0
    assert api_key.alive() == []
    assert json.loads(api_key.keyring_file.read_text()) == {}


def test_revoke_asks_a_person(api_key: ApiKeyCommand, key: ApiKey, person: FakePerson) -> None:
    person.says = False
    ran = api_key("revoke", key.id)
    assert (ran.status, "Nothing was revoked" in ran.out) == (0, True)
    assert api_key.alive() == [key]
    assert api_key("revoke", key.id, "--yes").status == 0
    assert len(person.asked) == 1


def test_revoking_a_key_of_somebody_else_needs_force(api_key: ApiKeyCommand) -> None:
    other = api_key.add_key()
    assert api_key("revoke", other.id, "--yes").status == 2
    assert api_key("revoke", other.id, "--yes", "--force").status == 0


def test_revoke_without_an_admin_key_says_how_to_give_one(
    api_key: ApiKeyCommand, key: ApiKey
) -> None:
    ran = api_key("revoke", "--yes", NGROK_API_KEY="", HOME=str(api_key.folder))
    assert (ran.status, "--admin-key-file" in ran.err) == (3, True)


def test_a_key_in_place_of_an_id_is_not_repeated(api_key: ApiKeyCommand, key: ApiKey) -> None:
    ran = api_key("revoke", key.token, "--yes")
    assert ran.status == 2
    assert secret(key) not in ran.out + ran.err
    assert api_key.alive() == [key]


@pytest.mark.parametrize(
    "arguments",
    [("create",), ("rotate",), ("rotate", "--finish", "--yes"), ("show",), ("revoke", "--yes")],
)
def test_no_command_ever_prints_a_key(
    api_key: ApiKeyCommand, key: ApiKey, arguments: tuple[str, ...]
) -> None:
    printed = ""
    for form in ("text", "json"):
        ran = api_key(*arguments, "--format", form)
        assert ran.out
        printed += ran.out + ran.err
    for one in (*api_key.alive(), key, api_key.sandbox.account.admin_key):
        assert secret(one) not in printed


def test_a_profile_written_by_hand_is_enough_for_show(api_key: ApiKeyCommand) -> None:
    api_key.profiles.save(Profile("default", key=Key("ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD")))
    document = api_key.json("show", status=1)
    assert document["key"]["made"] == "2025-09-04"  # type: ignore[index]


def test_every_command_that_is_printed_names_the_profile(api_key: ApiKeyCommand) -> None:
    acme = ("--profile", "acme")
    assert api_key("create", *acme).status == 0
    ran = api_key("rotate", *acme)
    assert "ngrok-scim api-key show --profile acme --copy" in ran.out
    assert "ngrok-scim api-key rotate --profile acme --finish" in " ".join(ran.out.split())
    shown = api_key("show", *acme).out
    assert "api-key rotate --profile acme --finish" in shown
    other = ("--profile", "other")
    api_key._run(
        "domain", "approve", "corp.example", "--yes", *other, environment=api_key.environment
    )
    ran = api_key("show", *other)
    assert (ran.status, "ngrok-scim api-key create --profile other" in ran.err) == (3, True)
    document = api_key.json("rotate", *acme)
    assert "acme" not in json.dumps(document["steps"])
    assert "--profile" not in api_key("create").out


def test_a_run_on_no_profile_names_none(api_key: ApiKeyCommand, ngrok_scim: CommandLine) -> None:
    api_key("create", "--profile", "acme")
    assert "acme" not in ngrok_scim("explain", "KEY214").out


def test_a_name_that_no_profile_may_have_is_refused_before_anything_is_done(
    api_key: ApiKeyCommand,
) -> None:
    ran = api_key("create", "--profile", "../acme")
    assert ran.status == 2
    assert "is no name for a profile" in ran.err
    assert api_key.alive() == []


@pytest.mark.parametrize("command", [("create",), ("rotate",), ("revoke", "--yes"), ("store",)])
def test_an_admin_key_is_trimmed_and_that_is_reported(
    api_key: ApiKeyCommand, key: ApiKey, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "key"
    file.write_text(key.token)
    file.chmod(0o600)
    more = ("--api-key-file", str(file)) if command == ("store",) else ()
    dirty = f" {api_key.sandbox.values.admin_key}\n"
    ran = api_key(*command, *more, NGROK_API_KEY=dirty)
    assert (ran.status, "Warning ENV007" in ran.out) == (0, True)
