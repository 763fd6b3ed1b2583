import pytest

from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor import people as module
from ngrok_scim_cli.doctor.evidence import Evidence
from ngrok_scim_cli.doctor.people import People, read_assigned, read_people, read_statuses
from tests.doctor.harness import Harness


def codes(people: People) -> list[str]:
    both = () if isinstance(people.both, Unknown) else people.both
    return [item.code for item in (*people.users, *both)]


def requests(evidence: Evidence, purpose: str) -> int:
    return sum(exchange.purpose == purpose for exchange in evidence.exchanges)


def test_people_in_step_give_no_finding(large_harness: Harness) -> None:
    evidence = large_harness.evidence()
    people = evidence.shared(read_people).get()
    assert (codes(people), people.total, people.active, people.unproven) == ([], 250, 250, None)
    assert (people.users, people.both) == ((), ())


def test_progress_is_reported_for_both_lists(large_harness: Harness) -> None:
    large_harness.evidence().shared(read_people).get()
    assert [done for what, done, _ in large_harness.progress.lists if what == "users in ngrok"] == [
        100,
        200,
        250,
    ]
    assert ("users in ngrok", 250, 250) in large_harness.progress.lists
    assert ("people assigned in Okta", 250, None) in large_harness.progress.lists


def test_everybody_assigned_is_counted(large_harness: Harness) -> None:
    assigned = large_harness.evidence().shared(read_assigned).get()
    assert (assigned.count, assigned.provisioned, len(assigned.sample)) == (250, True, 100)


