from collections.abc import Callable

import pytest

from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.evidence import Evidence
from ngrok_scim_cli.doctor.okta_people import read_assigned
from ngrok_scim_cli.doctor.people import read_people
from ngrok_scim_cli.doctor.progress import Silent
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from ngrok_scim_cli.wire.okta_api import OktaApi
from tests.doctor.scene import Scene

NO_OKTA = Unknown("There is no Okta org.")
NO_KEY = Unknown("There is no SCIM key.")


def urls(evidence: Evidence) -> list[str]:
    return [exchange.url.partition("/api/v1")[2] for exchange in evidence.exchanges]


def test_an_app_that_is_named_by_its_id_is_read_at_once(scene: Scene) -> None:
    evidence = scene.evidence()
    assert evidence.okta_app.get().label == "ngrok"
    assert urls(evidence) == [f"/apps/{scene.access.okta_app}"]


@pytest.mark.parametrize("wanted", ["ngrok", "NGROK", ""])
def test_an_app_is_found_by_its_label_or_by_itself(scene: Scene, wanted: str) -> None:
    evidence = scene.evidence(okta_app=wanted)
    assert evidence.okta_app.get().id == scene.access.okta_app
    assert evidence.app_id() == scene.access.okta_app


def test_the_id_that_the_person_gave_costs_no_request(scene: Scene) -> None:
    evidence = scene.evidence("okta-server-error")
    assert evidence.app_id() == scene.access.okta_app
    assert evidence.exchanges == ()


@pytest.mark.parametrize("wanted", ["0oa00000000000000000", "Nowhere"])
def test_an_app_that_is_not_there_is_a_finding(scene: Scene, wanted: str) -> None:
    with pytest.raises(Unknown) as refused:
        scene.evidence(okta_app=wanted).okta_app.get()
    assert [item.code for item in refused.value.findings] == ["OKT903"]
    assert refused.value.conclusive


def test_a_404_that_is_none_of_oktas_is_a_wrong_address(scene: Scene) -> None:
    """Some other server answers at that address: that the app is not there says nothing."""
    not_okta = OktaApi(scene.access.wire, scene.sandbox.values.scim_base_url, "00token")
    with pytest.raises(Unknown) as refused:
        scene.evidence(okta=not_okta).okta_app.get()
    assert [item.code for item in refused.value.findings] == ["OKT901"]


def test_an_app_that_may_be_one_of_several_has_to_be_named(scene: Scene) -> None:
    evidence = scene.evidence("okta-app-inactive", okta_app="")
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
    scene: Scene, fault: str, codes: list[str], conclusive: bool, ask: Callable[[Evidence], object]
) -> None:
    with pytest.raises(Unknown) as refused:
        ask(scene.evidence(fault))
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
    scene: Scene, ask: Callable[[Evidence], object]
) -> None:
    evidence = scene.evidence(okta=NO_OKTA)
    with pytest.raises(Unknown, match="no Okta org"):
        ask(evidence)
    assert evidence.exchanges == ()


def test_the_app_need_not_be_looked_up_for_what_depends_on_it(scene: Scene) -> None:
    evidence = scene.evidence()
    assert len(evidence.mappings.get()) == 1
    features = evidence.features.get()
    assert features.reply is not None
    assert all(event.event_type.startswith("application.") for event in evidence.log.get())
    assert not any(url == f"/apps/{scene.access.okta_app}" for url in urls(evidence))


def test_a_mapping_that_cannot_be_read_is_reported(scene: Scene) -> None:
    with pytest.raises(Unknown, match="500"):
        scene.evidence("okta-server-error@2").mappings.get()


def test_lists_of_ngrok_are_whole(scene: Scene) -> None:
    evidence = scene.evidence()
    assert {item["owner_id"] for item in evidence.api_keys.get()}
    assert [item["name"] for item in evidence.service_users.get()] == ["Okta SCIM Bot"]
    assert (evidence.ip_restrictions.get(), evidence.ip_policy_rules.get()) == ((), ())


@pytest.mark.parametrize(("fault", "code"), [("admin-key-revoked", "NGR714")])
def test_what_ngrok_refuses_says_why(scene: Scene, fault: str, code: str) -> None:
    with pytest.raises(Unknown, match="Could not read ngrok's API keys") as refused:
        scene.evidence(fault).api_keys.get()
    assert [item.code for item in refused.value.findings] == [code]
    assert refused.value.conclusive


def test_a_way_that_fails_tells_nothing_of_ngrok(scene: Scene) -> None:
    nowhere = NgrokApi(scene.access.wire, "http://127.0.0.1:1", "key")
    with pytest.raises(Unknown) as refused:
        scene.evidence(ngrok=nowhere).api_keys.get()
    assert [item.code for item in refused.value.findings] == ["NET402"]
    assert not refused.value.conclusive


def test_without_an_admin_key_the_account_is_not_known(scene: Scene) -> None:
    with pytest.raises(Unknown, match="no admin key"):
        scene.evidence(ngrok=Unknown("There is no admin key.")).api_keys.get()


def test_values_without_a_mistake_are_used_as_typed(scene: Scene) -> None:
    evidence = scene.evidence()
    listed = evidence.scim().list_users()
    assert listed.reply is not None
    assert listed.reply.status == 200
    assert evidence.tested.peek() is None


def test_values_with_a_mistake_are_used_as_repaired(scene: Scene) -> None:
    values = scene.values(authorization=f" {scene.sandbox.values.scim_key}")
    evidence = scene.evidence(values=values)
    listed = evidence.scim().list_users()
    assert listed.reply is not None
    assert listed.reply.status == 200
    assert evidence.tested.peek() is not None


def test_values_that_nobody_could_repair_are_not_sent(scene: Scene) -> None:
    with pytest.raises(Unknown, match="do not work yet"):
        scene.evidence(values=scene.values(authorization="")).scim()


def test_without_a_key_nothing_is_tested(scene: Scene) -> None:
    evidence = scene.evidence(values=NO_KEY)
    for ask in (evidence.scim, evidence.tested.get, evidence.shared(read_people).get):
        with pytest.raises(Unknown, match="no SCIM key"):
            ask()


def test_of_a_reply_that_went_well_only_its_size_is_kept(scene: Scene) -> None:
    evidence = scene.evidence()
    good = Exchange("list", "GET", "https://a.test", reply=Reply(200, body=b'"ada@corp.example"'))
    bad = Exchange("list", "GET", "https://a.test", reply=Reply(500, body=b"oops"))
    assert evidence.note(good) is good
    assert evidence.note(bad) is bad
    kept = [exchange.reply for exchange in evidence.exchanges]
    assert [reply and (reply.body, reply.size) for reply in kept] == [(b"", 18), (b"oops", 4)]


def test_the_domains_are_those_of_the_profile(scene: Scene) -> None:
    profile = Profile("default", domains=(Domain("corp.example"), Domain("other.example")))
    assert scene.evidence(profile=profile).domains() == {"corp.example", "other.example"}
    assert scene.evidence(profile=Unknown("It is broken.")).domains() == frozenset()


def test_nobody_needs_to_be_told() -> None:
    silent = Silent()
    silent.read("users", 1, None)
    silent.waits("users", 1.0)


def test_everything_can_be_begun_at_once(scene: Scene) -> None:
    evidence = scene.evidence()
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


def test_without_any_access_nothing_is_begun(scene: Scene) -> None:
    nothing = Unknown("There is nothing.")
    evidence = scene.evidence(values=nothing, ngrok=nothing, okta=nothing)
    evidence.begin()
    assert not evidence.tested.is_over
