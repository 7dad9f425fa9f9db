"""Bytes of what was erased, in the files of an embedded database: they are there until its write-ahead log was emptied.

What was overwritten or deleted is zeros in the file itself (`secure_delete`); the log beside it has the pages as they were,
and can be emptied as soon as nobody reads in a transaction that began before.
"""

from datetime import datetime

import sqlalchemy as sa

from data.clock import from_microseconds, to_microseconds
from data.store.tables import upkeep
from data.store.upserting import insert_into

_TASK = "erased bytes"


def note_erased_bytes(connection: sa.Connection, now: datetime) -> None:
    """Something is erased in this transaction; on a shared database nobody but its server knows of files."""
    if connection.dialect.name != "postgresql":
        note = insert_into(upkeep, connection.dialect).values(task=_TASK, ran_at=to_microseconds(now), told="{}")
        connection.execute(note.on_conflict_do_nothing())


def erased_bytes_since(connection: sa.Connection) -> datetime | None:
    """Since when (UTC) bytes of what was erased are still in the files; None where there are none."""
    since = connection.execute(sa.select(upkeep.c.ran_at).where(upkeep.c.task == _TASK)).scalar()
    return None if since is None else from_microseconds(since)


def forget_erased_bytes(connection: sa.Connection) -> None:
    """They are gone."""
    connection.execute(sa.delete(upkeep).where(upkeep.c.task == _TASK))
