from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import NO_PAYLOAD, CheckStatus, Finding, Verdict
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor import connector, machine, okta, users
from ngrok_scim_cli.doctor.checks import CheckPlan, Choice
from ngrok_scim_cli.doctor.evidence import Evidence
from ngrok_scim_cli.doctor.run import Examined, examine
from tests.doctor.harness import Harness

BUSY = finding("SCM505", "429", wait="a minute")
REFUSED_KEY = finding("KEY214", "401")
MISTAKE = finding("USR601", "`totalResults` is 0.")
FOUND = ("SCM505", "KEY214", "USR601")


class Time:
    """A clock that moves only by the pauses that are made."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds


@pytest.fixture
def time() -> Time:
    return Time()


class ScriptedChecks:
    """Checks that end differently at each look."""

    def __init__(self, harness: Harness, **ends: Sequence[object]) -> None:
        self._harness = harness
        self._ends = {name: list(of_each) for name, of_each in ends.items()}
        self.looked: list[list[str]] = []
        self.values: object = harness.access.values
        self.plans = [
            CheckPlan(name, name, "Here", partial(self._look, name), finds=FOUND) for name in ends
        ]

    def make(self) -> Evidence:
        self.looked.append([])
        return self._harness.evidence(values=self.values)

    def _look(self, name: str, _: Evidence) -> Judged:
        self.looked[-1].append(name)
        end = self._ends[name].pop(0)
        if isinstance(end, Exception):
            raise end
        assert isinstance(end, Finding | None)
        return Judged((end,) if end else ())


def run(
    scripted: ScriptedChecks, time: Time, wait_s: float = 100, choice: Choice | None = None
) -> Examined:
    return examine(
        scripted.make,
        choice or Choice(),
        scripted.plans,
        wait_s=wait_s,
        clock=time.clock,
        pause=time.pause,
    )


def attempts(examined: Examined) -> list[dict[str, Any]]:
    found = examined.result.payload.fields["attempts"]
    assert isinstance(found, list)
    return found


def test_without_waiting_everything_is_looked_at_once(harness: Harness, time: Time) -> None:
    examined = run(ScriptedChecks(harness, list=[BUSY]), time, wait_s=0)
    assert examined.result.verdict is Verdict.FAIL
    assert examined.result.payload is NO_PAYLOAD
    assert time.pauses == []


def test_what_passes_by_itself_is_looked_at_again_and_nothing_else(
    harness: Harness, time: Time
) -> None:
    scripted = ScriptedChecks(harness, list=[BUSY, BUSY, None], lookup=[None], kind=[MISTAKE])
    examined = run(scripted, time)
    assert [sorted(looked) for looked in scripted.looked] == [
        ["kind", "list", "lookup"],
        ["list"],
        ["list"],
    ]
    assert [item.code for item in examined.result.findings] == ["USR601"]
    assert [check.code for check in examined.result.checks] == ["list", "lookup", "kind"]
    assert time.pauses == [2, 4]
    assert examined.seconds == 6


def test_every_attempt_is_in_the_json(harness: Harness, time: Time) -> None:
    examined = run(ScriptedChecks(harness, list=[BUSY, None], lookup=[None]), time)
    first, second = attempts(examined)
    assert first == {
        "begun_ms": 0,
        "checks": [
            {"code": "list", "status": "fail", "reason": "", "findings": ["SCM505"]},
            {"code": "lookup", "status": "pass", "reason": "", "findings": []},
        ],
    }
    assert second == {
        "begun_ms": 2000,
        "checks": [{"code": "list", "status": "pass", "reason": "", "findings": []}],
    }


def test_a_run_that_waits_for_nothing_has_one_look(harness: Harness, time: Time) -> None:
    assert len(attempts(run(ScriptedChecks(harness, list=[MISTAKE]), time))) == 1


def test_pauses_grow_and_end_with_the_time(harness: Harness, time: Time) -> None:
    scripted = ScriptedChecks(harness, list=[BUSY] * 9)
    examined = run(scripted, time, wait_s=100)
    assert time.pauses == [2, 4, 8, 16, 30, 30, 10]
    assert time.seconds == 100
    assert examined.result.verdict is Verdict.FAIL


def test_what_was_skipped_for_it_is_looked_at_again_too(harness: Harness, time: Time) -> None:
    scripted = ScriptedChecks(
        harness, list=[BUSY, None], lookup=[Unknown("There is no reply."), None]
    )
    examined = run(scripted, time)
    assert {check.status for check in examined.result.checks} == {CheckStatus.PASS}


def test_a_peer_that_did_not_answer_is_asked_again(harness: Harness, time: Time) -> None:
    scripted = ScriptedChecks(
        harness, kind=[Unknown("Okta replied 500.", (), conclusive=False), None]
    )
    examined = run(scripted, time)
    assert examined.result.verdict is Verdict.PASS
    assert time.pauses == [2]


@pytest.mark.parametrize("end", [ZeroDivisionError(), Unknown("There is no key."), MISTAKE])
def test_what_does_not_pass_by_itself_is_not_waited_for(
    harness: Harness, time: Time, end: object
) -> None:
    scripted = ScriptedChecks(harness, list=[end], lookup=[None])
    run(scripted, time)
    assert time.pauses == []


@pytest.mark.parametrize(("age", "looks"), [(timedelta(), 2), (timedelta(hours=1), 1)])
def test_a_refused_key_is_waited_for_only_where_it_is_new(
    harness: Harness, time: Time, age: timedelta, looks: int
) -> None:
    made = datetime.now(UTC) - age
    token = harness.sandbox.account.add_key("bot_1", "", "", made).token
    scripted = ScriptedChecks(harness, list=[REFUSED_KEY, None])
    scripted.values = harness.values(authorization=token)
    run(scripted, time)
    assert len(scripted.looked) == looks


def test_a_refused_key_of_unknown_age_is_not_waited_for(harness: Harness, time: Time) -> None:
    scripted = ScriptedChecks(harness, list=[REFUSED_KEY])
    scripted.values = harness.values(authorization="secret")
    run(scripted, time)
    assert time.pauses == []


def test_the_person_sees_that_the_program_waits(harness: Harness, time: Time) -> None:
    run(ScriptedChecks(harness, list=[BUSY, None]), time)
    assert harness.progress.waited == ["the next attempt"]


def test_only_what_is_wanted_is_looked_at(harness: Harness, time: Time) -> None:
    scripted = ScriptedChecks(harness, list=[BUSY, None], lookup=[BUSY])
    run(scripted, time, choice=Choice.of(only=["list"]))
    assert scripted.looked == [["list"], ["list"]]


PLANS = (machine.clock, *connector.PLANS, *users.PLANS)


def whole(harness: Harness, *faults: tuple[str, ...]) -> Callable[[], Evidence]:
    """Return what makes evidence, each time with other faults."""
    going = iter(faults)
    return lambda: harness.evidence(*next(going))


def test_a_server_that_comes_back_ends_as_if_it_had_never_been_away(
    harness: Harness, time: Time
) -> None:
    make = whole(harness, ("server-error",), ("drops-connection",), ())
    examined = examine(make, Choice(), PLANS, wait_s=60, clock=time.clock, pause=time.pause)
    assert examined.result.findings == ()
    assert len(attempts(examined)) == 3
    assert (examined.users, examined.active) == (3, 3)
    assert [exchange.purpose for exchange in examined.result.exchanges].count("as typed") == 3


def test_facts_for_metrics_are_reported(harness: Harness, time: Time) -> None:
    examined = examine(whole(harness, ()), Choice(), PLANS, clock=time.clock, pause=time.pause)
    assert (examined.users, examined.active, examined.key_age_days) == (3, 3, 2)
    assert examined.okta_app_id == ""


def test_a_list_that_broke_off_counts_nobody_as_active(large_harness: Harness, time: Time) -> None:
    make = whole(large_harness, ("server-error@2",))
    examined = examine(make, Choice.of(only=["users"]), PLANS, clock=time.clock)
    assert (examined.users, examined.active) == (100, None)


def test_the_connector_test_counts_the_users_where_nobody_read_them(
    harness: Harness, time: Time
) -> None:
    choice = Choice.of(only=["SCIM endpoint"])
    assert examine(whole(harness, ()), choice, PLANS, clock=time.clock).users == 3


def test_what_is_not_known_is_reported_as_such(harness: Harness, time: Time) -> None:
    scripted = ScriptedChecks(harness, kind=[None])
    scripted.values = Unknown("There is no SCIM key.")
    examined = run(scripted, time)
    assert (examined.users, examined.active, examined.key_age_days) == (None, None, None)


def test_the_app_that_was_found_is_named(harness: Harness, time: Time) -> None:
    examined = examine(
        lambda: harness.evidence(okta_app=""), Choice(), okta.PLANS, clock=time.clock
    )
    assert examined.okta_app_id == harness.access.okta_app
