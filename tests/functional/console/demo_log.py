"""The demo organisation's log as of its end, and as a plain list."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data.clock import to_microseconds
from data.query import Clause, EventQuery, Key, Span, parse_query
from data.records import Draft, Event
from data.services.audit_log import AuditLog
from data.store.identity import id_at
from tests import demo_database
from tests.integration.oracle import matching

END = demo_database.END
"""When the demo ends, and what the console's clock says."""

PAYROLL = "c-0zvM5v4p"
"""The id of the demo's Payroll sync, whose name and scopes were changed shortly before the end."""

ZONE = ZoneInfo("UTC")
_EVENTS_AT_ONCE = 1000
# Each with the events themselves, so that no other list can have their id.
_SELECTED: dict[tuple[str, int], tuple[Sequence[Event], list[Event]]] = {}
_EVERYTHING = EventQuery((Clause(Key.LAST, (Span("all"),)),))


def end_clock() -> datetime:
    """A `data.clock.Clock` that stands at the demo's end."""
    return END


def open_log(path: Path) -> AuditLog:
    """The log in this file, as of the demo's end."""
    return AuditLog(str(path), ZONE, clock=end_clock)


def fill(path: Path, drafts: Iterable[Draft]) -> None:
    """Append to the log in this file, making it if need be; without ids of their own, events get fixed ones."""
    numbered = [
        draft if draft.id is not None else replace(draft, id=id_at(to_microseconds(draft.occurred_at), number))
        for number, draft in enumerate(drafts)
    ]
    with closing(open_log(path)) as log:
        for start in range(0, len(numbered), _EVENTS_AT_ONCE):
            log.append(numbered[start : start + _EVENTS_AT_ONCE])


def events_of(path: Path) -> list[Event]:
    """Every event in this file, newest first, sorted here."""
    with closing(open_log(path)) as log:
        found = log.page(_EVERYTHING, limit=100_000).items
    return sorted(found, key=lambda event: event.id, reverse=True)


def selected(query: str, events: Sequence[Event]) -> list[Event]:
    """What a query's text selects, newest first, found by looking at every event; at each list's events once."""
    known = (query, id(events))
    if known not in _SELECTED:
        _SELECTED[known] = (events, matching(parse_query(query), events, END, ZONE))
    return _SELECTED[known][1]
