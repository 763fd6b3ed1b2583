from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.environment import clock_skew
from ngrok_scim_cli.wire.exchange import Reply
from tests.support.cases import each_case

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@each_case(
    ("date", "seen"),
    [
        ("Tue, 24 Nov 2026 12:00:00 GMT", None),
        ("Tue, 24 Nov 2026 12:01:00 GMT", None),
        ("Tue, 24 Nov 2026 11:59:00 GMT", None),
        ("Tue, 24 Nov 2026 12:01:01 GMT", "61 seconds behind"),
        ("Tue, 24 Nov 2026 12:05:10 GMT", "5 minutes behind"),
        ("Tue, 24 Nov 2026 09:00:01 GMT", "3 hours ahead of"),
        ("Mon, 24 Nov 2025 12:00:00 GMT", "365 days ahead of"),
        ("Tue, 24 Nov 2026 11:58:59 GMT", "61 seconds ahead of"),
        ("Tue, 24 Nov 2026 14:00:00 +0200", None),
        ("Tue, 24 Nov 2026 12:00:00 -0000", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", "ahead of"),
        ("Mon, 01 Jan 10000 00:00:00 GMT", None),
        ("Tue, 24 Nov 2026 12:00:00 +9999", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_the_clock_is_compared_with_the_servers(date: str | None, seen: str | None) -> None:
    headers = (("date", date),) if date is not None else ()
    item = clock_skew(Reply(403, headers=headers), NOW)
    assert (item.code if item else None) == ("ENV003" if seen else None)
    assert seen is None or (item and seen in item.evidence)


@given(date=st.text() | st.datetimes().map(str), shift=st.timedeltas())
def test_any_date_is_taken(date: str, shift: timedelta) -> None:
    try:
        now = NOW + shift
    except OverflowError:
        now = NOW
    clock_skew(Reply(200, headers=(("date", date),)), now)
