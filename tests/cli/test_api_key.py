import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.commands import api_key as command
from ngrok_scim_cli.cli.commands import key_show
from ngrok_scim_cli.cli.runtime import session as session_module
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.account import ApiKey
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings import clipboard as clipboard_module
from ngrok_scim_cli.settings.profile import Key, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from tests.support.command_line import CommandLine, Ran
from tests.support.keyring_backends import FILE
from tests.support.setup_context import Somebody

pytestmark = pytest.mark.usefixtures("measured_children")


class Desk:
    """A command line with a sandbox, a profile and a keyring of its own."""

    def __init__(self, run: CommandLine, sandbox: Sandbox, folder: Path) -> None:
        self._run = run
        self.sandbox = sandbox
        self.folder = folder
        self.profiles = ProfileStore(folder / "profiles")
        self.keyring_file = folder / "keyring.json"
        self.environment = {
            "NGROK_SCIM_HOME": str(folder),
            "NGROK_API_BASE_URL": sandbox.values.api_base_url,
            "NGROK_SCIM_BASE_URL": sandbox.values.scim_base_url,
            "NGROK_API_KEY": sandbox.values.admin_key,
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

    def by_hand(self) -> ApiKey:
        owner = self.sandbox.account.add_service_user("By hand")
        return self.sandbox.account.add_key(owner.id, "by hand", "")


@pytest.fixture
def desk(ngrok_scim: CommandLine, tmp_path: Path) -> Iterator[Desk]:
    with open_sandbox(empty_account=True) as sandbox:
        yield Desk(ngrok_scim, sandbox, tmp_path)


@pytest.fixture
def key(desk: Desk) -> ApiKey:
    """A key that was made and is in use."""
    assert desk("create").status == 0
    return desk.alive()[0]


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Somebody:
    """A person at a terminal."""
    somebody = Somebody()
    monkeypatch.setattr(session_module, "_has_person", lambda: True)
    monkeypatch.setattr(session_module, "Terminal", lambda _: somebody)
    return somebody


def secret(key: ApiKey) -> str:
    return key.token.partition("_")[2]


def test_create_makes_a_key_and_says_what_to_do_with_it(desk: Desk) -> None:
    document = desk.json("create", "--service-user", "Bot", "--key-description", "For Okta")
    (made,) = desk.alive()
    assert desk.sandbox.account.service_users[made.owner_id].name == "Bot"
    assert made.description == "For Okta"
    assert (document["command"], document["verdict"]) == ("api-key create", "pass")
    (step,) = document["steps"]  # type: ignore[misc]
    assert (step["name"], step["status"]) == ("create", "done")  # type: ignore[has-type]
    assert "show --copy" in document["remaining"][0]  # type: ignore[index]
    assert json.loads(desk.keyring_file.read_text()) == {"ngrok-scim default/scim": made.token}


def test_create_again_keeps_the_key(desk: Desk, key: ApiKey) -> None:
    ran = desk("create")
    assert (ran.status, f"Using {key.id}" in ran.out) == (0, True)
    assert desk.alive() == [key]


def test_create_without_an_admin_key_says_how_to_give_one(desk: Desk) -> None:
    ran = desk("create", NGROK_API_KEY="", HOME=str(desk.folder))
    assert ran.status == 3
    assert "--admin-key-file" in ran.err


def test_create_asks_a_person_for_the_admin_key_and_keeps_it_nowhere(
    desk: Desk, person: Somebody
) -> None:
    person.secret = f" {desk.sandbox.values.admin_key}\n"
    ran = desk("create", NGROK_API_KEY="", HOME=str(desk.folder))
    assert ran.status == 0
    assert len(desk.alive()) == 1
    kept = desk.keyring_file.read_text() + desk.profiles.path("default").read_text()
    assert desk.sandbox.values.admin_key.partition("_")[2] not in kept


def test_create_is_refused_while_another_run_has_the_profile(desk: Desk) -> None:
    with desk.profiles.lock("default"):
        ran = desk("create")
    assert ran.status == 3
    assert "Another ngrok-scim" in ran.err
    assert desk.alive() == []


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [("not-an-admin", "NGR710", 1), ("key-limit", "NGR715", 1), ("admin-key-revoked", "NGR714", 1)],
)
def test_create_says_why_ngrok_refused(desk: Desk, fault: str, code: str, status: int) -> None:
    desk.sandbox.set_faults([fault])
    document = desk.json("create", status=status)
    assert [item["code"] for item in document["findings"]] == [code]  # type: ignore[attr-defined]
    assert desk.alive() == []


