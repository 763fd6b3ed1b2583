from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from threading import Barrier, Event, Thread
from types import SimpleNamespace

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Finding, Result, Severity, Verdict
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor.checks import CheckPlan, Choice, as_wanted, make_in_order, result_of
from ngrok_scim_cli.doctor.evidence import Evidence


def nothing(_: Evidence) -> Judged:
    return Judged()


NAME = CheckPlan("name", "Name Resolution", "Network", nothing, finds=("NET401",))
LIST = CheckPlan("list", "List of users", "SCIM endpoint", nothing, finds=("USR601", "SCM515"))
KEY = CheckPlan("key", "Key accepted", "SCIM endpoint", nothing, finds=("KEY214",))

ERROR = finding("USR601", "`totalResults` is 0.")
WARNING = finding("SCM515", "text/plain")
NOTICE = finding("ENV009", "From here.")
REFUSED = finding("KEY214", "The server answered 401.")
UNREACHABLE = finding("NET401", "No such host.", host="api.ngrok.com")


def plan(base: CheckPlan, look: Callable[[], Check | Judged | Unknown]) -> CheckPlan:
    return replace(base, look=lambda _: look())


def found(base: CheckPlan, *findings: Finding, conclusive: bool = True) -> CheckPlan:
    return plan(base, lambda: replace(base.judged(findings), conclusive=conclusive))


def refused(base: CheckPlan, *findings: Finding, conclusive: bool = True) -> CheckPlan:
    def look() -> Judged:
        raise Unknown("The keys could not be read.", findings, conclusive=conclusive)

    return plan(base, look)


def examine(*plans: CheckPlan, only: Sequence[str] = (), skip: Sequence[str] = ()) -> Result:
    choice = Choice.of(only, skip)
    wanted = [item for item in plans if choice.takes(item)]
    ended = make_in_order(wanted, None)  # type: ignore[arg-type]
    return result_of(list(as_wanted(ended, choice)))


def test_checks_come_in_the_order_given_and_errors_first() -> None:
    result = examine(found(NAME, WARNING), found(LIST, ERROR))
    assert [check.code for check in result.checks] == ["name", "list"]
    assert [item.code for item in result.findings] == ["USR601", "SCM515"]
    assert result.verdict is Verdict.FAIL


def test_a_check_names_what_it_found_once() -> None:
    result = examine(found(LIST, WARNING, ERROR, WARNING), found(KEY))
    assert [check.codes for check in result.checks] == [("SCM515", "USR601"), ()]


def test_a_finding_of_two_checks_is_named_once() -> None:
    result = examine(found(NAME, ERROR), found(LIST, ERROR))
    assert result.findings == (ERROR,)
    assert [check.status for check in result.checks] == [CheckStatus.FAIL, CheckStatus.FAIL]


def test_a_finding_of_two_checks_has_the_evidence_of_the_first() -> None:
    again = finding("KEY214", "ngrok lists no such key.")
    result = examine(found(KEY, REFUSED), found(LIST, again, WARNING))
    assert result.findings == (REFUSED, WARNING)
    assert [check.codes for check in result.checks] == [("KEY214",), ("KEY214", "SCM515")]


def test_one_check_may_report_a_code_twice() -> None:
    again = finding("KEY214", "ngrok lists no such key.")
    assert examine(found(KEY, REFUSED, again)).findings == (REFUSED, again)


def test_a_crash_is_a_result_and_the_others_run_on() -> None:
    def crash() -> Judged:
        raise ZeroDivisionError

    result = examine(plan(NAME, crash), found(LIST))
    assert [check.status for check in result.checks] == [CheckStatus.FAIL, CheckStatus.PASS]
    assert result.verdict is Verdict.INCOMPLETE


def test_what_does_not_end_in_time_is_a_result_and_the_others_run_on() -> None:
    over = Event()

    def never() -> Judged:
        over.wait()
        return Judged()

    result = examine(replace(plan(NAME, never), timeout_s=0), found(LIST))
    over.set()
    name, users = result.checks
    assert (name.status, users.status) == (CheckStatus.FAIL, CheckStatus.PASS)
    assert name.reason == "It did not finish within 0 seconds."
    assert result.verdict is Verdict.INCOMPLETE


def test_checks_are_made_where_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", no_room)
    assert examine(found(NAME), found(LIST, ERROR)).findings == (ERROR,)


def test_an_error_counts_more_than_what_could_not_be_determined() -> None:
    result = examine(found(NAME, conclusive=False), found(LIST, ERROR))
    assert result.verdict is Verdict.FAIL


