"""What an admin reads of doctor: golden files, read by eye before each commit.

``UPDATE_GOLDEN=1`` rewrites them.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine
from tests.support.dns_server import DnsServer
from tests.support.examined import Situation, examine, own_dns

pytestmark = pytest.mark.no_cover

FOLDER = Path(__file__).parent / "examinations"
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "result.schema.json").read_text(encoding="utf-8")
)
UNKNOWN_KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"


@dataclass(frozen=True)
class Scenario(Situation):
    """How everything stands, and what comes of it.

    Attributes:
        name: the name of the golden file.
        status: the exit status.
    """

    name: str = ""
    status: int = 0


SCENARIOS = [
    Scenario(name="all-is-well", status=0),
    Scenario(name="nothing-but-a-key", status=0, credentials=("scim",), profile=""),
    Scenario(name="nothing-at-all", status=3, credentials=(), profile=""),
    Scenario(
        name="everything-is-broken",
        status=1,
        faults=("admin-key-revoked", "okta-token-refused", "clock-ahead"),
        key=f"{UNKNOWN_KEY} ",
        environment=(("NGROK_AUTHTOKEN", "2abc"), ("OKTA_CLIENT_ORGURL", " {root} ")),
        profile='[[domain]]\nname = "gmail.com"\n',
        arguments=("--unique-id", "userName", "--action", "Push Groups"),
    ),
    Scenario(
        name="nobody-is-provisioned",
        status=1,
        faults=(
            "key-of-a-person",
            "okta-username-format",
            "okta-assigned-early",
            "okta-sign-in-failed",
            "okta-create-conflict",
            "user-name-no-email",
            "okta-leaver-active",
        ),
    ),
    Scenario(
        name="nothing-is-there",
        status=1,
        faults=("drops-connection", "api-server-error", "okta-server-error"),
    ),
    Scenario(name="okta-tells-nothing", status=3, faults=("okta-server-error",)),
    Scenario(
        name="one-finding",
        status=1,
        faults=("okta-nobody-assigned",),
        arguments=("--only", "OKT907"),
    ),
]


@pytest.fixture(autouse=True)
def dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    with own_dns(monkeypatch) as server:
        yield server


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.name)
def test_the_screen_is_the_one_that_was_read(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, scenario: Scenario
) -> None:
    ran = examine(ngrok_scim, sandbox, tmp_path, scenario)
    assert ran.status == scenario.status
    shown = _masked(ran.out + ran.err + f"(exit status {ran.status})\n", sandbox)
    path = FOLDER / f"{scenario.name}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
    assert max(len(line) for line in shown.splitlines()) <= 100


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.name)
def test_json_says_the_same_and_fits_the_schema(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, scenario: Scenario
) -> None:
    ran = examine(ngrok_scim, sandbox, tmp_path, scenario, "--format", "json")
    document = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() <= SCHEMA["properties"].keys()
    assert (ran.status, ran.out.isascii()) == (scenario.status, True)
    reported = {code for check in document["checks"] for code in check["findings"]}
    assert {item["code"] for item in document["findings"]} == reported


@pytest.mark.parametrize("form", ["markdown", "junit", "sarif"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.name)
def test_the_status_is_the_same_in_every_format(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, scenario: Scenario, form: str
) -> None:
    ran = examine(ngrok_scim, sandbox, tmp_path, scenario, "--format", form)
    assert ran.status == scenario.status
    assert ran.out


def test_there_is_no_file_without_a_scenario() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {item.name for item in SCENARIOS}


def _masked(text: str, sandbox: Sandbox) -> str:
    """Put what differs from run to run into words of the same length."""
    port = sandbox.values.api_base_url.rpartition(":")[2]
    text = text.replace(f":{port}", ":" + "9" * len(port))
    text = text.replace(f"port {port}", "port " + "9" * len(port))
    text = re.sub(
        r"\b(ak|usr|bot|op)_[0-9A-Za-z]{27}", lambda found: f"{found[1]}_{'3' * 27}", text
    )
    text = re.sub(r"\d\d:\d\d(:\d\d)?", lambda found: "00:00:00"[: len(found[0])], text)
    text = re.sub(r"\d+ (seconds|days ago)", r"300 \1", text)
    return re.sub(r"\d{4}-\d\d-\d\d", "2026-01-01", text)
