"""The tables of the index. Everything in them can be made again from the events."""

import sqlalchemy as sa

from data.records import Log
from data.store.tables import METADATA, Sequence
from data.store.uuid_column import Uuid

KEY_BITS = 20
"""A part of a segment has the key `segment << KEY_BITS | number`, so that one look-up finds it, whatever engine."""

# What is read of a segment with every question is small; `directory` and `moments` never change and are remembered.
# `moments` are when the first event of each chunk of places happened and the last of all: 8 bytes each, milliseconds.
# `low` and `high` are the ids of its first and last event. Positions below `begin` were moved to another segment.
segment = sa.Table(
    "index_segment",
    METADATA,
    sa.Column("id", Sequence, primary_key=True),
    sa.Column("log", sa.SmallInteger, nullable=False),
    sa.Column("is_late", sa.Boolean, nullable=False),
    sa.Column("is_live", sa.Boolean, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("begin", sa.Integer, nullable=False),
    sa.Column("low", Uuid, nullable=False),
    sa.Column("high", Uuid, nullable=False),
    sa.Column("least_seq", sa.BigInteger, nullable=False),
    sa.Column("most_seq", sa.BigInteger, nullable=False),
    sa.Column("built_by", sa.BigInteger, nullable=False),
    sa.Column("directory", sa.LargeBinary, nullable=False),
    sa.Column("moments", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.LargeBinary(8), nullable=False),
    sqlite_autoincrement=True,
)


def _parts(name: str) -> sa.Table:
    return sa.Table(
        name,
        METADATA,
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("digest", sa.LargeBinary(8), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )


pack = _parts("index_pack")
place = _parts("index_place")
tally = _parts("index_tally")
PARTS = (pack, place, tally)

# Terms that share their value with another: the same id under several names, the same name in several spellings. A value
# is a negative number.
alias = sa.Table(
    "index_alias",
    METADATA,
    sa.Column("term", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("value", sa.BigInteger, nullable=False),
)

# Segments that a reader found to be damaged.
damage = sa.Table(
    "index_damage",
    METADATA,
    sa.Column("segment", Sequence, primary_key=True, autoincrement=False),
)

# Positions of a segment whose events were removed: a bitmap of them, under its digest.
gone = sa.Table(
    "index_gone",
    METADATA,
    sa.Column("segment", Sequence, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.LargeBinary(8), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)


def _unindexed(name: str) -> sa.Table:
    return sa.Table(name, METADATA, sa.Column("seq", Sequence, primary_key=True, autoincrement=False))


# Events that no segment holds yet; a trigger fills them, the builder empties them.
UNINDEXED = {Log.CHANGES: _unindexed("unindexed_event"), Log.REQUESTS: _unindexed("unindexed_request")}

LOG_NUMBERS = {Log.CHANGES: 1, Log.REQUESTS: 2}
"""The number that `index_segment.log` holds for each log. Stored: never renumber."""
