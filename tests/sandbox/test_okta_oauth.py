"""A service app that signs in to the Okta org with its private key."""

import base64
import json
import time
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from ngrok_scim_cli.sandbox.okta_oauth import CLIENT_ID
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.sandbox.client import Got, okta, send
from tests.support.cases import each_case

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def _assertion(sandbox: Sandbox, **changes: object) -> str:
    key = jwt.PyJWK.from_json(sandbox.service_app.private_key)
    claims = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": f"{sandbox.values.okta_org_url}/oauth2/v1/token",
        "exp": int(time.time()) + 300,
        **changes,
    }
    return jwt.encode(claims, key, headers={"kid": key.key_id})


def _token(sandbox: Sandbox, **form: str) -> Got:
    whole = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "scope": "okta.apps.read",
        **form,
    }
    return send(sandbox, "POST", "/oauth2/v1/token", body=urlencode(whole).encode())


def _signed_in(sandbox: Sandbox, scope: str) -> str:
    got = _token(sandbox, client_assertion=_assertion(sandbox), scope=scope)
    assert got.status == 200, got.body
    return f"Bearer {got.json['access_token']}"


def test_service_app_reads_what_its_scopes_allow(shared_sandbox: Sandbox) -> None:
    authorization = _signed_in(shared_sandbox, "okta.apps.read okta.orgs.read")
    refused = okta(shared_sandbox, "/api/v1/logs", authorization=authorization)

    assert okta(shared_sandbox, "/api/v1/apps", authorization=authorization).status == 200
    assert okta(shared_sandbox, "/api/v1/org", authorization=authorization).status == 200
    assert (refused.status, refused.json["errorCode"]) == (403, "E0000006")
    assert 'scope="okta.logs.read"' in refused.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"iss": "0oaother"}, 401),
        ({"aud": "https://elsewhere.okta.com/oauth2/v1/token"}, 401),
        ({"exp": 1}, 401),
        ({"exp": int(time.time()) + 100_000}, 401),
        ({"exp": "soon"}, 400),
    ],
)
def test_assertion_for_something_else_is_refused(
    shared_sandbox: Sandbox, claims: dict[str, Any], status: int
) -> None:
    got = _token(shared_sandbox, client_assertion=_assertion(shared_sandbox, **claims))

    assert (got.status, got.json["error"]) == (status, "invalid_client")


@each_case("text", ["", "a.b", "a.b.c", "e30.e30.AA", "..", "é.é.é"])
def test_assertion_that_is_none_is_refused(shared_sandbox: Sandbox, text: str) -> None:
    assert _token(shared_sandbox, client_assertion=text).json["error"] == "invalid_client"


def test_assertion_that_was_changed_is_refused(shared_sandbox: Sandbox) -> None:
    head, claims, signature = _assertion(shared_sandbox).split(".")
    other = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"jti": "x"}
    body = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
    forged = f"{head}.{body}.{signature}"

    assert _token(shared_sandbox, client_assertion=forged).status == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "secret"}, "invalid_client"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "okta.apps.manage"}, "invalid_scope"),
    ],
)
def test_request_for_something_else_is_refused(
    shared_sandbox: Sandbox, form: dict[str, str], error: str
) -> None:
    asked = {"client_assertion": _assertion(shared_sandbox), **form}

    assert _token(shared_sandbox, **asked).json["error"] == error


def test_scope_that_is_not_granted_is_not_given(faulty: Sandbox) -> None:
    faulty.set_faults(["okta-scope-not-granted"])
    asked = {"client_assertion": _assertion(faulty), "scope": "okta.logs.read"}

    assert _token(faulty, **asked).json["error"] == "invalid_scope"


def test_another_path_is_not_served(shared_sandbox: Sandbox) -> None:
    assert send(shared_sandbox, "GET", "/oauth2/v1/keys").status == 404
