"""Where one person is stuck: a table of what both sides know, and what it comes to."""

from dataclasses import dataclass, replace

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Verdict
from ngrok_scim_cli.diagnosis.okta.http_statuses import STATUSES
from ngrok_scim_cli.diagnosis.okta.reasons import worded
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp, OktaPerson
from ngrok_scim_cli.diagnosis.okta.sentences import SENTENCES
from ngrok_scim_cli.diagnosis.okta.server_details import DETAILS
from ngrok_scim_cli.diagnosis.people.match import SyncState
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from ngrok_scim_cli.diagnosis.people.trace import conclude
from ngrok_scim_cli.diagnosis.people.traced import (
    NgrokHalf,
    OktaHalf,
    Traced,
    TraceStep,
    read_asked,
)
from ngrok_scim_cli.diagnosis.unknown import Unknown
from tests.support.cases import each_case

NAME = "ada@corp.example"
ASKED = read_asked(NAME)
APP = OktaApp("0oa1", "ngrok", "ACTIVE", "SAML_2_0")
PERSON = OktaPerson("00u1", NAME, NAME, "ACTIVE")
APP_USER = AppUser("00u1", NAME, NAME, "usr_1", "PROVISIONED", "GROUP")
USER = NgrokUser("usr_1", NAME, "Ada", active=True)

OKTA = OktaHalf(APP, (), PERSON, APP_USER)
NGROK = NgrokHalf(NAME, (USER,), USER)

NOT_ASSIGNED = replace(OKTA, app_user=None)
UNKNOWN = replace(NOT_ASSIGNED, person=None)
LEFT = replace(NOT_ASSIGNED, person=replace(PERSON, status="DEPROVISIONED"))
NEVER = replace(OKTA, app_user=APP_USER._replace(external_id="", status="ACTIVE"))

NOBODY = NgrokHalf(NAME)
INACTIVE = USER._replace(active=False)
DEACTIVATED = NgrokHalf(NAME, (INACTIVE,), INACTIVE)
BY_NAME = replace(NGROK, linked=None)

NO_OKTA = Unknown("There is no Okta org.")
NO_KEY = Unknown("There is no key.")
REFUSED = Unknown("Refused.", (finding("KEY214", "401"),))


def event(kind: str, result: str = "FAILURE", reason: str = "Conflict") -> LogEvent:
    return LogEvent(
        "2026-11-20T10:11:12.000Z", f"application.{kind}", result, reason, "", "00u1", NAME
    )


PUSH_FAILED = (event("provision.user.push"),)
UPDATE_FAILED = (event("provision.user.push_profile", reason="Not Found"),)
DEACTIVATION_FAILED = (event("provision.user.deactivate", reason="Bad Gateway"),)
UNASSIGNED = (event("user_membership.remove", "SUCCESS", ""),)


@dataclass(frozen=True)
class Case:
    """What both sides know, and what it comes to."""

    name: str
    okta: OktaHalf | Unknown
    ngrok: NgrokHalf | Unknown
    verdict: Verdict
    at: TraceStep | None = None
    code: str = ""
    fix: str = ""


