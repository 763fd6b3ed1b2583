import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.people.match import (
    Assignment,
    SyncState,
    aggregated,
    assignment_of,
    judge_match,
    match,
    with_own_status,
)
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from tests.support.cases import each_case

JANE = "jane@corp.example"
CORP = frozenset({"corp.example"})
UNCLEAR = ", whose `active` is neither true nor false"
# What says "of them" where it is about many.
MANY = ("OKT909", "OKT911")


def in_okta(
    status: str = "PROVISIONED", *, linked: str = "usr_1", user_name: str = JANE
) -> AppUser:
    return AppUser("00u1", user_name, user_name, linked, status)


def in_ngrok(
    *, user_name: str = JANE, active: bool | None = True, identifier: str = "usr_1"
) -> NgrokUser:
    return NgrokUser(identifier, user_name, "Jane Doe", active)


@each_case(
    ("status", "assignment"),
    [
        ("ACTIVE", Assignment.ASSIGNED),
        ("APPROVED", Assignment.ASSIGNED),
        ("IMPLICIT", Assignment.ASSIGNED),
        ("PENDING", Assignment.ASSIGNED),
        ("PROVISIONED", Assignment.ASSIGNED),
        ("STAGED", Assignment.ASSIGNED),
        ("SUSPENDED", Assignment.HELD),
        ("DEPROVISIONED", Assignment.REMOVED),
        ("INACTIVE", Assignment.REMOVED),
        ("REVOKED", Assignment.REMOVED),
        ("UNASSIGNED", Assignment.REMOVED),
        ("IMPORTED", Assignment.NONE),
        ("MATCHED", Assignment.NONE),
        # What Okta may add one day must not be taken for anything.
        ("", Assignment.HELD),
        ("ARCHIVED", Assignment.HELD),
    ],
)
def test_what_a_status_means_for_the_account(status: str, assignment: Assignment) -> None:
    assert assignment_of(in_okta(status)) is assignment


def test_nobody_in_okta_has_no_assignment() -> None:
    assert assignment_of(None) is Assignment.NONE


GONE_BY_NAME = in_ngrok(identifier="usr_2")
LEFT = in_ngrok(active=False)


@each_case(
    ("app_user", "ngrok_user", "sync_state", "found"),
    [
        # Assigned and linked.
        (in_okta(), in_ngrok(), SyncState.IN_STEP, {}),
        (in_okta("ACTIVE"), in_ngrok(active=None), SyncState.IN_STEP, {}),
        (in_okta(), in_ngrok(user_name="Jane@CORP.example"), SyncState.IN_STEP, {}),
        (
            in_okta(),
            in_ngrok(user_name="jane@old.example"),
            SyncState.IN_STEP,
            {"OKT914": "“jane@corp.example” in Okta, “jane@old.example” in ngrok."},
        ),
        # A name that ngrok does not give is USR603, and nothing that Okta could push.
        (in_okta(), in_ngrok(user_name=""), SyncState.IN_STEP, {}),
        (
            in_okta(),
            LEFT,
            SyncState.LOCKED_OUT,
            {"OKT917": "“jane@corp.example”."},
        ),
        (in_okta(), None, SyncState.GONE, {"OKT909": "“jane@corp.example”."}),
        (
            in_okta(),
            GONE_BY_NAME,
            SyncState.ANOTHER_ID,
            {"OKT909": "“jane@corp.example”, who has a different id in ngrok, “usr_2”."},
        ),
        # Assigned and not linked.
        (
            in_okta("ACTIVE", linked=""),
            None,
            SyncState.NEVER_PROVISIONED,
            {"OKT908": "“jane@corp.example”."},
        ),
        (
            in_okta("STAGED", linked=""),
            None,
            SyncState.NEVER_PROVISIONED,
            {"OKT908": "“jane@corp.example”."},
        ),
        (
            in_okta("ACTIVE", linked=""),
            in_ngrok(),
            SyncState.NOT_LINKED,
            {
                "OKT908": (
                    "“jane@corp.example”, who is in ngrok, but Okta has not linked the account."
                )
            },
        ),
        (
            in_okta("ACTIVE", linked="", user_name=""),
            None,
            SyncState.NEVER_PROVISIONED,
            {
                "OKT914": "“00u1” (no user name) is not an e-mail address.",
                "OKT908": "“00u1” (no user name).",
            },
        ),
        # Removed.
        (
            in_okta("DEPROVISIONED"),
            in_ngrok(),
            SyncState.STILL_ACTIVE,
            {"OKT911": "“jane@corp.example”."},
        ),
        (
            in_okta("UNASSIGNED", linked=""),
            in_ngrok(active=None),
            SyncState.STILL_ACTIVE,
            {"OKT911": f"“jane@corp.example”{UNCLEAR}."},
        ),
        (in_okta("DEPROVISIONED"), LEFT, SyncState.NOT_NEEDED, {}),
        (in_okta("DEPROVISIONED"), None, SyncState.NOT_NEEDED, {}),
        # Found by an import, and nobody's.
        (in_okta("IMPORTED"), in_ngrok(), SyncState.ORPHANED, {"OKT910": "“jane@corp.example”."}),
        (in_okta("MATCHED"), LEFT, SyncState.NOT_NEEDED, {}),
        # Suspended: Okta sends nothing, whatever there is in ngrok.
        (
            in_okta("SUSPENDED"),
            in_ngrok(),
            SyncState.SUSPENDED,
            {"OKT918": "“jane@corp.example”."},
        ),
        (in_okta("SUSPENDED"), LEFT, SyncState.HELD, {}),
        (in_okta("SUSPENDED", linked=""), None, SyncState.HELD, {}),
        (in_okta("SUSPENDED", user_name="jane"), None, SyncState.HELD, {}),
        # In ngrok alone.
        (None, in_ngrok(), SyncState.ORPHANED, {"OKT910": "“jane@corp.example”."}),
        (
            None,
            in_ngrok(active=None),
            SyncState.ORPHANED,
            {"OKT910": f"“jane@corp.example”{UNCLEAR}."},
        ),
        (None, in_ngrok(user_name=""), SyncState.ORPHANED, {"OKT910": "“usr_1” (no user name)."}),
        (None, LEFT, SyncState.NOT_NEEDED, {}),
        (None, None, SyncState.NOT_NEEDED, {}),
    ],
)
def test_a_match_gives_sync_state_and_findings(
    app_user: AppUser | None,
    ngrok_user: NgrokUser | None,
    sync_state: SyncState,
    found: dict[str, str],
) -> None:
    matched = match(app_user, ngrok_user)
    assert matched.sync_state is sync_state
    assert {item.code: item.evidence for item in judge_match(matched, CORP)} == found


