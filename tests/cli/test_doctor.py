import json

import pytest

from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine, Ran

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
    assert [ladder[rung] for rung in ("name", "tcp", "tls", "http")] == [
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
