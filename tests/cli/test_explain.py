import json

import pytest

from tests.support.command_line import CommandLine


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("KEY202",), "whitespace"),
        (("key202",), "KEY202"),
        (("ERR_NGROK_206",), "authtoken"),
        (("Error", "authenticating:", "null"), "1."),
        (("matching user not found",), "Create Users"),
    ],
)
def test_explain_prints_cause_and_fix(
    ngrok_scim: CommandLine, words: tuple[str, ...], said: str
) -> None:
    ran = ngrok_scim("explain", *words)
    assert (ran.status, ran.err) == (0, "")
    assert said in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 100


def test_json_is_one_object(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("explain", "KEY202", "--format", "json")
    document = json.loads(ran.out)
    assert document["explanation"]["what"] == "KEY202"
    assert document["explanation"]["causes"][0]["fix"]


def test_a_near_miss_suggests_the_nearest(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("explain", "KEI202")
    assert ran.status == 2
    assert "KEY202" in ran.err


def test_what_is_not_known_is_json_too(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("explain", "KEY299", "--format", "json")
    assert ran.status == 2
    assert json.loads(ran.out)["explanation"] is None


def test_a_message_is_read_from_standard_input(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("explain", "-", stdin=b"Error authenticating: Unauthorized.\n")
    assert (ran.status, ran.err) == (0, "")
    assert "401" in ran.out


def test_what_is_not_known_leads_to_a_command_that_is_there(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("explain", "my cat sat on the keyboard")
    assert ran.status == 2
    assert "ngrok-scim doctor --list-checks" in ran.err
    assert "docs/" not in ran.err
