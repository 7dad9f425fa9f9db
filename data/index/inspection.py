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
from data.index.gone import gone_of
from data.index.old_segments import OldSegment, Piece, old_segments
from data.index.packs import positions_of
from data.index.self_description import Differs, compare_bounds, compare_sums, named, postings_in
from data.index.tallies import BLOCK, NONE
from data.records import Log
from data.store.tables import DIMENSION_NUMBERS, FLAG_ERASED, LOG_TABLES

_ROWS_AT_ONCE = 4_096
_NAMES = {number: name for name, number in DIMENSION_NUMBERS.items()}


InspectionTask: TypeAlias = tuple[Log, OldSegment]
"""A segment, and the log that it is of."""


def inspect(connection: sa.Connection, task: InspectionTask) -> tuple[OldSegment, str | None]:
    """How a segment differs from its rows, in a sentence; None if it does not. It takes some 30 s for a million events."""
    log, segment = task
    try:
        _compare(connection, log, segment)
    except (SegmentDamaged, ValueError, IndexError):  # what has the right digest need not be what it should be
        return segment, "A part of the index is damaged."
    except Differs as error:
        return segment, str(error)
    return segment, None


def unlisted(connection: sa.Connection, log: Log) -> tuple[int, int]:
    """How many events no part of the index lists, nor any waits for one; and how many it lists twice or for nothing."""
    listed, twice = BitMap64(), 0
    gone = gone_of(connection)
    for segment in old_segments(connection, log):
        at, missing = segment.begin, gone.get(segment.id, BitMap())
        for _moments, seqs in Piece(connection, segment, segment.begin, segment.size).places():
            if missing:
                seqs = array("q", (seq for position, seq in enumerate(seqs, at) if position not in missing))
                at += len(_moments)
            some = BitMap64(array("Q", seqs))
            twice += len(seqs) - len(some) + listed.intersection_cardinality(some)
            listed |= some
    waiting = BitMap64(connection.scalars(sa.select(tables.UNINDEXED[log].c.seq)))
    listed -= erased_waiting(connection, log)
    twice += listed.intersection_cardinality(waiting)
    listed |= waiting
    there = BitMap64(connection.scalars(sa.select(LOG_TABLES[log].table.c.seq)))
    return len(there - listed), twice + len(listed - there)


