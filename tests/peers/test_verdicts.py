"""The verdict on SCIM servers that are not ours, each as its package makes it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.peers import peers
from tests.peers.peers import KEY, Peer, fill

Start = Callable[[Path], AbstractContextManager[Peer]]

ROOT = Path(__file__).parents[2]
WRONG_KEY = "3PeerPeerPeerPeerPeerPeer00_9FalscherFalscherFalsch1"

pytestmark = pytest.mark.peers

PASSED = "Connector configured successfully"
UNAUTHORIZED = "Error authenticating: Unauthorized."
NOT_FOUND = "Error authenticating: Not Found."
NO_USERS = "Error authenticating: No results for users returned."


@dataclass(frozen=True)
class Expected:
    """What ``test-connect`` shall say.

    Attributes:
        status: the exit status.
        codes: the codes of the findings and the first letter of their severity, in order.
        okta: how the sentence begins that Okta would show.
        users: how many users there are, and how many came back; ``None`` where no list came.
        repair: the path of the base URL to paste, and whether Okta would accept it.
        replies: the status of each reply, in order.
    """

    status: int
    codes: tuple[str, ...]
    okta: str
    users: tuple[int, int] | None
    repair: tuple[str, bool] | None
    replies: tuple[int, ...]


HEALTHY = Expected(0, (), PASSED, (3, 2), None, (200, 200))
REFUSED = Expected(1, ("SCM501 e",), UNAUTHORIZED, None, None, (401,))
EMPTY = Expected(1, ("USR601 e",), NO_USERS, (0, 0), None, (200,))


def repaired(*codes: str, users: tuple[int, int] = (3, 2)) -> Expected:
    return Expected(1, codes, NOT_FOUND, users, ("/scim/v2/", True), (404, 200))


# What is asked of a server: the base URL, from its root and its path, and the key.
SITUATIONS: dict[str, Callable[[Peer], tuple[str, str]]] = {
    "healthy": lambda peer: (peer.base_url, KEY),
    "slash at the end": lambda peer: (f"{peer.base_url}/", KEY),
    "wrong key": lambda peer: (peer.base_url, WRONG_KEY),
    "empty": lambda peer: (peer.base_url, KEY),
    "no path": lambda peer: (peer.root, KEY),
    "wrong path": lambda peer: (f"{peer.root}/nope", KEY),
    "doubled slash": lambda peer: (f"{peer.base_url}//", KEY),
    "Users at the end": lambda peer: (f"{peer.base_url}/Users", KEY),
}

# scim2-server answers without its /v2, too, and takes two slashes for one; where it finds nothing,
# ngrok's path is no better. Its 401 names the token.
SCIM2_SERVER = {
    "healthy": HEALTHY,
    "slash at the end": HEALTHY,
    "wrong key": replace(REFUSED, codes=("KEY214 e",)),
    "empty": EMPTY,
    "no path": HEALTHY,
    "wrong path": Expected(1, ("SCM503 e",), NOT_FOUND, None, None, (404, 404)),
    "doubled slash": HEALTHY,
    "Users at the end": Expected(1, ("SCM503 e",), NOT_FOUND, None, None, (404, 404)),
}

# django-scim2 takes a path as it is written. Its 401 is empty and asks for Basic.
DJANGO_SCIM2 = {
    "healthy": HEALTHY,
    "slash at the end": HEALTHY,
    "wrong key": REFUSED,
    "empty": EMPTY,
    "no path": repaired("URL109 e"),
    "wrong path": repaired("URL109 e"),
    "doubled slash": repaired("URL112 e"),
    "Users at the end": repaired("URL110 e"),
}

SCIMMY_ON_EXPRESS_4 = {
    "healthy": HEALTHY,
    "slash at the end": HEALTHY,
    "wrong key": REFUSED,
    "empty": EMPTY,
    "no path": repaired("URL109 e"),
    "wrong path": repaired("URL109 e"),
    "doubled slash": HEALTHY,
    "Users at the end": repaired("URL110 e"),
}

# The same packages on Express 5 do not see "count": all three users come back.
TOO_MANY = Expected(0, ("SCM514 w",), PASSED, (3, 3), None, (200, 200))
SCIMMY_ON_EXPRESS_5 = {
    "healthy": TOO_MANY,
    "slash at the end": TOO_MANY,
    "wrong key": REFUSED,
    "empty": EMPTY,
    "no path": repaired("URL109 e", "SCM514 w", users=(3, 3)),
    "wrong path": repaired("URL109 e", "SCM514 w", users=(3, 3)),
    "doubled slash": repaired("URL112 e", "SCM514 w", users=(3, 3)),
    "Users at the end": repaired("URL110 e", "SCM514 w", users=(3, 3)),
}

# The list is right, and the look-up of one user returns everybody.
SCIMMY_WITHOUT_FILTER = {
    "healthy": Expected(1, ("SCM519 e",), PASSED, (3, 2), None, (200, 200)),
    "empty": EMPTY,
}

EXPECTATIONS: dict[Start, dict[str, Expected]] = {
    peers.scim2_server: SCIM2_SERVER,
    peers.django_scim2: DJANGO_SCIM2,
    peers.scimmy_on_express_4: SCIMMY_ON_EXPRESS_4,
    peers.scimmy_on_express_5: SCIMMY_ON_EXPRESS_5,
    peers.scimmy_without_filter: SCIMMY_WITHOUT_FILTER,
}


def cases() -> Iterator[object]:
    for start, table in EXPECTATIONS.items():
        needs_node = pytest.mark.skipif(
            start.__name__.startswith("scimmy")
            and not (shutil.which("node") and shutil.which("npm")),
            reason="NOT TESTED: no node and npm here (apt packages nodejs, npm)",
        )
        for situation, said in table.items():
            yield pytest.param(
                (start, situation != "empty"),
                situation,
                said,
                marks=needs_node,
                id=f"{start.__name__}: {situation}",
            )


@pytest.fixture(scope="session")
def peer(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Peer]:
    """A server on a free port; one for all tests that want the same."""
    start, filled = request.param
    with start(tmp_path_factory.mktemp("peer")) as running:
        if filled:
            fill(running)
        yield running


@pytest.mark.parametrize(("peer", "situation", "said"), list(cases()), indirect=["peer"])
def test_the_verdict_is_right(peer: Peer, situation: str, said: Expected) -> None:
    base_url, key = SITUATIONS[situation](peer)
    ran = subprocess.run(
        [sys.executable, "-m", "ngrok_scim_cli", "test-connect", "--format", "json", "--no-input"],
        env=os.environ | {"NGROK_SCIM_BASE_URL": base_url, "NGROK_SCIM_API_KEY": key},
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    document = json.loads(ran.stdout)
    users, repair = document["users"], document["repair"]
    assert document["okta"]["message"].startswith(said.okta)
    assert said == Expected(
        status=ran.returncode,
        codes=tuple(f"{item['code']} {item['severity'][0]}" for item in document["findings"]),
        okta=said.okta,
        users=(users["total"], users["returned"]) if users else None,
        repair=(
            (repair["values"]["base_url"].removeprefix(peer.root), repair["accepts"])
            if repair
            else None
        ),
        replies=tuple(item["status"] for item in document["exchanges"]),
    )
    assert key.partition("_")[2] not in ran.stdout + ran.stderr


def test_each_server_meets_the_situations_that_matter() -> None:
    whole = [table for start, table in EXPECTATIONS.items() if "without" not in start.__name__]
    assert all(list(table) == list(SITUATIONS) for table in whole)
