from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from ngrok_scim_cli.sandbox.okta_org import SCOPES
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import USERS, Got, okta, raw, scim
from tests.support.cases import each_case

PROVISIONED = 'eventType sw "application.provision"'


def _app_path(sandbox: Sandbox, below: str = "") -> str:
    return f"/api/v1/apps/{sandbox.values.okta_app}{below}"


def _pages(sandbox: Sandbox, target: str) -> list[list[dict[str, Any]]]:
    pages = []
    following: str | None = target
    while following is not None:
        got = okta(sandbox, following)
        assert got.status == 200
        pages.append(got.json)
        following = got.links.get("next")
    return pages


def _log(sandbox: Sandbox, **query: object) -> list[dict[str, Any]]:
    target = f"/api/v1/logs?{urlencode(query, quote_via=quote)}"
    return [event for page in _pages(sandbox, target) for event in page]


def _error(got: Got) -> tuple[int, str]:
    return got.status, got.json["errorCode"]


def test_everybody_in_ngrok_is_assigned_and_linked(shared_sandbox: Sandbox) -> None:
    in_ngrok = scim(shared_sandbox, "GET", USERS).json["Resources"]
    assigned = okta(shared_sandbox, _app_path(shared_sandbox, "/users")).json

    assert [(one["externalId"], one["credentials"]["userName"]) for one in assigned] == [
        (user["id"], user["userName"]) for user in in_ngrok
    ]
    assert {one["status"] for one in assigned} == {"PROVISIONED"}


def test_app_is_ready_for_provisioning(shared_sandbox: Sandbox) -> None:
    app = okta(shared_sandbox, _app_path(shared_sandbox)).json

    assert (app["id"], app["label"], app["status"]) == (
        shared_sandbox.values.okta_app,
        "ngrok",
        "ACTIVE",
    )
    assert app["signOnMode"] == "SAML_2_0"
    assert app["features"] == ["SCIM_PROVISIONING"]
    assert app["credentials"]["userNameTemplate"]["template"] == "${source.email}"


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("", ["Payroll", "Wiki", "Timesheets", "ngrok"]),
        ("?q=NGR", ["ngrok"]),
        ("?q=corpexample_pay", ["Payroll"]),
        ("?q=grok", []),
        ("?limit=2&after=2", ["Timesheets", "ngrok"]),
    ],
)
def test_apps_are_found_by_how_they_begin(
    shared_sandbox: Sandbox, query: str, labels: list[str]
) -> None:
    got = okta(shared_sandbox, f"/api/v1/apps{query}")

    assert [app["label"] for app in got.json] == labels
    assert "next" not in got.links


def test_lists_come_in_pages(shared_sandbox: Sandbox) -> None:
    apps = _pages(shared_sandbox, "/api/v1/apps?limit=3")
    people = _pages(shared_sandbox, _app_path(shared_sandbox, "/users?limit=2"))

    assert [len(page) for page in apps] == [3, 1]
    assert [len(page) for page in people] == [2, 1]
    assert len({one["id"] for page in people for one in page}) == 3


def test_each_list_names_itself(shared_sandbox: Sandbox) -> None:
    target = _app_path(shared_sandbox, "/users?limit=2")
    got = okta(shared_sandbox, target)

    assert got.links["self"] == shared_sandbox.values.okta_org_url + target
    assert got.links["next"].startswith(shared_sandbox.values.okta_org_url + target)


@each_case(
    ("begins", "found"),
    [
        ("ada.abara@", ["ada.abara@corp.example"]),
        ("BRUNO", ["bruno.becker@corp.example"]),
        ("Castillo", ["chioma.castillo@corp.example"]),
        ("abara", ["ada.abara@corp.example"]),
        ("nobody", []),
        ("", ["ada.abara@corp.example", "bruno.becker@corp.example"]),
    ],
)
def test_people_of_the_app_are_found_by_how_they_begin(
    shared_sandbox: Sandbox, begins: str, found: list[str]
) -> None:
    got = okta(shared_sandbox, _app_path(shared_sandbox, f"/users?q={quote(begins)}&limit=2"))

    assert [one["credentials"]["userName"] for one in got.json] == found
    assert ("next" in got.links) is (begins == "")


