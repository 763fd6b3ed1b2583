import json
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

TEST = ("test-connect", "--sandbox")


def test_each_format_goes_to_its_output_and_the_last_to_the_screen(
    ngrok_scim: CommandLine, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.xml"
    ran = ngrok_scim(
        *TEST,
        *("--format", "json", "--output", str(first)),
        *("--format", "junit", "--output", str(second)),
        *("--format", "markdown"),
    )
    assert ran.status == 0
    assert json.loads(first.read_text(encoding="utf-8"))["verdict"] == "pass"
    assert "<testsuites " in second.read_text(encoding="utf-8")
    assert ran.out.startswith("## PASS")


def test_a_hyphen_is_standard_output(ngrok_scim: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "a.sarif"
    outputs = ("--output", "-", "--output", str(file))
    ran = ngrok_scim(*TEST, "--format", "json", "--format", "sarif", *outputs)
    assert json.loads(ran.out)["command"] == "test-connect"
    assert json.loads(file.read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "json", "--format", "text"), "does not fit the number of outputs (0)"),
        (("--output", "a", "--output", "b"), "does not fit the number of outputs (2)"),
        (("--format", "json", "--format", "text", "--output", "-"), "the same output"),
        (
            ("--format", "json", "--output", "a", "--format", "text", "--output", "./a"),
            "the same output",
        ),
        (("--output", "a", "--report", "a"), "--output and --report name the same file"),
    ],
)
def test_outputs_that_do_not_match_are_refused_before_any_work(
    ngrok_scim: CommandLine,
    arguments: tuple[str, ...],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = ngrok_scim(*TEST, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert list(tmp_path.glob("a*")) == []


def test_a_result_says_when_and_what_was_tested(ngrok_scim: CommandLine) -> None:
    document = json.loads(ngrok_scim(*TEST, "--format", "json").out)
    assert document["profile"] == "default"
    assert document["started_at"].endswith("Z")
    tested = document["tested"]
    assert tested["base_url"].startswith("http://127.0.0.1:")
    assert tested["key_id"].startswith("ak_")
    assert tested["key_source"] == "sandbox"


@pytest.mark.parametrize("source", ["option", "environment"])
def test_a_result_says_where_the_key_came_from(
    ngrok_scim: CommandLine, source: str, tmp_path: Path
) -> None:
    key = "2AbCdEfGhIjKlMnOpQrStUvWxYz_3aBcDeFgHiJkLmNoPqRsT"
    file = tmp_path / "key"
    file.write_text(key, encoding="utf-8")
    arguments = ("--api-key-file", str(file)) if source == "option" else ()
    environment = {} if source == "option" else {"NGROK_SCIM_API_KEY": key}
    ran = ngrok_scim(
        *("test-connect", "--base-url", "https://user:pass@127.0.0.1:1/", "--format", "json"),
        *arguments,
        environment=environment,
    )
    tested = json.loads(ran.out)["tested"]
    assert (tested["key_source"], "pass@" in tested["base_url"]) == (source, False)


def test_what_tests_nothing_names_no_profile_and_no_key(ngrok_scim: CommandLine) -> None:
    document = json.loads(ngrok_scim("explain", "KEY202", "--format", "json").out)
    assert (document["profile"], document["tested"]) == (None, None)
