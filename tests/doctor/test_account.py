import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.finding import CheckStatus
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.account import PLANS, admin_key, key_age, read_ranges
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from tests.doctor.harness import Harness, codes, made_of

NO_ADMIN_KEY = Unknown("There is no ngrok admin key.")
OTHER_KEY = "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD"
OTHER_SECRET = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"


def statuses(harness: Harness, *faults: str, **access: object) -> dict[str, CheckStatus]:
    checked = made_of(PLANS, harness.evidence(*faults, **access))
    return {code: item.status for code, item in checked.items()}


def test_every_check_of_the_account_is_made(harness: Harness) -> None:
    made = statuses(harness)
    assert list(made) == [plan.code for plan in PLANS]
    assert set(made.values()) == {CheckStatus.PASS}


def test_the_reason_of_each_account_check_names_what_was_found(harness: Harness) -> None:
    checked = made_of(PLANS, harness.evidence())
    scim_key = harness.sandbox.account.scim_key
    assert scim_key is not None
    assert checked["admin-key"].reason == "2 keys in the account"
    assert checked["key-exists"].reason == scim_key.id
    assert checked["key-owner"].reason == "the Service User “Okta SCIM Bot”"
    assert checked["key-age"].reason == "2 days"


@pytest.mark.parametrize(
    ("fault", "code", "finding"),
    [
        ("key-revoked", "key-exists", "NGR701"),
        ("key-of-a-person", "key-owner", "NGR702"),
        ("service-user-inactive", "key-owner", "NGR703"),
        ("shared-key", "key-use", "NGR706"),
        ("twin-keys", "key-twins", "NGR713"),
        ("twin-service-users", "key-twins", "NGR713"),
        ("half-made-key", "key-left-over", "NGR712"),
        ("ip-restrictions-enforced", "ip-restrictions", "NGR705"),
        ("admin-key-revoked", "admin-key", "NGR714"),
    ],
)
def test_what_is_wrong_is_found_by_the_check_that_is_about_it(
    harness: Harness, fault: str, code: str, finding: str
) -> None:
    checked = made_of(PLANS, harness.evidence(fault))
    assert codes(checked[code]) == [finding]


def test_of_a_key_in_another_account_nothing_else_passes(harness: Harness) -> None:
    made = made_of(PLANS, harness.evidence("key-revoked"))
    follow = [code for code, item in made.items() if item.follows and codes(item) == ["NGR701"]]
    assert follow == ["key-owner", "key-use", "key-twins"]


def test_what_the_endpoint_says_of_the_owner_is_not_said_again(harness: Harness) -> None:
    evidence = harness.evidence("service-user-inactive")
    assert made_of(PLANS, evidence)["key-owner"].findings == evidence.tested.get().replied


def test_an_old_key_is_reported_without_the_account(harness: Harness) -> None:
    values = harness.values(authorization="1srOrx2ZWZBpBUvZwXKQmoEYga2_1aBcDeFgHiJkLmNoPqRsT")
    checked = made_of(PLANS, harness.evidence(values=values, ngrok=NO_ADMIN_KEY))
    assert codes(checked["key-age"]) == ["NGR711"]
    assert checked["key-age"].reason.endswith(" days")
    assert checked["admin-key"].status is CheckStatus.SKIP
    assert checked["admin-key"].reason == "There is no ngrok admin key."


def test_a_key_of_today_is_not_yet_a_day_old(harness: Harness) -> None:
    token = harness.sandbox.account.add_key("bot_1", "", "", datetime.now(UTC)).token
    age = key_age(harness.evidence(values=harness.values(authorization=token)))
    assert age is not None
    assert timedelta() <= age < timedelta(days=1)


def test_a_key_that_does_not_tell_its_id_cannot_be_looked_up(harness: Harness) -> None:
    made = made_of(PLANS, harness.evidence(values=harness.values(authorization="secret")))
    skipped = [code for code, item in made.items() if item.status is CheckStatus.SKIP]
    assert skipped == ["key-exists", "key-owner", "key-use", "key-age", "key-twins"]
    assert "is not known" in made["key-exists"].reason


@pytest.mark.parametrize(
    ("profile", "form_is_there", "known"),
    [
        (Profile("default", key=Key(OTHER_KEY)), False, True),
        (Profile("default"), False, False),
        (Unknown("It is broken."), False, False),
    ],
)
def test_the_profile_names_the_key_where_nobody_gave_one(
    harness: Harness, profile: Profile | Unknown, form_is_there: bool, known: bool
) -> None:
    evidence = harness.evidence(values=Unknown("There is no SCIM key."), profile=profile)
    assert (key_age(evidence) is not None) is known


