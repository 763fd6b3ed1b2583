"""What the machine, or another user of it, may do to the program."""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

from ngrok_scim_cli.cli.app import orderly_end
from ngrok_scim_cli.cli.runtime.ending import versions
from ngrok_scim_cli.errors import KeyringUnusable, ProfileUnreadable
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files
from ngrok_scim_cli.settings.clipboard import ClipboardProgram, find_clipboard
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import KeyringStore
from tests.support.raw_server import EMPTY_OK, RawServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.command_line import CommandLine

ROOT = Path(__file__).parent.parent.parent
slow = partial(pytest.param, marks=pytest.mark.slow)
KEY = "2abcdefghijklmnopqrstuvwxyz_7SECRETSECRETSECRET01"
SECRET = KEY.partition("_")[2]
TOKEN = "00Zaunkoenig7Heckenbraunelle_RotkehlchenZe"


@pytest.fixture(autouse=True)
def _nothing_learned() -> Iterator[None]:
    yield
    redactor.forget()


def run_module(
    *arguments: str, folder: Path, prepare: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ngrok_scim_cli", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "NGROK_SCIM_HOME": str(folder / "home"),
            "NGROK_SCIM_API_KEY": KEY,
            "NGROK_SCIM_BASE_URL": "http://127.0.0.1:1/scim/v2/",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=prepare,
    )


def test_a_module_that_somebody_planted_in_the_working_folder_is_not_run(tmp_path: Path) -> None:
    for name in ("typer", "httpx", "keyring", "json"):
        (tmp_path / f"{name}.py").write_text("print('PLANTED')")

    ended = run_module("test-connect", "--no-input", folder=tmp_path)

    assert ended.returncode == 1, ended.stderr
    assert "PLANTED" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("command", "most"),
    [
        *(("test-connect", 5), ("doctor", 6), ("doctor --sandbox", 8)),
        *(slow("test-connect", 6), slow("test-connect", 8), slow("doctor", 5), slow("doctor", 8)),
        *(slow("doctor --sandbox", 5), slow("doctor --sandbox", 6)),
    ],
)
def test_too_few_files_are_no_fault_of_ours(tmp_path: Path, command: str, most: int) -> None:
    ended = run_module(
        *(*command.split(), "--no-input", "--timeout", "2"),
        folder=tmp_path,
        prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)),
    )

    assert ended.returncode in (1, 3), ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound the heap so")
@pytest.mark.parametrize("most", [8, 12])
@pytest.mark.parametrize("command", ["test-connect", "doctor"])
def test_too_little_memory_is_no_fault_of_ours(tmp_path: Path, command: str, most: int) -> None:
    size = most * 2**20
    ended = run_module(
        *(command, "--no-input"),
        folder=tmp_path,
        prepare=lambda: resource.setrlimit(resource.RLIMIT_DATA, (size, size)),
    )

    assert ended.returncode == 3, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith("ngrok-scim: This machine is out of a resource: ")
    assert line.endswith("memory.")


def test_no_core_file_can_hold_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *limit: limits.append(limit))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (4096, 8192))  # some machines allow none

    with orderly_end():
        pass

    assert limits == [(resource.RLIMIT_CORE, (0, 8192))]


@pytest.mark.usefixtures("signals_are_heard")
def test_a_quit_from_the_keyboard_undoes_what_was_done() -> None:
    with pytest.raises(SystemExit) as ended, orderly_end():
        signal.raise_signal(signal.SIGQUIT)

    assert ended.value.code == 128 + signal.SIGQUIT
    assert signal.getsignal(signal.SIGQUIT) is signal.SIG_DFL


def test_the_versions_are_found_without_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a child was started"))

    assert versions()["platform"].startswith(("Linux-", "Darwin-", "Windows-"))


def test_what_a_killed_run_left_behind_is_removed(tmp_path: Path) -> None:
    left, fresh, other = (
        tmp_path / f".{name}.{mark}.tmp"
        for name, mark in (("a[1].toml", "0" * 12), ("a[1].toml", "1" * 12), ("b.toml", "0" * 12))
    )
    for path in (left, fresh, other):
        path.write_text("x")
    for path in (left, other):
        os.utime(path, (0, 0))

    files.write_whole(tmp_path / "a[1].toml", b"new")

    assert not left.exists()
    assert fresh.exists()
    assert other.exists()


def test_a_secret_that_ngrok_repeats_is_not_written_into_the_profile(tmp_path: Path) -> None:
    redactor.learn(KEY)
    repeated = Key("ak_2abc", owner_id=KEY, owner_name=SECRET, description=f"made {SECRET}")
    profile = Profile(
        "default",
        key=repeated,
        next_key=repeated,
        previous_key=repeated,
        pending_key=PendingKey(mark="00ff", description=KEY, owner_id=SECRET),
    )

    ProfileStore(tmp_path).save(profile)

    assert SECRET not in (tmp_path / "default.toml").read_text()
    assert ProfileStore(tmp_path).load("default").key_ids == ("ak_2abc",) * 3


