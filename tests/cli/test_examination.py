from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from ngrok_scim_cli.cli.commands.doctor import DoctorOptions, asked_for_okta, save_okta_side
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Result, Verdict
from ngrok_scim_cli.doctor.run import Examined
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings.profile import Okta, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretStore
from ngrok_scim_cli.settings.sources import Settings

if TYPE_CHECKING:
    from ngrok_scim_cli.cli.runtime.session import Session

ORG = "https://corp.okta.com"
TOKEN = "00QCjAl4MlVWPXM0HmjFxvbGua"
SERVICE_APP = {
    "OKTA_CLIENT_AUTHORIZATIONMODE": "PrivateKey",
    "OKTA_CLIENT_CLIENTID": "0oaService",
    "OKTA_CLIENT_PRIVATEKEY": '{"kty": "RSA"}',
}


@dataclass
class Asked:
    """Answers each question for a line and for a secret, and remembers it."""

    present: bool = True
    questions: list[str] = field(default_factory=list)

    def ask(self, question: str, *, default: str = "") -> str:
        self.questions.append(question)
        return ORG

    def ask_secret(self, question: str) -> str:
        self.questions.append(question)
        return f" {TOKEN} "


def session(person: Asked, tmp_path: Path, **environment: str) -> "Session":
    profiles, secrets = ProfileStore(tmp_path), SecretStore()
    settings = Settings(
        environment=environment,
        profiles=profiles,
        secrets=lambda: secrets,
        profile_name="default",
    )
    return cast(
        "Session",
        SimpleNamespace(
            settings=settings,
            person=person,
            profiles=profiles,
            profile_name="default",
            secrets=secrets,
        ),
    )


def test_what_is_known_is_not_asked_for(tmp_path: Path) -> None:
    person = Asked()
    known = session(person, tmp_path, OKTA_CLIENT_ORGURL=ORG, OKTA_CLIENT_TOKEN=TOKEN)
    given = DoctorOptions()
    assert asked_for_okta(known, given) is given
    assert person.questions == []


def test_what_is_missing_is_asked_for_and_the_token_is_hidden(tmp_path: Path) -> None:
    person = Asked()
    given = asked_for_okta(session(person, tmp_path), DoctorOptions())
    assert (given.okta_org_url, given.okta_token) == (ORG, TOKEN)
    assert person.questions == [
        "Address of your Okta org, like https://example.okta.com",
        "API token of that org",
    ]
    assert TOKEN not in repr(given)


def test_an_org_that_the_command_line_names_is_not_asked_for(tmp_path: Path) -> None:
    person = Asked()
    given = asked_for_okta(
        session(person, tmp_path), DoctorOptions(okta_org_url="https://x.okta.com")
    )
    assert given.okta_org_url == "https://x.okta.com"
    assert person.questions == ["API token of that org"]


def test_a_token_that_the_keyring_lost_is_asked_for_again(tmp_path: Path) -> None:
    lost = Okta(org_url=ORG, token_stored_at=datetime(2026, 1, 2, tzinfo=UTC))
    ProfileStore(tmp_path).save(Profile("default", okta=lost))
    given = asked_for_okta(session(Asked(), tmp_path), DoctorOptions())
    assert (given.okta_org_url, given.okta_token) == (None, TOKEN)


def test_where_nobody_is_there_it_says_how_to_give_them(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        asked_for_okta(session(Asked(present=False), tmp_path), DoctorOptions())
    assert refused.value.advice == "Set OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN."


@pytest.mark.parametrize(
    ("environment", "said", "kept"),
    [
        ({"OKTA_CLIENT_TOKEN": TOKEN}, "The Okta token is kept in the keyring", TOKEN),
        (SERVICE_APP, "The private key of the service app is not kept", None),
    ],
    ids=["token", "service app"],
)
def test_it_says_what_is_kept_and_what_is_not(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    environment: dict[str, str],
    said: str,
    kept: str | None,
) -> None:
    opened = session(Asked(), tmp_path, OKTA_CLIENT_ORGURL=ORG, **environment)
    passed = Check("okta-token", "Okta takes the token", "Okta", CheckStatus.PASS)
    result = Result("doctor", Verdict.PASS, checks=(passed,))
    assert (
        save_okta_side(opened, DoctorOptions(), Examined(result, 1.0, None, None, None, "0oa1"))
        == 0
    )
    assert said in capsys.readouterr().err
    okta = opened.profiles.load("default").okta
    assert (okta.org_url, okta.app) == (ORG, "0oa1")
    assert bool(okta.token_stored_at) is bool(kept)
    assert opened.secrets.get("default/okta") == kept
