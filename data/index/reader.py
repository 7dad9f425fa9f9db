"""A log answered from its index: what `EventReader` promises, in time that hardly grows with the log.

Where the index cannot answer, because it is damaged or far behind, the plain scan does: slower, and just as exact.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.answers import Cursor, Dimension, Direction, Facet, Histogram, Page, Snapshot, StoredEvent, StoredPage
from data.clock import Clock, from_microseconds
from data.errors import AuditdeckError
from data.index.alias_memory import AliasMemory
from data.index.arrived import Arrived
from data.index.bucketing import buckets_of, extremes_of
from data.index.counting import Tallier
from data.index.damage import note_damage
from data.index.digests import SegmentDamaged
from data.index.matching import Matcher
from data.index.paging import Pager
from data.index.part_reader import PartReader
from data.index.plan import Plan, Planner
from data.index.segment_memory import SegmentMemory
from data.index.source import Source
from data.index.stored import live_segments
from data.index.tail import TailTooLong, read_tail
from data.query import Clause, EventQuery, Key, Pattern, Value, window_of
from data.records import Event, Log, Outcome
from data.stop import Stop
from data.store import facets, snapshots
from data.store.archive import Archive
from data.store.event_rows import EVENT_COLUMNS, id_of_row, read_events, stored_columns
from data.store.histograms import edges_of
from data.store.names_holding import NamesHolding
from data.store.plain_reader import PlainReader
from data.store.tables import LOG_TABLES

_LOG = logging.getLogger("auditdeck.index")

TAIL_MOST = 1 << 16
"""With more events than these outside the index, a question is left to the plain scan."""

_SUCCESS = Clause(Key.OUTCOME, (Pattern.literal(Outcome.SUCCESS),))
_T = TypeVar("_T")


class IndexedReaders:
    """Makes the readers of one database, and holds what they remember from question to question. See `EventReaders`."""

    def __init__(self) -> None:
        self.segments = SegmentMemory()
        self.aliases = AliasMemory()
        self._damaged: set[int] = set()
        self._told: set[int] = set()
        self._noted: set[int] = set()

    def over(
        self, connection: sa.Connection, clock: Clock, zone: ZoneInfo, stop: Stop, log: Log, archive: Archive
    ) -> "IndexedReader":
        return IndexedReader(connection, clock, zone, stop, log, archive, self)

    @property
    def noticed(self) -> frozenset[int]:
        """The segments that were found to be damaged."""
        return frozenset(self._damaged)

    def report(self, segment: int) -> None:
        """A segment was found to be damaged."""
        self._damaged.add(segment)

    def settle(self, writing: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        for segment in self._damaged - self._noted:
            if segment not in self._told:
                self._told.add(segment)
                _LOG.error("segment %d of the index is damaged; what it holds is read from the log itself", segment)
            try:
                note_damage(writing, segment)
            except AuditdeckError as error:  # whoever may not write reads all the same; it is tried again
                _LOG.error("that segment %d is damaged could not be noted: %s", segment, error)
            else:
                self._noted.add(segment)


class IndexedReader:
    """One log, read within one transaction. See `EventReader`."""

    def __init__(
        self,
        connection: sa.Connection,
        clock: Clock,
        zone: ZoneInfo,
        stop: Stop,
        log: Log,
        archive: Archive,
        memory: IndexedReaders,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._zone = zone
        self._stop = stop
        self._log = log
        self._table = LOG_TABLES[log].table
        self._memory = memory
        self._archive = archive
        self._plain = PlainReader(connection, clock, zone, stop, log, archive)
        self._parts = PartReader(connection, stop)
        self._sources: list[Source] | None = None
        self._taken: Snapshot | None = None
        self._answers: dict[Snapshot, _Answering] = {}

    def snapshot(self) -> Snapshot:
        self._taken = snapshots.take(self._connection, self._table, self._clock)
        return self._taken

    def page(
        self,
        query: EventQuery,
        cursor: Cursor | None = None,
        *,
        direction: Direction = Direction.OLDER,
        limit: int = 50,
        patience_s: float | None = None,
    ) -> Page:
        place = Cursor(self.snapshot(), direction) if cursor is None else cursor
        return self._answered(
            place.snapshot,
            lambda answering: answering.page(query, place, limit, patience_s),
            lambda: self._plain.page(query, place, limit=limit, patience_s=patience_s),
        )

    def stored_page(
        self, query: EventQuery, cursor: Cursor, *, limit: int, patience_s: float | None = None
    ) -> StoredPage:
        # For these the index on ids is index enough, unless it would lead through all the archive.
        if not query.conditions() and self._archive.edge(query, cursor.snapshot) is None:
            return self._plain.stored_page(query, cursor, limit=limit, patience_s=patience_s)
        return self._answered(
            cursor.snapshot,
            lambda answering: answering.stored_page(query, cursor, limit, patience_s),
            lambda: self._plain.stored_page(query, cursor, limit=limit, patience_s=patience_s),
        )

    def get(self, event_id: UUID) -> Event | None:
        return self._plain.get(event_id)

    def leaves_out(self, query: EventQuery, snapshot: Snapshot) -> bool:
        return self._archive.edge(query, snapshot) is not None

    def live_since(self, snapshot: Snapshot) -> int:
        return self._archive.live_since(snapshot)

    def count(self, query: EventQuery, snapshot: Snapshot) -> int:
        return self._answered(
            snapshot, lambda answering: answering.count(query), lambda: self._plain.count(query, snapshot)
        )

    def arrived(self, query: EventQuery, snapshot: Snapshot) -> int:
        return self._answered(
            snapshot, lambda answering: answering.arrived(query), lambda: self._plain.arrived(query, snapshot)
        )

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        *,
        limit: int = 20,
        matching: str = "",
    ) -> tuple[Facet, ...]:
        return self._answered(
            snapshot,
            lambda answering: tuple(answering.facet(query, dimension, limit, matching) for dimension in dimensions),
            lambda: self._plain.facets(query, snapshot, dimensions, limit=limit, matching=matching),
        )

    def histogram(self, query: EventQuery, snapshot: Snapshot, *, most_buckets: int = 60) -> Histogram:
        return self._answered(
            snapshot,
            lambda answering: answering.histogram(query, most_buckets),
            lambda: self._plain.histogram(query, snapshot, most_buckets=most_buckets),
        )

    def _answered(self, snapshot: Snapshot, ask: "Callable[[_Answering], _T]", scan: Callable[[], _T]) -> _T:
        """The index's answer, or else that of the plain scan."""
        self._stop.check()
        try:
            return ask(self._answering(snapshot))
        except SegmentDamaged as damaged:
            self._memory.report(damaged.segment)
        except TailTooLong:
            pass
        return scan()

    def _answering(self, snapshot: Snapshot) -> "_Answering":
        if snapshot not in self._answers:
            if self._sources is None:
                tail = read_tail(self._connection, self._log, TAIL_MOST)
                segments = live_segments(self._connection, self._log, self._parts, self._memory.segments)
                for moment, seq in () if tail is None else tail.erased():
                    for segment in segments:
                        segment.leave_out(moment, seq)
                self._sources = [*segments] if tail is None else [tail, *segments]
            arrived = Arrived(self._connection, self._table, snapshot, is_now=snapshot == self._taken)
            self._answers[snapshot] = _Answering(
                self._connection,
                self._log,
                self._sources,
                arrived,
                self._zone,
                self._archive,
                self._parts,
                self._memory,
                self._stop,
            )
        return self._answers[snapshot]


