from collections.abc import Callable, Sequence
from itertools import count
from threading import Barrier, Event
from types import SimpleNamespace

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Finding, Result, Severity, Verdict
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.engine import look_side_by_side, result_of, wanted
from ngrok_scim_cli.doctor.plan import Checked, CheckPlan, Choice, Examination, Outcome, alone
from ngrok_scim_cli.doctor.run import Attempts
from ngrok_scim_cli.wire.exchange import Exchange

NAME = CheckPlan("name", "Name Resolution", "Network", finds=("NET401",))
LIST = CheckPlan("list", "List of users", "SCIM endpoint", finds=("USR601", "SCM515"))
KEY = CheckPlan("key", "Key accepted", "SCIM endpoint", finds=("KEY214",))
PLANS = {plan.code: plan for plan in (NAME, LIST, KEY)}

ERROR = finding("USR601", "`totalResults` is 0.")
WARNING = finding("SCM515", "text/plain")
NOTICE = finding("ENV009", "From here.")
REFUSED = finding("KEY214", "The server answered 401.")
UNREACHABLE = finding("NET401", "No such host.", host="api.ngrok.com")


def examination(
    plan: CheckPlan, *findings: Finding, told: bool = True, connector: Result | None = None
) -> Examination:
    return Examination(
        (plan,), lambda: Outcome((plan.judged(findings),), told=told, connector=connector)
    )


def refused(plan: CheckPlan, *findings: Finding, told: bool = True) -> Examination:
    def look() -> Checked:
        raise Unknown("The keys could not be read.", findings, told=told)

    return alone(plan, look)


def missing(plan: CheckPlan) -> Examination:
    def look() -> Checked:
        raise Unknown("There is no key.")

    return alone(plan, look)


def crash() -> Outcome:
    raise ZeroDivisionError


def examine(examinations: Sequence[Examination], choice: Choice | None = None) -> Result:
    choice = choice or Choice()
    places = wanted(examinations, choice)
    outcomes = look_side_by_side({place: examinations[place] for place in places})
    return result_of(list(outcomes.values()), PLANS, choice)


def test_checks_come_in_the_order_given_and_errors_first() -> None:
    result = examine([examination(NAME, WARNING), examination(LIST, ERROR)])
    assert [check.code for check in result.checks] == ["name", "list"]
    assert [item.code for item in result.findings] == ["USR601", "SCM515"]
    assert result.verdict is Verdict.FAIL


def test_a_check_names_what_it_found() -> None:
    result = examine([examination(LIST, WARNING, ERROR, WARNING), examination(KEY)])
    assert [check.findings for check in result.checks] == [("SCM515", "USR601"), ()]


def test_a_finding_of_two_checks_is_named_once() -> None:
    result = examine([examination(NAME, ERROR), examination(LIST, ERROR)])
    assert result.findings == (ERROR,)
    assert [check.status for check in result.checks] == [CheckStatus.FAIL, CheckStatus.FAIL]


def test_what_two_checks_saw_differently_is_told_by_the_first() -> None:
    again = finding("KEY214", "ngrok lists no such key.")
    result = examine([examination(KEY, REFUSED), examination(LIST, again, WARNING)])
    assert result.findings == (REFUSED, WARNING)
    assert [check.findings for check in result.checks] == [("KEY214",), ("KEY214", "SCM515")]


def test_one_check_may_find_the_same_in_two_places() -> None:
    again = finding("KEY214", "ngrok lists no such key.")
    assert examine([examination(KEY, REFUSED, again)]).findings == (REFUSED, again)


def test_a_crash_is_a_result_and_the_others_run_on() -> None:
    result = examine([Examination((NAME,), crash), examination(LIST)])
    name, users = result.checks
    assert (name.status, users.status) == (CheckStatus.FAIL, CheckStatus.PASS)
    assert "ZeroDivisionError" in name.reason
    assert result.verdict is Verdict.INCOMPLETE


def test_what_does_not_end_in_time_is_a_result_and_the_others_run_on() -> None:
    never = Event()

    def look() -> Outcome:
        never.wait()
        return Outcome(())

    result = examine([Examination((NAME,), look, timeout_s=0), examination(LIST)])
    never.set()
    name, users = result.checks
    assert (name.status, users.status) == (CheckStatus.FAIL, CheckStatus.PASS)
    assert name.reason == "It did not end within 0 seconds."
    assert result.verdict is Verdict.INCOMPLETE


def test_an_error_counts_more_than_what_could_not_be_determined() -> None:
    result = examine([examination(NAME, told=False), examination(LIST, ERROR)])
    assert result.verdict is Verdict.FAIL


def test_an_error_on_the_way_tells_nothing_of_the_peers() -> None:
    result = examine([examination(NAME, UNREACHABLE, told=False), examination(LIST)])
    assert result.verdict is Verdict.INCOMPLETE
    assert result.findings == (UNREACHABLE,)


def test_what_could_not_be_determined_is_no_pass() -> None:
    assert examine([examination(NAME, told=False)]).verdict is Verdict.INCOMPLETE


def test_a_run_of_which_everything_was_left_out_told_nothing() -> None:
    assert examine([missing(KEY)]).verdict is Verdict.INCOMPLETE
    assert examine([missing(KEY), examination(LIST)]).verdict is Verdict.PASS


