"""Every fault, by what a client sees of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.parse import quote

import pytest

from ngrok_scim_cli.sandbox import FAULTS, open_sandbox
from ngrok_scim_cli.sandbox.faults import BUILT, arm, lifecycle
from ngrok_scim_cli.sandbox.faults.fault import LISTS, PLAIN_LISTS
from ngrok_scim_cli.sandbox.people import people
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import OKTA_TEST, USERS, Got, api, raw, scim
from tests.support.cases import each_case

ADA = quote('userName eq "ada.abara@corp.example"')
LOOKUP = f"{USERS}?filter={ADA}&startIndex=1&count=100"

Seen = Callable[[Got], object]


def _first(got: Got) -> dict[str, object]:
    first: dict[str, object] = got.json["Resources"][0]
    return first


# Fault, what the connector test of Okta then gets (its status, and one thing in it).
REPLIES: list[tuple[str, int, Seen, object]] = [
    ("access-token-without-scope", 403, lambda got: got.error_code, "ERR_NGROK_29001"),
    ("requests-per-minute=0", 429, lambda got: got.error_code, "ERR_NGROK_226"),
    ("unauthorized", 401, lambda got: got.headers["www-authenticate"], 'Bearer realm="SCIM"'),
    ("key-refused", 401, lambda got: got.json["status"], "401"),
    ("forbidden-web-page", 403, lambda got: got.body[:9], b"<!DOCTYPE"),
    ("forbidden-address", 403, lambda got: got.error_code, "ERR_NGROK_220"),
    ("not-found", 404, lambda got: got.json["msg"], "Not Found"),
    ("redirect", 302, lambda got: got.headers["location"], "/sign-in"),
    ("rate-limited", 429, lambda got: got.headers["retry-after"], "30"),
    ("rate-limited=7", 429, lambda got: got.headers["retry-after"], "7"),
    ("rate-limited-silently", 429, lambda got: "retry-after" in got.headers, False),
    ("server-error", 500, lambda got: got.json["status"], "500"),
    ("bad-gateway-text", 502, lambda got: got.body, b"Bad Gateway\n"),
    ("error-without-scim", 500, lambda got: "schemas" in got.json, False),
    ("teapot", 418, lambda got: got.json["status"], "418"),
    ("hostile-error", 403, lambda got: "\x1b[2J" in got.json["detail"], True),
    ("authtoken-pasted", 400, lambda got: got.error_code, "ERR_NGROK_206"),
    ("header-unreadable", 403, lambda got: got.error_code, "ERR_NGROK_201"),
    ("owner-inactive", 403, lambda got: got.error_code, "ERR_NGROK_636"),
    ("owner-read-only", 403, lambda got: got.error_code, "ERR_NGROK_635"),
    ("plan-without-scim", 403, lambda got: got.error_code, "ERR_NGROK_4012"),
    ("account-suspended", 403, lambda got: got.error_code, "ERR_NGROK_205"),
    ("rate-limit-ngrok", 429, lambda got: got.error_code, "ERR_NGROK_226"),
    ("key-revoked", 403, lambda got: got.error_code, "ERR_NGROK_203"),
    ("service-user-inactive", 403, lambda got: got.error_code, "ERR_NGROK_636"),
    ("empty-list", 200, lambda got: (got.json["totalResults"], got.json["Resources"]), (0, [])),
    (
        "total-without-resources",
        200,
        lambda got: (got.json["totalResults"], got.json["Resources"]),
        (3, []),
    ),
    ("empty-body", 200, lambda got: got.body, b""),
    ("null-body", 200, lambda got: got.body, b"null"),
    ("web-page", 200, lambda got: got.headers["content-type"], "text/html; charset=utf-8"),
    ("not-json", 200, lambda got: got.body, b"OK, 3 users\n"),
    ("truncated-json", 200, lambda got: got.body[:2] + got.body[-1:] != b'{"}', True),
    ("bare-list", 200, lambda got: len(got.json), 2),
    ("other-api", 200, lambda got: list(got.json), ["users", "uri", "next_page_uri"]),
    ("wrong-list-schema", 200, lambda got: got.json["schemas"], ["urn:scim:schemas:core:1.0"]),
    (
        "text-counts",
        200,
        lambda got: (got.json["totalResults"], got.json["startIndex"]),
        ("3", "1"),
    ),
    ("missing-counts", 200, lambda got: sorted(got.json), ["Resources", "schemas"]),
    ("missing-resources", 200, lambda got: "Resources" in got.json, False),
    ("too-many-resources", 200, lambda got: len(got.json["Resources"]), 3),
    ("wrong-media-type", 200, lambda got: got.headers["content-type"], "text/plain; charset=utf-8"),
    ("huge", 200, lambda got: len(got.body) > 1024 * 1024, True),
    ("huge=10", 200, lambda got: got.json["padding"], "x" * 10),
    ("resource-without-id", 200, lambda got: "id" in _first(got), False),
    ("id-as-number", 200, lambda got: _first(got)["id"], 4711),
    ("resource-without-user-name", 200, lambda got: "userName" in _first(got), False),
    ("active-as-text", 200, lambda got: _first(got)["active"], "True"),
    ("slow=0", 200, lambda got: got.json["totalResults"], 3),
    ("slow-drip=0", 200, lambda got: got.json["totalResults"], 3),
    ("user-name-no-email", 200, lambda got: _first(got)["userName"], "gpetrov"),
    ("user-name-with-space", 200, lambda got: str(_first(got)["userName"])[-1], " "),
    (
        "twin-users",
        200,
        lambda got: len({user["userName"].casefold() for user in got.json["Resources"]}),
        1,
    ),
    ("foreign-domain-user", 200, lambda got: _first(got)["userName"], "contractor@agency.example"),
    ("deactivated-users", 200, lambda got: _first(got)["active"], False),
    ("no-display-name", 200, lambda got: "displayName" in _first(got), False),
    ("hostile-text", 200, lambda got: "\x1b[2J" in str(_first(got)["displayName"]), True),
]

# Fault, the look-up of a user that is there, and how many it finds.
LOOKUPS: list[tuple[str, int, int | None]] = [
    ("lookup-finds-nothing", 200, 0),
    ("lookup-fails", 400, None),
    ("lookup-ignores-filter", 200, 3),
]

# Fault, a request to ngrok's API, and the status and code that it gets.
API_ANSWERS: list[tuple[str, str, str, object, int, str | None]] = [
    ("api-token-without-scope", "GET", "/api_keys", None, 403, "ERR_NGROK_29001"),
    ("not-an-admin", "POST", "/service_users", {"name": "x"}, 403, "ERR_NGROK_4111"),
    ("not-an-admin", "POST", "/api_keys", {}, 403, "ERR_NGROK_630"),
    ("no-service-users-on-plan", "POST", "/service_users", {"name": "x"}, 403, "ERR_NGROK_4119"),
    ("key-limit", "POST", "/api_keys", {}, 403, "ERR_NGROK_603"),
    ("key-limit-per-interval", "POST", "/api_keys", {}, 429, "ERR_NGROK_614"),
    ("admin-key-revoked", "GET", "/api_keys", None, 403, "ERR_NGROK_203"),
    ("api-forbidden-address", "GET", "/api_keys", None, 403, "ERR_NGROK_220"),
    ("account-suspended", "GET", "/api_keys", None, 403, "ERR_NGROK_205"),
    ("rate-limit-ngrok", "GET", "/api_keys", None, 429, "ERR_NGROK_226"),
]

# These have a test of their own below.
OTHERS = {
    "key-is-access-token",
    "clock-ahead",
    "never-answers",
    "drops-connection",
    "drops-mid-answer",
    "speaks-no-http",
    "drops-after-create",
    "paging-repeats",
    "paging-shrinks",
    "paging-misses",
    "paging-ignores-start",
    "list-counts-page",
    "list-counts-the-rest",
    "list-of-the-first",
    "list-capped",
    "read-by-id-fails",
    "read-by-id-gives-another",
    "absent-as-text",
    "absent-fails",
    "absent-as-404",
    "absent-bare-list",
    "absent-gives-others",
    "difficult-names",
    "lookup-loses-quotes",
    "ip-restrictions-enforced",
    "api-server-error",
    "key-of-a-person",
    "shared-key",
    "old-key",
    "twin-keys",
    "twin-service-users",
    "half-made-key",
}


def _name(fault: str) -> str:
    return fault.partition("=")[0]


def test_every_fault_is_tried() -> None:
    tried = {_name(row[0]) for row in REPLIES} | {row[0] for row in LOOKUPS + API_ANSWERS} | OTHERS

    of_the_lifecycle = {fault.name for fault in lifecycle.FAULTS}  # tried in test_lifecycle.py
    assert tried == {name for name in FAULTS if not name.startswith("okta-")} - of_the_lifecycle


@pytest.mark.parametrize(("fault", "status", "seen", "expected"), REPLIES)
def test_connector_test_meets_the_fault(
    faulty: Sandbox, fault: str, status: int, seen: Seen, expected: object
) -> None:
    sound = scim(faulty, "GET", OKTA_TEST)
    faulty.set_faults([fault])
    got = scim(faulty, "GET", OKTA_TEST)

    assert got.status == status
    assert seen(got) == expected
    assert (got.status, got.body, got.headers) != (sound.status, sound.body, sound.headers)
    faulty.set_faults([])
    assert scim(faulty, "GET", OKTA_TEST).body == sound.body


@pytest.mark.parametrize(("fault", "status", "total"), LOOKUPS)
def test_lookup_meets_the_fault(
    faulty: Sandbox, fault: str, status: int, total: int | None
) -> None:
    assert scim(faulty, "GET", LOOKUP).json["totalResults"] == 1
    faulty.set_faults([fault])
    got = scim(faulty, "GET", LOOKUP)

    assert (got.status, got.json.get("totalResults")) == (status, total)
    assert scim(faulty, "GET", OKTA_TEST).json["totalResults"] == 3


@pytest.mark.parametrize(("fault", "method", "target", "document", "status", "code"), API_ANSWERS)
def test_api_meets_the_fault(
    faulty: Sandbox,
    *,
    fault: str,
    method: str,
    target: str,
    document: object,
    status: int,
    code: str | None,
) -> None:
    faulty.set_faults([fault])
    got = api(faulty, method, target, document)

    assert (got.status, got.error_code) == (status, code)


@each_case("name", sorted(FAULTS))
def test_fault_says_what_it_does_in_one_line(name: str) -> None:
    fault = FAULTS[name]

    assert fault.name == name
    assert fault.summary
    assert "\n" not in fault.summary
    assert not fault.summary.endswith(".")
    assert (fault.value is None) == (fault.unit == "")


def test_api_server_error_is_not_json(faulty: Sandbox) -> None:
    faulty.set_faults(["api-server-error"])
    got = api(faulty, "GET", "/api_keys")

    assert (got.status, got.body) == (500, b"internal server error\n")
    assert got.headers["ngrok-operation-id"].startswith("op_")


def test_faults_of_lists_leave_refusals_as_they_are(faulty: Sandbox) -> None:
    faulty.set_faults(["text-counts", "huge", "empty-body", "missing-resources", "clock-ahead"])
    received = raw(faulty, b"GET /scim/v2/Users HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 403")
    assert b"ERR_NGROK_200" in received


def test_wrong_base_url_is_404_whatever_the_fault(faulty: Sandbox) -> None:
    faulty.set_faults(["server-error"])

    assert scim(faulty, "GET", "/scim/Users").status == 404


@pytest.mark.parametrize(("fault", "ahead"), [("clock-ahead", 300), ("clock-ahead=3600", 3600)])
def test_fault_sends_a_date_that_is_ahead(faulty: Sandbox, fault: str, ahead: int) -> None:
    sound = parsedate_to_datetime(scim(faulty, "GET", OKTA_TEST).headers["date"])
    faulty.set_faults([fault])
    ahead_date = parsedate_to_datetime(scim(faulty, "GET", OKTA_TEST).headers["date"])

    assert ahead <= (ahead_date - sound).total_seconds() <= ahead + 60


@pytest.mark.parametrize("fault", ["drops-connection", "drops-mid-answer", "speaks-no-http"])
def test_fault_breaks_the_connection(faulty: Sandbox, fault: str) -> None:
    faulty.set_faults([fault])

    with pytest.raises((HTTPException, ConnectionError)):
        scim(faulty, "GET", OKTA_TEST)


def test_what_speaks_no_http_greets_as_ssh(faulty: Sandbox) -> None:
    faulty.set_faults(["speaks-no-http"])

    assert raw(faulty, b"GET /scim/v2/Users HTTP/1.1\r\n\r\n") == b"SSH-2.0-OpenSSH_9.7\r\n"


def test_drops_after_create_still_makes_the_key(sandbox: Sandbox) -> None:
    sandbox.set_faults(["drops-after-create"])
    with pytest.raises((HTTPException, ConnectionError)):
        api(sandbox, "POST", "/api_keys", {"metadata": "mark"})

    keys = api(sandbox, "GET", "/api_keys").json["keys"]
    assert [key.get("metadata") for key in keys] == ["mark", None, None]


def _page(sandbox: Sandbox, start: int) -> tuple[list[str], int, int]:
    found = scim(sandbox, "GET", f"{USERS}?startIndex={start}&count=2").json
    names = [user["userName"].partition(".")[0] for user in found["Resources"]]
    return names, found["startIndex"], found["totalResults"]


def test_fault_repeats_a_user_on_the_next_page(faulty: Sandbox) -> None:
    faulty.set_faults(["paging-repeats"])

    assert _page(faulty, 1) == (["ada", "bruno"], 1, 3)
    assert _page(faulty, 3) == (["bruno", "chioma"], 3, 3)


def test_fault_leaves_a_user_out_between_pages() -> None:
    with open_sandbox(users=5, faults=["paging-misses"]) as sandbox:
        assert _page(sandbox, 1) == (["ada", "bruno"], 1, 5)
        assert _page(sandbox, 3) == (["dmitri", "elif"], 3, 5)


def test_fault_answers_every_page_with_the_first(faulty: Sandbox) -> None:
    faulty.set_faults(["paging-ignores-start"])

    assert _page(faulty, 1) == (["ada", "bruno"], 1, 3)
    assert _page(faulty, 3) == (["ada", "bruno"], 3, 3)


def test_fault_makes_the_total_shrink_between_pages(faulty: Sandbox) -> None:
    faulty.set_faults(["paging-shrinks"])

    assert _page(faulty, 1) == (["ada", "bruno"], 1, 3)
    assert _page(faulty, 3) == (["chioma"], 3, 2)


def test_page_start_that_is_no_number_is_left_to_the_server(faulty: Sandbox) -> None:
    faulty.set_faults(["paging-repeats"])

    assert scim(faulty, "GET", f"{USERS}?startIndex=x").status == 400


def test_revoked_key_is_gone_from_the_account_too(faulty: Sandbox) -> None:
    faulty.set_faults(["key-revoked"])
    assert len(api(faulty, "GET", "/api_keys").json["keys"]) == 1
    faulty.set_faults([])
    assert len(api(faulty, "GET", "/api_keys").json["keys"]) == 2


def _scim_keys(sandbox: Sandbox) -> list[dict[str, str]]:
    keys: list[dict[str, str]] = api(sandbox, "GET", "/api_keys").json["keys"]
    return [key for key in keys if key["id"] != sandbox.account.admin_key.id]


def test_key_of_a_person_is_no_service_user_s(faulty: Sandbox) -> None:
    (sound,) = _scim_keys(faulty)
    faulty.set_faults(["key-of-a-person"])
    (key,) = _scim_keys(faulty)

    assert key == {**sound, "owner_id": faulty.account.administrator}
    assert scim(faulty, "GET", OKTA_TEST).status == 200
    faulty.set_faults([])
    assert _scim_keys(faulty) == [sound]


def test_shared_key_tells_its_other_uses(faulty: Sandbox) -> None:
    (sound,) = _scim_keys(faulty)
    faulty.set_faults(["shared-key"])
    (key,) = _scim_keys(faulty)

    assert key == {**sound, "description": "Okta, CI pipeline and the ops laptop"}
    faulty.set_faults([])
    assert _scim_keys(faulty) == [sound]


def test_twin_keys_share_their_description(faulty: Sandbox) -> None:
    (sound,) = _scim_keys(faulty)
    faulty.set_faults(["twin-keys"])
    twin, key = _scim_keys(faulty)

    assert key == sound
    assert twin["description"] == key["description"]
    faulty.set_faults([])
    assert _scim_keys(faulty) == [sound]


def test_half_made_key_bears_the_mark_of_a_setup(faulty: Sandbox) -> None:
    (sound,) = _scim_keys(faulty)
    faulty.set_faults(["half-made-key"])
    half_made, key = _scim_keys(faulty)

    assert key == sound
    assert json.loads(half_made["metadata"])["made_by"] == "ngrok-scim"
    assert half_made["owner_id"] == key["owner_id"]
    faulty.set_faults([])
    assert _scim_keys(faulty) == [sound]


def test_twin_service_users_share_their_name_but_for_case(faulty: Sandbox) -> None:
    faulty.set_faults(["twin-service-users"])
    names = [user["name"] for user in api(faulty, "GET", "/service_users").json["service_users"]]

    assert names == ["okta scim bot", "Okta SCIM Bot"]
    faulty.set_faults([])
    assert len(api(faulty, "GET", "/service_users").json["service_users"]) == 1


def test_old_key_takes_the_place_of_the_new_one(faulty: Sandbox) -> None:
    sound = faulty.values.scim_key
    faulty.set_faults(["old-key"])
    (key,) = _scim_keys(faulty)

    assert faulty.values.scim_key != sound
    assert key["id"] == "ak_" + faulty.values.scim_key.partition("_")[0]
    made = datetime.fromisoformat(key["created_at"])
    assert datetime.now(UTC) - made > timedelta(days=366)
    assert scim(faulty, "GET", OKTA_TEST).status == 200
    faulty.set_faults([])
    assert faulty.values.scim_key == sound
    assert scim(faulty, "GET", OKTA_TEST).status == 200


@each_case(
    "fault",
    [
        "old-key",
        "twin-keys",
        "shared-key",
        "key-of-a-person",
        "key-is-access-token",
        "half-made-key",
        "twin-service-users",
    ],
)
def test_fault_of_a_key_that_is_not_there_changes_nothing(fault: str) -> None:
    with open_sandbox(empty_account=True, faults=[fault]) as sandbox:
        assert _scim_keys(sandbox) == []


def test_access_token_opens_the_scim_endpoint(faulty: Sandbox) -> None:
    faulty.set_faults(["key-is-access-token"])

    assert faulty.values.scim_key.startswith("ngrok_pat_")
    assert scim(faulty, "GET", OKTA_TEST).status == 200
    assert _scim_keys(faulty) == []


def test_restriction_is_listed_while_the_fault_is_on(faulty: Sandbox) -> None:
    faulty.set_faults(["ip-restrictions-enforced"])
    assert len(api(faulty, "GET", "/ip_restrictions").json["ip_restrictions"]) == 1
    faulty.set_faults([])
    assert api(faulty, "GET", "/ip_restrictions").json["ip_restrictions"] == []


def test_fault_answers_the_nth_request_only(faulty: Sandbox) -> None:
    faulty.set_faults(["server-error@2"])
    api(faulty, "GET", "/api_keys")  # is out of its scope and does not count
    statuses = [scim(faulty, "GET", OKTA_TEST).status for _ in range(3)]
    assert statuses == [200, 500, 200]

    faulty.set_faults(["server-error@2"])
    assert scim(faulty, "GET", OKTA_TEST).status == 200


def test_faults_work_together(faulty: Sandbox) -> None:
    faulty.set_faults(["deactivated-users", "active-as-text", "wrong-media-type"])
    got = scim(faulty, "GET", OKTA_TEST)

    assert _first(got)["active"] == "False"
    assert got.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "first",
    ["empty-body", "null-body", "bare-list", "other-api", "missing-resources", "text-counts"],
)
def test_a_fault_of_a_list_bears_one_that_another_broke(faulty: Sandbox, first: str) -> None:
    broken = [fault for fault in FAULTS.values() if fault.scope in (LISTS, PLAIN_LISTS)]
    assert len(broken) > 20
    for fault in broken:
        faulty.set_faults([first, fault.name])
        assert scim(faulty, "GET", f"{USERS}?startIndex=2&count=2").status == 200


def test_unknown_fault_leaves_everything_as_it_is(faulty: Sandbox) -> None:
    faulty.set_faults(["server-error"])
    with pytest.raises(ValueError, match="no fault"):
        faulty.set_faults(["deactivated-users", "nonsense"])

    assert scim(faulty, "GET", OKTA_TEST).status == 500


@pytest.mark.parametrize(
    ("text", "name", "value", "only"),
    [
        ("slow", "slow", 12.0, None),
        ("slow=0.5", "slow", 0.5, None),
        ("slow=3@2", "slow", 3.0, 2),
        ("server-error", "server-error", 0.0, None),
        ("server-error@1", "server-error", 0.0, 1),
    ],
)
def test_fault_is_read(text: str, name: str, value: float, only: int | None) -> None:
    (armed,) = arm([text])

    assert (armed.name, armed.value, armed.only) == (name, value, only)


@each_case(
    ("text", "complaint"),
    [
        ("", "There is no fault ''."),
        ("xyzzy", "There is no fault 'xyzzy'."),
        ("empty", "Nearest: empty-list, empty-body"),
        ("twin-users@2", "twin-users is not about single requests: leave out '@2'."),
        ("server-error@0", "After '@' comes the number of a request"),
        ("server-error@", "After '@' comes the number of a request"),
        ("server-error@²", "After '@' comes the number of a request"),
        ("server-error=3", "server-error takes no number: leave out '=3'."),
        ("slow=", "After '=' comes a number of seconds"),
        ("slow=-1", "After '=' comes a number of seconds"),
        ("slow=nan", "After '=' comes a number of seconds"),
        ("slow=1e9", "After '=' comes a number of seconds"),
        (f"slow={'9' * 400}", "After '=' comes a number of seconds"),
        ("okta-unknown=1001", "okta-unknown takes at most 1000 people: 'okta-unknown=1001'."),
    ],
)
def test_fault_that_cannot_be_read_is_explained(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        arm([text])

    assert complaint in str(caught.value)


def test_fault_of_the_account_or_org_may_be_named_once() -> None:
    with pytest.raises(ValueError, match="okta-unknown is named twice"):
        arm(["okta-unknown=2", "server-error@1", "server-error@3", "okta-unknown"])


@pytest.mark.parametrize(
    ("fault", "second_page"),
    [
        ("list-counts-page", (1, ["chioma"])),
        ("list-counts-the-rest", (1, ["chioma"])),
        ("list-of-the-first=2", (2, ["ada", "bruno"])),
        ("list-capped=2", (2, [])),
    ],
)
def test_list_is_not_whole(faulty: Sandbox, fault: str, second_page: tuple[int, list[str]]) -> None:
    faulty.set_faults([fault])
    page = scim(faulty, "GET", f"{USERS}?startIndex=3&count=2").json
    names = [user["userName"].partition(".")[0] for user in page["Resources"]]

    assert (page["totalResults"], names) == second_page


@pytest.mark.parametrize(
    ("fault", "status", "found"),
    [("read-by-id-fails", 404, None), ("read-by-id-gives-another", 200, "usr_0")],
)
def test_one_user_is_not_read(faulty: Sandbox, fault: str, status: int, found: object) -> None:
    sound = _first(scim(faulty, "GET", OKTA_TEST))
    faulty.set_faults([fault])
    got = scim(faulty, "GET", f"{USERS}/{sound['id']}")

    assert (got.status, got.json.get("id")) == (status, found)


@pytest.mark.parametrize(
    ("fault", "status", "seen"),
    [
        ("absent-as-text", 200, lambda got: got.json["startIndex"] == "1"),
        ("absent-fails", 500, lambda got: got.json["status"] == "500"),
        ("absent-as-404", 404, lambda got: got.json["status"] == "404"),
        ("absent-bare-list", 200, lambda got: got.json == []),
        ("absent-gives-others", 200, lambda got: got.json["totalResults"] == 3),
    ],
)
def test_look_up_of_an_unknown_user_shows_the_fault(
    faulty: Sandbox, fault: str, status: int, seen: Callable[[Got], bool]
) -> None:
    faulty.set_faults([fault])
    absent = quote('userName eq "nobody@corp.example"')
    got = scim(faulty, "GET", f"{USERS}?filter={absent}&startIndex=1&count=100")

    assert got.status == status
    assert seen(got)
    assert scim(faulty, "GET", LOOKUP).json["totalResults"] == 1


def test_fault_loses_a_quotation_mark_in_a_look_up(faulty: Sandbox) -> None:
    faulty.set_faults(["difficult-names", "lookup-loses-quotes"])
    lost, found = "sinead.o'neill", "ada.lovelace+test"
    totals = [
        scim(faulty, "GET", f"{USERS}?filter={quote(condition)}").json["totalResults"]
        for condition in (f'userName eq "{name}@corp.example"' for name in (lost, found))
    ]

    assert totals == [0, 1]


def test_people_of_the_faults_are_none_of_the_others() -> None:
    """However many there are; twins apart, whose fault is just that."""
    staged = [name for name, fault in FAULTS.items() if fault.scope is BUILT]
    with open_sandbox(users=0, faults=staged) as sandbox:
        in_trouble = [user.person.user_name for user in sandbox.directory.everybody()]
    seeded = {person.user_name for person in people(100_000)}

    assert len(in_trouble) > 15
    assert not {name.strip().casefold() for name in in_trouble} & seeded
    twins = [name for name in in_trouble if in_trouble.count(name.casefold()) > 1]
    assert twins == []
