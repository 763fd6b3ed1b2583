from threading import Barrier, Event, Thread

import pytest

from ngrok_scim_cli.doctor.shared_future import Missing, Once, present, together


def test_a_value_is_fetched_once_for_all_who_need_it() -> None:
    fetched: list[int] = []
    everybody = Barrier(8, timeout=10)
    got: list[int] = []

    def fetch() -> int:
        fetched.append(1)
        return 42

    once = Once(fetch)

    def need() -> None:
        everybody.wait()
        got.append(once.get())

    threads = [Thread(target=need) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (fetched, got) == ([1], [42] * 8)


def test_nothing_is_fetched_before_it_is_needed() -> None:
    once = Once(lambda: pytest.fail("nobody asked"))
    assert once.peek() is None
    assert not once.is_over


def test_what_is_needed_together_is_fetched_side_by_side() -> None:
    both = Barrier(2, timeout=10)
    one, other = Once(both.wait), Once(both.wait)
    together(one, other)
    assert (one.is_over, other.is_over) == (True, True)
    assert {one.get(), other.get()} == {0, 1}


def test_where_one_is_missing_nothing_is_under_way_any_more() -> None:
    failed = Event()

    def fail() -> int:
        failed.set()
        raise Missing("There is no Okta org.")

    def late() -> int:
        failed.wait()
        return 1

    other = Once(late)
    with pytest.raises(Missing, match="no Okta org"):
        together(Once(fail), other)
    assert other.is_over


def test_whoever_waits_gets_the_error() -> None:
    go = Event()

    def fetch() -> int:
        go.wait()
        raise Missing("There is no Okta org.")

    once = Once(fetch)
    errors: list[Missing] = []

    def need() -> None:
        try:
            once.get()
        except Missing as missing:
            errors.append(missing)

    threads = [Thread(target=need) for _ in range(3)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert [item.reason for item in errors] == ["There is no Okta org."] * 3
    assert once.is_over
    assert once.peek() is None


def test_even_a_fetch_that_exits_leaves_nobody_waiting() -> None:
    def fetch() -> int:
        raise SystemExit

    with pytest.raises(SystemExit):
        Once(fetch).get()


def test_a_value_that_was_fetched_can_be_looked_at() -> None:
    once = Once(lambda: "value")
    once.get()
    assert once.peek() == "value"


def test_what_is_present_is_returned_and_what_is_missing_raised() -> None:
    assert present(1) == 1
    with pytest.raises(Missing, match="no key"):
        present(Missing("There is no key."))
