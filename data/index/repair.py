"""Repair: what a crash left behind goes, and segments that readers found to be damaged are made anew from the events."""

from array import array
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from pyroaring import BitMap64

from data.index import tables
from data.index.building import Batch, batch_of, joined, write_segment
from data.index.old_segments import OldSegment, Piece, old_segments
from data.index.segment_writer import GIVEN_UP, Lend
from data.index.switching import erasures_within, switching
from data.index.tables import KEY_BITS
from data.records import Log
from data.stop import Stop
from data.store.tables import LOG_TABLES

_SMALL_AT_ONCE, _LARGE_AT_ONCE = 256, 8
"""Parts that are deleted in one transaction: each is some 4 KB, and tallies can be much more."""

_ROWS_AT_ONCE = 500


def remove_hidden(connection: sa.Connection, lend: Lend, stop: Stop) -> None:
    """Remove the segments that are not live: given up by a crash, or part of others now. `connection` reads."""
    table = tables.segment
    for segment in list(connection.scalars(sa.select(table.c.id).where(sa.not_(table.c.is_live)))):
        # Whoever writes it all the same, believing to be alone, may have made it live by now.
        given_up = sa.and_(table.c.id == segment, sa.not_(table.c.is_live))
        with lend() as writing:
            if not writing.execute(sa.update(table).where(given_up).values(begin=GIVEN_UP)).rowcount:
                continue
        for part in tables.PARTS:
            while _remove_some(lend, stop, part, segment):
                pass
        with lend() as writing:
            # The row last: as long as there are parts, they are found by it.
            writing.execute(sa.delete(table).where(given_up))


def _remove_some(lend: Lend, stop: Stop, part: sa.Table, segment: int) -> bool:
    """Whether there may be more."""
    stop.check()
    most = _LARGE_AT_ONCE if part is tables.tally else _SMALL_AT_ONCE
    some = sa.select(part.c.key).where(_is_of(part, segment)).order_by(part.c.key).limit(most)
    with lend() as writing:
        return writing.execute(sa.delete(part).where(part.c.key.in_(some.scalar_subquery()))).rowcount == most


def _is_of(part: sa.Table, segment: int) -> sa.ColumnElement[bool]:
    return part.c.key.between(segment << KEY_BITS, (segment + 1 << KEY_BITS) - 1)


def forget_foreign_transactions(connection: sa.Connection, lend: Lend) -> None:
    """Forget in which transactions segments were made that another server has written: of a dump that was restored."""
    if connection.dialect.name != "postgresql":
        return
    not_begun = tables.segment.c.built_by >= sa.cast(
        sa.cast(sa.func.pg_snapshot_xmax(sa.func.pg_current_snapshot()), sa.Text), sa.BigInteger
    )
    if connection.execute(sa.select(tables.segment.c.id).where(not_begun).limit(1)).first() is not None:
        with lend() as writing:
            writing.execute(sa.update(tables.segment).where(not_begun).values(built_by=0))


def forget_old_damage(connection: sa.Connection, lend: Lend) -> None:
    """Forget what is noted of segments that are not live any more. `connection` reads."""
    is_live = sa.exists().where(tables.segment.c.id == tables.damage.c.segment, tables.segment.c.is_live)
    if connection.execute(sa.select(tables.damage).where(sa.not_(is_live)).limit(1)).first() is not None:
        with lend() as writing:
            writing.execute(sa.delete(tables.damage).where(sa.not_(is_live)))


def rebuild(connection: sa.Connection, lend: Lend, log: Log, stop: Stop, ids: set[int], most: int) -> int:
    """Make those of these segments anew that are of this log, at most so many events in each; how many they were.

    The events are those within their bounds that no other segment has and that do not wait. They are not made to wait:
    there can be very many, and whatever waits is read with every question. `connection` reads. Raises Overtaken, Cancelled,
    and SegmentDamaged for another one.
    """
    segments = old_segments(connection, log)
    broken = sorted((one for one in segments if one.id in ids), key=lambda one: one.is_late)
    if not broken:
        return 0
    others = [segment for segment in segments if segment.id not in ids]
    made: list[int] = []
    done = BitMap64()
    for segment in broken:
        wanted = _lost_rows(connection, log, segment, others, done)
        done |= BitMap64(array("Q", wanted))
        for batch in _batches(connection, log, wanted, most):
            made.append(write_segment(batch, lend, log, stop, is_late=segment.is_late))
    with switching(lend) as switch:
        switch.check_erased(erasures_within(connection, broken))
        switch.retire(broken)
        switch.mended([segment.id for segment in broken])
        switch.make_live(made, max(segment.built_by for segment in broken))
    return len(broken)


def _lost_rows(
    connection: sa.Connection, log: Log, segment: OldSegment, others: Sequence[OldSegment], done: BitMap64
) -> "array[int]":
    """The rows within a segment's bounds that are nowhere else, in the order of their ids."""
    elsewhere = done | BitMap64(connection.scalars(sa.select(tables.UNINDEXED[log].c.seq)))
    for other in others:
        if other.low <= segment.high and segment.low <= other.high:
            for _moments, seqs in Piece(connection, other, other.begin, other.size).places():
                elsewhere |= BitMap64(array("Q", seqs))
    table = LOG_TABLES[log].table
    rows = connection.scalars(
        sa.select(table.c.seq).where(table.c.id.between(segment.low, segment.high)).order_by(table.c.id)
    )
    return array("q", (seq for seq in rows if seq not in elsewhere))


def _batches(connection: sa.Connection, log: Log, seqs: "array[int]", most: int) -> Iterator[Batch]:
    """These rows, which are in the order of their ids."""
    seq = LOG_TABLES[log].table.c.seq
    for first in range(0, len(seqs), most):
        some = seqs[first : first + most].tolist()
        parts = [
            batch_of(connection, log, seq.in_(some[at : at + _ROWS_AT_ONCE]))
            for at in range(0, len(some), _ROWS_AT_ONCE)
        ]
        yield joined(parts)