def test_a_failed_connection_is_inconclusive_about_the_peers() -> None:
    result = examine(found(NAME, UNREACHABLE, conclusive=False), found(LIST))
    assert result.verdict is Verdict.INCOMPLETE
    assert result.findings == (UNREACHABLE,)


def test_what_could_not_be_determined_is_no_pass() -> None:
    assert examine(found(NAME, conclusive=False)).verdict is Verdict.INCOMPLETE


def test_a_run_without_any_check_is_inconclusive() -> None:
    assert examine(refused(KEY)).verdict is Verdict.INCOMPLETE
    assert examine(refused(KEY), found(LIST)).verdict is Verdict.PASS


def test_a_right_that_is_missing_is_no_pass() -> None:
    def look() -> Judged:
        raise Unknown("Okta replied 403.", grant="Grant the role.")

    result = examine(found(NAME), plan(LIST, look))
    assert (result.verdict, result.findings) == (Verdict.WARN, ())
    assert [check.grant for check in result.checks] == ["", "Grant the role."]
    assert examine(found(NAME, ERROR), plan(LIST, look)).verdict is Verdict.FAIL


def test_what_follows_from_another_check_is_skipped_and_not_said_again() -> None:
    result = examine(refused(KEY, REFUSED), refused(LIST, REFUSED))
    key, users = result.checks
    assert (key.status, users.status) == (CheckStatus.FAIL, CheckStatus.SKIP)
    assert users.reason == "The keys could not be read. KEY214 says why."
    assert result.findings == (REFUSED,)
    assert result.verdict is Verdict.FAIL


def test_another_reply_of_the_same_kind_follows_too() -> None:
    again = finding("KEY214", "The server answered 401, with another id.")
    result = examine(found(KEY, REFUSED), refused(LIST, again))
    assert [check.status for check in result.checks] == [CheckStatus.FAIL, CheckStatus.SKIP]
    assert result.findings == (REFUSED,)


def test_another_host_that_fails_is_reported() -> None:
    okta = finding("NET401", "No such host.", host="corp.okta.com")
    result = examine(found(NAME, UNREACHABLE), refused(KEY, okta, conclusive=False))
    assert [check.status for check in result.checks] == [CheckStatus.FAIL, CheckStatus.FAIL]
    assert result.findings == (UNREACHABLE, okta)


def test_a_peer_without_an_answer_leaves_the_run_incomplete() -> None:
    result = examine(found(LIST), refused(KEY, conclusive=False))
    assert [check.status for check in result.checks] == [CheckStatus.PASS, CheckStatus.SKIP]
    assert result.verdict is Verdict.INCOMPLETE


def test_a_finding_that_is_left_out_does_not_fail_its_check() -> None:
    result = examine(found(LIST, ERROR, WARNING), skip=["usr601"])
    assert result.checks[0].status is CheckStatus.WARN
    assert [item.severity for item in result.findings] == [Severity.WARNING]
    assert result.verdict is Verdict.WARN


def test_why_a_check_could_not_be_made_is_reported_whatever_was_asked_for() -> None:
    """The key is refused, so that nobody can tell whether there are users: that is no pass."""
    result = examine(refused(LIST, REFUSED), only=["usr601"])
    assert result.checks[0].status is CheckStatus.FAIL
    assert (result.findings, result.verdict) == ((REFUSED,), Verdict.FAIL)


def test_a_check_has_not_passed_that_could_not_be_made_for_a_reason_that_is_left_out() -> None:
    result = examine(refused(LIST, REFUSED), skip=["key214"])
    assert result.checks[0].status is CheckStatus.SKIP
    assert (result.findings, result.verdict) == ((), Verdict.INCOMPLETE)


def test_a_check_has_the_time_that_it_took_and_what_was_left_out_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = count()
    clock = SimpleNamespace(monotonic=lambda: next(ticks))
    monkeypatch.setattr("ngrok_scim_cli.doctor.checks.time", clock)
    shown, left_out, timed = examine(
        plan(NAME, Judged), refused(LIST), plan(KEY, lambda: replace(KEY.judged(()), elapsed_ms=5))
    ).checks
    assert shown.elapsed_ms >= 1000
    assert (left_out.elapsed_ms, timed.elapsed_ms) == (0, 5)


def test_checks_are_made_side_by_side() -> None:
    together = Barrier(2, timeout=10)

    def meet() -> Judged:
        together.wait()
        return Judged()

    assert examine(plan(NAME, meet), plan(LIST, meet)).verdict is Verdict.PASS
