from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.ngrok.account import (
    AccountFacts,
    judge_account,
    not_in_account,
    rotation_under_way,
)
from ngrok_scim_cli.diagnosis.ngrok.api_keys import (
    ApiKey,
    OwnerKind,
    ServiceUser,
    age_in_days,
    ago,
    made_on,
    read_api_key,
    read_service_user,
)
from tests.support.cases import each_case
from tests.support.json_values import json_values

KEY = ApiKey("ak_1", "bot_1", "Okta SCIM Integration")
BOT = ServiceUser("bot_1", "Okta SCIM Bot", active=True)
FACTS = AccountFacts(
    key_id="ak_1",
    age_days=3,
    in_account=True,
    key=KEY,
    owner_kind=OwnerKind.SERVICE_USER,
    owner=BOT,
    keys=(KEY,),
    service_users=(BOT,),
)
PERSON = {
    "key": ApiKey("ak_1", "usr_1", "Okta SCIM Integration"),
    "owner": None,
    "owner_kind": OwnerKind.PERSON,
}


def facts(**changes: object) -> AccountFacts:
    return replace(FACTS, **changes)  # type: ignore[arg-type]


def ours(key_id: str, mark: str = "m0", owner_id: str = "bot_1") -> ApiKey:
    return ApiKey(key_id, owner_id, "Another", "ngrok-scim", mark)


@each_case(
    ("seen", "codes"),
    [
        (FACTS, []),
        (AccountFacts(), []),
        (facts(in_account=None), []),
        (facts(in_account=False, key=None, owner=None, owner_kind=None), ["NGR701"]),
        (facts(in_account=False, key_id="", key=None, owner=None), []),
        (facts(**PERSON), ["NGR702"]),
        (facts(owner_kind=None), []),
        (facts(owner=replace(BOT, active=False)), ["NGR703"]),
        (facts(owner=replace(BOT, active=None)), []),
        (facts(owner=replace(BOT, roles=("developer-readonly",))), ["NGR704"]),
        (facts(owner=replace(BOT, roles=("Developer-ReadOnly", "read_only"))), ["NGR704"]),
        (facts(owner=replace(BOT, roles=("developer",))), []),
        (facts(owner=replace(BOT, roles=("developer-readonly", "team-manager"))), []),
        (facts(age_days=365), []),
        (facts(age_days=366), ["NGR711"]),
        (facts(age_days=None), []),
        # What is not there has no owner and no use.
        (
            facts(in_account=False, owner_kind=OwnerKind.PERSON, age_days=999),
            ["NGR701", "NGR711"],
        ),
        (facts(**PERSON, age_days=999), ["NGR702", "NGR711"]),
    ],
)
def test_the_key_and_its_owner_are_judged(seen: AccountFacts, codes: list[str]) -> None:
    assert [item.code for item in judge_account(seen)] == codes


@each_case(
    ("description", "is_shared"),
    [
        ("", False),
        ("Okta SCIM Integration", False),
        ("okta", False),
        ("User provisioning", False),
        ("made by Ada", False),
        ("Okta SCIM key, made by Terraform for Okta", False),
        ("Okta provisioning agent", False),
        ("Terraform", True),
        ("Terraform and Okta SCIM", True),
        ("Okta, CI pipeline and the ops laptop", True),
        ("SCIM + GitHub Actions", True),
        ("ad-hoc dev testing", True),
        ("Administration from a terminal", True),
        ("x" * 5000 + " Terraform", False),
    ],
)
def test_a_description_that_names_another_use_is_reported(
    description: str, is_shared: bool
) -> None:
    found = judge_account(facts(key=replace(KEY, description=description)))
    assert [item.code for item in found] == (["NGR706"] if is_shared else [])
    assert all("has the description" in item.evidence for item in found)


@pytest.mark.parametrize(
    ("key_id", "evidence"),
    [("ak_1", "ak_1 was made 400 days ago."), ("", "The key was made 400 days ago.")],
)
def test_the_age_of_a_key_is_reported(key_id: str, evidence: str) -> None:
    (found,) = judge_account(AccountFacts(key_id, 400))
    assert found.evidence == evidence


