"""Every fault of the Okta org, by what a client sees of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any
from urllib.parse import quote

import pytest

from ngrok_scim_cli.sandbox import FAULTS, open_sandbox
from ngrok_scim_cli.sandbox.faults import BUILT
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import USERS, Got, okta, scim
from tests.support.cases import each_case

# Fault, path (APP is the app's), what is seen there.
ANSWERS: list[tuple[str, str, int, str | None]] = [
    ("okta-token-refused", "/apps", 401, "E0000011"),
    ("okta-token-refused", "/logs", 401, "E0000011"),
    ("okta-token-without-rights", "/apps/APP", 403, "E0000006"),
    ("okta-token-without-log", "/logs?limit=1", 403, "E0000006"),
    ("okta-token-without-log", "/apps", 200, None),
    ("okta-rate-limited", "/apps/APP/users", 429, "E0000047"),
    ("okta-server-error", "/users/me", 500, "E0000009"),
    ("okta-app-missing", "/apps/APP", 404, "E0000007"),
    ("okta-app-missing", "/apps/APP/users", 404, "E0000007"),
    ("okta-app-missing", "/apps/APP/features", 404, "E0000007"),
]

Seen = Callable[[Any], object]

# Fault, path, and one thing that is seen there.
SETTINGS: list[tuple[str, str, Seen, object]] = [
    ("okta-app-missing", "/apps?q=ngrok", len, 0),
    ("okta-app-missing", "/mappings?targetId=APP", len, 0),
    ("okta-app-inactive", "/apps/APP", lambda app: app["status"], "INACTIVE"),
    ("okta-oidc-app", "/apps/APP", lambda app: app["signOnMode"], "OPENID_CONNECT"),
    ("okta-oidc-app", "/apps/APP", lambda app: app["features"], []),
    ("okta-scim-off", "/apps/APP", lambda app: app["features"], []),
    (
        "okta-scim-off",
        "/apps/APP/users",
        lambda people: [(one.get("externalId"), one.get("lastSync")) for one in people],
        [(None, None)] * 3,
    ),
    (
        "okta-username-format",
        "/apps/APP",
        lambda app: app["credentials"]["userNameTemplate"]["template"],
        "${source.login}",
    ),
    ("okta-nobody-assigned", "/apps/APP/users", len, 0),
    (
        "okta-more-attributes",
        "/mappings/PRM",
        lambda mapping: list(mapping["properties"])[4:],
        ["nickName", "title", "mobilePhone", "streetAddress", "manager"],
    ),
    ("okta-hostile-text", "/apps/APP", lambda app: "\x1b[2J" in app["label"], True),
]

# Fault, and create, update, deactivate as Okta tells them.
SWITCHES = [
    ("okta-switches-off", ["DISABLED", "DISABLED", "DISABLED"]),
    ("okta-deactivate-users-off", ["ENABLED", "ENABLED", "DISABLED"]),
]


@dataclass(frozen=True)
class Person:
    """A person in trouble: what Okta's app, ngrok and Okta's directory hold.

    Attributes:
        linked: whether the externalId of the app user is the SCIM id of the user in ngrok; "lost"
            where ngrok has no user with that id; None where there is no externalId.
        assigned: the status of the app user; None where there is none.
        in_ngrok: whether the user in ngrok is active; None where there is none.
        in_okta: the status in Okta's directory; None where Okta does not know them.
        reason: the reason of the last failure in the System Log; "" where there is none.
    """

    linked: bool | str | None
    assigned: str | None
    in_ngrok: bool | None
    in_okta: str | None = "ACTIVE"
    reason: str | None = ""


# Fault, the family name of its people, and how they are.
PEOPLE = [
    ("okta-assigned-early", "ekstrom", Person(None, "ACTIVE", None)),
    ("okta-push-waiting", "farrow", Person(None, "STAGED", None)),
    ("okta-push-queued", "zanetti", Person(None, "STAGED", None)),
    ("okta-leaver-assigned", "ximenes", Person(True, "PROVISIONED", True, "DEPROVISIONED")),
    ("okta-not-linked", "goodwin", Person(None, "ACTIVE", True)),
    ("okta-gone-in-ngrok", "holloway", Person("lost", "PROVISIONED", None)),
    ("okta-made-again-in-ngrok", "isaksson", Person("lost", "PROVISIONED", True)),
    ("okta-unknown", "jankowski", Person(None, None, True, None)),
    ("okta-leaver-active", "kimura", Person(None, None, True, "DEPROVISIONED")),
    ("okta-unassigned-active", "lockhart", Person(None, None, True)),
    ("okta-locked-out", "marchetti", Person(True, "PROVISIONED", False)),
    ("okta-suspended", "nightingale", Person(True, "PROVISIONED", True, "SUSPENDED")),
    (
        "okta-update-refused",
        "prescott",
        Person(
            True,
            "PROVISIONED",
            True,
            reason="Unauthorized. Errors reported by remote server: The API authentication you "
            "specified is properly formed, but it is invalid.",
        ),
    ),
    (
        "okta-create-conflict",
        "quimby",
        Person(
            None,
            "ACTIVE",
            True,
            reason="Conflict. Errors reported by remote server: User already exists",
        ),
    ),
    (
        "okta-no-matching-user",
        "rutherford",
        Person(None, "ACTIVE", None, reason="Matching user not found"),
    ),
    (
        "okta-deactivation-failed",
        "underhill",
        Person(None, None, True, "DEPROVISIONED", reason="Bad Gateway"),
    ),
    (
        "okta-update-mended",
        "villanueva",
        Person(True, "PROVISIONED", True, reason="Bad Gateway"),
    ),
]

# These have a test of their own below.
OTHERS = {
    "okta-deactivate-users-taken-off",
    "okta-scope-not-granted",
    "okta-second-app",
    "okta-web-page",
    "okta-address-differs",
    "okta-sign-in-failed",
    "okta-token-without-people",
}


def _get(sandbox: Sandbox, path: str) -> Got:
    app = sandbox.values.okta_app
    below = path.replace("APP", app).replace("PRM", app.replace("0oa", "prm"))
    return okta(sandbox, f"/api/v1{below}")


def _events(sandbox: Sandbox) -> list[dict[str, Any]]:
    since = quote((datetime.now(UTC) - timedelta(days=90)).isoformat())
    events: list[dict[str, Any]] = _get(sandbox, f"/logs?sortOrder=DESCENDING&since={since}").json
    return events


def test_every_fault_is_tried() -> None:
    tables = (ANSWERS, SETTINGS, SWITCHES, PEOPLE)
    tried = {str(row[0]) for table in tables for row in table} | OTHERS

    assert tried == {name for name in FAULTS if name.startswith("okta-")}


@pytest.mark.parametrize(("fault", "path", "status", "code"), ANSWERS)
def test_request_meets_the_fault(
    faulty: Sandbox, fault: str, path: str, status: int, code: str | None
) -> None:
    sound = _get(faulty, path)
    faulty.set_faults([fault])
    got = _get(faulty, path)

    assert got.status == status
    assert code is None or got.json["errorCode"] == code
    assert "x-rate-limit-reset" in got.headers
    assert scim(faulty, "GET", USERS).status == 200
    faulty.set_faults([])
    assert _get(faulty, path).status == sound.status


@pytest.mark.parametrize(("fault", "path", "seen", "expected"), SETTINGS)
def test_org_is_set_otherwise(
    faulty: Sandbox, fault: str, path: str, seen: Seen, expected: object
) -> None:
    sound = _get(faulty, path)
    faulty.set_faults([fault])
    got = _get(faulty, path).json

    assert seen(got) == expected
    assert got != sound.json
    faulty.set_faults([])
    assert _get(faulty, path).status == sound.status
    assert sound.status != 200 or _get(faulty, path).json == sound.json


@pytest.mark.parametrize(("fault", "switches"), SWITCHES)
def test_switches_are_reported(faulty: Sandbox, fault: str, switches: list[str]) -> None:
    faulty.set_faults([fault])
    feature = _get(faulty, "/apps/APP/features/USER_PROVISIONING").json
    capabilities = feature["capabilities"]

    assert feature["name"] == "USER_PROVISIONING"
    assert [
        capabilities["create"]["lifecycleCreate"]["status"],
        capabilities["update"]["profile"]["status"],
        capabilities["update"]["lifecycleDeactivate"]["status"],
    ] == switches


def _person(sandbox: Sandbox, name: str) -> Person:
    """Put together what both sides hold of the person with this e-mail address."""
    listed = quote(f'userName eq "{name}"')
    (in_ngrok,) = scim(sandbox, "GET", f"{USERS}?filter={listed}").json["Resources"] or [None]
    (assigned,) = _get(sandbox, f"/apps/APP/users?q={quote(name)}").json or [None]
    user = _get(sandbox, f"/users/{quote(name)}")
    failures = [
        event["outcome"]["reason"]
        for event in _events(sandbox)
        if event["outcome"]["result"] == "FAILURE"
        and any(target["alternateId"] == name for target in event["target"])
    ]
    linked: bool | str | None = (assigned or {}).get("externalId")
    if linked:
        linked = (in_ngrok is not None and in_ngrok["id"] == linked) or "lost"
    return Person(
        linked,
        assigned and assigned["status"],
        in_ngrok and in_ngrok["active"],
        user.json["status"] if user.status == 200 else None,
        failures[0] if failures else "",
    )


@pytest.mark.parametrize(("fault", "family", "person"), PEOPLE)
def test_fault_of_people_adds_one_person_with_that_state(
    faulty: Sandbox, fault: str, family: str, person: Person
) -> None:
    faulty.set_faults([fault])

    assert _person(faulty, f"ada.{family}@corp.example") == person
    assert _person(faulty, f"bruno.{family}@corp.example") == Person(None, None, None, None)
    faulty.set_faults([])
    assert _person(faulty, f"ada.{family}@corp.example") == Person(None, None, None, None)


@each_case(("fault", "family", "person"), PEOPLE)
def test_fault_of_people_adds_as_many_as_its_number(
    fault: str, family: str, person: Person
) -> None:
    with open_sandbox(users=1, faults=[f"{fault}=3"]) as sandbox:
        for mailbox in ("ada", "bruno", "chioma"):
            assert _person(sandbox, f"{mailbox}.{family}@corp.example") == person
        nobody = Person(None, None, None, None)
        assert _person(sandbox, f"dmitri.{family}@corp.example") == nobody
        assert _person(sandbox, "ada.abara@corp.example") == Person(True, "PROVISIONED", True)


def test_fault_gives_a_person_another_address_in_okta(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-address-differs"])
    (assigned,) = _get(faulty, "/apps/APP/users?q=new.").json
    user = scim(faulty, "GET", f"{USERS}/{assigned['externalId']}").json

    assert assigned["credentials"]["userName"] == "new.ada.oakley@corp.example"
    assert user["userName"] == "ada.oakley@corp.example"


def test_failed_sign_in_of_okta_is_in_the_log(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-sign-in-failed"])
    events = _events(faulty)
    failure = events[0]

    assert [event["outcome"]["result"] for event in events].count("FAILURE") == 1
    assert failure["eventType"] == "application.integration.authentication_failure"
    assert failure["severity"] == "ERROR"
    assert [target["type"] for target in failure["target"]] == ["AppInstance"]


def test_people_may_not_be_read(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-token-without-people"])

    assert _get(faulty, "/users/00u1").status == 403
    assert _get(faulty, "/users?limit=1").status == 403
    assert _get(faulty, "/apps/APP/users").status == 200


def test_event_of_the_directory_names_no_app(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-leaver-active", "okta-suspended"])
    events = [event for event in _events(faulty) if event["eventType"].startswith("user.")]

    assert {event["eventType"] for event in events} == {
        "user.lifecycle.deactivate",
        "user.lifecycle.suspend",
    }
    assert {target["type"] for event in events for target in event["target"]} == {"User"}


def test_update_succeeded_after_it_failed(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-update-mended"])
    newest, before, *_ = _events(faulty)

    assert [event["outcome"]["result"] for event in (newest, before)] == ["SUCCESS", "FAILURE"]
    assert newest["target"] == before["target"]


def test_reason_in_the_log_is_cut_at_255_characters(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-hostile-text"])
    reasons = [event["outcome"]["reason"] or "" for event in _events(faulty)]

    assert max(len(reason) for reason in reasons) == 255
    assert any("\x1b[2J" in reason for reason in reasons)


@pytest.mark.parametrize(("fault", "wait"), [("okta-rate-limited", 30), ("okta-rate-limited=7", 7)])
def test_rate_limit_says_when_it_ends(faulty: Sandbox, fault: str, wait: int) -> None:
    faulty.set_faults([fault])
    before = int(time())
    got = _get(faulty, "/apps")

    assert got.headers["x-rate-limit-remaining"] == "0"
    assert before + wait <= int(got.headers["x-rate-limit-reset"]) <= time() + wait
    faulty.set_faults(["okta-rate-limited@1"])
    assert [_get(faulty, "/apps").status for _ in range(2)] == [429, 200]


def test_web_page_comes_where_okta_would_answer(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-web-page"])
    got = _get(faulty, "/apps")

    assert (got.status, got.body[:9]) == (200, b"<!DOCTYPE")
    assert got.headers["content-type"].startswith("text/html")
    assert okta(faulty, "/api/v1/apps", authorization="SSWS x").status == 401


def test_people_of_faults_are_gone_when_faults_are_off() -> None:
    staged = [name for name, fault in FAULTS.items() if fault.scope is BUILT]
    with open_sandbox() as sandbox:
        before = [_get(sandbox, "/apps/APP/users").json, _get(sandbox, "/users").json]
        log, users = _events(sandbox), scim(sandbox, "GET", USERS).json
        for order in (staged, staged[::-1]):
            sandbox.set_faults(order)
            assert scim(sandbox, "GET", USERS).json["totalResults"] > 15
            sandbox.set_faults([])
            assert [_get(sandbox, "/apps/APP/users").json, _get(sandbox, "/users").json] == before
            assert (_events(sandbox), scim(sandbox, "GET", USERS).json) == (log, users)


def test_second_app_leads_to_ngrok_too(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-second-app"])
    apps = [app for app in _get(faulty, "/apps").json if "SCIM_PROVISIONING" in app["features"]]

    assert [(app["label"], app["signOnMode"]) for app in apps] == [
        ("ngrok (new)", "OPENID_CONNECT"),
        ("ngrok", "SAML_2_0"),
    ]


def test_switching_deactivate_users_off_is_in_the_log(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-deactivate-users-taken-off"])
    messages = [
        event["debugContext"]["debugData"].get("customMessage") for event in _events(faulty)
    ]

    assert [message for message in messages if message] == ["Stop deprovisioning unassigned users"]
