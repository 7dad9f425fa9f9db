"""Erasing and removing events row by row, by what the guards let pass: for tests of what comes of it."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from data.clock import from_microseconds
from data.index.erasing import index_anew
from data.index.retiring import leave_out
from data.records import Log
from data.store import Database, UnitOfWork
from data.store.encoding import decode, tombstone
from data.store.event_writer import flags_of
from data.store.forgetting_tables import RETIRING, erasure
from data.store.tables import DIMENSION_NUMBERS, FLAG_ERASED, LOG_TABLES, event
from data.store.terms import terms_of


def remove_rows(database: Database, ids: Collection[UUID], log: Log = Log.CHANGES) -> None:
    """Remove these events, as the keeper does."""
    with database.upkeep_writing() as connection:
        remove_in(connection, ids, log)


def remove_in(connection: sa.Connection, ids: Collection[UUID], log: Log = Log.CHANGES) -> None:
    """The same within a transaction."""
    table, retiring = LOG_TABLES[log].table, RETIRING[log]
    found = connection.execute(sa.select(table.c.seq, table.c.id).where(table.c.id.in_(ids))).all()
    rows = [(row.seq, row.id) for row in found]
    leave_out(connection, log, rows)
    connection.execute(sa.insert(retiring), [{"seq": seq} for seq, _id in rows])
    connection.execute(sa.delete(table).where(table.c.id.in_(ids)))
    connection.execute(sa.delete(retiring))


def erase_row(database: Database, event_id: UUID, told_by: UUID, *, whole: bool = False) -> None:
    """Erase the personal part of an event, or all of it."""
    with database.writing() as work:
        erase_in(work, event_id, told_by, whole=whole)
        work.commit()


def erase_in(work: UnitOfWork, event_id: UUID, told_by: UUID, *, whole: bool, smuggled: str = "") -> None:
    """The same within a unit of work; `smuggled` is what stands in a tombstone that should not."""
    connection = work.connection
    row = connection.execute(sa.select(event).where(event.c.id == event_id)).one()
    body = row.body
    if whole:
        body = tombstone(event_id, from_microseconds(row.occurred_at), from_microseconds(row.recorded_at)).decode()
        body = body.replace('{"id"', f'{{{smuggled}"id"')
    left = decode(body, None)
    terms = terms_of(left)
    ids = work.events.terms.ids({*terms.values()})
    connection.execute(sa.insert(erasure).values(seq=row.seq, event_id=event_id, told_by=told_by, is_whole=whole))
    connection.execute(
        sa.update(event)
        .where(event.c.seq == row.seq)
        .values(
            body=body,
            personal=None,
            salt=None,
            request_digest=None,
            duration_ms=left.duration_ms,
            flags=flags_of(left, body.encode(), b"") | FLAG_ERASED,
            **{name: ids[terms[name]] if name in terms else None for name in DIMENSION_NUMBERS},
        )
    )
    index_anew(connection, Log.CHANGES, row.seq, event_id)
