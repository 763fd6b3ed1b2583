from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from tests.support.environment import environment_of

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox import RequestLine
    from ngrok_scim_cli.sandbox.server import Sandbox
    from tests.support.command_line import CommandLine, Ran

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "result.schema.json").read_text(encoding="utf-8")
)

UNKNOWN_KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"


def statuses(ran: Ran) -> dict[str, str]:
    return {check["code"]: check["status"] for check in json.loads(ran.out)["checks"]}


def test_all_is_well_with_right_values(ngrok_scim: CommandLine, values: dict[str, str]) -> None:
    ran = ngrok_scim("doctor", "--format", "json", "--skip", "keyring", environment=values)
    assert ran.status == 0
    assert set(statuses(ran).values()) == {"pass", "skip"}
    assert statuses(ran)["tls"] == "skip"


@pytest.mark.parametrize(
    ("change", "failed", "code"),
    [
        ({"NGROK_SCIM_BASE_URL": "http://127.0.0.1:1/scim/v2/"}, "tcp", "NET402"),
        ({"NGROK_SCIM_API_KEY": UNKNOWN_KEY}, "key", "KEY214"),
        ({"NGROK_SCIM_API_KEY": "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD"}, "authorization", "KEY207"),
    ],
)  # fmt: skip
def test_the_check_that_failed_is_named(
    ngrok_scim: CommandLine,
    values: dict[str, str],
    change: dict[str, str],
    failed: str,
    code: str,
) -> None:
    ran = ngrok_scim("doctor", "--format", "json", environment=values | change)
    assert ran.status == 1
    assert statuses(ran)[failed] == "fail"
    assert json.loads(ran.out)["findings"][0]["code"] == code


