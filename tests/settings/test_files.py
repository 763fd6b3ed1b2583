import errno
import io
import os
import stat
import sys
from pathlib import Path

import pytest

from ngrok_scim_cli.settings import files

posix = pytest.mark.skipif(os.name != "posix", reason="modes are a thing of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
@pytest.mark.parametrize(
    ("bits", "others"),
    [
        (0o600, False),
        (0o400, False),
        (0o622, True),
        (0o602, True),
        (0o640, True),
        (0o604, True),
        (0o644, True),
    ],
)
def test_it_is_seen_whether_others_can_read_or_change_a_file(
    tmp_path: Path, bits: int, others: bool
) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"x")
    path.chmod(bits)
    assert files.read_file(path, 10) == files.Content(b"x", others)


def test_what_a_file_holds_is_not_in_the_repr_of_its_content() -> None:
    assert "secret" not in repr(files.Content(b"secret"))


@pytest.mark.parametrize(("size", "fits"), [(0, True), (1024, True), (1025, False)])
def test_a_file_may_be_as_long_as_its_limit(tmp_path: Path, size: int, fits: bool) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"x" * size)
    if fits:
        assert len(files.read_file(path, 1024).data) == size
    else:
        with pytest.raises(files.CannotRead, match="longer than 1 KiB"):
            files.read_file(path, 1024)


def test_a_missing_file_is_distinguished_from_an_unreadable_one(tmp_path: Path) -> None:
    with pytest.raises(files.CannotRead, match="does not exist") as caught:
        files.read_file(tmp_path / "none", 10)
    assert caught.value.missing
    with pytest.raises(files.CannotRead, match="is a folder") as caught:
        files.read_file(tmp_path, 10)
    assert not caught.value.missing


def test_a_name_that_no_file_can_have_is_no_crash() -> None:
    with pytest.raises(files.CannotRead, match="no usable path"):
        files.read_file(Path("a\0b"), 10)


def test_the_reason_of_the_system_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "the path")

    path = tmp_path / "key"
    path.touch()
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(files.CannotRead, match=r"^cannot be read: permission denied$"):
        files.read_file(path, 10)


@posix
def test_a_device_is_read_only_where_a_pipe_will_do() -> None:
    with pytest.raises(files.CannotRead, match="not an ordinary file"):
        files.read_file(Path(os.devnull), 10)
    assert files.read_file(Path(os.devnull), 10, pipes=True).data == b""


@posix
def test_a_device_that_never_ends_is_left_at_the_limit() -> None:
    with pytest.raises(files.CannotRead, match="longer than 64 KiB"):
        files.read_file(Path("/dev/zero"), 64 * 1024, pipes=True)


@posix
def test_a_pipe_is_read_to_its_end() -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, b"key")
    os.close(write_end)
    try:
        content = files.read_file(Path(f"/dev/fd/{read_end}"), 10, pipes=True)
    finally:
        os.close(read_end)
    assert content == files.Content(b"key", readable_by_others=False)


@posix
def test_a_pipe_without_an_end_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_LONGEST_READING", 0)
    unwritten, half_written = tmp_path / "pipe", tmp_path / "other"
    os.mkfifo(unwritten)
    os.mkfifo(half_written)
    writing = os.open(half_written, os.O_RDWR)
    os.write(writing, b"half a key")
    try:
        for pipe in (unwritten, half_written):
            with pytest.raises(files.CannotRead, match="did not come to its end in 0 seconds"):
                files.read_file(pipe, 10, pipes=True)
    finally:
        os.close(writing)
    with pytest.raises(files.CannotRead, match="not an ordinary file"):
        files.read_file(unwritten, 10)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a pseudo-terminal's name")
def test_a_terminal_is_not_waited_for() -> None:
    leader, follower = os.openpty()
    try:
        with pytest.raises(files.CannotRead, match="is a terminal"):
            files.read_file(Path(os.ttyname(follower)), 10, pipes=True)
    finally:
        os.close(leader)
        os.close(follower)


def test_no_more_than_the_limit_is_taken_from_a_stream() -> None:
    stream = io.BytesIO(b"x" * 5000)
    with pytest.raises(files.CannotRead):
        files.read_stream(stream, 1024)
    assert stream.tell() == 1025


def test_a_file_is_written_for_its_owner_alone_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    files.write_whole(path, b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    if os.name == "posix":
        assert mode(path) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no such modes")
def test_a_file_that_everybody_may_read_is_so_whatever_the_umask_says(tmp_path: Path) -> None:
    path = tmp_path / "file"
    umask = os.umask(0o077)
    try:
        files.write_whole(path, b"new", readable=True)
    finally:
        os.umask(umask)
    assert (path.read_bytes(), mode(path)) == (b"new", 0o644)


@pytest.mark.parametrize("breaks", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: str, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, breaks, fail)
    with pytest.raises(type(error)):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_full_disk(path: str, flags: int) -> int:
        Path(path).touch()
        return os.open("/dev/full", os.O_WRONLY)

    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(files, "_for_the_owner_alone", on_a_full_disk)
    with pytest.raises(OSError, match="No space left"):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@posix
def test_file_and_folder_are_both_brought_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []

    def note(handle: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")

    monkeypatch.setattr(os, "fsync", note)
    files.write_whole(tmp_path / "file", b"new")
    assert synced == ["file", "folder"]


@posix
def test_a_folder_that_cannot_be_synced_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refuse_folders)
    files.write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_where_folders_cannot_be_opened_they_are_not_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    path = tmp_path / "file"
    with monkeypatch.context() as windows:
        windows.setattr(os, "name", "nt")
        windows.setattr(
            os, "fsync", lambda file: synced.append(stat.S_ISDIR(os.fstat(file).st_mode))
        )
        files.write_whole(path, b"new")
    assert synced == [False]


@posix
def test_a_private_folder_is_made_with_the_one_above_it(tmp_path: Path) -> None:
    folder = tmp_path / "settings" / "ngrok-scim" / "profiles"
    files.make_private_folder(folder)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)


@posix
def test_our_folder_is_closed_and_the_one_above_it_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "profiles"
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    files.make_private_folder(folder)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o755)


@posix
def test_somebody_elses_folder_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    files.make_private_folder(tmp_path)
    assert mode(tmp_path) == 0o755