def test_a_given_key_without_an_id_is_not_taken_for_that_of_the_profile(
    harness: Harness,
) -> None:
    profile = Profile("default", key=Key(OTHER_KEY))
    evidence = harness.evidence(values=harness.values(authorization="secret"), profile=profile)
    assert key_age(evidence) is None


def test_a_key_that_was_replaced_is_found_by_the_account(harness: Harness) -> None:
    old = harness.sandbox.account.add_key("bot_1", "", "")
    profile = Profile("default", key=Key(OTHER_KEY), previous_key=Key(old.id))
    checked = made_of(PLANS, harness.evidence(profile=profile))
    assert codes(checked["key-left-over"]) == ["NGR716"]
    assert old.id in checked["key-left-over"].findings[0].evidence


@pytest.mark.parametrize(
    "profile",
    [
        Profile("default", key=Key(OTHER_KEY), previous_key=Key("ak_old")),
        Profile("default", key=Key(OTHER_KEY), next_key=Key("ak_new")),
    ],
)
def test_two_keys_in_the_profile_are_reported_without_the_account(
    harness: Harness, profile: Profile
) -> None:
    evidence = harness.evidence(ngrok=NO_ADMIN_KEY, profile=profile)
    checked = made_of(PLANS, evidence)
    assert codes(checked["key-left-over"]) == ["NGR716"]


@pytest.mark.parametrize(
    "profile",
    [Profile("default", key=Key(OTHER_KEY)), Profile("default"), Unknown("It is broken.")],
)
def test_one_key_in_the_profile_says_nothing_without_the_account(
    harness: Harness, profile: Profile | Unknown
) -> None:
    evidence = harness.evidence(ngrok=NO_ADMIN_KEY, profile=profile)
    assert made_of(PLANS, evidence)["key-left-over"].status is CheckStatus.SKIP


def test_a_half_made_key_is_found_by_the_mark_in_the_profile(harness: Harness) -> None:
    mark = json.dumps({"made_by": "ngrok-scim", "mark": "abc"})
    half_made = harness.sandbox.account.add_key("bot_1", "", mark)
    profile = Profile("default", key=Key(OTHER_KEY), pending_key=PendingKey("abc"))
    checked = made_of(PLANS, harness.evidence(profile=profile))
    assert half_made.id in checked["key-left-over"].findings[0].evidence


def test_what_ngrok_refuses_stops_only_what_needs_it(harness: Harness) -> None:
    made = statuses(harness, "api-server-error")
    passed = [code for code, status in made.items() if status is CheckStatus.PASS]
    assert passed == ["key-age"]


def test_a_failed_connection_is_not_blamed_on_the_admin_key(harness: Harness) -> None:
    nowhere = NgrokApi(harness.access.wire, "http://127.0.0.1:1", OTHER_SECRET)
    evidence = harness.evidence(ngrok=nowhere)
    check = admin_key.make(evidence)
    assert (codes(check), check.conclusive) == (["NET402"], False)


@pytest.mark.parametrize(
    ("given", "found", "status"),
    [
        ("8.8.8.0/24", [], CheckStatus.PASS),
        ("8.8.4.0/24", ["NGR705"], CheckStatus.FAIL),
        ("", [], CheckStatus.SKIP),
    ],
)
def test_the_ranges_of_okta_are_held_against_the_restrictions(
    harness: Harness, tmp_path: Path, given: str, found: list[str], status: CheckStatus
) -> None:
    path = tmp_path / "ip_ranges.json"
    path.write_text(json.dumps({"us_cell_1": {"ip_ranges": [given]}}), encoding="utf-8")
    harness.sandbox.account.add_ip_restriction("Okta and the office", ("8.8.8.0/24", "127.0.0.0/8"))
    ranges = read_ranges(path) if given else None
    checked = made_of(PLANS, harness.evidence(okta_ranges=ranges))["ip-restrictions"]
    assert (codes(checked), checked.status) == (found, status)
    assert ("--okta-ip-ranges" in checked.reason) is (not given)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist"),
        (b"\xff\xfe", "is not the one that Okta publishes: it is not UTF-8."),
        (b"[]", "is not the one that Okta publishes: it is not Okta's file of addresses."),
    ],
)
def test_another_file_than_oktas_is_refused(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "ip_ranges.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_ranges(path)
    assert message in refused.value.message
    assert str(path) in refused.value.message
    assert (content is None) is ("okta-ip-ranges" not in refused.value.advice)
