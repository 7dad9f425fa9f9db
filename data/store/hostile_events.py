"""Marking stored events whose text holds hostile characters, which programs before revision 0002 did not."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from data.hostile import record_is_hostile
from data.store.encoding import decode
from data.store.tables import FLAG_HOSTILE, event

_EVENTS_AT_ONCE = 2_000


def mark_hostile_events(connection: sa.Connection) -> None:
    """Set the flag of every event that `has:hostile` finds, inside the caller's transaction; nothing else is changed.

    The connection must be the owner's: the guard that refuses every update of an event is lifted meanwhile. It is
    lifted for nobody else. Both engines keep other writers out until the transaction ends, and one that fails leaves
    the guard as it was.
    """
    with _guard_lifted(connection):
        last: int | None = 0
        while last is not None:
            last = _mark_after(connection, last)


def _mark_after(connection: sa.Connection, seq: int) -> int | None:
    """Look at the next events after this one; the last of them, None if there are none."""
    rows = connection.execute(
        sa.select(event.c.seq, event.c.body, event.c.personal)
        .where(event.c.seq > seq)
        .order_by(event.c.seq)
        .limit(_EVENTS_AT_ONCE)
    ).all()
    found = [row.seq for row in rows if _is_hostile(row.body, row.personal)]
    if found:
        flags = event.c.flags.bitwise_or(FLAG_HOSTILE)
        connection.execute(sa.update(event).where(event.c.seq.in_(found)).values(flags=flags))
    return rows[-1].seq if rows else None


def _is_hostile(body: str, personal: str | None) -> bool:
    # Decoding costs many times a look at the JSON, which writes control characters with a backslash, but for DEL.
    if all("\\" not in part and part.isprintable() for part in (body, personal or "")):
        return False
    return record_is_hostile(decode(body, personal))


@contextmanager
def _guard_lifted(connection: sa.Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER event_no_update")
        yield
        connection.exec_driver_sql("ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_update")
        return
    # SQLite has no way to switch a trigger off: the same one is made again.
    guard = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").scalar_one()
    connection.exec_driver_sql("DROP TRIGGER event_no_update")
    yield
    connection.exec_driver_sql(guard)
