import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import (
    Check,
    CheckStatus,
    Repair,
    Result,
    Step,
    StepStatus,
    Verdict,
)
from ngrok_scim_cli.form import OKTA_LABELS, Form
from ngrok_scim_cli.report import Style
from ngrok_scim_cli.report.printable import display_width
from ngrok_scim_cli.report.text import render_text
from ngrok_scim_cli.report.wording import verdict_word
from ngrok_scim_cli.wire.exchange import Exchange
from tests.report.results import (
    DOCTOR,
    FAIL,
    FORBIDDEN,
    HOSTILE,
    INCOMPLETE,
    KEY_REFUSED,
    PASS,
    REPAIRED,
    RESULTS,
    SETUP,
    TAIL,
    WARN,
)
from tests.report.strategies import results
from tests.support.cases import each_case

PLAIN = Style()
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
# Too wide to have its text beside it, and with a blank at its end.
WIDE_LABEL = replace(
    PASS, exchanges=(Exchange(f"{'a' * 24}{chr(31) * 6} ", "GET", "https://api.ngrok.com/"),)
)


@given(result=results, width=st.integers(1, 200), unicode=st.booleans(), verbose=st.booleans())
def test_no_line_is_wider_than_asked_for(
    result: Result, width: int, unicode: bool, verbose: bool
) -> None:
    text = render_text(result, Style(width=width, unicode=unicode, verbose=verbose))

    assert max(map(display_width, text.splitlines())) <= max(40, min(width, 100))


@given(results)
def test_verdict_comes_first(result: Result) -> None:
    assert render_text(result, PLAIN).startswith(verdict_word(result))


@example(result=WIDE_LABEL, verbose=True)
@given(result=results, verbose=st.booleans())
def test_colour_changes_no_letter(result: Result, verbose: bool) -> None:
    coloured = render_text(result, Style(colour=True, verbose=verbose))

    without_rules = re.sub("^─+\n", "", ESCAPES.sub("", coloured), flags=re.MULTILINE)
    assert without_rules == render_text(result, Style(verbose=verbose))


@pytest.mark.parametrize(
    ("result", "start"),
    [
        (PASS, "\x1b[1;32mPASS\x1b[0m  "),
        (WARN, "\x1b[1;33mWARN\x1b[0m  "),
        (FAIL, "\x1b[1;31mFAIL\x1b[0m  "),
        (INCOMPLETE, "\x1b[1;33mINCOMPLETE\x1b[0m  "),
    ],
)
def test_verdict_has_its_colour(result: Result, start: str) -> None:
    assert render_text(result, Style(colour=True)).startswith(start)


