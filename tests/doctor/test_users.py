import pytest

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus
from ngrok_scim_cli.diagnosis.okta.records import OktaApp
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.evidence import SharedFuture
from ngrok_scim_cli.doctor.okta import OKTA
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.doctor.users import PLANS
from ngrok_scim_cli.sandbox.people import Person
from ngrok_scim_cli.settings.profile import Domain, Profile
from tests.doctor.harness import Harness, codes, made_of

WITH_DOMAIN = Profile("default", domains=(Domain("corp.example"),))


def checks(harness: Harness, *faults: str, **access: object) -> dict[str, Check]:
    return made_of(PLANS, harness.evidence(*faults, **access))


def test_every_check_of_the_users_is_made(harness: Harness) -> None:
    made = checks(harness, profile=WITH_DOMAIN)
    assert list(made) == [plan.code for plan in PLANS]
    assert {item.status for item in made.values()} == {CheckStatus.PASS}
    assert made["user-pages"].reason == "3 users"


@pytest.mark.parametrize(
    ("fault", "code", "found"),
    [
        ("user-name-no-email", "user-addresses", "USR603"),
        ("user-name-with-space", "user-letters", "USR604"),
        ("twin-users", "user-twins", "USR605"),
        ("foreign-domain-user", "user-domains", "USR606"),
        ("deactivated-users", "user-deactivated", "USR607"),
        ("no-display-name", "user-display-names", "USR608"),
        ("okta-assigned-early", "provisioned", "OKT908"),
        ("okta-gone-in-ngrok", "gone", "OKT909"),
        ("okta-locked-out", "locked-out", "OKT917"),
        ("okta-leaver-assigned", "still-active", "OKT911"),
        ("okta-suspended", "suspended", "OKT918"),
        ("okta-unknown", "unknown-to-okta", "OKT910"),
        ("okta-leaver-active", "still-active", "OKT911"),
        ("okta-address-differs", "okta-user-names", "OKT914"),
    ],
)
def test_what_is_wrong_is_found_by_the_check_that_is_about_it(
    harness: Harness, fault: str, code: str, found: str
) -> None:
    assert codes(checks(harness, fault, profile=WITH_DOMAIN)[code]) == [found]


@pytest.mark.parametrize(
    ("fault", "why"), [("okta-oidc-app", "OKT904"), ("okta-scim-off", "OKT905")]
)
def test_where_the_app_provisions_nobody_no_single_person_is_reported(
    harness: Harness, fault: str, why: str
) -> None:
    provisioned = checks(harness, fault)["provisioned"]
    assert (codes(provisioned), provisioned.follows) == ([why], True)


def test_where_the_app_is_not_reported_each_person_is(harness: Harness) -> None:
    def refuse() -> OktaApp:
        raise Unknown("Okta did not give the app.", ())

    evidence = harness.evidence("okta-oidc-app")
    evidence.shared(read_people).get()
    evidence.okta_app = SharedFuture(refuse)
    assert codes(made_of(PLANS, evidence)["provisioned"]) == ["OKT908"]


@pytest.mark.parametrize(
    ("faults", "fix"), [((), "Directory > People"), (("okta-username-format",), "Sign On")]
)
def test_one_address_is_corrected_where_the_format_is_email(
    harness: Harness, faults: tuple[str, ...], fix: str
) -> None:
    found = checks(harness, "user-name-no-email", *faults)["user-addresses"].findings
    assert fix in found[0].fix


def test_pages_are_a_check(large_harness: Harness) -> None:
    assert codes(checks(large_harness, "paging-shrinks")["user-pages"]) == ["USR609"]


def test_without_a_domain_nobody_is_outside_of_one(harness: Harness) -> None:
    check = checks(harness, "foreign-domain-user")["user-domains"]
    assert (check.status, check.reason) == (
        CheckStatus.SKIP,
        "The profile has no domain, so nobody can be outside it.",
    )


def test_without_okta_nobody_is_read_for_both_sides(harness: Harness) -> None:
    evidence = harness.evidence(okta=Unknown("There is no Okta org."))
    made = made_of([plan for plan in PLANS if OKTA in plan.needs], evidence)
    assert {item.reason for item in made.values()} == {"There is no Okta org."}
    assert not evidence.shared(read_people).is_over


def test_an_incomplete_list_is_reported_by_one_check(large_harness: Harness) -> None:
    made = checks(large_harness, "server-error@2")
    assert codes(made["user-pages"]) == ["SCM506"]
    assert made["user-addresses"].follows
    assert made["gone"].follows


def test_what_was_found_before_a_list_broke_off_is_reported(large_harness: Harness) -> None:
    made = checks(large_harness, "server-error@2", "no-display-name")
    assert codes(made["user-display-names"]) == ["USR608"]
    assert made["user-display-names"].reason == "of the first 100 users; the list may be incomplete"


def test_a_check_with_nobody_to_look_at_does_not_pass(harness: Harness) -> None:
    empty, unprovisioned = checks(harness, "empty-list"), checks(harness, "okta-scim-off")
    assert {made.reason for made in list(empty.values())[:6]} == {"ngrok's list has no user."}
    assert unprovisioned["gone"].reason == "Okta has provisioned nobody yet."
    statuses = (item.status for item in (*list(empty.values())[:6], unprovisioned["gone"]))
    assert set(statuses) == {CheckStatus.SKIP}


def test_names_that_are_not_there_do_not_pass(harness: Harness) -> None:
    made = checks(harness, "resource-without-user-name", profile=WITH_DOMAIN)
    unnamed = [
        code for code, item in made.items() if item.reason == "Not every user has a user name."
    ]
    assert unnamed == ["user-letters", "user-twins", "user-domains"]


def test_where_everybody_is_deactivated_no_name_passes() -> None:
    from ngrok_scim_cli.sandbox import open_sandbox

    with open_sandbox(users=1) as sandbox, Harness.of(sandbox) as alone:
        for user in sandbox.directory.everybody():
            sandbox.directory.take_out(user.id)
        sandbox.directory.put_first([Person("ann@corp.example", "Ann", active=False)])
        made = checks(alone, profile=WITH_DOMAIN)
    passed = [
        code
        for code, item in list(made.items())[:7]
        if (item.status, item.reason) == (CheckStatus.PASS, "1 user")
    ]
    assert passed == ["user-pages", "user-deactivated"]


def test_one_user_is_counted_as_one(harness: Harness) -> None:
    from ngrok_scim_cli.sandbox import open_sandbox

    with open_sandbox(users=1) as sandbox, Harness.of(sandbox) as alone:
        assert checks(alone)["user-pages"].reason == "1 user"
