from urllib.parse import quote

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.scim_endpoint import ScimEndpoint
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import OKTA_TEST, USERS, Got, scim, send
from tests.support.cases import each_case

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"

# What Okta sends at an assignment.
NEWCOMER = {
    "schemas": [USER],
    "userName": "iris.new@corp.example",
    "name": {"givenName": "Iris", "familyName": "New"},
    "emails": [{"primary": True, "value": "iris.new@corp.example", "type": "work"}],
    "displayName": "Iris New",
    "locale": "en-US",
    "externalId": "00u1abcd",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}


def _look_up(sandbox: Sandbox, expression: str) -> Got:
    return scim(sandbox, "GET", f"{USERS}?filter={quote(expression)}&startIndex=1&count=100")


def test_okta_s_connector_test_gets_what_okta_asks_for(shared_sandbox: Sandbox) -> None:
    got = scim(shared_sandbox, "GET", OKTA_TEST)
    found = got.json

    assert got.status == 200
    assert got.headers["content-type"] == "application/scim+json"
    assert found["schemas"] == [LIST]
    assert (found["totalResults"], found["startIndex"], found["itemsPerPage"]) == (3, 1, 2)
    assert [user["userName"] for user in found["Resources"]] == [
        "ada.abara@corp.example",
        "bruno.becker@corp.example",
    ]
    for user in found["Resources"]:
        assert list(user) == ["schemas", "id", "meta", "userName", "displayName", "active"]
        location = f"{shared_sandbox.values.scim_base_url}Users/{user['id']}"
        assert user["meta"]["location"] == location


@pytest.mark.parametrize(
    "query",
    [
        "startIndex=1&count=2",
        "count=1&startIndex=3",
        "startIndex=1&count=1000",
        "startIndex=8&count=7",
        "startIndex=100&count=100",
        "",
        "count=5000",
        "startIndex=3",
        "startIndex=0&count=2",
        "count=0",
    ],
)
def test_plain_page_says_what_the_scim_server_would(
    faulty: Sandbox, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    faulty.set_faults(["no-display-name", "deactivated-users", "hostile-text"])
    made = scim(faulty, "POST", USERS, NEWCOMER).json
    try:
        got = scim(faulty, "GET", f"{USERS}?{query}")
        monkeypatch.setattr(ScimEndpoint, "_plain_page", lambda *_: None)
        server_s = scim(faulty, "GET", f"{USERS}?{query}")
    finally:
        scim(faulty, "DELETE", f"{USERS}/{made['id']}")

    assert (got.status, got.body) == (server_s.status, server_s.body)
    assert got.headers["content-type"] == server_s.headers["content-type"]


@each_case(
    ("query", "names"),
    [
        ("startIndex=2&count=1", ["bruno.becker"]),
        ("startIndex=3&count=100", ["chioma.castillo"]),
        ("startIndex=4&count=100", []),
        (f"startIndex={10**30}&count=2", []),
        (f"startIndex=3&count={10**30}", ["chioma.castillo"]),
        ("count=0", []),
        ("", ["ada.abara", "bruno.becker", "chioma.castillo"]),
    ],
)
def test_pages_begin_at_start_index(shared_sandbox: Sandbox, query: str, names: list[str]) -> None:
    found = scim(shared_sandbox, "GET", f"{USERS}?{query}").json

    assert found["totalResults"] == 3
    assert found["itemsPerPage"] == len(names)
    assert [user["userName"].partition("@")[0] for user in found["Resources"]] == names


@each_case(
    ("expression", "status", "total"),
    [
        ('userName eq "ada.abara@corp.example"', 200, 1),
        ('username EQ "ADA.Abara@corp.example"', 200, 1),
        ('userName eq "nobody@corp.example"', 200, 0),
        ('displayName co "castillo"', 200, 1),
        ('userName ne "ada.abara@corp.example"', 200, 2),
        ("active eq true", 200, 3),
        ('id eq "1"', 200, 0),
        ('email eq "ada.abara@corp.example"', 400, None),
        ("userName zz", 400, None),
    ],
)
def test_filters_find_whom_they_name(
    shared_sandbox: Sandbox, expression: str, status: int, total: int | None
) -> None:
    got = _look_up(shared_sandbox, expression)

    assert got.status == status
    assert got.json.get("totalResults") == total
    assert got.json["schemas"] == [LIST if status == 200 else ERROR]


def test_whole_life_of_a_user(sandbox: Sandbox) -> None:
    made = scim(sandbox, "POST", USERS, NEWCOMER)
    path = f"{USERS}/{made.json['id']}"

    assert made.status == 201
    assert made.headers["location"] == made.json["meta"]["location"]
    assert made.json.keys() == {"schemas", "id", "meta", "userName", "displayName", "active"}
    assert scim(sandbox, "POST", USERS, NEWCOMER).status == 409
    assert (
        scim(sandbox, "POST", USERS, {**NEWCOMER, "userName": "IRIS.NEW@corp.example"}).status
        == 409
    )

    shown = scim(sandbox, "GET", path)
    assert shown.json == made.json
    assert "location" not in shown.headers

    put = scim(sandbox, "PUT", path, {**NEWCOMER, "displayName": "Iris Old", "active": False})
    assert put.status == 200
    assert (put.json["displayName"], put.json["active"]) == ("Iris Old", False)
    assert put.json["id"] == made.json["id"]

    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": {"active": True}}],
    }
    patched = scim(sandbox, "PATCH", path, patch)
    assert (patched.status, patched.json["active"]) == (200, True)
    assert scim(sandbox, "GET", path).json["active"] is True

    assert scim(sandbox, "DELETE", path).status == 404
    sandbox.directory.deletes = True
    deleted = scim(sandbox, "DELETE", path)
    assert (deleted.status, deleted.body) == (204, b"")
    gone = scim(sandbox, "GET", path)
    assert (gone.status, gone.json["schemas"]) == (404, [ERROR])


