import re
from datetime import UTC, datetime, timedelta

import pytest

from ngrok_scim_cli.sandbox.okta_objects import okta_id
from ngrok_scim_cli.sandbox.okta_org import SCOPES, OktaOrg, new_access_token, new_api_token
from ngrok_scim_cli.sandbox.people import Person, StoredUser

CREATED = datetime(2026, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def org() -> OktaOrg:
    org = OktaOrg("00token")
    org.access_tokens["eyJ.access.token"] = SCOPES
    org.provision(
        [
            StoredUser("usr_1", Person("ada@corp.example", "Ada Abara"), CREATED, CREATED),
            StoredUser("usr_2", Person("bo@corp.example", None), CREATED, CREATED),
            StoredUser("usr_3", Person("cy@corp.example", "Cy", active=False), CREATED, CREATED),
        ]
    )
    return org


def test_who_is_active_in_ngrok_is_assigned_and_linked(org: OktaOrg) -> None:
    assert [
        (one.user_name, one.external_id, one.status, one.scope) for one in org.assignments.values()
    ] == [
        ("ada@corp.example", "usr_1", "PROVISIONED", "GROUP"),
        ("bo@corp.example", "usr_2", "PROVISIONED", "GROUP"),
    ]
    assert all(one.user.created < one.created < CREATED for one in org.assignments.values())
    assert all(one.last_sync == CREATED for one in org.assignments.values())


def test_who_is_inactive_in_ngrok_was_deactivated_in_okta(org: OktaOrg) -> None:
    user = org.find_user("cy@corp.example")

    assert user is not None
    assert (user.status, org.assignments.get(user.id)) == ("DEPROVISIONED", None)


def test_people_are_found_by_id_and_by_login_without_case(org: OktaOrg) -> None:
    user = org.find_user("ADA@corp.example")

    assert user is not None
    assert org.find_user(user.id) is user
    assert org.find_user("nobody") is None


def test_first_of_two_with_the_same_login_is_found(org: OktaOrg) -> None:
    first = org.find_user("ada@corp.example")
    org.add_user("Ada@corp.example", "Ada Other")

    assert org.find_user("Ada@corp.example") is first


def test_assignments_are_in_the_order_of_their_people_s_ids(org: OktaOrg) -> None:
    assert list(org.assignments) == sorted(one.user.id for one in org.assignments.values())


def test_assignment_is_made_once_and_changed_then(org: OktaOrg) -> None:
    first, second = org.assignments.values()
    org.assign(first.user, None, status="STAGED")
    again, still = org.assignments.values()

    assert (again.user, again.status, again.last_sync) == (first.user, "STAGED", None)
    assert still is second


def test_everybody_can_be_unlinked(org: OktaOrg) -> None:
    org.unlink_everybody()

    assert {(one.external_id, one.status) for one in org.assignments.values()} == {(None, "ACTIVE")}


def test_log_mentions_the_first_people_only() -> None:
    org = OktaOrg("00token")
    org.provision(
        StoredUser(f"usr_{number}", Person(f"{number}@corp.example", "N N"), CREATED, CREATED)
        for number in range(30)
    )
    org.log_updates()

    assert len(org.events) == 20
    assert {event.result for event in org.events} == {"SUCCESS"}
    assert max(event.published for event in org.events) < datetime.now(UTC) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (b"SSWS 00token", True),
        (b"ssws 00token", True),
        (b"Bearer eyJ.access.token", True),
        (b"Bearer 00token", False),
        (b"SSWS eyJ.access.token", False),
        (b"SSWS 00token ", False),
        (b"SSWS  00token", False),
        (b"00token", False),
        (b"", False),
        (None, False),
    ],
)
def test_token_is_compared_byte_for_byte(org: OktaOrg, header: bytes | None, taken: bool) -> None:
    assert (org.scopes_of(header) is not None) is taken


def test_tokens_look_like_okta_s() -> None:
    assert re.fullmatch(r"00[0-9A-Za-z]{40}", new_api_token())
    assert re.fullmatch(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", new_access_token(SCOPES))
    assert new_api_token() != new_api_token()
    assert new_access_token(SCOPES) != new_access_token(SCOPES)


def test_ids_look_like_okta_s_and_sort_by_number() -> None:
    ids = [okta_id("00u", number) for number in (1, 9, 10, 100_000)]

    assert all(re.fullmatch(r"00u[0-9A-Za-z]{17}", user_id) for user_id in ids)
    assert ids == sorted(ids)
