"""Erasing and removing events row by row, by what the guards let pass: for tests of what comes of it."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from data.clock import to_text
from data.index.erasing import index_anew
from data.index.retiring import leave_out
from data.records import Event, Log
from data.store import Database
from data.store.encoding import canonical, decode
from data.store.event_writer import flags_of
from data.store.forgetting_tables import RETIRING, erasure
from data.store.tables import DIMENSION_NUMBERS, FLAG_ERASED, LOG_TABLES, event
from data.store.terms import terms_of


def remove_rows(database: Database, ids: Collection[UUID], log: Log = Log.CHANGES) -> None:
    """Remove these events, as the keeper does."""
    table, retiring = LOG_TABLES[log].table, RETIRING[log]
    with database.upkeep_writing() as connection:
        found = connection.execute(sa.select(table.c.seq, table.c.id).where(table.c.id.in_(ids))).all()
        rows = [(row.seq, row.id) for row in found]
        leave_out(connection, log, rows)
        connection.execute(sa.insert(retiring), [{"seq": seq} for seq, _id in rows])
        connection.execute(sa.delete(table).where(table.c.id.in_(ids)))
        connection.execute(sa.delete(retiring))
        if log is Log.CHANGES:
            connection.execute(sa.delete(erasure).where(erasure.c.seq.in_([seq for seq, _id in rows])))


def erase_row(database: Database, event_id: UUID, told_by: UUID, *, whole: bool = False) -> None:
    """Erase the personal part of an event, or all of it."""
    with database.writing() as work:
        connection = work.connection
        row = connection.execute(sa.select(event).where(event.c.id == event_id)).one()
        before = decode(row.body, row.personal)
        body = tombstone_of(before) if whole else row.body
        after = decode(body, None)
        terms = terms_of(after)
        ids = work.events.terms.ids(set(terms.values()))
        connection.execute(
            sa.insert(erasure).values(seq=row.seq, event_id=event_id, told_by=told_by, is_whole=whole),
        )
        connection.execute(
            sa.update(event)
            .where(event.c.seq == row.seq)
            .values(
                body=body,
                personal=None,
                salt=None,
                request_digest=None,
                duration_ms=after.duration_ms,
                flags=flags_of(after, body.encode(), b"{}") | FLAG_ERASED,
                **{name: ids[terms[name]] if name in terms else None for name in DIMENSION_NUMBERS},
            )
        )
        index_anew(connection, Log.CHANGES, row.seq, event_id)
        work.commit()


def tombstone_of(event: Event) -> str:
    """What is left of an event that is erased as a whole."""
    return canonical(
        {
            "v": 1,
            "id": str(event.id),
            "type": "log.tombstone",
            "occurred_at": to_text(event.occurred_at),
            "recorded_at": to_text(event.recorded_at),
            "outcome": "success",
        }
    ).decode()
