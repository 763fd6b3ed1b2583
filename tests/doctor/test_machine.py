from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.access import or_unknown
from ngrok_scim_cli.doctor.machine import PLANS
from ngrok_scim_cli.settings.profile import Domain, Key, Okta, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import KeyringStore, SecretStore
from ngrok_scim_cli.settings.sources import Settings
from tests.doctor.harness import Harness, codes, made_of

DAY = datetime(2026, 1, 2, tzinfo=UTC)
SKIP, PASS = CheckStatus.SKIP, CheckStatus.PASS

Examine = Callable[..., dict[str, Check]]


@pytest.fixture
def profiles(tmp_path: Path) -> ProfileStore:
    return ProfileStore(tmp_path / "profiles")


@pytest.fixture
def examine(harness: Harness, profiles: ProfileStore) -> Examine:
    def look(
        *faults: str,
        secrets: SecretStore | None = None,
        environment: Mapping[str, str] | None = None,
        **access: object,
    ) -> dict[str, Check]:
        settings = Settings(
            environment=environment or {},
            profiles=profiles,
            secrets=lambda: secrets or SecretStore(),
            profile_name="default",
        )
        or_unknown(lambda: settings.profile)
        settings.value("api_base_url")
        return made_of(PLANS, harness.evidence(*faults, settings=settings, **access))

    return look


def test_every_check_of_this_machine_is_made(examine: Examine) -> None:
    made = examine()
    assert list(made) == [plan.code for plan in PLANS]
    assert {item.status for item in made.values()} == {PASS}
    assert made["profile"].reason == "“default” is still empty"
    assert made["keyring"].reason == "memory of this run"


@pytest.mark.parametrize(
    "profile",
    [
        Profile("default", steps={"api-key": DAY}),
        Profile("default", domains=(Domain("corp.example"),)),
        Profile("default", key=Key("ak_1")),
    ],
)
def test_a_profile_that_holds_something_is_named_by_its_file(
    examine: Examine, profiles: ProfileStore, profile: Profile
) -> None:
    profiles.save(profile)
    assert examine()["profile"].reason == str(profiles.path("default"))


def test_a_broken_profile_is_found_and_the_others_run_on(
    examine: Examine, profiles: ProfileStore
) -> None:
    profiles.save(Profile("default"))
    profiles.path("default").write_text("= broken", encoding="utf-8")
    made = examine()
    assert codes(made["profile"]) == ["ENV008"]
    assert made["keyring"].status is PASS


def test_a_keyring_that_does_not_work_is_a_warning(examine: Examine) -> None:
    store = KeyringStore({"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
    made = examine(secrets=store)
    assert codes(made["keyring"]) == ["ENV001"]
    assert made["keyring"].status is CheckStatus.WARN
    assert "NGROK_SCIM_API_KEY" in made["keyring"].findings[0].fix


def test_nobody_is_advised_to_set_the_variable_that_the_key_comes_from(
    harness: Harness, profiles: ProfileStore
) -> None:
    store = KeyringStore({"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
    settings = Settings(
        environment={"NGROK_SCIM_API_KEY": "a key of some length"},
        profiles=profiles,
        secrets=lambda: store,
        profile_name="default",
    )
    settings.scim_key()
    [found] = made_of(PLANS, harness.evidence(settings=settings))["keyring"].findings
    assert found.fix == "Leave the key where it is: ngrok-scim reads it from NGROK_SCIM_API_KEY."


@pytest.mark.parametrize(
    ("profile", "lost"),
    [
        (Profile("default", key=Key("ak_1")), "default/scim"),
        (Profile("default", okta=Okta(token_stored_at=DAY)), "default/okta"),
    ],
)
def test_what_the_keyring_lost_is_found(
    examine: Examine, profiles: ProfileStore, profile: Profile, lost: str
) -> None:
    profiles.save(profile)
    made = examine()
    assert codes(made["keyring"]) == ["ENV002"]
    assert lost in made["keyring"].findings[0].evidence


def test_what_the_keyring_holds_is_named(examine: Examine, profiles: ProfileStore) -> None:
    profiles.save(Profile("default", key=Key("ak_1"), okta=Okta(token_stored_at=DAY)))
    store = SecretStore()
    store.set("default/scim", "a secret of some length")
    store.set("default/okta", "another secret of some length")
    assert examine(secrets=store)["keyring"].reason == (
        "memory of this run, holds the SCIM key and the Okta token"
    )


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"NGROK_AUTHTOKEN": "2abc"}, ["ENV006"]),
        ({"NGROK_API_BASE_URL": " https://api.ngrok.com "}, ["ENV007"]),
    ],
)
def test_what_was_noticed_of_the_credentials_is_found(
    examine: Examine, environment: dict[str, str], found: list[str]
) -> None:
    assert codes(examine(environment=environment)["credentials"]) == found


