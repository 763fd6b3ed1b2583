from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.diagnosis.finding import CheckStatus
from ngrok_scim_cli.diagnosis.rehearsal.reply import STEPS, user_in
from ngrok_scim_cli.diagnosis.rehearsal.rules import Dialect
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.rehearsal.keeper import Keeper
from ngrok_scim_cli.rehearsal.plan import is_throw_away, planned_requests
from ngrok_scim_cli.rehearsal.run import Rehearsal
from ngrok_scim_cli.rehearsal.user import NotOurs, ThrowAwayUsers
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.wire.retry_policy import RetryPolicy
from ngrok_scim_cli.wire.scim import OktaScim
from tests.rehearsal.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ngrok_scim_cli.diagnosis.finding import Result
    from ngrok_scim_cli.rehearsal.plan import Names
    from ngrok_scim_cli.sandbox.server import Sandbox
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Exchange, Request

AT_ONCE = RetryPolicy(pause=lambda _seconds: None)


class InterceptingWire:
    """A wire that sees each request before it is sent, and each exchange before it is judged."""

    def __init__(
        self,
        wire: Wire,
        before: Callable[[Request], Exchange | None] = lambda _request: None,
        after: Callable[[Request, Exchange], Exchange] = lambda _request, exchange: exchange,
    ) -> None:
        self._wire, self._before, self._after = wire, before, after
        self.sent: list[Request] = []

    def send(self, request: Request) -> Exchange:
        self.sent.append(request)
        answer = self._before(request)
        return answer or self._after(request, self._wire.send(request))


def rehearse(
    sandbox: Sandbox, wire: object, names: Names, dialect: Dialect, ids: list[str] | None = None
) -> Rehearsal:
    scim = OktaScim(wire, sandbox.values.scim_base_url, sandbox.values.scim_key)  # type: ignore[arg-type]
    return Rehearsal(scim, names, dialect, ([] if ids is None else ids).append, retry=AT_ONCE)


def left_in(result: Result) -> str:
    """Return what is left of the user by the JSON of a rehearsal."""
    return result.payload.fields["rehearsal"]["user"]["left"]  # type: ignore[index, no-any-return]


def throw_away_users(sandbox: Sandbox) -> dict[str, bool]:
    everybody = sandbox.directory.everybody()
    return {
        user.person.user_name: user.person.active
        for user in everybody
        if is_throw_away(user.person.user_name)
    }


@pytest.mark.parametrize("dialect", Dialect)
def test_the_whole_life_passes_on_the_sandbox(
    sandbox: Sandbox, wire: Wire, names: Names, dialect: Dialect
) -> None:
    rehearsal = rehearse(sandbox, wire, names, dialect)
    rehearsal.run()
    assert [step.code for step in rehearsal.steps] == list(STEPS)
    assert {step.status for step in rehearsal.steps} <= {CheckStatus.PASS, CheckStatus.UNSUPPORTED}
    assert not any(throw_away_users(sandbox).values())


@pytest.mark.parametrize("dialect", Dialect)
def test_the_plan_names_each_request_in_order(
    sandbox: Sandbox, wire: Wire, names: Names, dialect: Dialect
) -> None:
    rehearsal = rehearse(sandbox, wire, names, dialect)
    rehearsal.run()
    made = [(step.code, exchange.method) for step in rehearsal.steps for exchange in step.exchanges]
    assert made == [(one.step, one.method) for one in planned_requests(names, dialect)]


@pytest.mark.no_cover
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("dialect", Dialect)
def test_no_active_user_is_left_wherever_it_was_killed(
    sandbox: Sandbox, wire: Wire, names: Names, dialect: Dialect, every: int
) -> None:
    """Killed before and behind each request in turn; then the next run cleans up."""
    scim = OktaScim(wire, sandbox.values.scim_base_url, sandbox.values.scim_key)
    requests = len(planned_requests(names, dialect))
    for moment in range(0, 2 * requests, every):
        ids: list[str] = []
        killing = KillingWire(wire, moment)
        with pytest.raises(KeyboardInterrupt):
            rehearse(sandbox, killing, names, dialect, ids).run()
        users = ThrowAwayUsers(scim, names, AT_ONCE)
        users.clean_up(ids, dialect)
        assert users.is_clean
        assert not any(throw_away_users(sandbox).values()), f"killed at {moment}"
        _remove_throw_away_users(sandbox)


