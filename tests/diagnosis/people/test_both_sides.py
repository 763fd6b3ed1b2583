import itertools
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.match import Assignment, assignment_of, judge_match, match
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from tests.support.cases import each_case

NONE: frozenset[str] = frozenset()
CORP = frozenset({"corp.example"})

Found = list[tuple[str, str]]


def okta(name: str, linked: str = "", status: str = "PROVISIONED") -> AppUser:
    return AppUser(f"00u-{name}", f"{name}@corp.example", "", linked, status)


def ngrok(name: str, identifier: str, active: bool | None = True) -> NgrokUser:
    return NgrokUser(identifier, f"{name}@corp.example", "A Name", active)


def met(
    app_users: Sequence[AppUser], users: Sequence[NgrokUser], domains: frozenset[str] = CORP
) -> BothSides:
    both = BothSides(iter(app_users), domains=domains)
    for user in users:
        both.add(user)
    return both


def found(both: BothSides, removed: frozenset[str] = NONE) -> Found:
    return [
        (item.code, item.evidence.replace("@corp.example", ""))
        for item in both.findings(removed=removed)
    ]


@each_case(
    ("app_users", "users", "expected"),
    [
        ([], [], []),
        ([okta("jane", "1"), okta("joe", "2")], [ngrok("joe", "2"), ngrok("JANE", "1")], []),
        # Linked by the id, whatever the names are.
        (
            [okta("jane", "1"), okta("joe", "2")],
            [ngrok("joe", "1"), ngrok("jane", "2")],
            [
                (
                    "OKT914",
                    "2 people: “jane” in Okta, “joe” in ngrok; “joe” in Okta, “jane” in ngrok.",
                )
            ],
        ),
        ([okta("jane")], [], [("OKT908", "“jane”.")]),
        (
            [okta("jane")],
            [ngrok("Jane", "1")],
            [("OKT908", "“jane”, who is in ngrok, but Okta has not linked the account.")],
        ),
        ([okta("jane", "1")], [], [("OKT909", "“jane”.")]),
        (
            [okta("jane", "1")],
            [ngrok("Jane", "2")],
            [("OKT909", "“jane”, who has a different id in ngrok, “2”.")],
        ),
        # Where the one of that name has left, Okta would make them active again.
        (
            [okta("jane", "1")],
            [ngrok("jane", "2", active=False)],
            [("OKT909", "“jane”, who has a different id in ngrok, “2”.")],
        ),
        (
            [okta("jane")],
            [ngrok("jane", "1", active=False)],
            [("OKT908", "“jane”, who is in ngrok, but Okta has not linked the account.")],
        ),
        # Of two users with that name, Okta would take the active one.
        (
            [okta("jane", "1")],
            [ngrok("jane", "2", active=False), ngrok("Jane", "3"), ngrok("JANE", "4")],
            [("OKT909", "“jane”, who has a different id in ngrok, “3”.")],
        ),
        ([], [ngrok("jane", "1")], [("OKT910", "“jane”.")]),
        ([], [ngrok("jane", "1", active=False)], []),
        # A second account of somebody who is linked is nobody's.
        ([okta("jane", "1")], [ngrok("jane", "1"), ngrok("Jane", "2")], [("OKT910", "“Jane”.")]),
        ([okta("jane", "1", "IMPORTED")], [ngrok("jane", "1")], [("OKT910", "“jane”.")]),
        ([okta("jane", "1", "DEPROVISIONED")], [ngrok("jane", "1")], [("OKT911", "“jane”.")]),
        ([okta("jane", "1", "DEPROVISIONED")], [ngrok("old", "1")], [("OKT911", "“old”.")]),
        ([okta("jane", "", "DEPROVISIONED")], [ngrok("Jane", "1")], [("OKT911", "“Jane”.")]),
        ([okta("jane", "1", "DEPROVISIONED")], [ngrok("jane", "1", active=False)], []),
        ([okta("jane", "1", "DEPROVISIONED")], [], []),
        # Assigned again: only the old assignment is over.
        (
            [okta("jane", "1", "DEPROVISIONED"), okta("jane", "1")],
            [ngrok("jane", "1")],
            [],
        ),
        (
            [okta("jane", "1", "DEPROVISIONED"), okta("jane")],
            [ngrok("jane", "1")],
            [("OKT908", "“jane”, who is in ngrok, but Okta has not linked the account.")],
        ),
        ([okta("jane", "1", "SUSPENDED")], [ngrok("jane", "1")], [("OKT918", "“jane”.")]),
        ([okta("jane", "1", "SUSPENDED")], [ngrok("jane", "1", active=False)], []),
        ([okta("jane", "1", "SUSPENDED")], [], []),
        ([okta("jane", "", "SUSPENDED")], [ngrok("jane", "1")], [("OKT918", "“jane”.")]),
        (
            [okta("jane", "1")],
            [ngrok("jane", "1", active=False)],
            [("OKT917", "“jane”.")],
        ),
        # The same user again, as on pages that overlap.
        ([], [ngrok("jane", "1"), ngrok("jane", "1")], [("OKT910", "“jane”.")]),
        (
            [okta("jane", "1")],
            [ngrok("joe", "1"), ngrok("joe", "1")],
            [("OKT914", "“jane” in Okta, “joe” in ngrok.")],
        ),
        # Two app users hold one account: the assigned one counts.
        ([okta("jane", "1"), okta("old", "1", "SUSPENDED")], [ngrok("jane", "1")], []),
        ([okta("old", "1", "SUSPENDED"), okta("jane", "1")], [ngrok("jane", "1")], []),
        # Two app users hold one account, both assigned: always the same one is compared.
        ([okta("jane", "1"), okta("old", "1")], [ngrok("jane", "1")], []),
        ([okta("old", "1"), okta("jane", "1")], [ngrok("jane", "1")], []),
        # Nobody is matched by having no name, or no id.
        (
            [AppUser("00u1", "", "", "", "ACTIVE")],
            [NgrokUser("", "", "", True)],
            [
                ("OKT914", "“00u1” (no user name) is not an e-mail address."),
                ("OKT908", "“00u1” (no user name)."),
                ("OKT910", "“” (no user name)."),
            ],
        ),
        ([okta("joe", "", "UNASSIGNED")], [ngrok("jane", "")], [("OKT910", "“jane”.")]),
        (
            [AppUser("00u1", "", "", "1", "UNASSIGNED")],
            [NgrokUser("2", "", "", True)],
            [("OKT910", "“2” (no user name).")],
        ),
        (
            [AppUser("00u1", "", "", "1", "ACTIVE")],
            [],
            [
                ("OKT914", "“00u1” (no user name) is not an e-mail address."),
                ("OKT909", "“00u1” (no user name)."),
            ],
        ),
        # A name of Okta's that will not work is judged, whether or not ngrok has it.
        (
            [okta("jane doe", "1"), AppUser("00u2", "joe", "", "", "STAGED")],
            [ngrok("jane doe", "1")],
            [
                (
                    "OKT914",
                    (
                        "2 people: “jane·doe” contains U+0020 SPACE (character 5); “joe” is not an "
                        "e-mail address."
                    ),
                ),
                ("OKT908", "“joe”."),
            ],
        ),
        ([AppUser("00u2", "joe", "", "", "UNASSIGNED")], [], []),
    ],
)
def test_people_who_differ_between_okta_and_ngrok_are_found(
    app_users: list[AppUser], users: list[NgrokUser], expected: Found
) -> None:
    assert found(met(app_users, users)) == expected


