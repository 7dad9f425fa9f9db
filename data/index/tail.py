"""The events that no segment holds yet, as one transaction sees them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import sqlalchemy as sa
from pyroaring import BitMap

from data.answers import Dimension
from data.index import dimensions, tables
from data.index.arrived import Arrived
from data.index.dimensions import IndexedRow
from data.index.source import Wanted
from data.records import Log
from data.store.ages import Edge
from data.store.tables import FLAG_ERASED, LOG_TABLES, key_column

INDEXED_COLUMNS = {
    log: tuple(log_table.table.c[name] for name in IndexedRow._fields) for log, log_table in LOG_TABLES.items()
}
"""What is read of each log's rows that are to be indexed."""


class Tail:
    """A segment in memory. See `Source`."""

    key = None
    begin = 0
    gone = BitMap()

    def __init__(self, rows: Sequence[IndexedRow]) -> None:
        """`rows` are at least one, in the order of their ids."""
        self._rows = rows
        self._terms: dict[int, dict[int, BitMap]] = {}
        self.size = len(rows)
        self.first_moment = rows[0].occurred_at // 1000
        self.last_moment = rows[-1].occurred_at // 1000
        self.most_seq = max(row.seq for row in rows)

    def erased(self) -> Iterator[tuple[int, int]]:
        """When each event happened that was erased (ms, UTC), and its row: a segment may have it as it was before."""
        return ((row.occurred_at // 1000, row.seq) for row in self._rows if row.flags & FLAG_ERASED)

    def expect(self, wanted: Wanted) -> Sequence[int]:
        return ()

    def having(self, wanted: Wanted) -> BitMap:
        found = BitMap()
        for dimension, terms in wanted.items():
            known = self._of(dimension)
            if len(terms) <= len(known):
                found = found.union(*(known[term] for term in terms if term in known))
            else:
                asked = frozenset(terms)
                found = found.union(*(bits for term, bits in known.items() if term in asked))
        return found

    def postings(self, dimension: int) -> Iterator[tuple[int, int, BitMap]]:
        return ((term, len(bits), bits) for term, bits in sorted(self._of(dimension).items()))

    def tally(self, dimension: int) -> Iterable[tuple[int, int]]:
        return [(term, len(bits)) for term, bits in self._of(dimension).items()]

    def expect_tally(self, dimension: int) -> Sequence[int]:
        return ()

    def counts_of(self, dimension: int, terms: Collection[int]) -> Iterable[tuple[int, int]]:
        known = self._of(dimension)
        return [(term, len(known[term])) for term in terms if term in known]

    def counts_at(self, dimension: int, terms: Collection[int], positions: BitMap) -> Iterable[tuple[int, int]]:
        known = self._of(dimension)
        return [(term, known[term].intersection_cardinality(positions)) for term in terms if term in known]

    def coding_cost(self, positions: BitMap) -> int:
        return 0

    def count_all(self, dimension: int, found: "Counter[int]") -> None:
        for term, count in self.tally(dimension):
            found[term] += count

    def count_coded(self, dimension: int, positions: BitMap, found: "Counter[int]") -> None:
        for term, bits in self._of(dimension).items():
            found[term] += bits.intersection_cardinality(positions)

    def position_of(self, moment: int) -> int:
        return bisect_left(self._rows, moment * 1000, key=lambda row: row.occurred_at)

    def expect_cuts(self, moments: Sequence[int]) -> Sequence[int]:
        return ()

    def positions_of(self, moments: Sequence[int]) -> list[int]:
        return [self.position_of(moment) for moment in moments]

    def places(self, positions: Collection[int]) -> list[tuple[int, int]]:
        rows = [self._rows[position] for position in positions]
        return [(row.occurred_at // 1000, row.seq) for row in rows]

    def since(self, arrived: Arrived) -> BitMap | None:
        seqs = [row.seq for row in self._rows]
        rows = arrived.among(min(seqs), max(seqs))
        return BitMap(position for position, seq in enumerate(seqs) if seq in rows) or None

    def before(self, edge: Edge) -> BitMap:
        return BitMap(
            position
            for position, row in enumerate(self._rows[: self.position_of(edge.us // 1000)])
            if row.seq <= edge.seq
        )

    def _of(self, dimension: int) -> dict[int, BitMap]:
        """All terms of a dimension; grouped once, as few dimensions are asked for."""
        if dimension not in self._terms:
            grouped: dict[int, list[int]] = {}
            for position, row in enumerate(self._rows):
                for term in dimensions.terms_in(row, dimension):
                    grouped.setdefault(term, []).append(position)
            self._terms[dimension] = {term: BitMap(positions) for term, positions in grouped.items()}
        return self._terms[dimension]


def read_tail(connection: sa.Connection, log: Log, most: int) -> Tail | None:
    """The events of a log that no segment holds, None for none. Raises TailTooLong if there are more than `most`."""
    table, unindexed = LOG_TABLES[log].table, tables.UNINDEXED[log]
    # Counted first: to read so many only to find them too many would take as long as a scan itself.
    some = sa.select(unindexed.c.seq).limit(most + 1).subquery()
    if connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one() > most:
        raise TailTooLong
    statement = sa.select(*INDEXED_COLUMNS[log]).where(table.c.seq.in_(sa.select(unindexed.c.seq))).order_by(table.c.id)
    rows = [IndexedRow._make(row) for row in connection.execute(statement)]
    return Tail(rows) if rows else None


class TailTooLong(Exception):
    """So much is not indexed yet that a scan of the log is as quick."""


def waiting_terms(connection: sa.Connection, but: sa.Table, dimension: Dimension) -> Sequence[int]:
    """The terms of a dimension that events have which wait in any log but the one with this table."""
    found: list[int] = []
    for log, unindexed in tables.UNINDEXED.items():
        table = LOG_TABLES[log].table
        if table is not but:
            column = key_column(table, dimension)
            waiting = sa.select(column).where(table.c.seq.in_(sa.select(unindexed.c.seq)), column.is_not(None))
            found += connection.execute(waiting.distinct()).scalars()
    return found
