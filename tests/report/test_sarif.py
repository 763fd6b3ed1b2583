import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from ngrok_scim_cli import __version__
from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.report.sarif import render_sarif
from tests.report.results import DOCTOR, FAIL, HOSTILE, INCOMPLETE, KEY_REFUSED, PASS, REPAIRED
from tests.report.strategies import results


def the_run(result: Result) -> dict[str, Any]:
    log = json.loads(render_sarif(result))
    assert log["version"] == "2.1.0"
    assert log["$schema"].startswith("https://")
    runs: list[dict[str, Any]] = log["runs"]
    assert len(runs) == 1
    return runs[0]


@given(results)
def test_run_has_the_structure_of_sarif(result: Result) -> None:
    run = the_run(result)
    rules = run["tool"]["driver"]["rules"]

    assert run["tool"]["driver"]["name"] == "ngrok-scim"
    assert run["tool"]["driver"]["version"] == __version__
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert all(rule[name]["text"] is not None for name in ("shortDescription", "help"))
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for found, item in zip(result.findings, run["results"], strict=True):
        assert item["ruleId"] == found.code
        assert rules[item["ruleIndex"]]["id"] == found.code
        assert item["level"] == {"notice": "note"}.get(found.severity, found.severity)
        assert item["message"]["text"]
        (location,) = item["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]
        assert location["physicalLocation"]["region"]["startLine"] == 1
        assert location["logicalLocations"][0]["name"]


@given(results)
def test_fingerprints_tell_results_apart(result: Result) -> None:
    prints = [item["partialFingerprints"]["finding/v1"] for item in the_run(result)["results"]]

    assert len(set(prints)) == len(prints)


def test_fingerprint_does_not_depend_on_what_was_seen() -> None:
    again = replace(FAIL, findings=(replace(KEY_REFUSED, evidence="It took 3 ms longer."),))

    (item,) = the_run(again)["results"]
    assert item["partialFingerprints"] == {"finding/v1": "KEY214:authorization:1"}
    assert the_run(FAIL)["results"][0]["partialFingerprints"] == item["partialFingerprints"]


def test_rules_are_those_of_the_codes_that_occur() -> None:
    rules = the_run(REPAIRED)["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["KEY202", "URL109", "SCM516"]
    assert rules[0]["shortDescription"]["text"] == "There is whitespace behind the key"


def test_field_of_the_form_is_named_by_its_label() -> None:
    locations = [item["locations"][0] for item in the_run(DOCTOR)["results"]]

    assert [place["logicalLocations"][0]["name"] for place in locations] == [
        "Authorization",
        "domain",
        "environment",
    ]


@pytest.mark.parametrize(
    ("result", "successful"), [(PASS, True), (FAIL, True), (INCOMPLETE, False)]
)
def test_run_that_could_not_tell_was_not_successful(result: Result, successful: bool) -> None:
    assert the_run(result)["invocations"] == [{"executionSuccessful": successful}]


def test_help_address_is_absolute_or_missing() -> None:
    absolute = replace(KEY_REFUSED, more="https://docs.example/findings#key214")

    (rule,) = the_run(replace(FAIL, findings=(absolute,)))["tool"]["driver"]["rules"]
    (without,) = the_run(replace(FAIL, findings=(KEY_REFUSED,)))["tool"]["driver"]["rules"]

    assert rule["helpUri"] == "https://docs.example/findings#key214"
    assert "helpUri" not in without


def test_no_link_comes_out_of_a_message() -> None:
    printed = render_sarif(HOSTILE)

    assert "](" not in printed
    assert printed.isascii()
