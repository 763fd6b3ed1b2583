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

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine, Ran
from tests.support.environment import environment_of
from tests.support.pseudo_terminal import at_a_terminal
from tests.support.stand_in import Reply, Script, StandIn

FOLDER = Path(__file__).parent / "traces"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "result.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
ADA = "ada.abara@corp.example"
GONE = "ada.holloway@corp.example"
RENAMED = "ada.oakley@corp.example"


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
    Trace("push-waiting", 0, "", "ada.farrow@corp.example", ("okta-push-waiting",)),
    Trace("push-queued", 1, "provisioned", "ada.zanetti@corp.example", ("okta-push-queued",)),
    Trace(
        "leaver-assigned", 1, "ngrok-user", "ada.ximenes@corp.example", ("okta-leaver-assigned",)
    ),
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
    Trace("unknown-everywhere", 3, "", "nobody@corp.example"),
    Trace("nearly-known", 3, "", "ada.abarra@corp.example"),
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
    Trace("key-is-an-authtoken", 1, "look-up", ADA, ("authtoken-pasted",)),
    Trace("no-id", 1, "look-up", ADA, ("resource-without-id",)),
    Trace("activity-not-told", 3, "", ADA, ("active-as-text",)),
    Trace("look-up-fails", 1, "look-up", ADA, ("lookup-fails",)),
    Trace("look-up-finds-nobody", 1, "look-up", ADA, ("lookup-finds-nothing",)),
    Trace("token-refused", 3, "", ADA, ("okta-token-refused",)),
    Trace("token-without-log", 0, "", ADA, ("okta-token-without-log",)),
    Trace("hostile-okta", 1, "provisioned", "ada.whitlock@corp.example", ("okta-hostile-text",)),
    Trace("without-okta", 3, has_okta=False),
    Trace("without-okta-nobody", 3, "", "nobody@corp.example", has_okta=False),
    Trace("read-by-id-fails", 1, "look-up", ADA, ("read-by-id-fails",)),
    Trace("absent-as-text", 1, "", ADA, ("absent-as-text",)),
    Trace("absent-gives-others", 1, "", "nobody@corp.example", ("absent-gives-others",)),
]


def environment(sandbox: Sandbox, *, has_okta: bool = True) -> dict[str, str]:
    return environment_of(sandbox, "scim", *(("okta",) if has_okta else ()))


def remember_domain(home: Path, name: str, *, approved: bool = True) -> None:
    profile = home / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.parent.parent.chmod(0o700)
    profile.write_text(
        f'version = 1\n[[domain]]\nname = "{name}"\nsubmitted_at = 2026-01-01T00:00:00Z\n'
        f"{'approved_at = 2026-01-02T00:00:00Z' if approved else ''}\n"
    )
    profile.chmod(0o600)


def run(ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, trace: Trace, *more: str) -> Ran:
    sandbox.set_faults(trace.faults)
    if trace.domain:
        remember_domain(tmp_path, trace.domain)
    variables = environment(sandbox, has_okta=trace.has_okta)
    return ngrok_scim("users", "trace", trace.email, *more, environment=variables)


@pytest.mark.parametrize("trace", TRACES, ids=lambda item: item.name)
def test_screen_json_and_status_say_where_somebody_is_stuck(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, trace: Trace
) -> None:
    output = tmp_path / "result.json"
    documents = ("--format", "json", "--output", str(output), "--format", "text")
    ran = run(ngrok_scim, sandbox, tmp_path, trace, *documents)
    shown = _masked(ran.out + ran.err + f"(exit status {ran.status})\n")
    path = FOLDER / f"{trace.name}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")

    document = json.loads(output.read_text("ascii"))
    VALIDATOR.validate(document)
    assert document.keys() <= SCHEMA["properties"].keys()
    stuck = document["stuck"]
    assert ran.status == trace.status
    assert (stuck["at"] if stuck else "") == trace.stuck
    failed = [check["code"] for check in document["checks"] if check["status"] == "fail"]
    # What fails for others only is seen at the look-up.
    of_others = ["look-up"] if trace.status == 1 else []
    assert failed == ([trace.stuck] if trace.stuck else of_others)
    if stuck:
        found = [check["findings"] for check in document["checks"] if check["status"] == "fail"]
        assert found == [[stuck["code"]] if stuck["code"] else []]

    asked = [exchange["url"] for exchange in document["exchanges"]]
    assert len(asked) <= 14
    # Only for somebody whom nobody knows, the nearest names are looked for in the list.
    is_unknown = trace.email in ("nobody@corp.example", "ada.abarra@corp.example")
    assert any("Users?startIndex" in url for url in asked) is is_unknown


