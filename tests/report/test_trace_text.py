from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Result, Verdict
from ngrok_scim_cli.report import Format, Style, render
from ngrok_scim_cli.report.printable import display_width
from tests.report.results import SPACE_BEHIND_KEY, exchange

CHECKS = (
    Check("okta-app", "App", "Okta", CheckStatus.PASS, "“ngrok” (0oa1), ACTIVE."),
    Check("assignment", "Assignment", "Okta", CheckStatus.FAIL, "There is none."),
    Check("ngrok-user", "User", "ngrok", CheckStatus.SKIP, "There is no key."),
)
STUCK = {"at": "assignment", "why": "Ada is not assigned.", "fix": "Assign Ada.", "code": ""}


def event(number: int, reason: str = "") -> dict[str, str]:
    return {
        "published": f"2026-01-{number:02}T10:11:12.000Z",
        "event_type": "application.provision.user.push",
        "message": "" if number == 1 else "Push new user",
        "result": "FAILURE" if reason else "SUCCESS",
        "reason": reason,
    }


def trace(**extra: object) -> Result:
    told = {"summary": "Ada is stuck.", "stuck": STUCK, **extra}
    return Result("users trace", Verdict.FAIL, checks=CHECKS, extra=tuple(told.items()))


def shown(result: Result, **style: bool) -> str:
    return render(result, Format.TEXT, style=Style(**style))


def test_the_sentence_stands_first_and_the_one_thing_to_do_last() -> None:
    lines = shown(trace()).splitlines()
    assert lines[0] == "FAIL  Ada is stuck."
    assert lines[-1] == "Next  Assign Ada."


def test_each_place_says_what_was_seen() -> None:
    text = shown(trace())
    assert all(check.reason in text for check in CHECKS)
    assert "Okta\n  App" in text
    assert "[FAIL]" in text


def test_why_is_told_where_no_finding_says_so() -> None:
    assert "Why  Ada is not assigned." in shown(trace())
    coded = replace(trace(stuck={**STUCK, "code": "KEY202"}), findings=(SPACE_BEHIND_KEY,))
    text = shown(coded)
    assert "Why  Ada is not assigned." not in text
    assert "Error KEY202" in text


def test_what_was_made_of_the_address_is_told() -> None:
    asked = {"typed": " ada", "looked_up": "ada", "notes": ["Typed with a space.", "And more."]}
    text = shown(trace(asked=asked))
    assert text.index("Typed with a space.") < text.index("And more.") < text.index("Okta")


@pytest.mark.parametrize(("count", "listed"), [(0, 0), (1, 0), (2, 2), (9, 5)])
def test_the_newest_events_are_listed(count: int, listed: int) -> None:
    text = shown(trace(events=[event(number) for number in range(1, count + 1)]))
    assert text.count("2026-01-") == listed
    assert ("What Okta's System Log tells" in text) is bool(listed)


def test_an_event_without_a_name_is_named_by_its_type() -> None:
    text = shown(trace(events=[event(1, "Conflict"), event(2)]))
    assert "FAILURE application.provision.user.push: “Conflict”" in text
    assert "SUCCESS Push new user" in text


def test_requests_are_shown_to_whoever_asks() -> None:
    asked = replace(trace(), exchanges=(exchange("look-up"),))
    assert "Requests" not in shown(asked)
    assert "look-up" in shown(asked, verbose=True)


def test_without_places_it_is_a_result_like_any_other() -> None:
    text = shown(Result("users trace", Verdict.INCOMPLETE))
    assert text.startswith("INCOMPLETE  It could not be told.")


def test_what_a_server_says_does_not_steer_the_screen_and_no_line_is_too_wide() -> None:
    odd = "\x1b[31m\u202e" + "x" * 300
    result = trace(
        summary=odd,
        asked={"notes": [odd]},
        events=[event(1, odd), event(2, odd)],
        stuck={**STUCK, "why": odd, "fix": odd},
    )
    text = shown(result)
    assert not {"\x1b", "\u202e"} & set(text)
    assert max(map(display_width, text.splitlines())) <= 100