CASES = [
    Case("healthy", OKTA, NGROK, Verdict.PASS),
    Case("never-provisioned", NEVER, NOBODY, Verdict.FAIL, TraceStep.PROVISIONED, "OKT908"),
    Case("not-linked", NEVER, BY_NAME, Verdict.FAIL, TraceStep.PROVISIONED, "OKT908"),
    Case("gone", OKTA, NOBODY, Verdict.FAIL, TraceStep.ACCOUNT, "OKT909"),
    Case(
        "made-again",
        OKTA,
        NgrokHalf(NAME, (USER._replace(id="usr_2"),)),
        Verdict.FAIL,
        TraceStep.ACCOUNT,
        "OKT909",
    ),
    Case("locked-out", OKTA, DEACTIVATED, Verdict.FAIL, TraceStep.ACCOUNT, "OKT917"),
    Case("left-and-active", LEFT, BY_NAME, Verdict.FAIL, TraceStep.ACCOUNT, "OKT911"),
    Case(
        "unassigned-and-active",
        replace(NOT_ASSIGNED, events=UNASSIGNED),
        BY_NAME,
        Verdict.FAIL,
        TraceStep.ACCOUNT,
        "OKT911",
    ),
    Case(
        "deactivation-failed",
        replace(LEFT, events=DEACTIVATION_FAILED),
        BY_NAME,
        Verdict.FAIL,
        TraceStep.ACCOUNT,
        "OKT912",
    ),
    Case("not-assigned", NOT_ASSIGNED, NOBODY, Verdict.FAIL, TraceStep.ASSIGNMENT, "", "Assign to"),
    Case(
        "not-assigned-but-active",
        NOT_ASSIGNED,
        BY_NAME,
        Verdict.FAIL,
        TraceStep.ASSIGNMENT,
        "OKT910",
    ),
    Case("unknown-but-active", UNKNOWN, BY_NAME, Verdict.FAIL, TraceStep.PERSON, "OKT910"),
    Case("unknown-everywhere", UNKNOWN, NOBODY, Verdict.INCOMPLETE),
    Case(
        "directory-not-told",
        replace(UNKNOWN, grant="Grant it."),
        NOBODY,
        Verdict.INCOMPLETE,
    ),
    Case("left-on-both-sides", LEFT, DEACTIVATED, Verdict.WARN),
    Case("left-without-account", LEFT, NOBODY, Verdict.WARN),
    Case("unassigned-on-both-sides", NOT_ASSIGNED, DEACTIVATED, Verdict.WARN),
    Case(
        "an-old-failure-of-one-who-left",
        replace(LEFT, events=PUSH_FAILED),
        DEACTIVATED,
        Verdict.WARN,
    ),
    Case(
        "activity-not-told",
        OKTA,
        NgrokHalf(NAME, (), USER._replace(active=None)),
        Verdict.INCOMPLETE,
    ),
    Case(
        "suspended",
        replace(OKTA, person=replace(PERSON, status="SUSPENDED")),
        NGROK,
        Verdict.WARN,
    ),
    Case(
        "assignment-suspended",
        replace(OKTA, app_user=APP_USER._replace(status="SUSPENDED")),
        NGROK,
        Verdict.WARN,
    ),
    Case(
        "push-failed",
        replace(NEVER, events=PUSH_FAILED),
        NOBODY,
        Verdict.FAIL,
        TraceStep.PROVISIONED,
        "OKT912",
    ),
    Case(
        "update-failed",
        replace(OKTA, events=UPDATE_FAILED),
        NGROK,
        Verdict.FAIL,
        TraceStep.PROVISIONED,
        "OKT912",
        "Retry Selected",  # nobody is unassigned whose account is there
    ),
    Case(
        "not-activated-yet",
        replace(NEVER, person=replace(PERSON, status="STAGED")),
        NOBODY,
        Verdict.FAIL,
        TraceStep.PERSON,
        "",
        '"Activate"',
    ),
    Case(
        "another-name-in-ngrok",
        OKTA,
        NgrokHalf(NAME, (), USER._replace(user_name="old@corp.example")),
        Verdict.FAIL,
        TraceStep.ACCOUNT,
        "OKT914",
    ),
    Case(
        "the-app-is-off",
        replace(OKTA, faults=(finding("OKT905", "It is off."),)),
        NGROK,
        Verdict.FAIL,
        TraceStep.APP,
        "OKT905",
    ),
    Case(
        "the-app-is-off-and-the-key-refused",
        replace(OKTA, faults=(finding("OKT905", "It is off."),)),
        REFUSED,
        Verdict.FAIL,
        TraceStep.APP,
        "OKT905",
    ),
    Case(
        "the-look-up-fails",
        OKTA,
        replace(NGROK, faults=(finding("SCM519", "Nobody was found."),)),
        Verdict.FAIL,
        TraceStep.LOOK_UP,
        "SCM519",
    ),
    Case("key-refused", OKTA, REFUSED, Verdict.FAIL, TraceStep.LOOK_UP, "KEY214"),
    # One half alone.
    Case("no-okta-active", NO_OKTA, BY_NAME, Verdict.INCOMPLETE),
    Case("no-okta-deactivated", NO_OKTA, replace(DEACTIVATED, linked=None), Verdict.INCOMPLETE),
    Case(
        "no-okta-look-up-fails",
        NO_OKTA,
        replace(BY_NAME, faults=(finding("SCM519", "Nobody was found."),)),
        Verdict.FAIL,
        TraceStep.LOOK_UP,
        "SCM519",
    ),
    Case("no-okta-nobody", NO_OKTA, NOBODY, Verdict.INCOMPLETE),
    Case("no-okta-key-refused", NO_OKTA, REFUSED, Verdict.FAIL, TraceStep.LOOK_UP, "KEY214"),
    Case("nothing", NO_OKTA, NO_KEY, Verdict.INCOMPLETE),
    Case("no-key-provisioned", OKTA, NO_KEY, Verdict.INCOMPLETE),
    Case("no-key-never", NEVER, NO_KEY, Verdict.FAIL, TraceStep.PROVISIONED, "OKT908"),
    Case("no-key-not-assigned", NOT_ASSIGNED, NO_KEY, Verdict.FAIL, TraceStep.ASSIGNMENT),
    Case("no-key-unknown", UNKNOWN, NO_KEY, Verdict.INCOMPLETE),
    Case(
        "key-refused-unknown",
        UNKNOWN,
        REFUSED,
        Verdict.FAIL,
        TraceStep.LOOK_UP,
        "KEY214",
    ),
    Case("no-key-left", LEFT, NO_KEY, Verdict.INCOMPLETE),
]


