"""What Okta reads of single people, which the connector test does not."""

import pytest

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.connector import PERSON_READS as PLANS
from tests.doctor.harness import Harness, codes, made_of

ALL = {"read-by-id", "look-up-absent", "look-up-difficult"}


def checks(harness: Harness, *faults: str, **access: object) -> dict[str, Check]:
    return made_of(PLANS, harness.evidence(*faults, **access))


def test_a_correct_endpoint_passes(harness: Harness) -> None:
    made = checks(harness, "difficult-names")
    assert {item.status for item in made.values()} == {CheckStatus.PASS}
    assert made.keys() == ALL
    assert made["look-up-difficult"].reason == (
        "with a plus sign, a quotation mark, capitals, letters beyond ASCII"
    )


def test_without_a_difficult_name_none_is_looked_up(harness: Harness) -> None:
    made = checks(harness)["look-up-difficult"]
    assert (made.status, made.reason) == (CheckStatus.SKIP, "No user has an unusual name.")


@pytest.mark.parametrize(
    ("fault", "check", "found", "evidence"),
    [
        ("read-by-id-fails", "read-by-id", "SCM522", "answered with 404: “Resource not found”"),
        ("read-by-id-gives-another", "read-by-id", "SCM522", "returned “usr_0”"),
        (
            "absent-as-text",
            "look-up-absent",
            "SCM523",
            "these are not whole numbers: `totalResults`",
        ),
        ("absent-fails", "look-up-absent", "SCM523", "answered with 500"),
        ("absent-bare-list", "look-up-absent", "SCM523", "did not return a ListResponse"),
        (
            "absent-gives-others",
            "look-up-absent",
            "SCM523",
            "returned “ada.lovelace+test@corp.example”",
        ),
        ("lookup-ignores-filter", "look-up-absent", "SCM523", "returned “ada.lovelace"),
        ("lookup-loses-plus", "look-up-difficult", "SCM519", "ada.lovelace+test"),
        ("lookup-loses-quotes", "look-up-difficult", "SCM519", "sinead.o'neill"),
    ],
)
def test_a_read_that_fails_is_found(
    harness: Harness, fault: str, check: str, found: str, evidence: str
) -> None:
    made = checks(harness, "difficult-names", fault)
    assert codes(made[check]) == [found]
    assert evidence in made[check].findings[0].evidence


def test_a_404_of_scim_counts_as_nobody(harness: Harness) -> None:
    assert codes(checks(harness, "absent-as-404")["look-up-absent"]) == []


def test_an_address_is_made_up_in_the_domain_of_a_user(harness: Harness) -> None:
    evidence = harness.evidence()
    made_of(PLANS, evidence)
    (asked,) = [one for one in evidence.exchanges if one.purpose == "look-up of somebody new"]
    assert "ngrok-scim-" in asked.url
    assert "%40corp.example%22" in asked.url


@pytest.mark.parametrize("fault", ["empty-list", "key-refused"])
def test_where_nobody_is_listed_nobody_is_read(harness: Harness, fault: str) -> None:
    made = checks(harness, fault)
    assert codes(made["read-by-id"]) == codes(made["look-up-absent"]) == []
    assert made["read-by-id"].status is CheckStatus.SKIP


def test_a_rate_limited_read_is_no_finding(harness: Harness) -> None:
    evidence = harness.evidence("rate-limited@3")
    evidence.tested.get()  # it makes the first two requests
    made = made_of(PLANS, evidence)
    busy = [item for item in made.values() if item.follows and item.code != "look-up-difficult"]
    assert [codes(item) for item in busy] in ([["SCM505"]], [])


def test_without_a_key_nothing_is_read(harness: Harness) -> None:
    made = checks(harness, values=Unknown("There is no SCIM key."))
    assert {item.reason for item in made.values()} == {"There is no SCIM key."}