@each_case(
    ("changes", "evidence", "fix"),
    [
        # A run began to make it.
        (
            {"profile_ids": {"ak_1"}, "half_made_mark": "m7", "keys": (KEY, ours("ak_7", "m7"))},
            "Left half-made: ak_7.",
            "ngrok-scim setup",
        ),
        # It was made and recorded after all, or it is the one in use.
        (
            {"profile_ids": {"ak_7"}, "half_made_mark": "m7", "keys": (KEY, ours("ak_7", "m7"))},
            "",
            "",
        ),
        (
            {"key_id": "ak_7", "key": None, "half_made_mark": "m7", "keys": (ours("ak_7", "m7"),)},
            "",
            "",
        ),
        # A rotation is under way.
        ({"profile_ids": {"ak_1", "ak_2"}, "keys": (KEY, ours("ak_2"))}, "", ""),
        # Made by this program, and known to nobody here.
        (
            {"profile_ids": {"ak_1"}, "keys": (KEY, ours("ak_8"), ours("ak_9"))},
            "ngrok-scim made ak_8, ak_9, which this profile neither uses",
            "who uses ak_8",
        ),
        ({"keys": (KEY, ours("ak_8"))}, "ngrok-scim made ak_8", "each computer"),
        # Of another Service User: another connection.
        ({"keys": (KEY, ours("ak_8", owner_id="bot_2"))}, "", ""),
        # Which one is in use, nobody tells.
        ({"key_id": "", "key": None, "keys": (ours("ak_8"), ours("ak_9"))}, "", ""),
        # Not of this program.
        (
            {"profile_ids": {"ak_1"}, "keys": (KEY, replace(ours("ak_8"), maker="terraform"))},
            "",
            "",
        ),
    ],
)
def test_a_key_of_ours_that_nobody_needs_is_named(
    changes: dict[str, object], evidence: str, fix: str
) -> None:
    found = judge_account(facts(**changes))
    assert [item.code for item in found] == (["NGR712"] if evidence else [])
    assert all(evidence in item.evidence and fix in item.fix for item in found)


TWIN = replace(KEY, id="ak_2")
TWIN_BOT = ServiceUser("bot_2", "okta  SCIM bot", active=True)


@each_case(
    ("changes", "evidence"),
    [
        ({"keys": (KEY, TWIN)}, "ak_2: described like ak_1, as “Okta SCIM Integration”."),
        ({"keys": (KEY, replace(TWIN, description=" okta SCIM integration\u200b"))}, "ak_2: descr"),
        ({"service_users": (BOT, TWIN_BOT)}, "“okta SCIM bot” (bot_2): named like “Okta SCIM Bot”"),
        ({"keys": (KEY, TWIN), "service_users": (BOT, TWIN_BOT)}, "named like"),
        (
            {"keys": (KEY, *(replace(KEY, id=f"ak_{n}") for n in range(2, 9)))},
            "ak_2, ak_3, ak_4, ak_5, ak_6 and 2 more: described like",
        ),
        # What the profile knows is no riddle.
        ({"keys": (KEY, TWIN), "profile_ids": {"ak_1", "ak_2"}}, ""),
        # Nor is what is described otherwise, or not at all.
        ({"keys": (KEY, replace(TWIN, description="Okta SCIM Integration 2"))}, ""),
        ({"key": replace(KEY, description=""), "keys": (KEY, replace(TWIN, description=""))}, ""),
        ({"service_users": (BOT, ServiceUser("bot_2", "Deploy"))}, ""),
        ({"owner": replace(BOT, name=""), "service_users": (BOT, ServiceUser("bot_2", ""))}, ""),
        ({"key": None, "owner": None, "keys": (KEY, TWIN), "service_users": (BOT, TWIN_BOT)}, ""),
    ],
)
def test_twins_are_named(changes: dict[str, object], evidence: str) -> None:
    found = judge_account(facts(**changes))
    assert [item.code for item in found] == (["NGR713"] if evidence else [])
    assert all(evidence in item.evidence for item in found)


def test_it_is_said_which_of_the_twins_was_examined() -> None:
    (found,) = judge_account(facts(keys=(KEY, TWIN), service_users=(BOT, TWIN_BOT)))
    assert "Find out what uses ak_2" in found.fix
    assert "examined here is ak_1" in found.fix
    (found,) = judge_account(facts(service_users=(BOT, TWIN_BOT)))
    assert "ak_1 belongs to bot_1" in found.fix


def test_a_key_of_ours_is_not_a_twin_as_well() -> None:
    twin = replace(TWIN, maker="ngrok-scim", mark="m1")
    found = judge_account(facts(keys=(KEY, twin), profile_ids={"ak_1"}))
    assert [item.code for item in found] == ["NGR712"]


def test_names_of_the_account_are_shown_harmlessly() -> None:
    hostile = "\x1b[2J\u202e\n" * 99
    found = judge_account(
        facts(
            key=replace(KEY, owner_id=hostile, description=f"Terraform {hostile}"),
            owner=replace(BOT, name=hostile + "x", active=False),
            owner_kind=OwnerKind.PERSON,
            service_users=(ServiceUser(hostile, "X" + hostile),),
        )
    )
    assert {item.code for item in found} >= {"NGR702", "NGR703", "NGR706"}
    assert all(item.evidence.isprintable() and len(item.evidence) < 500 for item in found)


