from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import given

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Result, Verdict
from ngrok_scim_cli.report.junit import render_junit
from tests.report.results import (
    DOCTOR,
    FAIL,
    INCOMPLETE,
    KEY_REFUSED,
    NO_PATH,
    PASS,
    REPAIRED,
    WARN,
)
from tests.report.strategies import results
from tests.support.cases import each_case


def parsed(result: Result) -> ET.Element:
    return ET.fromstring(render_junit(result))  # noqa: S314 - our own XML


def counts(element: ET.Element) -> dict[str, int]:
    names = ("tests", "failures", "errors", "skipped")
    return {name: int(element.attrib[name]) for name in names if name in element.attrib}


@given(results)
def test_counts_are_those_of_the_cases(result: Result) -> None:
    root = parsed(result)

    for element in root.iter("testsuite"):
        assert counts(element) == {
            "tests": len(list(element.iter("testcase"))),
            "failures": len(list(element.iter("failure"))),
            "errors": len(list(element.iter("error"))),
            "skipped": len(list(element.iter("skipped"))),
        }
    of_suites = [counts(suite) for suite in root]
    assert counts(root) == {
        name: sum(of_suite[name] for of_suite in of_suites)
        for name in ("tests", "failures", "errors")
    }


@given(results)
def test_failed_run_is_never_green(result: Result) -> None:
    root = counts(parsed(result))

    errors = any(item.severity == "error" for item in result.findings)
    assert root["tests"] > 0
    assert (root["failures"] > 0) >= errors
    assert (root["errors"] > 0) == (result.verdict is Verdict.INCOMPLETE)


@given(results)
def test_tree_has_the_form_that_ci_systems_read(result: Result) -> None:
    root = parsed(result)

    assert root.tag == "testsuites"
    assert {child.tag for child in root} == {"testsuite"}
    assert {case.tag for suite in root for case in suite} == {"testcase"}
    for case in root.iter("testcase"):
        assert set(case.attrib) == {"classname", "name", "time"}
        assert {child.tag for child in case} <= {"failure", "error", "skipped", "system-out"}
        assert len(case) <= 1
        float(case.attrib["time"])


@each_case(
    ("result", "tests", "failures", "errors", "skipped"),
    [
        (PASS, 1, 0, 0, 0),
        (WARN, 2, 0, 0, 0),
        (FAIL, 2, 1, 0, 0),
        (REPAIRED, 3, 2, 0, 0),
        (INCOMPLETE, 2, 1, 1, 0),
        (DOCTOR, 12, 1, 0, 3),
        (Result("test-connect", Verdict.PASS), 1, 0, 0, 0),
        (Result("test-connect", Verdict.INCOMPLETE), 1, 0, 1, 0),
    ],
)
def test_run_is_counted(
    result: Result, tests: int, failures: int, errors: int, skipped: int
) -> None:
    root = parsed(result)
    assert counts(root) == {"tests": tests, "failures": failures, "errors": errors}
    assert len(list(root.iter("skipped"))) == skipped


def test_failed_check_says_what_to_do() -> None:
    (failure,) = parsed(DOCTOR).iter("failure")

    assert failure.attrib["message"] == KEY_REFUSED.title
    assert f"Fix: {KEY_REFUSED.fix}" in (failure.text or "")


def test_error_without_a_failed_check_is_a_case_of_its_own() -> None:
    root = parsed(replace(DOCTOR, findings=(KEY_REFUSED, replace(NO_PATH, code="DOM803"))))
    root_with_other = parsed(
        replace(
            DOCTOR,
            findings=(KEY_REFUSED,),
            checks=(Check("list", "List", "Users", CheckStatus.PASS),),
        )
    )

    assert counts(root)["failures"] == 2
    names = [case.attrib["name"] for case in root_with_other.iter("testcase")]
    assert names == ["List", "KEY214 ngrok refuses the key"]


def test_time_is_in_seconds() -> None:
    root = parsed(DOCTOR)

    assert root.attrib["time"] == "0.244"
    assert [case.attrib["time"] for case in root.iter("testcase")][4] == "0.012"


def test_line_breaks_of_a_server_make_no_lines() -> None:
    check = Check("list", "List", "Users", CheckStatus.FAIL, "bad\nFix: run evil")
    (failure,) = parsed(Result("doctor", Verdict.FAIL, checks=(check,))).iter("failure")

    assert failure.text == "bad⏎Fix: run evil"


def test_xml_is_ascii() -> None:
    printed = render_junit(DOCTOR)

    assert printed.isascii()
    assert printed.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
