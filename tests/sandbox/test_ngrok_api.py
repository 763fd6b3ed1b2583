import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import JSON, NGROK_VERSION, OKTA_TEST, Got, api, scim, send
from tests.support.cases import each_case

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox import RequestLine


def _auth(sandbox: Sandbox) -> bytes:
    return f"Bearer {sandbox.values.admin_key}".encode()


def _at_scim(sandbox: Sandbox, key: str) -> Got:
    return send(sandbox, "GET", OKTA_TEST, authorization=f"Bearer {key}".encode())


def _scim_owner(sandbox: Sandbox) -> str:
    owner_id: str = api(sandbox, "GET", "/service_users").json["service_users"][0]["id"]
    return owner_id


def test_account_starts_with_the_service_user_of_the_guide(sandbox: Sandbox) -> None:
    (user,) = api(sandbox, "GET", "/service_users").json["service_users"]
    scim_key, admin_key = api(sandbox, "GET", "/api_keys").json["keys"]

    assert list(user) == ["id", "uri", "name", "active", "roles", "created_at"]
    assert (user["name"], user["active"]) == ("Okta SCIM Bot", True)
    assert scim_key["description"] == "Okta SCIM Integration"
    assert scim_key["owner_id"] == user["id"]
    assert scim_key["id"] == "ak_" + sandbox.values.scim_key.partition("_")[0]
    assert admin_key["id"] == "ak_" + sandbox.values.admin_key.partition("_")[0]
    assert admin_key["owner_id"].startswith("usr_")


def test_empty_account_has_an_administrator_and_nothing_else() -> None:
    with open_sandbox(empty_account=True) as sandbox:
        assert sandbox.values.scim_key == ""
        assert api(sandbox, "GET", "/service_users").json["service_users"] == []
        assert len(api(sandbox, "GET", "/api_keys").json["keys"]) == 1


def test_key_is_made_shown_once_changed_and_deleted(sandbox: Sandbox) -> None:
    owner = _scim_owner(sandbox)
    made = api(
        sandbox, "POST", "/api_keys", {"description": "d", "metadata": "m", "owner_id": owner}
    )
    key_id, token = made.json["id"], made.json["token"]
    path = f"/api_keys/{key_id}"

    assert made.status == 201
    assert list(made.json) == [
        "id",
        "uri",
        "description",
        "metadata",
        "created_at",
        "token",
        "owner_id",
    ]
    assert made.json["uri"] == f"{sandbox.values.api_base_url}{path}"
    assert token.startswith(key_id.removeprefix("ak_") + "_")
    assert _at_scim(sandbox, token).status == 200

    shown = api(sandbox, "GET", path)
    assert shown.status == 200
    assert shown.json == {**made.json, "token": None}
    assert api(sandbox, "GET", "/api_keys").json["keys"][0] == shown.json

    changed = api(sandbox, "PATCH", path, {"description": "new"})
    assert (changed.status, changed.json["description"]) == (200, "new")
    assert changed.json["metadata"] == "m"

    deleted = api(sandbox, "DELETE", path)
    assert (deleted.status, deleted.body) == (204, b"")
    assert _at_scim(sandbox, token).error_code == "ERR_NGROK_203"
    assert api(sandbox, "GET", path).status == 404


def test_time_in_the_id_is_the_time_of_creation(sandbox: Sandbox) -> None:
    made = api(sandbox, "POST", "/api_keys", {}).json
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = 0
    for letter in made["id"].removeprefix("ak_"):
        number = number * 62 + alphabet.index(letter)
    seconds = int.from_bytes(number.to_bytes(20, "big")[:4], "big") + 1_400_000_000
    stamp = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert made["created_at"] == stamp


def test_empty_metadata_is_left_out_of_lists_only(sandbox: Sandbox) -> None:
    made = api(sandbox, "POST", "/api_keys", {}).json
    listed = api(sandbox, "GET", "/api_keys").json["keys"][0]

    assert made["metadata"] == ""
    assert "metadata" not in listed
    assert api(sandbox, "GET", f"/api_keys/{made['id']}").json["metadata"] == ""


def test_owner_is_whoever_asks_unless_one_is_named(sandbox: Sandbox) -> None:
    own = api(sandbox, "POST", "/api_keys", {}, key=sandbox.values.scim_key).json

    assert own["owner_id"] == _scim_owner(sandbox)