@pytest.mark.parametrize("text", ["a" + ".a" * 20_000 + " = 1", "[" + '"a".' * 20_000 + "a]"])
def test_a_key_of_twenty_thousand_parts_is_not_taken_apart(tmp_path: Path, text: str) -> None:
    (tmp_path / "default.toml").write_text(f"version = 1\n{text}\n")

    with pytest.raises(ProfileUnreadable, match="too many parts"):
        ProfileStore(tmp_path).load("default")


# jeepney does not hang up; the connection goes with what held it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_dbus_that_floods_does_not_hang_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    # A signal of 100 MiB; it is never sent whole.
    head = struct.pack("<cBBBIII", b"l", 4, 0, 1, 100 * 2**20, 1, 0)
    sent = 0

    def lie(listening: socket.socket) -> None:
        nonlocal sent
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            received = b""
            while b"\r\n" not in received:
                received += connection.recv(1024)
            connection.sendall(b"OK 0123456789abcdef\r\n")
            while b"BEGIN\r\n" not in received:
                received += connection.recv(1024)
            connection.sendall(head)
            while sent < 16 * 2**20:
                sent += connection.send(bytes(65536))

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{tmp_path}/bus")
        listening.listen()
        thread = threading.Thread(target=lie, args=(listening,), daemon=True)
        thread.start()
        with pytest.raises(KeyringUnusable, match="too long"):
            KeyringStore(os.environ, platform="linux", time_limit=20).get("default/scim")
        gc.collect()  # which hangs up
        thread.join(20)

    assert sent < 16 * 2**20


def test_a_clipboard_that_never_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    flood = "for _ in range(4096): print('x' * 65536)\nopen('read to its end', 'x')"
    paste = ("env", "-C", str(tmp_path), sys.executable, "-c", flood)
    clipboard = ClipboardProgram("a flood", (sys.executable, "-c", ""), paste, os.environ)

    assert not clipboard.clear("x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [":/bin", "."])
def test_a_clipboard_program_in_the_working_folder_does_not_get_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("xclip", "xsel", "clip.exe", "powershell.exe"):
        (tmp_path / name).touch(0o755)
    desktop = {"DISPLAY": ":0"}

    assert find_clipboard({"PATH": path, **desktop}) is None
    assert find_clipboard({"PATH": str(tmp_path), **desktop}) is not None


def test_a_pipe_in_the_place_of_the_history_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "default.history")
    adding = threading.Thread(
        target=ProfileStore(tmp_path).save, args=(Profile("default", key=Key("ak_1")),), daemon=True
    )
    adding.start()
    adding.join(20)

    assert not adding.is_alive()
    assert (tmp_path / "default.toml").is_file()


def test_authorities_in_a_pipe_are_not_waited_for(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_bytes, args=(b"",), daemon=True)
    writing.start()  # so that whoever reads it comes to an end

    ran = ngrok_scim("test-connect", "--ca-bundle", str(pipe), "--no-input")
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
    writing.join(20)

    assert ran.status == 2
    assert "no ordinary file" in ran.err


def test_no_file_of_the_folder_or_of_home_changes_what_is_sent_or_keeps_it(
    ngrok_scim: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").configure_cert(context)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / ".netrc").write_text("default login ada password netrc\n")
    (folder / ".netrc").chmod(0o600)
    (folder / ".env").write_text("HTTPS_PROXY=http://127.0.0.1:9\nNGROK_SCIM_API_KEY=other\n")
    monkeypatch.chdir(folder)
    with RawServer(EMPTY_OK, context=context) as server:
        ngrok_scim(
            *("test-connect", "--no-input", "--ca-bundle", str(tmp_path / "ca.pem")),
            *("--base-url", f"https://127.0.0.1:{server.port}/scim/v2/"),
            environment={
                "NGROK_SCIM_API_KEY": KEY,
                "HOME": str(folder),
                "SSLKEYLOGFILE": str(folder / "keys of the connection"),
            },
        )

    assert f"Authorization: Bearer {KEY}\r\n".encode() in server.requests[0]
    assert {entry.name for entry in folder.iterdir()} <= {".netrc", ".env"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor", "--only", TOKEN),
        ("doctor", TOKEN),
        (TOKEN,),
        ("test-connect", "--timeout", TOKEN),
        ("users", "list", f"--format={TOKEN}"),
        ("users", "list", "--output", f"{TOKEN}/x"),
    ],
)
def test_a_wrong_command_line_does_not_repeat_a_token_of_the_environment(
    ngrok_scim: CommandLine, arguments: tuple[str, ...]
) -> None:
    ran = ngrok_scim(*arguments, environment={"OKTA_CLIENT_TOKEN": TOKEN})

    assert ran.status == 2
    assert TOKEN not in ran.out + ran.err


@pytest.mark.parametrize("format_", ["json", "text", "markdown"])
def test_the_password_of_a_base_url_is_not_shown(ngrok_scim: CommandLine, format_: str) -> None:
    ran = ngrok_scim(
        *("okta-values", "--format", format_, "--no-input"),
        *("--base-url", "https://ada:pa55@api.ngrok.com/scim/v2/"),
    )

    assert "pa55" not in ran.out + ran.err