@each_case(
    ("app_user", "ngrok_user", "sync_state"),
    [
        (None, in_ngrok(), SyncState.STILL_ACTIVE),
        (in_okta("IMPORTED"), in_ngrok(), SyncState.STILL_ACTIVE),
        (None, LEFT, SyncState.NOT_NEEDED),
        (None, None, SyncState.NOT_NEEDED),
        # Who was removed once and is assigned again is assigned.
        (in_okta(), in_ngrok(), SyncState.IN_STEP),
        (in_okta("SUSPENDED"), in_ngrok(), SyncState.SUSPENDED),
    ],
)
def test_a_removed_person_has_a_sync_state(
    app_user: AppUser | None, ngrok_user: NgrokUser | None, sync_state: SyncState
) -> None:
    assert match(app_user, ngrok_user, removed=True).sync_state is sync_state


@pytest.mark.parametrize(
    ("user_name", "evidence"),
    [
        ("jane doe@corp.example", "“jane·doe@corp.example” contains U+0020 SPACE (character 5)."),
        ("jane", "“jane” is not an e-mail address."),
        ("jane@other.example", "“jane@other.example” is outside the submitted domains."),
    ],
)
def test_a_user_name_that_will_not_work_is_found_on_either_side_of_provisioning(
    user_name: str, evidence: str
) -> None:
    for linked, there in (("", None), ("usr_1", in_ngrok(user_name=user_name))):
        app_user = in_okta(linked=linked, user_name=user_name)
        first = judge_match(match(app_user, there), CORP)[0]
        assert (first.code, first.evidence) == ("OKT914", evidence)


def test_two_addresses_are_repaired_in_another_way_than_a_bad_one() -> None:
    matched = match(in_okta(user_name="jane"), in_ngrok(user_name="joe"))
    bad, differing = judge_match(matched, CORP)
    assert bad.code == differing.code == "OKT914"
    assert (bad.title, bad.fix) == (CATALOGUE["OKT914"].title, CATALOGUE["OKT914"].fix)
    assert differing.title == "Somebody has a different user name in Okta than in ngrok"
    assert '"Force Sync"' in differing.fix


@each_case(
    ("app_user", "user"),
    [
        (in_okta(), LEFT),
        (in_okta(), None),
        (None, in_ngrok()),
        (in_okta("DEPROVISIONED"), in_ngrok()),
        (in_okta("DEPROVISIONED"), in_ngrok(active=None)),
        (in_okta("SUSPENDED"), in_ngrok()),
    ],
)
def test_what_is_found_of_one_person_or_many_begins_with_a_trace(
    app_user: AppUser | None, user: NgrokUser | None
) -> None:
    """It harms nobody, and what takes access away is advised of one person, on proof."""
    of_many = aggregated()
    for _ in range(2):
        of_many.add(match(app_user, user))
    for command, [found] in (
        ("trace jane@corp.example`", judge_match(match(app_user, user))),
        ("trace EMAIL`", of_many.findings()),
    ):
        assert f"`ngrok-scim users {command}" in found.fix
        assert ("of them" in found.fix) == (found.code in MANY and "EMAIL" in command)
        assert not re.search("unassign|deactivate|remove", found.fix)