def test_a_profile_that_others_can_read_is_found(examine: Examine, profiles: ProfileStore) -> None:
    profiles.save(Profile("default"))
    profiles.path("default").chmod(0o644)
    assert codes(examine()["credentials"]) == ["ENV005"]


def test_a_file_of_ngrok_or_okta_that_cannot_be_read_is_named(
    harness: Harness, profiles: ProfileStore, tmp_path: Path
) -> None:
    for path in (".config/ngrok/ngrok.yml", ".okta/okta.yaml"):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text("a: [")
    settings = Settings(
        environment={"HOME": str(tmp_path)},
        profiles=profiles,
        secrets=SecretStore,
        profile_name="default",
        platform="linux",
    )
    settings.admin_key()
    settings.okta_credential("https://x.okta.com")
    reason = made_of(PLANS, harness.evidence(settings=settings))["credentials"].reason
    assert "Admin key: none (" in reason
    assert "ngrok.yml is not valid YAML (line 1)); Okta: none (" in reason
    assert reason.endswith("okta.yaml is not valid YAML (line 1)).")


def test_a_wrong_clock_is_found(examine: Examine) -> None:
    made = examine("clock-ahead")
    assert codes(made["clock"]) == ["ENV003"]
    assert codes(made["place"]) == []


@pytest.mark.parametrize(
    ("faults", "access", "reason"),
    [
        ((), {"values": Unknown("There is no SCIM key.")}, "There is no SCIM key."),
        (("drops-connection",), {}, "There is no reply."),
    ],
)
def test_without_a_reply_neither_the_clock_nor_the_place_is_known(
    examine: Examine, faults: tuple[str, ...], access: dict[str, object], reason: str
) -> None:
    made = examine(*faults, **access)
    for code in ("clock", "place"):
        assert (made[code].status, made[code].reason) == (SKIP, reason)


def test_each_credential_is_named_with_its_source(
    harness: Harness, profiles: ProfileStore, tmp_path: Path
) -> None:
    secret = "2AbCdEfGhIjKlMnOpQrStUvWxYz_3aBcDeFgHiJkLmNoPqRsT"
    environment = {
        "NGROK_SCIM_API_KEY": secret,
        "NGROK_AUTHTOKEN": "ngrok_pat_of_somebody",
        "OKTA_CLIENT_TOKEN": "00abc",
        "HOME": str(tmp_path),
    }
    settings = Settings(
        environment=environment, profiles=profiles, secrets=SecretStore, profile_name="default"
    )
    settings.scim_key()
    settings.admin_key()
    settings.okta_credential("https://x.okta.com")
    reason = made_of(PLANS, harness.evidence(settings=settings))["credentials"].reason
    assert reason == (
        "SCIM key: ak_2AbCdEfGhIjKlMnOpQrStUvWxYz, from NGROK_SCIM_API_KEY; Admin key: an access "
        "token, from NGROK_AUTHTOKEN; Okta: API token, from OKTA_CLIENT_TOKEN."
    )
    evidence = harness.evidence(settings=settings, is_sandbox=True)
    reason = made_of(PLANS, evidence)["credentials"].reason
    assert reason == (
        "SCIM key: ak_2AbCdEfGhIjKlMnOpQrStUvWxYz, of the sandbox; Admin key: an access token, of "
        "the sandbox; Okta: API token, of the sandbox."
    )
