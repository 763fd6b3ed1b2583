from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Result, Step, StepStatus, Verdict
from ngrok_scim_cli.report import Format, render
from ngrok_scim_cli.report.wording import in_place, result_in_place
from tests.report.results import DOMAIN_WAITS
from tests.support.cases import each_case


@each_case(
    ("text", "named"),
    [
        ("ngrok-scim setup", "ngrok-scim setup --profile acme"),
        ("Run `ngrok-scim setup` again.", "Run `ngrok-scim setup --profile acme` again."),
        (
            "ngrok-scim setup --from domain goes back",
            "ngrok-scim setup --profile acme --from domain goes back",
        ),
        ("ngrok-scim api-key store.", "ngrok-scim api-key store --profile acme."),
        (
            "Run `ngrok-scim api-key rotate --finish`; if not, `ngrok-scim test-connect`.",
            (
                "Run `ngrok-scim api-key rotate --profile acme --finish`; if not, "
                "`ngrok-scim test-connect --profile acme`."
            ),
        ),
        (
            "ngrok-scim domain approve corp.example",
            "ngrok-scim domain approve --profile acme corp.example",
        ),
    ],
)
def test_a_command_names_the_profile_and_no_more_than_once(text: str, named: str) -> None:
    assert in_place(text, "acme") == named
    assert in_place(named, "acme") == named
    wrapped = named.replace(" --profile", "\n    --profile")
    assert in_place(wrapped, "acme") == wrapped


@each_case(
    "text",
    [
        "ngrok-scim explain KEY202",
        "ngrok-scim sandbox --list-faults",
        "ngrok-scim --help",
        "ngrok-scim: Interrupted.",
        "Another ngrok-scim is changing the profile",
        "ngrok-scim setup-things",
        "An old ngrok-scim domain",
    ],
)
def test_what_works_on_no_profile_stays_as_it_is(text: str) -> None:
    assert in_place(text, "acme") == text


@pytest.mark.parametrize("profile", ["", "default"])
def test_the_default_profile_is_not_named(profile: str) -> None:
    assert in_place("ngrok-scim setup", profile) == "ngrok-scim setup"


@each_case(
    ("text", "named"),
    [
        ("`ngrok-scim doctor`", "`ngrok-scim doctor --sandbox --fault slow`"),
        (
            "ngrok-scim users trace a@corp.example",
            "ngrok-scim users trace --sandbox --fault slow a@corp.example",
        ),
        ("ngrok-scim okta-values --html FILE", "ngrok-scim okta-values --sandbox --html FILE"),
        ("ngrok-scim setup --sandbox", "ngrok-scim setup --sandbox"),
        ("ngrok-scim api-key show", "ngrok-scim api-key show"),
    ],
)
def test_a_command_works_in_the_same_sandbox(text: str, named: str) -> None:
    assert in_place(text, "default", ("slow",)) == named
    assert in_place(named, "default", ("slow",)) == named


def test_a_command_names_the_profile_of_a_sandbox() -> None:
    assert in_place("ngrok-scim doctor", "acme", ()) == "ngrok-scim doctor --sandbox --profile acme"


RESULT = Result(
    "setup",
    Verdict.WARN,
    findings=(replace(DOMAIN_WAITS, fix="Run `ngrok-scim domain list`."),),
    checks=(Check("a", "A", "B", CheckStatus.SKIP, "See: ngrok-scim doctor"),),
    steps=(Step("api-key", StepStatus.TODO, "To make one: ngrok-scim api-key create"),),
    remaining=("Copy the key: ngrok-scim api-key show --copy",),
)


def test_the_cause_of_a_finding_names_the_sandbox_and_the_profile() -> None:
    caused = replace(DOMAIN_WAITS, cause="`ngrok-scim users trace ada` shows it.")
    found = replace(RESULT, findings=(caused,), profile="acme", sandbox=())
    (item,) = result_in_place(found).findings
    assert item.cause == "`ngrok-scim users trace --sandbox --profile acme ada` shows it."


@pytest.mark.parametrize("format_", [Format.TEXT, Format.MARKDOWN, Format.JSON])
def test_each_text_of_a_result_names_the_profile_on_which_it_ran(format_: Format) -> None:
    words = ("domain list", "api-key create", "api-key show")
    commands = [f"ngrok-scim {word}" for word in words]
    plain = " ".join(render(RESULT, format_).split())
    named = " ".join(render(replace(RESULT, profile="acme"), format_).split())
    for command in commands:
        assert command in plain
        assert f"{command} --profile acme" in named
    assert "acme" not in plain
    if format_ is not Format.JSON:
        assert "run `ngrok-scim setup --profile acme` again" in named
