from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.endpoint.paging import PageWatch, is_missed
from tests.support.cases import each_case

Given = tuple[int, int | None, int | None, list[str]]


def seen(pages: list[Given], *, complete: bool = True) -> str:
    watch = PageWatch()
    for asked, start, total, ids in pages:
        watch.add(asked, start, total, ids)
    found = watch.findings() if complete else watch.findings(complete=False)
    assert [item.code for item in found] in ([], ["USR609"])
    return found[0].evidence if found else ""


@each_case(
    "pages",
    [
        [],
        [(1, 1, 0, [])],
        [(1, 1, 3, ["a", "b", "c"])],
        [(1, 1, 3, ["a", "b"]), (3, 3, 3, ["c"])],
        [(1, 1, 3, ["a", "b"]), (3, 3, 3, ["c"]), (4, 1, 3, [])],
        [(1, None, None, ["a", "b"]), (3, None, 3, ["c"])],
        # Where nobody came, that is what is wrong.
        [(1, 1, 3, [])],
        # Who has no id cannot be told from another.
        [(1, 1, 4, ["a", "", ""]), (4, 4, 4, [""])],
        [(1, 1, 2, ["a" * 1001, "a" * 1001])],
    ],
)
def test_pages_that_fit_together(pages: list[Given]) -> None:
    assert seen(pages) == ""


@each_case(
    ("pages", "evidence"),
    [
        (
            [(1, 1, 3, ["a", "b"]), (3, 3, 4, ["c", "d"])],
            "`totalResults` is 3 on page 1 and 4 on page 2.",
        ),
        (
            [(1, 1, None, ["a"]), (2, 2, 3, ["b"]), (3, 3, 2, [])],
            "`totalResults` is 3 on page 2 and 2 on page 3.",
        ),
        (
            [(1, 1, 4, ["a", "b"]), (3, 1, 4, ["c", "d"])],
            "Page 2 was requested from user 3, but says that it begins with user 1.",
        ),
        (
            [(1, 1, 3, ["a", "b"]), (3, 3, 3, ["b", "c"])],
            "1 user is repeated: “b”, again on page 2.",
        ),
        (
            [(1, 1, 4, ["a", "b"]), (3, 3, 4, ["a", "b"])],
            (
                "2 users are repeated: “a”, again on page 2. "
                "`totalResults` is 4, but 2 different users were returned."
            ),
        ),
        (
            [(1, 1, 3, ["a", "a", "b"])],
            (
                "1 user is repeated: “a”, again on page 1. "
                "`totalResults` is 3, but 2 different users were returned."
            ),
        ),
        (
            [(1, 1, 2000, ["a", "b"])],
            "`totalResults` is 2,000, but 2 different users were returned.",
        ),
        (
            [(1, 1, 1, ["a", "b"])],
            "`totalResults` is 1, but 2 different users were returned.",
        ),
        (
            [(1, 1, 10**15, ["a"])],
            "`totalResults` is 1,000,000,000,000,000, but 1 different user was returned.",
        ),
        (
            [(1, 1, 10**15 + 1, ["a"])],
            "`totalResults` is more than a quadrillion, but 1 different user was returned.",
        ),
        (
            [(1, 1, 10**400, ["a"])],
            "`totalResults` is more than a quadrillion, but 1 different user was returned.",
        ),
        (
            [(1, -(10**400), 1, ["a"])],
            "Page 1 was requested from user 1, but says that it begins with user far below 0.",
        ),
    ],
)
def test_pages_that_do_not_fit_together(pages: list[Given], evidence: str) -> None:
    assert seen(pages) == evidence


def test_where_the_total_changes_nobody_is_missing_besides() -> None:
    pages: list[Given] = [(1, 1, 8, ["a"]), (2, 2, 9, ["b"]), (3, 3, 10, ["c"])]
    assert seen(pages) == "`totalResults` is 8 on page 1 and 9 on page 2."


