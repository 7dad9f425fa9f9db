"""Folding: late events go into the base segments whose range they are in, from the oldest segment to the newest.

Each step makes one base segment anew, with all late events up to the next one: so of each late segment the first events
are always those that are taken, and where it begins is all that has to be kept of that.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa

from data.index import tables
from data.index.merging import write_merged
from data.index.old_segments import OldSegment, Piece
from data.index.orders import interleaved
from data.index.places import CHUNK
from data.index.segment_writer import Lend
from data.index.switching import erasures_within, switching
from data.records import Log
from data.stop import Stop
from data.store.rows_by_key import is_one_of
from data.store.tables import LOG_TABLES

SHARE = 20
"""Late events are folded in when they are more than one in so many."""

LEAST = 1 << 14
"""And at least so many."""

MOST = 1 << 21
"""A segment that would become larger is split."""


def is_due(segments: Sequence[OldSegment]) -> bool:
    """Whether late events are so many that reading them beside the others costs."""
    late = sum(segment.count for segment in segments if segment.is_late)
    return late >= LEAST and late * SHARE > sum(segment.count for segment in segments)


def relabel(lend: Lend, segments: Sequence[OldSegment]) -> bool:
    """Have base segments and late ones change places, where more came late than in order; whether there were any.

    A few events that are far apart can be in the way of a whole log that is imported.
    """
    late = [segment for segment in segments if segment.is_late and not segment.begin]
    late.sort(key=lambda one: one.count, reverse=True)
    kept: list[OldSegment] = []
    demoted: list[OldSegment] = []
    for base in (segment for segment in segments if not segment.is_late):
        within = _apart([one for one in late if base.low <= one.low and one.high <= base.high], [])
        (kept if sum(one.count for one in within) <= base.count else demoted).append(base)
    promoted = _apart(late, kept)
    # More has to be in order afterwards than before, or else two segments could change places for ever.
    if sum(one.count for one in promoted) <= sum(one.count for one in demoted):
        return False
    with switching(lend) as switch:
        switch.relabel([base.id for base in demoted], is_late=True)
        switch.relabel([one.id for one in promoted], is_late=False)
    return True


def _apart(segments: Sequence[OldSegment], others: Sequence[OldSegment]) -> list[OldSegment]:
    """The first of these segments that overlap with none of the others, and not with each other."""
    chosen: list[OldSegment] = []
    for one in segments:
        if all(one.high < other.low or other.high < one.low for other in (*others, *chosen)):
            chosen.append(one)
    return chosen


def fold_next(
    connection: sa.Connection, lend: Lend, log: Log, stop: Stop, segments: Sequence[OldSegment], after: UUID | None
) -> UUID | None:
    """Fold late events into the first base segment after this event that has any in its range; its last event.

    Without `after`, into the first of all. None if there was none. `connection` reads. Raises Overtaken, Cancelled,
    SegmentDamaged.
    """
    bases = [segment for segment in segments if not segment.is_late]
    late = [segment for segment in segments if segment.is_late]
    for base, following in zip(bases, (*bases[1:], None), strict=True):
        if after is not None and base.low <= after:
            continue
        pieces = list(_pieces(connection, log, late, base, following))
        if pieces:
            pieces.append(Piece(connection, base, 0, base.size))
            pieces.sort(key=lambda piece: piece.segment.low)
            _fold(connection, lend, log, stop, pieces, base)
            return base.high
    return None


def _pieces(
    connection: sa.Connection, log: Log, late: Sequence[OldSegment], base: OldSegment, following: OldSegment | None
) -> Iterator[Piece]:
    """What of the late segments is to go into a base segment."""
    for segment in late:
        if following is None:
            stop = _position_after(connection, log, segment, base.high, is_included=True)
        else:
            stop = _position_after(connection, log, segment, following.low, is_included=False)
        if segment.begin < stop:
            yield Piece(connection, segment, segment.begin, stop)


def _fold(
    connection: sa.Connection, lend: Lend, log: Log, stop: Stop, pieces: Sequence[Piece], base: OldSegment
) -> None:
    parts = interleaved(connection, log, pieces).split(MOST)
    made = [write_merged(connection, lend, log, stop, part, is_late=False) for part in parts]
    with switching(lend) as switch:
        switch.check_erased(erasures_within(connection, [piece.segment for piece in pieces]))
        switch.retire((base,))
        for piece in pieces:
            if piece.segment is not base:
                switch.shorten(piece.segment, piece.stop)
        switch.make_live(made, max(piece.segment.built_by for piece in pieces))


def _position_after(
    connection: sa.Connection, log: Log, segment: OldSegment, event_id: UUID, *, is_included: bool
) -> int:
    """How many of a segment's events come before this one, or are it if that is to be counted."""
    if segment.high < event_id:
        return segment.size
    if event_id < segment.low:
        return 0
    moment = event_id.int >> 80
    table = tables.segment
    heads = array("q", connection.execute(sa.select(table.c.moments).where(table.c.id == segment.id)).scalar_one())[:-1]
    # Those of the same moment can be in several chunks, of which the first begins before it.
    first = max(0, bisect_left(heads, moment) - 1) * CHUNK
    moments, seqs = array("q"), array("q")
    end = min(segment.size, bisect_right(heads, moment) * CHUNK)
    for more_moments, more_seqs in Piece(connection, segment, first, end).places():
        moments.extend(more_moments)
        seqs.extend(more_seqs)
    begin, end = bisect_left(moments, moment), bisect_right(moments, moment)
    rows = LOG_TABLES[log].table
    those = is_one_of(rows.c.seq, seqs[begin:end], connection.dialect)
    known = dict(map(tuple, connection.execute(sa.select(rows.c.seq, rows.c.id).where(those))))
    tied = [known[seq] for seq in seqs[begin:end]]
    return first + begin + (bisect_right(tied, event_id) if is_included else bisect_left(tied, event_id))
