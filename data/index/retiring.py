"""Events that are removed: the segments that have them leave them out, until so many are gone that they are made anew."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from pyroaring import BitMap

from data.index import tables
from data.index.damage import note_damaged
from data.index.gone import write_gone
from data.index.part_reader import PartReader
from data.index.segment_memory import SegmentMemory
from data.index.stored import live_segments
from data.index.switching import hold_switches
from data.records import Log
from data.stop import Stop
from data.store.rows_by_key import is_one_of

_MOMENT_SHIFT = 80
"""An id begins with the milliseconds (UTC) at which its event happened."""

_WORN = 8
"""Once one event in so many is gone, a segment is made anew."""


def leave_out(connection: sa.Connection, log: Log, rows: Sequence[tuple[int, UUID]]) -> None:
    """Have the index answer as if these events were not there, which are removed in this transaction.

    `rows` are their numbers and ids, a few thousand at most that happened close to each other: others who write wait for
    this. Raises SegmentDamaged where a segment cannot be read that may have them: it has to be mended first.
    """
    if not rows:
        return
    hold_switches(connection)
    seqs = {seq for seq, _id in rows}
    waiting = tables.UNINDEXED[log].c.seq
    connection.execute(sa.delete(tables.UNINDEXED[log]).where(is_one_of(waiting, [*seqs], connection.dialect)))
    first, last = (pick(id_.int for _seq, id_ in rows) >> _MOMENT_SHIFT for pick in (min, max))
    least, most = min(seqs), max(seqs)
    parts = PartReader(connection, Stop())
    for segment in live_segments(connection, log, parts, SegmentMemory()):
        if segment.first_moment > last or segment.last_moment < first or not segment.may_have(least, most):
            continue
        begin, end = segment.positions_of((first, last + 1))
        places = range(begin, end)
        here = BitMap(at for at, (_moment, seq) in zip(places, segment.places(places), strict=True) if seq in seqs)
        if here:
            gone = segment.gone | here
            write_gone(connection, segment.id, gone)
            if len(gone) >= (segment.size - segment.begin) // _WORN:
                note_damaged(connection, segment.id)