def test_service_user_is_made_changed_and_deleted_with_its_keys(sandbox: Sandbox) -> None:
    made = api(sandbox, "POST", "/service_users", {"name": "Bot"})
    user_id = made.json["id"]
    token = api(sandbox, "POST", "/api_keys", {"owner_id": user_id}).json["token"]
    path = f"/service_users/{user_id}"

    assert made.status == 201
    assert made.json["active"] is True
    assert api(sandbox, "GET", path).json == made.json
    renamed = api(sandbox, "PATCH", path, {"name": "Other Bot", "active": True})
    assert (renamed.status, renamed.json["name"]) == (200, "Other Bot")
    assert api(sandbox, "PATCH", path, {"name": "Other Bot"}).status == 200
    assert _at_scim(sandbox, token).status == 200

    assert api(sandbox, "DELETE", path).status == 204
    assert _at_scim(sandbox, token).error_code == "ERR_NGROK_203"
    assert api(sandbox, "GET", path).status == 404
    assert api(sandbox, "PATCH", path, {"active": True}).status == 404


def test_lists_are_paged_from_the_newest(sandbox: Sandbox) -> None:
    for number in range(5):
        api(sandbox, "POST", "/service_users", {"name": f"Bot {number}"})

    target: str | None = "/service_users?limit=2"
    pages = []
    while target:
        page = api(sandbox, "GET", target).json
        pages.append([user["name"] for user in page["service_users"]])
        assert page["uri"] == f"{sandbox.values.api_base_url}/service_users"
        following = page["next_page_uri"]
        target = following and following.removeprefix(sandbox.values.api_base_url)

    assert pages == [["Bot 4", "Bot 3"], ["Bot 2", "Bot 1"], ["Bot 0", "Okta SCIM Bot"]]


def test_nothing_comes_before_an_id_that_is_not_there(sandbox: Sandbox) -> None:
    assert api(sandbox, "GET", "/api_keys?before_id=ak_x").json["keys"] == []


@pytest.mark.parametrize("key", ["admin_key", "scim_key"])
def test_deleting_someone_else_s_key_is_not_asked_about(sandbox: Sandbox, key: str) -> None:
    made = api(sandbox, "POST", "/api_keys", {}).json
    token = getattr(sandbox.values, key)

    assert api(sandbox, "DELETE", f"/api_keys/{made['id']}", key=token).status == 204


@each_case(
    ("method", "target", "document", "status", "code"),
    [
        ("GET", "/api_keys?limit=0", None, 400, 233),
        ("GET", "/api_keys?limit=101", None, 400, 233),
        ("GET", "/api_keys?limit=-1", None, 400, 233),
        ("GET", f"/api_keys?limit={'9' * 5000}", None, 400, 233),
        ("GET", "/api_keys?limit=ten", None, 400, 244),
        ("GET", "/api_keys?limit=", None, 400, 244),
        ("GET", "/api_keys?limit=%C2%B2", None, 400, 244),
        ("GET", "/api_keys?page=2", None, 400, 231),
        ("GET", "/api_keys/ak_x?limit=2", None, 400, 231),
        ("GET", "/api_keys?limit=1&limit=2", None, 400, 232),
        ("GET", "/api_keys", {}, 400, 211),
        ("DELETE", "/api_keys/ak_x", {}, 400, 211),
        ("POST", "/api_keys", [], 400, 213),
        ("POST", "/api_keys", {"desc": "x"}, 400, 214),
        ("POST", "/api_keys", {"description": 1}, 400, 215),
        ("POST", "/service_users", {"name": "x", "active": "true"}, 400, 215),
        ("POST", "/api_keys", {"description": "ä" * 128}, 400, 604),
        ("POST", "/api_keys", {"metadata": "m" * 4097}, 400, 605),
        ("POST", "/api_keys", {"owner_id": "a", "owner_email": "b"}, 400, 631),
        ("POST", "/api_keys", {"owner_id": "a", "membership_id": "b"}, 400, 632),
        ("POST", "/api_keys", {"owner_id": "usr_nobody"}, 400, 634),
        ("POST", "/api_keys", {"owner_email": "nobody@corp.example"}, 400, 634),
        ("POST", "/api_keys", {"token": "x"}, 403, 638),
        ("POST", "/service_users", {}, 400, 4109),
        ("POST", "/service_users", {"name": ""}, 400, 4109),
        ("POST", "/service_users", {"name": "n" * 256}, 400, 4110),
        ("POST", "/service_users", {"name": "Okta SCIM Bot"}, 400, 4112),
    ],
)
def test_request_that_is_wrong_gets_ngrok_s_code(
    shared_sandbox: Sandbox, *, method: str, target: str, document: object, status: int, code: int
) -> None:
    got = api(shared_sandbox, method, target, document)

    assert (got.status, got.error_code) == (status, f"ERR_NGROK_{code}")
    assert "{" not in got.json["msg"]