@pytest.mark.parametrize("fault", ["api-server-error", "drops-after-create"])
def test_create_cannot_tell_where_ngrok_does_not_answer(desk: Desk, fault: str) -> None:
    desk.sandbox.set_faults([fault])
    assert desk("create").status in (1, 3)
    desk.sandbox.set_faults([])
    assert desk.alive() == []
    assert desk("create").status == 0
    assert len(desk.alive()) == 1


@pytest.mark.parametrize(("backend", "status"), [("RefusingKeyring", 3), ("ForgettingKeyring", 1)])
def test_create_leaves_no_key_where_the_keyring_keeps_none(
    desk: Desk, backend: str, status: int
) -> None:
    ran = desk("create", PYTHON_KEYRING_BACKEND=f"tests.support.keyring_backends.{backend}")
    assert ran.status == status
    assert desk.alive() == []
    assert desk.profile().pending_key is None


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_create_makes_no_key_where_the_profile_cannot_be_written(desk: Desk) -> None:
    desk.folder.chmod(0o500)
    ran = desk("create")
    desk.folder.chmod(0o700)
    assert ran.status == 3
    assert desk.alive() == []


def test_create_makes_no_key_where_a_file_is_in_the_way(desk: Desk) -> None:
    ran = desk("create", NGROK_SCIM_HOME=os.devnull)
    assert ran.status == 3
    assert desk.alive() == []


@pytest.mark.parametrize("arguments", [("create",), ("rotate",), ("store",), ("revoke",)])
def test_a_dry_run_prints_the_requests_and_changes_nothing(
    desk: Desk, key: ApiKey, arguments: tuple[str, ...]
) -> None:
    before = (desk.profile(), desk.keyring_file.read_bytes())
    ran = desk(*arguments, "--dry-run")
    assert ran.status == 0
    assert ran.out.startswith("These requests would be made, in this order:\n  ")
    requests = desk.json(*arguments, "--dry-run")["requests"]
    assert {"method", "url", "fields"} == set(requests[0])  # type: ignore[index]
    assert desk.alive() == [key]
    assert (desk.profile(), desk.keyring_file.read_bytes()) == before


def test_a_dry_run_that_cannot_ask_says_so(desk: Desk) -> None:
    desk.sandbox.set_faults(["admin-key-revoked"])
    ran = desk("create", "--dry-run")
    assert (ran.status, "NGR714" in ran.out) == (1, True)


def test_a_dry_run_with_nothing_to_do_says_so(desk: Desk, key: ApiKey) -> None:
    ran = desk("rotate", "--finish", "--dry-run")
    assert (ran.status, ran.out) == (0, "No request would be made.\n")


# store


def test_store_takes_a_key_from_standard_input(desk: Desk) -> None:
    key = desk.by_hand()
    ran = desk("store", "--api-key-file", "-", stdin=key.token.encode() + b"\n")
    assert ran.status == 0
    assert f"Stored {key.id}" in ran.out.replace("\n", " ")
    assert secret(key) not in ran.out + ran.err
    assert desk.profile().key is not None


def test_store_takes_a_key_from_a_person(desk: Desk, person: Somebody) -> None:
    key = desk.by_hand()
    person.secret = key.token
    assert desk("store").status == 0
    assert person.asked == ["SCIM key, as ngrok's dashboard showed it"]
    assert key.token in desk.keyring_file.read_text()


def test_store_cleans_only_where_that_was_asked_for(desk: Desk) -> None:
    key = desk.by_hand()
    dirty = f"{key.token}\u00a0".encode()
    ran = desk("store", "--api-key-file", "-", stdin=dirty)
    assert (ran.status, "KEY204" in ran.out, "--clean" in ran.out) == (1, True, True)
    ran = desk("store", "--api-key-file", "-", "--clean", stdin=dirty)
    assert (ran.status, "U+00A0" in ran.out) == (0, True)
    assert json.loads(desk.keyring_file.read_text()) == {"ngrok-scim default/scim": key.token}


def test_store_without_a_key_says_how_to_give_one(desk: Desk) -> None:
    ran = desk("store", NGROK_SCIM_API_KEY=desk.by_hand().token)
    assert ran.status == 3
    assert "--api-key-file -" in ran.err