@each_case("name", ["$(id)@corp.example", "jane;id@corp.example", "-x@corp.example", "jane`", ""])
def test_no_name_that_a_shell_would_run_stands_in_a_command(name: str) -> None:
    [found] = judge_match(match(None, in_ngrok(user_name=name)))
    assert "`ngrok-scim users trace EMAIL`" in found.fix


@each_case(
    ("active", "title", "is_proved"),
    [
        (True, "Somebody who was removed in Okta is still active in ngrok", True),
        (None, "Somebody who was removed in Okta may still be active in ngrok", False),
    ],
)
def test_nobody_is_called_active_whose_state_is_not_known(
    active: bool | None, title: str, *, is_proved: bool
) -> None:
    matched = match(in_okta("DEPROVISIONED"), in_ngrok(active=active))
    [found] = judge_match(matched)
    assert (found.title, matched.is_active_leaver) == (title, is_proved)


@each_case(
    ("own_status", "assignment", "state"),
    [
        ("DEPROVISIONED", "PROVISIONED", SyncState.STILL_ACTIVE),
        ("DEPROVISIONED", "ACTIVE", SyncState.STILL_ACTIVE),
        ("DEPROVISIONED", "STAGED", SyncState.STILL_ACTIVE),
        ("DEPROVISIONED", "SUSPENDED", SyncState.STILL_ACTIVE),
        ("DEPROVISIONED", "IMPORTED", SyncState.ORPHANED),
        ("SUSPENDED", "PROVISIONED", SyncState.SUSPENDED),
        ("SUSPENDED", "UNASSIGNED", SyncState.STILL_ACTIVE),
        ("LOCKED_OUT", "PROVISIONED", SyncState.IN_STEP),
        ("PASSWORD_EXPIRED", "PROVISIONED", SyncState.IN_STEP),
        ("", "PROVISIONED", SyncState.IN_STEP),
    ],
)
def test_the_status_of_the_okta_user_decides_over_the_assignment(
    own_status: str, assignment: str, state: SyncState
) -> None:
    app_user = with_own_status(in_okta(assignment), own_status)
    assert match(app_user, in_ngrok()).sync_state is state


@each_case(
    ("created", "severity"),
    [
        ("2026-11-28T11:59:00.000Z", Severity.WARNING),
        ("2026-11-28T11:49:59.000Z", Severity.ERROR),
        ("", Severity.ERROR),
    ],
)
@each_case("status", ["STAGED", "ACTIVE", "PROVISIONED"])
def test_an_assignment_of_the_last_minutes_is_no_error(
    created: str, severity: Severity, status: str
) -> None:
    app_user = in_okta(status, linked="")._replace(created=created)
    matched = match(app_user, None, new_since="2026-11-28T11:50:00")
    [found] = judge_match(matched)
    assert (found.code, found.severity) == ("OKT908", severity)


@pytest.mark.parametrize("there", [None, in_ngrok()])
def test_whom_okta_has_queued_is_waited_for(there: NgrokUser | None) -> None:
    [found] = judge_match(match(in_okta("STAGED", linked=""), there))
    assert found.code == "OKT908"
    assert found.title == "Somebody is in Okta's queue to be provisioned"
    assert found.fix.startswith("Wait a few minutes")


@pytest.mark.parametrize("there", [None, in_ngrok()])
def test_whom_okta_has_not_queued_is_not_waited_for(there: NgrokUser | None) -> None:
    [found] = judge_match(match(in_okta("ACTIVE", linked=""), there))
    assert (found.title, found.fix) == (CATALOGUE["OKT908"].title, CATALOGUE["OKT908"].fix)


TEXTS = st.text(st.characters(codec=None), max_size=30) | st.sampled_from([JANE, "usr_1", ""])
STATUSES = st.sampled_from(["STAGED", "ACTIVE", "DEPROVISIONED", "SUSPENDED", "IMPORTED"]) | TEXTS


@given(
    st.none() | st.builds(AppUser, TEXTS, TEXTS, TEXTS, TEXTS, STATUSES),
    st.none() | st.builds(NgrokUser, TEXTS, TEXTS, TEXTS, st.sampled_from([True, False, None])),
    st.booleans(),
)
def test_any_two_sides_can_be_matched(
    app_user: AppUser | None, ngrok_user: NgrokUser | None, removed: bool
) -> None:
    matched = match(app_user, ngrok_user, removed=removed)
    found = judge_match(matched, CORP)
    assert {item.code for item in found} <= CATALOGUE.keys()
    assert all(len(item.evidence) < 1000 for item in found)
    in_order = matched.sync_state in (SyncState.IN_STEP, SyncState.HELD, SyncState.NOT_NEEDED)
    assert in_order is not bool({item.code for item in found} - {"OKT914"})
