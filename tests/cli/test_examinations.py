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

from ngrok_scim_cli.doctor import domains
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.wire.dns import Resolver
from tests.support.command_line import CommandLine, Ran
from tests.support.dns_server import HOST, dns_server

FOLDER = Path(__file__).parent / "examinations"
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "result.schema.json").read_text(encoding="utf-8")
)
UNKNOWN_KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"
APPROVED = (
    'name = "corp.example"\nsubmitted_at = 2026-01-01T00:00:00Z\napproved_at = 2026-01-02T00:00:00Z'
)


@dataclass(frozen=True)
class Scenario:
    """How everything stands.

    Attributes:
        name: the name of the golden file.
        status: the exit status.
        faults: how the sandbox is broken.
        credentials: which of ``scim``, ``admin`` and ``okta`` there are.
        key: the SCIM key as pasted; ``{key}`` is the right one.
        environment: what else is set.
        domain: the domain in the profile, in TOML; empty where there is no profile.
        arguments: what else stands on the command line.
    """

    name: str
    status: int
    faults: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ("scim", "admin", "okta")
    key: str = "{key}"
    environment: tuple[tuple[str, str], ...] = ()
    domain: str = APPROVED
    arguments: tuple[str, ...] = ()


SCENARIOS = [
    Scenario("all-is-well", 0),
    Scenario("nothing-but-a-key", 0, credentials=("scim",), domain=""),
    Scenario("nothing-at-all", 3, credentials=(), domain=""),
    Scenario(
        "everything-is-broken",
        1,
        faults=("admin-key-revoked", "okta-token-refused", "clock-ahead"),
        key=f"{UNKNOWN_KEY} ",
        environment=(("NGROK_AUTHTOKEN", "2abc"), ("OKTA_CLIENT_ORGURL", " {root} ")),
        domain='name = "gmail.com"',
        arguments=("--unique-id", "userName", "--action", "Push Groups"),
    ),
    Scenario(
        "nobody-is-provisioned",
        1,
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
        "nothing-is-there", 1, faults=("drops-connection", "api-server-error", "okta-server-error")
    ),
    Scenario("okta-tells-nothing", 3, faults=("okta-server-error",)),
    Scenario("one-finding", 1, faults=("okta-nobody-assigned",), arguments=("--only", "OKT907")),
]


@pytest.fixture(autouse=True)
def dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the DNS know corp.example, and nothing else."""
    with dns_server() as server:
        server.records["corp.example"] = [("MX", "10 mx.corp.example.")]

        def open_resolver(timeout_s: float) -> Resolver:
            return Resolver(timeout=timeout_s, nameservers=(HOST,), port=server.port)

        monkeypatch.setattr(domains, "open_resolver", open_resolver)
        yield


def run(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, scenario: Scenario, *more: str
) -> Ran:
    sandbox.set_faults(scenario.faults)
    values = sandbox.values
    given = {
        "scim": {
            "NGROK_SCIM_BASE_URL": values.scim_base_url,
            "NGROK_SCIM_API_KEY": scenario.key.replace("{key}", values.scim_key),
        },
        "admin": {"NGROK_API_BASE_URL": values.api_base_url, "NGROK_API_KEY": values.admin_key},
        "okta": {
            "OKTA_CLIENT_ORGURL": values.okta_org_url or "",
            "OKTA_CLIENT_TOKEN": values.okta_token or "",
        },
    }
    environment = {
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
        "NGROK_SCIM_TEST_KEYRING": str(tmp_path / "keyring.json"),
    }
    for name in scenario.credentials:
        environment |= given[name]
    for name, value in scenario.environment:
        environment[name] = value.replace("{root}", values.api_base_url)
    if scenario.domain:
        remember_domain(tmp_path, scenario.domain)
    arguments = (*scenario.arguments, "--okta-app", values.okta_app or "", "--no-input", *more)
    return ngrok_scim("doctor", *arguments, environment=environment)


def remember_domain(home: Path, domain: str) -> None:
    profile = home / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True, mode=0o700)
    profile.write_text(f"version = 1\n[[domain]]\n{domain}\n", encoding="utf-8")
    profile.chmod(0o600)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.name)
def test_the_screen_is_the_one_that_was_read(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, scenario: Scenario
) -> None:
    ran = run(ngrok_scim, sandbox, tmp_path, scenario)
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
    ran = run(ngrok_scim, sandbox, tmp_path, scenario, "--format", "json")
    document = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() <= SCHEMA["properties"].keys()
    assert (ran.status, ran.out.isascii()) == (scenario.status, True)
    told = {code for check in document["checks"] for code in check["findings"]}
    assert {item["code"] for item in document["findings"]} == told


@pytest.mark.parametrize("form", ["markdown", "junit", "sarif"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.name)
def test_the_status_is_the_same_in_every_format(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, scenario: Scenario, form: str
) -> None:
    ran = run(ngrok_scim, sandbox, tmp_path, scenario, "--format", form)
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
