from collections.abc import Iterator
from threading import Event

import pytest

from ngrok_scim_cli.doctor.background import prefetch


class Odd(Exception):  # noqa: N818 - a name for the test alone
    pass


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_every_value_comes_in_its_order(count: int) -> None:
    assert list(prefetch(iter(range(count)))) == list(range(count))


def test_prefetch_yields_none_values() -> None:
    assert list(prefetch(iter([None, 0, None]))) == [None, 0, None]


def test_what_the_fetch_raises_comes_behind_what_it_gave() -> None:
    def values() -> Iterator[int]:
        yield 1
        raise Odd

    going = prefetch(values())
    assert next(going) == 1
    with pytest.raises(Odd):
        next(going)


def test_the_next_value_is_fetched_while_the_last_is_used() -> None:
    fetched = Event()

    def values() -> Iterator[int]:
        yield 1
        fetched.set()
        yield 2

    going = prefetch(values())
    assert next(going) == 1
    assert fetched.wait(30)
    assert list(going) == [2]


def test_nothing_is_fetched_after_it_was_given_up() -> None:
    over = Event()
    fetched = []

    def values() -> Iterator[int]:
        try:
            for number in range(1000):
                fetched.append(number)
                yield number
        finally:
            over.set()

    going = prefetch(values())
    assert next(going) == 0
    going.close()
    assert over.wait(30)
    # One was given out, two wait, one is on its way.
    assert len(fetched) <= 5
