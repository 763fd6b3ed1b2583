from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.domains import PLANS
from ngrok_scim_cli.settings.profile import Domain, Key, Profile
from ngrok_scim_cli.wire.dns import Resolver
from tests.doctor.harness import Harness, codes, made_of
from tests.support.dns_server import HOST, DnsServer, dns_server

DAY = datetime(2026, 1, 2, tzinfo=UTC)
NAME = "corp.example"
PROOF = "ngrok-verification=1"
SKIP = CheckStatus.SKIP

Examine = Callable[..., dict[str, Check]]


def nobody() -> Resolver:
    raise AssertionError("the DNS was asked")


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with dns_server() as running:
        yield running


@pytest.fixture
def examine(harness: Harness, server: DnsServer) -> Examine:
    def ask() -> Resolver:
        return Resolver(timeout=10, nameservers=(HOST,), port=server.port)

    def look(*known: Domain, profile: Profile | Unknown | None = None) -> dict[str, Check]:
        kept = profile or Profile("default", domains=known)
        return made_of(PLANS, harness.evidence(profile=kept, open_resolver=ask))

    return look


def test_a_domain_that_is_all_right_passes(examine: Examine, server: DnsServer) -> None:
    server.records[NAME] = [("MX", "10 mx.corp.example."), ("TXT", f'"{PROOF}"')]
    made = examine(Domain(NAME, DAY, DAY, txt=PROOF))
    assert list(made) == [plan.code for plan in PLANS]
    assert {item.status for item in made.values()} == {CheckStatus.PASS}
    assert made["domain-names"].reason == NAME


@pytest.mark.parametrize(
    ("domain", "records", "code", "found"),
    [
        (Domain("gmail.com"), None, "domain-names", ["DOM803"]),
        (Domain("corp.example "), None, "domain-names", ["DOM804"]),
        (Domain("ada@corp.example"), None, "domain-names", ["DOM805"]),
        (Domain("co.uk"), None, "domain-names", ["DOM806"]),
        (Domain(NAME), [], "domains-submitted", ["DOM801"]),
        (Domain(NAME, DAY), [], "domains-approved", ["DOM802"]),
        (Domain(NAME, DAY, DAY), None, "domains-dns", ["DOM806"]),
        (Domain(NAME, DAY, DAY), [], "domains-mail", ["DOM807"]),
        (Domain(NAME, DAY, DAY, txt=PROOF), [], "domains-proof", ["DOM808"]),
    ],
)
def test_what_is_wrong_is_found_by_the_check_that_is_about_it(
    examine: Examine,
    server: DnsServer,
    domain: Domain,
    records: list[tuple[str, str]] | None,
    code: str,
    found: list[str],
) -> None:
    if records is not None:
        server.records[domain.name] = records
    assert codes(examine(domain)[code]) == found


def test_each_domain_has_its_own_finding(examine: Examine) -> None:
    made = examine(Domain("one.example", DAY), Domain("two.example", DAY), Domain("one.example"))
    assert [item.evidence for item in made["domains-approved"].findings] == [
        "No approval is recorded for one.example.",
        "No approval is recorded for two.example.",
    ]


def test_many_domains_are_all_asked_for(examine: Examine, server: DnsServer) -> None:
    known = [Domain(f"d{number}.example", DAY, DAY) for number in range(19)]
    made = examine(*known)
    assert len(made["domains-dns"].findings) == 19
    assert {name for name, kind in server.asked if kind == "MX"} == {item.name for item in known}


@pytest.mark.parametrize(
    "profile", [Profile("default", key=Key("ak_1")), Profile("default", steps={"api-key": DAY})]
)
def test_a_setup_without_a_domain_lacks_one(examine: Examine, profile: Profile) -> None:
    made = examine(profile=profile)
    assert codes(made["domains-submitted"]) == ["DOM801"]
    assert {item.status for code, item in made.items() if code != "domains-submitted"} == {SKIP}


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        (Profile("default"), "`ngrok-scim domain submit DOMAIN`"),
        (Unknown("The profile is broken."), "The profile is broken."),
    ],
)
def test_where_nothing_is_known_nothing_is_judged(
    harness: Harness, profile: Profile | Unknown, reason: str
) -> None:
    made = made_of(PLANS, harness.evidence(profile=profile, open_resolver=nobody))
    assert {item.status for item in made.values()} == {SKIP}
    assert all(reason in item.reason for item in made.values())


def test_what_is_not_submitted_cannot_be_approved(examine: Examine) -> None:
    check = examine(Domain(NAME))["domains-approved"]
    assert (check.status, check.reason) == (SKIP, "No domain is submitted yet.")


def test_a_domain_that_is_not_submitted_is_not_approved_by_another(examine: Examine) -> None:
    check = examine(Domain("one.example", DAY, DAY), Domain("two.example"))["domains-approved"]
    assert (check.status, check.reason) == (SKIP, "Not every domain is submitted yet.")


def test_an_empty_dns_answer_is_no_finding(examine: Examine, server: DnsServer) -> None:
    server.trouble = "SERVFAIL"
    made = examine(Domain(NAME, DAY, DAY, txt=PROOF))
    for code in ("domains-dns", "domains-mail", "domains-proof"):
        assert (made[code].status, made[code].findings) == (SKIP, ())
        assert "SERVFAIL" in made[code].reason
        assert made[code].follows


def test_a_name_that_is_wrong_is_not_asked_for(harness: Harness) -> None:
    profile = Profile("default", domains=(Domain("corp example", DAY, DAY, txt=PROOF),))
    made = made_of(PLANS, harness.evidence(profile=profile, open_resolver=nobody))
    assert made["domains-dns"].reason == ("No domain has a name that can be looked up in the DNS.")
    assert made["domains-proof"].status is SKIP


def test_no_proof_is_asked_for_before_ngrok_has_given_one(examine: Examine) -> None:
    check = examine(Domain(NAME, DAY, DAY))["domains-proof"]
    assert check.status is SKIP
    assert "--txt VALUE" in check.reason


def test_one_domain_without_a_dns_answer_is_reported(examine: Examine, server: DnsServer) -> None:
    server.records[NAME] = [("MX", "10 mx.corp.example.")]
    server.trouble, server.troubled = "SERVFAIL", "other.example"
    made = examine(Domain(NAME, DAY, DAY), Domain("other.example", DAY, DAY))
    for code in ("domains-dns", "domains-mail"):
        assert (made[code].status, made[code].follows) == (SKIP, True)
