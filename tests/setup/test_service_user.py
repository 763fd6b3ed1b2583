import pytest

from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.setup.ngrok_account import (
    find_or_make_service_user,
    find_service_user,
    list_service_users,
)
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from tests.support.setup_context import SetupHarness

NAME = "Okta SCIM Bot"


def find_or_make(api: NgrokApi) -> tuple[str, bool]:
    return find_or_make_service_user(api, list_service_users(api), NAME)


class Api(NgrokApi):
    """ngrok's API at the sandbox."""

    def __init__(self, harness: SetupHarness) -> None:
        self.harness = harness
        values = harness.sandbox.values
        super().__init__(harness.wire, values.api_base_url, values.admin_key)


def test_a_service_user_is_made_once_and_found_afterwards(harness: SetupHarness) -> None:
    made, is_new = find_or_make(harness.api)
    assert is_new
    assert find_or_make(harness.api) == (made, False)
    assert list(harness.sandbox.account.service_users) == [made]


def test_a_service_user_that_appeared_meanwhile_is_used(harness: SetupHarness) -> None:
    class Overtaken(Api):
        def create_service_user(self, name: str) -> Exchange:
            self.harness.sandbox.account.add_service_user(name)
            return super().create_service_user(name)

    owner_id, is_new = find_or_make(Overtaken(harness))
    assert not is_new
    assert list(harness.sandbox.account.service_users) == [owner_id]


def test_a_taken_name_that_is_not_listed_is_an_error(harness: SetupHarness) -> None:
    class Hidden(Api):
        def create_service_user(self, name: str) -> Exchange:
            user = self.harness.sandbox.account.add_service_user(name)
            exchange = super().create_service_user(name)
            self.harness.sandbox.account.remove_service_user(user)
            return exchange

    with pytest.raises(StepFailed, match="did not make"):
        find_or_make(Hidden(harness))


def test_an_inactive_one_is_an_error(harness: SetupHarness) -> None:
    harness.sandbox.account.add_service_user(NAME, active=False)
    with pytest.raises(StepFailed, match="not active") as caught:
        find_or_make(harness.api)
    assert [item.code for item in caught.value.findings] == ["NGR703"]


@pytest.mark.parametrize(
    ("fault", "message", "codes"),
    [
        ("not-an-admin", "did not make", ["NGR710"]),
        ("no-service-users-on-plan", "did not make", ["NGR707"]),
        ("admin-key-revoked", "Could not list the Service Users", ["NGR714"]),
        ("api-forbidden-address", "Could not list the Service Users", ["NGR705"]),
        ("account-suspended", "Could not list the Service Users", ["NGR708"]),
        ("rate-limit-ngrok", "Could not list the Service Users", ["NGR709"]),
    ],
)
def test_a_refused_service_user_is_explained(
    harness: SetupHarness, fault: str, message: str, codes: list[str]
) -> None:
    harness.sandbox.set_faults([fault])
    with pytest.raises(StepFailed, match=message) as caught:
        find_or_make(harness.api)
    assert [item.code for item in caught.value.findings] == codes


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": 7}', b"<html>"])
def test_an_answer_without_an_id_is_an_error(harness: SetupHarness, body: bytes) -> None:
    class Odd(Api):
        def create_service_user(self, name: str) -> Exchange:
            return Exchange("create", "POST", "/service_users", Reply(201, body=body))

    with pytest.raises(StepFailed, match="did not make"):
        find_or_make(Odd(harness))


def test_looking_for_a_service_user_creates_none(harness: SetupHarness) -> None:
    assert find_service_user(list_service_users(harness.api), NAME) == ""
    assert harness.sandbox.account.service_users == {}