def test_the_domains_are_asked_for_only_where_they_are_known() -> None:
    away = [AppUser("00u1", "jane@other.example", "", "1", "ACTIVE")]
    there = [NgrokUser("1", "jane@other.example", "", True)]
    assert found(met(away, there, NONE)) == []
    assert found(met(away, there)) == [
        ("OKT914", "“jane@other.example” is outside the submitted domains.")
    ]


@pytest.mark.parametrize("removed", [{"jane@corp.example"}, {"usr_a"}])
def test_an_orphan_that_okta_has_removed_should_not_be_active(removed: set[str]) -> None:
    both = met([], [ngrok("Jane", "usr_A"), ngrok("joe", "usr_B")])
    assert [user.id for user in both.orphans()] == ["usr_A", "usr_B"]
    assert found(both) == [("OKT910", "2 people: “Jane”; “joe”.")]
    assert found(both, frozenset(removed)) == [("OKT911", "“Jane”."), ("OKT910", "“joe”.")]


def test_who_is_assigned_again_is_not_removed() -> None:
    both = met([okta("jane", "1")], [ngrok("jane", "1")])
    assert found(both, frozenset({"jane@corp.example", "1"})) == []


def test_okta_is_asked_only_about_those_of_whom_nothing_is_known() -> None:
    app_users = [
        okta("linked", "1"),
        okta("unlinked"),
        okta("moved", "3"),
        okta("removed", "4", "DEPROVISIONED"),
        okta("removed too", "", "UNASSIGNED"),
        okta("imported", "6", "IMPORTED"),
        okta("suspended", "", "SUSPENDED"),
    ]
    users = [
        ngrok("linked", "1"),
        ngrok("unlinked", "2"),
        ngrok("moved", "33"),
        ngrok("removed", "4"),
        ngrok("removed too", "5"),
        ngrok("imported", "6"),
        ngrok("suspended", "7"),
        ngrok("nobody's", "8"),
        ngrok("nobody's and left", "9", active=False),
        ngrok("nobody's and unclear", "10", active=None),
    ]
    both = met(app_users, users)
    assert [user.id for user in both.orphans()] == ["6", "8", "10"]
    assert [user.id for user in both.orphans(2)] == ["6", "8"]


