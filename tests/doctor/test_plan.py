import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Finding
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor.checks import CheckPlan, Choice
from ngrok_scim_cli.doctor.evidence import Evidence
from tests.doctor.harness import Harness
from tests.support.cases import each_case

FAIL, PASS, SKIP, WARN = (CheckStatus.FAIL, CheckStatus.PASS, CheckStatus.SKIP, CheckStatus.WARN)
ERROR = finding("USR601", "`totalResults` is 0.")
WARNING = finding("SCM515", "text/plain")
OF_ANOTHER = finding("KEY214", "401")
NOTICE = finding("ENV009", "From here.")


def plan(end: object = None, code: str = "list", *finds: str) -> CheckPlan:
    """Return a check that ends like this."""

    def look(_: Evidence) -> Check | Judged | Unknown:
        if isinstance(end, Raised):
            raise end.error
        assert isinstance(end, Check | Judged | Unknown)
        return end

    return CheckPlan(code, "Some check", "SCIM endpoint", look, finds=finds)


class Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


LIST = plan(None, "list", "USR601", "SCM515")
KEY = plan(None, "key", "KEY214")
PLANS = (LIST, KEY)


@pytest.mark.parametrize(
    ("end", "status", "reason", "found", "conclusive"),
    [
        (Judged(reason="seen"), PASS, "seen", (), True),
        (Judged((NOTICE,)), PASS, "", (NOTICE,), True),
        (Judged((WARNING, NOTICE)), WARN, "", (WARNING, NOTICE), True),
        (Judged((NOTICE, WARNING, ERROR)), FAIL, "", (NOTICE, WARNING, ERROR), True),
        (Judged((OF_ANOTHER,), "seen"), PASS, "seen", (), True),
        (Unknown("Okta does not say."), CheckStatus.UNSUPPORTED, "Okta does not say.", (), True),
        (Raised(Unknown("There is no key.")), SKIP, "There is no key.", (), True),
        (Raised(Unknown("Refused.", (OF_ANOTHER,))), FAIL, "Refused.", (OF_ANOTHER,), True),
        (Raised(Unknown("No reply.", conclusive=False)), SKIP, "No reply.", (), False),
        (
            Raised(ZeroDivisionError()),
            FAIL,
            "The check itself crashed (ZeroDivisionError); this is a bug in ngrok-scim.",
            (),
            False,
        ),
        (
            Raised(MemoryError()),
            SKIP,
            "This machine does not have enough memory for it.",
            (),
            False,
        ),
    ],
)
def test_every_outcome_of_a_check_becomes_its_status(
    harness: Harness,
    end: object,
    status: CheckStatus,
    reason: str,
    found: tuple[object, ...],
    conclusive: bool,
) -> None:
    made = plan(end, "list", "USR601", "SCM515", "ENV009").make(harness.evidence())
    assert (made.status, made.reason, made.findings, made.conclusive) == (
        status,
        reason,
        found,
        conclusive,
    )
    assert made.follows is (isinstance(end, Raised) and isinstance(end.error, Unknown))


@each_case(
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


@each_case(
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
