from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Subject
from ngrok_scim_cli.diagnosis.people.aggregate import Aggregate, PeopleRules

numbers: PeopleRules[int] = PeopleRules("users", Subject.USERS)


@numbers(
    "USR608",
    "A number is large",
    fix="Take a smaller one.",
    shows=lambda number: f"“{number}” is large",
)
def _is_large(number: int) -> bool:
    return number >= 100


@numbers("USR606", shows=str)
def _is_odd(number: int) -> bool:
    return number % 2 == 1


def counted(*seen: int) -> Aggregate[int]:
    aggregate = Aggregate(numbers)
    for number in seen:
        aggregate.add(number)
    return aggregate


def test_a_rule_that_matches_nobody_gives_no_finding() -> None:
    assert counted(2, 4).findings() == ()


def test_each_rule_sums_up_whom_it_concerns_in_the_order_of_the_rules() -> None:
    assert counted(1, 102, 3, 100).findings() == (
        replace(
            finding(
                "USR608", "2 users: “102” is large; “100” is large.", fix="Take a smaller one."
            ),
            title="A number is large",
        ),
        finding("USR606", "2 users: 1; 3."),
    )


@pytest.mark.parametrize(
    ("count", "evidence"),
    [
        (1, "1."),
        (2, "2 users: 1; 3."),
        (5, "5 users: 1; 3; 5; 7; 9."),
        (6, "6 users: 1; 3; 5; 7; 9; and 1 more."),
        (2017, "2,017 users: 1; 3; 5; 7; 9; and 2,012 more."),
    ],
)
def test_only_the_first_five_are_named(count: int, evidence: str) -> None:
    found = counted(*range(1, 2 * count, 2)).findings()
    assert found[-1].evidence == evidence


def test_only_the_first_five_names_are_formatted() -> None:
    asked: list[int] = []

    def shows(number: int) -> str:
        asked.append(number)
        return str(number)

    rules: PeopleRules[int] = PeopleRules("users", Subject.USERS)
    rules("USR608", shows=shows)(_is_odd)
    aggregate = Aggregate(rules)
    for number in range(1, 100):
        aggregate.add(number)
    assert asked == [1, 3, 5, 7, 9]


def test_a_single_item_is_judged_by_the_same_rules() -> None:
    assert [item.code for item in numbers.judge(101)] == ["USR608", "USR606"]
    assert numbers.judge(2) == ()


def test_a_copy_goes_on_by_itself() -> None:
    aggregate = counted(1)
    copy = aggregate.copy()
    copy.add(3)
    assert aggregate.findings() == (finding("USR606", "1."),)
    assert copy.findings() == (finding("USR606", "2 users: 1; 3."),)
