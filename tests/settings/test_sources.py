import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ngrok_scim_cli import form
from ngrok_scim_cli.errors import KeyringLost, KeyringUnusable, ProfileUnreadable, UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings.profile import Key, Okta, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import KeyringStore, SecretStore
from ngrok_scim_cli.settings.sources import Facts, Settings, Sourced

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_4nLkWq8ZbT1cVx6RyM2Hs"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

posix = pytest.mark.skipif(os.name != "posix", reason="modes are a thing of POSIX")


class Machine:
    """A machine with a home, profiles and a keyring, for one set of environment variables."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.profiles = ProfileStore(home / "profiles")
        self.keyring = SecretStore()

    def settings(
        self,
        environment: dict[str, str] | None = None,
        *,
        piped: bytes = b"",
        secrets: Callable[[], SecretStore] | None = None,
    ) -> Settings:
        return Settings(
            environment={"HOME": str(self.home), **(environment or {})},
            profiles=self.profiles,
            secrets=secrets or (lambda: self.keyring),
            profile_name="work",
            standard_input=io.BytesIO(piped),
            platform="linux",
        )

    def write(self, name: str, data: str | bytes, mode: int = 0o600) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        path.chmod(mode)
        return path


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def no_keyring() -> SecretStore:
    pytest.fail("the keyring was asked")


def found(sourced: Sourced[str] | None) -> tuple[str, str]:
    assert sourced is not None
    return sourced.value, sourced.origin


def test_the_scim_key_is_taken_from_the_first_place_that_has_it(machine: Machine) -> None:
    path = machine.write("key", " from the file \n")
    environment = {"NGROK_SCIM_API_KEY": "from the environment\n"}
    assert machine.settings().scim_key() is None
    machine.profiles.save(Profile("work", key=Key("ak_1")))
    machine.keyring.set("work/scim", "from the keyring ")
    assert found(machine.settings().scim_key()) == (
        "from the keyring ",
        "the keyring (memory of this run)",
    )
    assert found(machine.settings(environment).scim_key()) == (
        "from the environment\n",
        "NGROK_SCIM_API_KEY",
    )
    assert found(machine.settings(environment).scim_key(path)) == (
        " from the file ",
        f"--api-key-file {path}",
    )
    assert found(machine.settings(environment, piped=b"piped\r\n").scim_key("-")) == (
        "piped",
        "standard input",
    )


def test_a_key_that_is_given_touches_neither_profile_nor_keyring(machine: Machine) -> None:
    machine.write("profiles/work.toml", "broken")
    settings = machine.settings({"NGROK_SCIM_API_KEY": KEY}, secrets=no_keyring)
    assert found(settings.scim_key())[0] == KEY
    assert found(machine.settings(secrets=no_keyring).scim_key(machine.write("key", KEY)))[0] == KEY
    with pytest.raises(ProfileUnreadable):
        machine.settings(secrets=no_keyring).scim_key()


def test_the_keyring_is_asked_only_for_what_the_profile_names(machine: Machine) -> None:
    machine.keyring.set("work/scim", KEY)
    machine.keyring.set("work/okta", "token")
    settings = machine.settings(secrets=no_keyring)
    assert settings.scim_key() is None
    assert settings.okta_credential() is None


def test_an_empty_variable_is_an_empty_key(machine: Machine) -> None:
    machine.profiles.save(Profile("work", key=Key("ak_1")))
    settings = machine.settings({"NGROK_SCIM_API_KEY": ""}, secrets=no_keyring)
    assert found(settings.scim_key()) == ("", "NGROK_SCIM_API_KEY")


def test_bytes_that_are_no_text_stay_what_they_were(machine: Machine) -> None:
    assert found(machine.settings({"NGROK_SCIM_API_KEY": "k\udcff"}).scim_key())[0] == "k\udcff"


@pytest.mark.parametrize(
    ("profile", "ask"),
    [
        (Profile("work", key=Key("ak_1")), Settings.scim_key),
        (Profile("work", okta=Okta(token_stored_at=NOON)), Settings.okta_credential),
    ],
)
def test_a_key_that_the_keyring_lost_is_reported(
    machine: Machine, profile: Profile, ask: Callable[[Settings], object]
) -> None:
    machine.profiles.save(profile)
    with pytest.raises(KeyringLost, match="“work” says that “work/") as caught:
        ask(machine.settings())
    assert caught.value.code == "ENV002"
    with pytest.raises(KeyringUnusable):
        ask(machine.settings(secrets=lambda: KeyringStore({}, platform="linux")))


def test_the_admin_key_is_taken_from_the_first_place_that_has_it(machine: Machine) -> None:
    assert machine.settings().admin_key() is None
    yml = machine.write(".config/ngrok/ngrok.yml", "agent: {api_key: ' from ngrok.yml'}")
    assert found(machine.settings().admin_key()) == ("from ngrok.yml", str(yml))
    environment = {"NGROK_API_KEY": "from the environment"}
    assert found(machine.settings(environment).admin_key()) == (
        "from the environment",
        "NGROK_API_KEY",
    )
    path = machine.write("key", "from the file")
    assert found(machine.settings(environment).admin_key(path)) == (
        "from the file",
        f"--admin-key-file {path}",
    )
    assert found(machine.settings(piped=b"piped").admin_key(Path("-")))[0] == "piped"


@pytest.mark.parametrize("blank", ["", " ", "\n", "\ufeff"])
def test_a_blank_admin_key_is_none(machine: Machine, blank: str) -> None:
    assert machine.settings({"NGROK_API_KEY": blank}).admin_key() is None
    path = machine.write("key", blank)
    with pytest.raises(UsageError, match="holds no key"):
        machine.settings({"NGROK_API_KEY": KEY}).admin_key(path)


@pytest.mark.parametrize("typed", ["x\n", " x", "\ufeffx\r\n", "\u00a0x\u3000", " \ufeff x"])
def test_what_is_no_value_of_the_form_is_trimmed_and_that_is_noted(
    machine: Machine, typed: str
) -> None:
    settings = machine.settings(
        {
            "NGROK_API_KEY": typed,
            "OKTA_CLIENT_TOKEN": typed,
            "OKTA_CLIENT_ORGURL": typed,
            "NGROK_API_BASE_URL": typed,
        }
    )
    for _ in range(2):
        for value, origin in (
            (settings.admin_key(), "NGROK_API_KEY"),
            (settings.okta_credential(), "OKTA_CLIENT_TOKEN"),
            (settings.value("okta_org_url"), "OKTA_CLIENT_ORGURL"),
            (settings.value("api_base_url"), "NGROK_API_BASE_URL"),
        ):
            assert value == Sourced("x", origin)
    assert settings.facts.trimmed == [
        "NGROK_API_KEY",
        "OKTA_CLIENT_TOKEN",
        "OKTA_CLIENT_ORGURL",
        "NGROK_API_BASE_URL",
    ]


def test_what_needs_no_trimming_is_not_noted(machine: Machine) -> None:
    settings = machine.settings({"NGROK_API_KEY": KEY, "NGROK_SCIM_API_KEY": f" {KEY} "})
    assert settings.admin_key() == Sourced(KEY, "NGROK_API_KEY")
    assert settings.scim_key() == Sourced(f" {KEY} ", "NGROK_SCIM_API_KEY")
    assert settings.facts == Facts()


def test_the_values_of_the_form_are_taken_from_the_first_place_that_has_them(
    machine: Machine,
) -> None:
    settings = machine.settings({"NGROK_SCIM_BASE_URL": ""})
    assert found(settings.value("base_url")) == ("", "NGROK_SCIM_BASE_URL")
    settings = machine.settings()
    assert found(settings.value("base_url")) == (form.DEFAULT_BASE_URL, "default")
    assert found(settings.value("unique_identifier")) == ("email", "default")
    assert found(settings.value("auth_mode")) == ("HTTP Header", "default")
    assert settings.value("actions") == Sourced(form.DEFAULT_ACTIONS, "default")
    assert settings.form(KEY, actions=[]).actions == form.DEFAULT_ACTIONS

    machine.profiles.save(
        Profile("work", base_url=" b ", unique_identifier="", auth_mode="a ", actions=())
    )
    settings = machine.settings()
    origin = "the profile “work”"
    assert found(settings.value("base_url")) == (" b ", origin)
    assert found(settings.value("unique_identifier")) == ("", origin)
    assert found(settings.value("auth_mode")) == ("a ", origin)
    assert settings.value("actions") == Sourced((), origin)
    assert found(machine.settings({"NGROK_SCIM_BASE_URL": " e"}).value("base_url"))[0] == " e"

    settings = machine.settings({"NGROK_SCIM_BASE_URL": " e"})
    assert found(settings.value("base_url", "o ")) == ("o ", "--base-url")
    assert found(settings.value("unique_identifier", " ")) == (" ", "--unique-id")
    assert found(settings.value("auth_mode", "")) == ("", "--auth-mode")
    assert settings.value("actions", ("Push New ",)) == Sourced(("Push New ",), "--action")


def test_options_for_all_of_the_form_leave_the_profile_unread(machine: Machine) -> None:
    machine.write("profiles/work.toml", "broken")
    typed = machine.settings().form(
        f" {KEY}",
        base_url="b",
        unique_identifier="u",
        auth_mode="a",
        actions=("x", "y"),
    )
    assert typed == form.Form("b", f" {KEY}", "u", "a", ("x", "y"))
    assert redactor.redact("4nLkWq8ZbT1c") == "[redacted]"


def test_a_form_of_defaults_is_that_of_ngroks_guide(machine: Machine) -> None:
    assert machine.settings().form(KEY) == form.Form(authorization=KEY)


def test_the_okta_side_comes_from_option_environment_and_profile(machine: Machine) -> None:
    assert machine.settings().value("okta_org_url") == Sourced("", "not given")
    assert not machine.settings().value("okta_app").value
    machine.profiles.save(
        Profile("work", okta=Okta(org_url="https://p", app="p", token_stored_at=NOON))
    )
    machine.keyring.set("work/okta", "kept\n")
    settings = machine.settings()
    assert found(settings.value("okta_org_url")) == ("https://p", "the profile “work”")
    assert found(settings.value("okta_app")) == ("p", "the profile “work”")
    assert settings.okta_credential() == Sourced("kept", "the keyring (memory of this run)")
    settings = machine.settings(
        {"OKTA_CLIENT_ORGURL": "https://e", "OKTA_CLIENT_TOKEN": "e"}, secrets=no_keyring
    )
    assert found(settings.value("okta_org_url")) == ("https://e", "OKTA_CLIENT_ORGURL")
    assert settings.okta_credential() == Sourced("e", "OKTA_CLIENT_TOKEN")
    assert found(settings.value("okta_org_url", " https://o")) == ("https://o", "--okta-org-url")
    assert found(settings.value("okta_app", "o")) == ("o", "--okta-app")


def test_ngroks_api_has_its_place(machine: Machine) -> None:
    assert machine.settings().value("api_base_url") == Sourced("https://api.ngrok.com", "default")
    blank = machine.settings({"NGROK_API_BASE_URL": " "})
    assert blank.value("api_base_url").origin == "default"


def test_standard_input_gives_one_key_and_gives_it_again(machine: Machine) -> None:
    settings = machine.settings(piped=b"piped\n")
    assert found(settings.scim_key("-"))[0] == "piped"
    assert found(settings.scim_key("-"))[0] == "piped"
    with pytest.raises(UsageError, match="--admin-key-file - and --api-key-file - cannot both"):
        settings.admin_key("-")


@posix
def test_files_that_others_can_read_are_noted_once(machine: Machine) -> None:
    key = machine.write("key", KEY, 0o644)
    yml = machine.write(".config/ngrok/ngrok.yml", f"api_key: {KEY}", 0o640)
    profile = machine.write("profiles/work.toml", "", 0o644)
    settings = machine.settings()
    for _ in range(2):
        settings.scim_key(key)
        settings.admin_key()
        settings.value("base_url")
    assert settings.facts.readable_by_others == [str(key), str(yml), str(profile)]


def test_the_profile_is_read_once(machine: Machine) -> None:
    settings = machine.settings()
    assert settings.profile == Profile("work")
    machine.write("profiles/work.toml", "broken")
    assert settings.profile == Profile("work")


def test_the_keyring_is_made_once(machine: Machine) -> None:
    settings = machine.settings(secrets=SecretStore)
    assert settings.secrets is settings.secrets


def test_a_file_of_ngrok_or_okta_that_cannot_be_read_is_noted(machine: Machine) -> None:
    assert machine.settings().no_admin_key().message.endswith(" was given.")
    ngrok_yml = machine.write(".config/ngrok/ngrok.yml", "a: [")
    okta_yaml = machine.write(".okta/okta.yaml", "a: [")
    settings = machine.settings()
    assert (settings.admin_key(), settings.okta_credential()) == (None, None)
    assert dict(settings.facts.unread) == {
        "Admin key": f"{ngrok_yml} is not valid YAML (line 1).",
        "Okta": f"{okta_yaml} is not valid YAML (line 1).",
    }
    assert settings.no_admin_key().message.endswith(f" {ngrok_yml} is not valid YAML (line 1).")


@pytest.mark.parametrize(
    ("environment", "only"),
    [
        ({}, False),
        ({"NGROK_AUTHTOKEN": " "}, False),
        ({"NGROK_AUTHTOKEN": KEY}, True),
        ({"NGROK_AUTHTOKEN": "ngrok_pat_3Ab4Cd5Ef6Gh7Ij8Kl9"}, False),
        ({"NGROK_AUTHTOKEN": KEY, "NGROK_API_KEY": ""}, True),
        ({"NGROK_AUTHTOKEN": KEY, "NGROK_API_KEY": KEY}, False),
        ({"NGROK_AUTHTOKEN": KEY, "NGROK_SCIM_API_KEY": KEY}, False),
    ],
)
def test_an_authtoken_alone_is_noticed(
    machine: Machine, environment: dict[str, str], only: bool
) -> None:
    settings = machine.settings(environment)
    settings.scim_key()
    settings.admin_key()
    assert settings.facts.authtoken_only is only
    for error, variable in (
        (settings.no_scim_key(), "NGROK_SCIM_API_KEY"),
        (settings.no_admin_key(), "NGROK_API_KEY"),
    ):
        assert error.exit_status == 3
        assert error.code == ("ENV006" if only else "")
        assert ("NGROK_AUTHTOKEN" in error.message) is only
        assert variable in error.advice


def test_an_authtoken_is_not_alone_where_a_key_was_typed(machine: Machine) -> None:
    settings = machine.settings({"NGROK_AUTHTOKEN": KEY})
    settings.form("")
    assert settings.facts.authtoken_only
    settings.form(KEY)
    assert not settings.facts.authtoken_only


@pytest.mark.parametrize(
    "variable", ["NGROK_SCIM_API_KEY", "NGROK_API_KEY", "NGROK_AUTHTOKEN", "OKTA_CLIENT_TOKEN"]
)
def test_each_secret_of_the_environment_is_hidden_from_the_start(
    machine: Machine, variable: str
) -> None:
    machine.settings({variable: "00aBcDeFgHiJkLmNoP"})
    assert redactor.redact("x 00aBcDeFgHiJkLmNoP") == "x [redacted]"


def test_no_value_is_in_the_repr_of_its_source() -> None:
    assert KEY not in repr(Sourced(KEY, "NGROK_SCIM_API_KEY"))


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"NGROK_AUTHTOKEN": "ngrok_pat_3Ab4Cd5Ef6"}, "ngrok_pat_3Ab4Cd5Ef6"),
        ({"NGROK_AUTHTOKEN": "ngrok_pat_3Ab4Cd5Ef6\n"}, "ngrok_pat_3Ab4Cd5Ef6"),
        ({"NGROK_AUTHTOKEN": "ngrok_pat_3Ab4Cd5Ef6", "NGROK_API_KEY": KEY}, KEY),
        ({"NGROK_API_KEY": "ngrok_pat_3Ab4Cd5Ef6"}, "ngrok_pat_3Ab4Cd5Ef6"),
        ({"NGROK_AUTHTOKEN": KEY}, None),
    ],
)
def test_an_access_token_manages_the_account_and_an_authtoken_does_not(
    machine: Machine, variables: dict[str, str], found: str | None
) -> None:
    key = machine.settings(variables).admin_key()
    assert (key.value if key else None) == found
