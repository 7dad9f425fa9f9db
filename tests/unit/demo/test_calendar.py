from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from data.demo.calendar import Calendar, day_text, is_working_day, on

FRIDAY = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)


def test_working_days_are_counted_back_over_the_weekend() -> None:
    calendar = Calendar(FRIDAY)
    assert calendar.working_day(1, "16:05:12") == datetime(2026, 11, 19, 16, 5, 12, tzinfo=UTC)
    assert calendar.working_day(5, "09:00") == datetime(2026, 11, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize("day", range(7))
def test_there_are_always_85_whole_working_days(day: int) -> None:
    assert Calendar(FRIDAY + timedelta(days=day)).working_days == 85


def test_the_next_working_day_of_a_saturday_is_monday() -> None:
    assert Calendar(FRIDAY).next_working_day(date(2026, 11, 7), "09:21") == datetime(2026, 11, 9, 9, 21, tzinfo=UTC)


def test_the_next_working_day_never_lies_after_the_last_one() -> None:
    assert Calendar(FRIDAY).next_working_day(date(2027, 1, 1), "09:21").date() == date(2026, 11, 19)


def test_busy_moments_lie_in_the_period_and_mostly_in_working_hours() -> None:
    calendar, rng = Calendar(FRIDAY), Random(3)
    moments = [calendar.busy_moment(rng) for _ in range(2000)]
    assert all(calendar.start <= moment <= calendar.last for moment in moments)
    at_work = Counter(is_working_day(moment.date()) and 8 <= moment.hour < 18 for moment in moments)
    assert at_work[True] > 4 * at_work[False] > 0


def test_a_naive_end_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Calendar(datetime(2026, 11, 20))


def test_a_day_is_written_without_a_leading_zero() -> None:
    assert day_text(date(2027, 2, 2)) == "2 Feb 2027"


def test_a_clock_is_read_in_utc() -> None:
    assert on(date(2026, 11, 20), "00:00:05") == datetime(2026, 11, 20, 0, 0, 5, tzinfo=UTC)
