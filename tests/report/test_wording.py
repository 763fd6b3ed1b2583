from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import (
    Certainty,
    Change,
    Check,
    CheckStatus,
    OktaView,
    Repair,
    Result,
    Step,
    StepStatus,
    Subject,
    UserCount,
    Verdict,
)
from ngrok_scim_cli.form import Field, Form
from ngrok_scim_cli.report import PLAIN, wording
from ngrok_scim_cli.report.text import render_text
from ngrok_scim_cli.report.wording import AFTER_SETUP, next_step
from tests.report.results import (
    ACCEPTED,
    DOMAIN_WAITS,
    FORBIDDEN,
    FROM_HERE,
    KEY_REFUSED,
    NO_PATH,
    SLOW,
    SPACE_BEHIND_KEY,
    WITHHELD,
)
from tests.support.cases import each_case

UNKNOWN = OktaView(None, "", Certainty.UNKNOWN)
WORKS = Repair((Change(Field.AUTHORIZATION, "KEY202", "cut"),), Form(), accepts=True)
FAILS = replace(WORKS, accepts=False)
UNTRIED = replace(WORKS, accepts=None)
OPEN = Step("domain", StepStatus.WAITING)
DONE = Step("api-key", StepStatus.DONE)
BROKEN = Step("api-key", StepStatus.FAILED)
SKIPPED = Check("a", "A", "B", CheckStatus.SKIP, "why")


NO_KEY = Check(
    "authorization", "Authorization", "Values for Okta", CheckStatus.SKIP, "No key was given."
)
TRIM = finding("ENV007", "NGROK_API_KEY ends with a line break.")
BUSY = replace(NO_PATH, code="SCM506", fix="Run the command again in a few minutes.")

PROVISIONED = Check("provisioned", "A", "B", CheckStatus.PASS)
ONE_WARNING = "Done, with 1 warning."
ONE_ERROR = "Done, with 1 error."
PASTE = (
    "In Okta, open Provisioning > Integration > Edit, paste the repaired values, and press "
    '"Test Connector Configuration".'
)


def result(command: str, verdict: Verdict, **fields: object) -> Result:
    return replace(Result(command, verdict), **fields)  # type: ignore[arg-type]


def test_every_choice_has_its_words() -> None:
    for certainty in Certainty:
        okta = OktaView(accepts=False, message="Forbidden", certainty=certainty)
        assert "  (" in render_text(result("test-connect", Verdict.FAIL, okta=okta), PLAIN)


@each_case(
    ("found", "headline"),
    [
        (
            result("test-connect", Verdict.PASS, okta=ACCEPTED, findings=(FROM_HERE,)),
            "Okta would accept this connector.",
        ),
        (
            result("test-connect", Verdict.WARN, okta=ACCEPTED, findings=(SLOW,)),
            "Okta would accept this connector, with 1 warning.",
        ),
        (
            result("test-connect", Verdict.FAIL, okta=ACCEPTED, findings=(NO_PATH, SLOW)),
            "Okta would accept this connector, but with 1 error and 1 warning.",
        ),
        (
            result("test-connect", Verdict.FAIL, okta=FORBIDDEN, findings=(KEY_REFUSED,)),
            "Okta would not accept this connector.",
        ),
        (
            result("test-connect", Verdict.FAIL, okta=FORBIDDEN, repair=WORKS),
            "Okta would not accept this connector. The repaired values below work.",
        ),
        (
            result("test-connect", Verdict.FAIL, okta=FORBIDDEN, repair=FAILS),
            "Okta would not accept this connector.",
        ),
        (
            result("test-connect", Verdict.FAIL, okta=UNKNOWN, findings=(NO_PATH, KEY_REFUSED)),
            "Found 2 errors; what Okta would show is not known.",
        ),
        (
            result("test-connect", Verdict.PASS),
            "No problem was found; what Okta would show is not known.",
        ),
        (
            result("test-connect", Verdict.INCOMPLETE, okta=UNKNOWN, findings=(WITHHELD,)),
            "Could not verify whether Okta would accept this connector.",
        ),
        (result("doctor", Verdict.PASS), "No problem was found."),
        (
            result("doctor", Verdict.FAIL, findings=(NO_PATH, SLOW), checks=(SKIPPED,)),
            "1 error and 1 warning. 1 check skipped.",
        ),
        (
            result("doctor", Verdict.INCOMPLETE, checks=(SKIPPED, SKIPPED)),
            "Not everything could be checked. 2 checks skipped.",
        ),
        (result("setup", Verdict.PASS, steps=(DONE,)), "The setup is done."),
        (
            result("setup", Verdict.WARN, steps=(DONE, OPEN), remaining=("Do it.",)),
            f"1 of 2 steps left. First: {OPEN.name}.",
        ),
        (
            result("setup", Verdict.WARN, findings=(SLOW,), steps=(DONE,)),
            "The setup is done, with 1 warning.",
        ),
        (
            result("setup", Verdict.INCOMPLETE, steps=(BROKEN, OPEN)),
            'The step "api-key" failed. 2 of 2 steps left.',
        ),
        (
            result("setup", Verdict.FAIL, findings=(NO_PATH,), steps=(DONE,)),
            "The setup is not finished, with 1 error.",
        ),
        (
            result("setup", Verdict.INCOMPLETE),
            "The setup is not finished.",
        ),
        (result("api-key rotate", Verdict.PASS, steps=(DONE,)), "Done."),
        (result("api-key store", Verdict.WARN, findings=(SLOW,), steps=(DONE,)), ONE_WARNING),
        (result("api-key create", Verdict.FAIL, findings=(NO_PATH,), steps=(DONE,)), ONE_ERROR),
        (
            result("api-key rotate", Verdict.PASS, steps=(DONE, OPEN)),
            f"1 of 2 steps left. First: {OPEN.name}.",
        ),
        (
            result("api-key rotate", Verdict.FAIL, findings=(NO_PATH,), steps=(BROKEN, OPEN)),
            'The step "api-key" failed. 2 of 2 steps left.',
        ),
        (
            result("api-key revoke", Verdict.PASS, steps=(replace(DONE, detail="Revoked it."),)),
            "Revoked it.",
        ),
        (result("users audit", Verdict.PASS), "No problem was found."),
        (result("users audit", Verdict.WARN, findings=(SLOW, DOMAIN_WAITS)), "2 warnings."),
        (result("users audit", Verdict.INCOMPLETE), "Not everything could be checked."),
    ],
)
def test_headline_says_what_the_run_comes_to(found: Result, headline: str) -> None:
    assert wording.headline(found) == headline


