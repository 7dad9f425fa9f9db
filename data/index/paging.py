"""Pages: the next events of several sources in the order of time, looking at no more of each than a page needs."""

import heapq
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from data.answers import Direction
from data.index.matching import LOOKED_UP_AT_ONCE, Matcher
from data.index.plan import Plan
from data.index.source import Source, is_before
from data.stop import Stop

_SOURCES_AT_FIRST = 2
_SOURCES_GROW = 3
_LOOKED_UP_FIRST = 60
_MOMENT_SHIFT = 80


class Hit(NamedTuple):
    """An event that a page may show: its row, and when it happened in milliseconds."""

    moment: int
    seq: int


class Found(NamedTuple):
    """The hits of a page, those of a millisecond in no order; and where the search was broken off, if it was.

    `rest` is then the id beyond which nothing was looked at yet.
    """

    hits: list[Hit]
    rest: UUID | None = None


_BROKEN_OFF = -1
"""In place of a row: from this moment on nothing of a source was looked at, for patience was at its end."""


class Pager:
    """Finds the hits of one page. `patience_s` is how long rows may be looked up; without it, as long as it takes."""

    def __init__(
        self,
        connection: sa.Connection,
        table: sa.Table,
        matcher: Matcher,
        plan: Plan,
        direction: Direction,
        patience_s: float | None,
        stop: Stop,
    ) -> None:
        self._stop = stop
        self._connection = connection
        self._table = table
        self._matcher = matcher
        self._plan = plan
        self._older = direction is Direction.OLDER
        self._deadline = None if patience_s is None else time.monotonic() + patience_s

    def find(self, sources: Sequence[Source], beyond: UUID | None, wanted: int) -> Found:
        """At least `wanted` hits beyond this id, nearest first, if there are so many.

        More than `wanted` where several sources have hits in the last millisecond.
        """
        waiting = self._reachable(sources, beyond)
        heads: list[tuple[int, int, Hit, Iterator[Hit]]] = []
        hits: list[Hit] = []
        group, order = _SOURCES_AT_FIRST, 0
        while waiting or heads:
            if waiting and (not heads or self._rank(self._nearest(waiting[0])) <= heads[0][0]):
                some, waiting = waiting[:group], waiting[group:]
                group *= _SOURCES_GROW
                self._matcher.expect(some, self._plan)
                for source in some:
                    order += 1
                    self._push(heads, order, self._hits(source, beyond, wanted))
                continue
            _rank, place, hit, rest = heapq.heappop(heads)
            if len(hits) >= wanted and hit.moment != hits[-1].moment:
                break
            if hit.seq == _BROKEN_OFF:
                return self._broken_off(hits, hit.moment)
            hits.append(hit)
            self._push(heads, place, rest)
        return Found(hits)

    def _push(self, heads: list[tuple[int, int, Hit, Iterator[Hit]]], order: int, hits: Iterator[Hit]) -> None:
        hit = next(hits, None)
        if hit is not None:
            heapq.heappush(heads, (self._rank(hit.moment), order, hit, hits))

    def _broken_off(self, hits: list[Hit], moment: int) -> Found:
        """What is nearer than this moment; the search goes on with all of the moment."""
        edge = (moment + 1 if self._older else moment) << _MOMENT_SHIFT
        nearer = [hit for hit in hits if hit.moment != moment]
        return Found(nearer, UUID(int=edge if self._older else max(0, edge - 1)))

    def _hits(self, source: Source, beyond: UUID | None, wanted: int) -> Iterator[Hit]:
        """The hits of one source beyond an id, at most so many, nearest first."""
        candidates, sure = self._matcher.matches(source, self._plan)
        if beyond is not None:
            cut = self._cut(source, beyond)
            candidates.remove_range(*((cut, source.size) if self._older else (0, cut)))
        is_sure = len(candidates) == candidates.intersection_cardinality(sure)
        size = wanted if is_sure else _LOOKED_UP_FIRST
        began: int | None = None
        while candidates and wanted > 0:
            self._stop.check()
            some = [*(candidates[-size:] if self._older else candidates[:size])]
            nearest, farthest = (some[-1], some[0]) if self._older else (some[0], some[-1])
            candidates.remove_range(*((farthest, source.size) if self._older else (0, farthest + 1)))
            if not is_sure:
                ((moment, _seq),) = source.places((nearest,))
                began = moment if began is None else began
                if moment != began and self._is_over():
                    yield Hit(moment, _BROKEN_OFF)
                    return
                unsure = [position for position in some if position not in sure]
                passed = {*self._matcher.looked_up(source, unsure, self._plan)} if unsure else set()
                some = [position for position in some if position in sure or position in passed]
                size = LOOKED_UP_AT_ONCE
            for moment, seq in source.places(some[::-1] if self._older else some):
                yield Hit(moment, seq)
                wanted -= 1
                if not wanted:
                    return

    def _is_over(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline

    def _cut(self, source: Source, beyond: UUID) -> int:
        """The first position whose id is not below `beyond`, or for newer events, whose id is above it."""
        moment = beyond.int >> _MOMENT_SHIFT
        first, last = source.position_of(moment), source.position_of(moment + 1)
        there: Sequence[int] = range(first, last)
        if source.gone:  # whose rows cannot be asked
            there = [position for position in there if position not in source.gone]
        low, high = 0, len(there)
        while low < high:
            middle = (low + high) // 2
            ((_moment, seq),) = source.places((there[middle],))
            one: UUID = self._connection.execute(
                sa.select(self._table.c.id).where(self._table.c.seq == seq)
            ).scalar_one()
            if one < beyond or (one == beyond and not self._older):
                low = middle + 1
            else:
                high = middle
        return there[low] if low < len(there) else last

    def _rank(self, moment: int) -> int:
        return -moment if self._older else moment

    def _nearest(self, source: Source) -> int:
        return source.last_moment if self._older else source.first_moment

    def _reachable(self, sources: Sequence[Source], beyond: UUID | None) -> list[Source]:
        """The sources that may have anything beyond an id, the nearest first."""
        edge_of_ages = self._plan.edge
        found = [one for one in sources if edge_of_ages is None or not is_before(one, edge_of_ages)]
        if beyond is not None:
            edge = beyond.int >> _MOMENT_SHIFT
            found = [one for one in found if (one.first_moment <= edge if self._older else one.last_moment >= edge)]
        return sorted(found, key=lambda one: self._rank(self._nearest(one)))