@each_case("case", CASES, ids=lambda case: case.name)
def test_a_trace_names_the_step_at_which_a_person_is_stuck(case: Case) -> None:
    concluded = conclude(Traced(ASKED, case.okta, case.ngrok))
    assert concluded.verdict is case.verdict
    stuck = concluded.stuck
    assert (stuck.at if stuck else None) is case.at
    assert (stuck.code if stuck else "") == case.code
    assert stuck is None or (stuck.fix and case.fix in stuck.fix and stuck.why)
    assert NAME in concluded.summary


LISTED = (finding("SCM519", "Nobody was found."),)
ELSEWHERE = (finding("SCM523", "Somebody new."),)
NOT_READ = Unknown("Refused.", (finding("OKT901", "401"),))
OFF = (finding("OKT905", "It is off."),)
BEFORE, LATER = "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"
NEW = replace(NEVER, app_user=(NEVER.app_user or APP_USER)._replace(created=LATER))
SUSPENDED = replace(OKTA, app_user=APP_USER._replace(status="SUSPENDED"))
ODD = replace(OKTA, app_user=APP_USER._replace(status="ODD"))
STUCK = "{} is stuck."
AGREE = "{} is provisioned, and Okta and ngrok agree."
BUT = " But ngrok's endpoint fails for another request that Okta makes."
UNVERIFIED = " Could not verify whether ngrok agrees."


