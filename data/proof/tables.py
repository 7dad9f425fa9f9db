"""The tables of the proof. A leaf is never changed and never removed, whatever becomes of its event."""

import sqlalchemy as sa

from data.store.leaf_table import leaf
from data.store.tables import METADATA, Sequence
from data.store.uuid_column import Uuid

__all__ = ["checkpoint", "identity", "leaf", "sealing_key", "tile"]

# One row: by what name this log is known, wherever its checkpoints go.
identity = sa.Table("log_identity", METADATA, sa.Column("id", Uuid, primary_key=True))

# The public keys under which checkpoints are signed, from 0 on: the last is the one that signs now.
sealing_key = sa.Table(
    "sealing_key",
    METADATA,
    sa.Column("number", Sequence, primary_key=True, autoincrement=False),
    sa.Column("verifier", sa.Text, nullable=False),
)


def first_seq_from(place: int) -> sa.Select[tuple[int | None]]:
    """The least number of a row that has this place or a later one.

    The sum keeps both engines from searching by number, from the first row of all on: those few are found by their places.
    """
    return sa.select(sa.func.min(leaf.c.seq + 0)).where(leaf.c.idx >= place)


# Its nodes of every eighth height, so that no proof has to read more than a few hundred hashes a height. They can be made
# again from the leaves.
tile = sa.Table(
    "tile",
    METADATA,
    sa.Column("height", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("idx", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)

# What was signed: the last of each hour, and the latest. `peaks` are the roots of the perfect subtrees, 32 bytes each, to
# which the next leaves are added; `sealed_at` is in microseconds.
checkpoint = sa.Table(
    "checkpoint",
    METADATA,
    sa.Column("size", Sequence, primary_key=True, autoincrement=False),
    sa.Column("root", sa.LargeBinary(32), nullable=False),
    sa.Column("peaks", sa.LargeBinary, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("sealed_at", sa.BigInteger, nullable=False),
)
