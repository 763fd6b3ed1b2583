import errno
import os
import stat
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ngrok_scim_cli.errors import CannotTell, ProfileUnreadable, UsageError
from ngrok_scim_cli.settings import profile_store, profile_toml
from ngrok_scim_cli.settings.profile import Domain, Key, Okta, PendingKey, Profile
from ngrok_scim_cli.settings.profile_store import LIMIT, ProfileStore

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

FULL = Profile(
    name="default",
    base_url=" https://api.ngrok.com/scim/v2/\t",
    unique_identifier="",
    auth_mode="HTTP Header",
    actions=(),
    key=Key("ak_one", "bot_1", "SCIM “Okta”", 'a "b" \\ c', NOON),
    next_key=Key(""),
    previous_key=Key("ak_zero"),
    pending_key=PendingKey("f00d", "SCIM", NOON.astimezone(timezone(timedelta(hours=2)))),
    okta=Okta("saml", "https://example.okta.com", "ngrok", NOON, "oiw"),
    domains=(Domain("example.com", NOON, None, "asked\nby mail"), Domain("example.org")),
    steps={"prerequisites": NOON, "api-key": NOON + timedelta(microseconds=5)},
)


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    return ProfileStore(tmp_path / "profiles")


def written(store: ProfileStore, text: str | bytes, name: str = "default") -> Path:
    path = store.path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    return path


def test_where_there_is_no_file_the_profile_is_empty(store: ProfileStore) -> None:
    assert store.load("work") == Profile("work")


def test_all_of_a_profile_comes_back(store: ProfileStore) -> None:
    store.save(FULL)
    assert store.load("default") == FULL


def test_a_profile_can_be_emptied_again(store: ProfileStore) -> None:
    store.save(FULL)
    store.save(Profile("default"))
    assert store.load("default") == Profile("default")
    assert "ak_one" not in store.path("default").read_text()


def test_each_profile_has_a_file_of_its_own(store: ProfileStore) -> None:
    store.save(FULL)
    store.save(Profile("work", base_url="x"))
    assert store.load("default") == FULL
    assert store.load("work").base_url == "x"


def test_a_name_cannot_lead_out_of_the_folder(store: ProfileStore) -> None:
    for step in (store.path, store.load, lambda name: store.save(Profile(name))):
        with pytest.raises(UsageError):
            step("../default")
    with pytest.raises(UsageError), store.lock("../default"):
        pass


@pytest.mark.skipif(os.name != "posix", reason="modes are a thing of POSIX")
def test_file_and_folder_are_for_their_owner_alone(store: ProfileStore) -> None:
    store.save(FULL)
    path = store.path("default")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="modes are a thing of POSIX")
def test_a_file_that_others_can_read_is_noticed_not_changed_and_closed_when_written(
    store: ProfileStore,
) -> None:
    path = written(store, "")
    path.chmod(0o644)
    profile = store.load("default")
    assert profile.readable_by_others
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    store.save(profile)
    assert not store.load("default").readable_by_others


def test_a_new_file_says_what_it_is(store: ProfileStore) -> None:
    store.save(Profile("default", base_url="x", key=Key("ak_1")))
    assert store.path("default").read_text() == (
        "# Written by ngrok-scim. It contains no key: keys are kept in the keyring.\n"
        "# What you add is kept.\n"
        "version = 1\n"
        'base_url = "x"\n'
        "\n"
        "[key]\n"
        'id = "ak_1"\n'
    )