@each_case(
    ("okta", "ngrok", "summary", "codes"),
    [
        (UNKNOWN, NOBODY, "{} was not found in Okta or ngrok.", ""),
        (NOT_READ, NOBODY, "{} was not found in ngrok.", "OKT901"),
        (
            UNKNOWN,
            replace(NOBODY, faults=LISTED),
            "{} is in ngrok's list of users, but Okta's look-up finds nobody.",
            "SCM519",
        ),
        (
            UNKNOWN,
            replace(NOBODY, elsewhere=ELSEWHERE),
            "{} was not found in Okta or ngrok.",
            "SCM523",
        ),
        # That the person was never provisioned merely follows.
        (replace(NEVER, faults=OFF), NOBODY, STUCK, "OKT905"),
        (
            NOT_READ,
            replace(BY_NAME, elsewhere=ELSEWHERE),
            "{} is active in ngrok. Could not verify whether Okta agrees." + BUT,
            "OKT901 SCM523",
        ),
        (
            NO_OKTA,
            DEACTIVATED,
            "{} is deactivated in ngrok. Could not verify whether Okta agrees.",
            "USR607",
        ),
        (OKTA, NO_KEY, "Okta has provisioned {}." + UNVERIFIED, ""),
        (LEFT, NO_KEY, "Okta requests no account for {}." + UNVERIFIED, ""),
        (NEVER, replace(NOBODY, elsewhere=ELSEWHERE), STUCK, "SCM523 OKT908"),
        (OKTA, replace(NGROK, elsewhere=ELSEWHERE), AGREE + BUT, "SCM523"),
        (OKTA, replace(DEACTIVATED, elsewhere=ELSEWHERE), STUCK, "OKT917 SCM523"),
        (OKTA, NGROK, AGREE, ""),
        (
            NEW,
            NOBODY,
            "{} was just assigned, and Okta is still provisioning them.",
            "OKT908",
        ),
        (replace(NEW, events=PUSH_FAILED), NOBODY, STUCK, "OKT912 OKT908"),
        (replace(NEW, person=replace(PERSON, status="STAGED")), NOBODY, STUCK, "OKT908"),
        (LEFT, DEACTIVATED, "{} is deactivated in ngrok, as in Okta.", "USR607"),
        (LEFT, NOBODY, "{} has no account in ngrok, and Okta requests none.", ""),
        (
            replace(NOT_ASSIGNED, person=None, app_user=APP_USER._replace(status="REVOKED")),
            DEACTIVATED,
            "{} is deactivated in ngrok, as in Okta.",
            "USR607",
        ),
        (SUSPENDED, NOBODY, "{} is suspended in Okta, and has no active account in ngrok.", ""),
        (
            SUSPENDED,
            NGROK,
            "{} is suspended in Okta, but active in ngrok. Okta does not send this to ngrok.",
            "OKT918",
        ),
        (
            ODD,
            NGROK,
            "{} is neither assigned nor removed in Okta, so ngrok keeps what it has.",
            "",
        ),
    ],
)
def test_a_trace_says_what_both_sides_know(
    okta: OktaHalf | Unknown, ngrok: NgrokHalf | Unknown, summary: str, codes: str
) -> None:
    concluded = conclude(Traced(ASKED, okta, ngrok, new_since=BEFORE))
    assert concluded.summary == summary.format(f"“{NAME}”")
    assert " ".join(item.code for item in concluded.findings) == codes


UNREAD = replace(UNKNOWN, grant="Grant the role.")
NO_REPLY = Unknown("No reply.", (finding("SCM506", "500"),), conclusive=False)


@each_case(
    ("okta", "ngrok", "summary"),
    [
        (UNREAD, NOBODY, "Could not verify whether Okta knows {0}. {0} was not found in ngrok."),
        (UNREAD, NO_KEY, "Could not verify whether Okta knows {0}."),
        (NOT_READ, NOBODY, "{0} was not found in ngrok."),
        (UNKNOWN, NO_REPLY, "{0} was not found in Okta."),
    ],
)
def test_whoever_could_not_be_asked_for_is_not_called_unknown(
    okta: OktaHalf | Unknown, ngrok: NgrokHalf | Unknown, summary: str
) -> None:
    concluded = conclude(Traced(ASKED, okta, ngrok))
    assert concluded.summary == summary.format(f"“{NAME}”")
    assert (concluded.verdict, concluded.stuck) == (Verdict.INCOMPLETE, None)


def test_names_that_are_nearly_the_one_asked_for_are_offered() -> None:
    traced = Traced(ASKED, UNKNOWN, NOBODY, near=("adam@corp.example", "eda@corp.example"))
    offered = "Did you mean “adam@corp.example” or “eda@corp.example”?"
    assert conclude(traced).summary == f"“{NAME}” was not found in Okta or ngrok. {offered}"


REMOVED_AND_FAILED = UNASSIGNED + DEACTIVATION_FAILED
UNCLEAR = NgrokHalf(NAME, (USER._replace(active=None),))


