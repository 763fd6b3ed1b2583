import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus
from ngrok_scim_cli.diagnosis.okta.records import LogEvent
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.access import OktaSide
from ngrok_scim_cli.doctor.checks import Choice, as_wanted, make_in_order
from ngrok_scim_cli.doctor.evidence import MOST_EVENTS, SharedFuture
from ngrok_scim_cli.doctor.okta import PLANS
from tests.doctor.harness import Harness, codes, made_of

SKIP, PASS, UNSUPPORTED = CheckStatus.SKIP, CheckStatus.PASS, CheckStatus.UNSUPPORTED


def checks(harness: Harness, *faults: str, **access: object) -> dict[str, Check]:
    return made_of(PLANS, harness.evidence(*faults, **access))


def test_every_check_of_okta_is_made(harness: Harness) -> None:
    made = checks(harness)
    assert list(made) == [plan.code for plan in PLANS]
    assert {code for code, item in made.items() if item.status is not PASS} == {"okta-switches"}
    assert made["okta-app"].reason == f"“ngrok” ({harness.access.okta_app})"
    assert made["okta-assigned"].reason == "3 people"


def test_what_okta_does_not_tell_is_no_failure(harness: Harness) -> None:
    check = checks(harness)["okta-switches"]
    assert check.status is UNSUPPORTED
    assert check.reason.startswith("Okta does not report this")


@pytest.mark.parametrize(
    ("fault", "code", "found"),
    [
        ("okta-token-refused", "okta-token", "OKT902"),
        ("okta-web-page", "okta-token", "OKT901"),
        ("okta-app-missing", "okta-app", "OKT903"),
        ("okta-app-inactive", "okta-app", "OKT903"),
        ("okta-oidc-app", "okta-kind", "OKT904"),
        ("okta-scim-off", "okta-scim", "OKT905"),
        ("okta-username-format", "okta-username", "OKT906"),
        ("okta-nobody-assigned", "okta-assigned", "OKT907"),
        ("okta-switches-off", "okta-switches", "OKT916"),
        ("okta-more-attributes", "okta-mappings", "OKT915"),
        ("okta-sign-in-failed", "okta-sign-in", "OKT913"),
        ("okta-update-refused", "okta-failures", "OKT912"),
        ("okta-second-app", "okta-one-app", "OKT919"),
    ],
)
def test_what_is_wrong_is_found_by_the_check_that_is_about_it(
    harness: Harness, fault: str, code: str, found: str
) -> None:
    assert codes(checks(harness, fault)[code]) == [found]


def test_a_token_that_is_taken_passes_though_the_app_is_not_there(harness: Harness) -> None:
    assert checks(harness, "okta-app-missing")["okta-token"].status is PASS


@pytest.mark.parametrize("fault", ["okta-server-error", "okta-rate-limited"])
def test_an_org_that_answers_nobody_is_not_reported(harness: Harness, fault: str) -> None:
    made = checks(harness, fault)
    assert {code for code, check in made.items() if check.conclusive} == {"okta-org"}
    assert {check.status for code, check in made.items() if code != "okta-org"} == {SKIP}


def test_where_the_people_are_not_reported_the_app_is_judged_without_them(harness: Harness) -> None:
    made = checks(harness, "okta-scim-off", "okta-nobody-assigned")
    assert codes(made["okta-scim"]) == ["OKT905"]


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (MOST_EVENTS - 1, "none failed in the last 7 days"),
        (MOST_EVENTS, "none failed in the newest 5,000 events; there may be more"),
    ],
)
def test_a_log_that_is_too_long_says_how_much_of_it_was_read(
    harness: Harness, events: int, reason: str
) -> None:
    evidence = harness.evidence()
    good = LogEvent("2026-01-02T03:04:05.000Z", "application.x", "SUCCESS")
    evidence.log = SharedFuture(lambda: (good,) * events)
    made = made_of(PLANS, evidence)
    assert made["okta-failures"].reason == reason


def test_a_wrong_address_is_reported_once_and_nothing_is_sent_there(harness: Harness) -> None:
    wrong = finding("OKT901", "“corp-admin.okta.com” is the admin console.")
    side = OktaSide("https://corp-admin.okta.com", Unknown("The address is wrong.", (wrong,)))
    evidence = harness.evidence(okta=side)
    org, *others = as_wanted(make_in_order(PLANS, evidence), Choice())
    assert org.findings == (wrong,)
    assert {(item.status, item.reason) for item in others} == {
        (SKIP, "The address is wrong. OKT901 says why.")
    }
    assert evidence.exchanges == ()


def test_without_an_org_every_check_says_how_to_name_one(harness: Harness) -> None:
    missing = Unknown("There is no Okta org.")
    made = checks(harness, okta=OktaSide(missing, missing))
    assert {(item.status, item.reason) for item in made.values()} == {
        (SKIP, "There is no Okta org.")
    }


def test_one_person_is_counted_as_one(harness: Harness) -> None:
    org = harness.sandbox.org
    person = next(iter(org.assignments.values()))
    org.assignments.clear()
    org.assign(person.user, person.external_id)
    try:
        assert checks(harness)["okta-assigned"].reason == "1 person"
    finally:
        harness.sandbox.build()