def test_a_key_of_another_account_is_named() -> None:
    assert "ak_1" in not_in_account("ak_1").evidence
    assert not_in_account("ak_1", fix="Do this.").fix == "Do this."


# By the example in ngrok's documentation.
KEY_ID = "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD"


@pytest.mark.parametrize(
    ("listed", "gone"),
    [
        (("ak_1", KEY_ID), ""),
        (("ak_1",), f" ngrok does not list {KEY_ID} any more."),
        ((), ""),
    ],
)
def test_of_a_rotation_both_keys_are_named(listed: tuple[str, ...], gone: str) -> None:
    keys = tuple(replace(KEY, id=key_id) for key_id in listed)
    profile_ids = {"ak_1", KEY_ID}
    (found,) = judge_account(facts(rotation=("ak_1", KEY_ID), keys=keys, profile_ids=profile_ids))
    assert (found.code, found.severity) == ("NGR716", Severity.NOTICE)
    assert found.evidence == f"New: {KEY_ID} (made on 2025-09-04). Old: ak_1.{gone}"
    assert found.fix.startswith("Run `ngrok-scim api-key rotate` to see")


def test_a_rotation_is_known_from_the_profile_alone() -> None:
    found = rotation_under_way(old_id="", new_id="ak_2")
    assert found.evidence == "New: ak_2. Old: a key without a known id."


@each_case(
    ("key_id", "today", "age"),
    [
        (KEY_ID, date(2025, 9, 4), 0),
        (KEY_ID, date(2025, 9, 5), 1),
        (KEY_ID, date(2025, 9, 1), 0),
        (KEY_ID.removeprefix("ak_"), date(2025, 9, 5), None),
        ("ak_1", date(2025, 9, 5), None),
        ("ak_" + "z" * 27, date(2025, 9, 5), None),
        ("", date(2025, 9, 5), None),
    ],
)
def test_the_age_of_a_key_is_read_from_its_id(key_id: str, today: date, age: int | None) -> None:
    assert age_in_days(key_id, today) == age
    assert (made_on(key_id) is None) is (age is None)


@pytest.mark.parametrize(
    ("days", "said"),
    [(None, "today"), (0, "today"), (1, "1 day ago"), (2, "2 days ago"), (1234, "1,234 days ago")],
)
def test_an_age_is_written_in_days_or_years(days: int | None, said: str) -> None:
    assert ago(days) == said


@each_case(
    ("document", "key"),
    [
        ({"id": "ak_1", "owner_id": "bot_1"}, ApiKey("ak_1", "bot_1")),
        (
            {
                "id": "ak_1",
                "description": "For Okta",
                "metadata": '{"made_by": "ngrok-scim", "mark": "m1"}',
                "token": None,
            },
            ApiKey("ak_1", "", "For Okta", "ngrok-scim", "m1"),
        ),
        ({"id": "ak_1", "metadata": "not JSON"}, ApiKey("ak_1")),
        ({"id": "ak_1", "metadata": "[1]"}, ApiKey("ak_1")),
        ({"id": 7, "metadata": 7, "description": None}, ApiKey("")),
        ({"id": "ak_1", "metadata": '{"made_by": 7}'}, ApiKey("ak_1")),
    ],
)
def test_a_key_is_read(document: dict[str, object], key: ApiKey) -> None:
    assert read_api_key(document) == key


@pytest.mark.parametrize(
    ("document", "user"),
    [
        (
            {"id": "bot_1", "name": "Bot", "active": False},
            ServiceUser("bot_1", "Bot", active=False),
        ),
        ({"id": "bot_1", "active": "yes"}, ServiceUser("bot_1")),
        ({}, ServiceUser("")),
    ],
)
def test_a_service_user_is_read(document: dict[str, object], user: ServiceUser) -> None:
    assert read_service_user(document) == user


JSON_VALUES = json_values()
DOCUMENTS = st.dictionaries(
    st.sampled_from(["id", "owner_id", "description", "metadata", "name", "active"]),
    JSON_VALUES | st.sampled_from(["ak_1", "bot_1", '{"made_by": "ngrok-scim"}', "Terraform"]),
    max_size=6,
)


@given(st.lists(DOCUMENTS, max_size=4), st.lists(DOCUMENTS, max_size=3))
def test_any_document_is_judged(
    keys: list[dict[str, object]], users: list[dict[str, object]]
) -> None:
    listed = tuple(map(read_api_key, keys))
    owners = tuple(map(read_service_user, users))
    seen = AccountFacts(
        key_id="ak_1",
        in_account=bool(listed),
        key=listed[0] if listed else None,
        owner=owners[0] if owners else None,
        keys=listed,
        service_users=owners,
    )
    assert {item.code for item in judge_account(seen)} <= {
        "NGR701", "NGR703", "NGR706", "NGR712", "NGR713",
    }  # fmt: skip
