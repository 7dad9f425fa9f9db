"""What waits for its place in the proof."""

import sqlalchemy as sa

from data.proof_state import MOST_COUNTED
from data.store.tables import pending


def count_waiting(connection: sa.Connection) -> int:
    """How many events have no place yet; of `MOST_COUNTED`, there may be more."""
    some = sa.select(pending.c.seq).limit(MOST_COUNTED).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
