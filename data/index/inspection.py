"""Inspecting: whether a segment says of its events what their rows say. A digest tells of what was damaged; what was altered
on purpose has the right digest, and only making it all again tells of it.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import sqlalchemy as sa
from pyroaring import BitMap, BitMap64

from data.index import tables
from data.index.building import Batch, batch_of, joined, postings_of
from data.index.digests import SegmentDamaged
from data.index.dimensions import CODED
from data.index.old_segments import OldSegment, Piece, old_segments
from data.index.packs import positions_of
from data.index.tallies import BLOCK, NONE
from data.records import Log
from data.store.tables import DIMENSION_NUMBERS, LOG_TABLES

_ROWS_AT_ONCE = 4_096
_NAMES = {number: name for name, number in DIMENSION_NUMBERS.items()}


class _Differs(Exception):
    """The segment does not say what its rows say; tells which."""


InspectionTask: TypeAlias = tuple[Log, OldSegment]
"""A segment, and the log that it is of."""


def inspect(connection: sa.Connection, task: InspectionTask) -> tuple[OldSegment, str | None]:
    """How a segment differs from its rows, in a sentence; None if it does not. It takes some 30 s for a million events."""
    log, segment = task
    try:
        _compare(connection, log, segment)
    except (SegmentDamaged, ValueError, IndexError):  # what has the right digest need not be what it should be
        return segment, "A part of the index is damaged."
    except _Differs as error:
        return segment, str(error)
    return segment, None


def unlisted(connection: sa.Connection, log: Log) -> tuple[int, int]:
    """How many events no part of the index lists, nor any waits for one; and how many it lists twice or for nothing."""
    listed, twice = BitMap64(), 0
    for segment in old_segments(connection, log):
        for _moments, seqs in Piece(connection, segment, segment.begin, segment.size).places():
            some = BitMap64(array("Q", seqs))
            twice += len(seqs) - len(some) + listed.intersection_cardinality(some)
            listed |= some
    waiting = BitMap64(connection.scalars(sa.select(tables.UNINDEXED[log].c.seq)))
    twice += listed.intersection_cardinality(waiting)
    listed |= waiting
    there = BitMap64(connection.scalars(sa.select(LOG_TABLES[log].table.c.seq)))
    return len(there - listed), twice + len(listed - there)


def _compare(connection: sa.Connection, log: Log, segment: OldSegment) -> None:
    stored = {
        (posting.dimension, posting.term): positions_of(posting)
        for pack in Piece(connection, segment, 0, segment.size).packs()
        for posting in pack
    }
    found: Counter[int] = Counter()
    last = b""
    for begin in range(segment.begin // BLOCK * BLOCK, segment.size, BLOCK):
        start, stop = max(begin, segment.begin), min(begin + BLOCK, segment.size)
        piece = Piece(connection, segment, start, stop)
        batch = _rows_of(connection, log, piece)
        if not last < batch.ids[0]:
            raise _Differs("A part of the index lists events in another order than that of their ids.")
        last = batch.ids[-1]
        _compare_terms(batch.columns, start, stored, found)
        _compare_codes(piece, batch.columns)
    for dimension, bits in _sizes(stored, segment).items():
        if bits != found[dimension]:
            raise _Differs(f"A part of the index finds events by {_named(dimension)} that are of another.")


def _rows_of(connection: sa.Connection, log: Log, piece: Piece) -> Batch:
    """The rows of all positions, which have to be in their order."""
    moments, seqs = array("q"), array("q")
    for some_moments, some_seqs in piece.places():
        moments.extend(some_moments)
        seqs.extend(some_seqs)
    seq = LOG_TABLES[log].table.c.seq
    batch = joined(
        [
            batch_of(connection, log, seq.in_(seqs[at : at + _ROWS_AT_ONCE].tolist()))
            for at in range(0, len(seqs), _ROWS_AT_ONCE)
        ]
    )
    if [*batch.filled("seq")] != seqs.tolist():
        raise _Differs("A part of the index lists an event in the place of another, or one that is not there.")
    if any(map(bytes.__le__, batch.ids[1:], batch.ids)):
        raise _Differs("A part of the index lists events in another order than that of their ids.")
    if [at // 1000 for at in batch.filled("occurred_at")] != moments.tolist():
        raise _Differs("A part of the index has events happen at another time.")
    return batch


def _compare_terms(
    columns: Mapping[str, Sequence[int | None]],
    start: int,
    stored: Mapping[tuple[int, int], BitMap],
    found: Counter[int],
) -> None:
    for posting in postings_of(columns):
        bits = stored.get((posting.dimension, posting.term))
        if bits is None or not positions_of(posting).shift(start) <= bits:
            raise _Differs(f"A part of the index does not find events by {_named(posting.dimension)}.")
        found[posting.dimension] += posting.size


def _compare_codes(piece: Piece, columns: Mapping[str, Sequence[int | None]]) -> None:
    for dimension in CODED:
        terms = array("i")
        for some in piece.terms(dimension):
            terms.extend(some)
        if terms.tolist() != [key or NONE for key in columns[_NAMES[dimension]]]:
            raise _Differs(f"A part of the index counts {_named(dimension)} wrongly.")


def _sizes(stored: Mapping[tuple[int, int], BitMap], segment: OldSegment) -> Counter[int]:
    """How many positions of the segment's own there are in each dimension."""
    sizes: Counter[int] = Counter()
    for (dimension, _term), bits in stored.items():
        sizes[dimension] += bits.range_cardinality(segment.begin, 1 << 32)
    return sizes


def _named(dimension: int) -> str:
    return _NAMES.get(dimension, "what they have")
