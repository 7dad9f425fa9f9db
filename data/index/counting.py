"""Counting what a plan selects by the values of a dimension: exactly, by whichever way is the shortest.

- Where a plan selects all of a segment, the tally knows.
- Few events: their keys are read from their rows.
- A dimension with few terms: each term's bitmap is intersected with what is selected.
- A coded dimension: the terms at the selected positions are looked at one by one.
- Else the terms are tried from the most frequent on, until none of the rest can be among the first; or, where that takes
  too long and the dimension is coded, all positions are looked at after all.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

import sqlalchemy as sa
from pyroaring import BitMap

from data.answers import MOST_DISTINCT, Dimension
from data.index.alias_memory import AliasMemory, SharedValues
from data.index.dimensions import CODED
from data.index.matching import Matcher
from data.index.naming import Namer
from data.index.part_reader import PartReader
from data.index.plan import Plan
from data.index.segment_memory import SegmentMemory
from data.index.selection import Selected, chunks, intersected, is_all, is_most
from data.index.source import Source
from data.index.tail import Tail, waiting_terms
from data.stop import Stop
from data.store.facets import Counted
from data.store.tables import DIMENSION_NUMBERS, key_column

_ROWS_MOST = 5_000
_ROWS_MOST_OF_MANY = 20_000
_CODED_MOST = 1_000_000
_SEARCHED_MOST = 1_000
"""Of no more terms that are looked for the tallies are searched; else all are read."""
_ROWS_AT_ONCE = 500
_TERMS_AT_ONCE = 500
_TRIED_AT_ONCE = 64
_TRIED_MOST_OF_CODED = 2_500
"""So many values, each in one source, may be tried before the positions of a coded dimension are looked at instead."""
_SAMPLED = 20_000
_MANY = frozenset({Dimension.TARGET, Dimension.IP})
_DIMENSIONS = tuple(Dimension)


class Tallier:
    """Counts within one transaction."""

    def __init__(
        self,
        connection: sa.Connection,
        table: sa.Table,
        matcher: Matcher,
        sources: Sequence[Source],
        parts: PartReader,
        aliases: AliasMemory,
        memory: SegmentMemory,
        stop: Stop,
    ) -> None:
        self._connection = connection
        self._table = table
        self._matcher = matcher
        self._sources = sources
        self._parts = parts
        self._aliases = aliases
        self._shared = SharedValues({})
        self._memory = memory
        self._stop = stop
        self._namer = Namer(connection, table, parts)
        self._selected: dict[Plan, Selected] = {}
        self._read: dict[Plan, dict[Dimension, Counter[int]]] = {}
        self._every: dict[tuple[Plan, Dimension], Mapping[int, int]] = {}

    def selected(self, plan: Plan) -> Selected:
        """What the plan selects; found once."""
        if plan not in self._selected:
            self._matcher.expect(self._sources, plan)
            found = ((source, self._matcher.exact(source, plan)) for source in self._sources)
            self._selected[plan] = [(source, positions) for source, positions in found if positions]
        return self._selected[plan]

    def total(self, plan: Plan) -> int:
        """How many events the plan selects."""
        return sum(len(positions) for _source, positions in self.selected(plan))

    def known_total(self, plan: Plan, types: Collection[int]) -> int | None:
        """How many events the plan selects that are of one of these types, if the types' facet has counted all anyway."""
        counts = self._every.get((plan, Dimension.TYPE))
        return None if counts is None else sum(counts.get(one, 0) for one in types)

    def types(self, plan: Plan) -> dict[str, int]:
        """The events of each type, by its folded name."""
        counts = self._all_terms(plan, Dimension.TYPE)
        found: Counter[str] = Counter()
        for one, (_ident, folded, _name) in self._namer.texts(counts).items():
            if folded is not None:
                found[folded] += counts[one]
        return dict(found)

    def values(self, plan: Plan, dimension: Dimension, limit: int, among: Collection[int] | None) -> Counted:
        """The `limit` most frequent values of a dimension; with `among`, of those that have one of these terms."""
        self._shared = self._look_up_aliases(dimension, is_looking=among is not None)
        allowed = None if among is None else self._shared.values_of(among)
        if not self._is_short(plan, dimension):
            wanted = None if allowed is None else self._terms_of(allowed)
            tried = self._tried(plan, dimension, limit, wanted)
            if tried is not None:
                return tried
        counts = self._shared.by_value(self._all_terms(plan, dimension))
        if allowed is not None:
            counts = {value: counts[value] for value in counts.keys() & allowed}
        return self._namer.named(self.selected(plan), dimension, self._first(counts, limit), len(counts), self._shared)

    # The ways.

    def _is_short(self, plan: Plan, dimension: Dimension) -> bool:
        """Whether all terms are counted: else the most frequent are tried."""
        total = self.total(plan)
        if total <= _ROWS_MOST or dimension in (Dimension.TYPE, Dimension.OUTCOME, Dimension.SERVICE):
            return True
        if all(is_all(source, positions) for source, positions in self.selected(plan)):
            return True
        if dimension in _MANY:
            return total <= _ROWS_MOST_OF_MANY
        cost = 0
        for source, positions in self.selected(plan):
            most = is_most(source, positions)
            cost += source.size - source.begin - len(positions) if most else source.coding_cost(positions)
        return cost <= _CODED_MOST

    def _all_terms(self, plan: Plan, dimension: Dimension) -> Mapping[int, int]:
        """How often each term occurs; found once."""
        key = plan, dimension
        if key not in self._every:
            self._every[key] = self._count_terms(plan, dimension)
        return self._every[key]

    def _count_terms(self, plan: Plan, dimension: Dimension) -> Mapping[int, int]:
        total = self.total(plan)
        if total <= _ROWS_MOST or (dimension in _MANY and total <= _ROWS_MOST_OF_MANY):
            return self._from_rows(plan)[dimension]
        number = DIMENSION_NUMBERS[dimension]
        if number in CODED:
            return self._all_coded(self.selected(plan), number)
        selected = self.selected(plan)
        found = self._added([source for source, positions in selected if is_all(source, positions)], number)
        for source, positions in selected:
            self._stop.check()
            if not is_all(source, positions):
                for one, count in intersected(source, number, positions):
                    found[one] += count
        return found

    def _all_coded(self, selected: Selected, number: int) -> Mapping[int, int]:
        """As `_all_terms`: where most is selected, what is not is looked at, and taken off the tally."""
        found = self._added([source for source, positions in selected if is_most(source, positions)], number)
        others: Counter[int] = Counter()
        for source, positions in selected:
            self._stop.check()
            if not is_most(source, positions):
                source.count_coded(number, positions, found)
            elif not is_all(source, positions):
                source.count_coded(number, BitMap(range(source.begin, source.size)) - positions, others)
        for one, count in others.items():
            found[one] -= count
        return {one: count for one, count in found.items() if count}

    def _added(self, sources: Sequence[Source], number: int) -> Counter[int]:
        """How often each term of a dimension occurs in all of these together."""
        stored = {source.key: source for source in sources if source.key is not None}
        keys = frozenset(stored)
        known = self._memory.sum(keys, number)
        if known is None:
            self._parts.expect_tallies([key for source in stored.values() for key in source.expect_tally(number)])
            counts: Counter[int] = Counter()
            for source in stored.values():
                self._stop.check()
                source.count_all(number, counts)
            known = self._memory.learn_sum(keys, number, counts)
        found = Counter(dict(known.items()))
        for source in sources:
            if source.key is None:
                source.count_all(number, found)
        return found

    def _from_rows(self, plan: Plan) -> dict[Dimension, Counter[int]]:
        """The terms of every dimension, read from the rows."""
        if plan not in self._read:
            columns = [key_column(self._table, dimension) for dimension in _DIMENSIONS]
            counters = {dimension: Counter[int]() for dimension in _DIMENSIONS}
            for source, positions in self.selected(plan):
                for some in chunks(positions, _ROWS_AT_ONCE):
                    self._stop.check()
                    seqs = [seq for _moment, seq in source.places(some)]
                    rows = self._connection.execute(sa.select(*columns).where(self._table.c.seq.in_(seqs))).all()
                    for dimension, keys in zip(_DIMENSIONS, zip(*rows, strict=True), strict=True):
                        counters[dimension].update(keys)
            for counter in counters.values():
                del counter[None]  # what has none of a dimension
            self._read[plan] = counters
        return self._read[plan]

    def _tried(self, plan: Plan, dimension: Dimension, limit: int, wanted: Sequence[int] | None) -> Counted | None:
        """The most frequent values, found by trying those that could be: the most frequent of the whole segments first.

        None where it takes too long, and there is another way.
        """
        number = DIMENSION_NUMBERS[dimension]
        selected = self.selected(plan)
        sources = [source for source, _positions in selected]
        if wanted is None:
            most = self._added(sources, number)
        elif len(wanted) <= _SEARCHED_MOST:
            most = Counter()
            for source in sources:
                self._stop.check()
                for one, count in source.counts_of(number, wanted):
                    most[one] += count
        else:
            asked = frozenset(wanted)
            most = Counter({one: count for one, count in self._added(sources, number).items() if one in asked})
        bounds = self._shared.by_value(most)
        most.clear()  # it can be large, and so can what is made of it
        ordered = sorted(bounds, key=lambda value: -bounds[value])
        counts: dict[int, int] = {}
        least = 0
        waiting, size = iter(ordered), _TRIED_AT_ONCE
        while some := list(islice(waiting, size)):
            size += _TRIED_AT_ONCE
            if len(counts) >= limit and bounds[some[0]] < least:
                break
            if len(counts) * len(sources) >= _TRIED_MOST_OF_CODED and number in CODED:
                return None
            counts.update(self._counted(selected, number, some))
            least = min(sorted(counts.values(), reverse=True)[:limit])
        found = {value: count for value, count in counts.items() if count}
        distinct = self._distinct(selected, number, ordered, found)
        return self._namer.named(self.selected(plan), dimension, self._first(found, limit), distinct, self._shared)

    def _counted(self, selected: Selected, number: int, values: Sequence[int]) -> dict[int, int]:
        """The exact count of each of these values."""
        terms_of = self._shared.terms_of(values)
        terms = [one for some in terms_of.values() for one in some]
        self._expect(selected, number, terms)
        counts = dict.fromkeys(terms, 0)
        for source, positions in selected:
            self._stop.check()
            for one, count in source.counts_at(number, terms, positions):
                counts[one] += count
        return {value: sum(counts[one] for one in terms_of.get(value, ())) for value in values}

    def _distinct(self, selected: Selected, number: int, ordered: Sequence[int], found: Mapping[int, int]) -> int:
        """How many of these values there are, up to one more than are counted."""
        known = frozenset(found)
        if len(known) <= MOST_DISTINCT and number in CODED:
            known |= self._sampled(selected, number) & frozenset(ordered)
        if len(known) > MOST_DISTINCT:
            return MOST_DISTINCT + 1
        seen, unseen = [*known], [value for value in ordered if value not in known]
        for source, positions in selected:
            waiting, unseen = iter(unseen), []
            while some := list(islice(waiting, _TERMS_AT_ONCE)):
                self._stop.check()
                terms_of = self._shared.terms_of(some)
                terms = [one for terms in terms_of.values() for one in terms]
                self._expect([(source, positions)], number, terms)
                here = {one for one, count in source.counts_at(number, terms, positions) if count}
                for value in some:
                    (unseen if here.isdisjoint(terms_of.get(value, ())) else seen).append(value)
                if len(seen) > MOST_DISTINCT:
                    return MOST_DISTINCT + 1
        return len(seen)

    def _sampled(self, selected: Selected, number: int) -> set[int]:
        """Values at some of the positions."""
        seen: set[int] = set()
        for source, positions in selected:
            sample: Counter[int] = Counter()
            source.count_coded(number, positions[:_SAMPLED], sample)
            seen.update(self._shared.value_of(one) for one, count in sample.items() if count)
            if len(seen) > MOST_DISTINCT:
                break
        return seen

    # The rest.

    def _expect(self, selected: Selected, number: int, terms: Sequence[int]) -> None:
        self._parts.expect_packs({key for source, _positions in selected for key in source.expect({number: terms})})

    def _first(self, counts: Mapping[int, int], limit: int) -> dict[int, int]:
        """The most frequent, first those that the dictionary knew first, with the counts."""
        if len(counts) > limit:
            least = heapq.nlargest(limit, counts.values())[-1]
            counts = {value: count for value, count in counts.items() if count >= least}
        first_of = {value: min(terms) for value, terms in self._shared.terms_of(counts).items()}
        ordered = heapq.nsmallest(limit, counts, key=lambda value: (-counts[value], first_of[value]))
        return {value: counts[value] for value in ordered}

    def _look_up_aliases(self, dimension: Dimension, *, is_looking: bool) -> SharedValues:
        number = DIMENSION_NUMBERS[dimension]
        unindexed = [one for source in self._sources if isinstance(source, Tail) for one, _ in source.tally(number)]
        if is_looking:  # names count that any log has, and what waits in another the builder has not examined, either
            unindexed += waiting_terms(self._connection, self._table, dimension)
        return self._aliases.look_up(self._connection, unindexed)

    def _terms_of(self, values: Iterable[int]) -> list[int]:
        return [one for some in self._shared.terms_of(values).values() for one in some]
