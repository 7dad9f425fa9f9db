"""The tables of what is erased, removed with leave, and held."""

import sqlalchemy as sa

from data.records import Log
from data.store.tables import METADATA, Sequence
from data.store.uuid_column import Uuid

# What was erased of which event, and the event that tells of it. Without such a row, no event lets itself be changed. It
# stays when the event is removed because of its age, so that what was erased does not come back with the next import.
erasure = sa.Table(
    "erasure",
    METADATA,
    sa.Column("seq", Sequence, primary_key=True, autoincrement=False),
    sa.Column("is_whole", sa.Boolean, primary_key=True),
    sa.Column("event_id", Uuid, nullable=False),
    sa.Column("told_by", Uuid, nullable=False),
)
sa.Index("erasure_of_event", erasure.c.event_id)


def _retiring(name: str) -> sa.Table:
    return sa.Table(name, METADATA, sa.Column("seq", Sequence, primary_key=True, autoincrement=False))


# Events that are being removed because of their age: there only within the transaction that does it, without which none
# lets itself be deleted.
RETIRING = {Log.CHANGES: _retiring("retiring_event"), Log.REQUESTS: _retiring("retiring_request")}

# What is neither erased nor removed as long as it is held: all that a query selects. `placed_by` and `lifted_by` are
# JSON of who did it.
hold = sa.Table(
    "hold",
    METADATA,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("placed_at", sa.BigInteger, nullable=False),
    sa.Column("placed_by", sa.Text, nullable=False),
    sa.Column("lifted_at", sa.BigInteger),
    sa.Column("lifted_by", sa.Text),
)

# How often terms were removed from the dictionary: whoever remembers some forgets them when it has become more.
term_epoch = sa.Table("term_epoch", METADATA, sa.Column("removals", Sequence, primary_key=True, autoincrement=False))

# Terms that an erased or removed event had: they go once no event has them any more.
term_in_doubt = sa.Table("term_in_doubt", METADATA, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
