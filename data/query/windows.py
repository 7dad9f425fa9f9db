"""The stretch of time that a query leaves: for dates beside the deck, and for the histogram above it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from data.clock import to_microseconds
from data.query.model import TIME_KEYS, EventQuery, Key, Span
from data.query.times import Window, resolve_span


def window_of(query: EventQuery, now: datetime, zone: ZoneInfo) -> Window:
    """What the query's times leave, as one stretch from the earliest to the latest moment (None where it is open).

    `last:30d` ends with today: later events are in the answer, but nobody means an open end by it.
    """
    start: int | None = None
    end: int | None = None
    for clause in query.of(*TIME_KEYS):
        if clause.negated:
            continue
        spans = [value for value in clause.values if isinstance(value, Span)]
        windows = [resolve_span(clause.key, span, now, zone) for span in spans]
        starts = [window.start_us for window in windows]
        ends = [window.end_us for window in windows]
        if None not in starts:
            first = min(one for one in starts if one is not None)
            start = first if start is None else max(start, first)
        if None not in ends:
            last = max(one for one in ends if one is not None)
            end = last if end is None else min(end, last)
        elif clause.key is Key.LAST and start is not None and end is None:
            end = _end_of_today(now, zone)
    return Window(start, end)


def _end_of_today(now: datetime, zone: ZoneInfo) -> int:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return to_microseconds(datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone))
