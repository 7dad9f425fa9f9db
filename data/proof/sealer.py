"""Sealing: events that have no place in the proof yet get one each, and a checkpoint over all of them is signed.

Whoever writes an event notes it as pending in the same transaction, so nothing that commits late is missed. One sealer at a
time takes what is pending; places, nodes and checkpoint are committed together with that.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.clock import Clock, from_microseconds, to_microseconds
from data.merkle.checkpoints import Checkpoint, sealed
from data.merkle.tree import Frontier
from data.proof import tables
from data.proof.errors import ProofBroken, SealingRefused
from data.proof.keys import make_key, read_key
from data.proof.log_keys import LogKeys, StoredCheckpoint, latest_checkpoint, log_keys, opened
from data.proof.nodes import TILE_HEIGHT
from data.stop import Stop
from data.store import Database
from data.store.row_inserting import insert_rows
from data.store.rows_by_key import is_one_of, rows_by_key
from data.store.tables import event, pending

if TYPE_CHECKING:
    from data.merkle.notes import Signer

_ALONE = int.from_bytes(b"adckseal")
AT_ONCE = 2_000
"""So many events are sealed in one transaction: others who write wait some 20 ms for it."""
_KEPT_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a run did: how many events it sealed, and the note of the checkpoint that it signed last, None if none."""

    events: int = 0
    note: str | None = None