def test_there_is_no_file_without_a_trace() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {item.name for item in TRACES}


@pytest.mark.slow
def test_trace_and_audit_never_disagree(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    """What the audit says of a person, the trace of that person says, too."""
    named = []
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
        named += [trace.name] if said else []
    assert len(named) > 5, "the audit names nobody who could be compared"


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("fault", "family", "code", "severity"),
    [
        ("okta-locked-out", "marchetti", "OKT917", "error"),
        ("okta-leaver-assigned", "ximenes", "OKT911", "error"),
        ("okta-leaver-active", "kimura", "OKT911", "error"),
        ("okta-unassigned-active", "lockhart", "OKT911", "error"),
        ("okta-suspended", "nightingale", "OKT918", "warning"),
        ("okta-push-waiting", "farrow", "OKT908", "warning"),
        ("okta-push-queued", "zanetti", "OKT908", "error"),
        ("okta-gone-in-ngrok", "holloway", "OKT909", "error"),
    ],
)
def test_doctor_audit_and_trace_say_the_same_of_one_person(
    ngrok_scim: CommandLine, sandbox: Sandbox, fault: str, family: str, code: str, severity: str
) -> None:
    sandbox.set_faults([fault])
    email = f"ada.{family}@corp.example"
    for command in (("doctor",), ("users", "audit"), ("users", "trace", email)):
        ran = ngrok_scim(*command, "--format=json", "--no-input", environment=environment(sandbox))
        said = [
            (item["code"], item["severity"])
            for item in json.loads(ran.out)["findings"]
            if email in item["evidence"] and item["code"].startswith("OKT9")
        ]
        assert said == [(code, severity)], command


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "EMAIL is empty."),
        (" \u200b ", "EMAIL is empty."),
        ("Ada Nobody", "no person has that name"),
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


