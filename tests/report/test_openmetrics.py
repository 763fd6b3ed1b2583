import re
from datetime import UTC, datetime

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Result, Verdict
from ngrok_scim_cli.report.openmetrics import render_openmetrics
from tests.support.cases import each_case

DAY = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RESULT = Result(
    "doctor",
    Verdict.FAIL,
    findings=(
        finding("OKT908", "“ada@corp.example” was never provisioned."),
        finding("OKT912", "one"),
        finding("OKT912", "another"),
    ),
    checks=(
        Check("gone", "Nobody is gone", "Users", CheckStatus.PASS),
        Check("provisioned", "Everybody is there", "Users", CheckStatus.FAIL, "ada@corp.example"),
    ),
)

PROVISIONED = (
    'ngrok_scim_doctor_check_status{profile="default",check="provisioned",category="Users"'
)

# The grammar of https://prometheus.io/docs/specs/om/open_metrics_spec/, as far as it is used here.
_LABEL = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
_SAMPLE = re.compile(rf"[a-z_]+\{{{_LABEL}(?:,{_LABEL})*\}} -?[0-9]+(?:\.[0-9]+)?")
_HELP = re.compile(r"# HELP [a-z_]+ [^\n]+")
_TYPE = re.compile(r"# TYPE [a-z_]+ gauge")


def rendered(result: Result = RESULT, *, profile: str = "default", **facts: int) -> str:
    return render_openmetrics(result, profile=profile, finished=DAY, seconds=1.23456, **facts)


def test_every_line_is_openmetrics_and_the_last_one_says_that_it_is_whole() -> None:
    *lines, last, rest = rendered(users=4, active=3, key_age_days=2).split("\n")
    assert (last, rest) == ("# EOF", "")
    families: list[str] = []
    for line in lines:
        assert any(kind.fullmatch(line) for kind in (_SAMPLE, _HELP, _TYPE)), line
        if line.startswith("# HELP "):
            families.append(line.split()[2])
        else:
            assert families[-1] in line
    assert len(families) == len(set(families))


@each_case(
    "line",
    [
        'ngrok_scim_doctor_verdict{profile="default",verdict="fail"} 1',
        'ngrok_scim_doctor_verdict{profile="default",verdict="pass"} 0',
        f'{PROVISIONED},status="fail"}} 1',
        f'{PROVISIONED},status="pass"}} 0',
        'ngrok_scim_doctor_findings{profile="default",code="OKT908",severity="error"} 1',
        'ngrok_scim_doctor_findings{profile="default",code="OKT912",severity="error"} 2',
        'ngrok_scim_doctor_users{profile="default"} 4',
        'ngrok_scim_doctor_users_active{profile="default"} 3',
        'ngrok_scim_doctor_key_age_seconds{profile="default"} 172800',
        'ngrok_scim_doctor_duration_seconds{profile="default"} 1.235',
        'ngrok_scim_doctor_last_run_timestamp_seconds{profile="default"} 1767323045.0',
    ],
)
def test_what_was_found_out_is_a_number(line: str) -> None:
    assert line in rendered(users=4, active=3, key_age_days=2).splitlines()


def test_every_way_of_ending_has_its_sample() -> None:
    text = rendered()
    for status in CheckStatus:
        assert f'check="gone",category="Users",status="{status.value}"' in text
    for verdict in Verdict:
        assert f'verdict="{verdict.value}"' in text


def test_what_is_not_known_is_left_out() -> None:
    text = rendered(Result("doctor", Verdict.INCOMPLETE))
    for name in ("users", "users_active", "key_age_seconds", "findings", "check_status"):
        assert f"ngrok_scim_doctor_{name}" not in text


def test_no_name_of_a_person_and_no_text_of_a_server_is_in_it() -> None:
    assert "ada" not in rendered()


@pytest.mark.parametrize(
    ("profile", "label"),
    [('a"b', 'a\\"b'), ("a\\b", "a\\\\b"), ("a\nb", "a⏎b"), ("a\x1b[31mb", "a⟨U+001B⟩[31mb")],
)
def test_a_label_stays_within_its_quotation_marks(profile: str, label: str) -> None:
    text = rendered(profile=profile)
    assert f'ngrok_scim_doctor_duration_seconds{{profile="{label}"}}' in text
