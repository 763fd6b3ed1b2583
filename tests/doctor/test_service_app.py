"""Okta read by a service app, against the sandbox."""

from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.finding import CheckStatus, Verdict
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.access import NO_OAUTH, OktaSide, open_okta
from ngrok_scim_cli.doctor.run import PLANS
from ngrok_scim_cli.doctor.trace import trace_person
from ngrok_scim_cli.sandbox.okta_oauth import CLIENT_ID
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import SecretStore
from ngrok_scim_cli.settings.sources import Settings
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.okta_scopes import APPS, LOGS, MAPPINGS, USERS
from tests.doctor.harness import Harness, made_of

SCOPES = (APPS, LOGS, MAPPINGS, USERS)
OF_OKTA = [plan for plan in PLANS if plan.scopes]
WITH_SCOPES = {plan.code: plan.scopes for plan in OF_OKTA}


def opened(
    harness: Harness, folder: Path, wire: Wire, scopes: tuple[str, ...] = (), **changes: str
) -> OktaSide:
    environment = {
        "HOME": str(folder),
        "OKTA_CLIENT_ORGURL": harness.sandbox.values.okta_org_url,
        "OKTA_CLIENT_AUTHORIZATIONMODE": "PrivateKey",
        "OKTA_CLIENT_CLIENTID": CLIENT_ID,
        "OKTA_CLIENT_PRIVATEKEY": harness.sandbox.service_app.private_key,
        "OKTA_CLIENT_SCOPES": " ".join(scopes),
    } | changes
    settings = Settings(
        environment=environment,
        profiles=ProfileStore(folder / "profiles"),
        secrets=SecretStore,
        profile_name="default",
    )
    return open_okta(
        settings,
        org_url=None,
        token="",
        allowed_hosts=(),
        open_wire=lambda _: wire,
    )


def statuses(
    harness: Harness, folder: Path, *faults: str, scopes: tuple[str, ...] = (), **changes: str
) -> tuple[dict[str, tuple[CheckStatus, str]], set[str]]:
    """Return how each check that asks Okta ended, why, and all codes."""
    with Wire(known_hosts=()) as wire:
        side = opened(harness, folder, wire, scopes, **changes)
        profile = Profile("default", domains=(Domain("corp.example "),))
        ended = made_of(OF_OKTA, harness.evidence(*faults, okta=side, profile=profile))
    return (
        {code: (check.status, check.reason) for code, check in ended.items()},
        {item.code for check in ended.values() for item in check.findings},
    )


def test_a_service_app_with_all_scopes_reads_everything(harness: Harness, tmp_path: Path) -> None:
    checks, _ = statuses(harness, tmp_path, scopes=SCOPES)
    assert {code for code, (status, _) in checks.items() if status is CheckStatus.SKIP} == set()


@pytest.mark.no_cover
@pytest.mark.parametrize("missing", [LOGS, MAPPINGS, USERS])
@pytest.mark.parametrize("where", ["not listed", "not granted"])
def test_a_missing_scope_skips_the_checks_that_need_it_and_is_named(
    harness: Harness, tmp_path: Path, missing: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes = tuple(scope for scope in SCOPES if scope != missing)
    if where == "not granted":
        harness.sandbox.set_faults([])
        monkeypatch.setattr(harness.sandbox.org, "granted_scopes", scopes)
    checks, codes = statuses(harness, tmp_path, scopes=scopes if where == "not listed" else ())
    skipped = {code: why for code, (status, why) in checks.items() if status is CheckStatus.SKIP}
    assert set(skipped) == {code for code, needs in WITH_SCOPES.items() if missing in needs}
    assert all(f"`{missing}`" in why for why in skipped.values())
    assert "OKT902" not in codes


@pytest.mark.parametrize("where", ["not listed", "not granted"])
def test_a_trace_without_the_scope_for_people_names_it_and_goes_on(
    harness: Harness, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes = tuple(scope for scope in SCOPES if scope != USERS)
    if where == "not granted":
        harness.sandbox.set_faults([])
        monkeypatch.setattr(harness.sandbox.org, "granted_scopes", scopes)
    with Wire(known_hosts=()) as wire:
        side = opened(harness, tmp_path, wire, scopes if where == "not listed" else ())
        result = trace_person(harness.evidence(okta=side), "ada.abara@corp.example")
    assert result.payload.summary.endswith("Could not verify whether the person is active in Okta.")
    (unread,) = (check for check in result.checks if check.grant)
    assert f"`{USERS}`" in unread.reason
    assert result.verdict is Verdict.INCOMPLETE


def test_without_the_apps_scope_the_checks_are_unknown_and_name_it(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.sandbox.set_faults([])
    monkeypatch.setattr(harness.sandbox.org, "granted_scopes", (LOGS, USERS))
    checks, codes = statuses(harness, tmp_path)
    assert checks["okta-token"][0] is CheckStatus.FAIL
    assert codes >= {"OKT902"}
    # The log needs no more than the id of the app, which is given here.
    passed = {code for code, (status, _) in checks.items() if status is CheckStatus.PASS}
    assert passed == {"okta-sign-in", "okta-failures"}


def test_the_fault_of_the_sandbox_costs_the_log_alone(harness: Harness, tmp_path: Path) -> None:
    checks, codes = statuses(harness, tmp_path, "okta-scope-not-granted")
    assert {code for code, (status, _) in checks.items() if status is CheckStatus.SKIP} == {
        "okta-sign-in",
        "okta-failures",
    }
    assert "OKT902" not in codes


def test_a_token_that_may_not_read_the_log_costs_the_log_alone(harness: Harness) -> None:
    ended = made_of(OF_OKTA, harness.evidence("okta-token-without-log"))
    assert ended["okta-failures"].status is CheckStatus.SKIP
    assert "Read-only Administrator" in ended["okta-failures"].reason
    assert all("OKT902" not in check.codes for check in ended.values())


def test_another_client_is_refused_by_okta(harness: Harness, tmp_path: Path) -> None:
    checks, codes = statuses(harness, tmp_path, OKTA_CLIENT_CLIENTID="0oaother")
    assert checks["okta-token"][0] is CheckStatus.FAIL
    assert "OKT902" in codes


def test_a_key_that_cannot_sign_is_reported_before_anything_is_sent(
    harness: Harness, tmp_path: Path
) -> None:
    with Wire(known_hosts=()) as wire:
        side = opened(harness, tmp_path, wire, OKTA_CLIENT_PRIVATEKEY='{"kty": "RSA"}')
    assert isinstance(side.api, Unknown)
    assert [item.code for item in side.api.findings] == ["OKT902"]
    assert "OKTA_CLIENT_PRIVATEKEY" in side.api.findings[0].fix


def test_without_the_extra_one_line_says_how_to_get_it(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jwt", None)
    with Wire(known_hosts=()) as wire:
        side = opened(harness, tmp_path, wire)
    assert isinstance(side.api, Unknown)
    assert side.api.reason == NO_OAUTH
    assert "pip install 'ngrok-scim-cli[okta-oauth]'" in NO_OAUTH