def test_comments_and_what_is_not_ours_survive(store: ProfileStore) -> None:
    path = written(
        store,
        "# mine\r\n"
        'team = "platform" # who asked\r\n'
        'base_url = "old" # from the guide\r\n'
        "\r\n"
        "[key] # the key\r\n"
        'id = "ak_1"\r\n'
        "ticket = 42 # their number\r\n"
        "\r\n"
        "[[domain]] # first\r\n"
        'name = "gone.example"\r\n'
        "[[domain]] # second\r\n"
        'name = "example.com"\r\n'
        'owner = "Ada"\r\n'
        "\r\n"
        "[future.deep]\r\n"
        "answer = [1, 2.5, { x = true }]\r\n",
    )
    profile = store.load("default")
    assert profile.key is not None
    store.save(
        replace(
            profile,
            base_url="new",
            auth_mode="HTTP Header",
            key=replace(profile.key, id="ak_2"),
            domains=(Domain("example.com", NOON), Domain("example.org")),
            steps={"domain": NOON},
        )
    )
    text = path.read_text(encoding="utf-8")
    for survivor in (
        "# mine",
        'team = "platform" # who asked',
        'base_url = "new" # from the guide',
        "[key] # the key",
        "ticket = 42 # their number",
        "[[domain]] # second",
        'owner = "Ada"',
        "[future.deep]",
        "answer = [1, 2.5, { x = true }]",
    ):
        assert survivor in text
    assert "gone.example" not in text
    again = store.load("default")
    assert again.domains == (Domain("example.com", NOON), Domain("example.org"))


def test_saving_what_was_loaded_adds_no_more_than_the_version(store: ProfileStore) -> None:
    store.save(FULL)
    before = store.path("default").read_bytes()
    store.save(store.load("default"))
    assert store.path("default").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = 1\nbase_url = oops\n", "line 2 is not valid TOML"),
        ("a = 1\n\n[key\n", "line 3 is not valid TOML"),
        ("a = '''\n\n", "line 3 is not valid TOML"),
        (b'a = 1\nb = "\xff"\n', "line 2 is not UTF-8 text"),
        (f"a = {'9' * 5000}", "it is not valid TOML"),
        (f"a = {'[' * 100_000}", "it is not valid TOML"),
        ("version = true", "“version” must be a whole number"),
        ("base_url = 5", "“base_url” must be text in quotes"),
        ("[auth_mode]\n", "“auth_mode” must be text in quotes"),
        ("\n\nactions = 'Push'", "“actions” must be a list of texts in quotes"),
        ("actions = [1]", "“actions” must be a list of texts in quotes"),
        ("\nkey = 'ak_1'", "“key” must be a table, headed [key]"),
        ("x = 1\n[key]\nowner_id = 'x'", "“id” in [key] is missing"),
        ("key = { id = 7 }", "“id” in [key] must be text in quotes"),
        ("key.id = 7", "“id” in [key] must be text in quotes"),
        ("[pending_key]\nmark = 1", "“mark” in [pending_key] must be text in quotes"),
        ("[okta]\n'app' = 1", "“app” in [okta] must be text in quotes"),
        ("[domain]\nname = 'x'", "“domain” must be tables, each headed [[domain]]"),
        ("domain = ['x']", "“domain” must be tables, each headed [[domain]]"),
        (
            "[[domain]]\nname = 'x'\nnote = 'y'\n[[domain]]\nname = 'z'\nnote = 1",
            "“note” in [[domain]] number 2 must be text in quotes",
        ),
        (
            "[[domain]]\nname = 'x'\n[[domain]]\nnote = 'y'",
            "“name” in [[domain]] number 2 is missing",
        ),
        (
            "[steps]\nprerequisites = 2026-11-24T12:00:00",
            "“prerequisites” in [steps] must be a date and time with a time zone",
        ),
        ("[steps]\ndomain = 'yes'", "“domain” in [steps] must be a date and time with a time zone"),
        ('"k\\u0065y" = 1', "“key” must be a table, headed [key]"),
        ("version = 2", "a newer version of ngrok-scim wrote it (format 2, and this one knows"),
    ],
)
def test_a_broken_profile_is_named_with_its_place_and_never_overwritten(
    store: ProfileStore, text: str | bytes, said: str
) -> None:
    path = written(store, text)
    before = path.read_bytes()
    with pytest.raises(ProfileUnreadable) as caught:
        store.load("default")
    assert f"{path} cannot be read: {said}" in caught.value.message
    assert (caught.value.code, caught.value.exit_status) == ("ENV008", 1)
    assert caught.value.advice
    with pytest.raises(ProfileUnreadable):
        store.save(Profile("default"))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_what_a_broken_line_holds_is_not_repeated(store: ProfileStore) -> None:
    written(store, "[okta]\ntoken = 00abcdefgHIJKLMNOPqrstuvwxyz1234567890\n")
    with pytest.raises(ProfileUnreadable) as caught:
        store.load("default")
    assert "HIJ" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_newer_format_asks_for_an_update(store: ProfileStore) -> None:
    written(store, "version = 2")
    with pytest.raises(ProfileUnreadable) as caught:
        store.load("default")
    assert caught.value.advice == "Update ngrok-scim on this machine."