@each_case(
    ("okta", "ngrok", "code", "fix"),
    [
        # Okta can assign the person, so that it can unassign them.
        (replace(NOT_ASSIGNED, events=UNASSIGNED), BY_NAME, "OKT911", 'tick "Deactivate Users"'),
        (replace(NOT_ASSIGNED, events=REMOVED_AND_FAILED), BY_NAME, "OKT912", "then unassign them"),
        # Nobody can assign who left.
        (LEFT, BY_NAME, "OKT911", "support@ngrok.com"),
        # What may be deactivated already is not to be activated first.
        (replace(NOT_ASSIGNED, events=UNASSIGNED), UNCLEAR, "OKT911", "whether this account is"),
        (
            replace(NOT_ASSIGNED, events=REMOVED_AND_FAILED),
            UNCLEAR,
            "OKT912",
            "whether this account",
        ),
        (replace(UNKNOWN, events=UNASSIGNED), BY_NAME, "OKT911", "support@ngrok.com"),
        (replace(UNKNOWN, events=REMOVED_AND_FAILED), BY_NAME, "OKT912", "support@ngrok.com"),
        (UNKNOWN, BY_NAME, "OKT910", "Find out whose account this is"),
        (replace(UNKNOWN, grant="Grant it."), BY_NAME, "OKT910", "Do this only if"),
        (NOT_ASSIGNED, BY_NAME, "OKT910", "Do this only if"),
        (OKTA, NOBODY, "OKT909", "There is no old account to lose"),
        (OKTA, DEACTIVATED, "OKT917", "they lose nothing"),
        (SUSPENDED, NGROK, "OKT918", "To remove the access, unassign"),
        (replace(OKTA, events=DEACTIVATION_FAILED), NGROK, "OKT912", "no action is needed"),
    ],
)
def test_what_is_advised_takes_no_access_from_whoever_should_have_it(
    okta: OktaHalf, ngrok: NgrokHalf, code: str, fix: str
) -> None:
    first = conclude(Traced(ASKED, okta, ngrok)).findings[0]
    assert first.code == code
    assert fix in first.fix


@each_case("case", [case for case in CASES if case.code], ids=lambda case: case.name)
def test_the_finding_that_says_so_comes_first(case: Case) -> None:
    assert conclude(Traced(ASKED, case.okta, case.ngrok)).findings[0].code == case.code


def test_a_finding_is_never_reported_twice() -> None:
    """Somebody locked out is deactivated, too; the more exact finding stands for both."""
    codes = [item.code for item in conclude(Traced(ASKED, OKTA, DEACTIVATED)).findings]
    assert codes == ["OKT917"]


def test_two_failures_of_one_person_are_two_findings() -> None:
    okta = replace(NEVER, events=(*PUSH_FAILED, *UPDATE_FAILED))
    codes = [item.code for item in conclude(Traced(ASKED, okta, NOBODY)).findings]
    assert codes == ["OKT912", "OKT912", "OKT908"]


def test_what_the_endpoint_does_wrong_fails_without_okta_too() -> None:
    """An error that was seen is certain, whatever else could not be verified."""
    ngrok = replace(BY_NAME, elsewhere=(finding("SCM523", "Somebody else was returned."),))
    concluded = conclude(Traced(ASKED, NO_OKTA, ngrok))
    assert (concluded.verdict, concluded.stuck) == (Verdict.FAIL, None)
    assert [item.code for item in concluded.findings] == ["SCM523"]
    assert "Could not verify whether Okta agrees." in concluded.summary


NAMES_A_TRACE = [
    saying.known_by.split(",")[0].replace("…", "Ada")
    for saying in (*SENTENCES, *DETAILS, *STATUSES)
    if any("users trace" in worded(cause).fix for cause in saying.causes)
]


@each_case("kind", ["push_profile", "deactivate"])
@each_case("reason", NAMES_A_TRACE)
def test_no_trace_sends_anybody_to_a_trace(reason: str, kind: str) -> None:
    okta = replace(LEFT, events=(event(f"provision.user.{kind}", reason=reason),))
    found = conclude(Traced(ASKED, okta, BY_NAME)).findings
    (failed,) = (item for item in found if item.code == "OKT912")
    for text in (failed.cause, failed.fix):
        assert "users trace" not in text