@pytest.mark.parametrize("interrupted", [True, False])
def test_no_active_user_is_left_where_the_profile_is_deleted_meanwhile(
    sandbox: Sandbox, wire: Wire, tmp_path: Path, *, interrupted: bool
) -> None:
    values, profiles = sandbox.values, ProfileStore(tmp_path)
    were_active: list[bool] = []

    def show(_text: str) -> None:
        if any(throw_away_users(sandbox).values()) and not were_active:
            were_active.append(True)
            profiles.delete("default")
            if interrupted:
                raise KeyboardInterrupt

    form = Form(values.scim_base_url, values.scim_key)
    keeper = Keeper(wire, form, profiles, "default", NOW, show=show)
    with pytest.raises(KeyboardInterrupt) if interrupted else nullcontext():
        result = keeper.rehearse("corp.example", Dialect.PUT)
        assert left_in(result) == "deactivated"
    assert were_active
    assert not any(throw_away_users(sandbox).values())
    assert profiles.names() == ()


def test_who_interrupts_the_clean_up_too_is_told_how_to_do_it_later(
    sandbox: Sandbox, wire: Wire, tmp_path: Path
) -> None:
    values, shown = sandbox.values, list[str]()
    form = Form(values.scim_base_url, values.scim_key)
    killing, profiles = KillingWire(wire, 8), ProfileStore(tmp_path)
    keeper = Keeper(killing, form, profiles, "default", NOW, show=shown.append)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        keeper.rehearse("corp.example", Dialect.PUT)
    assert "`ngrok-scim rehearse --clean-up`" in shown[-1]
    assert profiles.load("default").rehearsal is not None


class KillingWire:
    """A wire on which the process ends before (even) or behind (odd) a request."""

    def __init__(self, wire: Wire, moment: int) -> None:
        self._wire = wire
        self._left = moment

    def send(self, request: Request) -> Exchange:
        if self._left == 0:
            raise KeyboardInterrupt
        exchange = self._wire.send(request)
        if self._left == 1:
            raise KeyboardInterrupt
        self._left -= 2
        return exchange


def _remove_throw_away_users(sandbox: Sandbox) -> None:
    for user in sandbox.directory.everybody():
        if is_throw_away(user.person.user_name):
            sandbox.directory.take_out(user.id)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    "write",
    [
        lambda users, dialect, user_id: users.change(user_id, {"active": False}, dialect, "test"),
        lambda users, _dialect, user_id: users.delete(user_id, "test"),
    ],
    ids=["change", "delete"],
)
def test_nobody_else_is_ever_written_to(
    sandbox: Sandbox,
    wire: Wire,
    names: Names,
    dialect: Dialect,
    write: Callable[[ThrowAwayUsers, Dialect, str], object],
) -> None:
    somebody = sandbox.directory.everybody()[0]
    scim = OktaScim(wire, sandbox.values.scim_base_url, sandbox.values.scim_key)
    users = ThrowAwayUsers(scim, names, AT_ONCE)
    with pytest.raises(NotOurs):
        write(users, dialect, somebody.id)
    assert [exchange.method for exchange in users.exchanges] == ["GET"]
    assert sandbox.directory.everybody()[0] == somebody


def test_a_rehearsal_takes_no_name_that_somebody_could_have(wire: Wire) -> None:
    scim = OktaScim(wire, "http://127.0.0.1:1/scim/v2/", "key")
    with pytest.raises(ValueError, match="throw-away"):
        ThrowAwayUsers(scim, ["grace.hopper@corp.example"], AT_ONCE)


