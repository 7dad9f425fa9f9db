"""One event held against the proof: its row, its leaf, the way from there to what was signed, and who signed that."""

from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from data.errors import EventNotFound
from data.merkle.paths import inclusion_path, is_included
from data.merkle.tree import leaf_hash
from data.proof.errors import ProofBroken
from data.proof.findings import Finding, Wrong
from data.proof.forgetting import Erasure, telling_of
from data.proof.log_keys import StoredCheckpoint, latest_checkpoint, log_keys, opened, signer_of
from data.proof.nodes import stored_nodes
from data.proof.row_checks import Dictionary, Row, findings_of, keys_in, row_columns
from data.store.forgetting_tables import erasure
from data.store.tables import pending


@dataclass(slots=True)
class VerifiedEvent:
    """What was shown of one event: `proven` in sentences, and `findings` where it is not as it was sealed.

    `place` is None for one that no checkpoint holds yet: of that nothing is shown. `root`, `size` and `key` are those of
    the checkpoint, `path` what leads from the event to its root.
    """

    id: UUID
    place: int | None = None
    size: int = 0
    root: bytes | None = None
    key: str | None = None
    path: tuple[bytes, ...] = ()
    proven: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_erased: bool = False
    """Whether some or all of it was erased with leave: of that nothing is proven but the place."""

    @property
    def holds(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Row
    place: int | None
    leaf: bytes
    """As the tree has it."""


def verify_event(connection: sa.Connection, event_id: UUID) -> VerifiedEvent:
    """Verify this event of the change log. Raises EventNotFound, and the errors of `data.errors`."""
    found = _placed(connection, event_id)
    if found is None:
        raise EventNotFound(f"The change log has no event {event_id}.")
    done = VerifiedEvent(event_id)
    if found.place is None:
        if not _is_pending(connection, found.row.seq):
            told = "It has no place in the proof, and none was asked for: it was added."
            done.findings.append(Finding(Wrong.ADDED, told, None, str(event_id)))
        return done
    checkpoint = _checkpoint(connection, done)
    if checkpoint is None or found.place >= checkpoint.size:
        return done
    done.place = found.place
    _check_way(connection, done, found, checkpoint)
    _check_row(connection, done, found, checkpoint)
    return done


def _placed(connection: sa.Connection, event_id: UUID) -> _Placed | None:
    columns = row_columns(connection.dialect)
    id_ = event_id if connection.dialect.name == "postgresql" else event_id.bytes
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    values = connection.exec_driver_sql(
        f"SELECT l.idx, l.hash, {columns} FROM event e LEFT JOIN leaf l ON l.seq = e.seq WHERE e.id = {mark}", (id_,)
    ).first()
    return None if values is None else _Placed(Row.of(values[2:]), values[0], bytes(values[1] or b""))


def _is_pending(connection: sa.Connection, seq: int) -> bool:
    return connection.execute(sa.select(pending.c.seq).where(pending.c.seq == seq)).first() is not None


def _checkpoint(connection: sa.Connection, done: VerifiedEvent) -> StoredCheckpoint | None:
    """The latest, if it is rightly signed."""
    try:
        latest = latest_checkpoint(connection)
        if latest is None:
            return None
        keys = log_keys(connection)
        opened(latest, keys)
        done.key = str(signer_of(latest, keys))
    except ProofBroken as error:
        done.findings.append(Finding(Wrong.CHECKPOINT, str(error)))
        return None
    done.size, done.root = latest.size, latest.root
    return latest


def _check_way(connection: sa.Connection, done: VerifiedEvent, found: _Placed, checkpoint: StoredCheckpoint) -> None:
    """From its leaf to the root that was signed."""
    try:
        path = _way(connection, found, checkpoint)
    except ProofBroken as error:
        done.findings.append(Finding(Wrong.LEAF, str(error), found.place, str(done.id)))
        return
    done.path = tuple(path)
    hashes = f"{len(path)} {'hash' if len(path) == 1 else 'hashes'}"
    done.proven += (
        f"Its leaf is at place {found.place:,} of the checkpoint of {checkpoint.size:,} events: {hashes} lead to the root.",
        f"That checkpoint is signed with the key {done.key}.",
    )


def _way(connection: sa.Connection, found: _Placed, checkpoint: StoredCheckpoint) -> list[bytes]:
    """The path from its leaf to the root. Raises ProofBroken where there is none."""
    place = found.place or 0
    path = inclusion_path(place, checkpoint.size, stored_nodes(connection))
    if not is_included(found.leaf, place, checkpoint.size, path, checkpoint.root):
        raise ProofBroken("The stored tree does not lead from its leaf to the root that was signed.")
    return path


def _check_row(connection: sa.Connection, done: VerifiedEvent, found: _Placed, checkpoint: StoredCheckpoint) -> None:
    """Its row against its leaf, and against itself."""
    row, place = found.row, found.place or 0
    try:
        is_tombstone = row.is_tombstone and bytes(row.leaf) == found.leaf
        is_forgotten = row.is_forgotten
    except (TypeError, ValueError):
        is_tombstone = is_forgotten = False
    if leaf_hash(row.body) == found.leaf:
        done.proven.append("Its body is the one that was sealed: it has the hash of that leaf.")
    elif not is_tombstone:
        told = "Its body is not the one that was sealed: it has another hash than its leaf."
        done.findings.append(Finding(Wrong.BODY, told, place, str(done.id)))
        return
    if is_forgotten:
        teller = _teller(connection, row.seq, done.id, checkpoint, is_whole=is_tombstone)
        part = "It" if is_tombstone else "Its personal part"
        if teller is None:
            told = f"{part} is gone, and no event tells that it was erased."
            done.findings.append(Finding(Wrong.ERASED, told, place, str(done.id)))
        else:
            done.is_erased = True
            done.proven.append(f"{part} was erased with leave, as the event {teller} tells.")
    dictionary = Dictionary(connection)
    try:
        dictionary.expect(keys_in([row]))
        wrong = [*findings_of(row, place, found.leaf, dictionary)]
    except (TypeError, ValueError, AttributeError, OverflowError):  # on SQLite any column can hold anything
        wrong = [Finding(Wrong.COLUMN, "A column of its row holds what none can hold.", place, str(done.id))]
    done.findings += wrong
    if not wrong:
        if not is_forgotten:
            done.proven.append("Its personal part is the one that its body vouches for.")
        done.proven.append("Its times, its keys and the names in the dictionary say what it says.")


def _teller(
    connection: sa.Connection, seq: int, event_id: UUID, checkpoint: StoredCheckpoint, *, is_whole: bool
) -> UUID | None:
    """The event that tells of its erasure, itself as it was sealed, or waiting for that."""
    noted = connection.execute(sa.select(erasure.c.told_by).where(erasure.c.seq == seq)).scalars().all()
    for id_ in noted:
        found = _placed(connection, id_)
        if found is None or leaf_hash(found.row.body) != (found.row.leaf if found.place is None else found.leaf):
            continue
        try:
            if found.place is not None and found.place < checkpoint.size:
                _way(connection, found, checkpoint)
        except ProofBroken:
            continue
        told = telling_of(found.row.body, found.place or 0)
        if isinstance(told, Erasure) and told.erased == event_id and (told.is_whole or not is_whole):
            return told.id
    return None
