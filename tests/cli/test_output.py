"""Whatever way a text leaves, a secret that was learned does not leave with it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ngrok_scim_cli.cli.runtime import ending
from ngrok_scim_cli.cli.runtime.options import Options
from ngrok_scim_cli.cli.runtime.output import print_error, print_stderr, print_stdout
from ngrok_scim_cli.cli.runtime.session import refuse_secret
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Payload, Result, Verdict
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.redact import HIDDEN, redactor
from ngrok_scim_cli.report import Format
from tests.support.cases import each_case

# Of a shape that nothing but having learned it gives away.
SECRET = "Zaunkoenig Rotkehlchen 17"
RESULT = Result(
    "doctor",
    Verdict.PASS,
    checks=(Check("a", f"With {SECRET}", "Here", CheckStatus.PASS, f"Saw {SECRET}"),),
)


@pytest.fixture(autouse=True)
def learned() -> None:
    redactor.learn(SECRET)


@pytest.mark.parametrize(
    "leave",
    [print_stderr, print_stdout, print_error, lambda text: print_error("This is wrong.", text)],
)
def test_a_line_to_the_screen_is_redacted(
    leave: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    leave(f"The key is {SECRET}.")
    shown = "".join(capsys.readouterr())
    assert f"The key is {HIDDEN}." in shown


def test_each_line_of_an_advice_is_a_line_of_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("No terminal.", "Old key: ak_1\nNew key: ak_2")
    assert capsys.readouterr().err == "ngrok-scim: No terminal.\nOld key: ak_1\nNew key: ak_2\n"


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("to_file", [False, True])
def test_a_result_is_redacted_in_every_format(
    format_: Format, to_file: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "result"
    options = Options(format_=[format_], output=[path] if to_file else None, verbose=True)
    ending.show(RESULT, options)
    shown = path.read_text("utf-8") if to_file else capsys.readouterr().out
    assert shown
    assert not any(word in shown for word in SECRET.split()[:2])


class People(list[str]):
    """What must not be walked through."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("The people were read.")


@pytest.mark.parametrize("format_", [item for item in Format if item is not Format.JSON])
def test_only_json_reads_the_fields_of_a_payload(format_: Format) -> None:
    payload = Payload({"people": People()})
    ending.show(replace(RESULT, payload=payload), Options(format_=[format_]))


@each_case(
    ("verdict", "strict", "status"),
    [
        (Verdict.PASS, True, 0),
        (Verdict.WARN, False, 0),
        (Verdict.WARN, True, 1),
        (Verdict.FAIL, False, 1),
        (Verdict.INCOMPLETE, False, 3),
        (Verdict.INCOMPLETE, True, 3),
    ],
)
def test_the_verdict_is_the_exit_status(verdict: Verdict, strict: bool, status: int) -> None:
    assert ending.exit_status(verdict, strict=strict) == status


@pytest.mark.parametrize("text", [SECRET, f"for {SECRET}", "2aBcDeFgHiJkLmNoPqRsT_1aBcDeFgHiJkLmN"])
def test_a_credential_is_refused_where_it_would_be_written_down(text: str) -> None:
    with pytest.raises(UsageError, match="--txt"):
        refuse_secret("--txt", text)


@pytest.mark.parametrize("text", [None, "", "Okta SCIM Bot"])
def test_an_argument_that_is_no_secret_is_accepted(text: str | None) -> None:
    refuse_secret("--txt", text)