def test_a_byte_order_mark_does_not_break_a_profile(store: ProfileStore) -> None:
    path = written(store, b"\xef\xbb\xbfbase_url = 'x'\r\n")
    assert store.load("default").base_url == "x"
    store.save(replace(store.load("default"), base_url="y"))
    assert store.load("default").base_url == "y"
    assert path.read_bytes().startswith(b"base_url")


@pytest.mark.parametrize("size", [LIMIT, LIMIT + 1])
def test_a_profile_has_a_largest_size(store: ProfileStore, size: int) -> None:
    written(store, b"#" * size)
    if size == LIMIT:
        assert store.load("default") == Profile("default")
    else:
        with pytest.raises(ProfileUnreadable, match="longer than 1024 KiB"):
            store.load("default")


def test_a_folder_in_the_place_of_the_file_is_reported(store: ProfileStore) -> None:
    store.path("default").mkdir(parents=True)
    with pytest.raises(ProfileUnreadable, match="is a folder") as caught:
        store.load("default")
    assert caught.value.code == "ENV008"


def test_a_link_is_read_and_not_written(store: ProfileStore, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text("base_url = 'x'\n")
    path = store.path("default")
    path.parent.mkdir()
    path.symlink_to(target)
    profile = store.load("default")
    assert profile.base_url == "x"
    with pytest.raises(CannotTell, match="is a symbolic link"):
        store.save(replace(profile, base_url="y"))
    assert path.is_symlink()
    assert target.read_text() == "base_url = 'x'\n"


def test_a_link_into_nothing_is_no_empty_profile(store: ProfileStore, tmp_path: Path) -> None:
    path = store.path("default")
    path.parent.mkdir()
    path.symlink_to(tmp_path / "nothing")
    with pytest.raises(ProfileUnreadable, match="is a link to a file that is missing"):
        store.load("default")


@pytest.mark.parametrize("breaks", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_profile(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store.save(FULL)
    monkeypatch.setattr(os, breaks, fail)
    with pytest.raises(CannotTell, match="no space left on device") as caught:
        store.save(Profile("default"))
    assert caught.value.exit_status == 3
    assert store.load("default") == FULL
    names = {file.name for file in store.path("default").parent.iterdir()}
    assert names == {"default.toml", "default.history"}


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a thing of POSIX")
def test_a_process_that_is_killed_while_writing_leaves_the_old_profile(
    store: ProfileStore,
) -> None:
    store.save(FULL)
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from ngrok_scim_cli.settings.profile import Profile\n"
        "from ngrok_scim_cli.settings.profile_store import ProfileStore\n"
        "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "ProfileStore(Path(sys.argv[1])).save(Profile('default'))\n"
    )
    folder = store.path("default").parent
    done = subprocess.run([sys.executable, "-c", script, str(folder)], check=False)
    assert done.returncode == -9
    assert store.load("default") == FULL
    store.save(replace(FULL, base_url="next"))
    assert store.load("default").base_url == "next"


def test_a_file_where_the_folder_should_be_is_reported(tmp_path: Path) -> None:
    (tmp_path / "profiles").touch()
    store = ProfileStore(tmp_path / "profiles")
    with pytest.raises(ProfileUnreadable):
        store.load("default")
    with pytest.raises(CannotTell, match="cannot be locked"), store.lock("default"):
        pass


def test_a_value_that_is_not_text_is_refused_and_the_old_profile_stays(
    store: ProfileStore,
) -> None:
    store.save(FULL)
    with pytest.raises(CannotTell, match="not UTF-8"):
        store.save(replace(FULL, base_url="https://\udcff"))
    assert store.load("default") == FULL


def test_a_time_without_its_zone_is_a_fault_of_ours(store: ProfileStore) -> None:
    store.save(FULL)
    with pytest.raises(ValueError, match="cannot be read back"):
        store.save(replace(FULL, steps={"domain": datetime(2026, 11, 24)}))  # noqa: DTZ001
    assert store.load("default") == FULL


def test_two_at_once_the_second_is_refused(store: ProfileStore) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ngrok_scim_cli.settings.profile_store import ProfileStore\n"
        "with ProfileStore(Path(sys.argv[1])).lock('default'):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(store.path("default").parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(CannotTell, match="Another ngrok-scim") as caught, store.lock("default"):
            pass
        assert caught.value.message == (
            f"Another ngrok-scim (process {other.pid}) is changing the profile “default”."
        )
        assert caught.value.exit_status == 3
        with store.lock("work"):
            pass
        other.communicate()
    with store.lock("default"):
        store.save(FULL)


def test_a_holder_that_cannot_be_named_is_not_named(store: ProfileStore) -> None:
    other = ProfileStore(store.path("default").parent)
    with other.lock("default"):
        store.path("default").with_suffix(".lock").write_text("somebody")
        with (
            pytest.raises(CannotTell, match="Another ngrok-scim is changing"),
            store.lock("default"),
        ):
            pass


def test_a_file_is_parsed_once_and_again_where_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = []
    parse = profile_toml.parse

    def counted(data: bytes, path: Path) -> Profile:
        parsed.append(path.stem)
        return parse(data, path)

    monkeypatch.setattr(profile_toml, "parse", counted)
    mine, other = ProfileStore(tmp_path), ProfileStore(tmp_path)
    other.save(Profile("default", base_url="https://one.example/"))
    parsed.clear()
    for _ in range(3):
        assert mine.load("default").base_url == "https://one.example/"
    assert parsed == ["default"]
    other.save(Profile("default", base_url="https://two.example/"))
    assert mine.load("default").base_url == "https://two.example/"


def test_a_change_leaves_alone_what_another_process_changed(tmp_path: Path) -> None:
    mine, other = ProfileStore(tmp_path), ProfileStore(tmp_path)
    mine.save(Profile("default", base_url="https://one.example/"))
    other.change("default", auth_mode="HTTP Header")
    changed = mine.change("default", base_url="https://two.example/")
    assert (changed.auth_mode, changed.base_url) == ("HTTP Header", "https://two.example/")
    assert other.load("default") == changed


def test_the_lock_is_released_while_somebody_is_asked(tmp_path: Path) -> None:
    mine, other = ProfileStore(tmp_path), ProfileStore(tmp_path)
    with mine.lock("default"):
        with mine.unlocked("default"), other.lock("default"):
            pass
        with pytest.raises(CannotTell, match="Another ngrok-scim"), other.lock("default"):
            pass
    with other.lock("default"), mine.unlocked("default"):
        pass  # it is not mine to release


def test_a_lock_that_somebody_else_took_and_keeps_is_not_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_store, "_TIMEOUT_S", 0)
    mine, other = ProfileStore(tmp_path), ProfileStore(tmp_path)
    kept = ExitStack()
    with (
        pytest.raises(CannotTell, match="Another ngrok-scim"),
        mine.lock("default"),
        mine.unlocked("default"),
    ):
        kept.enter_context(other.lock("default"))
    kept.close()
    with mine.lock("default"):
        pass