def test_the_answer_may_be_asked_for_before_the_end_and_again() -> None:
    both = met([okta("jane", "1")], [])
    assert found(both) == [("OKT909", "“jane”.")]
    both.add(ngrok("joe", "1"))
    assert found(both) == found(both) == [("OKT914", "“jane” in Okta, “joe” in ngrok.")]


def test_the_persons_own_status_decides() -> None:
    statuses = {"00u-jane": "DEPROVISIONED", "00u-joe": "SUSPENDED", "00u-ann": "ACTIVE"}
    people = [okta("jane", "1"), okta("joe", "2"), okta("ann", "3"), okta("bob", "4")]
    both = BothSides(people, statuses=statuses)
    for number, name in enumerate(("jane", "joe", "ann", "bob"), 1):
        both.add(ngrok(name, str(number)))
    assert found(both) == [("OKT911", "“jane”."), ("OKT918", "“joe”.")]


@pytest.mark.parametrize(
    ("created", "new_since", "is_new"),
    [
        ("2026-11-21", "2026-11-20", True),
        ("2026-11-20", "2026-11-20", False),
        ("2026-11-19", "2026-11-20", False),
        ("2026-11-21", "", False),
    ],
)
def test_who_was_just_assigned_is_waited_for(created: str, new_since: str, is_new: bool) -> None:
    new = AppUser("00u1", "jane@corp.example", "", "", "ACTIVE", created=created)
    [one] = BothSides([new], new_since=new_since).findings()
    assert one.title.startswith("Somebody was just assigned") is is_new


def test_of_an_incomplete_list_only_those_are_gone_who_were_looked_for() -> None:
    people = [okta("jane", "1"), okta("joe", "2"), okta("ann", "3", "SUSPENDED"), okta("bob")]
    both = met([*people, okta("here", "4")], [ngrok("here", "4")])
    assert both.absent(5) == ["1", "2"]
    assert both.absent(1) == ["1"]
    for gone, those in ((None, ["2 people: “jane”; “joe”."]), ({"2"}, ["“joe”."]), ((), [])):
        findings = both.findings(gone=gone)
        evidence = [item.evidence.replace("@corp.example", "") for item in findings]
        assert evidence == ["“bob”.", *those]


def test_everybody_who_is_linked_is_listed() -> None:
    people = [okta("jane", "1"), okta("joe", "2"), okta("ann", "3", "SUSPENDED"), okta("bob")]
    both = met(people, [ngrok("jane", "1"), ngrok("ann", "3"), ngrok("else", "9")])
    assert list(both.linked()) == [
        ("1", "jane@corp.example", True, True),
        ("2", "joe@corp.example", True, False),
        ("3", "ann@corp.example", False, True),
    ]
    assert [user.id for user in both.others()] == ["9"]


def test_of_two_app_users_with_one_id_the_assigned_one_counts_and_the_other_is_named() -> None:
    assigned, suspended = okta("jane", "1"), okta("ann", "1", "SUSPENDED")
    for people in ((assigned, suspended), (suspended, assigned)):
        both = met(people, [])
        assert [one.user_name for one in both.rivals] == ["ann@corp.example"]
        assert [name for _, name, _, _ in both.linked()] == ["jane@corp.example"]


def test_who_is_locked_out_or_has_another_name_is_known_by_id() -> None:
    people = [okta("jane", "1"), okta("joe", "2"), okta("ann", "3"), okta("bob", "4", "SUSPENDED")]
    users = [
        ngrok("jane", "1", active=False),
        ngrok("jo", "2"),
        ngrok("Ann", "3"),
        ngrok("bob", "4", active=False),
    ]
    both = met(people, users)
    assert both.locked_out == {"1"}
    assert both.renamed == {"2": "jo@corp.example"}


def test_many_are_counted_and_the_first_five_are_named() -> None:
    both = met([okta(f"user{number}") for number in range(1200)], [])
    assert found(both) == [
        ("OKT908", "1,200 people: “user0”; “user1”; “user2”; “user3”; “user4”; and 1,195 more.")
    ]


def test_a_name_of_any_length_is_matched() -> None:
    long = "a" * 5000
    app_users = [AppUser("00u1", long, "", "1", "ACTIVE"), AppUser("00u2", long, "", "", "ACTIVE")]
    both = met(app_users, [NgrokUser("1", long, long, True), NgrokUser("2", long, long, True)])
    assert [code for code, _ in found(both)] == ["OKT914", "OKT908"]
    assert both.orphans() == []