@pytest.mark.parametrize(("document", "code"), [({}, 606), ({"owner_id": "x"}, 628)])
def test_key_cannot_change_its_owner_or_nothing(
    shared_sandbox: Sandbox, document: object, code: int
) -> None:
    key_id = shared_sandbox.account.admin_key.id
    got = api(shared_sandbox, "PATCH", f"/api_keys/{key_id}", document)

    assert (got.status, got.error_code) == (400, f"ERR_NGROK_{code}")


@pytest.mark.parametrize(
    ("method", "target", "document", "code"),
    [
        ("POST", "/service_users", {"name": "Bot"}, 4111),
        ("PATCH", "/service_users/bot_x", {"name": "Bot"}, 4111),
        ("DELETE", "/service_users/bot_x", None, 4111),
        ("POST", "/api_keys", {"owner_id": "usr_x"}, 630),
    ],
)
def test_service_user_s_key_is_no_administrator_s(
    shared_sandbox: Sandbox, method: str, target: str, document: object, code: int
) -> None:
    got = api(shared_sandbox, method, target, document, key=shared_sandbox.values.scim_key)

    assert (got.status, got.error_code) == (403, f"ERR_NGROK_{code}")


@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, 218), ({"Ngrok-Version": ""}, 218), ({"Ngrok-Version": "1"}, 217)],
)
def test_version_header_is_required(
    shared_sandbox: Sandbox, headers: dict[str, str], code: int
) -> None:
    got = send(
        shared_sandbox, "GET", "/api_keys", authorization=_auth(shared_sandbox), headers=headers
    )

    assert (got.status, got.error_code) == (400, f"ERR_NGROK_{code}")


@each_case(
    ("headers", "body", "code"),
    [
        ({}, b"{}", 216),
        ({"Content-Type": "text/plain"}, b"{}", 210),
        (JSON, b"", 213),
        (JSON, b"{", 213),
        (JSON, b"\xff", 213),
        (JSON, b"[" * 100_000, 213),
    ],
)
def test_body_must_be_json_and_say_so(
    shared_sandbox: Sandbox, headers: dict[str, str], body: bytes, code: int
) -> None:
    got = send(
        shared_sandbox,
        "POST",
        "/api_keys",
        authorization=_auth(shared_sandbox),
        headers={**NGROK_VERSION, **headers},
        body=body,
    )

    assert (got.status, got.error_code) == (400, f"ERR_NGROK_{code}")


@each_case(
    ("method", "target"),
    [
        ("GET", "/"),
        ("GET", "/cauldron-nope"),
        ("GET", "/api_keys/"),
        ("GET", "/api_keys/ak_x/y"),
        ("GET", "//api_keys"),
        ("GET", "/API_KEYS"),
        ("PUT", "/api_keys"),
        ("DELETE", "/api_keys"),
        ("POST", "/api_keys/ak_x"),
        ("POST", "/ip_restrictions"),
        ("OPTIONS", "*"),
    ],
)
def test_unknown_path_or_method_is_reported_before_the_key_is_asked_for(
    shared_sandbox: Sandbox, method: str, target: str
) -> None:
    got = send(shared_sandbox, method, target)

    assert got.status == 404
    assert got.json == {"status_code": 404, "msg": "Not Found", "details": {"path": target}}


@pytest.mark.parametrize(
    "path", ["/api_keys", "/service_users", "/ip_restrictions", "/ip_policy_rules"]
)
def test_missing_object_is_404_without_a_code(shared_sandbox: Sandbox, path: str) -> None:
    got = api(shared_sandbox, "GET", f"{path}/nothing")

    assert got.status == 404
    assert got.error_code is None
    assert got.json["details"]["operation_id"].startswith("op_")


def test_missing_key_cannot_be_changed_or_deleted(shared_sandbox: Sandbox) -> None:
    assert api(shared_sandbox, "PATCH", "/api_keys/ak_x", {"description": "d"}).status == 404
    assert api(shared_sandbox, "DELETE", "/api_keys/ak_x").status == 404
    assert api(shared_sandbox, "DELETE", "/service_users/bot_x").status == 404