def test_store_never_stores_the_admin_key(desk: Desk) -> None:
    admin_key = desk.sandbox.values.admin_key.encode()
    ran = desk("store", "--api-key-file", "-", stdin=admin_key)
    assert (ran.status, "KEY216" in ran.out) == (1, True)
    assert not desk.keyring_file.exists()


# show


def test_show_says_everything_but_the_key(desk: Desk, key: ApiKey) -> None:
    ran = desk("show")
    assert ran.status == 0
    assert key.id in ran.out
    assert "Okta SCIM Bot" in ran.out
    assert "a Service User" in ran.out
    assert "default/scim" in ran.out
    document = desk.json("show")
    assert document["key"]["id"] == key.id  # type: ignore[index]
    assert secret(key) not in ran.out + ran.err + json.dumps(document)


def test_show_names_both_keys_of_a_rotation(desk: Desk, key: ApiKey) -> None:
    desk("rotate")
    document = desk.json("show")
    assert document["key"]["id"] == key.id  # type: ignore[index]
    assert document["next_key"]["id"] != key.id  # type: ignore[index]
    assert [item["code"] for item in document["findings"]] == ["NGR716"]  # type: ignore[attr-defined]
    assert desk("show", "--strict").status == 0


def test_show_names_a_superseded_key(desk: Desk, key: ApiKey) -> None:
    desk.keyring_file.unlink()
    desk("create")
    assert desk.json("show")["previous_key"]["id"] == key.id  # type: ignore[index]


def test_show_names_a_key_that_was_given(desk: Desk, key: ApiKey) -> None:
    other = desk.by_hand()
    document = desk.json("show", NGROK_SCIM_API_KEY=other.token)
    assert document["key"]["id"] == other.id  # type: ignore[index]
    assert document["key"]["kept"] == "NGROK_SCIM_API_KEY"  # type: ignore[index]


@pytest.mark.parametrize(
    ("backend", "code", "status"),
    [("RefusingKeyring", "ENV001", 0), ("ForgettingKeyring", "ENV002", 1)],
)
def test_show_says_where_the_keyring_does_not_give_the_key(
    desk: Desk, key: ApiKey, backend: str, code: str, status: int
) -> None:
    ran = desk("show", PYTHON_KEYRING_BACKEND=f"tests.support.keyring_backends.{backend}")
    assert (ran.status, code in ran.out, key.id in ran.out) == (status, True, True)


def test_show_works_offline(desk: Desk, key: ApiKey) -> None:
    desk.sandbox.set_faults(["api-server-error"])
    ran = desk("show", NGROK_API_KEY="", HOME=str(desk.folder))
    assert (ran.status, key.id in ran.out) == (0, True)