def test_a_name_that_does_not_resolve_stops_the_ladder(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    values["NGROK_SCIM_BASE_URL"] = "https://scim.invalid/scim/v2/"
    arguments = ("doctor", "--format", "json", "--allow-host", "scim.invalid")
    ladder = statuses(ngrok_scim(*arguments, environment=values))
    assert [ladder[phase] for phase in ("name", "tcp", "tls", "http")] == [
        "fail",
        "skip",
        "skip",
        "skip",
    ]


def test_the_list_of_users_is_a_check(
    ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["empty-list"])
    ran = ngrok_scim("doctor", "--format", "json", environment=values)
    assert (ran.status, statuses(ran)["list"], statuses(ran)["key"]) == (1, "fail", "pass")


def test_the_look_up_is_a_check(
    ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["lookup-finds-nothing"])
    ran = ngrok_scim("doctor", "--format", "json", environment=values)
    assert (ran.status, statuses(ran)["look-up"]) == (1, "fail")


def test_without_a_key_the_rest_is_skipped_with_the_reason(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("doctor", "--format", "json", "--no-input")
    assert ran.status == 3
    checks = {check["code"]: check for check in json.loads(ran.out)["checks"]}
    assert checks["list"]["status"] == "skip"
    assert "No SCIM API key" in checks["authorization"]["reason"]
    assert checks["base_url"]["status"] == "pass"
    assert checks["profile"]["status"] == "pass"


def test_only_and_skip_choose_by_code_category_and_finding(
    ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["empty-list"])
    network = ngrok_scim("doctor", "--only", "network", "--format", "json", environment=values)
    assert set(statuses(network)) == {"name", "tcp", "tls", "http"}
    quiet = ngrok_scim("doctor", "--skip", "USR601", "--format", "json", environment=values)
    assert json.loads(quiet.out)["findings"] == [] or quiet.status == 0


def test_the_checks_can_be_listed(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("doctor", "--list-checks")
    assert ran.status == 0
    assert "look-up" in ran.out


def test_text_is_laid_out_in_headings(ngrok_scim: CommandLine, values: dict[str, str]) -> None:
    ran = ngrok_scim("doctor", environment=values)
    assert "Network\n  Name Resolution" in ran.out
    assert "[ OK ]" in ran.out


@pytest.fixture
def everything(values: dict[str, str], sandbox: Sandbox) -> dict[str, str]:
    """The environment of an admin who has all credentials, and a keyring."""
    return {
        **values,
        **environment_of(sandbox, "admin", "okta"),
    }


@pytest.fixture
def keyring(tmp_path: Path) -> dict[str, str]:
    return {
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
        "NGROK_SCIM_TEST_KEYRING": str(tmp_path / "keyring.json"),
    }


def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ngrok_scim_cli.doctor.run._FIRST_PAUSE", 0.0)


def test_the_whole_chain_is_examined_in_the_sandbox(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("doctor", "--sandbox", "--format", "json", "--skip", "keyring")
    assert ran.status == 0
    made = statuses(ran)
    assert made["okta-app"] == made["key-owner"] == made["provisioned"] == "pass"
    assert ran.err == ""


def test_a_fault_of_the_sandbox_is_found(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim(
        "doctor", "--sandbox", "--fault", "okta-assigned-early", "--only", "OKT908", "--format=json"
    )
    assert ran.status == 1
    assert [item["code"] for item in json.loads(ran.out)["findings"]] == ["OKT908"]


@pytest.mark.parametrize("fault", ["okta-token-without-people", "okta-token-without-log"])
def test_a_right_that_is_missing_in_okta_is_no_pass(ngrok_scim: CommandLine, fault: str) -> None:
    arguments = ("doctor", "--sandbox", "--skip", "keyring", "--fault", fault)
    ran = ngrok_scim(*arguments)
    shown = " ".join(ran.out.split())
    assert ran.status == 0
    assert "WARN No problem was found. A right in Okta is missing for 2 checks." in shown
    assert "Next In Okta, give the owner of the token the role “Read-only Administrator”." in shown
    assert json.loads(ngrok_scim(*arguments, "--format=json").out)["verdict"] == "warn"
    assert ngrok_scim(*arguments, "--strict").status == 1


@pytest.mark.parametrize(
    ("option", "word", "advice"),
    [
        ("--only", "okta-ap", "Do you mean 'okta-app'? See: ngrok-scim doctor --list-checks"),
        ("--skip", "OKT999", "Do you mean 'OKT919'? See: ngrok-scim doctor --list-checks"),
        ("--only", "###", "See: ngrok-scim doctor --list-checks"),
    ],
)
def test_a_name_that_there_is_not_ends_with_the_nearest(
    ngrok_scim: CommandLine, option: str, word: str, advice: str
) -> None:
    ran = ngrok_scim("doctor", option, word)
    assert (ran.status, ran.out) == (2, "")
    assert f"There is no check, category or finding {word.lower()!r}." in ran.err
    assert ran.err.splitlines()[-1] == advice


def test_only_a_finding_asks_for_nothing_else(
    ngrok_scim: CommandLine, everything: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["okta-nobody-assigned", "okta-username-format"])
    ran = ngrok_scim("doctor", "--only", "OKT907", "--format", "json", environment=everything)
    document = json.loads(ran.out)
    assert [item["code"] for item in document["findings"]] == ["OKT907"]
    assert [check["code"] for check in document["checks"]] == ["okta-assigned"]
    assert {item["purpose"] for item in document["exchanges"]} == {
        "list Okta apps",
        "list app users",
        "find people by status",
    }


def test_the_list_of_checks_is_a_table_for_each_category(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("doctor", "--list-checks")
    lines = ran.out.splitlines()
    assert lines[0] == "This machine"
    assert lines[1].split() == ["Check", "What", "it", "checks", "Needs", "Finds"]
    assert all(len(line) <= 100 for line in lines)
    assert any(line.startswith("okta-kind ") for line in lines)
    assert "[redacted]" not in ran.out


def test_the_list_of_checks_is_one_json_object(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("doctor", "--list-checks", "--format", "json", "--only", "Okta app")
    document = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() <= SCHEMA["properties"].keys()
    assert {check["category"] for check in document["available"]} == {"Okta app"}
    assert {"code": "okta-kind", "name": "App type", "category": "Okta app"}.items() <= next(
        check.items() for check in document["available"] if check["code"] == "okta-kind"
    )


def test_the_list_of_checks_can_be_written_to_a_file(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "checks.txt"
    ran = ngrok_scim("doctor", "--list-checks", "--only", "Users", "--output", str(path))
    assert (ran.status, ran.out) == (0, "")
    assert "user-pages" in path.read_text(encoding="utf-8")


def test_what_passes_by_itself_is_waited_for(
    ngrok_scim: CommandLine,
    values: dict[str, str],
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_pause(monkeypatch)
    sandbox.set_faults(["server-error@1", "server-error@2"])
    arguments = ("doctor", "--skip", "keyring", "--format", "json")
    ran = ngrok_scim(*arguments, "--wait", "60", environment=values)
    document = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(document)
    assert ran.status == 0
    first, second = document["attempts"]
    assert {"SCM506"} == {code for check in first["checks"] for code in check["findings"]}
    assert not any(check["findings"] for check in second["checks"])
    assert len(second["checks"]) < len(first["checks"])


def test_without_waiting_there_are_no_attempts(
    ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["server-error"])
    ran = ngrok_scim("doctor", "--format", "json", environment=values)
    assert ran.status == 1
    assert "attempts" not in json.loads(ran.out)


@pytest.mark.parametrize("seconds", ["-1", "nan", "86401", "x"])
def test_wait_takes_a_positive_number_of_seconds(ngrok_scim: CommandLine, seconds: str) -> None:
    ran = ngrok_scim("doctor", "--wait", seconds)
    assert (ran.status, ran.out) == (2, "")


def test_metrics_are_written_for_everybody_to_read(
    ngrok_scim: CommandLine, everything: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "ngrok_scim.prom"
    sandbox.set_faults(["okta-assigned-early"])
    ran = ngrok_scim("doctor", "--metrics", str(path), environment=everything)
    assert ran.status == 1
    text = path.read_text(encoding="ascii")
    assert text.endswith("\n# EOF\n")
    assert 'ngrok_scim_doctor_verdict{profile="default",verdict="fail"} 1' in text
    assert 'ngrok_scim_doctor_findings{profile="default",code="OKT908",severity="error"} 1' in text
    assert 'ngrok_scim_doctor_users{profile="default"} 3' in text
    assert "@" not in text
    assert path.stat().st_mode & 0o777 == 0o644
    assert [item.name for item in tmp_path.glob("*.prom*")] == [path.name]


def test_metrics_of_a_run_that_did_not_come_about_stay_as_they_are(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "ngrok_scim.prom"
    path.write_text("old")
    ran = ngrok_scim("doctor", "--metrics", str(path), "--okta-ip-ranges", "/nowhere")
    assert (ran.status, ran.out) == (2, "")
    assert "--okta-ip-ranges: the file /nowhere does not exist." in ran.err
    assert path.read_text() == "old"


@pytest.mark.parametrize("option", ["--output", "--report"])
def test_no_two_options_write_the_same_file(
    ngrok_scim: CommandLine, tmp_path: Path, option: str
) -> None:
    path = str(tmp_path / "file")
    ran = ngrok_scim("doctor", "--metrics", path, option, path)
    assert ran.status == 2
    assert f"{option} and --metrics name the same file." in ran.err


def test_metrics_are_not_written_through_a_link(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    link = tmp_path / "link.prom"
    link.symlink_to(tmp_path / "target")
    ran = ngrok_scim("doctor", "--metrics", str(link))
    assert ran.status == 2
    assert "Give --metrics the name of a new file." in ran.err


def test_metrics_that_cannot_be_written_in_the_end_are_an_error(
    ngrok_scim: CommandLine,
    values: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: Path, data: bytes, *, readable: bool = False) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ngrok_scim_cli.settings.files.write_whole", refuse)
    path = tmp_path / "ngrok_scim.prom"
    ran = ngrok_scim("doctor", "--metrics", str(path), environment=values)
    assert ran.status == 3
    assert f"{path} cannot be written: no space left on device." in ran.err


def test_what_worked_for_okta_is_kept_and_used_the_next_time(
    ngrok_scim: CommandLine, everything: dict[str, str], keyring: dict[str, str], tmp_path: Path
) -> None:
    ran = ngrok_scim("doctor", "--save-okta", environment=everything | keyring)
    assert ran.status == 0
    assert "The Okta token is kept in the keyring" in ran.err
    profile = (tmp_path / "home" / "profiles" / "default.toml").read_text(encoding="utf-8")
    assert "0oa" in profile
    assert everything["OKTA_CLIENT_TOKEN"] not in profile
    without = {name: value for name, value in everything.items() if "OKTA" not in name}
    again = ngrok_scim("doctor", "--format", "json", environment=without | keyring)
    assert statuses(again)["okta-token"] == "pass"
    purposes = {item["purpose"] for item in json.loads(again.out)["exchanges"]}
    assert "read Okta app" in purposes


def test_a_token_that_does_not_work_is_not_kept(
    ngrok_scim: CommandLine, everything: dict[str, str], keyring: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["okta-token-refused"])
    ran = ngrok_scim("doctor", "--save-okta", environment=everything | keyring)
    assert ran.status == 1
    assert "The Okta token is not kept, because it did not work." in ran.err
    assert not Path(keyring["NGROK_SCIM_TEST_KEYRING"]).exists()


def test_a_token_that_cannot_be_kept_is_reported_behind_the_result(
    ngrok_scim: CommandLine, everything: dict[str, str]
) -> None:
    ran = ngrok_scim("doctor", "--save-okta", environment=everything)
    assert ran.status == 3
    assert "[ OK ]" in ran.out
    assert "cannot be used" in ran.err


def test_nobody_is_asked_for_a_token_without_a_terminal(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    ran = ngrok_scim("doctor", "--save-okta", environment=values)
    assert (ran.status, ran.out) == (2, "")
    assert "OKTA_CLIENT_TOKEN" in ran.err


def test_no_credential_goes_to_the_other_side(
    ngrok_scim: CommandLine, everything: dict[str, str]
) -> None:
    at_ngrok: list[RequestLine] = []
    at_okta: list[RequestLine] = []
    with (
        open_sandbox(on_request=at_ngrok.append) as ngrok,
        open_sandbox(on_request=at_okta.append) as okta,
    ):
        environment = environment_of(ngrok, "scim", "admin") | environment_of(okta, "okta")
        ngrok_scim("doctor", environment=environment)
    account = ngrok.account
    assert account.scim_key is not None
    keys = {account.admin_key.id, account.scim_key.id}
    assert {line.credential for line in at_ngrok} == keys
    assert {line.credential for line in at_okta} == {"okta-token"}
    assert not any(line.path.startswith("/api/v1") for line in at_ngrok)
    assert all(line.method == "GET" for line in (*at_ngrok, *at_okta))


def test_a_broken_profile_is_a_finding_and_the_others_run_on(
    ngrok_scim: CommandLine, everything: dict[str, str], tmp_path: Path
) -> None:
    profile = tmp_path / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text("= broken")
    ran = ngrok_scim("doctor", "--format", "json", environment=everything)
    made = statuses(ran)
    assert ran.status == 1
    assert made["profile"] == "fail"
    assert made["base_url"] == made["domain-names"] == "skip"
    assert made["admin-key"] == made["okta-org"] == "pass"
    assert "ENV008" in {item["code"] for item in json.loads(ran.out)["findings"]}


def test_a_key_that_the_keyring_lost_is_a_finding_and_the_others_run_on(
    ngrok_scim: CommandLine, everything: dict[str, str], keyring: dict[str, str], tmp_path: Path
) -> None:
    profile = tmp_path / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text('version = 1\n[key]\nid = "ak_1"\n')
    del everything["NGROK_SCIM_API_KEY"]
    ran = ngrok_scim("doctor", "--format", "json", environment=everything | keyring)
    made = statuses(ran)
    assert ran.status == 1
    assert (made["keyring"], made["authorization"], made["okta-app"]) == ("fail", "skip", "pass")


def test_commands_in_the_result_name_the_profile(
    ngrok_scim: CommandLine, everything: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["key-of-a-person"])
    second = ("--profile", "second")
    ProfileStore(Path(os.environ["NGROK_SCIM_HOME"]) / "profiles").save(Profile("second"))
    ran = ngrok_scim("doctor", *second, environment=everything)
    assert "`ngrok-scim api-key rotate --profile second`" in ran.out.replace("\n    ", " ")


@pytest.mark.parametrize("option", ["--api-key-file", "--admin-key-file"])
def test_a_key_file_that_is_not_there_is_a_wrong_command_line(
    ngrok_scim: CommandLine, option: str
) -> None:
    ran = ngrok_scim("doctor", option, "/nowhere/key")
    assert (ran.status, ran.out) == (2, "")
    assert f"{option}: the file /nowhere/key does not exist." in ran.err