def test_nobody_assigned_is_known(harness: Harness) -> None:
    assigned = harness.evidence("okta-nobody-assigned").shared(read_assigned).get()
    assert (assigned.count, assigned.provisioned, assigned.sample) == (0, False, ())


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("okta-assigned-early", ["OKT908"]),
        ("okta-gone-in-ngrok", ["OKT909"]),
        ("okta-unknown", ["OKT910"]),
        ("okta-leaver-active", ["OKT911"]),
        ("okta-unassigned-active", ["OKT911"]),
        ("okta-leaver-assigned", ["OKT911"]),
        ("okta-suspended", ["OKT918"]),
        ("okta-locked-out", ["OKT917"]),
        ("okta-push-queued", ["OKT908"]),
        ("okta-address-differs", ["OKT914"]),
        ("deactivated-users", ["USR607"]),
        ("no-display-name", ["USR608"]),
    ],
)
@pytest.mark.parametrize("waiting", [0, 20_000])
def test_both_sides_are_held_against_each_other(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, fault: str, found: list[str], waiting: int
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", waiting)
    assert codes(harness.evidence(fault).shared(read_people).get()) == found


NOT_WHOLE = [
    "paging-repeats",
    "paging-misses",
    "paging-shrinks",
    "paging-ignores-start",
    "list-counts-page",
    "list-counts-the-rest",
    "list-of-the-first=100",
    "list-capped=100",
    "list-capped=249",
]


@pytest.mark.parametrize("fault", NOT_WHOLE)
def test_a_list_that_is_not_whole_makes_nobody_gone(large_harness: Harness, fault: str) -> None:
    people = large_harness.evidence(fault).shared(read_people).get()
    assert codes(people) == ["USR609"]
    assert people.unproven is not None
    assert [item.code for item in people.unproven.findings] == ["USR609"]


@pytest.mark.parametrize("fault", NOT_WHOLE)
def test_without_okta_the_list_alone_may_show_it(large_harness: Harness, fault: str) -> None:
    """That a list was cut off at a full page with a total that fits, only a read by id shows."""
    people = (
        large_harness.evidence(fault, okta=Unknown("There is no Okta org."))
        .shared(read_people)
        .get()
    )
    assert codes(people) == ([] if fault.startswith("list-capped") else ["USR609"])


@pytest.mark.parametrize("fault", ["list-counts-page", "list-capped=100"])
def test_where_nobody_is_read_by_id_nobody_is_gone(large_harness: Harness, fault: str) -> None:
    """A 404 for everybody proves nothing of anybody."""
    people = (
        large_harness.evidence(fault, "read-by-id-fails", "okta-gone-in-ngrok")
        .shared(read_people)
        .get()
    )
    assert "OKT909" not in codes(people)
    assert people.unproven is not None


def test_a_read_by_id_proves_who_is_gone_though_the_list_is_not_whole(harness: Harness) -> None:
    people = harness.evidence("list-capped=2", "okta-gone-in-ngrok").shared(read_people).get()
    assert codes(people) == ["USR609", "OKT909"]
    assert not isinstance(people.both, Unknown)
    assert people.both[0].evidence == "“ada.holloway@corp.example”."


def test_whoever_is_gone_is_reported_where_the_list_is_whole(large_harness: Harness) -> None:
    people = large_harness.evidence("okta-gone-in-ngrok=30").shared(read_people).get()
    assert codes(people) == ["OKT909"]
    assert not isinstance(people.both, Unknown)
    assert people.both[0].evidence.startswith("30 people:")


@pytest.mark.parametrize(
    ("fault", "proven"),
    [
        # The fourth request of the list is the one behind its end, the fifth the one for its total.
        ("not-found@4", True),
        ("server-error@4", False),
        ("server-error@5", False),
        ("not-found@5", False),
        ("rate-limited@4", True),
    ],
)
def test_a_proof_that_fails_proves_nothing(
    large_harness: Harness, fault: str, proven: bool
) -> None:
    people = large_harness.evidence(fault).shared(read_people).get()
    assert codes(people) == []
    assert (people.unproven is None) is proven


def test_two_requests_more_prove_a_list_whole(large_harness: Harness) -> None:
    evidence = large_harness.evidence()
    assert evidence.shared(read_people).get().unproven is None
    assert requests(evidence, "list users") == 3
    assert requests(evidence, "prove the list whole") == 2


def test_a_short_list_is_complete_whatever_the_next_page_says(harness: Harness) -> None:
    """A server that does not heed startIndex hides nobody where all fit into one page."""
    people = harness.evidence("paging-ignores-start").shared(read_people).get()
    assert (codes(people), people.unproven) == ([], None)


def test_the_status_of_everybody_costs_two_requests(large_harness: Harness) -> None:
    evidence = large_harness.evidence("okta-leaver-assigned=30", "okta-suspended=30")
    assert codes(evidence.shared(read_people).get()) == ["OKT911", "OKT918"]
    assert requests(evidence, "find people by status") == 2
    assert requests(evidence, "find deactivated") == 0


def test_the_system_log_is_asked_for_orphans_alone(harness: Harness) -> None:
    evidence = harness.evidence()
    evidence.shared(read_people).get()
    assert requests(evidence, "read System Log") == 0
    evidence = harness.evidence("okta-unknown")
    evidence.shared(read_people).get()
    assert requests(evidence, "read System Log") == 1


def test_where_too_many_left_to_be_listed_the_orphans_are_asked_for(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_PAGES", 0)
    evidence = harness.evidence("okta-leaver-active")
    assert codes(evidence.shared(read_people).get()) == ["OKT911"]
    assert requests(evidence, "find deactivated") == 1
    assert evidence.shared(read_statuses).get().unknown is not None


def test_where_okta_does_not_tell_who_left_they_are_unknown_to_it(harness: Harness) -> None:
    evidence = harness.evidence(
        "okta-leaver-active", "okta-token-without-people", "okta-token-without-log"
    )
    assert codes(evidence.shared(read_people).get()) == ["OKT910"]


def test_without_okta_ngrok_alone_is_judged(harness: Harness) -> None:
    missing = Unknown("There is no Okta org.")
    people = harness.evidence("no-display-name", okta=missing).shared(read_people).get()
    assert codes(people) == ["USR608"]
    assert people.both is missing


def test_a_refusal_of_okta_leaves_both_sides_unknown(harness: Harness) -> None:
    people = harness.evidence("okta-token-refused").shared(read_people).get()
    assert isinstance(people.both, Unknown)
    assert [item.code for item in people.both.findings] == ["OKT902"]
    assert people.total == 3


def test_a_list_that_breaks_off_is_judged_as_far_as_it_came(large_harness: Harness) -> None:
    people = large_harness.evidence("no-display-name", "server-error@2").shared(read_people).get()
    assert (people.total, [item.code for item in people.users]) == (100, ["USR608"])
    assert people.unproven is not None
    assert people.both is people.unproven
    assert [item.code for item in people.unproven.findings] == ["SCM506"]
    assert people.unproven.reason.endswith("Only the first 100 are known.")


def test_a_list_that_nobody_gives_is_refused(harness: Harness) -> None:
    with pytest.raises(Unknown, match=r"Could not read the whole list of users\.$") as refused:
        harness.evidence("server-error").shared(read_people).get()
    assert [item.code for item in refused.value.findings] == ["SCM506"]
    assert refused.value.conclusive


def test_a_failed_connection_leaves_the_people_unknown(harness: Harness) -> None:
    nowhere = harness.values(base_url="https://scim.invalid/scim/v2/")
    with pytest.raises(Unknown) as refused:
        harness.evidence(values=nowhere).shared(read_people).get()
    assert [item.code for item in refused.value.findings] == ["NET412"]
    assert not refused.value.conclusive


@pytest.mark.parametrize("fault", ["empty-list", "resource-without-id"])
def test_a_list_that_names_nobody_says_nothing_of_okta(harness: Harness, fault: str) -> None:
    both = harness.evidence(fault).shared(read_people).get().both
    assert isinstance(both, Unknown)
    assert "has no user with an id" in both.reason


def test_the_repaired_values_are_used_where_those_as_typed_have_no_list(harness: Harness) -> None:
    root = harness.sandbox.values.scim_base_url.removesuffix("scim/v2/")
    evidence = harness.evidence(values=harness.values(base_url=root))
    assert evidence.shared(read_people).get().total == 3
    assert [
        exchange.reply.status
        for exchange in evidence.exchanges
        if exchange.purpose == "list users" and exchange.reply
    ] == [404, 200]


def test_ngrok_is_waited_for_where_it_asks_for_it(harness: Harness) -> None:
    assert harness.evidence("rate-limited@1").shared(read_people).get().total == 3
    assert harness.progress.waited == ["list users"]
    assert len(harness.progress.paused) == 1


def test_ngrok_is_not_waited_for_where_it_lets_nobody_in(harness: Harness) -> None:
    with pytest.raises(Unknown, match="at the moment") as refused:
        harness.evidence("rate-limited").shared(read_people).get()
    assert [item.code for item in refused.value.findings] == ["SCM505"]
    assert harness.progress.paused == []
