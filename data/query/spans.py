"""The words for times: `2026-11`, `today`, `2026-q3..yesterday`, `30d`, and the stretch of time that each one names."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from data.query.model import Key, Span
from data.query.unfit import Unfit, shortened

FIRST_YEAR = 1970
LAST_YEAR = 9998
RELATIVE = ("today", "yesterday", "last-week", "last-month", "last-quarter")
EVERYTHING = "all"

_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-q(?P<quarter>[1-4])"
    r"|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:t(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?)?"
    r"(?P<offset>z|[+-][0-9]{2}:[0-5][0-9])?)?)?)?"
)
_LAST = re.compile(r"0*([1-9][0-9]{0,8})([mhdw])")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` up to and without `end`: both naive, on the clock of the zone shown, or both aware."""

    start: datetime
    end: datetime


def read_span(key: Key, text: str) -> Span:
    """The span that the text is after this time key: AFTER, BEFORE, DURING or LAST. Raises Unfit."""
    words = text.lower()
    if key is Key.LAST:
        return _read_last(words)
    start, dots, end = words.partition("..")
    if not dots:
        read_absolute(words)
        return Span(words)
    if key is not Key.DURING:
        raise Unfit(f"{key} takes one moment, not a range", f"For a range write during:{shortened(words)}.")
    if _is_surely_inverted(start, end):
        raise Unfit(
            f"{shortened(words)} ends before it begins", f"The earlier one first: {shortened(f'{end}..{start}')}."
        )
    return Span(start, end)


def stretch_of(word: str, today: date) -> Stretch:
    """The stretch that one side of a span names, where it is `today`. Raises Unfit."""
    return read_absolute(word) or _relative(word, today)


def read_absolute(word: str) -> Stretch | None:
    """The stretch of a year, quarter, month, day, minute, second or fraction of one; None for a relative word.

    A fraction of n digits is 10^-n seconds long. Raises Unfit for what is no time.
    """
    if word in RELATIVE:
        return None
    parts = _MOMENT.fullmatch(word)
    if parts is None:
        raise Unfit(f"{shortened(word) or 'Nothing'} is not a time")
    year = int(parts["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unfit(f"The year {parts['year']} is out of reach", f"Years go from {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        if parts["hour"] is not None:
            return _time_of_day(parts)
        if parts["day"] is not None:
            return _days(date(year, int(parts["month"]), int(parts["day"])))
        if parts["month"] is not None:
            return _months(year, int(parts["month"]), 1)
    except ValueError as error:
        raise Unfit(f"{shortened(word)} is not in the calendar") from error
    if parts["quarter"] is not None:
        return _months(year, 3 * int(parts["quarter"]) - 2, 3)
    return _months(year, 1, 12)


def read_last(word: str) -> tuple[int, str] | None:
    """The number and the unit (m, h, d or w) of a span after `last:`; None for everything. Raises Unfit."""
    if word == EVERYTHING:
        return None
    parts = _LAST.fullmatch(word)
    if parts is None:
        raise Unfit(f"{shortened(word)} is not a stretch of time up to now")
    return int(parts[1]), parts[2]


def _read_last(word: str) -> Span:
    last = read_last(word)
    return Span(EVERYTHING) if last is None else Span(f"{last[0]}{last[1]}")


def _time_of_day(parts: re.Match[str]) -> Stretch:
    fraction = parts["fraction"] or ""
    start = datetime(
        int(parts["year"]),
        int(parts["month"]),
        int(parts["day"]),
        int(parts["hour"]),
        int(parts["minute"]),
        int(parts["second"] or 0),
        int(fraction.ljust(6, "0")),
        _offset(parts["offset"]),
    )
    if parts["second"] is None:
        return Stretch(start, start + timedelta(minutes=1))
    return Stretch(start, start + timedelta(microseconds=10 ** (6 - len(fraction))))


def _offset(written: str | None) -> timezone | None:
    if written is None:
        return None
    if written == "z":
        return UTC
    distance = timedelta(hours=int(written[1:3]), minutes=int(written[4:6]))
    return timezone(-distance if written[0] == "-" else distance)


def _days(first: date, count: int = 1) -> Stretch:
    start = datetime.combine(first, time.min)
    return Stretch(start, start + timedelta(days=count))


def _months(year: int, month: int, count: int) -> Stretch:
    years, months = divmod(month - 1 + count, 12)
    return Stretch(datetime(year, month, 1), datetime(year + years, months + 1, 1))


def _relative(word: str, today: date) -> Stretch:
    match word:
        case "today":
            return _days(today)
        case "yesterday":
            return _days(today - timedelta(days=1))
        case "last-week":
            return _days(today - timedelta(days=today.weekday() + 7), 7)
        case "last-month":
            return _before(today.year, today.month, 1)
        case _:
            return _before(today.year, today.month - (today.month - 1) % 3, 3)


def _before(year: int, month: int, count: int) -> Stretch:
    years, months = divmod(month - 1 - count, 12)
    return _months(year + years, months + 1, count)


def _is_surely_inverted(start: str, end: str) -> bool:
    """Whether `start..end` is empty on every day and in every zone. Raises Unfit if one of them is no time."""
    first, last = read_absolute(start), read_absolute(end)
    if first is None or last is None:
        # The others may reach into one another; none of them reaches today.
        return start == "today" and last is None and end != "today"
    if (first.start.tzinfo is None) != (last.end.tzinfo is None):
        return False
    return last.end <= first.start
