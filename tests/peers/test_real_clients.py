"""The clients that ngrok, Okta and others publish, against the sandbox."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.okta_oauth import CLIENT_ID
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.peers.peers import NPM, PIP, installed

pytestmark = pytest.mark.peers

CLIENTS = Path(__file__).parent / "clients"
NGROK = ("ngrok-api==0.19.0",)
OKTA = ("okta==3.4.6",)
OKTA_NODE = ("@okta/okta-sdk-nodejs@8.1.0",)
SCIM = ("scim2-tester==0.5.2", "scim2-client[httpx2]==0.13.2")

# The sandbox's router knows no other method, as ngrok's, and ngrok takes no externalId.
NOT_AS_THE_RFC_ASKS = {
    "check_add_attribute",
    "check_remove_attribute",
    "check_replace_attribute",
    "object_list_with_attributes",
    "object_query_with_attributes",
    "random_url",
    "resource_types_endpoint_methods",
    "schemas_endpoint_methods",
    "search_with_attributes",
    "service_provider_config_endpoint_methods",
}

# Not told for such an app: Okta says UNKNOWN, which the Python SDK's model does not know.
READ_BY_PYTHON = {
    "apps": 1,
    "apps by filter": 3,
    "app": "SamlApplication",
    "app users": 100,
    "app groups": 1,
    "connection": "ValidationError",
    "features": "E0000001",
    "me": "User",
    "my groups": 1,
    "users by search": 100,
    "log": 10,
    "mappings": 1,
    "org": "OrgSetting",
}
READ_BY_NODE = {
    "apps": 1,
    "app": "ACTIVE",
    "app users": 250,
    "app groups": 1,
    "connection": "UNKNOWN",
    "features": "E0000001",
    "me": "ACTIVE",
    "users by search": 251,
    "log": 20,
    "mappings": 1,
    "org": "ACTIVE",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(users=250, faults=["delete-works"]) as opened:
        yield opened


def _run(command: list[str], packages: Path, **environment: str) -> Any:  # noqa: ANN401 - JSON
    ran = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": str(packages), **environment},
        cwd=packages,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def _okta(sandbox: Sandbox) -> dict[str, str]:
    return {
        "PEER_ROOT": sandbox.values.okta_org_url,
        "PEER_TOKEN": sandbox.values.okta_token,
        "PEER_APP": sandbox.values.okta_app,
        "PEER_CLIENT_ID": CLIENT_ID,
        "PEER_PRIVATE_KEY": sandbox.service_app.private_key,
        "PEER_SCOPES": " ".join(sandbox.org.granted_scopes),
        # The SDK wants https, but for its own tests.
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK": "true",
    }


def test_ngrok_s_python_client_makes_and_finds_keys(sandbox: Sandbox) -> None:
    said = _run(
        [sys.executable, str(CLIENTS / "ngrok_client.py")],
        installed("ngrok-api", PIP, NGROK),
        PEER_KEY=sandbox.values.admin_key,
        PEER_ROOT=sandbox.values.api_base_url,
    )

    assert said == {
        "made": "changed",
        "token": True,
        "listed": ["changed", "Okta SCIM Integration", "Administration from a terminal"],
        "filtered": True,
        "bad filter": "Error",
        "gone": "NotFoundError",
        "restrictions": 0,
    }


def test_okta_s_python_sdk_reads_the_org(sandbox: Sandbox) -> None:
    said = _run(
        [sys.executable, str(CLIENTS / "okta_client.py")],
        installed("okta", PIP, OKTA),
        **_okta(sandbox),
    )

    assert said == {"token": READ_BY_PYTHON, "service app": READ_BY_PYTHON}


@pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")),
    reason="NOT TESTED: no node and npm here (apt packages nodejs, npm)",
)
def test_okta_s_node_sdk_reads_the_org(sandbox: Sandbox) -> None:
    packages = installed("okta-node", NPM, OKTA_NODE)
    # Node looks for packages from where the file lies.
    script = shutil.copy(CLIENTS / "okta_client.mjs", packages / "okta_client.mjs")
    said = _run([shutil.which("node") or "node", str(script)], packages, **_okta(sandbox))

    assert said["token"] == READ_BY_NODE
    # What needs a scope that was not asked for is refused.
    without = dict.fromkeys(("log", "mappings", "org"), "E0000006")
    assert said["service app"] == READ_BY_NODE | without


def test_scim2_client_and_tester_know_the_endpoint(sandbox: Sandbox) -> None:
    said = _run(
        [sys.executable, str(CLIENTS / "scim_client.py")],
        installed("scim2", PIP, SCIM),
        PEER_BASE=sandbox.values.scim_base_url.rstrip("/"),
        PEER_KEY=sandbox.values.scim_key,
    )

    assert (said["users"], said["replaced"], said["left"]) == (250, "Peer", 250)
    assert set(said["failed"]) == NOT_AS_THE_RFC_ASKS
    assert len(said["passed"]) > 10
