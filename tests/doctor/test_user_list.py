from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.people.records import NgrokUser
from ngrok_scim_cli.doctor.user_list import UserList, Wanted
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.pages import Page
from tests.support.cases import each_case

URL = "http://127.0.0.1/scim/v2/Users?startIndex=1&count=100"
GOOD = Exchange("list users", "GET", URL, Reply(200))
ADA = NgrokUser("usr_1", "ada@corp.example", "Ada Abara", active=True, emails=("a@x.example",))


def page(*names: str, total: int | None, asked: int = 1, active: bool = True) -> Page:
    items = tuple({"id": name, "userName": name, "active": active} for name in names)
    return Page(items, GOOD, total, asked, asked)


def broken(exchange: Exchange) -> Page:
    return Page((), exchange, ok=False)


def read(*pages: Page, wanted: Wanted | None = None) -> tuple[UserList, list[list[str]]]:
    listing = UserList(iter(pages), wanted or Wanted())
    return listing, [[user.id for user in users] for users in listing.pages()]


def test_the_list_is_read_to_its_end() -> None:
    listing, ids = read(page("a", "b", total=3), page("c", total=3, asked=3))
    assert ids == [["a", "b"], ["c"]]
    assert (listing.seen, listing.listed, listing.total) == (3, 3, 3)
    assert (listing.findings, listing.conclusive, len(listing.exchanges)) == ((), True, 2)


def proof(*names: str, total: int | None, asked: int) -> Page:
    return replace(page(*names, total=total, asked=asked), is_proof=True)


@each_case(
    ("proofs", "found"),
    [
        ((proof(total=2, asked=3), proof("a", "b", total=2, asked=1)), []),
        # The server that does not heed startIndex hides nobody of a short list.
        ((proof("a", "b", total=2, asked=3), proof("a", "b", total=2, asked=1)), []),
        ((proof(total=0, asked=3), proof("a", "b", total=2, asked=1)), []),
        ((proof("c", total=2, asked=3), proof("a", "b", total=2, asked=1)), ["USR609"]),
        ((proof(total=2, asked=3), proof("a", total=1, asked=1)), ["USR609"]),
        ((proof(total=2, asked=3), proof("a", "b", total=250, asked=1)), ["USR609"]),
    ],
)
def test_a_list_is_complete_where_the_next_page_is_empty_and_totals_agree(
    proofs: tuple[Page, ...], found: list[str]
) -> None:
    listing, ids = read(page("a", "b", total=2), *proofs)
    assert (ids, listing.seen) == ([["a", "b"]], 2)
    assert [item.code for item in listing.findings] == found


@pytest.mark.parametrize(
    ("asked", "status", "found"),
    [(3, 404, []), (3, 400, []), (3, 500, ["SCM506"]), (1, 500, ["SCM506"]), (1, 404, ["SCM503"])],
)
def test_a_proof_that_does_not_come_is_reported_where_it_is_missed(
    asked: int, status: int, found: list[str]
) -> None:
    failed = Page((), replace(GOOD, reply=Reply(status)), asked=asked, ok=False, is_proof=True)
    listing, _ = read(page("a", "b", total=2), failed)
    assert [item.code for item in listing.findings if item.severity == "error"] == found


def test_a_list_that_breaks_off_gives_what_came_and_says_why() -> None:
    failed = replace(GOOD, reply=Reply(500, body=b"oops"))
    listing, ids = read(page("a", total=2), broken(failed))
    assert ids == [["a"]]
    assert [item.code for item in listing.findings] == ["SCM506"]
    assert listing.conclusive


def test_a_page_that_is_no_list_is_never_taken_for_the_end() -> None:
    """A reply that the judge has nothing against is an error all the same."""
    body = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0}'
    fine = replace(
        GOOD, reply=Reply(200, headers=(("content-type", "application/json"),), body=body)
    )
    listing, _ = read(broken(fine))
    assert any(item.severity == "error" for item in listing.findings)


@pytest.mark.parametrize(("pages", "conclusive"), [((), False), ((page("a", total=2),), True)])
def test_a_failure_of_this_machine_is_inconclusive_before_the_first_page(
    pages: tuple[Page, ...], conclusive: bool
) -> None:
    withheld = Exchange("", "GET", URL, failure=Failure(FailureKind.WITHHELD, "not allowed"))
    listing, _ = read(*pages, broken(withheld))
    assert listing.conclusive is conclusive
    assert [item.code for item in listing.findings] == ["NET412"]


@pytest.mark.parametrize(("total", "code"), [(0, "USR601"), (None, "USR601"), (7, "USR602")])
def test_a_list_of_nobody_is_a_failure(total: int | None, code: str) -> None:
    listing, _ = read(page(total=total))
    assert [item.code for item in listing.findings] == [code]


@each_case(
    ("wanted", "taken"),
    [
        (Wanted(), True),
        (Wanted(active=True), True),
        (Wanted(active=False), False),
        (Wanted(match="ADA@"), True),
        (Wanted(match="abara"), True),
        (Wanted(match="USR_1"), True),
        (Wanted(match="x.example"), True),
        (Wanted(match="bruno"), False),
        (Wanted(active=False, match="ada"), False),
    ],
)
def test_a_filter_chooses_users(wanted: Wanted, taken: bool) -> None:
    assert wanted.takes(ADA) is taken


def test_who_has_no_boolean_is_neither_active_nor_deactivated() -> None:
    unknown = ADA._replace(active=None)
    assert not Wanted(active=True).takes(unknown)
    assert not Wanted(active=False).takes(unknown)


def test_who_was_left_out_counts_as_seen() -> None:
    listing, ids = read(page("a", "b", total=2, active=False), wanted=Wanted(match="b"))
    assert ids == [["b"]]
    assert (listing.seen, listing.listed, listing.inactive) == (2, 1, 1)


def test_there_is_no_count_where_no_list_came() -> None:
    listing, _ = read(broken(replace(GOOD, reply=Reply(500))))
    assert listing.count is None
    counted, _ = read(page("a", total=4))
    assert counted.count is not None
    assert (counted.count.total, counted.count.returned) == (4, 1)
