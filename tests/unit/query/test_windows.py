"""Tests of data.query.windows."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import to_microseconds
from data.query import EventQuery, Window, matches, parse_query, window_of
from data.query.model import TIME_KEYS
from data.records import Event
from tests.unit.query.queries import queries

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def _day(text: str, zone: ZoneInfo = ZONE) -> int:
    return to_microseconds(datetime.fromisoformat(text).replace(tzinfo=zone))


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("last:all", None, None),
        ("during:2026-11", "2026-11-01", "2026-12-01"),
        ("during:today", "2026-11-20", "2026-11-21"),
        ("after:2026-11-05", "2026-11-05", None),
        ("before:2026-11-05", None, "2026-11-05"),
        ("after:2026-11-01 before:2026-11-05", "2026-11-01", "2026-11-05"),
        ("during:2026-11 before:2026-11-05", "2026-11-01", "2026-11-05"),
        ("during:2026-10,2026-12", "2026-10-01", "2027-01-01"),
        ("during:2026-10 -during:2026-10-05", "2026-10-01", "2026-11-01"),
        ("last:30d", "2026-10-22", "2026-11-21"),
        ("last:30d before:2026-11-05", "2026-10-22", "2026-11-05"),
        ("before:2026-11-05 last:30d", "2026-10-22", "2026-11-05"),
        ("last:all during:2026-11", "2026-11-01", "2026-12-01"),
        ("outcome:denied actor:a last:1d", "2026-11-20", "2026-11-21"),
    ],
)
def test_the_window_is_what_all_times_leave(query: str, start: str | None, end: str | None) -> None:
    window = window_of(parse_query(query), NOW, ZONE)
    assert window == Window(None if start is None else _day(start), None if end is None else _day(end))


def test_days_begin_in_the_zone_shown() -> None:
    window = window_of(parse_query("during:2026-03-29"), NOW, BERLIN)
    assert window == Window(_day("2026-03-29", BERLIN), _day("2026-03-30", BERLIN))
    assert window.end_us is not None and window.start_us is not None
    assert window.end_us - window.start_us == 23 * 3_600_000_000, "summer time began"


def test_today_ends_in_the_zone_shown() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert window_of(parse_query("last:7d"), late, BERLIN).end_us == _day("2026-11-22", BERLIN)


@given(queries, st.datetimes(datetime(1971, 1, 1), NOW.replace(tzinfo=None), timezones=st.just(UTC)))
@settings(deadline=None)
def test_nothing_that_the_query_selects_lies_outside_of_its_window(query: EventQuery, moment: datetime) -> None:
    times = EventQuery(query.of(*TIME_KEYS))
    event = Event(id=UUID(int=0), type="project.created", occurred_at=moment, recorded_at=moment)
    if matches(times, event, NOW, ZONE):
        assert window_of(times, NOW, ZONE).holds(to_microseconds(moment))
