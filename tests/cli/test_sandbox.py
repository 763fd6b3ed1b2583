import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from ngrok_scim_cli.cli.runtime.session import SCRATCH_PREFIX as PREFIX
from ngrok_scim_cli.sandbox import FAULTS
from tests.support.command_line import CommandLine

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "ngrok_scim_cli", "sandbox", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.usefixtures("measured_children")
def test_it_says_what_to_use_and_serves_it() -> None:
    with running("--format", "json", "--users", "5") as process:
        assert process.stdout is not None
        values = json.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {values['scim_key']}"}
        with urlopen(Request(f"{values['scim_base_url']}Users", headers=headers)) as reply:  # noqa: S310 - loopback
            assert json.load(reply)["totalResults"] == 5
        users = f"{values['okta_org_url']}/api/v1/apps/{values['okta_app']}/users"
        headers = {"Authorization": f"SSWS {values['okta_token']}"}
        with urlopen(Request(users, headers=headers)) as reply:  # noqa: S310 - loopback
            assert len(json.load(reply)) == 5
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "/scim/v2/Users" in log
        assert "/users  okta-token" in log
        assert values["okta_token"] not in log
        assert list(values) == [
            "scim_base_url",
            "api_base_url",
            "okta_org_url",
            "okta_app",
            "admin_key",
            "scim_key",
            "okta_token",
        ]
        assert values["scim_key"].partition("_")[2] not in log


def test_text_can_be_pasted_into_a_shell_and_the_port_is_taken(ngrok_scim: CommandLine) -> None:
    with running("--quiet") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        port = lines[2].rpartition(":")[2].strip("'\n")
        taken = ngrok_scim("sandbox", "--port", port)
    assert (taken.status, port in taken.err) == (3, True)
    assert [line.split("=")[0] for line in lines] == [
        "export NGROK_SCIM_BASE_URL",
        "export NGROK_SCIM_API_KEY",
        "export NGROK_API_BASE_URL",
        "export NGROK_API_KEY",
        "export OKTA_CLIENT_ORGURL",
        "export OKTA_CLIENT_TOKEN",
        *lines[6:],
    ]
    assert [line[0] for line in lines[6:]] == ["#", "#"]
    assert "--okta-app 0oa" in lines[6]


def test_every_fault_is_listed(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("sandbox", "--list-faults")
    assert ran.status == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == list(FAULTS)


def test_every_fault_is_listed_for_programs(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("sandbox", "--list-faults", "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    listed = json.loads(ran.out)["faults"]
    assert [(fault["name"], tuple(fault["codes"])) for fault in listed] == [
        (fault.name, fault.codes) for fault in FAULTS.values()
    ]


def test_what_a_killed_run_left_is_removed_by_a_later_one(
    ngrok_scim: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    stale, fresh, elsewhere = (
        tmp_path / name for name in (f"{PREFIX}stale", f"{PREFIX}fresh", "kept")
    )
    for folder in (stale, fresh, elsewhere):
        folder.mkdir()
        (folder / "file").touch()
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(elsewhere)
    for path in (stale, elsewhere, link):
        os.utime(path, (0, 0), follow_symlinks=False)
    assert ngrok_scim("test-connect", "--sandbox").status == 0
    assert {path.name for path in tmp_path.glob(f"{PREFIX}*")} == {fresh.name, link.name}
    assert (elsewhere / "file").exists()


def test_without_its_packages_it_says_how_to_get_them(
    ngrok_scim: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "ngrok_scim_cli.sandbox.server", raising=False)
    monkeypatch.setitem(sys.modules, "scim2_server", None)
    monkeypatch.setitem(sys.modules, "scim2_server.applications.wsgi", None)
    monkeypatch.delitem(sys.modules, "ngrok_scim_cli.sandbox.scim_endpoint", raising=False)
    ran = ngrok_scim("test-connect", "--sandbox")
    assert ran.status == 2
    assert "pip install 'ngrok-scim-cli[sandbox]'" in ran.err