def test_of_several_shifts_the_first_is_reported() -> None:
    pages: list[Given] = [(1, 1, 3, ["a"]), (2, 7, 3, ["b"]), (3, 9, 3, ["c"])]
    expected = "Page 2 was requested from user 2, but says that it begins with user 7."
    assert seen(pages) == expected


def test_nobody_is_missing_from_a_list_that_was_not_read_to_its_end() -> None:
    pages: list[Given] = [(1, 1, 3, ["a", "b"])]
    assert seen(pages, complete=False) == ""
    assert seen(pages, complete=True) == "`totalResults` is 3, but 2 different users were returned."


def test_only_the_first_of_each_kind_is_reported() -> None:
    pages: list[Given] = [(n, 1, 100 + n, ["a"]) for n in range(1, 50)]
    assert len(seen(pages)) < 300


@given(st.lists(st.integers(1, 9), max_size=9), st.integers(0, 3))
def test_whatever_size_the_pages_have_a_whole_list_fits(sizes: list[int], empty: int) -> None:
    ids = iter(f"usr_{number}" for number in range(100))
    pages: list[Given] = []
    begin = 1
    for size in [*sizes, *[0] * empty]:
        pages.append((begin, begin, sum(sizes), list(islice(ids, size))))
        begin += size
    assert seen(pages) == ""
    if sizes:
        without_the_last = [page for page in pages if page[3]][:-1]
        assert bool(seen(without_the_last)) is bool(without_the_last)


@given(
    st.lists(
        st.tuples(
            st.integers(),
            st.none() | st.integers(),
            st.none() | st.integers(),
            st.lists(st.text(st.characters(codec=None))),
        )
    )
)
def test_any_page_is_looked_at(pages: list[Given]) -> None:
    assert len(seen(pages)) < 1000


HUNDRED = [f"u{number}" for number in range(100)]


@each_case(
    ("listed", "asked", "total", "ids", "evidence"),
    [
        # Behind the last user nobody stands, or a server that ignores startIndex repeats its page.
        (HUNDRED, 101, 100, [], ""),
        (HUNDRED[:99], 100, 99, HUNDRED[:2], ""),
        (["", *HUNDRED[:98]], 100, 99, HUNDRED[:2], ""),
        (HUNDRED, 101, 100, ["u0", "u1"], "(number 101), the server returned “u0” and others"),
        (["", *HUNDRED[:99]], 101, 100, ["u0"], "returned “u0” and others again"),
        (HUNDRED, 101, 100, ["u7", "more", "other"], "the server returned 2 more, such as “more”"),
        (HUNDRED[:3], 4, 3, ["more"], "the server returned 1 more, such as “more”"),
        (["x" * 1000], 2, 1, ["x" * 1001], ""),
        # The same total with two users asked for.
        (HUNDRED, 1, 100, ["u0", "u1"], ""),
        (HUNDRED, 1, None, ["u0", "u1"], ""),
        (HUNDRED, 1, 2, ["u0", "new"], "`totalResults` is 100 for the list, and 2 when two users"),
    ],
)
def test_a_list_is_proven_whole(
    listed: list[str], asked: int, total: int | None, ids: list[str], evidence: str
) -> None:
    watch = PageWatch()
    watch.add(1, 1, len(listed), listed)
    watch.prove(asked, total, ids)

    found = watch.findings()
    assert [item.code for item in found] == (["USR609"] if evidence else [])
    assert evidence in "".join(item.evidence for item in found)


@each_case(
    ("asked", "status", "missed"),
    [
        *((101, status, False) for status in (400, 403, 404, 416, 499)),
        *((101, status, True) for status in (399, 408, 429, 500, 503, None)),
        (1, 404, True),
        (2, 404, False),
    ],
)
def test_a_refused_page_behind_the_list_is_as_good_as_an_empty_one(
    asked: int, status: int | None, missed: bool
) -> None:
    assert is_missed(asked, status) is missed