def test_one_of_the_app_s_people_is_read(shared_sandbox: Sandbox) -> None:
    (first, *_) = okta(shared_sandbox, _app_path(shared_sandbox, "/users?limit=1")).json

    assert okta(shared_sandbox, _app_path(shared_sandbox, f"/users/{first['id']}")).json == first


def test_other_apps_have_nobody(shared_sandbox: Sandbox) -> None:
    (payroll, *_) = okta(shared_sandbox, "/api/v1/apps?q=Pay").json
    (first, *_) = okta(shared_sandbox, _app_path(shared_sandbox, "/users?limit=1")).json

    assert okta(shared_sandbox, f"/api/v1/apps/{payroll['id']}/users").json == []
    missing = okta(shared_sandbox, f"/api/v1/apps/{payroll['id']}/users/{first['id']}")
    assert _error(missing) == (404, "E0000007")


@pytest.mark.parametrize("below", ["/features", "/features/USER_PROVISIONING"])
def test_switches_of_such_an_app_are_not_reported(shared_sandbox: Sandbox, below: str) -> None:
    got = okta(shared_sandbox, _app_path(shared_sandbox, below))

    assert _error(got) == (400, "E0000001")
    assert got.json["errorSummary"] == "Api validation failed: feature"
    assert got.json["errorCauses"] == [
        {"errorSummary": "Provisioning is not enabled for the app instance."}
    ]


def test_mapping_to_the_app_holds_what_ngrok_takes(shared_sandbox: Sandbox) -> None:
    target = f"/api/v1/mappings?targetId={shared_sandbox.values.okta_app}"
    (listed,) = okta(shared_sandbox, target).json
    mapping = okta(shared_sandbox, f"/api/v1/mappings/{listed['id']}").json

    assert listed["target"]["id"] == shared_sandbox.values.okta_app
    assert "properties" not in listed
    assert list(mapping["properties"]) == ["givenName", "familyName", "email", "displayName"]
    assert okta(shared_sandbox, "/api/v1/mappings?targetId=0oa0").json == []
    assert okta(shared_sandbox, "/api/v1/mappings").json == [listed]


@pytest.mark.parametrize("name", ["ada.abara@corp.example", "ADA.abara@corp.example"])
def test_person_is_read_by_login(shared_sandbox: Sandbox, name: str) -> None:
    user = okta(shared_sandbox, f"/api/v1/users/{quote(name)}").json

    assert user["profile"] == {
        "firstName": "Ada",
        "lastName": "Abara",
        "login": "ada.abara@corp.example",
        "email": "ada.abara@corp.example",
    }
    assert okta(shared_sandbox, f"/api/v1/users/{user['id']}").json == user


def test_owner_of_the_token_is_reported(shared_sandbox: Sandbox) -> None:
    me = okta(shared_sandbox, "/api/v1/users/me").json

    assert me["profile"]["login"] == "okta-admin@corp.example"


