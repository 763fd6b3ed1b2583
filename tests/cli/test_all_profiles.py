"""`doctor --all-profiles`, against the endpoint of the sandbox."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from ngrok_scim_cli.sandbox.server import Sandbox
from ngrok_scim_cli.settings.profile import Key, Okta, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from tests.support.command_line import CommandLine
from tests.support.keyring_backends import FILE

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "result.schema.json").read_text("utf-8"))
OF_PROFILES = json.loads((DOCS / "profiles.schema.json").read_text("utf-8"))
KEY_ID = "ak_2AbCdEfGhIjKlMnOpQrStUvWxYz"
FAST = ("doctor", "--all-profiles", "--only", "This machine", "--only", "Network")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> ProfileStore:
    """Two profiles: the key of one works, the other's address leads nowhere."""
    keyring = tmp_path / "keyring.json"
    key = sandbox.values.scim_key
    entries = {f"ngrok-scim {name}/scim": key for name in ("good", "lost")}
    keyring.write_text(json.dumps(entries), encoding="utf-8")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.support.keyring_backends.FileBackedKeyring")
    monkeypatch.setenv(FILE, str(keyring))
    monkeypatch.setenv("NGROK_SCIM_HOME", str(tmp_path / "own"))
    profiles = ProfileStore(tmp_path / "own" / "profiles")
    good = Profile("good", key=Key(KEY_ID), base_url=sandbox.values.scim_base_url)
    profiles.save(good)
    profiles.save(replace(good, name="lost", base_url="http://127.0.0.1:1/scim/v2/"))
    return profiles


def test_each_profile_is_judged_by_its_own_values(
    ngrok_scim: CommandLine, store: ProfileStore
) -> None:
    ran = ngrok_scim(*FAST, "--format", "json")
    document = json.loads(ran.out)
    assert document.keys() == OF_PROFILES["properties"].keys()
    for report in document["profiles"]:
        Draft202012Validator(SCHEMA).validate(report)
    good, lost = document["profiles"]
    assert (good["profile"], good["verdict"]) == ("good", "pass")
    assert (lost["profile"], lost["verdict"]) == ("lost", "fail")
    assert good["tested"]["base_url"] != lost["tested"]["base_url"]
    assert ran.status == 1


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_people_read_the_end_of_each_profile_first(
    ngrok_scim: CommandLine, store: ProfileStore, form: str
) -> None:
    out = ngrok_scim(*FAST, "--format", form).out
    assert "FAIL" in out.splitlines()[0]
    assert "2 profiles: 1 FAIL, 1 PASS." in out
    assert out.index("Profile") < out.rindex("This machine")


def test_a_command_that_is_advised_names_its_profile(
    ngrok_scim: CommandLine, store: ProfileStore
) -> None:
    for name in store.names():
        store.save(replace(store.load(name), okta=Okta(org_url="https://x.okta.com")))
    out = " ".join(ngrok_scim("doctor", "--all-profiles", "--only", "OKT").out.split())
    assert "ngrok-scim doctor --profile good --save-okta" in out
    assert "ngrok-scim doctor --profile lost --save-okta" in out


def test_programs_find_each_profile_in_one_document(
    ngrok_scim: CommandLine, store: ProfileStore, tmp_path: Path
) -> None:
    sarif, junit, bundle = (tmp_path / name for name in ("sarif", "junit", "bundle"))
    formats = ("--format", "sarif", "--output", str(sarif), "--format", "junit")
    ngrok_scim(*FAST, *formats, "--output", str(junit), "--report", str(bundle))
    runs = json.loads(sarif.read_text("utf-8"))["runs"]
    assert [run["properties"]["profile"] for run in runs] == ["good", "lost"]
    suites = [suite.attrib["name"] for suite in ET.parse(junit).getroot()]  # noqa: S314 - written by us
    assert {name.partition(":")[0] for name in suites} == {"good", "lost"}
    assert len(json.loads(bundle.read_text("utf-8"))["result"]["profiles"]) == 2


@pytest.mark.parametrize(
    ("arguments", "variable"),
    [
        (("--base-url", "https://x.example/"), ""),
        (("--api-key-file", "-"), ""),
        (("--admin-key-file", "-"), ""),
        (("--okta-org-url", "https://x.okta.com"), ""),
        (("--okta-app", "ngrok"), ""),
        (("--profile", "good"), ""),
        (("--sandbox",), ""),
        (("--metrics", "x.prom"), ""),
        ((), "NGROK_SCIM_API_KEY"),
        ((), "NGROK_SCIM_BASE_URL"),
        ((), "NGROK_API_KEY"),
        ((), "OKTA_CLIENT_ORGURL"),
        ((), "OKTA_CLIENT_TOKEN"),
    ],
)
def test_what_would_judge_all_by_one_value_is_refused(
    ngrok_scim: CommandLine, store: ProfileStore, arguments: tuple[str, ...], variable: str
) -> None:
    environment = {variable: "https://given.example/"} if variable else {}
    ran = ngrok_scim("doctor", "--all-profiles", *arguments, environment=environment)
    assert (ran.status, ran.out) == (2, "")
    assert (variable or arguments[0]) in ran.err


def test_a_key_that_belongs_to_no_profile_is_not_used(
    ngrok_scim: CommandLine, store: ProfileStore, tmp_path: Path
) -> None:
    config = tmp_path / "config" / "ngrok" / "ngrok.yml"
    config.parent.mkdir(parents=True)
    config.write_text("version: 3\nagent:\n  api_key: someone_elses_key\n", encoding="utf-8")
    ran = ngrok_scim("doctor", "--all-profiles", "--only", "admin-key", "--format", "json")
    checks = [check for report in json.loads(ran.out)["profiles"] for check in report["checks"]]
    assert [check["status"] for check in checks] == ["skip", "skip"]


def test_a_broken_profile_is_a_result_beside_the_others(
    ngrok_scim: CommandLine, store: ProfileStore
) -> None:
    store.path("lost").write_text("base_url = [", encoding="utf-8")
    ran = ngrok_scim(*FAST, "--format", "json")
    good, lost = json.loads(ran.out)["profiles"]
    assert (good["verdict"], [item["code"] for item in lost["findings"]][:1]) == (
        "pass",
        ["ENV008"],
    )


def test_verbose_shows_where_a_crash_is(
    ngrok_scim: CommandLine, store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash_in_a_profile(*arguments: object, **named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("ngrok_scim_cli.cli.commands.doctor.examine", crash_in_a_profile)
    ran = ngrok_scim(*FAST, "--verbose")
    assert ran.status == 70
    assert "in crash_in_a_profile" in ran.err


def test_a_machine_without_profiles_says_how_to_begin(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("doctor", "--all-profiles")
    assert (ran.status, "ngrok-scim setup" in ran.err) == (2, True)
