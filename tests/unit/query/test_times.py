from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import to_microseconds
from data.query import Key, Span, Window, resolve_span
from tests.unit.query.queries import lasts, moments

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
HOUR_US = 3_600_000_000


def _us(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text))


def _during(words: str, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> Window:
    start, _, end = words.partition("..")
    return resolve_span(Key.DURING, Span(start, end or None), now, zone)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("today", "2026-11-20T00:00+01:00", "2026-11-21T00:00+01:00"),
        ("yesterday", "2026-11-19T00:00+01:00", "2026-11-20T00:00+01:00"),
        ("last-week", "2026-11-09T00:00+01:00", "2026-11-16T00:00+01:00"),
        ("last-month", "2026-10-01T00:00+02:00", "2026-11-01T00:00+01:00"),
        ("last-quarter", "2026-07-01T00:00+02:00", "2026-10-01T00:00+02:00"),
        ("2026", "2026-01-01T00:00+01:00", "2027-01-01T00:00+01:00"),
        ("2026-q1", "2026-01-01T00:00+01:00", "2026-04-01T00:00+02:00"),
        ("2026-07", "2026-07-01T00:00+02:00", "2026-08-01T00:00+02:00"),
        ("2026-11-20t10:00", "2026-11-20T10:00+01:00", "2026-11-20T10:01+01:00"),
        ("2026-11-20t10:00z", "2026-11-20T10:00+00:00", "2026-11-20T10:01+00:00"),
        ("2026-09-15..yesterday", "2026-09-15T00:00+02:00", "2026-11-20T00:00+01:00"),
        ("2026-11-20t10:00..2026-11-20t11:00", "2026-11-20T10:00+01:00", "2026-11-20T11:01+01:00"),
    ],
)
def test_during_goes_from_the_first_to_the_last_moment(words: str, start: str, end: str) -> None:
    assert _during(words) == Window(_us(start), _us(end))


def test_today_is_the_day_of_the_zone_shown() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert _during("today", late).start_us == _us("2026-11-21T00:00+01:00")
    assert _during("today", late, ZoneInfo("America/New_York")).start_us == _us("2026-11-20T00:00-05:00")


def test_after_is_from_the_first_moment_on_and_before_up_to_it() -> None:
    start = _us("2026-10-01T00:00+02:00")
    assert resolve_span(Key.AFTER, Span("last-month"), NOW, BERLIN) == Window(start_us=start)
    assert resolve_span(Key.BEFORE, Span("last-month"), NOW, BERLIN) == Window(end_us=start)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    window = Window(10, 20)
    assert [moment for moment in (9, 10, 19, 20) if window.holds(moment)] == [10, 19]
    assert Window().holds(-1)
    assert Window().holds(10**18)


def test_an_inverted_range_holds_nothing() -> None:
    window = _during("today..2025")
    assert window.start_us == window.end_us == _us("2026-11-20T00:00+01:00")


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("1d", "2026-11-20T00:00+01:00"),
        ("30d", "2026-10-22T00:00+02:00"),
        ("2w", "2026-11-07T00:00+01:00"),
        ("90m", "2026-11-20T09:00+00:00"),
        ("24h", "2026-11-19T10:30+00:00"),
        ("999999999w", "1970-01-01T00:00+00:00"),
        ("999999999h", "1970-01-01T00:00+00:00"),
    ],
)
def test_last_counts_days_by_the_calendar_and_hours_exactly(words: str, start: str) -> None:
    assert resolve_span(Key.LAST, Span(words), NOW, BERLIN) == Window(start_us=_us(start))


def test_last_all_is_open_on_both_sides() -> None:
    assert resolve_span(Key.LAST, Span("all"), NOW, BERLIN) == Window()


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-20", 24)])
def test_a_day_has_the_hours_that_its_clock_goes_through(day: str, hours: int) -> None:
    window = _during(day)
    assert window.start_us is not None
    assert window.end_us is not None
    assert window.end_us - window.start_us == hours * HOUR_US


def test_in_autumn_an_hour_that_passes_twice_is_meant_twice() -> None:
    window = _during("2026-10-25t02:30")
    assert window == Window(_us("2026-10-25T02:30+02:00"), _us("2026-10-25T02:31+01:00"))


def test_in_autumn_the_minute_before_ends_before_the_hour_begins() -> None:
    assert _during("2026-10-25t01:59").end_us == _us("2026-10-25T02:00+02:00")


def test_in_spring_a_minute_that_is_skipped_holds_nothing() -> None:
    leap = _us("2026-03-29T03:00+02:00")
    assert _during("2026-03-29t02:30") == Window(leap, leap)


def test_in_spring_a_range_into_the_skipped_hour_begins_and_ends_at_the_leap() -> None:
    leap = _us("2026-03-29T03:00+02:00")
    assert _during("2026-03-29t02:15..2026-03-29t04:00").start_us == leap
    assert _during("2026-03-29t01:00..2026-03-29t02:59").end_us == leap
    assert resolve_span(Key.AFTER, Span("2026-03-29t02:30"), NOW, BERLIN).start_us == leap


def test_a_day_whose_midnight_is_skipped_begins_at_the_leap() -> None:
    window = _during("2018-11-04", zone=ZoneInfo("America/Sao_Paulo"))
    assert window == Window(_us("2018-11-04T03:00+00:00"), _us("2018-11-05T02:00+00:00"))


def test_a_day_whose_last_hour_passes_twice_ends_after_the_second() -> None:
    window = _during("2018-02-17", zone=ZoneInfo("America/Sao_Paulo"))
    assert window == Window(_us("2018-02-17T02:00+00:00"), _us("2018-02-18T03:00+00:00"))


def test_a_day_that_a_zone_never_had_holds_nothing() -> None:
    window = _during("2011-12-30", zone=ZoneInfo("Pacific/Apia"))
    assert window.start_us == window.end_us == _us("2011-12-30T10:00+00:00")


def test_a_key_that_asks_for_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time"):
        resolve_span(Key.ACTOR, Span("today"), NOW, BERLIN)


_zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Australia/Lord_Howe"])
_nows = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@settings(deadline=None)
@given(moments, _nows, _zones)
def test_during_begins_where_after_does_and_is_never_inverted(words: str, now: datetime, zone: str) -> None:
    during = _during(words, now, ZoneInfo(zone))
    assert during.start_us == resolve_span(Key.AFTER, Span(words), now, ZoneInfo(zone)).start_us
    assert during.start_us is not None
    assert during.end_us is not None
    assert during.start_us <= during.end_us


@settings(deadline=None)
@given(lasts, _nows, _zones)
def test_last_never_leaves_the_years_that_there_are(span: Span, now: datetime, zone: str) -> None:
    window = resolve_span(Key.LAST, span, now, ZoneInfo(zone))
    assert window.end_us is None
    assert window.start_us is None or 0 <= window.start_us <= to_microseconds(now)


@settings(deadline=None)
@given(_nows, _zones, st.timedeltas(-timedelta(days=400), timedelta(days=1)))
def test_a_moment_is_in_the_day_that_the_clock_shows(now: datetime, zone: str, distance: timedelta) -> None:
    moment = now + distance
    shown = moment.astimezone(ZoneInfo(zone)).date()
    assert _during(shown.isoformat(), now, ZoneInfo(zone)).holds(to_microseconds(moment))
    for other in (shown - timedelta(days=1), shown + timedelta(days=1)):
        assert not _during(other.isoformat(), now, ZoneInfo(zone)).holds(to_microseconds(moment))
