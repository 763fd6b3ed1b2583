from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.access import (
    NO_ADMIN_KEY,
    NO_CREDENTIAL,
    NO_ORG_URL,
    WRONG_ORG_URL,
    OktaSide,
    open_ngrok,
    open_okta,
    or_unknown,
)
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings.profile import Okta, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretStore
from ngrok_scim_cli.settings.sources import Settings
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from ngrok_scim_cli.wire.okta_api import OktaApi

ORG = "https://corp.okta.com"
TOKEN = "00QCjAl4MlV-WPXM_0HmjFx-vbGua"

Open = Callable[..., OktaSide]


@pytest.fixture
def profiles(tmp_path: Path) -> ProfileStore:
    return ProfileStore(tmp_path / "profiles")


def settings(
    profiles: ProfileStore,
    environment: Mapping[str, str] | None = None,
    *,
    profile_name: str = "default",
) -> Settings:
    return Settings(
        environment=environment or {},
        profiles=profiles,
        secrets=SecretStore,
        profile_name=profile_name,
    )


@pytest.fixture
def opened(profiles: ProfileStore) -> Callable[..., tuple[OktaSide, list[Collection[str]]]]:
    def open_it(
        environment: Mapping[str, str] | None = None,
        *,
        org_url: str | None = None,
        token: str = "",
        allowed_hosts: Collection[str] = (),
    ) -> tuple[OktaSide, list[Collection[str]]]:
        known: list[Collection[str]] = []

        def open_wire(hosts: Collection[str]) -> Wire:
            known.append(hosts)
            return Wire(known_hosts=hosts)

        side = open_okta(
            settings(profiles, environment),
            org_url=org_url,
            token=token,
            allowed_hosts=allowed_hosts,
            open_wire=open_wire,
        )
        return side, known

    return open_it


def reason(found: object) -> str:
    assert isinstance(found, Unknown)
    return found.reason


def test_an_org_is_asked_over_a_wire_that_knows_its_host_alone(
    opened: Callable[..., tuple[OktaSide, list[Collection[str]]]],
) -> None:
    side, known = opened({"OKTA_CLIENT_ORGURL": ORG, "OKTA_CLIENT_TOKEN": TOKEN})
    assert isinstance(side.api, OktaApi)
    assert (side.org_url, known) == (ORG, [("corp.okta.com",)])


@pytest.mark.parametrize(
    ("environment", "given", "missing"),
    [
        ({}, {}, NO_ORG_URL),
        ({"OKTA_CLIENT_TOKEN": TOKEN}, {}, NO_ORG_URL),
        ({"OKTA_CLIENT_ORGURL": ORG}, {}, NO_CREDENTIAL),
        ({"OKTA_CLIENT_TOKEN": TOKEN}, {"org_url": "https://corp-admin.okta.com"}, WRONG_ORG_URL),
        ({"OKTA_CLIENT_TOKEN": TOKEN}, {"org_url": "https://id.corp.example"}, WRONG_ORG_URL),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_opened(
    opened: Callable[..., tuple[OktaSide, list[Collection[str]]]],
    environment: dict[str, str],
    given: dict[str, str],
    missing: str,
) -> None:
    side, known = opened(environment, **given)
    assert reason(side.api) == missing
    assert isinstance(side.api, Unknown)
    assert bool(side.api.findings) is (missing == WRONG_ORG_URL)
    assert known == []


def test_a_token_that_cannot_be_right_is_refused_here(
    opened: Callable[..., tuple[OktaSide, list[Collection[str]]]],
) -> None:
    side, known = opened({"OKTA_CLIENT_TOKEN": f"SSWS {TOKEN}"}, org_url=ORG)
    assert isinstance(side.api, Unknown)
    assert [item.code for item in side.api.findings] == ["OKT902"]
    assert known == []


def test_a_password_in_the_address_of_the_org_is_not_shown(
    opened: Callable[..., tuple[OktaSide, list[Collection[str]]]],
) -> None:
    side, known = opened(org_url="https://ada:hunter2@corp.okta.com")
    assert side.org_url == "https://…@corp.okta.com"
    assert isinstance(side.api, Unknown)
    assert side.api.findings
    assert "hunter2" not in str(side.api.findings)
    assert known == []


def test_a_domain_of_the_orgs_own_is_asked_where_the_person_allows_it(
    opened: Callable[..., tuple[OktaSide, list[Collection[str]]]],
) -> None:
    side, known = opened(
        {"OKTA_CLIENT_TOKEN": TOKEN},
        org_url="https://id.corp.example",
        allowed_hosts=("id.corp.example",),
    )
    assert isinstance(side.api, OktaApi)
    assert known == [("id.corp.example",)]


def test_a_token_that_was_typed_goes_first_and_nothing_else_is_looked_up(
    opened: Callable[..., tuple[OktaSide, list[Collection[str]]]], profiles: ProfileStore
) -> None:
    lost = Okta(org_url=ORG, token_stored_at=datetime(2026, 1, 2, tzinfo=UTC))
    profiles.save(Profile("default", okta=lost))
    typed, _ = opened(token=TOKEN)
    assert isinstance(typed.api, OktaApi)
    looked_up, _ = opened()
    assert "is in the keyring" in reason(looked_up.api)
    assert "is in the keyring" in reason(looked_up.org_url)


def test_an_admin_key_opens_the_account(profiles: ProfileStore) -> None:
    with Wire() as wire:
        found = open_ngrok(settings(profiles, {"NGROK_API_KEY": "2abc_def"}), None, wire)
        assert isinstance(found, NgrokApi)
        assert reason(open_ngrok(settings(profiles), None, wire)) == NO_ADMIN_KEY


def test_a_key_file_that_is_not_there_is_a_wrong_command_line(profiles: ProfileStore) -> None:
    with Wire() as wire, pytest.raises(UsageError, match="does not exist"):
        open_ngrok(settings(profiles), "/nowhere/key", wire)


def test_a_profile_that_cannot_be_read_is_missing(profiles: ProfileStore) -> None:
    profiles.save(Profile("default"))
    assert profile_of(settings(profiles)) == Profile("default")
    profiles.path("default").write_text("= broken", encoding="utf-8")
    assert "cannot be read" in reason(profile_of(settings(profiles)))


def profile_of(found: Settings) -> Profile | Unknown:
    return or_unknown(lambda: found.profile)


def open_okta_of(found: Settings) -> OktaSide:
    return open_okta(
        found,
        org_url=None,
        token="",
        allowed_hosts=(),
        open_wire=lambda hosts: Wire(known_hosts=hosts),
    )


@pytest.mark.parametrize("look", [profile_of, open_okta_of])
def test_a_profile_that_nobody_may_call_so_is_a_wrong_command_line(
    profiles: ProfileStore, look: Callable[[Settings], object]
) -> None:
    with pytest.raises(UsageError):
        look(settings(profiles, profile_name="../x"))