def test_tracing_a_display_name_needs_okta(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    variables = environment(sandbox, has_okta=False)
    ran = ngrok_scim("users", "trace", "Ada Abara", environment=variables)
    assert (ran.status, ran.out) == (2, "")
    assert "ngrok-scim users list --match Ada" in ran.err


@pytest.mark.parametrize("fault", ["okta-token-refused", "okta-server-error@2"])
def test_a_name_that_okta_does_not_look_up_is_not_taken_for_an_address(
    ngrok_scim: CommandLine, sandbox: Sandbox, fault: str
) -> None:
    sandbox.set_faults([fault])
    ran = ngrok_scim("users", "trace", "Ada Abara", environment=environment(sandbox))
    assert ran.status == 3
    assert "Okta can also look up a name." in ran.out


def test_nobody_is_taken_for_the_owner_of_the_token(
    ngrok_scim: CommandLine, sandbox: Sandbox
) -> None:
    ran = ngrok_scim("users", "trace", "me", "--format=json", environment=environment(sandbox))
    assert (ran.status, json.loads(ran.out)["okta_user"]) == (3, None)


def test_an_org_url_that_is_wrong_is_reported(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
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


def test_a_mistake_in_the_values_is_reported_and_not_sent(
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
    assert "Not known without the look-up." in ran.out
    assert "Okta has provisioned" in ran.out


def test_without_anything_nothing_can_be_determined(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("users", "trace", ADA, "--no-input")
    assert ran.status == 3
    assert "Could not verify anything about “ada.abara@corp.example”." in ran.out


def test_other_problems_of_a_traced_person_are_warnings(
    ngrok_scim: CommandLine, sandbox: Sandbox
) -> None:
    """Only the place where somebody is stuck fails."""
    sandbox.set_faults(["okta-not-linked", "lookup-ignores-filter"])
    arguments = ("users", "trace", "ada.goodwin@corp.example", "--format=json")
    ran = ngrok_scim(*arguments, environment=environment(sandbox))
    checks = {check["code"]: check["status"] for check in json.loads(ran.out)["checks"]}
    assert (checks["provisioned"], checks["look-up"]) == ("fail", "warn")


def test_a_domain_that_is_not_approved_yet_is_a_warning(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path
) -> None:
    remember_domain(tmp_path, "corp.example", approved=False)
    ran = ngrok_scim("users", "trace", ADA, environment=environment(sandbox))
    assert (ran.status, ran.out[:4], "DOM802" in ran.out) == (0, "WARN", True)
    strict = ngrok_scim("users", "trace", ADA, "--strict", environment=environment(sandbox))
    assert strict.status == 1


def test_somebody_without_a_name_is_not_searched_for_by_one(ngrok_scim: CommandLine) -> None:
    """Okta does not know the address, and there is no family name to try."""
    with open_sandbox(faults=["no-display-name"]) as sandbox:
        user = next(user for user in sandbox.org.users.values() if user.login.startswith("wei."))
        sandbox.org.users.pop(user.id)
        sandbox.org.assignments.clear()
        arguments = ("users", "trace", user.login, "--format=json")
        document = json.loads(ngrok_scim(*arguments, environment=environment(sandbox)).out)
    assert (document["stuck"]["at"], document["stuck"]["code"]) == ("okta-user", "OKT910")
    queries = [exchange for exchange in document["exchanges"] if "users?" in exchange["url"]]
    assert len(queries) == 1


def test_a_trimmed_token_is_reported(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    variables = environment(sandbox)
    variables["OKTA_CLIENT_TOKEN"] += "\n"
    ran = ngrok_scim("users", "trace", ADA, environment=variables)
    assert (ran.status, "ENV007" in ran.out) == (0, True)
    sandbox.set_faults(["okta-token-refused"])
    refused = ngrok_scim("users", "trace", ADA, environment=variables)
    assert (refused.status, "ENV007" in refused.out) == (3, True)


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_a_terminal_shows_colours_unless_told_otherwise(
    sandbox: Sandbox, plain: dict[str, str]
) -> None:
    variables = {**environment(sandbox), **plain}
    with at_a_terminal("users", "trace", ADA, "--quiet", environment=variables) as terminal:
        assert terminal.end() == 0
    assert ("\x1b[1;32mPASS\x1b[0m" in terminal.everything) is not bool(plain)
    assert ("\x1b" in terminal.everything) is not bool(plain)
    assert max(map(len, terminal.lines())) <= 80


@pytest.mark.parametrize("form", ["markdown", "junit", "sarif"])
@pytest.mark.parametrize("fault", ["okta-hostile-text", "hostile-text", "okta-unknown"])
def test_every_format_takes_it(
    ngrok_scim: CommandLine, sandbox: Sandbox, form: str, fault: str
) -> None:
    sandbox.set_faults([fault])
    ran = ngrok_scim("users", "trace", ADA, "--format", form, environment=environment(sandbox))
    assert ran.status == 0
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("email", "faults", "status", "said"),
    [
        # Okta is asked for the app, the person, the assignment, the events.
        # Whether somebody left does not show in the assignment.
        (ADA, ["okta-token-without-rights@2"], 3, "The token may not read people."),
        (ADA, ["okta-token-without-people"], 3, "Could not verify whether the person is active"),
        (
            "nobody@corp.example",
            ["okta-token-without-people"],
            3,
            "Could not verify whether Okta knows “nobody@corp.example”. “nobody@corp.example” was",
        ),
        (
            "nobody@corp.example",
            ["okta-token-without-people"],
            3,
            "Next In Okta, give the owner of the token the role “Read-only Administrator”. Then",
        ),
        (ADA, ["okta-server-error@2"], 3, "Could not verify whether Okta agrees"),
        (ADA, ["okta-server-error@3"], 3, "Okta replied 500"),
        (ADA, ["okta-web-page@3"], 3, "OKT901"),
        (
            "nobody@corp.example",
            ["okta-server-error@3"],
            3,
            "“nobody@corp.example” was not found in ngrok.",
        ),
        ("nobody@corp.example", ["okta-web-page@3"], 3, "OKT901"),
        # ngrok is asked for the name, and then for the id.
        (GONE, ["okta-gone-in-ngrok", "server-error@2"], 1, "ngrok did not return the user."),
        (GONE, ["okta-gone-in-ngrok", "never-answers@2"], 1, "NET408"),
        # The old name is known to ngrok alone, and Okta fails where it is asked for the new one.
        (RENAMED, ["okta-address-differs", "okta-server-error@5"], 1, "is stuck at Okta > Person"),
    ],
)
def test_what_fails_on_the_way_is_reported(
    ngrok_scim: CommandLine,
    sandbox: Sandbox,
    email: str,
    faults: list[str],
    status: int,
    said: str,
) -> None:
    sandbox.set_faults(faults)
    arguments = ("users", "trace", email, "--timeout=0.5")
    ran = ngrok_scim(*arguments, environment=environment(sandbox))
    assert (ran.status, said in " ".join(ran.out.split())) == (status, True), ran.out


def test_the_app_is_asked_where_the_directory_is_not_readable(
    ngrok_scim: CommandLine, sandbox: Sandbox
) -> None:
    sandbox.set_faults(["okta-token-without-rights@2"])
    arguments = ("users", "trace", "nobody@corp.example", "--format=json")
    ran = ngrok_scim(*arguments, environment=environment(sandbox))
    assert (ran.status, json.loads(ran.out)["verdict"]) == (3, "incomplete")


def test_a_look_up_that_is_answered_with_404_finds_nobody(
    ngrok_scim: CommandLine, sandbox: Sandbox
) -> None:
    """Okta takes that for an answer, too."""
    error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"}
    with StandIn() as server:
        server.follow(Script(Reply(404, body=json.dumps(error).encode())))
        variables = environment(sandbox, has_okta=False)
        variables["NGROK_SCIM_BASE_URL"] = f"http://127.0.0.1:{server.port}/scim/v2/"
        ran = ngrok_scim("users", "trace", ADA, "--format=json", environment=variables)
    assert (ran.status, json.loads(ran.out)["verdict"]) == (3, "incomplete")


@pytest.mark.parametrize("document", [{}, {"id": "usr_9"}, [], "x", None])
def test_another_user_than_the_one_that_was_asked_for_counts_for_nothing(
    ngrok_scim: CommandLine, sandbox: Sandbox, document: object
) -> None:
    listed = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 0,
        "startIndex": 1,
        "itemsPerPage": 0,
        "Resources": [],
    }
    with StandIn() as server:
        found = Reply(body=json.dumps(listed).encode())
        server.follow(
            Script(found, elsewhere=Reply(body=json.dumps(document).encode()), at="/scim/v2/Users")
        )
        variables = environment(sandbox)
        variables["NGROK_SCIM_BASE_URL"] = f"http://127.0.0.1:{server.port}/scim/v2/"
        ran = ngrok_scim("users", "trace", ADA, "--format=json", environment=variables)
    assert ran.status == 1
    assert json.loads(ran.out)["ngrok_user"] is None


def test_verbose_shows_the_requests(ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
    ran = ngrok_scim("users", "trace", ADA, "--verbose", environment=environment(sandbox))
    assert "filter=userName%20eq" in ran.out
    assert "/api/v1/users/a***%40corp.example" in ran.out


def _masked(text: str) -> str:
    """Put what differs from run to run into words of the same length."""
    text = re.sub(r"op_[0-9A-Za-z]{27}", "op_" + "0" * 27, text)
    text = re.sub(r"usr_[0-9A-Za-z]{27}", "usr_" + "0" * 27, text)
    text = re.sub(r"ngrok-scim-[0-9a-f]{12}", "ngrok-scim-" + "0" * 12, text)
    text = re.sub(r"ak_[0-9A-Za-z]{27}", "ak_" + "0" * 27, text)
    text = re.sub(r"(00u1k|0oa1k)\d{9}", r"\g<1>000000000", text)
    text = re.sub(r"\b\d\d:\d\d( UTC|  [A-Z])", r"00:00\1", text)
    return re.sub(r"\d{4}-\d\d-\d\d", "2026-01-01", text)
