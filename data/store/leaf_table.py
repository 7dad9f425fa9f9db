"""The table of what is sealed of each event; the other tables of the proof are in `data.proof.tables`."""

import sqlalchemy as sa

from data.store.tables import METADATA, Sequence

# The leaves of the proof's tree, from 0 on without gaps, in the order in which the keeper took the events.
leaf = sa.Table(
    "leaf",
    METADATA,
    sa.Column("idx", Sequence, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False, unique=True),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)
