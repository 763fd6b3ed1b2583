from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.sandbox.message import RefusedError
from ngrok_scim_cli.sandbox.okta_api import compile_filter, values_at
from tests.support.cases import each_case

CODE = "E0000031"
EVENT: dict[str, Any] = {
    "eventType": "application.provision.user.push",
    "outcome": {"result": "FAILURE", "reason": None},
    "target": [{"id": "0ua1", "type": "AppUser"}, {"id": "0oa1", "type": "AppInstance"}],
    "version": 0,
}


def _look(path: str) -> Any:  # noqa: ANN401 - as values_at
    return values_at(EVENT, path)


@each_case(
    ("path", "values"),
    [
        ("eventType", ["application.provision.user.push"]),
        ("outcome.result", ["FAILURE"]),
        ("outcome.reason", []),
        ("target.id", ["0ua1", "0oa1"]),
        ("target.id.deeper", []),
        ("target", []),
        ("version", []),
        ("nothing.there", []),
        ("", []),
    ],
)
def test_values_stand_under_a_path(path: str, values: list[str]) -> None:
    assert values_at(EVENT, path) == values


@each_case(
    ("text", "holds"),
    [
        ('target.id eq "0oa1"', True),
        ('target.id eq "0oa"', False),
        ('target.id sw "0oa"', True),
        ('eventType sw "application.provision"', True),
        ('eventType SW "application.provision" AND outcome.result EQ "FAILURE"', True),
        ('eventType sw "user." and outcome.result eq "FAILURE"', False),
        ('eventType sw "user." or outcome.result eq "FAILURE"', True),
        ('outcome.reason eq "x"', False),
        ("outcome.reason pr", False),
        ("target.id pr", True),
        ('outcome.result ne "FAILURE"', False),
        ('outcome.result ne "SUCCESS"', True),
        # "and" binds closer than "or".
        ('version eq "1" and version eq "1" or outcome.result eq "FAILURE"', True),
        ('outcome.result eq "FAILURE" or version eq "1" and version eq "1"', True),
        ('version eq "1" and (version eq "1" or outcome.result eq "FAILURE")', False),
        ('(((outcome.result eq "FAILURE")))', True),
        ('( outcome.result  eq   "FAILURE" )', True),
        ('outcome.result eq "FAILUR\\u0045"', True),
        ('outcome.result eq "failure"', False),
    ],
)
def test_filter_is_understood(text: str, holds: bool) -> None:
    assert compile_filter(text, CODE)(_look) is holds


def test_case_is_folded_on_request() -> None:
    wanted = compile_filter(
        'outcome.result eq "FaiLure" or version eq "1"', CODE, fold=str.casefold
    )

    assert wanted(lambda _: ["failure"])
    assert not wanted(lambda _: ["FAILURE"])


@each_case(
    "text",
    [
        "",
        " ",
        "target.id",
        "target.id eq",
        "target.id eq 0oa1",
        "target.id eq 7",
        'target.id eq "0oa1',
        'target.id xx "0oa1"',
        'target.id eq "0oa1" and',
        'target.id eq "0oa1" "0oa2"',
        'target.id eq "0oa1")',
        '(target.id eq "0oa1"',
        '(target.id eq "0oa1" version',
        '"0oa1" eq',
        'target.id eq "\\q"',
        "(" * 5000,
        'not (version eq "1")',
        'target[type eq "AppUser"]',
        "x ne 7 or " * 5000 + "x",
    ],
)
def test_filter_that_is_not_understood_is_reported(text: str) -> None:
    with pytest.raises(RefusedError, match="E0000031"):
        compile_filter(text, CODE)


def test_filter_may_be_nested() -> None:
    nested = "(" * 20 + 'outcome.result eq "FAILURE"' + ")" * 20

    assert compile_filter(nested, CODE)(_look)


@given(st.text('() "\\abeqorndsw.1', max_size=60))
def test_any_text_is_a_filter_or_none(text: str) -> None:
    try:
        wanted = compile_filter(text, CODE)
    except RefusedError:
        return
    assert wanted(_look) in (True, False)


_COMPARISONS = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["eq", "sw"]), st.sampled_from(["x", "xy", ""])
)
_FILTERS = st.recursive(
    _COMPARISONS.map(
        lambda one: (
            f'{one[0]} {one[1]} "{one[2]}"',
            lambda look: _compares(look(one[0]), one[1], one[2]),
        )
    ),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
        lambda joined: (
            f"({joined[0][0]}) {joined[1]} ({joined[2][0]})",
            lambda look: (
                (joined[0][1](look) and joined[2][1](look))
                if joined[1] == "and"
                else (joined[0][1](look) or joined[2][1](look))
            ),
        )
    ),
    max_leaves=8,
)


def _compares(found: list[str], operator: str, value: str) -> bool:
    return any(text == value if operator == "eq" else text.startswith(value) for text in found)


@given(_FILTERS, st.lists(st.sampled_from(["", "x", "xy"])), st.lists(st.sampled_from(["x", "y"])))
def test_filter_does_what_it_says(
    written: tuple[str, Callable[[Callable[[str], list[str]]], bool]], a: list[str], b: list[str]
) -> None:
    text, meant = written

    def look(path: str) -> list[str]:
        return {"a": a, "b": b}[path]

    assert compile_filter(text, CODE)(look) is meant(look)