def test_what_follows_from_another_check_is_skipped_and_not_said_again() -> None:
    result = examine([refused(KEY, REFUSED), refused(LIST, REFUSED)])
    key, users = result.checks
    assert (key.status, users.status) == (CheckStatus.FAIL, CheckStatus.SKIP)
    assert users.reason == "The keys could not be read. KEY214 says why."
    assert result.findings == (REFUSED,)
    assert result.verdict is Verdict.FAIL


def test_another_reply_of_the_same_kind_follows_too() -> None:
    again = finding("KEY214", "The server answered 401, with another id.")
    result = examine([examination(KEY, REFUSED), refused(LIST, again)])
    assert [check.status for check in result.checks] == [CheckStatus.FAIL, CheckStatus.SKIP]
    assert result.findings == (REFUSED,)


def test_another_host_that_fails_is_reported() -> None:
    okta = finding("NET401", "No such host.", host="corp.okta.com")
    result = examine([examination(NAME, UNREACHABLE), refused(KEY, okta, told=False)])
    assert [check.status for check in result.checks] == [CheckStatus.FAIL, CheckStatus.FAIL]
    assert result.findings == (UNREACHABLE, okta)


def test_a_peer_that_tells_nothing_leaves_the_run_incomplete() -> None:
    result = examine([examination(LIST), refused(KEY, told=False)])
    assert [check.status for check in result.checks] == [CheckStatus.PASS, CheckStatus.SKIP]
    assert result.verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("only", "codes"),
    [((), ["name", "list", "key"]), (("key214",), ["key"]), (("network",), ["name"])],
)
def test_what_nobody_asked_for_is_not_done(only: tuple[str, ...], codes: list[str]) -> None:
    looked: list[str] = []

    def noted(plan: CheckPlan) -> Examination:
        def look() -> Outcome:
            looked.append(plan.code)
            return Outcome((plan.judged(()),))

        return Examination((plan,), look)

    result = examine([noted(NAME), noted(LIST), noted(KEY)], Choice.of(only))
    assert [check.code for check in result.checks] == codes
    assert sorted(looked) == sorted(codes)


def test_a_check_that_comes_along_is_not_shown() -> None:
    both = Examination((LIST, KEY), lambda: Outcome((LIST.judged(()), KEY.judged(()))))
    result = examine([both], Choice.of(only=["key"]))
    assert [check.code for check in result.checks] == ["key"]


def test_a_check_that_a_hidden_failure_left_out_is_no_pass() -> None:
    """Another part passes, so that without this the run would pass, too."""
    failed = LIST.judged((ERROR,))
    both = Examination((LIST, KEY), lambda: Outcome((failed, KEY.skipped("no list"))))
    result = examine([examination(NAME), both], Choice.of(only=["name", "key"]))
    assert [check.status for check in result.checks] == [CheckStatus.PASS, CheckStatus.SKIP]
    assert result.verdict is Verdict.INCOMPLETE


def test_a_finding_that_is_left_out_does_not_fail_its_check() -> None:
    result = examine([examination(LIST, ERROR, WARNING)], Choice.of(skip=["usr601"]))
    assert result.checks[0].status is CheckStatus.WARN
    assert [item.severity for item in result.findings] == [Severity.WARNING]
    assert result.verdict is Verdict.WARN


def test_why_a_check_could_not_be_made_is_reported_whatever_was_asked_for() -> None:
    """The key is refused, so that nobody can tell whether there are users: that is no pass."""
    result = examine([refused(LIST, REFUSED)], Choice.of(only=["usr601"]))
    assert result.checks[0].status is CheckStatus.FAIL
    assert (result.findings, result.verdict) == ((REFUSED,), Verdict.FAIL)


def test_a_check_has_not_passed_that_could_not_be_made_for_a_reason_that_is_left_out() -> None:
    result = examine([refused(LIST, REFUSED)], Choice.of(skip=["key214"]))
    assert result.checks[0].status is CheckStatus.SKIP
    assert (result.findings, result.verdict) == ((), Verdict.INCOMPLETE)


def test_the_connector_test_is_handed_on() -> None:
    tested = Result(command="test-connect", verdict=Verdict.PASS)
    exchange = Exchange("as typed", "GET", "https://api.ngrok.com/")
    outcomes = [Outcome((LIST.judged((NOTICE,)),), connector=tested)]
    result = result_of(outcomes, PLANS, Choice(), exchanges=(exchange,), payload=Attempts(()))
    assert (result.command, result.okta, result.exchanges) == ("doctor", None, (exchange,))
    assert result.payload == Attempts(())


def test_a_single_check_has_the_time_of_its_examination_and_what_was_left_out_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = count()
    clock = SimpleNamespace(monotonic=lambda: next(ticks))
    monkeypatch.setattr("ngrok_scim_cli.doctor.engine.time", clock)
    both = Examination((NAME, KEY), lambda: Outcome((NAME.judged(()), KEY.judged(()))))
    (shown,) = examine([examination(LIST)]).checks
    assert shown.elapsed_ms >= 1000
    left_out, *others = examine([missing(LIST), both]).checks
    assert [item.elapsed_ms for item in (left_out, *others)] == [0, 0, 0]


def test_examinations_run_side_by_side() -> None:
    together = Barrier(2, timeout=10)

    def meet(plan: CheckPlan) -> Callable[[], Outcome]:
        def look() -> Outcome:
            together.wait()
            return Outcome((plan.judged(()),))

        return look

    result = examine([Examination((NAME,), meet(NAME)), Examination((LIST,), meet(LIST))])
    assert result.verdict is Verdict.PASS