# Few names and ids, so that they meet.
FEW = st.sampled_from(["", "a", "A", "b", "jane@corp.example", "Jane@corp.example"])
STATUSES = st.sampled_from(["ACTIVE", "STAGED", "SUSPENDED", "DEPROVISIONED", "IMPORTED", "?"])
APP_USERS = st.builds(AppUser, st.just("00u"), FEW, st.just(""), FEW, STATUSES)
ACTIVE = st.sampled_from([True, False, None])
USERS = st.builds(NgrokUser, FEW, FEW, st.just(""), ACTIVE)
MANY_USERS = st.lists(USERS, max_size=4, unique_by=lambda user: user.id)


@given(st.lists(APP_USERS, max_size=3), MANY_USERS, st.sets(FEW.map(str.casefold)))
def test_the_order_of_the_people_changes_no_code(
    app_users: list[AppUser], users: list[NgrokUser], removed: set[str]
) -> None:
    orders = itertools.product(itertools.permutations(app_users), itertools.permutations(users))
    codes = {
        tuple(item.code for item in met(one, other).findings(removed=removed))
        for one, other in orders
    }
    assert len(codes) == 1


def those_in_ngrok(app_user: AppUser, users: list[NgrokUser]) -> list[NgrokUser]:
    by_id = [user for user in users if user.id and user.id == app_user.external_id]
    name = app_user.user_name.casefold()
    return by_id + [user for user in users if name and user.user_name.casefold() == name]


@given(
    st.lists(
        APP_USERS,
        max_size=4,
        unique_by=(
            lambda user: user.user_name.casefold(),
            lambda user: user.external_id or object(),
        ),
    ),
    st.lists(
        USERS,
        max_size=4,
        unique_by=(lambda user: user.user_name.casefold(), lambda user: user.id),
    ),
)
def test_all_people_together_are_judged_as_each_is_alone(
    app_users: list[AppUser], users: list[NgrokUser]
) -> None:
    """Where no id belongs to one person and the name to another, nothing is to be decided."""
    meant = [those_in_ngrok(one, users) for one in app_users]
    assume(all(sum(user in those for those in meant) <= 1 for user in users))
    pairs = [(one, next(iter(those), None)) for one, those in zip(app_users, meant, strict=True)]
    taken = [user.id for _, user in pairs if user]
    alone = {
        item.code for app_user, user in pairs for item in judge_match(match(app_user, user), CORP)
    }
    for user in users:
        if user.id not in taken:
            removed = any(
                user in those_in_ngrok(app_user, users)
                for app_user in app_users
                if assignment_of(app_user) is Assignment.REMOVED
            )
            alone |= {item.code for item in judge_match(match(None, user, removed=removed))}
    assert {item.code for item in met(app_users, users).findings()} == alone


ANY_TEXT = st.text(st.characters(codec=None), max_size=30)


@given(
    st.lists(st.builds(AppUser, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT | STATUSES)),
    st.lists(st.builds(NgrokUser, ANY_TEXT, ANY_TEXT, ANY_TEXT, ACTIVE)),
    st.booleans(),
)
def test_any_people_can_be_held_against_each_other(
    app_users: list[AppUser], users: list[NgrokUser], linked: bool
) -> None:
    if linked:
        app_users += [
            AppUser("00u", user.user_name, "", user.id, "ACTIVE") for user in users if user.active
        ]
    both = met(app_users, users)
    findings = both.findings()
    assert {item.code for item in findings} <= CATALOGUE.keys()
    assert all(len(item.evidence) < 7000 for item in findings)
    orphans = len(both.orphans(len(users)))
    assert orphans <= len([user for user in users if user.active is not False])


def test_what_is_kept_of_a_person_is_small() -> None:
    user = NgrokUser("1", "jane@corp.example", "A Name" * 1000, True, ("jane@corp.example",) * 1000)
    [orphan] = met([], [user]).orphans()
    assert orphan == user._replace(display_name="", emails=())


def test_who_has_left_and_is_unknown_in_okta_is_not_kept() -> None:
    both = met([okta("jane", "1")], [ngrok("joe", "2", active=False)])
    assert both._others == {}


@pytest.mark.parametrize(
    ("gone", "codes"),
    [
        (None, ["OKT909"]),
        (frozenset({"usr_1"}), ["OKT909"]),
        (frozenset({"usr_2"}), []),
        (NONE, []),
    ],
)
def test_where_the_list_is_not_proven_whole_nobody_is_gone_without_proof(
    gone: frozenset[str] | None, codes: list[str]
) -> None:
    both = met([okta("ada", "usr_1")], [])

    assert [item.code for item in both.findings(gone=gone)] == codes


def test_whoever_has_another_name_in_ngrok_is_known_by_both() -> None:
    linked = [okta("ada", "usr_1"), okta("bruno", "usr_2")]
    both = met(linked, [ngrok("ada.new", "usr_1"), ngrok("Bruno", "usr_2")])

    assert both.renamed == {"usr_1": "ada.new@corp.example"}
