import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import key_file
from tests.support.cases import each_case

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_4nLkWq8ZbT1cVx6RyM2Hs"


@each_case(
    ("data", "key"),
    [
        (b"", ""),
        (b"\n", ""),
        (b"key", "key"),
        (b"key\n", "key"),
        (b"key\r\n", "key"),
        (b"key\r", "key"),
        (b"key\n\n", "key\n"),
        (b"key\n\r", "key\n"),
        (b"key\r\r\n", "key\r"),
        (b" key\t\n", " key\t"),
        (b"key \r\n", "key "),
        (b"ke\ny\n", "ke\ny"),
        (b"key\x0b", "key\x0b"),
        ("key\u2028".encode(), "key\u2028"),
        (b"\xef\xbb\xbfkey\n", "\ufeffkey"),
        (b"\xff\xfek\0e\0y\0\r\0\n\0", "\ufeffkey"),
        (b"\xfe\xff\0k\0e\0y\0\n", "\ufeffkey"),
        (b"\xff\xfek\0e", "\ufeffk\ufffd"),
        (b"k\xffy\n", "k\udcffy"),
        (b"\0", "\0"),
    ],
)
def test_a_key_is_taken_letter_for_letter_but_for_one_line_break(data: bytes, key: str) -> None:
    assert key_file.decoded(data) == key


@settings(deadline=None)
@given(st.binary(), st.sampled_from([b"", b"\n", b"\r\n", b"\r"]))
@example(b"a\r", b"\n")
def test_every_byte_but_the_last_line_break_belongs_to_the_key(
    content: bytes, line_break: bytes
) -> None:
    data = b"." + content + line_break  # no byte-order mark of UTF-16 in front
    key = key_file.decoded(data).encode("utf-8", "surrogateescape")
    assert data.startswith(key)
    assert data[len(key) :] in (b"", b"\n", b"\r\n", b"\r")
    if line_break:
        assert data != key


@settings(deadline=None)
@given(st.text(), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf_16_with_its_mark_is_understood(text: str, encoding: str) -> None:
    assert key_file.decoded(f"\ufeff{text}.\n".encode(encoding)) == f"\ufeff{text}."


def test_a_key_file_is_read_and_its_key_is_hidden_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{KEY} \n")
    path.chmod(0o644)
    assert key_file.read(path, "--api-key-file") == (f"{KEY} ", os.name == "posix")
    assert "4nLkWq8ZbT1c" not in redactor.redact("4nLkWq8ZbT1c")


@pytest.mark.parametrize("name", ["none", ".", "big", "bad\n\x1b[31mname"])
def test_an_unreadable_file_is_reported_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "big").write_bytes(b"x" * (key_file.LIMIT + 1))
    with pytest.raises(UsageError) as caught:
        key_file.read(tmp_path / name, "--api-key-file")
    assert caught.value.exit_status == 2
    assert "--api-key-file" in caught.value.message
    assert caught.value.message.isprintable()
    assert caught.value.advice


@pytest.mark.parametrize("typed", [KEY, f"Bearer {KEY}", f" {KEY}\n"])
def test_the_key_in_the_place_of_its_file_is_noticed_and_not_repeated(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        key_file.read(Path(typed), "--api-key-file")
    assert "was given the key itself" in caught.value.message
    assert "4nLkWq8Z" not in caught.value.message + caught.value.advice
    assert "history" in caught.value.advice
    assert redactor.redact("x4nLkWq8ZbT1cx") != "x4nLkWq8ZbT1cx"


@pytest.mark.parametrize("before", ["", "SSWS "])
def test_a_token_of_okta_in_the_place_of_its_file_is_noticed(before: str) -> None:
    token = "00QCjAl4MlV-WPXM-ABCDEFGHIJKLMN0pqrstuvwxy"
    with pytest.raises(UsageError, match="was given the key itself") as caught:
        key_file.read(Path(before + token), "--okta-token-file")
    assert token not in caught.value.message + caught.value.advice


def test_a_file_may_be_called_like_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(KEY).write_text("key")
    assert key_file.read(Path(KEY), "--api-key-file")[0] == "key"


def test_standard_input_is_taken_letter_for_letter() -> None:
    stream = io.BytesIO(f" {KEY}\r\n".encode())
    assert key_file.read_standard_input("--api-key-file", stream) == f" {KEY}"
    assert redactor.redact("4nLkWq8ZbT1c") != "4nLkWq8ZbT1c"


def test_standard_input_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"key\xff\n")))
    assert key_file.read_standard_input("--api-key-file") == "key\udcff"


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_read_from_a_terminal() -> None:
    with pytest.raises(UsageError, match="nothing is piped into it"):
        key_file.read_standard_input("--api-key-file", Terminal(b"typed"))


def test_no_standard_input_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="nothing is piped into it"):
        key_file.read_standard_input("--api-key-file")
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(UsageError, match="nothing is piped into it"):
        key_file.read_standard_input("--api-key-file", closed)


@pytest.mark.skipif(os.name != "posix", reason="needs /dev/zero")
def test_a_stream_without_end_is_left_at_the_limit() -> None:
    with (
        Path("/dev/zero").open("rb") as endless,
        pytest.raises(UsageError, match="standard input is longer than 64 KiB"),
    ):
        key_file.read_standard_input("--api-key-file", endless)


def test_a_stream_that_breaks_is_reported() -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(UsageError, match="cannot be read: input/output error"):
        key_file.read_standard_input("--api-key-file", Broken())
