"""Queries whose times are written as moments: the same events, whenever and wherever they are read."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.query import EventQuery, parse_query, print_query, resolve_span
from data.query.fixing import fixed
from data.query.model import TIME_KEYS, Span
from tests.hand_clock import NOW

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")


def moments(query: EventQuery, now: datetime, zone: ZoneInfo) -> list[tuple[bool, list[tuple[int | None, int | None]]]]:
    return [
        (
            clause.negated,
            [
                (window.start_us, window.end_us)
                for value in clause.values
                if isinstance(value, Span)
                for window in [resolve_span(clause.key, value, now, zone)]
            ],
        )
        for clause in query.of(*TIME_KEYS)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "last:30d",
        "last:90m",
        "last:all",
        "after:yesterday",
        "before:2026-03-29t02:30",
        "during:today",
        "during:2025-10-26t02:15..2025-10-26t02:30",
        "during:last-quarter,2026-02",
        "-during:2026-01-01t00:00:00.123 last:all",
        "during:2026-03..today",
    ],
)
def test_a_fixed_query_means_later_and_elsewhere_what_it_meant_then_and_there(text: str) -> None:
    query = parse_query(text)
    kept = fixed(query, NOW, BERLIN)
    assert moments(parse_query(print_query(kept)), NOW + timedelta(days=400), TOKYO) == moments(query, NOW, BERLIN)


def test_what_is_no_time_stays_as_it_is() -> None:
    query = parse_query("outcome:denied -actor:Alice word last:all")
    assert fixed(query, NOW, BERLIN) == query


def test_a_time_without_a_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="no moment"):
        fixed(parse_query("during:today..2026-01-01"), NOW, BERLIN)