class Sealer:
    """Seals the change log of one database. Safe to use from several threads and processes: one of them works at a time."""

    def __init__(self, database: Database, clock: Clock, key_path: Callable[[LogKeys], Path]) -> None:
        """`key_path` is where the key of a log lies, and where one is made when it is sealed for the first time."""
        self._database = database
        self._clock = clock
        self._key_path = key_path

    def is_due(self) -> bool:
        """Whether there is anything to be sealed: a cheap look."""
        with self._database.upkeep_reading() as connection:
            return connection.execute(sa.select(pending.c.seq).limit(1)).first() is not None

    def run(self, stop: Stop | None = None) -> Sealed:
        """Seal all that is pending; nothing if somebody else is at it.

        Raises Cancelled between two steps once `stop` is requested, SealingRefused, ProofBroken, and the errors of
        `data.errors`: what was sealed until then is sealed.
        """
        stop = stop or Stop()
        done = Sealed()
        with self._database.upkeep_alone(_ALONE) as is_alone:
            if not is_alone:
                return done
            signer = self._signer()
            while step := self._step(signer):
                done = Sealed(done.events + step.events, step.note or done.note)
                stop.check()
        return done

    def _signer(self) -> "Signer":
        """The key. The first is made here; from then on no other will do."""
        with self._database.upkeep_reading() as connection:
            keys = log_keys(connection)
            if not keys.verifiers and latest_checkpoint(connection) is not None:
                raise ProofBroken("The public key under which this log was sealed is gone: nothing more is sealed.")
        path = self._key_path(keys)
        if not keys.verifiers:
            with suppress(FileExistsError):  # made before, and not noted: a crash came between
                make_key(path, keys.origin)
        elif _unfinished(path).exists() and read_key(_unfinished(path), keys.origin).verifier == keys.verifiers[-1]:
            _unfinished(path).replace(path)  # noted as the new one; a crash came between
        signer = read_key(path, keys.origin)
        if not keys.verifiers:
            with self._database.upkeep_writing() as connection:
                note_key(connection, signer)
        elif signer.verifier != keys.verifiers[-1]:
            raise SealingRefused(
                f"{path} holds another key than the one that seals this log; `auditdeck keeper --new-key` makes one."
            )
        return signer

    def new_key(self, noted: Callable[["Signer"], None]) -> None:
        """Make another key, from now on the one: `noted` is to note it, with `note_key`. The old one stays under another name.

        Raises SealingRefused where nothing was sealed so far, somebody else is sealing, or no file can be written.
        """
        with self._database.upkeep_alone(_ALONE) as is_alone:
            if not is_alone:
                raise SealingRefused("Somebody is sealing this log right now; try again.")
            with self._database.upkeep_reading() as connection:
                keys = log_keys(connection)
            if not keys.verifiers:
                raise SealingRefused("This log was never sealed: its first key is made with its first checkpoint.")
            path = self._key_path(keys)
            new = _unfinished(path)
            new.unlink(missing_ok=True)
            signer = make_key(new, keys.origin)
            noted(signer)
            if path.exists():
                path.replace(path.with_name(f"{path.name}.until-{signer.verifier.id.hex()}"))
            new.replace(path)

    def _step(self, signer: "Signer") -> Sealed | None:
        """Seal some of what is pending; None where nothing is."""
        with self._database.upkeep_writing() as connection:
            seqs = connection.execute(sa.select(pending.c.seq).order_by(pending.c.seq).limit(AT_ONCE)).scalars().all()
            if not seqs:
                return None
            connection.execute(sa.delete(pending).where(is_one_of(pending.c.seq, seqs, connection.dialect)))
            hashes = dict(rows_by_key(connection, event, ("seq", "leaf"), "seq", seqs))
            # What is pending and not there, or has its place already, was noted behind the log's back.
            has_place = tables.leaf.c.seq
            sealed_before = set(
                connection.execute(sa.select(has_place).where(is_one_of(has_place, seqs, connection.dialect))).scalars()
            )
            leaves = [(seq, bytes(hashes[seq])) for seq in seqs if seq in hashes and seq not in sealed_before]
            before = latest_checkpoint(connection)
            note = self._append(connection, before, leaves, signer) if leaves else None
            return Sealed(len(leaves), note)

    def _append(
        self,
        connection: sa.Connection,
        before: StoredCheckpoint | None,
        leaves: list[tuple[int, bytes]],
        signer: "Signer",
    ) -> str:
        tiles: list[tuple[int, int, bytes]] = []

        def completed(height: int, index: int, root: bytes) -> None:
            if height % TILE_HEIGHT == 0:
                tiles.append((height, index, root))

        tree = self._tree_after(connection, before, completed)
        first = tree.size
        for _seq, leaf in leaves:
            tree.add(leaf)
        rows = [(first + place, seq, leaf) for place, (seq, leaf) in enumerate(leaves)]
        insert_rows(connection, tables.leaf, {"idx": "bigint", "seq": "bigint", "hash": "bytea"}, rows)
        if tiles:
            insert_rows(connection, tables.tile, {"height": "smallint", "idx": "bigint", "hash": "bytea"}, tiles)
        checkpoint = Checkpoint(signer.verifier.name, tree.size, tree.root())
        note = sealed(checkpoint, signer)
        now = self._clock()
        if before is not None and _hour(to_microseconds(now)) == _hour(before.sealed_at):
            connection.execute(sa.delete(tables.checkpoint).where(tables.checkpoint.c.size == before.size))
        connection.execute(
            sa.insert(tables.checkpoint).values(
                size=tree.size,
                root=checkpoint.root,
                peaks=b"".join(tree.peaks),
                note=note,
                sealed_at=to_microseconds(now),
            )
        )
        return note

    def _tree_after(
        self,
        connection: sa.Connection,
        before: StoredCheckpoint | None,
        completed: Callable[[int, int, bytes], None],
    ) -> Frontier:
        """The tree as it was signed last. Raises ProofBroken where what is stored is something else: no signature goes on
        it.
        """
        size = 0 if before is None else opened(before, log_keys(connection)).size
        leaves = connection.execute(sa.select(sa.func.max(tables.leaf.c.idx))).scalar()
        if size != (0 if leaves is None else leaves + 1):
            raise ProofBroken("The stored proof does not end where its last checkpoint does: nothing more is sealed.")
        try:
            tree = Frontier(size, () if before is None else before.peaks, completed)
        except ValueError:
            raise ProofBroken("The last checkpoint cannot be continued: nothing more is sealed.") from None
        if before is not None and tree.root() != before.root:
            raise ProofBroken("The last checkpoint's own tree was altered: nothing more is sealed.")
        return tree


def note_key(connection: sa.Connection, signer: "Signer") -> None:
    """Note a key as the one that signs from now on, within somebody's transaction."""
    number = connection.execute(sa.select(sa.func.count()).select_from(tables.sealing_key)).scalar_one()
    connection.execute(sa.insert(tables.sealing_key).values(number=number, verifier=str(signer.verifier)))


def _unfinished(path: Path) -> Path:
    """Where a new key is until it is noted as the one."""
    return path.with_name(f"{path.name}.new")


def _hour(microseconds: int) -> int:
    """Which hour since 1970 that is."""
    return (from_microseconds(microseconds) - from_microseconds(0)) // _KEPT_EVERY