def test_ip_restriction_leads_to_its_rules(sandbox: Sandbox) -> None:
    sandbox.set_faults(["ip-restrictions-enforced"])
    (restriction,) = api(sandbox, "GET", "/ip_restrictions").json["ip_restrictions"]
    rules = api(sandbox, "GET", "/ip_policy_rules").json["ip_policy_rules"]

    assert (restriction["type"], restriction["enforced"]) == ("api", True)
    (policy,) = restriction["ip_policies"]
    assert policy["uri"].endswith(f"/ip_policies/{policy['id']}")
    assert {rule["ip_policy"]["id"] for rule in rules} == {policy["id"]}
    assert {(rule["cidr"], rule["action"]) for rule in rules} == {
        ("127.0.0.1/32", "allow"),
        ("203.0.113.0/24", "allow"),
    }
    assert api(sandbox, "GET", f"/ip_policy_rules/{rules[0]['id']}").json == rules[0]


def test_every_reply_names_its_operation(shared_sandbox: Sandbox) -> None:
    for target in ("/api_keys", "/nope", OKTA_TEST):
        operation_id = send(shared_sandbox, "GET", target).headers["ngrok-operation-id"]
        assert re.fullmatch(r"op_[0-9A-Za-z]{27}", operation_id)


@each_case(
    ("text", "found"),
    [
        ('obj.description == "Okta SCIM Integration"', 1),
        ("obj.description == 'Okta SCIM Integration'", 1),
        ('obj.description != "Okta SCIM Integration"', 1),
        ('obj.owner_id == "usr_nobody"', 0),
        ('!(obj.owner_id == "usr_nobody")', 2),
        ('obj.id in ["ak_x"]', 0),
        ('obj.owner_id == "x" || obj.metadata == ""', 2),
        ('obj.owner_id == "x" && obj.metadata == ""', 0),
        ('obj.owner_id == "x" && true || size(obj.description) > 3', 2),
        ('obj.created_at > timestamp("2020-01-01T00:00:00Z")', 2),
        ("obj.metadata == null", 0),
        ("!true == false && -1 < 0", 2),
        ("obj.description == 'true && !\"x\"'", 0),
        ("obj.description != 'this and not #1'", 2),
        ("obj.description < 3", 0),
    ],
)
def test_list_is_filtered(shared_sandbox: Sandbox, text: str, found: int) -> None:
    got = api(shared_sandbox, "GET", f"/api_keys?filter={quote(text)}")

    assert (got.status, len(got.json["keys"])) == (200, found)


@each_case(
    "text",
    [
        "",
        "obj.description ==",
        "obj.nothing == 1",
        "description == 1",
        'obj.description eq "x"',
        "obj.description == 'x",
        '(obj.description == "x"',
        "size obj.description",
        '["x"',
        '["x" "y"]',
        "#",
        "1 < 2 < 3",
        "f'x'",
        "obj['id'] == 'x'",
        "obj.id.x == 'x'",
        "(lambda: true)()",
        "__import__('os')",
        "obj.id if true else obj.id",
        "true and true",
        "obj.metadata == None",
        "~false",
        "true # that is all",
        "(" * 20_000,
        "!" * 20_000,
        "[" * 20_000,
        "size(" * 5_000,
    ],
)
def test_filter_that_is_no_cel_is_refused(shared_sandbox: Sandbox, text: str) -> None:
    got = api(shared_sandbox, "GET", f"/api_keys?filter={quote(text)}")

    assert (got.status, got.error_code) == (400, "invalid_cel_expression")


def test_name_of_a_service_user_cannot_be_asked_for(shared_sandbox: Sandbox) -> None:
    name = quote('obj.name == "Okta SCIM Bot"')

    assert api(shared_sandbox, "GET", f"/service_users?filter={name}").status == 400