def test_deactivated_people_are_found_by_search_alone(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-leaver-active=3"])
    search = quote(
        'status eq "DEPROVISIONED" and (profile.login eq "ADA.kimura@corp.example" or '
        'profile.email eq "bruno.kimura@corp.example" or profile.login eq "ada.abara@corp.example")'
    )
    found = okta(faulty, f"/api/v1/users?search={search}").json
    listed = okta(faulty, "/api/v1/users").json

    assert [user["profile"]["login"] for user in found] == [
        "ada.kimura@corp.example",
        "bruno.kimura@corp.example",
    ]
    assert {user["status"] for user in listed} == {"ACTIVE"}
    assert len(listed) == 4
    by_what_it_does_not_know = quote('profile.city eq "x"')
    assert okta(faulty, f"/api/v1/users?search={by_what_it_does_not_know}").status == 400


def test_log_is_filtered_and_sorted(shared_sandbox: Sandbox) -> None:
    app = shared_sandbox.values.okta_app
    newest_first = _log(
        shared_sandbox,
        filter=f'target.id eq "{app}" and {PROVISIONED}',
        sortOrder="DESCENDING",
        until=datetime.now(UTC).isoformat(),
    )
    times = [event["published"] for event in newest_first]

    assert len(times) == 3
    assert times == sorted(times, reverse=True)
    assert _log(shared_sandbox, until=datetime.now(UTC).isoformat()) == newest_first[::-1]
    nothing = _log(shared_sandbox, filter='target.id eq "0oa0"', sortOrder="DESCENDING")
    assert nothing == []


def test_event_names_its_targets(shared_sandbox: Sandbox) -> None:
    (event, *_) = _log(shared_sandbox, sortOrder="DESCENDING")
    targets = {target["type"]: target for target in event["target"]}

    assert list(targets) == ["AppUser", "AppInstance", "User"]
    assert targets["AppInstance"]["id"] == shared_sandbox.values.okta_app
    assert targets["User"]["alternateId"] == targets["AppUser"]["alternateId"]
    assert targets["User"]["id"].startswith("00u")
    assert targets["AppUser"]["id"].startswith("0ua")
    assert event["outcome"] == {"result": "SUCCESS", "reason": None}
    assert event["displayMessage"] == "Push user's profile to external application"


def test_log_comes_in_pages(shared_sandbox: Sandbox) -> None:
    target = f"/api/v1/logs?limit=2&sortOrder=DESCENDING&filter={quote(PROVISIONED)}"
    pages = _pages(shared_sandbox, target)

    assert [len(page) for page in pages] == [2, 1]
    assert [event for page in pages for event in page] == _log(
        shared_sandbox, sortOrder="DESCENDING"
    )


def test_log_that_is_polled_has_no_end(shared_sandbox: Sandbox) -> None:
    first = okta(shared_sandbox, "/api/v1/logs?limit=3")
    second = okta(shared_sandbox, first.links["next"])
    third = okta(shared_sandbox, second.links["next"])

    assert (len(first.json), second.json, third.json) == (3, [], [])
    assert third.links["next"] == second.links["next"] == first.links["next"]


def test_log_without_a_limit_of_its_own_ends(shared_sandbox: Sandbox) -> None:
    got = okta(shared_sandbox, "/api/v1/logs?limit=0&sortOrder=DESCENDING")

    assert (got.json, "next" in got.links) == ([], False)


def test_log_knows_seven_days_unless_asked_and_ninety_at_most(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-assigned-early"])
    added = 'eventType eq "application.user_membership.add"'
    now = datetime.now(UTC)
    long_ago = (now - timedelta(days=3000)).isoformat()

    assert _log(faulty, filter=added, sortOrder="DESCENDING") == []
    (event,) = _log(faulty, filter=added, sortOrder="DESCENDING", since=long_ago)
    assert now - datetime.fromisoformat(event["published"]) > timedelta(days=50)
    east = (now - timedelta(days=50)).isoformat().replace("+00:00", "+08:00")
    assert _log(faulty, filter=added, since=long_ago, until=east) == [event]
    assert _log(faulty, filter=added, since=long_ago, until="2026-01-01T00:00:00") == []
    assert _log(faulty, filter=added, since=long_ago, until="0001-01-01T00:00:00Z") == []


@each_case(
    ("target", "status", "code"),
    [
        ("/api/v1/nope", 404, "E0000007"),
        ("/api/v1/", 404, "E0000007"),
        ("/api/v1/apps/", 404, "E0000007"),
        ("/api/v1/apps/0oa0", 404, "E0000007"),
        ("/api/v1/apps/0oa0/users", 404, "E0000007"),
        ("/api/v1/apps/APP/nope", 404, "E0000007"),
        ("/api/v1/apps/APP/users/00u0", 404, "E0000007"),
        ("/api/v1/apps/APP/features/INBOUND_PROVISIONING", 400, "E0000001"),
        ("/api/v1/mappings/prm0", 404, "E0000007"),
        ("/api/v1/users/nobody", 404, "E0000007"),
        ("/api/v1/apps/APP/users?limit=0", 400, "E0000001"),
        ("/api/v1/apps/APP/users?limit=501", 400, "E0000001"),
        ("/api/v1/apps/APP/users?limit=x", 400, "E0000001"),
        ("/api/v1/apps/APP/users?limit=%C2%B2", 400, "E0000001"),
        (f"/api/v1/apps?limit={'9' * 5000}", 400, "E0000001"),
        ("/api/v1/apps?limit=201", 400, "E0000001"),
        ("/api/v1/apps?after=-1", 400, "E0000001"),
        ("/api/v1/mappings?limit=201", 400, "E0000001"),
        ("/api/v1/users?search=nonsense", 400, "E0000031"),
        ("/api/v1/logs?limit=1001", 400, "E0000001"),
        ("/api/v1/logs?after=x", 400, "E0000001"),
        ("/api/v1/logs?since=yesterday", 400, "E0000001"),
        ("/api/v1/logs?until=9999-12-31T23:59:59-12:00", 400, "E0000001"),
        ("/api/v1/logs?sortOrder=UP", 400, "E0000001"),
        ("/api/v1/logs?filter=nonsense", 400, "E0000053"),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_refused(
    shared_sandbox: Sandbox, target: str, status: int, code: str
) -> None:
    got = okta(shared_sandbox, target.replace("APP", shared_sandbox.values.okta_app))

    assert _error(got) == (status, code)
    assert got.json["errorLink"] == code
    assert got.json["errorId"].startswith("oae")


def test_api_token_and_access_token_are_both_accepted(shared_sandbox: Sandbox) -> None:
    shared_sandbox.org.access_tokens["eyJ.made.here"] = SCOPES

    for authorization in (f"SSWS {shared_sandbox.org.token}", "Bearer eyJ.made.here"):
        got = okta(shared_sandbox, "/api/v1/apps", authorization=authorization)
        assert got.status == 200


@pytest.mark.parametrize("authorization", ["SSWS wrong", "Bearer eyJ.a.b", "x"])
def test_wrong_token_is_refused_without_being_repeated(
    shared_sandbox: Sandbox, authorization: str
) -> None:
    got = okta(shared_sandbox, "/api/v1/apps", authorization=authorization)

    assert _error(got) == (401, "E0000011")
    assert got.json["errorSummary"] == "Invalid token provided"


def test_ngrok_s_keys_do_not_open_it_and_its_token_does_not_open_ngrok(
    shared_sandbox: Sandbox,
) -> None:
    values = shared_sandbox.values
    for key in (values.admin_key, values.scim_key):
        got = okta(shared_sandbox, "/api/v1/apps", authorization=f"Bearer {key}")
        assert _error(got) == (401, "E0000011")
    refused = okta(shared_sandbox, "/api_keys", authorization=f"Bearer {values.okta_token}")
    assert (refused.status, refused.error_code) == (403, "ERR_NGROK_202")


def test_request_without_a_token_has_no_session(shared_sandbox: Sandbox) -> None:
    received = raw(shared_sandbox, b"GET /api/v1/apps HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 403")
    assert b'"E0000005"' in received


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD"])
def test_nothing_can_be_written(shared_sandbox: Sandbox, method: str) -> None:
    got = okta(shared_sandbox, _app_path(shared_sandbox), method=method)

    assert got.status == 405


def test_every_reply_has_the_rate_limit_and_an_id(shared_sandbox: Sandbox) -> None:
    first = okta(shared_sandbox, "/api/v1/mappings")
    refused = okta(shared_sandbox, "/api/v1/mappings", authorization="SSWS x")

    for got in (first, refused):
        assert got.headers["x-rate-limit-limit"] == "10000"
        assert got.headers["x-rate-limit-remaining"] == "9999"
        assert got.headers["x-rate-limit-reset"].isdecimal()
    assert first.headers["x-okta-request-id"] != refused.headers["x-okta-request-id"]
    assert "ngrok-operation-id" not in first.headers


@each_case(
    ("target", "found"),
    [
        ("/users?q=ada", 1),
        ("/users?q=abara", 1),
        ("/users?q=zzz", 0),
        ("/users?filter=status%20eq%20%22ACTIVE%22", 4),
        ("/users?filter=profile.lastName%20sw%20%22Ab%22", 1),
        ("/users?filter=status%20pr&search=profile.lastName%20co%20%22BAR%22&q=ad", 1),
        ("/users?search=lastUpdated%20gt%20%222020%22", 4),
        ("/users?search=not-a-filter", None),
        ("/users?filter=not-a-filter", None),
        ("/apps?filter=status%20eq%20%22ACTIVE%22", 3),
        ("/apps?filter=status%20eq%20%22ACTIVE%22&q=ngrok", 1),
        ("/apps?filter=label%20eq%20%22ngrok%22", None),
        ("/apps?search=x", None),
        ("/apps?expand=user", None),
        ("/apps/APP/users?filter=x", None),
        ("/apps/APP/users?expand=group", None),
        ("/apps/APP/groups", 1),
        ("/apps/APP/groups?q=x", None),
        ("/apps/0oa0/groups", None),
        ("/apps/APP/connections/other", None),
        ("/apps/APP?q=x", None),
        ("/groups", 2),
        ("/groups?q=ngrok", 1),
        ("/groups?limit=1", 1),
        ("/groups?filter=x", None),
        ("/mappings?q=x", None),
        ("/logs?q=x", None),
        ("/users/me/groups", 1),
        ("/users/ada.abara@corp.example/groups", 2),
        ("/users/nobody/groups", None),
        ("/groups/00g0", None),
    ],
)
def test_query_parameter_is_applied_or_refused(
    shared_sandbox: Sandbox, target: str, found: int | None
) -> None:
    app = shared_sandbox.values.okta_app
    got = okta(shared_sandbox, f"/api/v1{target.replace('APP', app)}")

    assert (len(got.json) if got.status == 200 else None) == found
    assert got.status == 200 or got.json["errorCode"] in ("E0000001", "E0000007", "E0000031")


def test_other_apps_have_no_groups(shared_sandbox: Sandbox) -> None:
    apps = okta(shared_sandbox, "/api/v1/apps").json
    found = [okta(shared_sandbox, f"/api/v1/apps/{app['id']}/groups").json for app in apps]

    assert [len(groups) for groups in found] == [0, 0, 0, 1]


def test_connection_of_an_app_with_scim_is_unknown(shared_sandbox: Sandbox) -> None:
    got = okta(shared_sandbox, _app_path(shared_sandbox, "/connections/default"))

    assert (got.json["status"], got.json["authScheme"]) == ("UNKNOWN", "UNKNOWN")


def test_org_and_group_are_read(shared_sandbox: Sandbox) -> None:
    (_, group) = okta(shared_sandbox, "/api/v1/groups").json

    assert okta(shared_sandbox, "/api/v1/org").json["status"] == "ACTIVE"
    assert okta(shared_sandbox, f"/api/v1/groups/{group['id']}").json == group


@pytest.mark.parametrize("scheme", ["SSWS ", "SSWS", "ssws"])
def test_token_is_taken_with_a_blank_and_without(shared_sandbox: Sandbox, scheme: str) -> None:
    authorization = scheme + shared_sandbox.values.okta_token

    assert okta(shared_sandbox, "/api/v1/org", authorization=authorization).status == 200


def test_administrator_who_took_a_switch_off_is_named(sandbox: Sandbox) -> None:
    sandbox.set_faults(["okta-deactivate-users-taken-off"])
    wanted = quote('eventType eq "application.lifecycle.update"')
    since = quote((datetime.now(UTC) - timedelta(days=30)).isoformat())
    (event,) = okta(sandbox, f"/api/v1/logs?since={since}&filter={wanted}").json

    message = event["debugContext"]["debugData"]["customMessage"]
    assert message == "Stop deprovisioning unassigned users"
    assert event["actor"]["alternateId"] == "okta-admin@corp.example"
