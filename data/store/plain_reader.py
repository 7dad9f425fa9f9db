"""A log read by plain SQL over the events themselves: the interface's first implementation, and the others' oracle."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.answers import Cursor, Dimension, Direction, Facet, Histogram, Page, Snapshot, StoredEvent, StoredPage
from data.clock import Clock, from_microseconds
from data.query import Clause, EventQuery, Key, Value, window_of
from data.query.model import REACH_KEYS
from data.records import Event, Log
from data.stop import Stop
from data.store import facets, histograms, plain_counts, snapshots
from data.store.ages import beyond
from data.store.archive import Archive
from data.store.event_rows import EVENT_COLUMNS, SCAN_COLUMNS, id_of_row, read_events, stored_columns
from data.store.filters import Filters
from data.store.names_holding import NamesHolding
from data.store.rows_by_key import is_one_of
from data.store.scan import RowCheck, matching_rows
from data.store.tables import LOG_TABLES


class PlainReaders:
    """Makes plain readers; see `EventReaders`."""

    def over(
        self, connection: sa.Connection, clock: Clock, zone: ZoneInfo, stop: Stop, log: Log, archive: Archive
    ) -> "PlainReader":
        return PlainReader(connection, clock, zone, stop, log, archive)

    def settle(self, writing: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        """Nothing is noticed."""


class PlainReader:
    """Answers by scanning: exact, on both engines, in time proportional to the span of time that a query leaves."""

    def __init__(
        self, connection: sa.Connection, clock: Clock, zone: ZoneInfo, stop: Stop, log: Log, archive: Archive
    ) -> None:
        self._connection = connection
        self._log = log
        self._table = LOG_TABLES[log].table
        self._columns = SCAN_COLUMNS[log]
        self._dialect = connection.dialect
        self._clock = clock
        self._zone = zone
        self._stop = stop
        self._archive = archive
        self._found: dict[EventQuery, list[int]] = {}

    def snapshot(self) -> Snapshot:
        return snapshots.take(self._connection, self._table, self._clock)

    def page(
        self,
        query: EventQuery,
        cursor: Cursor | None = None,
        *,
        direction: Direction = Direction.OLDER,
        limit: int = 50,
        patience_s: float | None = None,
    ) -> Page:
        # It has all the patience that there is.
        if cursor is None:
            cursor = Cursor(self.snapshot(), direction)
        rows, more = self._rows(query, cursor, limit, EVENT_COLUMNS[self._log])
        return Page(read_events(self._connection, self._log, rows), more, cursor.snapshot)

    def stored_page(
        self, query: EventQuery, cursor: Cursor, *, limit: int, patience_s: float | None = None
    ) -> StoredPage:
        rows, more = self._rows(query, cursor, limit, stored_columns(self._table))
        return StoredPage(cast("Sequence[StoredEvent]", rows), more)

    def _rows(
        self, query: EventQuery, cursor: Cursor, limit: int, columns: Sequence[sa.ColumnElement[Any]]
    ) -> tuple[Sequence[sa.Row[Any]], Cursor | None]:
        """The rows of a page, and where the next one goes on."""
        snapshot = cursor.snapshot
        split = self._filters(snapshot).split(query)
        statement = sa.select(*columns).where(*self._answered(query, snapshot), *split.conditions)
        older = cursor.direction is Direction.OLDER
        if cursor.position is not None:
            statement = statement.where(
                self._table.c.id < cursor.position if older else self._table.c.id > cursor.position
            )
        statement = statement.order_by(self._table.c.id.desc() if older else self._table.c.id)
        self._stop.check()
        rows: Sequence[sa.Row[Any]]
        if split.by_row:
            check = RowCheck(split.by_row, from_microseconds(snapshot.taken_at_us), self._zone)
            rows = list(islice(matching_rows(self._connection, statement, check, self._stop), limit + 1))
        else:
            rows = self._connection.execute(statement.limit(limit + 1)).all()
        more = Cursor(snapshot, cursor.direction, id_of_row(rows[limit - 1])) if len(rows) > limit else None
        return rows[:limit], more

    def get(self, event_id: UUID) -> Event | None:
        statement = sa.select(*EVENT_COLUMNS[self._log]).where(self._table.c.id == event_id)
        found = read_events(self._connection, self._log, self._connection.execute(statement).all())
        return found[0] if found else None

    def leaves_out(self, query: EventQuery, snapshot: Snapshot) -> bool:
        return self._archive.edge(query, snapshot) is not None

    def live_since(self, snapshot: Snapshot) -> int:
        return self._archive.live_since(snapshot)

    def count(self, query: EventQuery, snapshot: Snapshot) -> int:
        return self._count(self._held(snapshot), query, snapshot)

    def arrived(self, query: EventQuery, snapshot: Snapshot) -> int:
        return self._count(snapshots.arrived_since(snapshot, self._table, self._dialect), query, snapshot)

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        *,
        limit: int = 20,
        matching: str = "",
    ) -> tuple[Facet, ...]:
        return tuple(self._facet(query, snapshot, dimension, limit, matching) for dimension in dimensions)

    def histogram(self, query: EventQuery, snapshot: Snapshot, *, most_buckets: int = 60) -> Histogram:
        conditions = (self._held(snapshot), *self._conditions(query, snapshot))
        self._stop.check()
        asked = window_of(query, from_microseconds(snapshot.taken_at_us), self._zone)
        return histograms.count_buckets(self._connection, self._table, conditions, asked, self._zone, most_buckets)

    def _facet(self, query: EventQuery, snapshot: Snapshot, dimension: Dimension, limit: int, matching: str) -> Facet:
        key = Key(dimension)
        conditions = (self._held(snapshot), *self._conditions(query, snapshot, leaving_out=key))

        def count(value: Value) -> int:
            return self._total((*conditions, self._filters(snapshot).condition(Clause(key, (value,)))))

        self._stop.check()
        if dimension is Dimension.TYPE:
            counted = plain_counts.count_types(self._connection, self._table, conditions)
            facet = facets.facet_of_types(counted, limit, matching)
        else:
            holding = NamesHolding(self._connection, dimension, matching) if matching else None
            values = plain_counts.count_identities(self._connection, self._table, dimension, conditions, limit, holding)
            facet = facets.facet_of_values(self._connection, dimension, values, holding, count)
        named = facets.named_values(query.of(key))
        return facets.with_named(self._connection, facet, named, None if matching else count)

    def _count(self, base: sa.ColumnElement[bool], query: EventQuery, snapshot: Snapshot) -> int:
        self._stop.check()
        split = self._filters(snapshot).split(query)
        if not split.by_row:
            return self._total((base, *self._live(query, snapshot), *split.conditions))
        statement = sa.select(*self._columns).where(base, *self._live(query, snapshot), *split.conditions)
        check = RowCheck(split.by_row, from_microseconds(snapshot.taken_at_us), self._zone)
        return sum(1 for _ in matching_rows(self._connection, statement, check, self._stop))

    def _total(self, conditions: tuple[sa.ColumnElement[bool], ...]) -> int:
        return self._connection.execute(
            sa.select(sa.func.count()).select_from(self._table).where(*conditions)
        ).scalar_one()

    def _conditions(
        self, query: EventQuery, snapshot: Snapshot, leaving_out: Key | None = None
    ) -> tuple[sa.ColumnElement[bool], ...]:
        """All of the query as conditions: what the row check finds is handed back to the database as a set of rows."""
        filters = self._filters(snapshot)
        split = filters.split(query)
        kept = (
            *self._live(query, snapshot),
            *(
                filters.condition(clause)
                for clause in query.clauses
                if clause.key is not leaving_out and clause not in split.by_row
            ),
        )
        return (
            (*kept, is_one_of(self._table.c.seq, self._scanned(query, snapshot), self._dialect))
            if split.by_row
            else kept
        )

    def _scanned(self, query: EventQuery, snapshot: Snapshot) -> list[int]:
        """The `seq` of all rows of the query's time that pass its row check; once for all dimensions of a question."""
        filters = self._filters(snapshot)
        by_row = filters.split(query).by_row
        # Only times may narrow the scan: any other clause may be the one that a facet leaves out.
        base = EventQuery((*query.of(*REACH_KEYS), *query.of(Key.ID), *by_row))
        if base not in self._found:
            split = filters.split(base)
            statement = sa.select(*self._columns).where(*self._answered(base, snapshot), *split.conditions)
            check = RowCheck(by_row, from_microseconds(snapshot.taken_at_us), self._zone)
            self._found[base] = [row.seq for row in matching_rows(self._connection, statement, check, self._stop)]
        return self._found[base]

    def _answered(self, query: EventQuery, snapshot: Snapshot) -> tuple[sa.ColumnElement[bool], ...]:
        return (self._held(snapshot), *self._live(query, snapshot))

    def _live(self, query: EventQuery, snapshot: Snapshot) -> tuple[sa.ColumnElement[bool], ...]:
        """What leaves out the archived events, where the query may have any that it does not reach."""
        edge = self._archive.edge(query, snapshot)
        self._stop.check()  # which may have been requested between two statements, and broken off neither
        return () if edge is None else (beyond(self._table, edge),)

    def _held(self, snapshot: Snapshot) -> sa.ColumnElement[bool]:
        return snapshots.held_by(snapshot, self._table, self._dialect)

    def _filters(self, snapshot: Snapshot) -> Filters:
        return Filters(self._table, self._dialect, snapshot.taken_at_us, self._zone)
