from collections.abc import Callable

import pytest

from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.evidence import Evidence
from ngrok_scim_cli.doctor.people import read_assigned, read_people
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from ngrok_scim_cli.wire.okta_api import OktaApi
from tests.doctor.harness import Harness

NO_OKTA = Unknown("There is no Okta org.")
NO_KEY = Unknown("There is no SCIM key.")


def urls(evidence: Evidence) -> list[str]:
    return [exchange.url.partition("/api/v1")[2] for exchange in evidence.exchanges]


def test_an_app_that_is_named_by_its_id_is_read_at_once(harness: Harness) -> None:
    evidence = harness.evidence()
    assert evidence.okta_app.get().label == "ngrok"
    assert urls(evidence) == [f"/apps/{harness.access.okta_app}"]


@pytest.mark.parametrize("wanted", ["ngrok", "NGROK", ""])
def test_an_app_is_found_by_its_label_or_by_itself(harness: Harness, wanted: str) -> None:
    evidence = harness.evidence(okta_app=wanted)
    assert evidence.okta_app.get().id == harness.access.okta_app
    assert evidence.app_id() == harness.access.okta_app


def test_the_id_that_the_person_gave_costs_no_request(harness: Harness) -> None:
    evidence = harness.evidence("okta-server-error")
    assert evidence.app_id() == harness.access.okta_app
    assert evidence.exchanges == ()


@pytest.mark.parametrize("wanted", ["0oa00000000000000000", "Nowhere"])
def test_an_app_that_is_not_there_is_a_finding(harness: Harness, wanted: str) -> None:
    with pytest.raises(Unknown) as refused:
        harness.evidence(okta_app=wanted).okta_app.get()
    assert [item.code for item in refused.value.findings] == ["OKT903"]
    assert refused.value.conclusive


def test_a_404_that_is_none_of_oktas_is_a_wrong_address(harness: Harness) -> None:
    """Some other server answers at that address: that the app is not there says nothing."""
    not_okta = OktaApi(harness.access.wire, harness.sandbox.values.scim_base_url, "00token")
    with pytest.raises(Unknown) as refused:
        harness.evidence(okta=not_okta).okta_app.get()
    assert [item.code for item in refused.value.findings] == ["OKT901"]


def test_an_app_that_may_be_one_of_several_has_to_be_named(harness: Harness) -> None:
    evidence = harness.evidence("okta-app-inactive", okta_app="")
    assert evidence.okta_app.get().status == "INACTIVE"


@pytest.mark.parametrize(
    ("fault", "codes", "conclusive"),
    [
        ("okta-token-refused", ["OKT902"], True),
        ("okta-server-error", [], False),
        ("okta-web-page", ["OKT901"], True),
    ],
)
@pytest.mark.parametrize(
    "ask",
    [
        lambda evidence: evidence.okta_app.get(),
        lambda evidence: evidence.mappings.get(),
        lambda evidence: evidence.log.get(),
        lambda evidence: evidence.shared(read_assigned).get(),
    ],
)
def test_what_okta_refuses_says_why(
    harness: Harness,
    fault: str,
    codes: list[str],
    conclusive: bool,
    ask: Callable[[Evidence], object],
) -> None:
    with pytest.raises(Unknown) as refused:
        ask(harness.evidence(fault))
    assert [item.code for item in refused.value.findings] == codes
    assert refused.value.conclusive is conclusive
    assert refused.value.reason


@pytest.mark.parametrize(
    "ask",
    [
        lambda evidence: evidence.okta_app.get(),
        lambda evidence: evidence.features.get(),
        lambda evidence: evidence.mappings.get(),
        lambda evidence: evidence.log.get(),
        lambda evidence: evidence.shared(read_assigned).get(),
        lambda evidence: evidence.app_id(),
    ],
)
def test_without_an_okta_org_nothing_of_it_is_known(
    harness: Harness, ask: Callable[[Evidence], object]
) -> None:
    evidence = harness.evidence(okta=NO_OKTA)
    with pytest.raises(Unknown, match="no Okta org"):
        ask(evidence)
    assert evidence.exchanges == ()


def test_the_app_need_not_be_looked_up_for_what_depends_on_it(harness: Harness) -> None:
    evidence = harness.evidence()
    assert len(evidence.mappings.get()) == 1
    features = evidence.features.get()
    assert features.reply is not None
    assert all(event.event_type.startswith("application.") for event in evidence.log.get())
    assert not any(url == f"/apps/{harness.access.okta_app}" for url in urls(evidence))


