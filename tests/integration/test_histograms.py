"""Histograms where calendars are odd: what random worlds rarely hit."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from data.answers import Histogram
from data.clock import from_microseconds
from data.query import parse_query
from data.records import Draft, Outcome
from data.store import Database
from tests.hand_clock import NOW
from tests.integration.events import UTC_ZONE, append, take_snapshot


def histogram(database: Database, query: str, zone: ZoneInfo = UTC_ZONE, most_buckets: int = 60) -> Histogram:
    snapshot = take_snapshot(database)
    with database.reading(zone) as reader:
        found = reader.histogram(parse_query(query), snapshot, most_buckets=most_buckets)
        assert sum(bucket.count for bucket in found.buckets) == reader.count(parse_query(query), snapshot)
        return found


def starts(found: Histogram, zone: ZoneInfo) -> list[str]:
    return [from_microseconds(bucket.start_us).astimezone(zone).strftime("%Y-%m-%d %H:%M") for bucket in found.buckets]


def happened(*moments: datetime, outcome: Outcome = Outcome.SUCCESS) -> list[Draft]:
    return [Draft(type="user.created", occurred_at=moment, outcome=outcome) for moment in moments]


def test_days_of_the_zone_shown(database: Database) -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    midnight = datetime(2026, 11, 18, tzinfo=zone)
    append(database, happened(midnight - timedelta(microseconds=1), midnight))
    append(database, happened(midnight + timedelta(hours=24), outcome=Outcome.DENIED))

    found = histogram(database, "during:2026-11-17..2026-11-19", zone, most_buckets=3)

    assert found.unit == "day"
    assert starts(found, zone) == ["2026-11-17 00:00", "2026-11-18 00:00", "2026-11-19 00:00"]
    assert [(bucket.count, bucket.not_ok) for bucket in found.buckets] == [(1, 0), (1, 0), (1, 1)]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-20", 24)])
def test_hours_of_a_day_when_the_clock_is_changed(database: Database, day: str, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)
    append(database, happened(*(first + timedelta(hours=hour, minutes=30) for hour in range(hours))))

    found = histogram(database, f"during:{day}", zone)

    assert found.unit == "hour"
    assert [bucket.count for bucket in found.buckets] == [1] * hours


def test_day_that_never_was_is_no_bucket(database: Database) -> None:
    zone = ZoneInfo("Pacific/Apia")
    append(database, happened(datetime(2011, 12, 30, 9, 59, tzinfo=UTC), datetime(2011, 12, 30, 10, 0, tzinfo=UTC)))

    found = histogram(database, "during:2011-12-28..2012-01-01", zone, most_buckets=5)

    assert starts(found, zone) == [f"{day} 00:00" for day in ("2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01")]
    assert [bucket.count for bucket in found.buckets] == [0, 1, 1, 0]


def test_centuries_in_as_few_buckets_as_asked_for(database: Database) -> None:
    append(database, happened(datetime(1970, 1, 1, tzinfo=UTC), NOW, datetime(9998, 12, 31, 23, tzinfo=UTC)))

    found = histogram(database, "during:1970..9998")

    assert found.unit == "year"
    assert len(found.buckets) <= 60
    assert starts(found, UTC_ZONE)[0] == "1970-01-01 00:00"
    assert {bucket.count for bucket in found.buckets[1:-1]} == {0}
    assert all(earlier.end_us == later.start_us for earlier, later in pairwise(found.buckets))


@pytest.mark.parametrize("query", ["last:all", "last:30d", "after:2026"])
def test_event_at_the_end_of_the_calendar(database: Database, query: str) -> None:
    append(database, happened(NOW, datetime.max.replace(tzinfo=UTC)))

    found = histogram(database, query)

    assert found.buckets[-1].count >= 1
    assert len(found.buckets) <= 60


def test_no_events_in_an_open_stretch_have_no_buckets(database: Database) -> None:
    assert histogram(database, "last:all").buckets == ()


def test_no_events_in_a_known_stretch_have_empty_buckets(database: Database) -> None:
    assert [
        bucket.count for bucket in histogram(database, "during:2026-11-18..2026-11-20", most_buckets=3).buckets
    ] == [0] * 3
