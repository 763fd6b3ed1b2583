from datetime import UTC, date, datetime

import pytest

from ngrok_scim_cli.diagnosis.finding import json_values
from ngrok_scim_cli.settings.profile import Key
from ngrok_scim_cli.setup.key_facts import PERSON, SERVICE_USER, KeyFacts, facts_of_key
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from tests.support.setup_context import SetupHarness

# Made on 2025-09-04, by the example in ngrok's documentation.
KEY_ID = "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD"


@pytest.mark.parametrize(
    ("today", "age", "said", "codes"),
    [
        (datetime(2025, 9, 4, 23, tzinfo=UTC), 0, "2025-09-04, today", []),
        (datetime(2025, 9, 5, 1, tzinfo=UTC), 1, "2025-09-04, 1 day ago", []),
        (datetime(2026, 9, 4, tzinfo=UTC), 365, "2025-09-04, 365 days ago", []),
        (datetime(2026, 9, 5, tzinfo=UTC), 366, "2025-09-04, 366 days ago", ["NGR711"]),
        (datetime(2025, 9, 1, tzinfo=UTC), 0, "2025-09-04, today", []),
    ],
)
def test_the_age_is_read_off_the_id(today: datetime, age: int, said: str, codes: list[str]) -> None:
    facts, found = facts_of_key(Key(KEY_ID), "here", today)
    assert (facts.made, facts.age_days) == (date(2025, 9, 4), age)
    assert [item.code for item in found] == codes
    assert ("Made", said) in facts.section("The key").rows


def test_a_key_without_an_id_has_no_age() -> None:
    facts, found = facts_of_key(Key(""), "here", datetime(2026, 9, 4, tzinfo=UTC))
    assert (facts.made, facts.age_days, found) == (None, None, ())
    assert "does not tell its id" in facts.section("The key").title
    assert json_values(facts)["id"] is None


def test_offline_it_is_said_what_the_profile_knows() -> None:
    key = Key(KEY_ID, owner_id="bot_1", owner_name="Bot", description="For Okta")
    facts, _ = facts_of_key(key, "the keyring", datetime(2025, 9, 5, tzinfo=UTC))
    assert json_values(facts) == {
        "id": KEY_ID,
        "kept": "the keyring",
        "owner_id": "bot_1",
        "owner_name": "Bot",
        "owner_kind": SERVICE_USER,
        "description": "For Okta",
        "made": "2025-09-04",
        "age_days": 1,
    }
    assert ("Owner", "Bot (bot_1), a Service User") in facts.section("The key").rows


def test_what_is_not_known_is_said_so() -> None:
    facts = KeyFacts(KEY_ID, "here")
    assert sum("not known" in text for _, text in facts.section("The key").rows) == 3


def ask(harness: SetupHarness, key_id: str) -> tuple[KeyFacts, list[str]]:
    facts, found = facts_of_key(Key(key_id), "here", harness.clock, harness.api)
    return facts, [item.code for item in found]


def test_with_an_admin_key_ngrok_is_asked(harness: SetupHarness) -> None:
    key = harness.add_key()
    facts, codes = ask(harness, key.id)
    assert (facts.owner_name, facts.owner_kind, codes) == ("By hand", SERVICE_USER, [])
    assert facts.description == "by hand"


def test_a_key_of_a_person_is_warned_of(harness: SetupHarness) -> None:
    facts, codes = ask(harness, harness.sandbox.account.admin_key.id)
    assert (facts.owner_kind, codes) == (PERSON, ["NGR702"])
    assert "a person" in dict(facts.section("The key").rows)["Owner"]


def test_an_inactive_owner_is_an_error(harness: SetupHarness) -> None:
    key = harness.add_key()
    harness.sandbox.account.service_users[key.owner_id].active = False
    assert ask(harness, key.id)[1] == ["NGR703"]


def test_a_key_that_is_not_in_the_account_is_an_error(harness: SetupHarness) -> None:
    assert ask(harness, KEY_ID)[1] == ["NGR701", "NGR711"]


@pytest.mark.parametrize("fault", ["api-server-error", "api-server-error@2"])
def test_what_ngrok_does_not_say_is_not_known(harness: SetupHarness, fault: str) -> None:
    key = harness.add_key()
    harness.sandbox.set_faults([fault])
    facts, codes = ask(harness, key.id)
    assert (facts.owner_kind, codes) == (None, [])


def test_an_answer_of_the_wrong_kind_is_not_believed(harness: SetupHarness) -> None:
    class Odd(NgrokApi):
        def get_api_key(self, api_key_id: str) -> Exchange:
            return Exchange("read", "GET", "/", Reply(200, body=b'{"owner_id": 7}'))

    api = Odd(harness.wire, harness.sandbox.values.api_base_url, harness.sandbox.values.admin_key)
    facts, _ = facts_of_key(Key(KEY_ID), "here", harness.clock, api)
    assert (facts.owner_id, facts.description) == ("", "")
