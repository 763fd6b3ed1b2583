import weakref
from contextlib import suppress
from threading import Barrier, Event, Thread

import pytest

from ngrok_scim_cli.diagnosis.unknown import Unknown, present
from ngrok_scim_cli.doctor.evidence import SharedFuture, gather


def test_a_value_is_fetched_once_for_all_who_need_it() -> None:
    fetched: list[int] = []
    everybody = Barrier(8, timeout=10)
    got: list[int] = []

    def fetch() -> int:
        fetched.append(1)
        return 42

    once = SharedFuture(fetch)

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
    once = SharedFuture(lambda: pytest.fail("nobody asked"))
    assert once.peek() is None
    assert not once.is_over


def test_what_is_needed_together_is_fetched_side_by_side() -> None:
    both = Barrier(2, timeout=10)
    one, other = SharedFuture(both.wait), SharedFuture(both.wait)
    gather(one, other)
    assert (one.is_over, other.is_over) == (True, True)
    assert {one.get(), other.get()} == {0, 1}


def test_where_one_is_missing_nothing_is_under_way_any_more() -> None:
    failed = Event()

    def fail() -> int:
        failed.set()
        raise Unknown("There is no Okta org.")

    def late() -> int:
        failed.wait()
        return 1

    other = SharedFuture(late)
    with pytest.raises(Unknown, match="no Okta org"):
        gather(SharedFuture(fail), other)
    assert other.is_over


def test_every_waiting_thread_gets_the_error() -> None:
    go = Event()

    def fetch() -> int:
        go.wait()
        raise Unknown("There is no Okta org.")

    once = SharedFuture(fetch)
    errors: list[Unknown] = []

    def need() -> None:
        try:
            once.get()
        except Unknown as missing:
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


def test_an_error_keeps_nothing_of_those_who_asked() -> None:
    def fail() -> None:
        raise Unknown("no")

    shared = SharedFuture(fail)

    def ask() -> weakref.ref[set[str]]:
        seen = {"a page of people"}
        with suppress(Unknown):
            shared.get()
        return weakref.ref(seen)

    first, *_ = (ask(), ask())

    assert first() is None


def test_even_a_fetch_that_exits_leaves_nobody_waiting() -> None:
    def fetch() -> int:
        raise SystemExit

    with pytest.raises(SystemExit):
        SharedFuture(fetch).get()


def test_a_value_that_was_fetched_can_be_looked_at() -> None:
    once = SharedFuture(lambda: "value")
    once.get()
    assert once.peek() == "value"


def test_what_is_present_is_returned_and_what_is_missing_raised() -> None:
    assert present(1) == 1
    with pytest.raises(Unknown, match="no key"):
        present(Unknown("There is no key."))
