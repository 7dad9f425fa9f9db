"""What waits for its place: each event is held against the hash that its writer noted beside it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.merkle.tree import HASH_BYTES, leaf_hash
from data.proof import tables
from data.proof.forgetting import is_tombstone
from data.store.forgetting_tables import erasure
from data.store.rows_by_key import is_one_of, rows_by_key
from data.store.tables import event, pending


@dataclass(frozen=True, slots=True)
class Taken:
    """What was pending: number and leaf of each event that has no place yet. `altered` are the ids of those whose body is not
    that of their leaf any more, `gone` counts those of which there is nothing but the note; `is_all` says that no more waited.
    """

    leaves: list[tuple[int, bytes]]
    is_all: bool
    altered: tuple[str, ...] = ()
    gone: int = 0


def take_pending(connection: sa.Connection, most: int) -> Taken | None:
    """Take so many events that wait, in the order of their numbers; None where none does.

    Of one that was altered the leaf is what its writer noted: so it stays a finding for ever.
    """
    seqs = connection.execute(sa.select(pending.c.seq).order_by(pending.c.seq).limit(most)).scalars().all()
    if not seqs:
        return None
    connection.execute(sa.delete(pending).where(is_one_of(pending.c.seq, seqs, connection.dialect)))
    body = "CAST(body AS BLOB)" if connection.dialect.name == "sqlite" else "body"
    rows = {row[0]: row[1:] for row in rows_by_key(connection, event, ("seq", "id", "leaf", body), "seq", seqs)}
    # What has its place already was noted again behind the log's back.
    has_place = tables.leaf.c.seq
    sealed_before = set(
        connection.execute(sa.select(has_place).where(is_one_of(has_place, seqs, connection.dialect))).scalars()
    )
    leaves, altered, gone = [], [], 0
    for seq in seqs:
        if seq in sealed_before:
            continue
        if seq not in rows:
            gone += 1
            continue
        id_, noted, written = rows[seq]
        leaf, is_whole = _leaf_of(written, noted)
        if not is_whole and not _was_erased(connection, seq, written):
            altered.append(_shown(id_))
        leaves.append((seq, leaf))
    return Taken(leaves, len(seqs) < most, tuple(altered), gone)


def _leaf_of(written: Any, noted: Any) -> tuple[bytes, bool]:  # noqa: ANN401
    """The leaf of an event, and whether its body is the one that was written; a column of SQLite's can hold anything."""
    computed = leaf_hash(written.encode() if isinstance(written, str) else bytes(written or b""))
    if not isinstance(noted, bytes | memoryview) or len(noted) != HASH_BYTES:
        return computed, False
    return bytes(noted), computed == noted


def _was_erased(connection: sa.Connection, seq: int, written: Any) -> bool:  # noqa: ANN401
    """Whether all of it was erased before it had its place; whether with leave, each verification looks."""
    if not is_tombstone(written.encode() if isinstance(written, str) else bytes(written or b"")):
        return False
    noted = sa.select(erasure.c.seq).where(erasure.c.seq == seq, erasure.c.is_whole)
    return connection.execute(noted).first() is not None


def _shown(id_: Any) -> str:  # noqa: ANN401
    if isinstance(id_, UUID):
        return str(id_)
    return str(UUID(bytes=id_)) if isinstance(id_, bytes) and len(id_) == 16 else repr(id_)
