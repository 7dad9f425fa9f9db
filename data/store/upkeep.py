"""What the keeper did last: read in a transaction, and written inside a unit of work. Never commits."""

import json

import sqlalchemy as sa

from data.clock import from_microseconds, to_microseconds
from data.keeping import Upkeep
from data.store.tables import upkeep
from data.store.upserting import insert_into


class UpkeepReader:
    """What is known of each kind of work, as it is in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, task: str) -> Upkeep | None:
        """When this was done last, and what came of it; None where it never was."""
        row = self._connection.execute(
            sa.select(upkeep.c.ran_at, upkeep.c.told).where(upkeep.c.task == task)
        ).one_or_none()
        if row is None:
            return None
        told = json.loads(row.told)
        return Upkeep(from_microseconds(row.ran_at), told.get("did", {}), told.get("error"), told.get("took_ms", 0))


class UpkeepWriter(UpkeepReader):
    """Notes it, in the place of what was noted before."""

    def note(self, task: str, done: Upkeep) -> None:
        """Keep what one run of this came to."""
        told = json.dumps({"did": dict(done.did), "error": done.error, "took_ms": done.took_ms})
        values = {"ran_at": to_microseconds(done.ran_at), "told": told}
        statement = insert_into(upkeep, self._connection.dialect).values(task=task, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=[upkeep.c.task], set_=values))
