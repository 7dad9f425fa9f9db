"""An event whose row says less than before: the index forgets what it said, and finds the event by what is left."""

from uuid import UUID

import sqlalchemy as sa

from data.index import tables
from data.index.damage import note_damaged
from data.index.switching import hold_switches
from data.records import Log
from data.store.upserting import insert_into


def index_anew(connection: sa.Connection, log: Log, seq: int, event_id: UUID) -> None:
    """Have an event be indexed anew, whose row is erased in this transaction.

    From its commit on, what segments say of it counts no more: an erased event that waits is read from its row alone. The
    segments that may have it are noted as damaged, and so made anew without it.
    """
    hold_switches(connection)
    segment = tables.segment
    may_have_it = sa.and_(
        segment.c.log == tables.LOG_NUMBERS[log],
        segment.c.is_live,
        sa.and_(segment.c.low <= event_id, segment.c.high >= event_id),
        sa.and_(segment.c.least_seq <= seq, segment.c.most_seq >= seq),
    )
    note_damaged(connection, *connection.scalars(sa.select(segment.c.id).where(may_have_it)))
    waits = insert_into(tables.UNINDEXED[log], connection.dialect).values(seq=seq)
    connection.execute(waits.on_conflict_do_nothing())
