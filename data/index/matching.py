"""Which positions of a source a plan selects."""

from collections.abc import Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pyroaring import BitMap

from data.clock import from_microseconds
from data.index.arrived import Arrived
from data.index.part_reader import PartReader
from data.index.plan import Condition, Plan
from data.index.source import Source, is_before
from data.index.spans import Spans
from data.records import Log
from data.stop import Stop
from data.store.event_rows import SCAN_COLUMNS
from data.store.filters import Filters, needs_row
from data.store.scan import RowCheck
from data.store.tables import LOG_TABLES

LOOKED_UP_AT_ONCE = 500
_READ_AHEAD_MOST = 200
"""What conditions with fewer terms need is read of all sources at once, that of others when it turns out to be needed."""


class Matches(NamedTuple):
    """What a plan selects: all of `sure`, and of the other `candidates` those whose rows say so."""

    candidates: BitMap
    sure: BitMap

    @property
    def unsure(self) -> BitMap:
        return self.candidates - self.sure


_NOTHING = Matches(BitMap(), BitMap())


class Matcher:
    """Answers within one transaction, over what one snapshot holds."""

    def __init__(
        self, connection: sa.Connection, log: Log, arrived: Arrived, zone: ZoneInfo, parts: PartReader, stop: Stop
    ) -> None:
        now_us = arrived.snapshot.taken_at_us
        self._connection = connection
        self._table = LOG_TABLES[log].table
        self._columns = SCAN_COLUMNS[log]
        self._arrived = arrived
        self._parts = parts
        self._stop = stop
        self._now = from_microseconds(now_us)
        self._zone = zone
        self._filters = Filters(self._table, connection.dialect, now_us, zone)
        self._holding: dict[tuple[int, Condition], _Found] = {}

    def expect(self, sources: Sequence[Source], plan: Plan) -> None:
        """Read together what these sources need for the plan."""
        keys: set[int] = set()
        for source in sources:
            if not plan.spans.may_overlap(source.first_moment, source.last_moment):
                continue
            if plan.edge is not None and is_before(source, plan.edge):
                continue
            for condition in plan.conditions:
                if condition.size < _READ_AHEAD_MOST:
                    keys.update(source.expect(condition.certain))
                    keys.update(source.expect(condition.maybe or {}))
        self._parts.expect_packs(keys)

    def matches(self, source: Source, plan: Plan, *, arrived: bool = False) -> Matches:
        """What the plan selects of a source among what the snapshot holds; with `arrived`, among what came after it."""
        self._stop.check()
        if plan.edge is not None and is_before(source, plan.edge):
            return _NOTHING
        found = _within(source, plan.spans)
        if plan.edge is not None:
            archived = source.before(plan.edge)
            if archived:
                found = Matches(found.candidates - archived, found.sure - archived)
        later = source.since(self._arrived)
        if arrived:
            found = _NOTHING if later is None else Matches(found.candidates & later, found.sure & later)
        elif later is not None:
            found = Matches(found.candidates - later, found.sure - later)
        if source.gone:
            found = Matches(found.candidates - source.gone, found.sure - source.gone)
        if not found.candidates:
            return found
        # Those with few terms first: often nothing is left to look for with the many of a network or a wildcard.
        for condition in sorted(plan.conditions, key=attrgetter("size")):
            found = self._positions(source, condition).applied_to(found)
            if not found.candidates:
                return found
        if any(clause not in plan.by_terms for clause in plan.looked_up):
            found = Matches(found.candidates, BitMap())  # ids are known from the rows alone
        return found

    def exact(self, source: Source, plan: Plan) -> BitMap:
        """The positions that the plan selects, all that is unsure looked up."""
        return self._settled(source, self.matches(source, plan), plan)

    def count_arrived(self, source: Source, plan: Plan) -> int:
        """How many events that the plan selects came after the snapshot."""
        if source.since(self._arrived) is None:
            return 0
        return len(self._settled(source, self.matches(source, plan, arrived=True), plan))

    def looked_up(self, source: Source, positions: Sequence[int], plan: Plan) -> list[int]:
        """Those of the positions whose rows fulfil what the plan looks up, in their order."""
        by_row = tuple(clause for clause in plan.looked_up if needs_row(clause))
        conditions = [
            self._filters.condition(clause) for clause in (*plan.looked_up, *plan.timed) if not needs_row(clause)
        ]
        row_of = {position: seq for position, (_moment, seq) in zip(positions, source.places(positions), strict=True)}
        check = RowCheck(by_row, self._now, self._zone)
        columns = self._columns if by_row else (self._table.c.seq,)
        statement = sa.select(*columns).where(self._table.c.seq.in_([*row_of.values()]), *conditions)
        passed = {row.seq for row in self._connection.execute(statement) if check.passes(row)}
        return [position for position in positions if row_of[position] in passed]

    def _settled(self, source: Source, found: Matches, plan: Plan) -> BitMap:
        settled, unsure = found.sure, iter(found.unsure)
        while some := list(islice(unsure, LOOKED_UP_AT_ONCE)):
            self._stop.check()
            settled = settled | BitMap(self.looked_up(source, some, plan))
        return settled

    def _positions(self, source: Source, condition: Condition) -> "_Found":
        """Where a condition holds; found once, for the plans of a question have most conditions in common."""
        key = id(source), condition
        known = self._holding.get(key)
        if known is None:
            if condition.size >= _READ_AHEAD_MOST:
                self._parts.expect_packs([*source.expect(condition.certain), *source.expect(condition.maybe or {})])
            maybe = None if condition.maybe is None else source.having(condition.maybe)
            known = self._holding[key] = _Found(source.having(condition.certain), maybe, condition.negated)
        return known


class _Found(NamedTuple):
    """Where a condition holds: at `certain`, perhaps at `maybe`, which is everywhere if it is None."""

    certain: BitMap
    maybe: BitMap | None
    negated: bool

    def applied_to(self, found: Matches) -> Matches:
        if self.negated:
            candidates = found.candidates - self.certain
            sure = BitMap() if self.maybe is None else found.sure - self.certain - self.maybe
        else:
            fitting = None if self.maybe is None else self.certain | self.maybe if self.maybe else self.certain
            candidates = found.candidates if fitting is None else found.candidates & fitting
            sure = found.sure & self.certain
        return Matches(candidates, sure)


def _within(source: Source, spans: Spans) -> Matches:
    """The positions of the stretches of time: sure but for the milliseconds that a stretch begins or ends in."""
    candidates, sure = BitMap(), BitMap()
    for start, end in spans.stretches:
        first, surely_first = (_position(source, moment) for moment in (start // 1000, -(-start // 1000)))
        last, surely_last = (_position(source, moment) for moment in (-(-end // 1000), end // 1000))
        if first < last:
            candidates.add_range(first, last)
        if surely_first < surely_last:
            sure.add_range(surely_first, surely_last)
    return Matches(candidates, sure)


def _position(source: Source, moment: int) -> int:
    """As `Source.position_of`, without reading anything where the bounds tell."""
    if moment <= source.first_moment:
        return source.begin
    return source.size if moment > source.last_moment else source.position_of(moment)
