import errno
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import BinaryIO

import pytest

from ngrok_scim_cli.settings import files

HOLD_UNTIL_INPUT_ENDS = (
    "import sys\n"
    "from pathlib import Path\n"
    "from ngrok_scim_cli.settings import files\n"
    "with files.hold(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


def test_a_second_process_is_refused_with_the_holder_named(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    command = [sys.executable, "-c", HOLD_UNTIL_INPUT_ENDS, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(files.LockHeld) as caught, files.hold(path):
            pass
        assert caught.value.holder == other.pid
        other.communicate()
    with files.hold(path):
        assert path.read_text() == str(os.getpid())


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    command = [sys.executable, "-c", HOLD_UNTIL_INPUT_ENDS, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        other.kill()
        other.wait()
    with files.hold(path):
        assert path.read_text() == str(os.getpid())


def test_the_lock_is_let_go_where_its_holder_fails(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    with pytest.raises(ZeroDivisionError), files.hold(path):
        raise ZeroDivisionError
    with files.hold(path):
        pass
    assert path.read_text() == ""


def test_a_lock_is_held_within_one_process_too(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    with files.hold(path):
        with pytest.raises(files.LockHeld) as caught, files.hold(path):
            pass
        assert caught.value.holder == os.getpid()


def test_nonsense_in_the_lock_names_no_process(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    with files.hold(path):
        path.write_text("\x1b[31m")
        with pytest.raises(files.LockHeld) as caught, files.hold(path):
            pass
        assert caught.value.holder is None


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot refuse links")
def test_a_lock_is_not_made_behind_a_link(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"), files.hold(path):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_system_without_locks_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(pytest.importorskip("fcntl"), "flock", refuse)
    with pytest.raises(OSError, match="No locks"), files.hold(tmp_path / "default.lock"):
        pass


@pytest.mark.parametrize("taken", [False, True])
def test_windows_locks_a_byte_behind_the_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    locked: list[tuple[int, int]] = []

    def locking(handle: int, mode: int, count: int) -> None:
        if taken:
            raise PermissionError(errno.EACCES, "Permission denied")
        locked.append((os.lseek(handle, 0, os.SEEK_CUR), count))

    windows = types.SimpleNamespace(LK_NBLCK=2, locking=locking)
    monkeypatch.setitem(sys.modules, "msvcrt", windows)
    monkeypatch.setattr(files.sys, "platform", "win32")  # type: ignore[attr-defined]
    path = tmp_path / "default.lock"
    if taken:
        path.write_text("4242")
        with pytest.raises(files.LockHeld) as caught, files.hold(path):
            pass
        assert caught.value.holder == 4242
    else:
        with files.hold(path):
            assert path.read_text() == str(os.getpid())
        assert locked == [(1 << 30, 1)]


def test_a_lock_on_a_file_that_was_deleted_meanwhile_is_taken_on_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, locked = tmp_path / "default.lock", files._locked
    files_seen: list[BinaryIO] = []

    def delete_the_first(file: BinaryIO) -> bool:
        files_seen.append(file)
        if len(files_seen) == 1:
            path.unlink()
        return locked(file)

    monkeypatch.setattr(files, "_locked", delete_the_first)
    with files.hold(path):
        assert path.read_text() == str(os.getpid())
    assert len(files_seen) == 2
