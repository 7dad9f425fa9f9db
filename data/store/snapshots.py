"""Snapshots: what was committed at a moment, on two engines, as a condition on rows."""

import sqlalchemy as sa

from data.answers import Snapshot
from data.clock import Clock, to_microseconds
from data.store.tables import FLAG_ERASED

_XID_RANGE = 2**32
# A transaction can take its number of arrival (nextval) just before its transaction id, so a row with a low `seq` may
# bear an id a little past the snapshot's xmax. Row ids are 32 bits and wrap; a window this wide holds all that can
# have been meant, and an ancient row whose id has wrapped into it is one in four thousand million times the window.
_LATE_XIDS = 100_000
# How far below the snapshot's highest `seq` the number can lie that such a transaction took before its id. What was open
# has numbers however low, so a snapshot with open transactions has all its rows checked.
_LATE_SEQS = 100_000


def take(connection: sa.Connection, table: sa.Table, clock: Clock) -> Snapshot:
    """What this connection's transaction sees now of the log in this table; it says nothing about another log."""
    taken_at = to_microseconds(clock())
    highest = connection.execute(sa.select(sa.func.max(table.c.seq))).scalar() or 0
    if connection.dialect.name != "postgresql":
        return Snapshot(taken_at, highest)
    words = connection.execute(sa.text("SELECT pg_current_snapshot()::text")).scalar_one()
    xmin, xmax, open_xids = words.split(":")
    return Snapshot(
        taken_at, highest, int(xmin), int(xmax), tuple(int(xid) for xid in open_xids.split(",") if open_xids)
    )


def held_by(snapshot: Snapshot, table: sa.Table, dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    """The rows that were committed when `snapshot` was taken.

    SQLite has one writer at a time, so there the order of arrival is the order of commits.
    """
    up_to = table.c.seq <= snapshot.seq
    if dialect.name != "postgresql":
        return up_to
    return sa.and_(up_to, sa.not_(_committed_later(snapshot, table)))


def arrived_since(snapshot: Snapshot, table: sa.Table, dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    """The rows that were committed after `snapshot` was taken."""
    after = table.c.seq > snapshot.seq
    if dialect.name != "postgresql":
        return after
    return sa.or_(after, _committed_later(snapshot, table))


def _committed_later(snapshot: Snapshot, table: sa.Table) -> sa.ColumnElement[bool]:
    """Rows whose transaction was open at the snapshot or had not begun. `xmin` is PostgreSQL's own, for every row.

    That of an erased row is of whoever erased it: it counts by its number alone, for what was erased is no news. Distances from the snapshot's xmin modulo 2^32 compare right across the wrap of the 32-bit ids.
    """
    row_xid = sa.cast(sa.cast(sa.literal_column(f"{table.name}.xmin"), sa.Text), sa.BigInteger)
    distance = (row_xid - snapshot.xmin % _XID_RANGE + _XID_RANGE) % _XID_RANGE
    not_begun = snapshot.xmax - snapshot.xmin
    since = distance.between(not_begun, not_begun + _LATE_XIDS)
    is_as_written = table.c.flags.bitwise_and(FLAG_ERASED) == 0
    if not snapshot.open_xids:
        return sa.and_(table.c.seq > snapshot.seq - _LATE_SEQS, is_as_written, since)
    was_open = distance.in_([xid - snapshot.xmin for xid in snapshot.open_xids])
    return sa.and_(is_as_written, sa.or_(since, was_open))
