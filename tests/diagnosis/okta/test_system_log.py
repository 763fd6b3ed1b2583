from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, read_event
from ngrok_scim_cli.diagnosis.okta.system_log import judge_failures, moment, removed_people
from tests.support.cases import each_case
from tests.support.json_values import json_values

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

VERIFY = "application.provision.user.verify_exists"
PUSH = "application.provision.user.push"
SYNC = "application.provision.user.sync"
PUSH_PROFILE = "application.provision.user.push_profile"
DEACTIVATE = "application.provision.user.deactivate"
REACTIVATE = "application.provision.user.reactivate"
GROUP_PUSH = "application.provision.group_push.updated"
CALL = "application.integration.api_query"
ADD = "application.user_membership.add"
REMOVE = "application.user_membership.remove"
REFUSED = "application.integration.authentication_failure"


def event(minute: float, event_type: str, reason: str | None = None, who: str = "ada") -> LogEvent:
    """Return what happened so many minutes after nine; a failure where a reason is given."""
    published = (START + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
    result = "SUCCESS" if reason is None else "FAILURE"
    user_id = f"00u{who}" if who else ""
    return LogEvent(published, event_type, result, reason or "", "", user_id, who)


def refused(minute: float) -> LogEvent:
    return event(minute, REFUSED, "Unauthorized", "")


def codes(*events: LogEvent) -> list[str]:
    return [item.code for item in judge_failures(events)]


def test_a_log_without_failures_says_nothing() -> None:
    assert codes(event(1, PUSH), event(2, PUSH_PROFILE), event(3, ADD)) == []
    assert codes() == []


def test_failures_are_put_together_by_reason_the_newest_first() -> None:
    found = judge_failures(
        [
            event(1, PUSH, "Conflict. User ada exists", "ada"),
            event(5, PUSH, "Conflict. User bob exists", "bob"),
            event(3, PUSH_PROFILE, "Not Found", "cyd"),
            event(9, DEACTIVATE, "Bad Gateway", "dan"),
        ]
    )
    newest, conflict, oldest = found
    assert newest.evidence.startswith("Deactivating the account failed for 1 person: “Bad Gateway”")
    assert conflict.evidence == (
        "Creating or linking the account failed for 2 people: “Conflict. User … exists”. "
        "The last time was 2026-11-02 09:05 UTC. bob, ada."
    )
    assert oldest.evidence.startswith("Updating the profile failed for 1 person: “Not Found”")
    assert [item.code for item in found] == ["OKT912"] * 3
    assert len({item.fix for item in found}) == 3


@each_case(
    ("failed", "later", "resolved"),
    [
        # The same again, and this time it went well.
        (event(1, PUSH, "Conflict"), event(2, PUSH), True),
        (event(1, PUSH_PROFILE, "Not Found"), event(2, PUSH_PROFILE), True),
        (event(1, DEACTIVATE, "Bad Gateway"), event(2, DEACTIVATE), True),
        (event(1, VERIFY, "null"), event(2, SYNC), True),
        # Whoever gets an account is up to date; whoever is updated has an account.
        (event(1, PUSH_PROFILE, "Not Found"), event(2, PUSH), True),
        (event(1, PUSH, "Conflict"), event(2, PUSH_PROFILE), True),
        # Whoever is gone needs neither.
        (event(1, PUSH, "Conflict"), event(2, REMOVE), True),
        (event(1, PUSH_PROFILE, "Not Found"), event(2, DEACTIVATE), True),
        # Whoever is back need not go.
        (event(1, DEACTIVATE, "Bad Gateway"), event(2, ADD), True),
        (event(1, DEACTIVATE, "Bad Gateway"), event(2, REACTIVATE), True),
        # That the look-up works does not make the account.
        (event(1, PUSH, "Conflict"), event(2, VERIFY), False),
        # What went well before does not count, nor at the same time.
        (event(2, PUSH, "Conflict"), event(1, PUSH), False),
        (event(1, PUSH, "Conflict"), event(1, PUSH), False),
        # Nor does what went well for somebody else.
        (event(1, PUSH, "Conflict"), event(2, PUSH, who="bob"), False),
        # To be unassigned is not to be deactivated, and an update deactivates nobody.
        (event(1, DEACTIVATE, "Bad Gateway"), event(2, REMOVE), False),
        (event(1, DEACTIVATE, "Bad Gateway"), event(2, PUSH_PROFILE), False),
        (event(1, PUSH, "Conflict"), event(2, ADD), False),
        # Of nobody it cannot be judged.
        (event(1, PUSH, "Conflict", who=""), event(2, PUSH), False),
        # A call is resolved by any other.
        (event(1, CALL, "null", who=""), event(2, PUSH), True),
        (event(1, CALL, "null", who=""), event(2, VERIFY), True),
        (event(2, CALL, "null", who=""), event(1, PUSH), False),
        (event(1, GROUP_PUSH, "null", who=""), event(2, GROUP_PUSH, who=""), True),
        (event(1, GROUP_PUSH, "null", who=""), event(2, PUSH), False),
    ],
)
def test_what_succeeded_later_is_no_failure(
    failed: LogEvent, later: LogEvent, resolved: bool
) -> None:
    for order in permutations((failed, later)):
        assert codes(*order) == ([] if resolved else ["OKT912"])


def test_a_person_is_known_by_id_or_by_name() -> None:
    failed = event(1, PUSH, "Conflict")
    by_name = replace(event(2, PUSH), user_id="0ua99", user_name="ADA ")
    by_id = replace(event(2, PUSH), user_name="lovelace")
    assert codes(failed, by_name) == []
    assert codes(failed, by_id) == []


def test_a_person_counts_with_what_stops_them_last() -> None:
    (found,) = judge_failures([event(9, PUSH, "Conflict"), event(1, PUSH, "Unauthorized")])
    assert "“Conflict”" in found.evidence


def test_of_one_attempt_the_event_that_gives_the_reason_counts() -> None:
    """Okta writes several events for one attempt, and mostly one of them has a reason."""
    (found,) = judge_failures([event(1, PUSH, "Conflict"), event(2, SYNC, "")])
    assert "“Conflict”. The last time was 2026-11-02 09:02" in found.evidence
    (found,) = judge_failures([event(1, PUSH, "Conflict"), event(5, SYNC, "")])
    assert "Okta gives no reason" in found.evidence


@each_case(
    ("events", "evidence"),
    [
        ([event(1, SYNC, "null")], "failed for 1 person: Okta gives no reason. The last"),
        ([event(1, CALL, "null", "")], "Calling ngrok failed once: Okta gives no reason."),
        ([event(n, CALL, "X", "") for n in (1, 2)], "Calling ngrok failed 2 times: “X”."),
        ([event(n, PUSH, "X", f"p{n}") for n in range(7)], "p6, p5, p4, p3, p2 and 2 more."),
        ([replace(event(1, PUSH, "X"), user_name="")], "00uada."),
        ([replace(event(1, PUSH, "X"), published="?")], "“X”. ada."),
    ],
)
def test_the_evidence_says_whom_it_hit_and_when(events: list[LogEvent], evidence: str) -> None:
    (found,) = judge_failures(events)
    assert evidence in found.evidence


def test_many_reasons_do_not_fill_the_screen() -> None:
    events = [event(n, PUSH, f"Reason {'x' * n}", f"p{n}") for n in range(1, 14)]
    found = judge_failures(events)
    assert len(found) == 10
    assert found[-1].evidence.endswith("There are 3 more reasons.")
    assert "more reason" not in found[0].evidence
    assert judge_failures(events[:11])[-1].evidence.endswith("There is 1 more reason.")
    assert "more reason" not in judge_failures(events[:10])[-1].evidence


def test_a_group_that_ngrok_does_not_have_is_a_warning() -> None:
    (found,) = judge_failures([event(1, GROUP_PUSH, "Not Found", "")])
    assert found.severity is Severity.WARNING
    assert judge_failures([event(1, PUSH, "X")])[0].severity is Severity.ERROR


@each_case(
    ("events", "evidence"),
    [
        ([refused(5)], "It failed once since the beginning of the System Log"),
        ([event(1, PUSH), refused(5), refused(7)], "2 times since the last successful call, 2"),
        (
            [event(6, VERIFY), refused(5), refused(7)],
            "It failed once since the last successful call",
        ),
        ([refused(5), event(7, PUSH)], ""),
        ([refused(5), event(5, PUSH)], ""),
        # What went well on Okta's side alone is no call.
        ([refused(5), event(7, ADD)], "It failed once"),
        ([refused(5), event(7, REMOVE)], "It failed once"),
        # A call that failed for another reason does not show that the key works.
        ([refused(5), event(7, PUSH, "Bad Gateway")], "It failed once"),
        ([replace(refused(5), published="?")], "It failed once since the beginning"),
        ([event(1, PUSH)], ""),
    ],
)
def test_a_key_that_ngrok_refused_last_is_the_first_finding(
    events: list[LogEvent], evidence: str
) -> None:
    found = judge_failures(events)
    assert [item.code for item in found if item.code == "OKT913"] == (
        ["OKT913"] if evidence else []
    )
    assert not evidence or evidence in found[0].evidence


def test_what_is_neither_success_nor_failure_says_nothing() -> None:
    for result in ("SKIPPED", "UNKNOWN", ""):
        skipped = replace(event(5, PUSH, "Conflict"), result=result)
        assert codes(skipped) == []
        assert codes(event(1, PUSH, "Conflict"), skipped) == ["OKT912"]


@each_case(
    ("events", "gone"),
    [
        ([event(1, REMOVE)], {"00uada", "ada"}),
        ([event(1, DEACTIVATE)], {"00uada", "ada"}),
        # Okta meant it, though it failed at ngrok.
        ([event(1, DEACTIVATE, "Bad Gateway")], {"00uada", "ada"}),
        ([event(1, "user.lifecycle.deactivate")], {"00uada", "ada"}),
        ([event(1, "user.lifecycle.deactivate", "Denied")], set()),
        ([event(1, REMOVE), event(2, ADD)], set()),
        ([event(2, REMOVE), event(1, ADD)], {"00uada", "ada"}),
        ([event(1, DEACTIVATE), event(2, REACTIVATE)], set()),
        # An account that could not be made brings nobody back.
        ([event(1, REMOVE), event(2, PUSH, "Conflict")], {"00uada", "ada"}),
        ([event(1, REMOVE), event(2, ADD, who="bob")], {"00uada", "ada"}),
        ([replace(event(1, REMOVE), user_id="00uA", user_name="Ada@X")], {"00ua", "ada@x"}),
        ([event(1, PUSH), event(2, PUSH_PROFILE), event(1, REMOVE, who="")], set()),
    ],
)
def test_who_left_is_known_by_the_log(events: list[LogEvent], gone: set[str]) -> None:
    assert removed_people(events) == gone
    assert removed_people(reversed(events)) == gone


@each_case(
    ("published", "when"),
    [
        ("2026-11-02T09:00:00.000Z", START),
        ("2026-11-02T09:00:00Z", START),
        ("2026-11-02T11:00:00+02:00", START),
        ("2026-11-02T09:00:00", START),
        ("", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_time_is_read(published: str, when: datetime | None) -> None:
    assert moment(published) == when


def test_a_hostile_log_is_shown_harmlessly() -> None:
    hostile = LogEvent("2026", PUSH, "FAILURE", "\x1b]0;x\x07" * 999, "", "\u202e", "\n" * 9999)
    (found,) = judge_failures([hostile])
    assert found.evidence.isprintable()
    assert len(found.evidence) < 2000


def test_the_address_stands_in_the_command_where_it_is_one_persons_and_safe() -> None:
    def fix(*people: str) -> str:
        failed = [event(1, PUSH, "Conflict", who) for who in people]
        return judge_failures(failed)[0].fix

    assert "`ngrok-scim users trace ada+x@corp.example`" in fix("ada+x@corp.example")
    assert "trace EMAIL`" in fix("ada@corp.example", "bob@corp.example")
    assert "trace EMAIL`" in fix("$(id)@corp.example")
    assert "trace EMAIL`" in fix("-x`@corp.example")


JSON_VALUES = json_values(
    st.sampled_from(
        ["outcome", "target", "published", "eventType", "type", "id", "result", "reason"]
    ),
    st.sampled_from([PUSH, DEACTIVATE, REFUSED, REMOVE, "FAILURE", "SUCCESS", "User"])
    | st.datetimes().map(datetime.isoformat),
)
OBJECTS = JSON_VALUES.filter(lambda value: isinstance(value, dict))


@pytest.mark.no_cover
@given(st.lists(OBJECTS, max_size=6))
def test_any_document_is_judged(documents: list[dict[str, object]]) -> None:
    events = [read_event(document) for document in documents]
    assert {item.code for item in judge_failures(events)} <= {"OKT912", "OKT913"}
    assert all(isinstance(key, str) for key in removed_people(events))


EVENTS = st.builds(
    event,
    st.integers(0, 20),
    st.sampled_from([VERIFY, PUSH, SYNC, PUSH_PROFILE, DEACTIVATE, REMOVE, ADD, REFUSED, CALL]),
    st.none() | st.sampled_from(["Conflict", "Not Found", "null"]),
    st.sampled_from(["ada", "bob", ""]),
)


AT_ONCE = [
    event(0, VERIFY, "Conflict", "ada"),
    event(4, VERIFY, "Conflict", "bob"),
    event(4, VERIFY, "Not Found", "bob"),
]


@example(orders=(AT_ONCE, AT_ONCE[::-1]))
@given(
    st.lists(EVENTS, max_size=12, unique=True).flatmap(
        lambda one: st.tuples(st.just(one), st.permutations(one))
    )
)
def test_the_order_of_the_events_does_not_matter(
    orders: tuple[list[LogEvent], list[LogEvent]],
) -> None:
    one, other = map(judge_failures, orders)
    assert sorted(item.code for item in one) == sorted(item.code for item in other)
    assert removed_people(orders[0]) == removed_people(orders[1])


@given(st.lists(EVENTS, max_size=12))
def test_no_failure_is_open_after_everything_went_well(events: list[LogEvent]) -> None:
    people = ("ada", "bob")
    well = [event(99, what, who=who) for what in (PUSH, DEACTIVATE) for who in people]
    named = [item for item in events if item.user_name]
    assert judge_failures([*named, *well]) == ()