def test_next_page_keeps_the_filter(sandbox: Sandbox) -> None:
    for _ in range(2):
        api(sandbox, "POST", "/api_keys", {"description": "one of two"})
    wanted = quote('obj.description == "one of two"')
    first = api(sandbox, "GET", f"/api_keys?limit=1&filter={wanted}").json
    target = first["next_page_uri"].removeprefix(sandbox.values.api_base_url)
    second = api(sandbox, "GET", target).json

    assert [len(page["keys"]) for page in (first, second)] == [1, 1]
    assert second["next_page_uri"] is None


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (["developer", "team-manager"], None),
        (["developer-readonly"], None),
        (["administrator"], "ERR_NGROK_IAM_SERVICE_USER_ROLE_NOT_ALLOWED"),
        (["developer", "developer-readonly"], "ERR_NGROK_IAM_SERVICE_USER_ROLE_CONFLICT"),
    ],
)
def test_service_user_has_roles(sandbox: Sandbox, roles: list[str], code: str | None) -> None:
    made = api(sandbox, "POST", "/service_users", {"name": "Other", "roles": roles})

    assert made.json.get("error_code") == code
    assert code or made.json["roles"] == roles


def test_service_user_who_may_only_read_changes_nothing(sandbox: Sandbox) -> None:
    owner = api(
        sandbox, "POST", "/service_users", {"name": "Reader", "roles": ["developer-readonly"]}
    ).json
    token = api(sandbox, "POST", "/api_keys", {"owner_id": owner["id"]}).json["token"]

    assert api(sandbox, "GET", "/api_keys", key=token).status == 200
    assert api(sandbox, "POST", "/api_keys", {}, key=token).error_code == "ERR_NGROK_635"
    api(sandbox, "PATCH", f"/service_users/{owner['id']}", {"roles": ["developer"]})
    assert api(sandbox, "POST", "/api_keys", {}, key=token).status == 201


def test_access_token_may_do_what_its_scopes_say(sandbox: Sandbox) -> None:
    made = api(sandbox, "POST", "/access_tokens", {"scopes": ["api_keys:read"]}).json

    assert made["token"].startswith("ngrok_pat_")
    assert made["owner_id"] == sandbox.account.administrator
    (listed,) = api(sandbox, "GET", "/access_tokens").json["access_tokens"]
    assert listed == {**made, "token": None}
    assert api(sandbox, "GET", "/api_keys", key=made["token"]).status == 200
    refused = api(sandbox, "POST", "/api_keys", {}, key=made["token"])
    assert (refused.status, refused.error_code) == (403, "ERR_NGROK_29001")
    assert "api_keys:write" in refused.json["msg"]
    assert api(sandbox, "DELETE", f"/access_tokens/{made['id']}").status == 204
    assert api(sandbox, "DELETE", f"/access_tokens/{made['id']}").status == 404
    assert api(sandbox, "GET", "/api_keys", key=made["token"]).error_code == "ERR_NGROK_203"


def test_access_token_of_a_service_user_is_revoked_with_it(sandbox: Sandbox) -> None:
    key = sandbox.values.scim_key
    body = {"scopes": ["api_keys:read"], "description": "mine", "metadata": "m"}
    made = api(sandbox, "POST", "/access_tokens", body, key=key).json
    (user,) = api(sandbox, "GET", "/service_users").json["service_users"]

    assert (made["owner_id"], made["description"], made["metadata"]) == (user["id"], "mine", "m")
    assert api(sandbox, "DELETE", f"/service_users/{user['id']}").status == 204
    assert api(sandbox, "GET", "/access_tokens").json["access_tokens"] == []
    assert api(sandbox, "GET", "/api_keys", key=made["token"]).error_code == "ERR_NGROK_203"


@pytest.mark.parametrize("scopes", [[], [1], None])
def test_access_token_needs_scopes(shared_sandbox: Sandbox, scopes: object) -> None:
    got = api(shared_sandbox, "POST", "/access_tokens", {"scopes": scopes})

    assert got.error_code == "ERR_NGROK_215"


def test_access_token_is_never_shown() -> None:
    seen: list[RequestLine] = []
    with open_sandbox(on_request=seen.append, faults=["key-is-access-token"]) as watched:
        token = watched.values.scim_key
        api(watched, "GET", f"/{token}", key=token)

    assert seen[-1].credential.startswith("pat_")
    assert seen[-1].path == "/ngrok_pat_..."


def test_requests_are_counted_for_a_minute(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("ngrok_scim_cli.sandbox.account.monotonic", lambda: now[0])
    sandbox.set_faults(["requests-per-minute=2"])
    statuses = [api(sandbox, "GET", "/api_keys").status for _ in range(3)]
    now[0] += 61

    assert statuses == [200, 200, 429]
    assert scim(sandbox, "GET", "/scim/v2/Users").status == 200
