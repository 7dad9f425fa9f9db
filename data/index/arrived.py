"""What was committed after a snapshot, segment by segment: a segment that was there at the snapshot holds nothing of it."""

from collections.abc import Container

import sqlalchemy as sa

from data.answers import Snapshot
from data.store import snapshots


class Arrived:
    """Tells the rows of a log that arrived after `snapshot`, as one transaction sees them."""

    def __init__(self, connection: sa.Connection, table: sa.Table, snapshot: Snapshot, *, is_now: bool = False) -> None:
        """`is_now` says that the snapshot was taken in this very transaction, which sees nothing else."""
        self._connection = connection
        self._table = table
        self._is_postgres = connection.dialect.name == "postgresql"
        self._is_now = is_now
        self.snapshot = snapshot

    def holds_all(self, built_by: int, most_seq: int) -> bool:
        """Whether the snapshot holds all of a segment: it was there, or the last of it to arrive was.

        On PostgreSQL `most_seq` says nothing, for a lower one can commit later. Whoever builds sees what is committed: so
        the snapshot that sees the builder's transaction sees all that was built, and every earlier build, too.
        """
        if self._is_now:
            return True
        if not self._is_postgres:
            return most_seq <= self.snapshot.seq
        return 0 <= built_by < self.snapshot.xmax and built_by not in self.snapshot.open_xids

    def among(self, least_seq: int, most_seq: int) -> Container[int]:
        """The rows within this range of `seq` that arrived."""
        if self._is_now:
            return ()
        if not self._is_postgres:
            return range(max(least_seq, self.snapshot.seq + 1), most_seq + 1)
        later = snapshots.arrived_since(self.snapshot, self._table, self._connection.dialect)
        rows = self._connection.execute(
            sa.select(self._table.c.seq).where(self._table.c.seq.between(least_seq, most_seq), later)
        )
        return frozenset(rows.scalars())
