"""Narrowing a query's time to a stretch of it: since here, until here, only this."""

from datetime import datetime
from zoneinfo import ZoneInfo

from data.query.model import TIME_KEYS, Clause, EventQuery, Span
from data.query.time_text import clause_over
from data.query.times import Window, resolve_span


def narrowed(query: EventQuery, window: Window, now: datetime, zone: ZoneInfo) -> EventQuery | None:
    """The query over what it and `window` have in common, in which a bound that `window` does not move stays.

    None where they have no moment in common: a time that ends before it begins cannot be written.

    Its times become one, where the first of them stood. Only those that say more than one stretch can stay beside it:
    `during:2026-01,2026-03` and `-during:2026-02-14`. The query itself if it lies within the window already.
    `now` (aware) is when the query was asked: what `today` and `last:7d` count from.
    """
    merged = [clause for clause in query.clauses if _is_one_stretch(clause)]
    before = _common([resolve_span(clause.key, _span_of(clause), now, zone) for clause in merged])
    after = _common([before, window])
    if after.is_empty:
        return None
    if after == before:
        return query
    clause = clause_over(after, zone)
    if not merged:
        return EventQuery((*query.clauses, clause))
    return EventQuery(
        tuple(clause if one == merged[0] else one for one in query.clauses if one == merged[0] or one not in merged)
    )


def _is_one_stretch(clause: Clause) -> bool:
    return clause.key in TIME_KEYS and not clause.negated and len(clause.values) == 1


def _span_of(clause: Clause) -> Span:
    (value,) = clause.values
    if not isinstance(value, Span):
        raise TypeError(f"no time: {value!r}")
    return value


def _common(windows: list[Window]) -> Window:
    starts = [window.start_us for window in windows if window.start_us is not None]
    ends = [window.end_us for window in windows if window.end_us is not None]
    return Window(max(starts, default=None), min(ends, default=None))
