import json
from dataclasses import replace

from ngrok_scim_cli.diagnosis.finding import json_values
from ngrok_scim_cli.settings.profile import Key
from ngrok_scim_cli.setup.api_key import provide_key
from ngrok_scim_cli.setup.context import Answers
from ngrok_scim_cli.setup.dry_run import PlannedRequest, plan_new_key, plan_rotation
from ngrok_scim_cli.setup.rotation import End, rotate
from tests.support.setup_context import SetupHarness


def asked(requests: tuple[PlannedRequest, ...]) -> list[str]:
    return [f"{item.method} {item.url}" for item in requests]


def test_a_new_key_is_planned_and_nothing_is_made(harness: SetupHarness) -> None:
    requests = plan_new_key(harness.context(answers=Answers(service_user="Bot")))
    assert asked(requests)[:3] == ["GET service_users", "POST service_users", "POST api_keys"]
    assert requests[3].url == f"{harness.sandbox.values.scim_base_url}Users?startIndex=1&count=2"
    assert requests[1].fields == {"name": "Bot"}
    assert requests[2].fields["description"] == "Okta SCIM Integration"
    assert json.loads(requests[2].fields["metadata"])["made_by"] == "ngrok-scim"
    assert harness.sandbox.account.service_users == {}
    assert harness.alive() == {}
    assert harness.profile().pending_key is None


def test_a_service_user_that_is_there_is_named(harness: SetupHarness) -> None:
    user = harness.sandbox.account.add_service_user("Okta SCIM Bot")
    requests = plan_new_key(harness.context())
    assert asked(requests)[:2] == ["GET service_users", "POST api_keys"]
    assert requests[1].fields["owner_id"] == user.id


def test_without_an_admin_key_the_plan_makes_the_service_user(harness: SetupHarness) -> None:
    assert asked(plan_new_key(harness.context(with_api=False)))[1] == "POST service_users"


def test_a_planned_request_is_a_json_object() -> None:
    request = PlannedRequest("POST", "https://x/y", {"name": "Bot"})
    assert json_values(request) == {
        "method": "POST",
        "url": "https://x/y",
        "fields": {"name": "Bot"},
    }


def test_a_rotation_is_planned_from_its_current_step(harness: SetupHarness) -> None:
    provide_key(harness.context())
    (old,) = harness.alive()
    assert asked(plan_rotation(harness.context())) == ["GET service_users", "POST api_keys"]
    assert plan_rotation(harness.context(), end=End.FINISH) == ()
    rotate(harness.context())
    (new,) = harness.alive().keys() - {old}
    assert plan_rotation(harness.context()) == ()
    for end, goes in ((End.FINISH, old), (End.ABORT, new)):
        requests = asked(plan_rotation(harness.context(), end=end))
        assert requests[1:] == ["GET api_keys", f"DELETE api_keys/{goes}"]
    assert len(harness.alive()) == 2


def test_of_a_superseded_key_only_the_end_is_planned(harness: SetupHarness) -> None:
    provide_key(harness.context())
    harness.change(replace(harness.profile(), previous_key=Key("ak_old")))
    requests = asked(plan_rotation(harness.context(), end=End.FINISH))
    assert requests[1:] == ["GET api_keys", "DELETE api_keys/ak_old"]


def test_a_dry_run_cannot_revoke_a_key_without_an_id(harness: SetupHarness) -> None:
    harness.change(replace(harness.profile(), key=Key("")))
    harness.change(replace(harness.profile(), next_key=Key("ak_new")))
    requests = asked(plan_rotation(harness.context(), end=End.FINISH))
    assert not any(line.startswith("DELETE") for line in requests)
