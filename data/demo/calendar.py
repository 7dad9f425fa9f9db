"""When things happen: the 120 days before an instant, their working days and hours, all in UTC."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

PERIOD = timedelta(days=120)
ZONE = ZoneInfo("UTC")
"""The organisation's zone."""
LAST_WORDS = timedelta(minutes=4)
REQUESTS_FOR = timedelta(days=35)
"""So long before the end the request log begins."""

_SATURDAY = 5
_WEEKEND_WEIGHT = 0.15
# How busy each hour of a day is, from midnight on: quiet nights, two humps around lunch.
_HOURS = (2, 3, 2, 2, 2, 3, 5, 12, 34, 52, 58, 50, 34, 46, 56, 54, 44, 28, 14, 8, 6, 5, 4, 3)


class Calendar:
    """The days of one demo. `start` is the first instant at which anything may happen, `last` the last one."""

    def __init__(self, end: datetime) -> None:
        """`end` is aware; raises ValueError for a naive one, which names no instant."""
        if end.tzinfo is None:
            raise ValueError("the end of the demo needs a time zone")
        self.end = end.astimezone(UTC)
        self.start = self.end - PERIOD
        self.last = self.end - LAST_WORDS
        self.requests_from = self.end - REQUESTS_FOR
        self.days = tuple(self.start.date() + timedelta(days=day) for day in range(PERIOD.days + 1))
        whole = [day for day in self.days if self.start.date() < day < self.end.date()]
        self._working_days = [day for day in whole if is_working_day(day)]
        self._day_weights = tuple(accumulate(1.0 if is_working_day(day) else _WEEKEND_WEIGHT for day in self.days))
        self._hour_weights = tuple(accumulate(_HOURS))

    @property
    def working_days(self) -> int:
        """How many whole working days lie within the period."""
        return len(self._working_days)

    def working_day(self, back: int, clock: str) -> datetime:
        """`clock` (HH:MM or HH:MM:SS) on a whole working day, counted back from the end's day: 1 is the last one before."""
        return on(self._working_days[-back], clock)

    def next_working_day(self, day: date, clock: str) -> datetime:
        """`clock` on the first whole working day on or after `day`; on the last one there is, if `day` is later."""
        place = min(bisect_left(self._working_days, day), len(self._working_days) - 1)
        return on(self._working_days[place], clock)

    def before_end(self, minutes: float) -> datetime:
        """So many minutes before the end, whatever the hour: what a reader sees first must be there at any time of day."""
        return self.end - timedelta(minutes=minutes)

    def busy_moment(self, rng: Random) -> datetime:
        """Any moment of the period; working hours weigh more than nights and weekends."""
        while True:
            (day,) = rng.choices(self.days, cum_weights=self._day_weights)
            moment = self.busy_moment_on(day, rng)
            if self.start <= moment <= self.last:
                return moment

    def busy_moment_on(self, day: date, rng: Random) -> datetime:
        """Any moment of that day, be it beyond the period; working hours weigh more than the night."""
        (hour,) = rng.choices(range(24), cum_weights=self._hour_weights)
        return on(day, "00:00") + timedelta(hours=hour, microseconds=rng.randrange(3_600_000_000))


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < _SATURDAY


def on(day: date, clock: str) -> datetime:
    """`clock` (HH:MM or HH:MM:SS) on that day, in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), UTC)


def day_text(day: date) -> str:
    """A date as a person writes it in a reason: 18 Nov 2026."""
    return f"{day.day} {day:%b %Y}"
