import json
import shutil
import subprocess
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ngrok_scim_cli import __version__
from ngrok_scim_cli.diagnosis.finding import (
    Certainty,
    CheckStatus,
    Payload,
    Result,
    Severity,
    StepStatus,
    Subject,
    Verdict,
)
from ngrok_scim_cli.form import Field
from ngrok_scim_cli.report.json_report import as_document, render_json
from ngrok_scim_cli.wire.exchange import FailureKind
from tests.report.results import FAIL, HOSTILE, INCOMPLETE, PASS, REPAIRED, RESULTS, SETUP
from tests.report.strategies import results
from tests.support.cases import each_case

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "result.schema.json").read_text(encoding="utf-8"))
DEFINITIONS = SCHEMA["$defs"]
VALIDATOR = Draft202012Validator(SCHEMA)
FIELDS = [
    *("schema", "tool", "command", "profile", "started_at", "tested", "verdict"),
    *("okta", "findings", "checks", "repair", "users", "exchanges"),
]


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(results)
def test_every_result_fits_the_schema(result: Result) -> None:
    VALIDATOR.validate(json.loads(render_json(result)))


@given(results)
def test_nothing_is_lost(result: Result) -> None:
    assert json.loads(render_json(result)) == as_document(result)


@given(results)
def test_json_is_printable_ascii(result: Result) -> None:
    printed = render_json(result).replace("\n", "")

    assert printed.isascii()
    assert printed.isprintable()


def test_fields_stand_in_the_promised_order() -> None:
    assert list(as_document(PASS)) == FIELDS
    assert list(as_document(SETUP)) == [*FIELDS, "steps", "remaining", "values"]


def test_tool_is_named_with_its_version() -> None:
    assert as_document(PASS)["tool"] == {"name": "ngrok-scim", "version": __version__}


def test_failed_run_reports_all_it_knows() -> None:
    document = as_document(REPAIRED)

    assert document["okta"] == {
        "accepts": False,
        "message": REPAIRED.okta.message if REPAIRED.okta else "",
        "certainty": "vendor",
        "fits": None,
        "comparison": "",
    }
    assert document["repair"] == {
        "changes": [
            {
                "field": "authorization",
                "code": "KEY202",
                "change": "remove U+0020 SPACE at the end",
            },
            {"field": "base_url", "code": "URL109", "change": "put /scim/v2/ behind the host"},
        ],
        "values": {
            "base_url": "https://api.ngrok.com/scim/v2/",
            "unique_identifier": "email",
            "auth_mode": "HTTP Header",
            "actions": ["Push New Users", "Push Profile Updates"],
        },
        "accepts": True,
    }
    assert document["users"] == {"total": 3, "returned": 2}
    assert document["exchanges"] == [
        {
            "purpose": "repaired",
            "method": "GET",
            "url": "https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2",
            "status": 200,
            "failure": None,
            "media_type": "application/scim+json",
            "bytes": 734,
            "elapsed_ms": 143,
        }
    ]


def test_what_is_not_known_is_null() -> None:
    document = as_document(INCOMPLETE)
    (exchange,) = INCOMPLETE.exchanges

    assert document["repair"] is None
    assert document["exchanges"] == [
        {
            "purpose": "as typed",
            "method": "GET",
            "url": exchange.url,
            "status": None,
            "failure": {"kind": "withheld", "detail": "The host is not allowed."},
            "media_type": None,
            "bytes": None,
            "elapsed_ms": 0,
        }
    ]
    assert as_document(replace(FAIL, okta=None))["okta"] is None


def test_halves_of_characters_survive() -> None:
    message = "\ud800 and \x7f and \u202e"
    result = replace(HOSTILE, remaining=(message,), command="setup")

    printed = render_json(result)

    assert r"\ud800 and \u007f and \u202e" in printed
    assert json.loads(printed)["remaining"] == [message]


def test_fields_of_a_command_come_last() -> None:
    result = Result("users list", Verdict.PASS, payload=Payload({"summary": "Well."}))

    document = as_document(result)

    assert list(document) == [*FIELDS, "summary"]
    VALIDATOR.validate(document)


def test_a_field_that_the_schema_does_not_describe_is_found() -> None:
    result = Result("users list", Verdict.PASS, payload=Payload({"people": []}))
    with pytest.raises(ValidationError, match="people"):
        VALIDATOR.validate(as_document(result))


@each_case(
    ("holder", "field", "choices"),
    [
        (SCHEMA, "verdict", Verdict),
        (DEFINITIONS["okta"], "certainty", Certainty),
        (DEFINITIONS["finding"], "severity", Severity),
        (DEFINITIONS["finding"], "subject", Subject),
        (DEFINITIONS["check"], "status", CheckStatus),
        (DEFINITIONS["change"], "field", Field),
        (DEFINITIONS["failure"], "kind", FailureKind),
        (DEFINITIONS["step"], "status", StepStatus),
    ],
)
def test_schema_knows_every_choice(
    holder: dict[str, Any], field: str, choices: type[StrEnum]
) -> None:
    assert holder["properties"][field]["enum"] == [choice.value for choice in choices]


@each_case("name", DEFINITIONS)
def test_schema_describes_and_requires_every_field(name: str) -> None:
    definition = DEFINITIONS[name]

    assert definition["additionalProperties"] is False
    # What a rehearsal alone adds says so first.
    common = [
        name
        for name, field in definition["properties"].items()
        if not field["description"].startswith("`rehearse`:")
    ]
    assert definition["required"] == common
    assert all(field["description"] for field in definition["properties"].values())


@each_case(
    ("field", "wrong"),
    [
        ("schema", 2),
        ("verdict", "ok"),
        ("findings", [{"code": "KEY202"}]),
        ("exchanges", [{}]),
        ("steps", [{}]),
        ("users", {"total": 1}),
        ("okta", False),
    ],
)
def test_schema_refuses_what_is_wrong(field: str, wrong: object) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate({**as_document(PASS), field: wrong})


@each_case("name", FIELDS)
def test_schema_refuses_what_is_not_whole(name: str) -> None:
    document = as_document(PASS)
    del document[name]

    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
def test_examples_of_the_documentation_work(tmp_path: Path) -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in page.split("```sh\n")[1:]]
    (tmp_path / "result.json").write_text(render_json(REPAIRED), encoding="utf-8")
    # What prints the result is not what is tested here.
    run = [
        subprocess.run(
            ["bash", "-c", f"ngrok-scim() {{ cat result.json; }}\n{example}"],  # noqa: S607 - the shell of whoever runs the tests
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        for example in examples
    ]

    assert [item.returncode for item in run] == [0, 0, 1]
    assert run[0].stdout.splitlines() == [
        "KEY202  There is whitespace behind the key",
        "URL109  The path lacks /scim/v2",
    ]
    assert json.loads(run[1].stdout)["base_url"] == "https://api.ngrok.com/scim/v2/"
    assert run[2].stderr.startswith("Paste the key")


@each_case("name", RESULTS)
def test_bodies_and_headers_stay_out(name: str) -> None:
    assert "charset" not in render_json(RESULTS[name])
    assert "xxxx" not in render_json(RESULTS[name])
