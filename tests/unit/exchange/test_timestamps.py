"""RFC 3339 times in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.exchange.rejects import BadRecord
from data.exchange.timestamps import UnixUnit, is_finer_than_stored, parse_timestamp, unix_time

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01T10:00:00Z", TEN),
        ("2026-11-01t10:00:00z", TEN),
        ("2026-11-01 10:00:00Z", TEN),
        (" 2026-11-01T10:00:00Z\n", TEN),
        ("2026-11-01T12:30:00+02:30", TEN),
        ("2026-11-01T12:30:00+0230", TEN),
        ("2026-11-01T02:00:00-08:00", TEN),
        ("2026-11-01T10:00:00-00:00", TEN),
        ("2026-11-01T10:00:00.5Z", TEN + timedelta(milliseconds=500)),
        ("2026-11-01T10:00:00.000001Z", TEN + timedelta(microseconds=1)),
        ("2026-11-01T10:00:00.123456999Z", TEN + timedelta(microseconds=123456)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_time_is_its_utc_instant(text: str, moment: datetime) -> None:
    parsed = parse_timestamp("occurred_at", text)
    assert parsed == moment
    assert parsed.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-11-01T10:00:00", "no offset from UTC"),
        ("2026-11-01", "should be a time such as"),
        ("yesterday", "should be a time such as"),
        ("1762000000", "should be a time such as"),
        ("2026-11-01T10:00:00.1234567890Z", "should be a time such as"),
        ("2026-11-01T10:00:00.Z", "should be a time such as"),
        ("２０２６-11-01T10:00:00Z", "should be a time such as"),
        ("2026-11-01T10:00:00+01:60", "should be a time such as"),
        ("2026-02-30T10:00:00Z", "is no time that exists"),
        ("2026-11-01T24:00:00Z", "is no time that exists"),
        ("0000-01-01T00:00:00Z", "is no time that exists"),
        ("2026-11-01T10:00:00+24:00", "is no time that exists"),
        ("0001-01-01T00:00:00+23:00", "is no time that exists"),
        ("9999-12-31T23:59:59-01:00", "is no time that exists"),
        ("1969-12-31T23:59:59.999999Z", "lies before 1970"),
        ("1970-01-01T00:59:59+01:00", "lies before 1970"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason) as refused:
        parse_timestamp("occurred_at", text)
    assert str(refused.value).startswith("occurred_at ")


def test_a_reason_shows_a_long_or_hostile_value_short_and_escaped() -> None:
    with pytest.raises(BadRecord) as refused:
        parse_timestamp("occurred_at", "\x1b]52;c;" + "x" * 5000)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 200


@settings(deadline=None)
@given(
    st.datetimes(
        min_value=datetime(1970, 1, 2),
        max_value=datetime(9999, 12, 30),
        timezones=st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
def test_what_python_writes_is_read_back_exactly(moment: datetime) -> None:
    assert parse_timestamp("t", moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("number", "unit", "moment"),
    [
        (0, UnixUnit.SECONDS, datetime(1970, 1, 1, tzinfo=UTC)),
        (1793527200, UnixUnit.SECONDS, TEN),
        (1793527200.5, UnixUnit.SECONDS, TEN + timedelta(milliseconds=500)),
        (1793527200000, UnixUnit.MILLISECONDS, TEN),
        (1793527200000.0, UnixUnit.MILLISECONDS, TEN),
        (1793527200123456, UnixUnit.MICROSECONDS, TEN + timedelta(microseconds=123456)),
    ],
)
def test_a_count_since_1970_is_its_utc_instant(number: float, unit: UnixUnit, moment: datetime) -> None:
    assert unix_time("at", number, unit) == moment


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_a_count_of_microseconds_is_exact(moment: datetime) -> None:
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert unix_time("at", microseconds, UnixUnit.MICROSECONDS) == moment


@given(st.integers(0, 2**32))
def test_a_fraction_of_a_second_is_read_by_its_digits(milliseconds: int) -> None:
    seconds = float(f"17{milliseconds // 1000:08}.{milliseconds % 1000:03}")
    moment = unix_time("at", seconds, UnixUnit.SECONDS)
    assert moment.microsecond == milliseconds % 1000 * 1000


def test_nanoseconds_are_cut_to_microseconds() -> None:
    assert unix_time("at", 1793527200_000001999, UnixUnit.NANOSECONDS) == TEN.replace(microsecond=1)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (-1, "at lies before 1970: -1"),
        (10**30, "at is no time that exists: 10+$"),
        (1e308, "at is no time that exists"),
    ],
)
def test_a_count_that_is_no_time_is_refused(number: float, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        unix_time("at", number, UnixUnit.SECONDS)


def test_a_zone_may_be_given_for_text_that_names_none() -> None:
    east = timezone(timedelta(hours=2))
    assert parse_timestamp("at", "2026-11-01 12:00:00", without_offset=east) == TEN
    assert parse_timestamp("at", "2026-11-01T10:00:00Z", without_offset=east) == TEN
    assert parse_timestamp("at", "2026-11-01T10:00:00+00:00", without_offset=east) == TEN


@pytest.mark.parametrize(
    ("text", "finer"),
    [
        ("2026-11-01T10:00:00.123456789Z", True),
        ("2026-11-01T10:00:00.123456000Z", False),
        ("2026-11-01T10:00:00Z", False),
        ("2026-11-01 10:00:00.000000001", True),
        ("then", False),
    ],
)
def test_digits_that_no_event_has_are_seen(text: str, finer: bool) -> None:
    assert is_finer_than_stored(text) is finer
