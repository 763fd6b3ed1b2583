"""What another SCIM tester says of our sandbox."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.peers.peers import PIP, installed

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def scim_sanity() -> Path:
    return installed("scim-sanity", PIP, ("scim-sanity==0.7.4",))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(faults=["delete-works"]) as opened:
        yield opened


def test_scim_sanity_finds_the_sandbox_in_order(scim_sanity: Path, sandbox: Sandbox) -> None:
    values = sandbox.values
    probe = [sys.executable, "-m", "scim_sanity", "probe", values.scim_base_url.rstrip("/")]
    ran = subprocess.run(
        [*probe, "--token", values.scim_key, "--json-output", "--i-accept-side-effects"],
        env=os.environ | {"PYTHONPATH": str(scim_sanity)},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    results = json.loads(ran.stdout)["results"]
    passed = {item["name"] for item in results if item["status"] == "pass"}
    assert {item["name"] for item in results} - passed == {
        item["name"] for item in results if item["status"] == "skip"
    }
    assert {"POST /Users", "GET /Users (ListResponse)", "GET /Users?filter (no match)"} <= passed
