import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Finding
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor.plan import Checked, CheckPlan, Choice, alone, status_of

LIST = CheckPlan("list", "List of users", "SCIM endpoint", finds=("USR601", "SCM515"))
KEY = CheckPlan("key", "Key accepted", "SCIM endpoint", "the SCIM key", ("KEY214",))
PLANS = (LIST, KEY)

ERROR = finding("USR601", "`totalResults` is 0.")
WARNING = finding("SCM515", "text/plain")
NOTICE = finding("ENV009", "From here.")


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
    assert LIST.judged(findings).check.status is status


def test_a_check_is_judged_by_what_it_is_about() -> None:
    checked = LIST.judged_among([NOTICE, ERROR], "seen")
    assert checked.findings == (ERROR,)
    assert (checked.check.status, checked.check.reason) == (CheckStatus.FAIL, "seen")


@pytest.mark.parametrize(
    ("told", "status", "reason"),
    [
        (Unknown("Not told by Okta for this app."), CheckStatus.UNSUPPORTED, "Not told by Okta"),
        (Judged(reason="All three are on."), CheckStatus.PASS, "All three"),
        (Judged((ERROR,)), CheckStatus.FAIL, ""),
    ],
)
def test_what_a_peer_does_not_tell_is_no_failure(
    told: Judged, status: CheckStatus, reason: str
) -> None:
    checked = LIST.judged_as(told)
    assert checked.check.status is status
    assert checked.check.reason.startswith(reason)


def test_a_check_alone_passes_its_result_on() -> None:
    outcome = alone(LIST, lambda: LIST.judged((WARNING,))).look()
    assert (outcome.told, outcome.checked[0].findings) == (True, (WARNING,))


def test_a_check_without_what_it_needs_is_skipped() -> None:
    def look() -> Checked:
        raise Unknown("There is no key.")

    outcome = alone(KEY, look).look()
    (checked,) = outcome.checked
    assert (checked.check.status, checked.check.reason) == (CheckStatus.SKIP, "There is no key.")
    assert outcome.told


@pytest.mark.parametrize(
    ("findings", "told", "status"),
    [((ERROR,), True, CheckStatus.FAIL), ((), False, CheckStatus.SKIP)],
)
def test_a_check_that_a_peer_refuses_shows_why(
    findings: tuple[Finding, ...], told: bool, status: CheckStatus
) -> None:
    def look() -> Checked:
        raise Unknown("ngrok did not give its API keys.", findings, told=told)

    outcome = alone(KEY, look).look()
    (checked,) = outcome.checked
    assert checked.follows
    assert (checked.check.status, checked.findings, outcome.told) == (status, findings, told)
    assert checked.check.reason == "ngrok did not give its API keys."


@pytest.mark.parametrize(
    ("only", "skip", "taken"),
    [
        ((), (), ["list", "key"]),
        (("list",), (), ["list"]),
        (("SCIM endpoint",), (), ["list", "key"]),
        (("scim ENDPOINT ",), ("key",), ["list"]),
        (("key214",), (), ["key"]),
        (("USR601", "KEY214"), ("SCIM endpoint",), []),
        ((), ("KEY214",), ["list", "key"]),
        ((), ("key",), ["list"]),
    ],
)
def test_checks_are_chosen_by_code_category_and_finding(
    only: tuple[str, ...], skip: tuple[str, ...], taken: list[str]
) -> None:
    choice = Choice.of(only, skip)
    assert [plan.code for plan in PLANS if choice.takes(plan)] == taken


@pytest.mark.parametrize(
    ("only", "skip", "taken"),
    [
        ((), (), [ERROR, WARNING]),
        (("usr601",), (), [ERROR]),
        (("list", "USR601"), (), [ERROR, WARNING]),
        (("SCIM endpoint",), ("usr601",), [WARNING]),
        ((), ("SCM515",), [ERROR]),
    ],
)
def test_only_a_finding_shows_nothing_else(
    only: tuple[str, ...], skip: tuple[str, ...], taken: list[Finding]
) -> None:
    choice = Choice.of(only, skip)
    assert [item for item in (ERROR, WARNING) if choice.takes_finding(LIST, item)] == taken


def test_a_choice_tells_whether_it_leaves_anything_out() -> None:
    assert Choice.of().is_everything
    assert not Choice.of(only=["key"]).is_everything
    assert not Choice.of(skip=["key"]).is_everything


@pytest.mark.parametrize(
    ("only", "skip", "unknown"),
    [
        ((), (), {}),
        (("list", "SCIM endpoint", "KEY214"), ("usr601",), {}),
        (("lst",), (), {"lst": "list"}),
        ((), ("scim endpiont",), {"scim endpiont": "SCIM endpoint"}),
        (("KEY241",), (), {"key241": "KEY214"}),
        (("###",), (), {"###": ""}),
        # A finding of another command may be left out, but no check can be asked for it.
        ((), ("DOM801",), {}),
        (("DOM801",), (), {"dom801": ""}),
    ],
)
def test_a_word_that_names_nothing_is_reported_with_the_nearest(
    only: tuple[str, ...], skip: tuple[str, ...], unknown: dict[str, str]
) -> None:
    assert Choice.of(only, skip).unknown(PLANS) == unknown