def test_a_create_that_answers_with_somebody_else_writes_to_nobody(
    sandbox: Sandbox, wire: Wire, names: Names
) -> None:
    somebody = sandbox.directory.everybody()[0]

    def as_somebody(request: Request, exchange: Exchange) -> Exchange:
        if request.method != "POST" or exchange.reply is None:
            return exchange
        body = {"id": somebody.id, "userName": somebody.person.user_name, "active": True}
        return replace(exchange, reply=replace(exchange.reply, body=json.dumps(body).encode()))

    rehearsal = rehearse(sandbox, InterceptingWire(wire, after=as_somebody), names, Dialect.PUT)
    rehearsal.run()
    create = next(step for step in rehearsal.steps if step.code == "create")
    assert [item.code for item in create.findings] == ["REH002"]
    assert sandbox.directory.everybody()[0] == somebody
    assert not any(throw_away_users(sandbox).values())


def test_a_rehearsal_whose_users_are_deleted_is_forgotten(wire: Wire, tmp_path: Path) -> None:
    profiles = ProfileStore(tmp_path)
    with open_sandbox(faults=["delete-works"]) as sandbox:
        form = Form(sandbox.values.scim_base_url, sandbox.values.scim_key)
        keeper = Keeper(wire, form, profiles, "default", NOW, show=lambda _text: None)
        assert left_in(keeper.rehearse("corp.example", Dialect.PUT)) == "deleted"
    assert profiles.load("default").rehearsal is None


@pytest.mark.parametrize("user_id", [None, 7], ids=["no id", "a number"])
def test_a_user_whose_id_okta_cannot_use_is_not_forgotten(
    sandbox: Sandbox, wire: Wire, names: Names, user_id: object
) -> None:
    def with_that_id(_request: Request, exchange: Exchange) -> Exchange:
        document = user_in(exchange)
        if exchange.reply is None or document is None:
            return exchange
        for user in document.get("Resources") or [document]:  # type: ignore[attr-defined]
            user["id"] = user_id
        return replace(exchange, reply=replace(exchange.reply, body=json.dumps(document).encode()))

    rehearsal = rehearse(sandbox, InterceptingWire(wire, after=with_that_id), names, Dialect.PUT)
    rehearsal.run()
    rehearsal.users.clean_up([], Dialect.PUT)
    assert rehearsal.users.active


def test_a_clean_up_takes_a_scim_error_404_for_nobody(wire: Wire, names: Names) -> None:
    with open_sandbox(faults=["absent-as-404"]) as sandbox:
        users = rehearse(sandbox, wire, names, Dialect.PUT).users
        users.clean_up([], Dialect.PUT)
        assert users.is_clean


def test_who_cannot_be_read_by_id_is_not_taken_for_gone(
    sandbox: Sandbox, wire: Wire, names: Names
) -> None:
    def unreadable(request: Request, exchange: Exchange) -> Exchange:
        if request.method != "GET" or "/Users/" not in request.url or exchange.reply is None:
            return exchange
        return replace(exchange, reply=replace(exchange.reply, status=404, body=b""))

    rehearsal = rehearse(sandbox, InterceptingWire(wire, after=unreadable), names, Dialect.PUT)
    rehearsal.run()
    assert any(throw_away_users(sandbox).values())
    rehearsal.users.clean_up([], Dialect.PUT)
    assert not rehearsal.users.is_clean


def test_a_look_up_that_finds_others_alone_does_not_prove_that_nobody_is_there(
    sandbox: Sandbox, wire: Wire, tmp_path: Path
) -> None:
    def unrecognized(request: Request, exchange: Exchange) -> Exchange:
        if request.purpose == "absent look-up" or exchange.reply is None:
            return exchange
        body = exchange.reply.body.replace(b'"userName"', b'"UserName"')
        return replace(exchange, reply=replace(exchange.reply, body=body))

    profiles = ProfileStore(tmp_path)
    form = Form(sandbox.values.scim_base_url, sandbox.values.scim_key)
    intercepting = InterceptingWire(wire, after=unrecognized)
    keeper = Keeper(intercepting, form, profiles, "default", NOW, show=lambda _text: None)  # type: ignore[arg-type]
    result = keeper.rehearse("corp.example", Dialect.PUT)
    assert "REH015" in [item.code for item in result.findings]
    assert left_in(result) == "active"
    assert profiles.load("default").rehearsal is not None
    plain = Keeper(wire, form, profiles, "default", NOW, show=lambda _text: None)
    plain.clean_up()
    assert not any(throw_away_users(sandbox).values())