def test_user_without_active_is_active(sandbox: Sandbox) -> None:
    body = {"schemas": [USER], "userName": "iris.new@corp.example"}

    assert scim(sandbox, "POST", USERS, body).json["active"] is True


def test_name_of_another_user_is_not_given_twice(sandbox: Sandbox) -> None:
    ada, bruno, _ = scim(sandbox, "GET", USERS).json["Resources"]
    body = {"schemas": [USER], "userName": bruno["userName"]}

    assert scim(sandbox, "PUT", f"{USERS}/{ada['id']}", body).status == 409


@pytest.mark.parametrize(
    "document", [{"schemas": [USER]}, {"schemas": [USER], "userName": ""}, [], "text"]
)
def test_body_that_is_no_user_is_refused_with_a_scim_error(
    shared_sandbox: Sandbox, document: object
) -> None:
    got = scim(shared_sandbox, "POST", USERS, document)

    assert (got.status, got.json["schemas"]) == (400, [ERROR])


@each_case(
    ("method", "target"),
    [
        ("GET", "/scim/v2"),
        ("GET", "/scim/v2/"),
        ("GET", "/scim/Users"),
        ("GET", "/Users"),
        ("GET", "/v2/Users"),
        ("GET", "/scim/v1/Users"),
        ("GET", "/SCIM/V2/Users"),
        ("GET", "/scim/v2//Users"),
        ("GET", "//scim/v2/Users"),
        ("GET", "/scim%2Fv2/Users"),
        ("GET", "/scim/v2/Users/"),
        ("GET", "/scim/v2/users"),
        ("GET", "/scim/v2/Groups"),
        ("GET", "/scim/v2/Me"),
        ("POST", "/scim/v2/Bulk"),
        ("POST", "/scim/v2/Users/.search"),
        ("DELETE", "/scim/v2/Users"),
        ("POST", "/scim/v2/Schemas"),
    ],
)
def test_path_that_ngrok_does_not_offer_is_a_routing_404_without_any_key(
    shared_sandbox: Sandbox, method: str, target: str
) -> None:
    got = send(shared_sandbox, method, target)

    assert got.status == 404
    assert got.json == {"status_code": 404, "msg": "Not Found", "details": {"path": target}}


def test_slash_in_an_id_belongs_to_the_id(shared_sandbox: Sandbox) -> None:
    got = scim(shared_sandbox, "GET", f"{USERS}/usr_1%2F2")

    assert (got.status, got.json["schemas"]) == (404, [ERROR])


def test_users_appended_to_the_base_url_finds_no_such_user(shared_sandbox: Sandbox) -> None:
    got = scim(shared_sandbox, "GET", f"{USERS}/Users?startIndex=1&count=2")

    assert (got.status, got.json["schemas"]) == (404, [ERROR])


def test_service_provider_config_offers_what_ngrok_documents(shared_sandbox: Sandbox) -> None:
    found = scim(shared_sandbox, "GET", "/scim/v2/ServiceProviderConfig").json
    supported = {name for name, what in found.items() if what and "supported" in what}

    assert supported == {"patch", "bulk", "filter", "changePassword", "sort", "etag"}
    assert {name for name in supported if found[name]["supported"]} == {"patch", "filter"}
    assert scim(shared_sandbox, "GET", f"{USERS}?sortBy=userName").status == 501


def test_discovery_needs_a_key_and_knows_users_only(shared_sandbox: Sandbox) -> None:
    (kind,) = scim(shared_sandbox, "GET", "/scim/v2/ResourceTypes").json["Resources"]
    (schema,) = scim(shared_sandbox, "GET", "/scim/v2/Schemas").json["Resources"]

    assert kind["endpoint"] == "/Users"
    assert kind.get("schemaExtensions", []) == []
    assert [one["name"] for one in schema["attributes"]] == ["userName", "displayName", "active"]
    assert scim(shared_sandbox, "GET", f"/scim/v2/Schemas/{USER}").json["id"] == USER
    assert send(shared_sandbox, "GET", "/scim/v2/ServiceProviderConfig").status == 403


def test_as_many_users_as_asked_for() -> None:
    with open_sandbox(users=2500) as sandbox:
        assert scim(sandbox, "GET", OKTA_TEST).json["totalResults"] == 2500
        page = scim(sandbox, "GET", f"{USERS}?startIndex=2401&count=5000").json
        assert len({user["id"] for user in page["Resources"]}) == 100
        assert scim(sandbox, "GET", f"{USERS}?count=5000").json["itemsPerPage"] == 1000


def test_sandbox_without_users_lists_none() -> None:
    with open_sandbox(users=0) as sandbox:
        found = scim(sandbox, "GET", OKTA_TEST).json

    assert found == {
        "schemas": [LIST],
        "totalResults": 0,
        "startIndex": 1,
        "itemsPerPage": 0,
        "Resources": [],
    }
