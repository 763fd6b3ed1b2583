"""The preview on the sandbox, with people of every kind, and against a real first sync."""

from collections.abc import Iterable, Iterator

import pytest

from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.diagnosis.people.preview import What
from ngrok_scim_cli.diagnosis.rehearsal.reply import users_in
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.preview import PreviewPayload, preview_first_sync
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.people import Person, newcomers
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.wire.scim import OktaScim
from tests.doctor.scene import Scene

INSIDE = Profile("default", domains=(Domain("corp.example"),))


@pytest.fixture
def living() -> Iterator[Scene]:
    """An account with people in it."""
    with open_sandbox(users=3) as sandbox, Scene.of(sandbox) as scene:
        yield scene


def assign(scene: Scene, user_name: str) -> None:
    org = scene.sandbox.org
    org.assign(org.add_user(user_name, "Somebody New"), None, status="ACTIVE")


def names(scene: Scene) -> list[str]:
    return [user.person.user_name for user in scene.sandbox.directory.everybody()]


def preview_of(
    scene: Scene,
    assigned: Iterable[str] = (),
    *faults: str,
    more: Iterable[Person] = (),
    **access: object,
) -> Result:
    """Preview with these people alone assigned in Okta, none of them provisioned yet."""
    evidence = scene.evidence(*faults, **{"profile": INSIDE, **access})
    scene.sandbox.org.unassign_everybody()
    for name in assigned:
        assign(scene, name)
    scene.sandbox.directory.put_first(more)
    return preview_first_sync(evidence)


def people(result: Result) -> dict[str, What]:
    assert isinstance(result.payload, PreviewPayload)
    assert result.payload.preview is not None
    return {one.user_name: one.what for one in result.payload.preview.people}


def test_people_of_every_kind_are_named_and_nobody_else(living: Scene) -> None:
    linked, unmanaged, third = names(living)
    off, spelled = Person("off@corp.example", "Off", False), Person("Cap@corp.example", "Cap")
    more = [off, spelled, Person("left@corp.example", "Left", False)]
    here = (linked, third, off.user_name, "cap@corp.example")
    result = preview_of(living, (*here, "new@corp.example", "new@else.example"), more=more)
    assert people(result) == {
        linked: What.LINK,
        third: What.LINK,
        off.user_name: What.LINK,
        "new@corp.example": What.CREATE,
        "cap@corp.example": What.CONFLICT,
        "new@else.example": What.CONFLICT,
        unmanaged: What.UNMANAGED,
    }
    assert [item.code for item in result.findings] == ["OKT914"]
    assert result.verdict is Verdict.WARN
    assert all(exchange.method == "GET" for exchange in result.exchanges)


def test_in_short_it_names_fewer_and_counts_all(living: Scene) -> None:
    payload = preview_of(living, [f"new{number}@corp.example" for number in range(30)]).payload
    assert isinstance(payload, PreviewPayload)
    short = payload.in_short()
    assert short.preview
    assert sum(1 for _ in short.preview.of(What.CREATE)) < short.preview.count(What.CREATE) == 30
    assert (short.summary, short.notes) == (payload.summary, payload.notes)
    assert short.sections() == payload.sections()


def test_the_requests_are_those_of_a_real_first_sync(living: Scene) -> None:
    """The client of the rehearsal does what Okta does at an assignment."""
    linked, *_ = names(living)
    new = [person.user_name for person in newcomers("Preview", 2)]
    result = preview_of(living, (linked, *new))
    assert isinstance(result.payload, PreviewPayload)
    assert result.payload.preview is not None
    values = living.sandbox.values
    scim = OktaScim(living.access.wire, values.scim_base_url, values.scim_key)
    sent = sum(_provision(scim, name) for name in (linked, *new))
    assert result.payload.preview.requests == sent
    assert len(names(living)) == 3 + len(new)


def _provision(scim: OktaScim, name: str) -> int:
    (found,) = (users_in(scim.find_user(name)) or (),)
    if not found:
        assert scim.create_user({"userName": name, "active": True}).reply
        return 2
    identifier = str(found[0]["id"])
    assert scim.user(identifier).reply
    assert scim.replace_user(identifier, {**found[0], "active": True}).reply
    return 3


@pytest.mark.parametrize(
    "fault", ["paging-repeats", "paging-misses", "list-of-the-first=100", "list-capped=100"]
)
def test_a_list_that_is_not_whole_makes_nobody_be_created(fault: str) -> None:
    with open_sandbox(users=250) as sandbox, Scene.of(sandbox) as scene:
        result = preview_of(scene, (*names(scene), "new@corp.example"), fault)
    assert result.verdict is Verdict.INCOMPLETE
    assert "USR609" in [item.code for item in result.findings]
    assert set(people(result).values()) == {What.LINK}
    assert result.payload is not None
    shown = result.payload.document()["preview"]
    assert isinstance(shown, dict)
    assert (shown["create"], shown["requests"], shown["least_seconds"]) == (None, None, None)


def test_a_look_up_that_fails_proves_nobody_absent(living: Scene) -> None:
    result = preview_of(living, ["new@corp.example"], "lookup-fails")
    assert people(result).get("new@corp.example") is None
    assert result.verdict is Verdict.INCOMPLETE


def test_without_okta_nothing_is_previewed(living: Scene) -> None:
    result = preview_of(living, okta=Unknown("There is no Okta org."))
    assert (result.verdict, result.payload) == (
        Verdict.INCOMPLETE,
        PreviewPayload(None, "There is no Okta org."),
    )


def test_a_refused_token_is_named(living: Scene) -> None:
    result = preview_of(living, (), "okta-token-refused")
    assert result.verdict is Verdict.FAIL
    assert result.payload is not None
    assert result.payload.document() == {"preview": None}
