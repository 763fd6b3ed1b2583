"""What an admin reads when one person is followed: golden files, read by eye before each commit.

``UPDATE_GOLDEN=1`` rewrites them.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine, Ran

FOLDER = Path(__file__).parent / "traces"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "result.schema.json").read_text("utf-8"))
ADA = "ada.abara@corp.example"


@dataclass(frozen=True)
class Trace:
    """Who is followed, and what the matter is.

    Attributes:
        name: the name of the golden file.
        status: the exit status.
        stuck: where the person is stuck, as in the JSON; empty where they are not.
        email: whom the admin typed.
        faults: how the sandbox is broken.
        has_okta: whether there is an Okta token.
        domain: the domain that the profile has submitted.
    """

    name: str
    status: int
    stuck: str = ""
    email: str = ADA
    faults: tuple[str, ...] = ()
    has_okta: bool = True
    domain: str = ""


TRACES = [
    Trace("healthy", 0, domain="corp.example"),
    Trace("by-name", 0, email="Bruno Becker"),
    Trace("typed-oddly", 0, email=" mailto:Ada.Abara@CORP.example\u200b"),
    Trace(
        "never-provisioned", 1, "provisioned", "ada.ekstrom@corp.example", ("okta-assigned-early",)
    ),
    Trace("push-waiting", 1, "provisioned", "ada.farrow@corp.example", ("okta-push-waiting",)),
    Trace("not-linked", 1, "provisioned", "ada.goodwin@corp.example", ("okta-not-linked",)),
    Trace("gone", 1, "ngrok-user", "ada.holloway@corp.example", ("okta-gone-in-ngrok",)),
    Trace(
        "made-again", 1, "ngrok-user", "ada.isaksson@corp.example", ("okta-made-again-in-ngrok",)
    ),
    Trace("only-in-ngrok", 1, "okta-user", "ada.jankowski@corp.example", ("okta-unknown",)),
    Trace("left-but-active", 1, "ngrok-user", "ada.kimura@corp.example", ("okta-leaver-active",)),
    Trace(
        "unassigned-but-active",
        1,
        "ngrok-user",
        "ada.lockhart@corp.example",
        ("okta-unassigned-active",),
    ),
    Trace(
        "deactivation-failed",
        1,
        "ngrok-user",
        "ada.underhill@corp.example",
        ("okta-deactivation-failed",),
    ),
    Trace("locked-out", 1, "ngrok-user", "ada.marchetti@corp.example", ("okta-locked-out",)),
    Trace("suspended", 0, "", "ada.nightingale@corp.example", ("okta-suspended",)),
    Trace("left", 0, "", "oscar.calloway@corp.example", ("deactivated-users",)),
    Trace("renamed", 1, "ngrok-user", "ada.oakley@corp.example", ("okta-address-differs",)),
    Trace(
        "create-conflict", 1, "provisioned", "ada.quimby@corp.example", ("okta-create-conflict",)
    ),
    Trace(
        "update-refused", 1, "provisioned", "ada.prescott@corp.example", ("okta-update-refused",)
    ),
    Trace("update-mended", 0, "", "ada.villanueva@corp.example", ("okta-update-mended",)),
    Trace("not-assigned", 1, "assignment", "okta-admin@corp.example"),
    Trace("unknown-everywhere", 1, "okta-user", "nobody@corp.example"),
    Trace(
        "wrong-domain",
        1,
        "domain",
        "ada.ekstrom@corp.example",
        ("okta-assigned-early",),
        domain="other.example",
    ),
    Trace("no-address", 1, "ngrok-user", "gpetrov", ("user-name-no-email",)),
    Trace("scim-off", 1, "okta-app", ADA, ("okta-scim-off",)),
    Trace("oidc-app", 1, "okta-app", ADA, ("okta-oidc-app",)),
    Trace("key-refused", 1, "look-up", ADA, ("key-refused",)),
    Trace("look-up-fails", 1, "look-up", ADA, ("lookup-fails",)),
    Trace("look-up-finds-nobody", 1, "look-up", ADA, ("lookup-finds-nothing",)),
    Trace("token-refused", 3, "", ADA, ("okta-token-refused",)),
    Trace("token-without-log", 0, "", ADA, ("okta-token-without-log",)),
    Trace("hostile-okta", 1, "provisioned", "ada.whitlock@corp.example", ("okta-hostile-text",)),
    Trace("without-okta", 3, has_okta=False),
    Trace("without-okta-nobody", 1, "ngrok-user", "nobody@corp.example", has_okta=False),
]


def environment(sandbox: Sandbox, *, has_okta: bool = True) -> dict[str, str]:
    values = sandbox.values
    okta = {
        "OKTA_CLIENT_ORGURL": values.okta_org_url or "",
        "OKTA_CLIENT_TOKEN": values.okta_token or "",
    }
    return {
        "NGROK_SCIM_BASE_URL": values.scim_base_url,
        "NGROK_SCIM_API_KEY": values.scim_key,
        **(okta if has_okta else {}),
    }


def remember_domain(home: Path, name: str) -> None:
    profile = home / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.parent.parent.chmod(0o700)
    profile.write_text(
        f'version = 1\n[[domain]]\nname = "{name}"\nsubmitted_at = 2026-01-01T00:00:00Z\n'
        "approved_at = 2026-01-02T00:00:00Z\n"
    )
    profile.chmod(0o600)


def run(ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, trace: Trace, *more: str) -> Ran:
    sandbox.set_faults(trace.faults)
    if trace.domain:
        remember_domain(tmp_path, trace.domain)
    variables = environment(sandbox, has_okta=trace.has_okta)
    return ngrok_scim("users", "trace", trace.email, *more, environment=variables)


@pytest.mark.parametrize("trace", TRACES, ids=lambda item: item.name)
def test_the_screen_is_the_one_that_was_read(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, trace: Trace
) -> None:
    ran = run(ngrok_scim, sandbox, tmp_path, trace)
    shown = _masked(ran.out + ran.err + f"(exit status {ran.status})\n")
    path = FOLDER / f"{trace.name}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("trace", TRACES, ids=lambda item: item.name)
def test_json_says_where_and_the_status_says_whether(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, trace: Trace
) -> None:
    ran = run(ngrok_scim, sandbox, tmp_path, trace, "--format", "json")
    document = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(document)
    assert document.keys() <= SCHEMA["properties"].keys()
    stuck = document["stuck"]
    assert ran.status == trace.status
    assert (stuck["at"] if stuck else "") == trace.stuck
    failed = [check["code"] for check in document["checks"] if check["status"] == "fail"]
    assert failed == ([trace.stuck] if trace.stuck else [])
    assert ran.out.isascii()


def test_there_is_no_file_without_a_trace() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {item.name for item in TRACES}


@pytest.mark.parametrize("trace", TRACES, ids=lambda item: item.name)
def test_a_handful_of_requests_is_enough(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, trace: Trace
) -> None:
    ran = run(ngrok_scim, sandbox, tmp_path, trace, "--format", "json")
    asked = [exchange["url"] for exchange in json.loads(ran.out)["exchanges"]]
    assert len(asked) <= 14
    assert not any("Users?startIndex" in url for url in asked)


def test_trace_and_audit_never_disagree(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    """What the audit says of a person, the trace of that person says, too."""
    for trace in TRACES:
        if not trace.faults or not trace.faults[0].startswith("okta-"):
            continue
        sandbox.set_faults(trace.faults)
        audited = ngrok_scim("users", "audit", "--format=json", environment=environment(sandbox))
        said = {
            (item["code"], item["severity"])
            for item in json.loads(audited.out)["findings"]
            if trace.email in item["evidence"]
        }
        traced = run(ngrok_scim, sandbox, tmp_path, trace, "--format=json")
        found = {(item["code"], item["severity"]) for item in json.loads(traced.out)["findings"]}
        assert said <= found, trace.name


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "EMAIL is empty."),
        (" \u200b ", "EMAIL is empty."),
        ("Ada Nobody", "nobody is found by that name"),
    ],
)
def test_who_is_nobody_for_certain_is_a_wrong_command_line(
    ngrok_scim: CommandLine, sandbox: Sandbox, email: str, message: str
) -> None:
    ran = ngrok_scim("users", "trace", email, environment=environment(sandbox))
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_a_name_of_several_people_is_refused_with_their_addresses(
    ngrok_scim: CommandLine, sandbox: Sandbox
) -> None:
    sandbox.set_faults(["okta-assigned-early=2", "okta-push-waiting"])
    ran = ngrok_scim("users", "trace", "Ada corp.example", environment=environment(sandbox))
    assert (ran.status, ran.out) == (2, "")
    assert "fits 3 people" in ran.err
    assert "ada.ekstrom@corp.example" in ran.err


def test_a_name_needs_okta(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    variables = environment(sandbox, has_okta=False)
    ran = ngrok_scim("users", "trace", "Ada Abara", environment=variables)
    assert (ran.status, ran.out) == (2, "")
    assert "ngrok-scim users list --match Ada" in ran.err


def test_nobody_is_taken_for_the_owner_of_the_token(
    ngrok_scim: CommandLine, sandbox: Sandbox
) -> None:
    ran = ngrok_scim("users", "trace", "me", "--format=json", environment=environment(sandbox))
    assert (ran.status, json.loads(ran.out)["okta_user"]) == (1, None)


def test_an_org_url_that_is_wrong_is_told(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    arguments = ("users", "trace", ADA, "--okta-org-url", "https://corp-admin.okta.com")
    ran = ngrok_scim(*arguments, environment=environment(sandbox))
    assert ran.status == 3
    assert "OKT901" in ran.out


def test_the_app_is_found_by_its_label(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    arguments = ("users", "trace", ADA, "--okta-app")
    assert ngrok_scim(*arguments, "ngrok", environment=environment(sandbox)).status == 0
    ran = ngrok_scim(*arguments, "Nothing", environment=environment(sandbox))
    assert ran.status == 3
    assert "Nothing" in ran.out


def test_a_mistake_in_the_values_is_told_and_not_sent(
    ngrok_scim: CommandLine, sandbox: Sandbox
) -> None:
    variables = environment(sandbox)
    variables["NGROK_SCIM_API_KEY"] += " "
    ran = ngrok_scim("users", "trace", ADA, "--format=json", environment=variables)
    document = json.loads(ran.out)
    assert (ran.status, document["stuck"]["at"]) == (1, "look-up")
    assert document["findings"][0]["code"] == "KEY202"
    assert not any("/scim/" in exchange["url"] for exchange in document["exchanges"])


def test_without_a_key_okta_is_followed_alone(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    variables = environment(sandbox)
    del variables["NGROK_SCIM_API_KEY"]
    ran = ngrok_scim("users", "trace", ADA, "--no-input", environment=variables)
    assert ran.status == 3
    assert "No SCIM API key" in ran.out
    assert "Okta has provisioned" in ran.out


def test_a_trimmed_token_is_told(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    variables = environment(sandbox)
    variables["OKTA_CLIENT_TOKEN"] += "\n"
    ran = ngrok_scim("users", "trace", ADA, environment=variables)
    assert (ran.status, "ENV007" in ran.out) == (0, True)


@pytest.mark.parametrize("form", ["markdown", "junit", "sarif"])
@pytest.mark.parametrize("fault", ["okta-hostile-text", "hostile-text", "okta-unknown"])
def test_every_format_takes_it(
    ngrok_scim: CommandLine, sandbox: Sandbox, form: str, fault: str
) -> None:
    sandbox.set_faults([fault])
    ran = ngrok_scim("users", "trace", ADA, "--format", form, environment=environment(sandbox))
    assert ran.status == 0
    assert "\x1b" not in ran.out


def test_verbose_shows_the_requests(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    ran = ngrok_scim("users", "trace", ADA, "--verbose", environment=environment(sandbox))
    assert "filter=userName%20eq" in ran.out
    assert "/api/v1/users/ada.abara%40corp.example" in ran.out


def _masked(text: str) -> str:
    """Put what differs from run to run into words of the same length."""
    text = re.sub(r"op_[0-9A-Za-z]{27}", "op_" + "0" * 27, text)
    text = re.sub(r"usr_[0-9A-Za-z]{27}", "usr_" + "0" * 27, text)
    text = re.sub(r"ak_[0-9A-Za-z]{27}", "ak_" + "0" * 27, text)
    text = re.sub(r"(00u1k|0oa1k)\d{9}", r"\g<1>000000000", text)
    text = re.sub(r"\b\d\d:\d\d( UTC|  [A-Z])", r"00:00\1", text)
    return re.sub(r"\d{4}-\d\d-\d\d", "2026-01-01", text)