@pytest.mark.parametrize("arguments", [(), ("--copy",)])
def test_show_without_a_key_says_so(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk("show", *arguments).status == 3
    assert desk("show", "--format", "json").status == 3


@pytest.mark.parametrize(
    "arguments",
    [("--reveal",), ("--reveal", "--format", "json"), ("--copy", "--reveal")],
)
def test_reveal_is_refused_but_at_a_terminal(
    desk: Desk, key: ApiKey, arguments: tuple[str, ...]
) -> None:
    ran = desk("show", *arguments)
    assert ran.status == 2
    assert secret(key) not in ran.out + ran.err


def test_the_one_who_asks_at_a_terminal_sees_the_key_and_nothing_else(
    desk: Desk, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_at_a_terminal", lambda: True)
    ran = desk("show", "--reveal")
    assert (ran.status, ran.out) == (0, f"{key.token}\n")
    assert desk("show", "--reveal", "--format", "json").status == 2


def test_a_key_that_would_steer_the_terminal_is_not_printed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_at_a_terminal", lambda: True)
    ran = desk("show", "--reveal", NGROK_SCIM_API_KEY="\x1b[2Jsecret-secret")
    assert (ran.status, ran.out) == (3, "")


class Board:
    """A clipboard in memory."""

    name = "the clipboard"
    can_be_cleared = True

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
def board(monkeypatch: pytest.MonkeyPatch) -> Board:
    found = Board()
    monkeypatch.setattr(clipboard_module, "find_clipboard", lambda *_, **__: found)
    return found


def test_copy_puts_the_key_there_and_clears_it(desk: Desk, key: ApiKey, board: Board) -> None:
    ran = desk("show", "--copy", "--clear-after", "0.01")
    assert ran.status == 0
    assert (board.had, board.held) == ([key.token], "")
    assert "is cleared" in ran.err
    assert secret(key) not in ran.out + ran.err


def test_ctrl_c_clears_at_once(
    desk: Desk, key: ApiKey, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(key_show, "_wait", interrupted)
    assert desk("show", "--copy", "--clear-after", "3600").status == 0
    assert (board.had, board.held) == ([key.token], "")


def test_zero_seconds_leaves_it_there(desk: Desk, key: ApiKey, board: Board) -> None:
    ran = desk("show", "--copy", "--clear-after", "0")
    assert (board.held, "stays there" in ran.err) == (key.token, True)


def test_what_was_copied_since_is_left_alone(
    desk: Desk, key: ApiKey, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "put", lambda text: setattr(board, "held", "something else"))
    ran = desk("show", "--copy", "--clear-after", "0.01")
    assert (board.held, "something else" in ran.err) == ("something else", True)


def test_a_clipboard_that_cannot_be_cleared_is_said_so(
    desk: Desk, key: ApiKey, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "can_be_cleared", False)
    ran = desk("show", "--copy")
    assert (board.held, "Copy something else" in ran.err) == (key.token, True)


def test_while_a_key_is_replaced_the_new_one_is_copied(
    desk: Desk, key: ApiKey, board: Board
) -> None:
    desk("rotate")
    desk("show", "--copy", "--clear-after", "0")
    (new,) = [one.token for one in desk.alive() if one != key]
    assert board.held == new


def test_the_old_key_of_the_environment_is_not_copied_in_place_of_the_new_one(
    desk: Desk, key: ApiKey, board: Board
) -> None:
    desk("rotate")
    ran = desk("show", "--copy", "--clear-after", "0", NGROK_SCIM_API_KEY=key.token)
    (new,) = [one for one in desk.alive() if one != key]
    assert board.held == new.token
    assert f"{new.id} is in" in ran.err


def test_the_key_of_a_file_is_copied_whatever_else_there_is(
    desk: Desk, key: ApiKey, board: Board, tmp_path: Path
) -> None:
    desk("rotate")
    file = tmp_path / "key"
    file.write_text(key.token)
    desk("show", "--copy", "--clear-after", "0", "--api-key-file", str(file))
    assert board.held == key.token


def test_a_new_key_that_the_keyring_lost_is_not_replaced_by_the_old_one(
    desk: Desk, key: ApiKey, board: Board
) -> None:
    desk("rotate")
    stored = json.loads(desk.keyring_file.read_text())
    del stored["ngrok-scim default/scim-next"]
    desk.keyring_file.write_text(json.dumps(stored))
    ran = desk("show", "--copy", "--clear-after", "0")
    assert (ran.status, board.had) == (1, [])
    assert "does not hold the key" in ran.err


def test_a_dead_key_is_not_to_be_pasted(desk: Desk, key: ApiKey) -> None:
    del desk.sandbox.account.keys[key.id]
    ran = desk("create")
    assert (ran.status, "KEY214" in ran.out) == (1, True)
    assert "show --copy" not in ran.out


def test_a_key_of_the_environment_that_hides_the_new_one_is_named(desk: Desk) -> None:
    other = desk.by_hand()
    document = desk.json("create", NGROK_SCIM_API_KEY=other.token)
    assert "NGROK_SCIM_API_KEY holds a key" in document["remaining"][0]  # type: ignore[index]


def test_a_given_key_is_copied(desk: Desk, key: ApiKey, board: Board) -> None:
    other = desk.by_hand()
    desk("show", "--copy", "--clear-after", "0", NGROK_SCIM_API_KEY=other.token)
    assert board.held == other.token


def test_without_a_clipboard_the_way_out_is_named(
    desk: Desk, key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_module, "find_clipboard", lambda *_, **__: None)
    ran = desk("show", "--copy")
    assert (ran.status, "--reveal" in ran.err) == (3, True)


# rotate and revoke


def test_rotate_revokes_nothing_before_it_is_told_to_finish(desk: Desk, key: ApiKey) -> None:
    for _ in range(2):
        document = desk.json("rotate")
        statuses = [step["status"] for step in document["steps"]]  # type: ignore[attr-defined]
        assert statuses == ["done", "waiting", "todo"]
        assert document["verdict"] == "warn"
        assert len(desk.alive()) == 2
    ran = desk("rotate", "--finish")
    assert (ran.status, f"No terminal to confirm revoking {key.id}; add --yes." in ran.err) == (
        2,
        True,
    )
    assert len(desk.alive()) == 2
    finished = desk.json("rotate", "--finish", "--yes")
    assert {step["status"] for step in finished["steps"]} == {"done"}  # type: ignore[attr-defined]
    assert finished["okta"]["accepts"] is True  # type: ignore[index]
    (left,) = desk.alive()
    assert left != key
    assert len(desk.json("rotate", "--finish")["steps"]) == 1  # type: ignore[arg-type]
    assert desk.alive() == [left]


def test_rotate_can_be_aborted(desk: Desk, key: ApiKey) -> None:
    desk("rotate")
    assert desk("rotate", "--abort").status == 2
    assert desk("rotate", "--abort", "--yes").status == 0
    assert desk.alive() == [key]
    assert json.loads(desk.keyring_file.read_text()) == {"ngrok-scim default/scim": key.token}


def test_rotate_asks_a_person_before_it_revokes(desk: Desk, key: ApiKey, person: Somebody) -> None:
    assert desk("rotate").status == 0
    person.says = False
    for end in ("--finish", "--abort"):
        assert desk("rotate", end).status == 0
        assert len(desk.alive()) == 2
    person.says = True
    assert desk("rotate", "--finish").status == 0
    assert key not in desk.alive()


@pytest.mark.parametrize(
    "arguments", [("--yes",), ("--finish", "--abort"), ("--abort", "-y", "--finish")]
)
def test_rotate_takes_no_half_answers(desk: Desk, key: ApiKey, arguments: tuple[str, ...]) -> None:
    desk("rotate")
    assert desk("rotate", *arguments).status == 2
    assert len(desk.alive()) == 2


def test_rotate_keeps_the_old_key_where_the_new_one_fails(desk: Desk, key: ApiKey) -> None:
    desk("rotate")
    desk.sandbox.set_faults(["key-refused"])
    ran = desk("rotate", "--finish", "--yes")
    assert ran.status == 1
    assert len(desk.alive()) == 2


def test_an_empty_list_can_be_allowed(desk: Desk, key: ApiKey) -> None:
    desk("rotate")
    desk.sandbox.set_faults(["empty-list"])
    assert desk("rotate", "--finish", "--yes").status == 1
    assert desk("rotate", "--finish", "--yes", "--allow-empty").status == 0
    assert len(desk.alive()) == 1


def test_a_leaked_key_is_revoked_first_and_replaced(desk: Desk, key: ApiKey) -> None:
    ran = desk("revoke", "--leaked")
    assert (ran.status, "add --yes" in ran.err) == (2, True)
    assert desk.alive() == [key]
    document = desk.json("revoke", "--leaked", "--yes")
    (made,) = desk.alive()
    (step,) = document["steps"]  # type: ignore[misc]
    assert f"Revoked {key.id}." in step["detail"]  # type: ignore[has-type]
    assert "provisioning stops until you paste" in step["detail"]  # type: ignore[has-type]
    assert "show --copy" in document["remaining"][0]  # type: ignore[index]
    assert json.loads(desk.keyring_file.read_text()) == {"ngrok-scim default/scim": made.token}


def test_a_leaked_key_is_gone_even_where_no_new_one_can_be_made(desk: Desk, key: ApiKey) -> None:
    desk.sandbox.set_faults(["key-limit"])
    document = desk.json("revoke", "--leaked", "--yes", status=1)
    (step,) = document["steps"]  # type: ignore[misc]
    assert f"Revoked {key.id}. But no new key was made" in step["detail"]  # type: ignore[has-type]
    assert desk.alive() == []


@pytest.mark.parametrize("leaked", [(), ("--leaked",)])
def test_of_two_keys_the_one_to_revoke_is_named(
    desk: Desk, key: ApiKey, leaked: tuple[str, ...]
) -> None:
    desk("rotate")
    (new,) = [one for one in desk.alive() if one != key]
    ran = desk("revoke", "--yes", *leaked)
    assert (ran.status, key.id in ran.err, new.id in ran.err) == (2, True, True)
    assert len(desk.alive()) == 2
    assert desk("revoke", key.id, "--yes", *leaked).status == 0
    assert desk.alive() == [new]
    assert desk.profile().key_ids == (new.id,)


def test_revoke_needs_a_yes(desk: Desk, key: ApiKey) -> None:
    ran = desk("revoke")
    assert (ran.status, "--yes" in ran.err) == (2, True)
    assert desk.alive() == [key]
    assert desk("revoke", "--yes").status == 0
    assert desk.alive() == []
    assert json.loads(desk.keyring_file.read_text()) == {}


def test_revoke_asks_a_person(desk: Desk, key: ApiKey, person: Somebody) -> None:
    person.says = False
    ran = desk("revoke", key.id)
    assert (ran.status, "Nothing was revoked" in ran.out) == (0, True)
    assert desk.alive() == [key]
    assert desk("revoke", key.id, "--yes").status == 0
    assert len(person.asked) == 1


def test_revoke_of_a_strange_key_needs_force(desk: Desk) -> None:
    other = desk.by_hand()
    assert desk("revoke", other.id, "--yes").status == 2
    assert desk("revoke", other.id, "--yes", "--force").status == 0


def test_revoke_without_an_admin_key_says_how_to_give_one(desk: Desk, key: ApiKey) -> None:
    ran = desk("revoke", "--yes", NGROK_API_KEY="", HOME=str(desk.folder))
    assert (ran.status, "--admin-key-file" in ran.err) == (3, True)


def test_a_key_in_place_of_an_id_is_not_repeated(desk: Desk, key: ApiKey) -> None:
    ran = desk("revoke", key.token, "--yes")
    assert ran.status == 2
    assert secret(key) not in ran.out + ran.err
    assert desk.alive() == [key]


@pytest.mark.parametrize(
    "arguments",
    [("create",), ("rotate",), ("rotate", "--finish", "--yes"), ("show",), ("revoke", "--yes")],
)
def test_no_command_ever_prints_a_key(desk: Desk, key: ApiKey, arguments: tuple[str, ...]) -> None:
    printed = ""
    for form in ("text", "json"):
        ran = desk(*arguments, "--format", form)
        printed += ran.out + ran.err
    for one in (*desk.alive(), key, desk.sandbox.account.admin_key):
        assert secret(one) not in printed


def test_a_profile_written_by_hand_is_enough_for_show(desk: Desk) -> None:
    desk.profiles.save(Profile("default", key=Key("ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD")))
    document = desk.json("show", status=1)
    assert document["key"]["made"] == "2025-09-04"  # type: ignore[index]


def test_every_command_that_is_printed_names_the_profile(desk: Desk) -> None:
    acme = ("--profile", "acme")
    assert desk("create", *acme).status == 0
    ran = desk("rotate", *acme)
    assert "ngrok-scim api-key show --profile acme --copy" in ran.out
    assert "ngrok-scim api-key rotate --profile acme --finish" in " ".join(ran.out.split())
    shown = desk("show", *acme).out
    assert "api-key rotate --profile acme --finish" in shown
    other = ("--profile", "other")
    desk._run("domain", "approve", "corp.example", "--yes", *other, environment=desk.environment)
    ran = desk("show", *other)
    assert (ran.status, "ngrok-scim api-key create --profile other" in ran.err) == (3, True)
    document = desk.json("rotate", *acme)
    assert "acme" not in json.dumps(document["steps"])
    assert "--profile" not in desk("create").out


def test_a_run_on_no_profile_names_none(desk: Desk, ngrok_scim: CommandLine) -> None:
    desk("create", "--profile", "acme")
    assert "acme" not in ngrok_scim("explain", "KEY214").out


def test_a_name_that_no_profile_may_have_is_refused_before_anything_is_done(desk: Desk) -> None:
    ran = desk("create", "--profile", "../acme")
    assert ran.status == 2
    assert "is no name for a profile" in ran.err
    assert desk.alive() == []


@pytest.mark.parametrize("command", [("create",), ("rotate",), ("revoke", "--yes"), ("store",)])
def test_an_admin_key_with_dirt_is_used_without_it_and_that_is_said(
    desk: Desk, key: ApiKey, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "key"
    file.write_text(key.token)
    file.chmod(0o600)
    more = ("--api-key-file", str(file)) if command == ("store",) else ()
    dirty = f" {desk.sandbox.values.admin_key}\n"
    ran = desk(*command, *more, NGROK_API_KEY=dirty)
    assert (ran.status, "Warning ENV007" in ran.out) == (0, True)
