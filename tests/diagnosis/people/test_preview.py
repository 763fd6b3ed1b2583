"""What the first sync would do, of people who stand on both sides in every way there is."""

import pytest

from ngrok_scim_cli.diagnosis.people.both_sides import BothSides
from ngrok_scim_cli.diagnosis.people.preview import Preview, PreviewedPerson, What, preview
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser
from tests.support.cases import each_case

JANE = "jane@corp.example"
DOMAINS = frozenset({"corp.example"})

Row = tuple[str, What, str]


def assigned(user_name: str, external_id: str = "", status: str = "ACTIVE") -> AppUser:
    number = f"00u-{user_name}-{external_id}-{status}"
    return AppUser(number, user_name, user_name, external_id, status)


def account(user_name: str, identifier: str = "usr_1", active: bool | None = True) -> NgrokUser:
    return NgrokUser(identifier, user_name, "Somebody", active)


def previewed(
    in_okta: list[AppUser],
    in_ngrok: list[NgrokUser],
    removed: tuple[str, ...] = (),
    *,
    is_whole: bool = True,
) -> Preview:
    both = BothSides(in_okta, domains=DOMAINS)
    for user in in_ngrok:
        both.add(user)
    return preview(both, domains=DOMAINS, removed=removed, is_whole=is_whole)


CASES: dict[str, tuple[list[AppUser], list[NgrokUser], list[Row]]] = {
    "the same name": ([assigned(JANE)], [account(JANE)], [(JANE, What.LINK, "link it")]),
    "the same name, deactivated": (
        [assigned(JANE)],
        [account(JANE, active=False)],
        [(JANE, What.LINK, "activate it")],
    ),
    "nobody of that name": ([assigned(JANE)], [], [(JANE, What.CREATE, "create a user")]),
    "another case": (
        [assigned(JANE)],
        [account("Jane@corp.example")],
        [(JANE, What.CONFLICT, "“Jane@corp.example”: the same name, written differently")],
    ),
    "whitespace in ngrok": (
        [assigned(JANE)],
        [account(f"{JANE} ")],
        [(JANE, What.CONFLICT, "written differently")],
    ),
    "whitespace in ngrok, deactivated": (
        [assigned(JANE)],
        [account(f"{JANE} ", active=False)],
        [(JANE, What.CONFLICT, "written differently")],
    ),
    "whitespace in Okta": (
        [assigned(f"{JANE} ")],
        [account(JANE)],
        [(f"{JANE} ", What.CONFLICT, "contains U+0020 SPACE")],
    ),
    "two in ngrok": (
        [assigned(JANE)],
        [account(JANE), account("JANE@corp.example", "usr_2", active=False)],
        [(JANE, What.CONFLICT, "2 users of this name")],
    ),
    "two in Okta": (
        [assigned(JANE), assigned("JANE@corp.example")],
        [],
        [
            (JANE, What.CONFLICT, "Two assigned people"),
            ("JANE@corp.example", What.CONFLICT, "Two assigned people"),
        ],
    ),
    "no e-mail address": (
        [assigned("jane")],
        [],
        [("jane", What.CONFLICT, "is not an e-mail address")],
    ),
    "outside the domains": (
        [assigned("jane@else.example")],
        [],
        [("jane@else.example", What.CONFLICT, "outside the submitted domains")],
    ),
    "an account without an id": (
        [assigned(JANE)],
        [account(JANE, "")],
        [(JANE, What.CONFLICT, "has no id")],
    ),
    "linked and in step": (
        [assigned(JANE, "usr_1")],
        [account(JANE)],
        [(JANE, What.LEAVE_ALONE, "linked the account already")],
    ),
    "linked under another name, which somebody else has": (
        [assigned("new@corp.example", "usr_1"), assigned(JANE)],
        [account(JANE)],
        [
            (JANE, What.CONFLICT, "linked the ngrok account of this name with another"),
            ("new@corp.example", What.LEAVE_ALONE, "linked the account already"),
        ],
    ),
    "linked, but gone": (
        [assigned(JANE, "usr_1")],
        [],
        [(JANE, What.CONFLICT, "no longer exists")],
    ),
    "linked, but there under another id": (
        [assigned(JANE, "usr_1")],
        [account(JANE, "usr_2")],
        [(JANE, What.CONFLICT, "no longer exists")],
    ),
    "two linked with one account": (
        [assigned(JANE, "usr_1"), assigned("john@corp.example", "usr_1")],
        [account(JANE)],
        [
            ("john@corp.example", What.CONFLICT, "with another person, too"),
            (JANE, What.LEAVE_ALONE, "linked the account already"),
        ],
    ),
    "linked, but deactivated": (
        [assigned(JANE, "usr_1")],
        [account(JANE, active=False)],
        [(JANE, What.LOCKED_OUT, "deactivated in ngrok")],
    ),
    "suspended, never linked": (
        [assigned(JANE, status="SUSPENDED")],
        [account(JANE)],
        [(JANE, What.LEAVE_ALONE, "sends nothing")],
    ),
    "suspended, linked": (
        [assigned(JANE, "usr_1", "SUSPENDED")],
        [account(JANE)],
        [(JANE, What.LEAVE_ALONE, "sends nothing")],
    ),
    "deactivated in Okta, active in ngrok": (
        [assigned(JANE, "usr_1", "DEPROVISIONED")],
        [account(JANE)],
        [(JANE, What.UNMANAGED, "deactivated or unassigned in Okta")],
    ),
    "nobody in Okta": ([], [account(JANE)], [(JANE, What.UNMANAGED, "not assigned in Okta")]),
    "nobody in Okta, without a name": (
        [],
        [account("")],
        [("usr_1", What.UNMANAGED, "not assigned in Okta")],
    ),
    "nobody in Okta, deactivated": ([], [account(JANE, active=False)], []),
    "deactivated on both sides": (
        [assigned(JANE, "usr_1", "DEPROVISIONED")],
        [account(JANE, active=False)],
        [],
    ),
    "imported, and assigned to nobody": (
        [assigned(JANE, status="IMPORTED")],
        [account(JANE)],
        [(JANE, What.UNMANAGED, "not assigned in Okta")],
    ),
}


