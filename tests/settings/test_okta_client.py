"""The settings of Okta's SDKs: variables and okta.yaml, a token or a service app."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from ngrok_scim_cli.errors import NgrokScimError, UsageError
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings.other_programs import OktaServiceApp
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretStore
from ngrok_scim_cli.settings.sources import Settings, Sourced

ORG = "https://corp.okta.com"
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
PEM = f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----\n"
JWK = '{"kty": "RSA", "d": "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH", "e": "AQAB"}'
TOKEN = "00QCjAl4MlV-WPXM-ABCDEFGHIJKLMN0pqrstuvwxy"

Made = Callable[..., Settings]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    def settings(environment: Mapping[str, str] | None = None, yaml: str = "") -> Settings:
        if yaml:
            path = tmp_path / ".okta" / "okta.yaml"
            path.parent.mkdir()
            path.write_text(yaml, encoding="utf-8")
            path.chmod(0o600)
        return Settings(
            environment={"HOME": str(tmp_path), **(environment or {})},
            profiles=ProfileStore(tmp_path / "profiles"),
            secrets=SecretStore,
            profile_name="default",
        )

    yield settings
    redactor.forget()


def private(**more: str) -> dict[str, str]:
    values = {"AUTHORIZATIONMODE": "PrivateKey", "CLIENTID": "0oa1", "PRIVATEKEY": PEM, **more}
    return {f"OKTA_CLIENT_{name}": value for name, value in values.items()}


def app(found: object) -> OktaServiceApp:
    assert isinstance(found, Sourced)
    assert isinstance(found.value, OktaServiceApp)
    return found.value


YAML = f"""
okta:
  client:
    orgUrl: {ORG}
    authorizationMode: PrivateKey
    clientId: 0oa9
    scopes: [okta.apps.read, okta.logs.read]
    kid: first
    privateKey: |
      -----BEGIN PRIVATE KEY-----
      {BODY}
      -----END PRIVATE KEY-----
