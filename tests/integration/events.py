"""Appending and reading in one line each, for tests whose subject is something else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from data.answers import Cursor, Snapshot
from data.query import Clause, EventQuery, Key, Span
from data.query.model import IN_ARCHIVE
from data.records import AppendResult, Draft, Event, Log
from data.store import Database
from tests.hand_clock import NOW

UTC_ZONE = ZoneInfo("UTC")
EVERYTHING = EventQuery((Clause(Key.LAST, (Span("all"),)),))
ARCHIVED_TOO = EVERYTHING.adding(IN_ARCHIVE)


def plain_drafts(count: int, *, start: datetime = NOW) -> list[Draft]:
    """That many events of nobody in particular, a second apart, from `start` on."""
    return [Draft(type="project.created", occurred_at=start + timedelta(seconds=number)) for number in range(count)]


def append(database: Database, drafts: Sequence[Draft], log: Log = Log.CHANGES) -> AppendResult:
    """Append and commit."""
    with database.writing() as work:
        result = work.log(log).append_new(drafts)
        work.commit()
        return result


def all_events(database: Database, log: Log = Log.CHANGES) -> tuple[Event, ...]:
    """Every event of a log, newest first, however old."""
    with database.reading(UTC_ZONE, log=log) as reader:
        return reader.page(ARCHIVED_TOO, limit=100_000).items


def take_snapshot(database: Database, log: Log = Log.CHANGES) -> Snapshot:
    """What is committed now."""
    with database.reading(UTC_ZONE, log=log) as reader:
        return reader.snapshot()


def held_ids(database: Database, snapshot: Snapshot, log: Log = Log.CHANGES) -> set[UUID]:
    """The ids of the events in a snapshot: those on its pages, which have to be as many as are counted."""
    with database.reading(UTC_ZONE, log=log) as reader:
        events = reader.page(EVERYTHING, Cursor(snapshot), limit=100_000).items
        assert reader.count(EVERYTHING, snapshot) == len(events)
    return {event.id for event in events}


def count_arrived(database: Database, snapshot: Snapshot, log: Log = Log.CHANGES) -> int:
    """How many events were committed since a snapshot."""
    with database.reading(UTC_ZONE, log=log) as reader:
        return reader.arrived(EVERYTHING, snapshot)
