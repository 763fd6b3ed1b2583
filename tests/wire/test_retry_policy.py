from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from ngrok_scim_cli.wire.retry_policy import (
    LONGEST_WAIT,
    MOST_WAITS,
    RetryPolicy,
    is_used_up,
    retry_after,
    until_reset,
)
from tests.support.cases import each_case

NOW = 1_764_000_000.0
DATE = "Mon, 24 Nov 2025 16:00:00 GMT"


def reply(**headers: str) -> Reply:
    return Reply(
        429, headers=tuple((name.replace("_", "-"), value) for name, value in headers.items())
    )


def exchange(status: int) -> Exchange:
    return Exchange("read it", "GET", "https://a.test", reply=Reply(status))


class Server:
    """Answers with one status after the other, then with the last for ever."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = statuses
        self.asked = 0

    def __call__(self) -> Exchange:
        self.asked += 1
        return exchange(self._statuses[min(self.asked, len(self._statuses)) - 1])


@each_case(
    ("statuses", "waits", "ends_with"),
    [
        ((200,), [], 200),
        ((503, 200), [], 503),
        ((429, 200), [5.0], 200),
        ((429, 429, 404), [5.0, 5.0], 404),
        ((429, 429, 429, 200), [5.0] * 3, 200),
        ((429,), [5.0] * MOST_WAITS, 429),
    ],
)
def test_only_a_429_is_waited_for_and_not_for_ever(
    statuses: tuple[int, ...], waits: list[float], ends_with: int
) -> None:
    paused: list[float] = []
    reported: list[tuple[str, float]] = []
    server = Server(*statuses)

    last = RetryPolicy(paused.append, lambda *wait: reported.append(wait)).ask(
        server, lambda _: 5.0
    )

    assert last.reply is not None
    assert last.reply.status == ends_with
    assert paused == waits
    assert reported == [("read it", seconds) for seconds in waits]
    assert server.asked == len(waits) + 1


def test_a_failure_is_not_waited_for() -> None:
    failed = Exchange("x", "GET", "https://a.test", failure=Failure(FailureKind.DNS, "x"))

    assert RetryPolicy(lambda _: pytest.fail("a wait")).ask(lambda: failed, lambda _: 1.0) is failed


def test_no_wait_is_longer_than_a_minute_and_the_callback_is_optional() -> None:
    paused: list[float] = []

    RetryPolicy(paused.append).wait("x", 1e300)

    assert paused == [LONGEST_WAIT]


@each_case(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0"}, 1.0),
        ({"retry_after": "86400"}, 86400.0),
        ({}, LONGEST_WAIT),
        ({"retry_after": DATE}, LONGEST_WAIT),
        ({"retry_after": "-5"}, LONGEST_WAIT),
        ({"retry_after": "1.5"}, LONGEST_WAIT),
        ({"retry_after": ""}, LONGEST_WAIT),
        ({"retry_after": "²"}, LONGEST_WAIT),
        ({"retry_after": "9" * 5000}, LONGEST_WAIT),
    ],
)
def test_what_retry_after_asks_for(headers: dict[str, str], seconds: float) -> None:
    assert retry_after(reply(**headers)) == seconds


@each_case(
    ("headers", "seconds"),
    [
        ({"x_rate_limit_reset": "1764000030"}, 30.0),
        ({"x_rate_limit_reset": "1763999999"}, 1.0),
        ({"x_rate_limit_reset": "0"}, 1.0),
        # The clock of this machine is an hour late; the server's own date counts.
        ({"x_rate_limit_reset": "1764003630", "date": "Mon, 24 Nov 2025 17:00:00 GMT"}, 30.0),
        ({"x_rate_limit_reset": "1764000030", "date": DATE}, 30.0),
        ({"x_rate_limit_reset": "1764000030", "date": "yesterday"}, 30.0),
        ({"x_rate_limit_reset": "1764000030", "date": ""}, 30.0),
        ({"x_rate_limit_reset": "1764000030", "date": f"Mon, {'9' * 30} Nov 2025 16:00 GMT"}, 30.0),
        ({}, LONGEST_WAIT),
        ({"x_rate_limit_reset": "-1"}, LONGEST_WAIT),
        ({"x_rate_limit_reset": "soon"}, LONGEST_WAIT),
        ({"x_rate_limit_reset": DATE}, LONGEST_WAIT),
        ({"x_rate_limit_reset": "9" * 400}, LONGEST_WAIT),
    ],
)
def test_when_okta_resets_the_limit(headers: dict[str, str], seconds: float) -> None:
    assert until_reset(reply(**headers), NOW) == seconds


def test_a_date_without_a_zone_is_in_gmt(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "XXX-09:00")
        time.tzset()
        seconds = until_reset(
            reply(x_rate_limit_reset="1764000030", date="Mon, 24 Nov 2025 16:00:00"), 0.0
        )
    time.tzset()

    assert seconds == 30


@each_case(
    ("remaining", "expected"),
    [("0", True), ("00", True), ("1", False), ("-1", False), ("", False), ("none", False)],
)
def test_when_the_limit_is_used_up(remaining: str, expected: bool) -> None:
    assert is_used_up(reply(x_rate_limit_remaining=remaining)) is expected
    assert not is_used_up(reply())


@given(st.text(), st.text(), st.text())
@example("", "5", "Mon, 24 Nov 2025 16:00:00 +" + "9" * 30)
@example("", "5", "Mon, 24 Nov 0001 00:00:00 +2359")
def test_any_header_asks_for_some_time(after: str, reset: str, date: str) -> None:
    answer = reply(retry_after=after, x_rate_limit_reset=reset, date=date)

    assert retry_after(answer) >= 1
    assert until_reset(answer, NOW) >= 1
