from dataclasses import replace

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Subject
from ngrok_scim_cli.diagnosis.people.aggregate import Aggregate
from ngrok_scim_cli.diagnosis.rules import Match, Rules

numbers: Rules[int] = Rules(Subject.USERS)


@numbers("USR608")
def _is_large(number: int) -> Match | None:
    if number < 100:
        return None
    return Match(f"“{number}” is large", "Take a smaller one.", title="A number is large")


@numbers("USR606")
def _is_odd(number: int) -> str:
    return str(number) if number % 2 else ""


def counted(*seen: int) -> Aggregate[int]:
    aggregate = Aggregate(numbers, "users")
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


def test_what_a_rule_says_in_other_words_is_counted_by_itself() -> None:
    rules: Rules[int] = Rules(Subject.USERS)
    rules("USR606")(lambda number: Match(str(number), title="It is two" if number == 2 else ""))
    aggregate = Aggregate(rules, "users", name_of=lambda _: "jane@corp.example")
    for number in (2, 1, 2):
        aggregate.add(number)
    base = finding("USR606", "1.")
    assert aggregate.findings() == (
        base,
        replace(base, title="It is two", evidence="2 users: 2; 2."),
    )


def test_a_copy_goes_on_by_itself() -> None:
    aggregate = counted(1)
    copy = aggregate.copy()
    copy.add(3)
    assert aggregate.findings() == (finding("USR606", "1."),)
    assert copy.findings() == (finding("USR606", "2 users: 1; 3."),)