"""


def test_a_service_app_is_taken_from_the_environment(made: Made) -> None:
    found = app(made(private(SCOPES="okta.apps.read, okta.logs.read")).okta_credential(ORG))
    assert (found.client_id, found.private_key) == ("0oa1", PEM.strip())
    assert found.scopes == ("okta.apps.read", "okta.logs.read")


@pytest.mark.parametrize("mode", ["PrivateKey", "privatekey", ""])
def test_without_a_token_the_mode_need_not_be_named(made: Made, mode: str) -> None:
    assert app(made(private(AUTHORIZATIONMODE=mode)).okta_credential(ORG)).client_id == "0oa1"


@pytest.mark.parametrize("mode", ["SSWS", ""])
def test_a_token_is_used_unless_the_mode_says_otherwise(made: Made, mode: str) -> None:
    found = made(private(AUTHORIZATIONMODE=mode, TOKEN=TOKEN)).okta_credential(ORG)
    assert found == Sourced(TOKEN, "OKTA_CLIENT_TOKEN")


def test_the_mode_goes_before_a_token(made: Made) -> None:
    assert app(made(private(TOKEN=TOKEN)).okta_credential(ORG)).client_id == "0oa1"


@pytest.mark.parametrize("key", [PEM, PEM.replace("\n", "\\n"), JWK])
def test_a_key_is_taken_as_pem_on_one_line_and_as_jwk(made: Made, key: str) -> None:
    found = app(made(private(PRIVATEKEY=key)).okta_credential(ORG))
    assert found.private_key.strip() == (JWK if key == JWK else PEM).strip()


def test_a_key_may_be_the_path_of_a_file(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(PEM, encoding="utf-8")
    path.chmod(0o644)
    settings = made(private(PRIVATEKEY=str(path)))
    assert app(settings.okta_credential(ORG)).private_key == PEM
    assert settings.facts.readable_by_others == [str(path)]


@pytest.mark.parametrize("name", ["CLIENTID", "PRIVATEKEY"])
def test_what_is_missing_is_named(made: Made, name: str) -> None:
    with pytest.raises(NgrokScimError, match=f"OKTA_CLIENT_{name} is not set"):
        made(private(**{name: ""})).okta_credential(ORG)


def test_a_key_file_that_is_not_there_is_named(made: Made) -> None:
    with pytest.raises(NgrokScimError, match=r"nowhere\.pem"):
        made(private(PRIVATEKEY="nowhere.pem")).okta_credential(ORG)


def test_okta_yaml_is_the_last_place(made: Made) -> None:
    settings = made(yaml=YAML)
    url = settings.value("okta_org_url")
    assert (url.value, url.origin.endswith("okta.yaml")) == (ORG, True)
    found = app(settings.okta_credential(ORG))
    assert (found.client_id, found.key_id) == ("0oa9", "first")
    assert found.scopes == ("okta.apps.read", "okta.logs.read")
    assert BODY in found.private_key


def test_a_variable_goes_before_its_place_in_okta_yaml(made: Made) -> None:
    settings = made({"OKTA_CLIENT_CLIENTID": "0oa1", "OKTA_CLIENT_ORGURL": ORG}, YAML)
    assert app(settings.okta_credential(ORG)).client_id == "0oa1"


def test_a_token_is_found_in_okta_yaml(made: Made) -> None:
    settings = made(yaml=f"okta: {{client: {{orgUrl: '{ORG}', token: {TOKEN}}}}}")
    found = settings.okta_credential(f"{ORG}/")
    assert found is not None
    assert (found.value, found.origin.endswith("okta.yaml")) == (TOKEN, True)
    assert TOKEN not in redactor.redact(TOKEN)


@pytest.mark.parametrize("url", ["https://evil.example", "https://other.okta.com", ""])
def test_what_okta_yaml_holds_goes_to_no_other_org(made: Made, url: str) -> None:
    assert made(yaml=YAML).okta_credential(url) is None


@pytest.mark.parametrize(
    "text", ["", "okta", "okta: 1", "okta: {client: []}", "{", "okta: {client: {token: [x]}}"]
)
def test_an_okta_yaml_of_another_form_gives_no_values(made: Made, text: str) -> None:
    settings = made(yaml=text or "\n")
    assert settings.value("okta_org_url").value == ""
    assert settings.okta_credential() is None


def test_a_token_file_goes_before_everything(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", encoding="utf-8")
    path.chmod(0o600)
    found = made(private()).okta_credential(ORG, path)
    assert found == Sourced(TOKEN, f"--okta-token-file {path}")
    path.write_text(" \n", encoding="utf-8")
    with pytest.raises(UsageError, match="holds no token"):
        made().okta_credential(ORG, path)


@pytest.mark.parametrize("key", [PEM, JWK])
def test_a_key_is_hidden_and_the_words_around_it_are_not(made: Made, key: str) -> None:
    made(private(PRIVATEKEY=key))
    shown = redactor.redact(key)
    assert BODY not in shown
    assert "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH" not in shown
    assert redactor.redact("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----"
    assert redactor.redact("a private key of RSA") == "a private key of RSA"


@pytest.mark.parametrize("start", ["", " ", '"', "'"])
def test_a_key_without_the_lines_around_it_is_no_path(made: Made, start: str) -> None:
    body = "".join(PEM.splitlines()[1:-1])
    settings = made(private(PRIVATEKEY=start + body))
    assert body[20:60] not in redactor.redact(f"the file {start + body} does not exist")
    assert app(settings.okta_credential(ORG)).private_key == (start + body).strip()


def test_the_path_of_a_key_is_no_secret(made: Made) -> None:
    path = "/etc/ngrok-scim/okta-service-app-private-key.pem"
    made(private(PRIVATEKEY=path))
    assert redactor.redact(path) == path
