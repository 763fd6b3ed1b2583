"""What somebody else may have put in our way: odd keys, links, pipes, closed and full outputs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cases import each_case
from tests.support.command_line import CommandLine

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    "key",
    [
        'k", "verdict": "fail", "checks": [], "',
        '{"id":"ak_2a","findings": [],\n "token":"abc"}',
        "findings",
        "test-connect",
    ],
)
def test_a_key_that_looks_like_our_output_does_not_break_it(
    ngrok_scim: CommandLine, values: dict[str, str], key: str
) -> None:
    values["NGROK_SCIM_API_KEY"] = key
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    document = json.loads(ran.out)
    assert (ran.status, document["verdict"]) == (1, "fail")
    assert document["findings"]


@pytest.mark.parametrize("option", ["--output", "--report"])
def test_nothing_is_written_through_a_link(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path, option: str
) -> None:
    victim, link = tmp_path / "victim", tmp_path / "link"
    victim.write_text("precious")
    link.symlink_to(victim)
    ran = ngrok_scim("test-connect", option, str(link), environment=values)
    assert ran.status == 2
    assert victim.read_text() == "precious"


def test_a_pipe_that_nobody_reads_is_not_waited_for(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ran = ngrok_scim("test-connect", "--output", str(pipe), environment=values)
    assert ran.status == 2
    assert "cannot be written" in ran.err


def test_too_long_a_name_is_reported(ngrok_scim: CommandLine, values: dict[str, str]) -> None:
    ran = ngrok_scim("test-connect", "--output", "x" * 5000, environment=values)
    assert (ran.status, ran.out) == (2, "")


def in_a_shell(command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m ngrok_scim_cli {command}"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@each_case(
    ("command", "status"),
    [
        ("--version >&-", 0),
        ("--help >&- 2>&-", 0),
        ("explain URL101 >&-", 0),
        ("--version >/dev/full", 3),
        ("--help >/dev/full", 3),
        ("explain KEY202 >/dev/full", 3),
        ("explain KEY202 --format json >/dev/full", 3),
        ("explain KEY202 --format json 2>/dev/full", 0),
        ("explain KEY999 2>/dev/full", 2),
        (f"{'a' * 300} --help", 2),
    ],
)
def test_an_output_that_takes_nothing_is_no_fault_of_ours(command: str, status: int) -> None:
    ended = in_a_shell(command)
    assert ended.returncode == status
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


def test_what_the_profile_says_does_not_steer_the_screen(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    profile = tmp_path / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text(
        'version = 1\n[key]\nid = "ak_\\u001b[31m"\nowner_name = "\\u202e\\nKept  elsewhere"\n'
    )
    ran = ngrok_scim("api-key", "show")
    shown = ran.out + ran.err
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("name", "reason"),
    [(".", "it is a folder"), ("", "it is a folder"), ("missing/x", "there is no such folder")],
)
def test_a_place_where_no_file_can_be_is_reported(
    ngrok_scim: CommandLine, values: dict[str, str], name: str, reason: str
) -> None:
    ran = ngrok_scim("test-connect", "--output", name, environment=values)
    assert (ran.status, ran.out) == (2, "")
    assert f"cannot be written: {reason}." in ran.err
