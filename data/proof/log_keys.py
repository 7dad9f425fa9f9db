"""Who a log is, and the public keys under which its checkpoints are signed, as one transaction has them."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import exc

from data.clock import from_microseconds
from data.merkle.checkpoints import Checkpoint, open_checkpoint, origin_of
from data.merkle.notes import NoteInvalid, Verifier
from data.merkle.tree import HASH_BYTES, Frontier
from data.proof import tables
from data.proof.errors import ProofBroken


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The log's name and its keys, the latest last; without any, nothing was ever sealed."""

    log: UUID
    verifiers: tuple[Verifier, ...]

    @property
    def origin(self) -> str:
        return origin_of(self.log)


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint as it is stored: its note, when it was signed (µs, UTC), and the peaks of the tree then."""

    size: int
    root: bytes
    peaks: tuple[bytes, ...]
    note: str
    sealed_at: int


def log_keys(connection: sa.Connection) -> LogKeys:
    """Raises ProofBroken where it is not one log, or a key is none."""
    try:
        found = connection.execute(sa.select(tables.identity.c.id)).scalars().all()
    except (ValueError, TypeError, exc.StatementError) as error:  # on SQLite any column can hold anything
        if isinstance(error, exc.DBAPIError):
            raise
        found = []
    if len(found) != 1:
        raise ProofBroken("The database does not say which log it holds.")
    written = connection.execute(
        sa.select(tables.sealing_key.c.verifier).order_by(tables.sealing_key.c.number)
    ).scalars()
    try:
        return LogKeys(found[0], tuple(Verifier.parse(one) for one in written))
    except NoteInvalid as error:
        raise ProofBroken(f"A public key of this log is none: {error}.") from None
    except (AttributeError, TypeError):
        raise ProofBroken("A public key of this log is none.") from None


def latest_checkpoint(connection: sa.Connection) -> StoredCheckpoint | None:
    """The largest that is stored; None where nothing was ever sealed."""
    row = connection.execute(sa.select(tables.checkpoint).order_by(tables.checkpoint.c.size.desc()).limit(1)).first()
    return None if row is None else _stored(row)


def stored_checkpoints(connection: sa.Connection, since: int = 0) -> tuple[list[StoredCheckpoint], list[ProofBroken]]:
    """Those of more than `since` events and the last, the smallest first; and what is wrong with those that are none."""
    table = tables.checkpoint
    last = sa.select(sa.func.max(table.c.size)).scalar_subquery()
    rows = connection.execute(
        sa.select(table).where(sa.or_(table.c.size > since, table.c.size == last)).order_by(table.c.size)
    )
    found, broken = [], []
    for row in rows:
        try:
            found.append(_stored(row))
        except ProofBroken as error:
            broken.append(error)
    return found, broken


def has_its_peaks(stored: StoredCheckpoint) -> bool:
    """Whether the peaks are those of the tree that was signed."""
    try:
        return Frontier(stored.size, stored.peaks).root() == stored.root
    except ValueError:
        return False


def opened(stored: StoredCheckpoint, keys: LogKeys) -> Checkpoint:
    """What it says, if one of the log's keys has signed it. Raises ProofBroken."""
    try:
        found = open_checkpoint(stored.note, keys.origin, keys.verifiers)
    except NoteInvalid as error:
        raise ProofBroken(f"The checkpoint of {stored.size:,} events does not hold: {error}.") from None
    if (found.size, found.root) != (stored.size, stored.root):
        raise ProofBroken(f"The checkpoint of {stored.size:,} events was altered beside its signature.")
    return found


def signer_of(stored: StoredCheckpoint, keys: LogKeys) -> Verifier:
    """The latest of the keys that has signed it. Raises ProofBroken."""
    for verifier in reversed(keys.verifiers):
        try:
            open_checkpoint(stored.note, keys.origin, [verifier])
        except NoteInvalid:
            continue
        return verifier
    raise ProofBroken(f"No key of this log has signed the checkpoint of {stored.size:,} events.")


def _stored(row: sa.Row[tuple[int, bytes, bytes, str, int]]) -> StoredCheckpoint:
    """Raises ProofBroken for what no checkpoint can be: on SQLite any column can hold anything."""
    try:
        root, peaks = bytes(memoryview(row.root)), bytes(memoryview(row.peaks))
        from_microseconds(row.sealed_at)
        is_one = row.size > 0 and isinstance(row.note, str)
    except (TypeError, ValueError, OverflowError):
        is_one = False
    if not is_one:
        raise ProofBroken("A checkpoint is none: a column of it holds what no checkpoint has.")
    split = tuple(peaks[begin : begin + HASH_BYTES] for begin in range(0, len(peaks), HASH_BYTES))
    return StoredCheckpoint(row.size, root, split, row.note, row.sealed_at)