@each_case("case", CASES)
def test_each_person_is_named_rightly_and_nobody_else(case: str) -> None:
    in_okta, in_ngrok, rows = CASES[case]
    seen = previewed(in_okta, in_ngrok)
    people = list(seen.people)
    assert [(one.user_name, one.what) for one in people] == [row[:2] for row in rows]
    for one, (_, _, why) in zip(people, rows, strict=True):
        assert why in one.why


def test_whom_okta_removed_is_reported_where_somebody_knows() -> None:
    (seen,) = previewed([], [account(JANE)], removed=(JANE,)).people
    assert "deactivated or unassigned in Okta" in seen.why


@each_case("case", CASES)
def test_nothing_follows_from_absence_in_a_list_that_is_not_whole(case: str) -> None:
    in_okta, in_ngrok, rows = CASES[case]
    seen = previewed(in_okta, in_ngrok, is_whole=False)
    kept = [
        row[:2] for row in rows if row[1] is not What.CREATE and "no longer exists" not in row[2]
    ]
    assert [(one.user_name, one.what) for one in seen.people] == kept


@pytest.mark.parametrize(
    ("link", "create", "conflict", "requests", "least"),
    [(0, 0, 0, 0, 0), (1, 0, 0, 3, 2), (0, 1, 0, 2, 1), (2, 3, 1, 13, 7), (40, 60, 0, 240, 120)],
)
def test_requests_take_their_time(
    link: int, create: int, conflict: int, requests: int, least: int
) -> None:
    counts = {What.LINK: link, What.CREATE: create, What.CONFLICT: conflict, What.LEAVE_ALONE: 5}
    people = [PreviewedPerson(JANE, what, "so") for what, n in counts.items() for _ in range(n)]
    seen = Preview.of_people(people)
    assert (seen.requests, seen.least_seconds) == (requests, least)
