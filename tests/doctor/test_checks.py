from collections.abc import Iterable
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor import account
from ngrok_scim_cli.doctor.access import open_resolver
from ngrok_scim_cli.doctor.checks import CheckPlan, Choice, as_wanted, make_in_order, result_of
from ngrok_scim_cli.doctor.run import PLANS
from ngrok_scim_cli.sandbox import FAULTS
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretStore
from ngrok_scim_cli.settings.sources import Settings
from tests.doctor.harness import Harness
from tests.support.cases import each_case

BY_CODE = {plan.code: plan for plan in PLANS}

CATEGORIES = (
    "This machine",
    "Values for Okta",
    "Network",
    "SCIM endpoint",
    "ngrok account",
    "Domains",
    "Okta app",
    "Users",
)

# What says why a peer could not be asked may stand at any check that asks it.
ON_THE_WAY = ("NET", "SCM50")

# Their faults take seconds by their nature, or need another program's timing.
SLOW = frozenset({"slow", "slow-drip", "never-answers"})
# What only a longer list, or a new key, shows.
UNSEEN = frozenset({"drops-after-create", "old-key", "key-is-access-token"}) | {
    name for name in FAULTS if name.startswith("paging-")
}
UNSEEN |= {"list-counts-the-rest", "key-limit", "key-limit-per-interval"}
# What no user name of the sandbox's shows; tests/doctor/test_reads_of_people.py shows it.
UNSEEN |= {"lookup-loses-plus", "lookup-loses-quotes"}
ONLY_AT_A_SETUP = frozenset({"not-an-admin", "no-service-users-on-plan"})


def examine(
    harness: Harness,
    tmp_path: Path,
    *faults: str,
    plans: Iterable[CheckPlan] = PLANS,
    **access: object,
) -> Result:
    settings = Settings(
        environment={}, profiles=ProfileStore(tmp_path), secrets=SecretStore, profile_name="default"
    )
    evidence = harness.evidence(
        *faults,
        settings=settings,
        other_values=harness.values(authorization=""),
        open_resolver=lambda: open_resolver(1),
        **access,
    )
    return result_of(list(as_wanted(make_in_order(plans, evidence), Choice())))


def test_no_two_checks_have_one_name() -> None:
    assert len(BY_CODE) == len(PLANS)


def test_checks_stand_together_under_their_categories() -> None:
    assert tuple(dict.fromkeys(plan.category for plan in PLANS)) == CATEGORIES
    places = [CATEGORIES.index(plan.category) for plan in PLANS]
    assert places == sorted(places)


def test_every_finding_of_the_catalogue_is_found_by_some_check() -> None:
    # FRM309 compares with what Okta showed, and the family REH belongs to the rehearsal.
    elsewhere = {code for code in CATALOGUE if code.startswith("REH")} | {"FRM309"}
    assert {code for plan in PLANS for code in plan.finds} == set(CATALOGUE) - elsewhere


def test_every_check_is_made_in_the_order_of_the_list(harness: Harness, tmp_path: Path) -> None:
    result = examine(harness, tmp_path)
    assert [check.code for check in result.checks] == [plan.code for plan in PLANS]


@each_case("fault", sorted(FAULTS.keys() - SLOW))
def test_each_fault_is_found_by_a_check_that_says_so(
    harness: Harness, tmp_path: Path, fault: str
) -> None:
    codes = set(FAULTS[fault].codes)
    # What ngrok's API refuses altogether stands at each check that asks it; one of them will do.
    able = [plan for plan in PLANS if codes & set(plan.finds) or plan is account.admin_key]
    assert_fault_is_found(harness, tmp_path, fault, able)


@pytest.mark.slow
@each_case("fault", sorted(FAULTS.keys() - SLOW))
def test_each_fault_is_found_among_all_checks(harness: Harness, tmp_path: Path, fault: str) -> None:
    assert_fault_is_found(harness, tmp_path, fault, PLANS)


def assert_fault_is_found(
    harness: Harness, tmp_path: Path, fault: str, plans: Iterable[CheckPlan]
) -> None:
    profile = Profile("default", domains=(Domain("corp.example "),))
    result = examine(harness, tmp_path, fault, plans=plans, profile=profile)
    for check in result.checks:
        assert "crashed" not in check.reason
        strange = set(check.codes) - set(BY_CODE[check.code].finds)
        assert all(code.startswith(ON_THE_WAY) for code in strange), (check.code, strange)
    # What a rehearsal alone can find is nothing for a doctor who only reads.
    expected = {code for code in FAULTS[fault].codes if not code.startswith("REH")}
    found = {code for check in result.checks for code in check.codes}
    if fault == "forbidden-address":  # ngrok's own code says it better than the status
        assert expected & found == {"NGR705"}
    elif fault not in UNSEEN | ONLY_AT_A_SETUP:
        assert expected <= found


def test_without_any_credential_everything_that_needs_one_says_so(
    harness: Harness, tmp_path: Path
) -> None:
    result = examine(
        harness,
        tmp_path,
        values=Unknown("There is no SCIM key."),
        ngrok=Unknown("There is no admin key."),
        okta=Unknown("There is no Okta org."),
        profile=Unknown("The profile is broken."),
    )
    assert result.findings == ()
    skipped = {check.code for check in result.checks if check.status == "skip"}
    needing = {plan.code for plan in PLANS if plan.needs} - {"okta-org"}
    assert skipped == needing
    assert all(check.reason for check in result.checks if check.code in skipped)