def test_text_from_a_server_gets_no_colour_of_its_own() -> None:
    coloured = render_text(HOSTILE, Style(colour=True))

    ours = {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1m", "\x1b[2m", "\x1b[0m"}
    assert set(ESCAPES.findall(coloured)) <= ours


def test_what_is_pasted_has_a_style_that_nothing_else_has() -> None:
    coloured = render_text(REPAIRED, Style(colour=True))
    pasted = re.findall("\x1b\\[1;36m(.*?)\x1b", coloured)
    assert pasted == [
        "https://api.ngrok.com/scim/v2/",
        "email",
        "Push New Users, Push Profile Updates",
        "HTTP Header",
    ]


def test_a_run_that_passes_is_short() -> None:
    assert len(render_text(PASS, PLAIN).splitlines()) <= 10


def test_root_cause_stands_before_what_to_paste_and_what_to_do() -> None:
    text = render_text(REPAIRED, PLAIN)

    positions = [
        text.index(part)
        for part in ("FAIL", "Okta would show", "KEY202", "URL109", "Paste into Okta", "Next")
    ]
    assert positions == sorted(positions)


def test_values_to_paste_stand_under_okta_s_labels() -> None:
    text = render_text(REPAIRED, PLAIN)
    pasted = text[text.index("Paste into Okta") :]

    assert [label for label in OKTA_LABELS.values() if f" {label} " not in pasted] == []
    assert "* SCIM connector base URL            https://api.ngrok.com/scim/v2/\n" in pasted
    assert "  Unique identifier field for users  email\n" in pasted
    assert "* Authorization                      the same key; remove U+0020 SPACE" in pasted


def test_values_that_do_not_work_are_not_to_be_pasted() -> None:
    text = render_text(HOSTILE, PLAIN)

    assert "The values so far (* is what changes):" in text
    assert "Paste into Okta" not in text


def test_warning_takes_few_lines_unless_verbose() -> None:
    short, whole = render_text(WARN, PLAIN), render_text(WARN, Style(verbose=True))

    assert "Why" not in short
    assert "The reply took 12.4 s. Run `ngrok-scim test-connect`" in short
    assert "Why   Okta gives up after 60 seconds" in whole


def test_advice_that_okta_always_gives_is_left_out_unless_verbose() -> None:
    assert TAIL[-30:] not in render_text(FAIL, PLAIN)
    assert "could not be tested. …" in " ".join(render_text(FAIL, PLAIN).split())
    assert TAIL in " ".join(render_text(FAIL, Style(verbose=True)).split())


def test_sentence_that_the_person_saw_is_compared() -> None:
    okta = replace(FORBIDDEN, fits=False, comparison="Okta's form holds other values.")

    text = render_text(replace(FAIL, okta=okta), PLAIN)

    assert "  What you saw     Okta's form holds other values.\n" in text
    assert "What you saw" not in render_text(FAIL, PLAIN)


def test_requests_are_shown_only_when_verbose() -> None:
    verbose = render_text(FAIL, Style(verbose=True))

    assert "Requests" not in render_text(FAIL, PLAIN)
    assert "GET https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2" in verbose
    assert "403, application/scim+json, 212 bytes, 143 ms" in verbose


def test_request_without_reply_says_why() -> None:
    verbose = render_text(INCOMPLETE, Style(verbose=True))

    assert "no reply (withheld, 0 ms): The host is not allowed." in verbose


def test_request_without_reply_or_failure_is_no_crash() -> None:
    result = replace(PASS, exchanges=(Exchange("", "GET", "https://api.ngrok.com/"),))

    assert "no reply (0 ms)" in render_text(result, Style(verbose=True))


def test_checks_of_any_command_are_shown_when_verbose() -> None:
    checks = (Check("list", "List of users", "SCIM endpoint", CheckStatus.PASS, "3 users"),)
    result = replace(PASS, checks=checks)

    assert "List of users" not in render_text(result, PLAIN)
    assert "    3 users\n" in render_text(result, Style(verbose=True))


def test_setup_lists_steps_and_what_remains() -> None:
    text = render_text(SETUP, PLAIN)

    assert "  waiting  domain         Not allowed by ngrok yet: corp.example.\n" in text
    assert "  to do    okta-values\n" in text
    assert "\nNext  In ngrok, submit corp.example" in text
    assert "\nAfter that, in this order\n  1.  In Okta, press" in text
    assert text.count("In ngrok, submit corp.example") == 1


def test_marks_of_doctor_end_at_one_column() -> None:
    for width in (100, 60, 40):
        lines = render_text(DOCTOR, Style(width=width)).splitlines()
        marked = [line for line in lines if re.search(r"\[.{4}\]$", line)]

        assert len(marked) == len(DOCTOR.checks)
        assert len({len(line) for line in marked}) == 1
        assert len(marked[0]) == min(width, 60)


def test_doctor_shows_each_category_once_and_flush_left() -> None:
    lines = render_text(DOCTOR, PLAIN).splitlines()

    categories = dict.fromkeys(check.category for check in DOCTOR.checks)
    assert [line for line in lines if line in categories] == list(categories)


def test_doctor_gives_the_reason_of_all_but_what_passed() -> None:
    short, whole = render_text(DOCTOR, PLAIN), render_text(DOCTOR, Style(verbose=True))

    assert "    The key was refused.\n" in short
    assert "    ngrok has no Groups\n" in short
    assert "TLSv1.3" not in short
    assert "    TLSv1.3\n" in whole


def test_doctor_puts_errors_under_the_check_that_failed() -> None:
    text = render_text(DOCTOR, PLAIN)

    assert "\n* SCIM endpoint\n  Error KEY214  ngrok refuses the key\n" in text
    assert "\nGood to know:\n  Notice ENV009" in text


def test_doctor_without_findings_is_only_a_list() -> None:
    text = render_text(replace(DOCTOR, verdict=Verdict.PASS, okta=None, findings=()), PLAIN)

    assert "Errors and warnings" not in text
    assert "Good to know" not in text
    assert text.endswith("\n\nNext  Run every check: `ngrok-scim doctor`.\n")


def test_doctor_without_checks_is_no_crash() -> None:
    text = render_text(replace(DOCTOR, checks=()), PLAIN)

    assert "* Values for Okta\n  Error KEY214" in text


def test_doctor_shows_repaired_values() -> None:
    text = render_text(replace(DOCTOR, repair=Repair((), Form(), accepts=True)), PLAIN)

    assert "Repaired and tried" in text


def test_hostile_code_is_no_problem() -> None:
    finding = replace(KEY_REFUSED, code="\x1b[31m" * 9)

    assert "\x1b" not in render_text(replace(FAIL, findings=(finding,)), PLAIN)


@each_case("name", RESULTS)
def test_no_line_ends_with_a_space(name: str) -> None:
    lines = render_text(RESULTS[name], Style(verbose=True)).splitlines()

    assert [line for line in lines if line != line.rstrip()] == []


def test_empty_step_is_no_problem() -> None:
    result = Result("setup", Verdict.PASS, steps=(Step("", StepStatus.DONE),) * 2)

    assert "  done" in render_text(result, PLAIN)