@each_case(
    ("found", "step"),
    [
        (
            result("test-connect", Verdict.PASS, okta=ACCEPTED),
            'In Okta, press "Test Connector Configuration", then "Save".',
        ),
        (
            result("test-connect", Verdict.FAIL, findings=(KEY_REFUSED, NO_PATH)),
            f"{KEY_REFUSED.fix} Then run the same command again.",
        ),
        (
            result("test-connect", Verdict.FAIL, findings=(KEY_REFUSED,)),
            'Do what "Fix" says under KEY214, then run the same command again.',
        ),
        (
            result("test-connect", Verdict.FAIL, findings=(SPACE_BEHIND_KEY,), repair=WORKS),
            PASTE,
        ),
        (
            result("test-connect", Verdict.FAIL, findings=(SPACE_BEHIND_KEY,), repair=UNTRIED),
            "Put the repaired values in place, then run the same command again.",
        ),
        (
            result(
                "test-connect", Verdict.FAIL, findings=(SPACE_BEHIND_KEY, NO_PATH), repair=UNTRIED
            ),
            f"{NO_PATH.fix} Then run the same command again.",
        ),
        (
            result(
                "test-connect", Verdict.FAIL, findings=(SPACE_BEHIND_KEY, NO_PATH), repair=FAILS
            ),
            f"{NO_PATH.fix} Then run the same command again.",
        ),
        (
            result("test-connect", Verdict.FAIL),
            "Run `ngrok-scim doctor` to see more.",
        ),
        (
            result("doctor", Verdict.INCOMPLETE, findings=(SLOW,)),
            "See above what is missing, then run the same command again.",
        ),
        (
            result("doctor", Verdict.INCOMPLETE, checks=(NO_KEY,)),
            'Make a key with `ngrok-scim setup`, or give yours as "Authorization" says above.',
        ),
        (result("doctor", Verdict.PASS), "Run every check: `ngrok-scim doctor`."),
        (
            result("doctor", Verdict.PASS, checks=(PROVISIONED,)),
            "",
        ),
        (
            result("doctor", Verdict.PASS, checks=(replace(PROVISIONED, status=CheckStatus.SKIP),)),
            "Before you assign the first person, rehearse a user's life: `ngrok-scim rehearse`.",
        ),
        (
            result(
                "doctor", Verdict.INCOMPLETE, checks=(SKIPPED, replace(SKIPPED, conclusive=False))
            ),
            '"A" could not be checked: see why above, then run the same command again.',
        ),
        (result("domain check", Verdict.WARN, findings=(DOMAIN_WAITS,)), DOMAIN_WAITS.fix),
        (result("api-key rotate", Verdict.WARN, steps=(OPEN,), remaining=("Do it.",)), "Do it."),
        (
            result("doctor", Verdict.WARN, findings=(SLOW,)),
            "Do what SCM516 says above, then run the same command again.",
        ),
        (
            result("users audit", Verdict.WARN, findings=(TRIM, SLOW, finding("USR608", ""))),
            "Do what USR608 says above, then run the same command again.",
        ),
        (
            result("doctor", Verdict.FAIL, findings=(BUSY, NO_PATH)),
            "Run the command again in a few minutes.",
        ),
        (result("users audit", Verdict.PASS), "Run every check: `ngrok-scim doctor`."),
        (
            result("setup", Verdict.PASS, remaining=("x",)),
            "x Then run `ngrok-scim setup` again.",
        ),
        (
            result("setup", Verdict.FAIL, findings=(KEY_REFUSED,), remaining=("x",)),
            f"{KEY_REFUSED.fix} Then run `ngrok-scim setup` again.",
        ),
        (
            result("setup", Verdict.PASS, steps=(Step("domain", StepStatus.TODO),)),
            "Run `ngrok-scim setup` again.",
        ),
        (
            result("setup", Verdict.PASS, steps=(OPEN,)),
            "Run `ngrok-scim setup` again.",
        ),
        (
            result("setup", Verdict.PASS, steps=(DONE,)),
            AFTER_SETUP,
        ),
    ],
)
def test_next_step_is_one_thing(found: Result, step: str) -> None:
    assert next_step(found) == step


