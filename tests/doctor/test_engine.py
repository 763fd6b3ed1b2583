from collections.abc import Callable

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Finding, Result, Severity, Verdict
from ngrok_scim_cli.doctor.engine import (
    CheckPlan,
    Choice,
    Examination,
    Outcome,
    examine_all,
    status_of,
)

NAME = CheckPlan("name", "Name Resolution", "Network")
LIST = CheckPlan("list", "List of users", "SCIM endpoint")
KEY = CheckPlan("key", "Key accepted", "SCIM endpoint")

ERROR = finding("USR601", "`totalResults` is 0.")
WARNING = finding("SCM515", "text/plain")
NOTICE = finding("ENV009", "From here.")


def examination(
    plan: CheckPlan, *findings: Finding, told: bool = True, connector: Result | None = None
) -> Examination:
    return Examination(
        (plan,), lambda: Outcome((plan.judged(findings),), told=told, connector=connector)
    )


def crash() -> Outcome:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ((), CheckStatus.PASS),
        ((NOTICE,), CheckStatus.PASS),
        ((WARNING, NOTICE), CheckStatus.WARN),
        ((NOTICE, WARNING, ERROR), CheckStatus.FAIL),
    ],
)
def test_the_worst_finding_tells_how_a_check_ended(
    findings: tuple[Finding, ...], status: CheckStatus
) -> None:
    assert status_of(findings) is status


def test_checks_come_in_the_order_given_and_errors_first() -> None:
    result = examine_all([examination(NAME, WARNING), examination(LIST, ERROR)], Choice())
    assert [check.code for check in result.checks] == ["name", "list"]
    assert [item.code for item in result.findings] == ["USR601", "SCM515"]
    assert result.verdict is Verdict.FAIL


def test_a_finding_of_two_checks_is_named_once() -> None:
    result = examine_all([examination(NAME, ERROR), examination(LIST, ERROR)], Choice())
    assert result.findings == (ERROR,)


def test_a_crash_is_a_result_and_the_others_run_on() -> None:
    result = examine_all([Examination((NAME,), crash), examination(LIST)], Choice())
    name, users = result.checks
    assert (name.status, users.status) == (CheckStatus.FAIL, CheckStatus.PASS)
    assert "ZeroDivisionError" in name.reason
    assert result.verdict is Verdict.INCOMPLETE


def test_an_error_counts_more_than_what_could_not_be_told() -> None:
    result = examine_all([examination(NAME, told=False), examination(LIST, ERROR)], Choice())
    assert result.verdict is Verdict.FAIL


def test_what_could_not_be_told_is_no_pass() -> None:
    assert examine_all([examination(NAME, told=False)], Choice()).verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("only", "skip", "codes"),
    [
        ((), (), ["name", "list", "key"]),
        (("list",), (), ["list"]),
        (("SCIM endpoint",), (), ["list", "key"]),
        (("scim ENDPOINT",), ("key",), ["list"]),
        ((), ("network",), ["list", "key"]),
        (("nothing",), (), []),
    ],
)
def test_checks_are_chosen_by_code_and_category(
    only: tuple[str, ...], skip: tuple[str, ...], codes: list[str]
) -> None:
    everything = [examination(NAME), examination(LIST), examination(KEY)]
    result = examine_all(everything, Choice.of(only, skip))
    assert [check.code for check in result.checks] == codes


def test_what_nobody_asked_for_is_not_done() -> None:
    result = examine_all([Examination((NAME,), crash), examination(LIST)], Choice.of(only=["list"]))
    assert [check.code for check in result.checks] == ["list"]


def test_a_finding_that_is_left_out_does_not_fail_its_check() -> None:
    result = examine_all([examination(LIST, ERROR, WARNING)], Choice.of(skip=["usr601"]))
    assert result.checks[0].status is CheckStatus.WARN
    assert [item.severity for item in result.findings] == [Severity.WARNING]
    assert result.verdict is Verdict.WARN


def test_the_connector_test_is_handed_on() -> None:
    tested = Result(command="test-connect", verdict=Verdict.PASS)
    result = examine_all([examination(NAME), examination(LIST, connector=tested)], Choice())
    assert (result.command, result.okta, result.exchanges) == ("doctor", None, ())


def test_examinations_run_side_by_side() -> None:
    from threading import Barrier

    together = Barrier(2, timeout=10)

    def meet(plan: CheckPlan) -> Callable[[], Outcome]:
        def look() -> Outcome:
            together.wait()
            return Outcome((plan.judged(()),))

        return look

    result = examine_all(
        [Examination((NAME,), meet(NAME)), Examination((LIST,), meet(LIST))], Choice()
    )
    assert result.verdict is Verdict.PASS
