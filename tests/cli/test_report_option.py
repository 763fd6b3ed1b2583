import json
import os
import stat
from importlib import metadata
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.runtime import ending, output
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings import files
from tests.support.command_line import CommandLine
from tests.support.raw_server import RawServer, ok

CANARY = "3CanaryCanaryCanaryCanary00_9KanarienvogelGelb123"
SECRET = CANARY.partition("_")[2]

posix = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@pytest.mark.parametrize("command", ["test-connect", "doctor"])
def test_a_report_holds_versions_result_and_replies(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path, command: str
) -> None:
    file = tmp_path / "report.json"
    ran = ngrok_scim(command, "--format", "json", "--report", str(file), environment=values)
    report = json.loads(file.read_text())
    assert report["result"]["command"] == command
    assert {"ngrok-scim", "Python", "platform", "OpenSSL", "httpx", "keyring", "truststore"} <= (
        report["versions"].keys()
    )
    assert report["replies"][0]["status"] == 200
    assert json.loads(ran.out)["verdict"] == report["result"]["verdict"]
    assert str(file) in ran.err


def test_people_are_masked_unless_they_may_be_shown(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
) -> None:
    masked, shown = tmp_path / "masked.json", tmp_path / "shown.json"
    ngrok_scim("test-connect", "--report", str(masked), environment=values)
    ngrok_scim("test-connect", "--report", str(shown), "--show-users", environment=values)
    assert "ada.abara" not in masked.read_text()
    assert "Ada" not in masked.read_text()
    assert "a***%40corp.example" in masked.read_text()
    assert "ada.abara@corp.example" in shown.read_text()


@posix
@pytest.mark.parametrize("old", [None, "old"])
def test_a_report_is_readable_by_its_owner_only(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path, old: str | None
) -> None:
    file = tmp_path / "report.json"
    if old:
        file.write_text(old)
        file.chmod(0o644)
    ngrok_scim("test-connect", "--report", str(file), environment=values)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == ["report.json"]


@posix
@pytest.mark.parametrize("kind", ["link", "dangling link", "folder", "pipe", "missing folder"])
def test_what_is_no_file_is_refused_before_anything_is_sent(
    ngrok_scim: CommandLine, tmp_path: Path, kind: str
) -> None:
    file, target = tmp_path / "report.json", tmp_path / "target"
    match kind:
        case "link":
            target.write_text("precious")
            file.symlink_to(target)
        case "dangling link":
            file.symlink_to(target)
        case "folder":
            file.mkdir()
        case "pipe":
            os.mkfifo(file)
        case _:
            file = tmp_path / "nowhere" / "report.json"
    with RawServer(ok(b"{}")) as server:
        ran = ngrok_scim(
            "test-connect",
            "--report",
            str(file),
            environment={"NGROK_SCIM_BASE_URL": server.url, "NGROK_SCIM_API_KEY": CANARY},
        )
        assert server.connections == 0
    assert (ran.status, ran.out) == (2, "")
    assert "cannot be written" in ran.err
    assert not target.exists() or target.read_text() == "precious"


@posix
def test_a_link_that_is_planted_meanwhile_is_replaced_and_not_followed(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, target = tmp_path / "report.json", tmp_path / "target"
    target.write_text("precious")
    genuine = output.check_file

    def check_and_plant(path: Path, option: str) -> None:
        genuine(path, option)
        path.symlink_to(target)

    monkeypatch.setattr(output, "check_file", check_and_plant)
    ran = ngrok_scim("test-connect", "--report", str(file), environment=values)
    assert ran.status == 0
    assert target.read_text() == "precious"
    assert not file.is_symlink()
    assert json.loads(file.read_text())["schema"] == 1


@pytest.mark.parametrize("trouble", ["a closed folder", "a name too long"])
def test_a_path_that_the_system_refuses_is_reported(
    ngrok_scim: CommandLine,
    values: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    file = tmp_path / ("report.json" if "folder" in trouble else "x" * 300)
    monkeypatch.setattr(os, "access", lambda *_: False)
    ran = ngrok_scim("test-connect", "--report", str(file), environment=values)
    assert (ran.status, ran.out) == (2, "")
    assert "cannot be written" in ran.err


def test_a_full_disk_is_reported_after_the_result(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes, *, readable: bool) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_whole", refuse)
    arguments = ("test-connect", "--format", "json", "--report", str(tmp_path / "report.json"))
    ran = ngrok_scim(*arguments, environment=values)
    assert ran.status == 3
    assert json.loads(ran.out)["verdict"] == "pass"
    assert "no space left on device" in ran.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_cannot_be_determined_is_reported_too(
    ngrok_scim: CommandLine, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "report.json"
    ran = ngrok_scim("test-connect", "--no-input", "--format", form, "--report", str(file))
    assert ran.status == 3
    assert json.loads(file.read_text())["result"]["verdict"] == "incomplete"


@pytest.mark.parametrize(("options", "shown"), [((), False), (("--show-users",), True)])
def test_addresses_in_the_urls_of_a_result_are_masked(
    ngrok_scim: CommandLine, values: dict[str, str], options: tuple[str, ...], shown: bool
) -> None:
    ran = ngrok_scim("test-connect", "--format", "json", *options, environment=values)
    urls = [exchange["url"] for exchange in json.loads(ran.out)["exchanges"]]
    asked_for = [url for url in urls if "%40" in url]
    assert asked_for
    assert all(("***%40" in url) is not shown for url in asked_for)


def test_output_and_report_are_two_files(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
) -> None:
    file = str(tmp_path / "one.json")
    ran = ngrok_scim("test-connect", "--output", file, "--report", file, environment=values)
    assert (ran.status, ran.out) == (2, "")


def test_quiet_says_nothing_of_the_file(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
) -> None:
    file = str(tmp_path / "report.json")
    assert ngrok_scim("test-connect", "-q", "--report", file, environment=values).err == ""


@pytest.mark.no_cover
@pytest.mark.parametrize("fault", ["", "key-refused", "hostile-error", "authtoken-pasted"])
@pytest.mark.parametrize("dirt", ["", "\u00a0"])
def test_no_report_holds_the_key(
    ngrok_scim: CommandLine,
    values: dict[str, str],
    sandbox: Sandbox,
    tmp_path: Path,
    fault: str,
    dirt: str,
) -> None:
    sandbox.set_faults([fault] if fault else [])
    values["NGROK_SCIM_API_KEY"] = CANARY + dirt
    for command in ("test-connect", "doctor"):
        file = tmp_path / f"{command}.json"
        ngrok_scim(command, "--show-users", "--report", str(file), environment=values)
        assert SECRET not in file.read_text()
        assert SECRET[4:12] not in file.read_text()


def test_a_server_that_echoes_the_key_in_body_and_headers_brings_nothing_out(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    body = b'{"detail":"' + SECRET.encode() + b' and alice@corp.com"}'
    echo = b"X-Echo: Bearer " + CANARY.encode()
    with RawServer(ok(body, echo, b"Set-Cookie: k=" + SECRET.encode())) as server:
        environment = {"NGROK_SCIM_BASE_URL": server.url, "NGROK_SCIM_API_KEY": CANARY}
        ngrok_scim("test-connect", "--report", str(file), environment=environment)
    text = file.read_text()
    assert "x-echo" in text
    assert "a***@corp.com" in text
    assert "set-cookie" not in text
    assert SECRET[4:12] not in text


def test_a_missing_package_is_named_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert ending.versions()["httpx"] == "not installed"
