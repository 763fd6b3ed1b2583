"""The preview on the sandbox, with people of every kind, and against a real first sync."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from ngrok_scim_cli.diagnosis.finding import Result, Verdict
from ngrok_scim_cli.diagnosis.people.preview import What
from ngrok_scim_cli.diagnosis.rehearsal.reply import users_in
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.preview import preview_first_sync
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.people import Person, newcomers
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.wire.scim import OktaScim
from tests.doctor.harness import Harness

INSIDE = Profile("default", domains=(Domain("corp.example"),))


@pytest.fixture
def fresh_harness() -> Iterator[Harness]:
    """An account with people in it."""
    with open_sandbox(users=3) as sandbox, Harness.of(sandbox) as harness:
        yield harness


def assign(harness: Harness, user_name: str) -> None:
    org = harness.sandbox.org
    org.assign(org.add_user(user_name, "Somebody New"), None, status="ACTIVE")


def names(harness: Harness) -> list[str]:
    return [user.person.user_name for user in harness.sandbox.directory.everybody()]


def preview_of(
    harness: Harness,
    assigned: Iterable[str] = (),
    *faults: str,
    more: Iterable[Person] = (),
    **access: object,
) -> Result:
    """Preview with these people alone assigned in Okta, none of them provisioned yet."""
    evidence = harness.evidence(*faults, **{"profile": INSIDE, **access})
    harness.sandbox.org.assignments.clear()
    for name in assigned:
        assign(harness, name)
    harness.sandbox.directory.put_first(more)
    return preview_first_sync(evidence)


def shown(result: Result) -> dict[str, Any]:
    """Return the preview as JSON has it."""
    fields = result.payload.fields["preview"]
    assert isinstance(fields, dict)
    return fields


def people(result: Result) -> dict[str, What]:
    return {one["user_name"]: What(one["what"]) for one in shown(result)["people"]}


def test_people_of_every_kind_are_named_and_nobody_else(fresh_harness: Harness) -> None:
    linked, unmanaged, third = names(fresh_harness)
    off, spelled = Person("off@corp.example", "Off", False), Person("Cap@corp.example", "Cap")
    more = [off, spelled, Person("left@corp.example", "Left", False)]
    here = (linked, third, off.user_name, "cap@corp.example")
    result = preview_of(fresh_harness, (*here, "new@corp.example", "new@else.example"), more=more)
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


def test_the_requests_are_those_of_a_real_first_sync(fresh_harness: Harness) -> None:
    """The client of the rehearsal does what Okta does at an assignment."""
    linked, *_ = names(fresh_harness)
    new = [person.user_name for person in newcomers("Preview", 2)]
    result = preview_of(fresh_harness, (linked, *new))
    values = fresh_harness.sandbox.values
    scim = OktaScim(fresh_harness.access.wire, values.scim_base_url, values.scim_key)
    sent = sum(_provision(scim, name) for name in (linked, *new))
    assert shown(result)["requests"] == sent
    assert len(names(fresh_harness)) == 3 + len(new)


def _provision(scim: OktaScim, name: str) -> int:
    (found,) = (users_in(scim.find_user(name)) or (),)
    if not found:
        assert scim.create_user({"userName": name, "active": True}, purpose="x").reply
        return 2
    identifier = str(found[0]["id"])
    assert scim.user(identifier).reply
    assert scim.replace_user(identifier, {**found[0], "active": True}, purpose="x").reply
    return 3


@pytest.mark.parametrize(
    "fault", ["paging-repeats", "paging-misses", "list-of-the-first=100", "list-capped=100"]
)
def test_a_list_that_is_not_whole_makes_nobody_be_created(fault: str) -> None:
    with open_sandbox(users=250) as sandbox, Harness.of(sandbox) as harness:
        result = preview_of(harness, (*names(harness), "new@corp.example"), fault)
    assert result.verdict is Verdict.INCOMPLETE
    assert "USR609" in [item.code for item in result.findings]
    assert set(people(result).values()) == {What.LINK}
    unknown = ("create", "requests", "least_seconds")
    assert [shown(result)[name] for name in unknown] == [None, None, None]


def test_a_look_up_that_fails_proves_nobody_absent(fresh_harness: Harness) -> None:
    result = preview_of(fresh_harness, ["new@corp.example"], "lookup-fails")
    assert people(result).get("new@corp.example") is None
    assert result.verdict is Verdict.INCOMPLETE


def test_without_okta_nothing_is_previewed(fresh_harness: Harness) -> None:
    result = preview_of(fresh_harness, okta=Unknown("There is no Okta org."))
    assert result.verdict is Verdict.INCOMPLETE
    assert result.payload.fields == {"preview": None}
    assert result.payload.notes == ("There is no Okta org.",)


def test_a_refused_token_is_named(fresh_harness: Harness) -> None:
    result = preview_of(fresh_harness, (), "okta-token-refused")
    assert result.verdict is Verdict.FAIL
    assert result.payload.fields == {"preview": None}


def test_a_leaver_whom_the_token_cannot_see_is_no_pass(fresh_harness: Harness) -> None:
    evidence = fresh_harness.evidence("okta-leaver-assigned", "okta-token-without-people")
    result = preview_first_sync(evidence)
    assert set(people(result).values()) == {What.LEAVE_ALONE}
    assert result.verdict is Verdict.INCOMPLETE
    assert "Could not verify who is deactivated in Okta" in "".join(result.payload.notes)
    assert result.payload.next_step.startswith("In Okta, give the owner of the token the role")
