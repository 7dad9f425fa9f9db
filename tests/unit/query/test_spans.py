from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from data.query import Key, Span
from data.query.spans import read_absolute, read_last, read_span, stretch_of
from data.query.unfit import Unfit


def _at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "start", "end"),
    [
        ("2026", _at(2026, 1, 1), _at(2027, 1, 1)),
        ("9998", _at(9998, 1, 1), _at(9999, 1, 1)),
        ("2026-q1", _at(2026, 1, 1), _at(2026, 4, 1)),
        ("2026-q4", _at(2026, 10, 1), _at(2027, 1, 1)),
        ("2026-12", _at(2026, 12, 1), _at(2027, 1, 1)),
        ("2028-02", _at(2028, 2, 1), _at(2028, 3, 1)),
        ("2026-12-31", _at(2026, 12, 31), _at(2027, 1, 1)),
        ("2026-11-20t10:00", _at(2026, 11, 20, 10), _at(2026, 11, 20, 10, 1)),
        ("2026-11-20t10:00:59", _at(2026, 11, 20, 10, 0, 59), _at(2026, 11, 20, 10, 1)),
        ("2026-11-20t10:00:00.5", _at(2026, 11, 20, 10, 0, 0, 500_000), _at(2026, 11, 20, 10, 0, 0, 600_000)),
        ("2026-11-20t10:00:00.123456", _at(2026, 11, 20, 10, 0, 0, 123_456), _at(2026, 11, 20, 10, 0, 0, 123_457)),
    ],
)
def test_a_word_names_all_of_its_stretch(word: str, start: datetime, end: datetime) -> None:
    stretch = read_absolute(word)
    assert stretch is not None
    assert (stretch.start, stretch.end) == (start, end)


@pytest.mark.parametrize(
    ("offset", "zone"),
    [
        ("z", UTC),
        ("+01:00", timezone(timedelta(hours=1))),
        ("-03:30", timezone(-timedelta(hours=3, minutes=30))),
    ],
)
def test_an_offset_makes_it_an_instant(offset: str, zone: timezone) -> None:
    stretch = read_absolute(f"2026-11-20t10:00{offset}")
    assert stretch is not None
    assert stretch.start == datetime(2026, 11, 20, 10, tzinfo=zone)
    assert stretch.end - stretch.start == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("today", "word", "start", "end"),
    [
        (date(2026, 11, 20), "today", _at(2026, 11, 20), _at(2026, 11, 21)),
        (date(2026, 1, 1), "yesterday", _at(2025, 12, 31), _at(2026, 1, 1)),
        (date(2026, 11, 20), "last-week", _at(2026, 11, 9), _at(2026, 11, 16)),
        (date(2026, 11, 16), "last-week", _at(2026, 11, 9), _at(2026, 11, 16)),
        (date(2026, 11, 15), "last-week", _at(2026, 11, 2), _at(2026, 11, 9)),
        (date(2026, 11, 20), "last-month", _at(2026, 10, 1), _at(2026, 11, 1)),
        (date(2026, 1, 31), "last-month", _at(2025, 12, 1), _at(2026, 1, 1)),
        (date(2026, 3, 31), "last-month", _at(2026, 2, 1), _at(2026, 3, 1)),
        (date(2026, 11, 20), "last-quarter", _at(2026, 7, 1), _at(2026, 10, 1)),
        (date(2026, 3, 31), "last-quarter", _at(2025, 10, 1), _at(2026, 1, 1)),
        (date(2026, 4, 1), "last-quarter", _at(2026, 1, 1), _at(2026, 4, 1)),
    ],
)
def test_a_relative_word_goes_by_the_day(today: date, word: str, start: datetime, end: datetime) -> None:
    stretch = stretch_of(word, today)
    assert (stretch.start, stretch.end) == (start, end)