class _Answering:
    """Answers over what one snapshot holds."""

    def __init__(
        self,
        connection: sa.Connection,
        log: Log,
        sources: list[Source],
        arrived: Arrived,
        zone: ZoneInfo,
        archive: Archive,
        parts: PartReader,
        memory: IndexedReaders,
        stop: Stop,
    ) -> None:
        self._connection = connection
        self._log = log
        self._table = LOG_TABLES[log].table
        self._sources = sources
        self._snapshot = arrived.snapshot
        self._zone = zone
        self._parts = parts
        self._stop = stop
        self._archive = archive
        self._planner = Planner(connection, self._snapshot.taken_at_us, zone)
        self._matcher = Matcher(connection, log, arrived, zone, parts, stop)
        self._tallier = Tallier(
            connection, self._table, self._matcher, sources, parts, memory.aliases, memory.segments, stop
        )

    def page(self, query: EventQuery, place: Cursor, limit: int, patience_s: float | None) -> Page:
        rows, more = self._rows(query, place, limit, patience_s, EVENT_COLUMNS[self._log])
        return Page(read_events(self._connection, self._log, rows), more, self._snapshot)

    def stored_page(self, query: EventQuery, place: Cursor, limit: int, patience_s: float | None) -> StoredPage:
        rows, more = self._rows(query, place, limit, patience_s, stored_columns(self._table))
        return StoredPage(cast("Sequence[StoredEvent]", rows), more)

    def _rows(
        self,
        query: EventQuery,
        place: Cursor,
        limit: int,
        patience_s: float | None,
        columns: Sequence[sa.ColumnElement[Any]],
    ) -> tuple[Sequence[sa.Row[Any]], Cursor | None]:
        """The rows of a page, and where the next one goes on."""
        pager = Pager(
            self._connection,
            self._table,
            self._matcher,
            self._plan(query),
            place.direction,
            patience_s,
            self._stop,
        )
        found = pager.find(self._sources, place.position, limit + 1)
        order = self._table.c.id.desc() if place.direction is Direction.OLDER else self._table.c.id
        rows = self._connection.execute(
            sa.select(*columns)
            .where(self._table.c.seq.in_([hit.seq for hit in found.hits]))
            .order_by(order)
            .limit(limit + 1)
        ).all()
        beyond = id_of_row(rows[limit - 1]) if len(rows) > limit else found.rest
        more = None if beyond is None else Cursor(self._snapshot, place.direction, beyond)
        return rows[:limit], more

    def count(self, query: EventQuery) -> int:
        plan = self._plan(query)
        types = plan.asked_of(Key.TAB)
        known = None if types is None else self._tallier.known_total(plan.leaving_out(Key.TAB), types)
        return self._tallier.total(plan) if known is None else known

    def arrived(self, query: EventQuery) -> int:
        plan = self._plan(query)
        return sum(self._matcher.count_arrived(source, plan) for source in self._sources)

    def facet(self, query: EventQuery, dimension: Dimension, limit: int, matching: str) -> Facet:
        self._stop.check()
        key = Key(dimension)
        plan = self._plan(query).leaving_out(key)

        def count(value: Value) -> int:
            return self._tallier.total(plan.asking(self._planner.condition(Clause(key, (value,)))))

        if dimension is Dimension.TYPE:
            facet = facets.facet_of_types(self._tallier.types(plan), limit, matching)
        else:
            holding = NamesHolding(self._connection, dimension, matching) if matching else None
            among = None if holding is None else holding.terms()
            counted = self._tallier.values(plan, dimension, limit, among)
            facet = facets.facet_of_values(self._connection, dimension, counted, holding, count)
        named = facets.named_values(query.of(key))
        return facets.with_named(self._connection, facet, named, None if matching else count)

    def histogram(self, query: EventQuery, most_buckets: int) -> Histogram:
        plan = self._plan(query)
        asked = window_of(query, from_microseconds(self._snapshot.taken_at_us), self._zone)
        selected = self._tallier.selected(plan)
        unit, edges = edges_of(
            asked, lambda: extremes_of(self._connection, self._table, selected), self._zone, most_buckets
        )
        return buckets_of(selected, self._parts, unit, edges, self._planner.condition(_SUCCESS).certain)

    def _plan(self, query: EventQuery) -> Plan:
        return self._planner.plan(query, self._archive.edge(query, self._snapshot))
