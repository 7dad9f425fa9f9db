"""Terms that no event has any more go from the dictionary: those that were noted as in doubt, once nothing has them.

Nothing has a term which no position of a live segment has that still counts, and no event that waits. Whoever writes events
holds the terms that they use (`data.store.terms`), so that none of them goes between being looked up and being used.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import sqlalchemy as sa
from pyroaring import BitMap
from sqlalchemy import exc

from data.index import tables
from data.index.aliases import shared_values
from data.index.damage import damaged
from data.index.part_reader import PartReader
from data.index.segment_memory import SegmentMemory
from data.index.segment_writer import Lend
from data.index.stored import StoredSegment, live_segments
from data.index.switching import hold_switches
from data.records import Log
from data.stop import Stop
from data.store.forgetting_tables import term_epoch, term_in_doubt
from data.store.rows_by_key import is_one_of
from data.store.tables import DIMENSION_NUMBERS, LOG_TABLES, key_column, term
from data.store.terms import TERMS_LOCK

_AT_ONCE = 500
_PATIENCE_MS = 30
"""Whoever waits for all writers to have ended holds up those who begin."""
_LOCK_NOT_AVAILABLE = "55P03"
_DIMENSIONS = {number: name for name, number in DIMENSION_NUMBERS.items()}


def are_in_doubt(connection: sa.Connection) -> bool:
    """Whether any term has to be looked at: a cheap look."""
    return connection.execute(sa.select(term_in_doubt.c.id).limit(1)).first() is not None


def remove_unused(
    read: Callable[[], AbstractContextManager[sa.Connection]], lend: Lend, note: Callable[[sa.Connection], None]
) -> int:
    """Remove the terms in doubt that nothing has, and doubt the others no more; how many went.

    For whoever builds the index, and so is alone. While a segment is damaged nothing is removed: it may have terms that it
    should not. `note` is given each connection on which some were, before the commit. Raises SegmentDamaged.
    """
    removed = last = 0
    while True:
        search = _Search()
        with read() as connection:
            if damaged(connection):
                return removed
            doubted = sa.select(term_in_doubt.c.id).where(term_in_doubt.c.id > last).order_by(term_in_doubt.c.id)
            some = list(connection.scalars(doubted.limit(_AT_ONCE)))
            if not some:
                return removed
            last = some[-1]
            search.used(connection, some)  # most of what is to be read is read before anybody waits
        with lend() as writing:
            if not _has_terms_alone(writing):
                return removed
            hold_switches(writing)
            if damaged(writing):
                return removed
            unused = sorted({*some} - search.used(writing, some))
            if writing.dialect.name != "postgresql":
                # There the next term would have the number of the last one, were it gone.
                newest = writing.execute(sa.select(sa.func.max(term.c.id))).scalar()
                unused = [one for one in unused if one != newest]
                some = [one for one in some if one != newest]
            removed += _remove(writing, unused)
            writing.execute(sa.delete(term_in_doubt).where(term_in_doubt.c.id.in_(some)))
            note(writing)


def _remove(connection: sa.Connection, unused: list[int]) -> int:
    if not unused:
        return 0
    # One that shared its value with those that go may have it for itself now.
    siblings = shared_values(connection, unused).keys()
    connection.execute(sa.delete(tables.alias).where(tables.alias.c.term.in_([*unused])))
    count = connection.execute(sa.delete(term).where(term.c.id.in_(unused))).rowcount
    left = [*(siblings - {*unused})]
    alone = {*left} - shared_values(connection, left).keys()
    connection.execute(sa.delete(tables.alias).where(is_one_of(tables.alias.c.term, [*alone], connection.dialect)))
    connection.execute(sa.update(term_epoch).values(removals=term_epoch.c.removals + 1))
    return count


def _has_terms_alone(connection: sa.Connection) -> bool:
    """Whether nobody else uses ids of terms until this transaction ends; where they do not let go of them soon, not."""
    if connection.dialect.name != "postgresql":  # nobody else writes
        return True
    connection.execute(sa.text(f"SET LOCAL lock_timeout = {_PATIENCE_MS}"))
    try:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TERMS_LOCK)))
    except exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            connection.rollback()
            return False
        raise
    connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
    return True


class _Search:
    """Looks for terms, twice: the second time no longer in what has not changed since."""

    def __init__(self) -> None:
        self._memory = SegmentMemory()
        self._found: dict[tuple[int, int, int], set[int]] = {}

    def used(self, connection: sa.Connection, terms: list[int]) -> set[int]:
        """Those of these terms that an event has. Raises SegmentDamaged."""
        by_dimension: dict[int, list[int]] = {}
        for one, number in connection.execute(sa.select(term.c.id, term.c.dimension).where(term.c.id.in_(terms))):
            by_dimension.setdefault(number, []).append(one)
        found: set[int] = set()
        parts = PartReader(connection, Stop())
        for log in Log:
            found |= _waiting(connection, log, by_dimension)
            for segment in live_segments(connection, log, parts, self._memory):
                key = segment.id, segment.begin, len(segment.gone)
                if key not in self._found:
                    self._found[key] = _in_segment(segment, by_dimension, parts)
                found |= self._found[key]
        return found


def _in_segment(segment: StoredSegment, by_dimension: Mapping[int, list[int]], parts: PartReader) -> set[int]:
    parts.expect_packs(segment.expect(by_dimension))
    not_counted = segment.gone | BitMap(range(segment.begin))
    return {
        one for number, terms in by_dimension.items() for one in terms if segment.having({number: (one,)}) - not_counted
    }


def _waiting(connection: sa.Connection, log: Log, by_dimension: Mapping[int, list[int]]) -> set[int]:
    table, waiting = LOG_TABLES[log].table, sa.select(tables.UNINDEXED[log].c.seq)
    found: set[int] = set()
    for number, terms in by_dimension.items():
        column = key_column(table, _DIMENSIONS[number])
        found.update(
            connection.scalars(sa.select(column).where(table.c.seq.in_(waiting), column.in_(terms)).distinct())
        )
    return found