@pytest.mark.parametrize(
    ("key", "text", "span"),
    [
        (Key.AFTER, "2026-11-20T10:00Z", Span("2026-11-20t10:00z")),
        (Key.BEFORE, "Today", Span("today")),
        (Key.DURING, "2026-Q3", Span("2026-q3")),
        (Key.DURING, "2026-11-20T10:00:00.5..Today", Span("2026-11-20t10:00:00.5", "today")),
        (Key.DURING, "2026-12..2026", Span("2026-12", "2026")),
        (Key.DURING, "last-week..last-month", Span("last-week", "last-month")),
        (Key.DURING, "today..today", Span("today", "today")),
        (Key.DURING, "today..2026", Span("today", "2026")),
        (Key.DURING, "2026-11-20t10:00z..2026-11-20", Span("2026-11-20t10:00z", "2026-11-20")),
        (Key.LAST, "ALL", Span("all")),
        (Key.LAST, "030D", Span("30d")),
        (Key.LAST, "999999999w", Span("999999999w")),
    ],
)
def test_a_span_keeps_its_words_in_lower_case(key: Key, text: str, span: Span) -> None:
    assert read_span(key, text) == span


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        (Key.AFTER, "", "Nothing is not a time"),
        (Key.AFTER, "tomorrow", "not a time"),
        (Key.AFTER, "2026-11-20 10:00", "not a time"),
        (Key.AFTER, "2026-11-20t10", "not a time"),
        (Key.AFTER, "2026-q5", "not a time"),
        (Key.AFTER, "2026-q3-01", "not a time"),
        (Key.AFTER, "2026-1", "not a time"),
        (Key.AFTER, "20261120", "not a time"),
        (Key.AFTER, "２０２６", "not a time"),
        (Key.AFTER, "2026-11-20t10:00:00.1234567", "not a time"),
        (Key.AFTER, "2026-11-20t10:00+01:60", "not a time"),
        (Key.AFTER, "2026-11-20z", "not a time"),
        (Key.AFTER, "2026-13", "not in the calendar"),
        (Key.AFTER, "2026-00", "not in the calendar"),
        (Key.AFTER, "2026-02-29", "not in the calendar"),
        (Key.AFTER, "2026-11-20t24:00", "not in the calendar"),
        (Key.AFTER, "2026-11-20t10:60", "not in the calendar"),
        (Key.AFTER, "2026-11-20t10:00+24:00", "not in the calendar"),
        (Key.AFTER, "1969-12-31", "out of reach"),
        (Key.AFTER, "9999", "out of reach"),
        (Key.BEFORE, "2026..2027", "not a range"),
        (Key.DURING, "..2027", "Nothing is not a time"),
        (Key.DURING, "2026..", "Nothing is not a time"),
        (Key.DURING, "2026..2027..2028", "not a time"),
        (Key.DURING, "2026...2027", "not a time"),
        (Key.DURING, "2026-11-20..2026-11-19", "ends before it begins"),
        (Key.DURING, "2027..2026", "ends before it begins"),
        (Key.DURING, "2026-11-20t10:00z..2026-11-20t10:30+01:00", "ends before it begins"),
        (Key.DURING, "today..yesterday", "ends before it begins"),
        (Key.DURING, "today..last-quarter", "ends before it begins"),
        (Key.LAST, "0d", "not a stretch"),
        (Key.LAST, "000w", "not a stretch"),
        (Key.LAST, "d", "not a stretch"),
        (Key.LAST, "7", "not a stretch"),
        (Key.LAST, "7y", "not a stretch"),
        (Key.LAST, "-7d", "not a stretch"),
        (Key.LAST, "1.5h", "not a stretch"),
        (Key.LAST, "1000000000d", "not a stretch"),
    ],
)
def test_what_is_no_time_is_unfit(key: Key, text: str, problem: str) -> None:
    with pytest.raises(Unfit, match=problem):
        read_span(key, text)


def test_everything_has_no_number() -> None:
    assert read_last("all") is None
    assert read_last("2w") == (2, "w")