@pytest.mark.parametrize(
    ("repair", "heading"),
    [
        (WORKS, "Repaired and tried: Okta would accept these values."),
        (FAILS, "Repaired and tried: this alone is not enough."),
        (UNTRIED, "Repaired. Whether Okta would accept these values is not known yet."),
    ],
)
def test_heading_says_whether_the_repair_works(repair: Repair, heading: str) -> None:
    text = render_text(result("test-connect", Verdict.FAIL, repair=repair), PLAIN)
    assert f"\n{heading}\n" in text


def test_key_is_described_by_its_changes() -> None:
    changes = (
        Change(Field.AUTHORIZATION, "KEY205", "remove “Bearer ”"),
        Change(Field.AUTHORIZATION, "KEY202", "remove U+0020 SPACE at the end"),
    )
    repair = Repair(changes, Form(authorization="secret"))
    text = render_text(result("test-connect", Verdict.FAIL, repair=repair), PLAIN)
    assert "  the same key; remove “Bearer ”; remove U+0020 SPACE at the end\n" in text
    assert "secret" not in text


def test_a_key_without_a_repair_is_not_to_be_pasted() -> None:
    changes = (Change(Field.AUTHORIZATION, "KEY202", "remove U+0020 SPACE at the end"),)
    refused = replace(SPACE_BEHIND_KEY, code="KEY214")
    findings = (SPACE_BEHIND_KEY, NO_PATH, refused)
    found = result("test-connect", Verdict.FAIL, findings=findings, repair=Repair(changes, Form()))
    assert "  another key: see KEY214 above\n" in render_text(found, PLAIN)


def test_users_are_counted() -> None:
    found = result("test-connect", Verdict.PASS, users=UserCount(12345, 2))
    assert "  Users  12,345 in all, 2 returned\n" in render_text(found, PLAIN)


@each_case("subject", Subject)
def test_every_subject_has_a_heading(subject: Subject) -> None:
    finding = replace(KEY_REFUSED, subject=subject)
    (heading,) = wording.by_category([finding], [])
    assert heading
    assert wording.where(finding) or subject.value not in [field.value for field in Field]


@pytest.mark.parametrize(
    ("check", "heading"),
    [
        (Check("key", "A", "Mine", CheckStatus.FAIL, findings=(KEY_REFUSED,)), "Mine"),
        (Check("list", "A", "Mine", CheckStatus.FAIL), "SCIM endpoint"),
    ],
)
def test_a_finding_is_under_the_heading_of_the_check_that_found_it(
    check: Check, heading: str
) -> None:
    assert list(wording.by_category([KEY_REFUSED], [check])) == [heading]


def test_a_finding_stands_under_the_first_check_that_found_it() -> None:
    checks = [
        Check("other", "Other", "Endpoint", CheckStatus.PASS),
        Check("one", "One", "Domains", CheckStatus.FAIL, findings=(KEY_REFUSED,)),
        Check("two", "Two", "Users", CheckStatus.FAIL, findings=(KEY_REFUSED,)),
    ]
    assert wording.by_category([KEY_REFUSED, KEY_REFUSED], checks) == {"Domains": [KEY_REFUSED] * 2}
