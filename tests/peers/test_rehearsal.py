"""The rehearsal on SCIM servers that are not ours: it passes, or names the step that differs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.diagnosis.finding import CheckStatus
from ngrok_scim_cli.diagnosis.rehearsal.reply import is_active, users_in
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.rehearsal.plan import names_for, planned_requests
from ngrok_scim_cli.rehearsal.run import Rehearsal
from ngrok_scim_cli.rehearsal.spec import run_spec
from ngrok_scim_cli.rehearsal.user import ThrowAwayUsers
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.retry_policy import RetryPolicy
from ngrok_scim_cli.wire.scim import OktaScim
from tests.peers import peers
from tests.rehearsal.test_kills import leaves_nobody_active
from tests.rehearsal.test_run import KillingWire
from tests.support.admin import Admin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.peers.test_verdicts import Start

pytestmark = pytest.mark.peers

AT_ONCE = RetryPolicy(pause=lambda _seconds: None)
NOW = datetime(2026, 11, 28, 16, tzinfo=UTC)
PUT, PATCH = Dialect.PUT, Dialect.PATCH

SERVERS: list[Start] = [peers.scim2_server, peers.django_scim2, peers.scimmy_on_express_4]

# Where a server differs: the steps that fail, and the code of each. docs/rehearse.md has the table.
DIFFERENT: dict[tuple[Start, Dialect], dict[str, str]] = {
    (peers.django_scim2, PUT): {"update": "REH004"},  # keeps no displayName of its own
    (peers.django_scim2, PATCH): {"update": "REH005"},
}
SPEC_FAILS: dict[Start, list[str]] = {peers.django_scim2: ["spec-11"]}


@pytest.fixture(params=SERVERS, ids=lambda start: start.__name__)
def start(request: pytest.FixtureRequest) -> Start:
    chosen: Start = request.param
    return chosen


@pytest.fixture
def scim(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OktaScim]:
    folder = tmp_path_factory.mktemp("peer")
    with start(folder) as peer, Wire(environment={}, timeout=30) as wire:
        peers.fill(peer)
        yield OktaScim(wire, peer.base_url, peers.KEY)


@pytest.mark.parametrize("dialect", Dialect)
def test_a_rehearsal_fails_only_where_the_peer_differs_from_okta(
    start: Start, scim: OktaScim, dialect: Dialect
) -> None:
    rehearsal = Rehearsal(
        scim, names_for("corp.example", NOW), dialect, lambda _id: None, retry=AT_ONCE
    )
    rehearsal.run()
    failed = {
        step.code: step.findings[0].code
        for step in rehearsal.steps
        if step.status is CheckStatus.FAIL
    }
    assert failed == DIFFERENT.get((start, dialect), {})
    assert {user.state for user in rehearsal.users.known} == {"deleted"}


def test_oktas_spec_suite(start: Start, scim: OktaScim) -> None:
    failed = [check.code for check in run_spec(scim).checks if check.status is CheckStatus.FAIL]
    assert failed == SPEC_FAILS.get(start, [])


# Every moment of each server takes too long for each day.
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("dialect", Dialect)
def test_no_active_user_is_left_after_a_kill(
    start: Start, tmp_path_factory: pytest.TempPathFactory, dialect: Dialect, every: int
) -> None:
    names = names_for("corp.example", NOW)
    folder = tmp_path_factory.mktemp("peer")
    with start(folder) as peer, Wire(environment={}, timeout=30) as wire:
        scim = OktaScim(wire, peer.base_url, peers.KEY)
        for moment in range(0, 2 * len(planned_requests(names, dialect)), every):
            names = names_for("corp.example", NOW.replace(minute=moment % 60, hour=moment // 60))
            ids: list[str] = []
            killed = OktaScim(KillingWire(wire, moment), peer.base_url, peers.KEY)  # type: ignore[arg-type]
            with pytest.raises(KeyboardInterrupt):
                Rehearsal(killed, names, dialect, ids.append, retry=AT_ONCE).run()
            users = ThrowAwayUsers(scim, names, AT_ONCE)
            users.clean_up(ids, dialect)
            assert users.is_clean
            for name in names:
                left = users_in(scim.find_user(name)) or ()
                assert not any(is_active(user) for user in left), f"killed at {moment}"


@pytest.mark.nightly
@pytest.mark.parametrize("dialect", Dialect)
def test_no_active_user_is_left_after_sigkill(
    start: Start, tmp_path: Path, dialect: Dialect
) -> None:
    with start(tmp_path) as peer, open_sandbox() as unused:
        peers.fill(peer)
        admin = Admin(unused, tmp_path)
        there = {"NGROK_SCIM_BASE_URL": peer.base_url, "NGROK_SCIM_API_KEY": peers.KEY}
        admin.environment |= there
        leaves_nobody_active(admin, dialect, step=13)