def test_a_trace_has_the_sync_state_of_the_audit() -> None:
    assert conclude(Traced(ASKED, OKTA, NGROK)).sync_state is SyncState.IN_STEP
    assert conclude(Traced(ASKED, NEVER, NOBODY)).sync_state is SyncState.NEVER_PROVISIONED
    assert conclude(Traced(ASKED, NO_OKTA, NGROK)).sync_state is None


def test_a_domain_that_was_not_submitted_comes_before_provisioning() -> None:
    traced = Traced(ASKED, NEVER, NOBODY, frozenset({"other.example"}))
    stuck = conclude(traced).stuck
    assert stuck is not None
    assert (stuck.at, stuck.code) == (TraceStep.DOMAIN, "OKT914")
    assert stuck.why == "corp.example is not one of the domains that were submitted to ngrok."
    assert "ngrok-scim domain submit corp.example" in stuck.fix


def test_a_domain_is_not_to_blame_for_whoever_is_in_step() -> None:
    concluded = conclude(Traced(ASKED, OKTA, NGROK, frozenset({"other.example"})))
    assert (concluded.verdict, concluded.stuck) == (Verdict.WARN, None)
    assert {item.code for item in concluded.findings} == {"OKT914", "USR606"}


def test_a_user_name_that_is_no_address_is_reported_of_the_account() -> None:
    odd = USER._replace(user_name="ada")
    okta = replace(OKTA, app_user=APP_USER._replace(user_name="ada"))
    stuck = conclude(Traced(ASKED, okta, NgrokHalf("ada", (odd,), odd))).stuck
    assert stuck is not None
    assert (stuck.at, stuck.code) == (TraceStep.ACCOUNT, "USR603")


@pytest.mark.parametrize("reason", ["Bad Gateway", "Conflict"])
def test_a_failed_deactivation_of_somebody_who_is_assigned_ends_no_access(reason: str) -> None:
    events = (event("provision.user.deactivate", reason=reason),)
    (found,) = conclude(Traced(ASKED, replace(OKTA, events=events), NGROK)).findings
    assert (found.code, "no action is needed" in found.fix) == ("OKT912", True)


@pytest.mark.parametrize("ngrok", [BY_NAME, NO_KEY], ids=["not linked", "not asked"])
def test_nobody_is_unassigned_who_may_have_an_account(ngrok: NgrokHalf | Unknown) -> None:
    found = conclude(Traced(ASKED, replace(NEVER, events=UPDATE_FAILED), ngrok)).findings
    assert found[0].code == "OKT912"
    assert "Retry Selected" in found[0].fix
    assert not [item for item in found if "unassign" in item.fix]


def test_nobody_who_was_deactivated_in_okta_is_to_be_assigned_again() -> None:
    okta = replace(LEFT, events=DEACTIVATION_FAILED)
    found = conclude(Traced(ASKED, okta, BY_NAME)).findings
    assert {"support@ngrok.com" in item.fix for item in found} == {True}
    assert not [item for item in found if "assign the person" in item.fix]


def test_two_users_of_one_name_are_reported() -> None:
    twin = USER._replace(id="usr_9", user_name="ADA@corp.example")
    concluded = conclude(Traced(ASKED, OKTA, replace(NGROK, named=(USER, twin))))
    assert "USR605" in {item.code for item in concluded.findings}


def test_whoever_is_neither_active_nor_deactivated_is_reported_as_that() -> None:
    odd = USER._replace(active=None)
    summary = conclude(Traced(ASKED, NO_OKTA, NgrokHalf(NAME, (odd,)))).summary
    assert "neither active nor deactivated" in summary


@each_case(
    ("okta", "removed"),
    [
        (OKTA, False),
        (LEFT, True),
        (replace(NOT_ASSIGNED, events=UNASSIGNED), True),
        (replace(UNKNOWN, events=UNASSIGNED), True),
        (replace(UNKNOWN, person=OktaPerson("00u9", "x", "y", "ACTIVE"), events=UNASSIGNED), False),
        (UNKNOWN, False),
    ],
)
def test_who_was_removed_in_okta(okta: OktaHalf, removed: bool) -> None:
    assert okta.is_removed is removed