def test_a_mapping_that_cannot_be_read_is_reported(harness: Harness) -> None:
    with pytest.raises(Unknown, match="500"):
        harness.evidence("okta-server-error@2").mappings.get()


def test_lists_of_ngrok_are_whole(harness: Harness) -> None:
    evidence = harness.evidence()
    assert {item["owner_id"] for item in evidence.api_keys.get()}
    assert [item["name"] for item in evidence.service_users.get()] == ["Okta SCIM Bot"]
    assert (evidence.ip_restrictions.get(), evidence.ip_policy_rules.get()) == ((), ())


@pytest.mark.parametrize(("fault", "code"), [("admin-key-revoked", "NGR714")])
def test_what_ngrok_refuses_says_why(harness: Harness, fault: str, code: str) -> None:
    with pytest.raises(Unknown, match="Could not read ngrok's API keys") as refused:
        harness.evidence(fault).api_keys.get()
    assert [item.code for item in refused.value.findings] == [code]
    assert refused.value.conclusive


def test_a_failed_connection_leaves_the_account_unknown(harness: Harness) -> None:
    nowhere = NgrokApi(harness.access.wire, "http://127.0.0.1:1", "key")
    with pytest.raises(Unknown) as refused:
        harness.evidence(ngrok=nowhere).api_keys.get()
    assert [item.code for item in refused.value.findings] == ["NET402"]
    assert not refused.value.conclusive


def test_without_an_admin_key_the_account_is_not_known(harness: Harness) -> None:
    with pytest.raises(Unknown, match="no admin key"):
        harness.evidence(ngrok=Unknown("There is no admin key.")).api_keys.get()


def test_values_without_a_mistake_are_used_as_typed(harness: Harness) -> None:
    evidence = harness.evidence()
    listed = evidence.scim().list_users()
    assert listed.reply is not None
    assert listed.reply.status == 200
    assert evidence.tested.peek() is None


def test_values_with_a_mistake_are_used_as_repaired(harness: Harness) -> None:
    values = harness.values(authorization=f" {harness.sandbox.values.scim_key}")
    evidence = harness.evidence(values=values)
    listed = evidence.scim().list_users()
    assert listed.reply is not None
    assert listed.reply.status == 200
    assert evidence.tested.peek() is not None


def test_values_that_nobody_could_repair_are_not_sent(harness: Harness) -> None:
    with pytest.raises(Unknown, match="do not work yet"):
        harness.evidence(values=harness.values(authorization="")).scim()


def test_without_a_key_nothing_is_tested(harness: Harness) -> None:
    evidence = harness.evidence(values=NO_KEY)
    for ask in (evidence.scim, evidence.tested.get, evidence.shared(read_people).get):
        with pytest.raises(Unknown, match="no SCIM key"):
            ask()


def test_of_a_reply_that_went_well_only_its_size_is_kept(harness: Harness) -> None:
    evidence = harness.evidence()
    good = Exchange("list", "GET", "https://a.test", reply=Reply(200, body=b'"ada@corp.example"'))
    bad = Exchange("list", "GET", "https://a.test", reply=Reply(500, body=b"oops"))
    assert evidence.note(good) is good
    assert evidence.note(bad) is bad
    kept = [exchange.reply for exchange in evidence.exchanges]
    assert [reply and (reply.body, reply.size) for reply in kept] == [(b"", 18), (b"oops", 4)]


def test_the_domains_are_those_of_the_profile(harness: Harness) -> None:
    profile = Profile("default", domains=(Domain("corp.example"), Domain("other.example")))
    assert harness.evidence(profile=profile).domains() == {"corp.example", "other.example"}
    assert harness.evidence(profile=Unknown("It is broken.")).domains() == frozenset()


def test_everything_can_be_begun_at_once(harness: Harness) -> None:
    evidence = harness.evidence()
    evidence.begin()
    for one in (evidence.log, evidence.mappings, evidence.features, evidence.okta_app):
        one.get()
    for listed in (evidence.api_keys, evidence.service_users, evidence.ip_restrictions):
        listed.get()
    assert evidence.ip_policy_rules.get() == ()
    assert evidence.tested.get().judged is not None
    assert (
        evidence.shared(read_assigned).get().count == evidence.shared(read_people).get().total == 3
    )
    assert len({exchange.url for exchange in evidence.exchanges}) == len(evidence.exchanges)


def test_without_any_access_nothing_is_begun(harness: Harness) -> None:
    nothing = Unknown("There is nothing.")
    evidence = harness.evidence(values=nothing, ngrok=nothing, okta=nothing)
    evidence.begin()
    assert not evidence.tested.is_over
