import pytest

from tests.support.cases import each_case


def test_every_case_is_checked_and_each_that_fails_is_named() -> None:
    checked = []

    @each_case("number", [1, pytest.param(2, id="the second"), 3])
    def check(number: int) -> None:
        checked.append(number)
        assert number == 3

    with pytest.raises(ExceptionGroup, match="2 of 3 cases") as raised:
        check()
    assert checked == [1, 2, 3]
    notes = [failure.__notes__ for failure in raised.value.exceptions]
    assert notes == [["case: {'number': 1}"], ["case: the second"]]


def test_tables_are_multiplied() -> None:
    checked = []

    @each_case("a", "xy")
    @each_case(("b", "c"), [(1, 2), (3, 4)])
    def check(a: str, b: int, c: int) -> None:
        checked.append((a, b, c))

    check()
    assert checked == [("x", 1, 2), ("x", 3, 4), ("y", 1, 2), ("y", 3, 4)]


def test_a_table_without_a_case_is_refused() -> None:
    with pytest.raises(AssertionError, match="without a case"):
        each_case("number", [])


def test_a_failure_of_the_network_guard_counts() -> None:
    @each_case("number", [1])
    def check(number: int) -> None:
        pytest.fail(f"{number} leaves this machine")

    with pytest.raises(BaseExceptionGroup):
        check()