def _compare(connection: sa.Connection, log: Log, segment: OldSegment) -> None:
    compare_bounds(connection, segment)
    stored = postings_in(connection, segment)
    gone = gone_of(connection).get(segment.id, BitMap())
    erased = erased_waiting(connection, log)
    left_out = gone | _places_of(connection, segment, erased) if erased else gone
    if left_out:
        stored = {key: bits - left_out for key, bits in stored.items()}
    found: Counter[int] = Counter()
    last = b""
    for begin in range(segment.begin // BLOCK * BLOCK, segment.size, BLOCK):
        start, stop = max(begin, segment.begin), min(begin + BLOCK, segment.size)
        piece = Piece(connection, segment, start, stop)
        compare_sums(piece)
        positions = BitMap(range(start, stop)) - left_out
        batch = _rows_of(connection, log, piece, positions, erased)
        if not positions:
            continue
        if not last < batch.ids[0]:
            raise Differs("A part of the index lists events in another order than that of their ids.")
        if not segment.low.bytes <= batch.ids[0] <= batch.ids[-1] <= segment.high.bytes:
            raise Differs("A part of the index says of itself that it has no event that early or late.")
        last = batch.ids[-1]
        _compare_terms(batch.columns, positions, stored, found)
        _compare_codes(piece, batch.columns, positions)
    for dimension, bits in _sizes(stored, segment).items():
        if bits != found[dimension]:
            raise Differs(f"A part of the index finds events by {named(dimension)} that are of another.")


def erased_waiting(connection: sa.Connection, log: Log) -> BitMap64:
    """The events that were erased and wait to be indexed anew: what segments say of them counts no more."""
    table, waits = LOG_TABLES[log].table, tables.UNINDEXED[log].c.seq
    is_erased = table.c.flags.bitwise_and(FLAG_ERASED) != 0
    return BitMap64(connection.scalars(sa.select(waits).join(table, table.c.seq == waits).where(is_erased)))


def _places_of(connection: sa.Connection, segment: OldSegment, wanted: BitMap64) -> BitMap:
    """The positions of a segment at which these rows are."""
    found, at = BitMap(), 0
    for _moments, seqs in Piece(connection, segment, 0, segment.size).places():
        found |= BitMap(position for position, seq in enumerate(seqs, at) if seq in wanted)
        at += len(seqs)
    return found


def _rows_of(connection: sa.Connection, log: Log, piece: Piece, positions: BitMap, erased: BitMap64) -> Batch:
    """The rows of these positions of a piece, which have to be in their order; at all others is none any more, or one that
    was erased.
    """
    moments, seqs = array("q"), array("q")
    for some_moments, some_seqs in piece.places():
        moments.extend(some_moments)
        seqs.extend(some_seqs)
    if len(positions) < len(seqs):
        there = [position - piece.start for position in positions]
        removed = array(
            "q", (seq for at, seq in enumerate(seqs, piece.start) if at not in positions and seq not in erased)
        )
        if _are_there(connection, log, removed):
            raise Differs("A part of the index leaves out an event that is there.")
        moments = array("q", map(moments.__getitem__, there))
        seqs = array("q", map(seqs.__getitem__, there))
    seq = LOG_TABLES[log].table.c.seq
    batch = joined(
        [
            batch_of(connection, log, seq.in_(seqs[at : at + _ROWS_AT_ONCE].tolist()))
            for at in range(0, len(seqs), _ROWS_AT_ONCE)
        ]
    )
    if [*batch.filled("seq")] != seqs.tolist():
        raise Differs("A part of the index lists an event in the place of another, or one that is not there.")
    if any(map(bytes.__le__, batch.ids[1:], batch.ids)):
        raise Differs("A part of the index lists events in another order than that of their ids.")
    if [at // 1000 for at in batch.filled("occurred_at")] != moments.tolist():
        raise Differs("A part of the index has events happen at another time.")
    return batch


def _are_there(connection: sa.Connection, log: Log, seqs: "array[int]") -> bool:
    """Whether any of these rows is."""
    seq = LOG_TABLES[log].table.c.seq
    return any(
        connection.execute(sa.select(seq).where(seq.in_(seqs[at : at + _ROWS_AT_ONCE].tolist())).limit(1)).first()
        for at in range(0, len(seqs), _ROWS_AT_ONCE)
    )


def _compare_terms(
    columns: Mapping[str, Sequence[int | None]],
    positions: BitMap,
    stored: Mapping[tuple[int, int], BitMap],
    found: Counter[int],
) -> None:
    start, is_whole = positions[0], positions[-1] - positions[0] + 1 == len(positions)
    for posting in postings_of(columns):
        bits, places = stored.get((posting.dimension, posting.term)), positions_of(posting)
        wanted = places.shift(start) if is_whole else BitMap(map(positions.__getitem__, places))
        if bits is None or not wanted <= bits:
            raise Differs(f"A part of the index does not find events by {named(posting.dimension)}.")
        found[posting.dimension] += posting.size


def _compare_codes(piece: Piece, columns: Mapping[str, Sequence[int | None]], positions: BitMap) -> None:
    for dimension in CODED:
        terms = array("i")
        for some in piece.terms(dimension):
            terms.extend(some)
        if len(positions) < len(terms):
            terms = array("i", (terms[position - piece.start] for position in positions))
        if terms.tolist() != [key or NONE for key in columns[_NAMES[dimension]]]:
            raise Differs(f"A part of the index counts {named(dimension)} wrongly.")


def _sizes(stored: Mapping[tuple[int, int], BitMap], segment: OldSegment) -> Counter[int]:
    """How many positions of the segment's own there are in each dimension."""
    sizes: Counter[int] = Counter()
    for (dimension, _term), bits in stored.items():
        sizes[dimension] += bits.range_cardinality(segment.begin, 1 << 32)
    return sizes
