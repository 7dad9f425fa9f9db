"""Tests of data.clients.expiry."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clients.expiry import end_of_day, months_after, read_day

TODAY = date(2026, 11, 20)
INSTANT = timedelta(microseconds=1)
# Midnight is ordinary, twice as long ago as it seems, not there, and there twice; a day is left out; half an hour counts.
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Asuncion",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Atlantic/Azores",
    "America/St_Johns",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
]


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        ("2026-11-20", "UTC", "2026-11-21T00:00Z"),
        ("2026-11-20", "Europe/Berlin", "2026-11-20T23:00Z"),
        ("2026-10-25", "Europe/Berlin", "2026-10-25T23:00Z"),  # a day of 25 hours
        ("2026-03-29", "Europe/Berlin", "2026-03-29T22:00Z"),  # and one of 23
        ("2026-09-05", "America/Santiago", "2026-09-06T04:00Z"),  # midnight is left out: 23:59:59, then 01:00
        ("2026-04-23", "Africa/Cairo", "2026-04-23T22:00Z"),  # the same
        ("2026-04-04", "America/Santiago", "2026-04-05T04:00Z"),  # from 23:00 to 24:00 twice
        ("2026-10-31", "America/Havana", "2026-11-01T04:00Z"),  # from 00:00 to 01:00 of the next day twice
        ("2010-11-06", "America/St_Johns", "2010-11-07T03:30Z"),  # one minute after midnight it is 23:01 again
        ("2011-12-29", "Pacific/Apia", "2011-12-30T10:00Z"),  # the 30th was left out
    ],
)
def test_a_day_ends_where_its_last_second_does(day: str, zone: str, end: str) -> None:
    assert end_of_day(date.fromisoformat(day), ZoneInfo(zone)) == datetime.fromisoformat(end)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(ZONES))
def test_after_its_end_a_day_does_not_come_back(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    end = end_of_day(day, zone)
    assert end.tzinfo is UTC
    assert (end - INSTANT).astimezone(zone).date() <= day
    for minutes in range(0, 181, 15):
        assert (end + timedelta(minutes=minutes)).astimezone(zone).date() > day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-05-31", date(2027, 5, 31)),
        (" 2027-5-1 ", date(2027, 5, 1)),
        ("2028-02-29", date(2028, 2, 29)),
        ("90 days", date(2027, 2, 18)),
        ("+2w", date(2026, 12, 4)),
        ("6 months", date(2027, 5, 20)),
        ("1Y", date(2027, 11, 20)),
        ("0d", TODAY),
    ],
)
def test_a_day_is_read_as_a_person_writes_it(text: str, day: date) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "This is not a day; write"),
        ("   ", "This is not a day; write"),
        ("soon", "This is not a day; write"),
        ("31.12.2026", "This is not a day; write"),
        ("-5 days", "This is not a day; write"),
        ("2027-02-29", "There is no 2027-02-29 in the calendar."),
        ("2027-13-01", "There is no 2027-13-01 in the calendar."),
        ("0000-01-01", "There is no 0000-01-01 in the calendar."),
        ("99999 years", "This is beyond the calendar."),
        ("99999 months", "This is beyond the calendar."),
        ("٢٠٢٧-٠١-٠١", "This is not a day; write"),
        ("2027-01-01\0", "This is not a day; write"),
    ],
)
def test_what_is_no_day_is_said(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as raised:
        read_day(text, TODAY)
    assert len(str(raised.value)) < 100


def test_a_month_that_is_too_short_gives_its_last_day() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)
    with pytest.raises(ValueError, match="beyond the calendar"):
        months_after(date(9999, 12, 1), 1)
