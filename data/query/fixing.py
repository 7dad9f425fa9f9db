"""A query whose times mean the same whenever and wherever it is read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from data.query.model import EVERYTHING, TIME_KEYS, Clause, EventQuery, Key, Span, Value
from data.query.time_text import end_word_anywhere, start_word_anywhere
from data.query.times import Window, resolve_span


def fixed(query: EventQuery, now: datetime, zone: ZoneInfo) -> EventQuery:
    """The query as it is meant at `now` (aware) by somebody who is shown times in `zone`: each time is written as a moment,
    with its offset. `last:30d` has a beginning from then on, and no end, as before.

    Raises ValueError for one that asks for no moment at all.
    """
    return EventQuery(tuple(clause for one in query.clauses for clause in _fixed(one, now, zone)))


def _fixed(clause: Clause, now: datetime, zone: ZoneInfo) -> Iterator[Clause]:
    if clause.key not in TIME_KEYS:
        yield clause
        return
    spans = [value for value in clause.values if isinstance(value, Span)]
    windows = [window for span in spans if not (window := resolve_span(clause.key, span, now, zone)).is_empty]
    match clause.key, windows:
        case _, []:
            if not clause.negated:
                raise ValueError("this query asks for a time that has no moment")
        case Key.BEFORE, [Window(end_us=int(end))]:
            yield Clause(Key.BEFORE, (Span(start_word_anywhere(end)),))
        case Key.AFTER | Key.LAST, [Window(start_us=int(start))]:
            yield Clause(Key.AFTER, (Span(start_word_anywhere(start)),))
        case Key.LAST, _:
            yield EVERYTHING
        case _:
            yield replace(clause, values=tuple(_span(window) for window in windows))


def _span(window: Window) -> Value:
    assert window.start_us is not None and window.end_us is not None
    first, last = start_word_anywhere(window.start_us), end_word_anywhere(window.end_us)
    return Span(first) if first == last else Span(first, last)
