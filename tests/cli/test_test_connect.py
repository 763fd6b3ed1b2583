import json
from collections import Counter
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.values import (
    base_url_rules,
    form_rules,
    key,
    key_rules,
    validate,
)
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine
from tests.support.loopback_network import loopback_network

HEALTHY_KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"


def codes(out: str) -> list[str]:
    return [item["code"] for item in json.loads(out)["findings"]]


def test_right_values_pass_without_a_finding(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    assert (ran.status, codes(ran.out), ran.err) == (0, [], "")
    assert json.loads(ran.out)["okta"]["message"] == "Connector configured successfully"


def test_each_value_is_parsed_once_and_each_rule_asked_once(
    ngrok_scim: CommandLine, values: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def count(owner: object, name: str) -> None:
        plain = getattr(owner, name)

        def counted(*arguments: object, **options: object) -> object:
            calls[name] += 1
            return plain(*arguments, **options)

        monkeypatch.setattr(owner, name, counted)

    for name in ("read_base_url", "read_key"):
        count(validate, name)
    count(key, "read_key")
    for rules in (base_url_rules, key_rules, form_rules):
        count(rules.rule, "judge")
    assert ngrok_scim("test-connect", environment=values).status == 0
    assert calls == {"read_base_url": 1, "read_key": 1, "judge": 3}


@pytest.mark.parametrize("slash", ["", "/"])
def test_both_forms_of_the_base_url_pass(
    ngrok_scim: CommandLine, values: dict[str, str], slash: str
) -> None:
    base_url = values["NGROK_SCIM_BASE_URL"].rstrip("/") + slash
    ran = ngrok_scim("test-connect", "--base-url", base_url, environment=values)
    assert ran.status == 0


def test_a_no_break_space_behind_the_key_is_named_and_its_repair_tried(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    values["NGROK_SCIM_API_KEY"] += "\u00a0"
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    document = json.loads(ran.out)
    assert ran.status == 1
    assert document["findings"][0]["code"] == "KEY204"
    assert "U+00A0 NO-BREAK SPACE" in document["findings"][0]["evidence"]
    assert document["repair"]["accepts"] is True
    assert [item["purpose"] for item in document["exchanges"]] == ["repaired"]


def test_plain_http_to_ngrok_is_named_and_never_sent(
    ngrok_scim: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--format", "json", "--base-url", "http://api.ngrok.com/scim/v2")
    with loopback_network(monkeypatch) as network:
        ran = ngrok_scim(
            "test-connect", *arguments, environment={"NGROK_SCIM_API_KEY": HEALTHY_KEY}
        )
    assert network.left == []
    assert (ran.status, codes(ran.out)[0]) == (1, "URL106")
    urls = [item["url"] for item in json.loads(ran.out)["exchanges"]]
    assert urls == ["https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2"]


def test_an_empty_list_is_an_error(
    ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["empty-list"])
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    assert (ran.status, codes(ran.out)[0]) == (1, "USR601")


def test_an_empty_list_is_a_warning_where_that_is_allowed(
    ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.set_faults(["empty-list"])
    ran = ngrok_scim("test-connect", "--format", "json", "--allow-empty", environment=values)
    assert (ran.status, codes(ran.out)[0]) == (0, "USR601")
    strict = ngrok_scim("test-connect", "--allow-empty", "--strict", environment=values)
    assert strict.status == 1


def test_a_wrong_key_is_named_by_its_id(ngrok_scim: CommandLine, values: dict[str, str]) -> None:
    values["NGROK_SCIM_API_KEY"] = HEALTHY_KEY
    ran = ngrok_scim("test-connect", environment=values)
    assert ran.status == 1
    assert "KEY214" in ran.out
    assert "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD" in ran.out
    assert "1aBcDeFgHiJkLmNoPqRsT" not in ran.out + ran.err


def test_a_host_that_refuses_is_named(ngrok_scim: CommandLine, values: dict[str, str]) -> None:
    values["NGROK_SCIM_BASE_URL"] = "http://127.0.0.1:1/scim/v2/"
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    assert (ran.status, codes(ran.out)[0]) == (1, "NET402")
    assert json.loads(ran.out)["okta"]["accepts"] is False


def test_a_missing_path_is_found_by_trying_it(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    values["NGROK_SCIM_BASE_URL"] = values["NGROK_SCIM_BASE_URL"].replace("/scim/v2/", "/")
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    document = json.loads(ran.out)
    assert (ran.status, codes(ran.out)[0]) == (1, "URL109")
    assert document["repair"]["accepts"] is True
    assert [item["status"] for item in document["exchanges"]] == [404, 200]


def test_two_independent_mistakes_are_both_named(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    values["NGROK_SCIM_BASE_URL"] = values["NGROK_SCIM_BASE_URL"].replace("/scim/v2/", "/")
    values["NGROK_SCIM_API_KEY"] = HEALTHY_KEY
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    assert codes(ran.out)[:2] == ["URL109", "KEY214"]
    assert json.loads(ran.out)["repair"]["accepts"] is False


def test_a_host_that_is_not_allowed_gets_no_request(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    values["NGROK_SCIM_BASE_URL"] = "https://scim.corp.example/scim/v2/"
    ran = ngrok_scim("test-connect", "--format", "json", environment=values)
    document = json.loads(ran.out)
    assert (ran.status, codes(ran.out)) == (3, ["NET412"])
    assert document["verdict"] == "incomplete"
    assert document["exchanges"][0]["failure"]["kind"] == "withheld"


def test_one_request_is_all_that_no_repair_allows(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    ran = ngrok_scim("test-connect", "--format", "json", "--no-repair", environment=values)
    assert [item["purpose"] for item in json.loads(ran.out)["exchanges"]] == ["as typed"]


def test_the_key_is_read_from_standard_input_byte_for_byte(
    ngrok_scim: CommandLine, values: dict[str, str]
) -> None:
    key = values.pop("NGROK_SCIM_API_KEY")
    arguments = ("test-connect", "--format", "json", "--api-key-file", "-")
    right = ngrok_scim(*arguments, environment=values, stdin=f"{key}\n".encode())
    assert right.status == 0
    spaced = ngrok_scim(*arguments, environment=values, stdin=f"{key} \n".encode())
    assert codes(spaced.out) == ["KEY202"]


def test_without_a_key_it_cannot_be_determined(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("test-connect", "--no-input")
    assert (ran.status, ran.out) == (3, "")
    assert "NGROK_SCIM_API_KEY" in ran.err


def test_an_agent_token_alone_is_called_one(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("test-connect", environment={"NGROK_AUTHTOKEN": HEALTHY_KEY})
    assert ran.status == 3
    assert "NGROK_AUTHTOKEN" in ran.err


def test_the_result_can_go_into_a_file(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "result.json"
    arguments = ("test-connect", "--format", "json", "--output", str(file))
    ran = ngrok_scim(*arguments, environment=values)
    assert (ran.status, ran.out) == (0, "")
    assert json.loads(file.read_text())["verdict"] == "pass"


def test_a_folder_that_is_not_there_is_reported_before_anything_is_sent(
    ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "result.json"
    ran = ngrok_scim("test-connect", "--output", str(file), environment=values)
    assert (ran.status, ran.out) == (2, "")
    assert "nowhere" in ran.err


def test_values_that_work_while_okta_shows_a_failure_are_no_pass(ngrok_scim: CommandLine) -> None:
    shown = "Error authenticating: Unauthorized. The connector configuration could not be tested."
    ran = ngrok_scim("test-connect", "--sandbox", "--okta-message", shown, "--format", "json")
    document = json.loads(ran.out)
    assert (ran.status, document["okta"]["accepts"]) == (1, True)
    assert "FRM309" in {item["code"] for item in document["findings"]}
