import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.text.phrases import distance, nearest
from tests.support.cases import each_case

SHORT = st.text("abc", max_size=8)


@each_case(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("api.ngrok.com", "api.ngrok.com", 0),
        ("api.ngrok.con", "api.ngrok.com", 1),
        ("api.ngork.com", "api.ngrok.com", 1),
        ("apingrok.com", "api.ngrok.com", 1),
        ("api.ngrokk.co", "api.ngrok.com", 2),
        ("api.ngrok.net", "api.ngrok.com", 3),
        ("a" * 70, "a" * 64, 6),
    ],
)
def test_the_distance_counts_typing_mistakes(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips


@given(SHORT, SHORT)
def test_the_distance_is_the_same_in_both_directions(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("push new users", "Push New Users"),
        ("PushNewUsers", "Push New Users"),
        ("Push Group", "Push Groups"),
        ("something else", None),
        ("", None),
    ],
)
def test_the_nearest_label_is_found(text: str, label: str | None) -> None:
    assert nearest(text, ("Push New Users", "Push Groups")) == label
