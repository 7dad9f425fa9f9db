"""The last day of a client: when it ends, and how a person writes it."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_AHEAD = re.compile(r"\+?\s*(\d{1,5})\s*(d|days?|w|weeks?|m|months?|y|years?)", re.IGNORECASE | re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_INSTANT = timedelta(microseconds=1)

EXAMPLES = "a date such as 2027-05-31, or 90 days, 6 months"


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) after a day in a zone, whatever the clocks do on it.

    Where midnight does not exist it is the moment at which clocks go over it. Where they go back over midnight, into the
    day, the day ends twice, and the second time counts.
    """
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    first, second = (midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if second > first and (second - _INSTANT).astimezone(zone).date() <= day:
        return second
    return first


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that is too short. Raises ValueError beyond year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise ValueError("beyond the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_day(text: str, today: date) -> date:
    """The day that a person means. Raises ValueError with a plain sentence."""
    words = text.strip()
    iso = _ISO.fullmatch(words)
    if iso is not None:
        try:
            return date(*map(int, iso.groups()))
        except ValueError:
            raise ValueError(f"There is no {words} in the calendar.") from None
    ahead = _AHEAD.fullmatch(words)
    if ahead is None:
        raise ValueError(f"This is not a day; write {EXAMPLES}.")
    number, unit = int(ahead[1]), ahead[2][0].lower()
    try:
        match unit:
            case "d":
                return today + timedelta(days=number)
            case "w":
                return today + timedelta(weeks=number)
            case "m":
                return months_after(today, number)
            case _:
                return months_after(today, 12 * number)
    except (OverflowError, ValueError):
        raise ValueError("This is beyond the calendar.") from None
