import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings import profile_toml
from ngrok_scim_cli.settings.profile import Profile
from tests.support.command_line import CommandLine, Ran
from tests.support.environment import environment_of

READY = ("--no-input", "--domain", "corp.example", "--okta-app-type", "saml")


@pytest.fixture
def admin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of an admin with a keyring that works and an account without a SCIM key."""
    backend = "tests.support.keyring_backends.FileBackedKeyring"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    monkeypatch.setenv("NGROK_SCIM_TEST_KEYRING", str(tmp_path / "keyring.json"))
    return {}


@pytest.fixture
def account(admin: dict[str, str]) -> Iterator[Sandbox]:
    with open_sandbox(empty_account=True) as sandbox:
        admin |= environment_of(sandbox, "scim", "admin")
        yield sandbox


def steps(ran: Ran) -> dict[str, str]:
    return {step["name"]: step["status"] for step in json.loads(ran.out)["steps"]}


def keys_of(sandbox: Sandbox) -> list[str]:
    return [key.id for key in sandbox.account.keys.values() if key.metadata]


def test_it_runs_whole_without_a_person(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ran = ngrok_scim("setup", *READY, "--format", "json", environment=admin)
    assert ran.status == 0
    assert steps(ran) == {
        "prerequisites": "waiting",
        "api-key": "done",
        "domain": "waiting",
        "okta-values": "waiting",
        "test-connect": "done",
        "to-app": "todo",
        "first-person": "todo",
    }
    document = json.loads(ran.out)
    assert document["verdict"] == "warn"
    assert document["okta"]["accepts"] is True
    assert any("corp.example" in line for line in document["remaining"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "No domain was given."),
        (("--domain", "gmail.com"), "None of the domains can be submitted."),
    ],
)
def test_a_step_without_a_usable_domain_says_so(
    ngrok_scim: CommandLine,
    account: Sandbox,
    admin: dict[str, str],
    given: tuple[str, ...],
    said: str,
) -> None:
    ran = ngrok_scim("setup", "--no-input", *given, "--format", "json", environment=admin)
    assert json.loads(ran.out)["steps"][2]["detail"] == said


def test_a_second_run_makes_no_second_key(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    ngrok_scim("setup", *READY, environment=admin)
    assert len(keys_of(account)) == 1


def test_a_run_parses_the_profile_once(
    ngrok_scim: CommandLine,
    account: Sandbox,
    admin: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    parsed: list[str] = []
    parse, render = profile_toml.parse, profile_toml.render

    def render_uncounted(*written: Any) -> bytes:  # noqa: ANN401
        known = len(parsed)
        data = render(*written)
        del parsed[known:]  # a save checks what it wrote
        return data

    def counted(data: bytes, path: Path) -> Profile:
        parsed.append(path.stem)
        return parse(data, path)

    monkeypatch.setattr(profile_toml, "parse", counted)
    monkeypatch.setattr(profile_toml, "render", render_uncounted)
    assert ngrok_scim("setup", *READY, environment=admin).status == 0
    assert parsed == ["default"]


def test_the_profile_knows_what_was_done_and_holds_no_secret(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str], tmp_path: Path
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    text = (tmp_path / "home" / "profiles" / "default.toml").read_text()
    profile = tomllib.loads(text)
    (key,) = keys_of(account)
    assert profile["key"]["id"] == key
    assert profile["okta"]["app_type"] == "saml"
    secret = json.loads((tmp_path / "keyring.json").read_text())["ngrok-scim default/scim"]
    assert secret.startswith(key.removeprefix("ak_"))
    assert secret.partition("_")[2] not in text


def test_the_existing_service_user_is_taken(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    for profile in ("one", "two"):
        ran = ngrok_scim("setup", *READY, "--profile", profile, environment=admin)
        assert ran.status == 0
    assert len(account.account.service_users) == 1


def test_an_oidc_app_cannot_have_scim(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    arguments = ("setup", "--no-input", "--okta-app-type", "oidc", "--format", "json")
    ran = ngrok_scim(*arguments, environment=admin)
    document = json.loads(ran.out)
    assert ran.status == 1
    assert document["findings"][0]["code"] == "OKT904"
    assert any("second app" in line for line in document["remaining"])


def test_without_an_admin_key_it_says_what_is_missing(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    del admin["NGROK_API_KEY"]
    ran = ngrok_scim("setup", *READY, "--format", "json", environment=admin)
    assert steps(ran)["api-key"] == "todo"
    assert "NGROK_API_KEY" in ran.out


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("not-an-admin", "NGR710"),
        ("no-service-users-on-plan", "NGR707"),
        ("key-limit", "NGR715"),
        ("admin-key-revoked", "NGR714"),
    ],
)
def test_what_ngrok_refuses_is_named(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str], fault: str, code: str
) -> None:
    account.set_faults([fault])
    ran = ngrok_scim("setup", *READY, "--format", "json", environment=admin)
    assert ran.status == 1
    assert code in [item["code"] for item in json.loads(ran.out)["findings"]]
    assert steps(ran)["api-key"] == "failed"


def test_a_keyring_that_refuses_stops_before_a_key_is_made(
    ngrok_scim: CommandLine,
    account: Sandbox,
    admin: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.support.keyring_backends.RefusingKeyring")
    ran = ngrok_scim("setup", *READY, environment=admin)
    assert ran.status == 3
    assert "NGROK_SCIM_API_KEY" in ran.err
    assert keys_of(account) == []


def test_without_a_keyring_and_an_admin_key_it_does_the_rest_and_says_what_is_missing(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    admin |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "NGROK_API_KEY": ""}
    ran = ngrok_scim("setup", *READY, "--format", "json", environment=admin)
    assert ran.status == 0, ran.err
    assert steps(ran) == {
        "prerequisites": "waiting",
        "api-key": "todo",
        "domain": "waiting",
        "okta-values": "todo",
        "test-connect": "todo",
        "to-app": "todo",
        "first-person": "todo",
    }


def test_the_status_asks_nothing_and_does_nothing(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    before = ngrok_scim("setup", "--status", "--format", "json", environment=admin)
    assert set(steps(before).values()) == {"todo"}
    ngrok_scim("setup", *READY, environment=admin)
    after = ngrok_scim("setup", "--status", "--format", "json", environment=admin)
    assert steps(after)["test-connect"] == "done"


def test_a_step_can_be_done_again(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    ran = ngrok_scim(
        "setup", *READY, "--from", "test-connect", "--format", "json", environment=admin
    )
    assert steps(ran)["test-connect"] == "done"


def test_the_sandbox_leaves_keyring_and_profile_alone(
    ngrok_scim: CommandLine, tmp_path: Path, admin: dict[str, str]
) -> None:
    ran = ngrok_scim("setup", "--sandbox", *READY, environment=admin)
    assert ran.status == 0
    assert "Next  This was a trial run, and nothing of it is kept." in ran.out
    assert not (tmp_path / "keyring.json").exists()
    assert not (tmp_path / "home").exists()


def test_what_a_failed_trial_advises_stays_in_the_sandbox(
    ngrok_scim: CommandLine, admin: dict[str, str]
) -> None:
    fault = "--sandbox --fault not-an-admin"
    ran = ngrok_scim("setup", *fault.split(), *READY, environment=admin)
    assert ran.status == 1
    assert f"run `ngrok-scim setup {fault}` again." in " ".join(ran.out.split())
    assert "`ngrok-scim setup`" not in ran.out


def test_a_dry_run_names_the_requests_that_a_run_makes(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ran = ngrok_scim("setup", *READY, "--dry-run", "--format", "json", environment=admin)
    planned = json.loads(ran.out)["requests"]
    assert ran.status == 0
    root = admin["NGROK_API_BASE_URL"]
    assert [(item["method"], item["url"]) for item in planned] == [
        ("GET", f"{root}/service_users"),
        ("POST", f"{root}/service_users"),
        ("POST", f"{root}/api_keys"),
        ("GET", f"{root}/scim/v2/Users?startIndex=1&count=2"),
    ]
    assert keys_of(account) == []
    assert account.account.service_users == {}


def test_a_dry_run_leaves_no_profile(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str], tmp_path: Path
) -> None:
    ran = ngrok_scim("setup", *READY, "--dry-run", environment=admin)
    assert f"POST {admin['NGROK_API_BASE_URL']}/api_keys" in ran.out
    assert not (tmp_path / "home").exists()


def test_a_dry_run_after_the_setup_only_tests(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    ran = ngrok_scim("setup", *READY, "--dry-run", environment=admin)
    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == ["GET"]


def test_an_empty_key_is_tested_as_any_other_that_is_given(
    ngrok_scim: CommandLine, admin: dict[str, str]
) -> None:
    ran = ngrok_scim("setup", *READY, "--api-key-file", "-", environment=admin)
    assert ran.status == 1
    assert "KEY209  There is no key" in ran.out


def test_the_key_may_be_given_in_a_file(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str], tmp_path: Path
) -> None:
    owner = account.account.add_service_user("By hand")
    file = tmp_path / "key"
    file.write_text(account.account.add_key(owner.id, "by hand", "").token)
    file.chmod(0o600)
    ran = ngrok_scim(
        "setup", *READY, "--api-key-file", str(file), "--format", "json", environment=admin
    )
    assert ran.status == 0
    assert keys_of(account) == []
    assert f"from --api-key-file {file}" in ran.out
    assert json.loads(ran.out)["okta"]["accepts"] is True


def test_the_status_names_the_steps_that_wait_for_people(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    ran = ngrok_scim("setup", "--status", "--format", "json", environment=admin)
    assert steps(ran) == {
        "prerequisites": "waiting",
        "api-key": "done",
        "domain": "waiting",
        "okta-values": "waiting",
        "test-connect": "done",
        "to-app": "todo",
        "first-person": "todo",
    }


def test_while_a_key_is_replaced_the_new_one_goes_into_okta(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    (old,) = keys_of(account)
    ngrok_scim("api-key", "rotate", environment=admin)
    del account.account.keys[old]
    ran = ngrok_scim("setup", *READY, "--format", "json", environment=admin)
    assert (ran.status, steps(ran)["test-connect"]) == (0, "done")


def test_the_agents_token_in_the_environment_fails_no_setup_that_has_a_key(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    del admin["NGROK_API_KEY"]
    admin["NGROK_AUTHTOKEN"] = "2aBcDeFgHiJkLmNoPqRsTuVwXyZ_0123456789abcdefghijk"
    ran = ngrok_scim("setup", *READY, "--format", "json", environment=admin)
    assert (ran.status, steps(ran)["test-connect"]) == (0, "done")
    assert "ENV006" not in ran.out


def test_the_agents_token_alone_is_said_to_be_no_key_and_the_rest_goes_on(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    del admin["NGROK_API_KEY"]
    admin["NGROK_AUTHTOKEN"] = "2aBcDeFgHiJkLmNoPqRsTuVwXyZ_0123456789abcdefghijk"
    ran = ngrok_scim("setup", *READY, environment=admin)
    assert (ran.status, "Warning ENV006" in ran.out) == (0, True)


def waiting(ran: Ran) -> dict[str, str | None]:
    return {step["name"]: step["waiting_for"] for step in json.loads(ran.out)["steps"]}


def test_it_names_whom_each_step_waits_for(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    ran = ngrok_scim("setup", "--status", "--format", "json", environment=admin)
    assert waiting(ran) == {
        "prerequisites": "you",
        "api-key": None,
        "domain": "you",
        "okta-values": "okta-admin",
        "test-connect": None,
        "to-app": None,
        "first-person": None,
    }


def test_it_is_not_finished_until_the_last_step_is_done(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ran = ngrok_scim("setup", *READY, environment=admin)
    assert ran.status == 0
    assert ran.out.startswith("NOT FINISHED  5 of 7 steps left. First: prerequisites.\n")
    assert ngrok_scim("setup", *READY, "--strict", environment=admin).status == 1
    for name in ("prerequisites", "domain", "okta-values", "to-app"):
        ran = ngrok_scim("setup", "--done", name, environment=admin)
        assert (ran.status, ran.out.startswith("NOT FINISHED")) == (0, True)
    ran = ngrok_scim("setup", "--done", "first-person", environment=admin)
    assert (ran.status, ran.out.startswith("PASS  The setup is done.")) == (0, True)
    assert "The admin key is not needed any more" in " ".join(ran.out.split())
    for again in ((), ("--status",)):
        ran = ngrok_scim("setup", "--no-input", *again, environment=admin)
        assert (ran.status, ran.out.startswith("PASS")) == (0, True)


@pytest.mark.parametrize("name", ["api-key", "test-connect"])
def test_what_is_proved_is_not_taken_on_a_word(
    ngrok_scim: CommandLine, admin: dict[str, str], name: str
) -> None:
    ran = ngrok_scim("setup", "--done", name, environment=admin)
    assert (ran.status, "is proved" in ran.err) == (2, True)


def test_a_second_domain_drops_no_first(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ngrok_scim("setup", *READY, environment=admin)
    ngrok_scim("setup", "--no-input", "--domain", "b.example", environment=admin)
    ran = ngrok_scim("domain", "list", "--format", "json", environment=admin)
    assert [item["name"] for item in json.loads(ran.out)["domains"]] == [
        "corp.example",
        "b.example",
    ]


def test_okta_and_ngrok_are_believed_where_they_tell(
    ngrok_scim: CommandLine, admin: dict[str, str]
) -> None:
    with open_sandbox() as sandbox:
        admin |= environment_of(sandbox)
        ran = ngrok_scim("setup", *READY, "--format", "json", environment=admin)
    document = {step["name"]: step for step in json.loads(ran.out)["steps"]}
    assert document["first-person"]["status"] == "done"
    assert "is in ngrok" in document["first-person"]["detail"]


def test_the_wizard_and_the_app_type_are_remembered(
    ngrok_scim: CommandLine, account: Sandbox, admin: dict[str, str]
) -> None:
    ran = ngrok_scim(
        *("setup", "--no-input", "--okta-wizard", "oiw", "--okta-app-type", "oidc"),
        *("--format", "json"),
        environment=admin,
    )
    assert ran.status == 0
    assert "OKT904" not in ran.out
    assert "Test API Credentials" in ngrok_scim("okta-values", "--format", "json").out


def test_the_integration_wizard_makes_no_swa_app(
    ngrok_scim: CommandLine, admin: dict[str, str]
) -> None:
    ran = ngrok_scim(
        "setup", "--no-input", "--okta-wizard", "oiw", "--okta-app-type", "swa", environment=admin
    )
    assert ran.status == 2
