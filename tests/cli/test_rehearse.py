"""`ngrok-scim rehearse` at the command line: what it asks, what it writes, and how it ends."""

import json
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.rehearsal.reply import STEPS
from ngrok_scim_cli.errors import CannotTell
from ngrok_scim_cli.rehearsal.plan import is_throw_away
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.message import RequestLine
from ngrok_scim_cli.settings.profile_store import ProfileStore
from tests.support.admin import Admin
from tests.support.command_line import CommandLine
from tests.support.environment import environment_of


@pytest.mark.parametrize("dialect", ["put", "patch"])
def test_the_life_passes_on_the_sandbox(ngrok_scim: CommandLine, dialect: str) -> None:
    ran = ngrok_scim("rehearse", "--sandbox", "--dialect", dialect, "--format", "json")
    rehearsal = json.loads(ran.out)["rehearsal"]
    assert ran.status == 0
    assert [step["name"] for step in rehearsal["steps"]] == list(STEPS)
    assert (rehearsal["dialect"], rehearsal["user"]["left"]) == (dialect, "deactivated")


@pytest.mark.parametrize(
    ("more", "done"), [((), "created and deactivated"), (("--clean-up",), "users are deactivated")]
)
def test_without_a_terminal_nothing_is_written_unasked(
    ngrok_scim: CommandLine, tmp_path: Path, more: tuple[str, ...], done: str
) -> None:
    with open_sandbox() as sandbox:
        values = {"NGROK_SCIM_HOME": str(tmp_path), **environment_of(sandbox, "scim")}
        ran = ngrok_scim("rehearse", "--domain", "corp.example", *more, environment=values)
        assert (ran.status, ran.out) == (2, "")
        assert f"{done}; add --yes" in ran.err
        assert not any(is_throw_away(u.person.user_name) for u in sandbox.directory.everybody())


def test_a_domain_is_needed(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("rehearse", environment={"NGROK_SCIM_API_KEY": "x"})
    assert ran.status == 2
    assert "--domain" in ran.err


def test_nobody_is_created_at_a_domain_that_is_none_or_belongs_to_all(
    ngrok_scim: CommandLine,
) -> None:
    for domain, code in (
        ("bad domain", "DOM804"),
        ("gmail.com", "DOM803"),
        ("a@b.example", "DOM805"),
    ):
        ran = ngrok_scim("rehearse", "--sandbox", "--domain", domain, "--format", "json")
        document = json.loads(ran.out)
        assert (ran.status, document["exchanges"]) == (1, [])
        assert code in [item["code"] for item in document["findings"]]


def test_a_clean_up_without_an_earlier_rehearsal_claims_nothing(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("rehearse", "--sandbox", "--clean-up")
    assert ran.status == 0
    assert "nothing to clean up" in ran.out


def test_ways_that_exclude_each_other_are_refused(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("rehearse", "--sandbox", "--read-only", "--okta-spec")
    assert ran.status == 2
    assert "cannot be combined" in ran.err


def test_without_users_the_reading_steps_verify_nothing_of_a_user(ngrok_scim: CommandLine) -> None:
    arguments = ("rehearse", "--sandbox", "--read-only", "--fault", "empty-list")
    ran = ngrok_scim(*arguments, "--format", "json")
    document = json.loads(ran.out)
    steps = {step["name"]: step["status"] for step in document["rehearsal"]["steps"]}
    assert (ran.status, document["findings"]) == (3, [])
    assert (steps["look-up"], steps["read"], steps["import-pages"]) == ("skip", "skip", "pass")


def test_values_that_the_connector_test_refuses_are_not_rehearsed(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("rehearse", "--sandbox", "--fault", "key-refused", "--format", "json")
    document = json.loads(ran.out)
    assert ran.status == 1
    assert document["findings"][0]["code"] == "KEY214"
    assert all(exchange["method"] == "GET" for exchange in document["exchanges"])


def test_what_a_killed_rehearsal_left_is_cleaned_up(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    """The profile names the users before the first request, so the next run finds them."""
    with open_sandbox() as sandbox:
        values = {"NGROK_SCIM_HOME": str(tmp_path), **environment_of(sandbox, "scim")}
        with open_sandbox(faults=["deactivation-refused"]) as broken:
            there = environment_of(broken, "scim")
            ran = ngrok_scim(
                "rehearse", "--yes", "--domain", "corp.example", environment=values | there
            )
            assert ran.status == 1
            assert "REH015" in ran.out
            elsewhere = ngrok_scim("rehearse", "--clean-up", "--yes", environment=values)
            assert elsewhere.status == 3
        kept = ProfileStore(tmp_path / "profiles").load("default").rehearsal
        assert kept is not None
        assert all(map(is_throw_away, kept.user_names))


def test_others_change_the_profile_while_a_rehearsal_waits(tmp_path: Path) -> None:
    ids: list[int] = []

    def meanwhile(request: RequestLine) -> None:
        if request.method != "POST":
            return
        kept = admin.profile().rehearsal
        ids.append(len(kept.ids) if kept else -1)
        domain = f"other-{len(ids)}.example"
        assert admin.run("domain", "add", domain).returncode == 0
        with (
            pytest.raises(CannotTell, match="is rehearsing with the profile"),
            admin.profiles.rehearsing("default"),
        ):
            ids.clear()

    with open_sandbox(on_request=meanwhile) as sandbox:
        admin = Admin(sandbox, tmp_path)
        ran = admin.run("rehearse", "--yes", "--domain", "corp.example")

    assert ran.returncode == 0
    assert ids == [0, 1, 1]  # create, second create, and one with a plus sign
    profile = admin.profile()
    assert len(profile.domains) == len(ids)
    assert profile.rehearsal is None


def test_each_reason_why_nothing_is_previewed_is_given_once(ngrok_scim: CommandLine) -> None:
    """What is next names the first of them, so none may be left out."""
    ran = ngrok_scim("preview")
    assert ran.status == 3
    assert ran.out.count("No SCIM API key was given") == 1
    assert ran.out.count("There is no Okta org") == 1
