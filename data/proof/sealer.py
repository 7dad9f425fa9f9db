"""Sealing: events that have no place in the proof yet get one each, and a checkpoint over all of them is signed.

Whoever writes an event notes it as pending in the same transaction, so nothing that commits late is missed. One sealer at a
time takes what is pending; places, nodes and checkpoint are committed together with that.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.clock import Clock, from_microseconds, to_microseconds
from data.merkle.checkpoints import Checkpoint, open_checkpoint, sealed
from data.merkle.tree import Frontier
from data.proof import tables
from data.proof.continuing import check_continued, seen_then
from data.proof.errors import ProofBroken, SealingRefused
from data.proof.keys import make_key, read_key, take_key
from data.proof.log_keys import (
    LogKeys,
    StoredCheckpoint,
    has_its_peaks,
    latest_checkpoint,
    log_keys,
    opened,
    signer_of,
)
from data.proof.nodes import TILE_HEIGHT
from data.proof.pending_events import take_pending
from data.proof.rebuilding import rebuild_tree
from data.proof.remembered import Remembered, RememberedCheckpoint
from data.proof.trees import tree_of
from data.stop import Stop
from data.store import Database
from data.store.row_inserting import insert_rows
from data.store.tables import pending

if TYPE_CHECKING:
    from data.merkle.notes import Signer, Verifier

_LOG = logging.getLogger("auditdeck.keeper")
_ALONE = int.from_bytes(b"adckseal")
AT_ONCE = 2_000
"""So many events are sealed in one transaction: others who write wait some 20 ms for it."""
_KEPT_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a run did: how many events it sealed, and the note of the checkpoint that it signed last, None if none.

    `altered` are the ids of events that were altered while they waited; `gone` counts those that were removed.
    """

    events: int = 0
    note: str | None = None
    altered: tuple[str, ...] = ()
    gone: int = 0
    is_all: bool = True
    """Whether nothing more waited."""

    def and_then(self, step: "Sealed") -> "Sealed":
        """This and what was done after it."""
        altered, gone = (*self.altered, *step.altered), self.gone + step.gone
        return Sealed(self.events + step.events, step.note or self.note, altered, gone)


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

    def last_note(self) -> str | None:
        """The note of the last checkpoint, None where there is none. Raises ProofBroken."""
        with self._database.upkeep_reading() as connection:
            latest = latest_checkpoint(connection)
            return None if latest is None else latest.note

    def run(self, stop: Stop | None = None) -> Sealed:
        """Seal all that is pending when it begins, or a little more; nothing if somebody else is at it.

        Raises Cancelled between two steps once `stop` is requested, SealingRefused, ProofBroken, and the errors of
        `data.errors`: what was sealed until then is sealed.
        """
        stop = stop or Stop()
        done = Sealed()
        with self._database.upkeep_alone(_ALONE) as is_alone:
            if not is_alone:
                return done
            signer, memory = self._signer()
            self._check_continued(memory)
            while step := self._step(signer):
                done = done.and_then(step)
                self._remember(memory, signer, step)
                if step.is_all:  # what came meanwhile has time until the next run: whoever writes needs the disk, too
                    break
                stop.check()
        return done

    def forget(self) -> bool:
        """Go on from whatever is there, as after an old copy was put back on purpose; whether anything was remembered.

        Raises OSError.
        """
        with self._database.upkeep_reading() as connection:
            return _memory_beside(self._key_path(log_keys(connection))).forget()

    def rebuild(self) -> int:
        """Make the stored tree again from its leaves; how many nodes it has. Raises ProofBroken where these were altered."""
        with self._database.upkeep_alone(_ALONE) as is_alone:
            if not is_alone:
                raise SealingRefused("Somebody is sealing this log right now; try again.")
            with self._database.upkeep_writing() as connection:
                return rebuild_tree(connection)

    def _signer(self) -> tuple["Signer", RememberedCheckpoint]:
        """The key, and what was signed with it last. The first is made here; from then on no other will do."""
        with self._database.upkeep_reading() as connection:
            keys = log_keys(connection)
            if not keys.verifiers and latest_checkpoint(connection) is not None:
                raise ProofBroken("The public key under which this log was sealed is gone: nothing more is sealed.")
        path = self._key_path(keys)
        if not keys.verifiers:
            with suppress(FileExistsError):  # made before, and not noted: a crash came between
                make_key(path, keys.origin)
        elif _unfinished(path).exists() and read_key(_unfinished(path), keys.origin).verifier == keys.verifiers[-1]:
            take_key(_unfinished(path), path, _older(path, keys.verifiers[-1]))  # noted; a crash came between
        signer = read_key(path, keys.origin)
        if not keys.verifiers:
            with self._database.upkeep_writing() as connection:
                note_key(connection, signer)
        elif signer.verifier != keys.verifiers[-1]:
            raise SealingRefused(
                f"{path} holds another key than the one that seals this log; `auditdeck keeper --new-key` makes one."
            )
        return signer, _memory_beside(path)

    def _check_continued(self, memory: RememberedCheckpoint) -> None:
        """Raise SealingRefused where the log does not begin with what was signed here last: no second history is signed."""
        try:
            seen = memory.read()
            if seen is None:
                return
            with self._database.upkeep_reading() as connection:
                latest, keys = latest_checkpoint(connection), log_keys(connection)
                if seen.checkpoint.origin != keys.origin:  # left beside the key of a log that was in this place before
                    memory.forget()
                    return
                if latest is None:
                    raise ProofBroken(f"Nothing is sealed any more: {seen_then(seen)}.")
                if latest.note != seen.note:
                    check_continued(connection, seen, opened(latest, keys), signer_of(latest, keys), keys)
        except ProofBroken as error:
            raise SealingRefused(
                f"Nothing is sealed, for it would not continue what this keeper signed last. {error} If an old copy was put "
                "back on purpose, `auditdeck keeper --forget` goes on from it."
            ) from None

    def _remember(self, memory: RememberedCheckpoint, signer: "Signer", step: Sealed) -> None:
        if step.note is None:
            return
        signed = open_checkpoint(step.note, signer.verifier.name, [signer.verifier])
        try:
            memory.remember(Remembered(signed, step.note, signer.verifier, self._clock()))
        except OSError as error:
            _LOG.warning("what was signed last is not remembered: %s", error)

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
            signer = make_key(new, keys.origin, anew=True)
            noted(signer)
            take_key(new, path, _older(path, signer.verifier))

    def _step(self, signer: "Signer") -> Sealed | None:
        """Seal some of what is pending; None where nothing is."""
        with self._database.upkeep_writing() as connection:
            taken = take_pending(connection, AT_ONCE)
            if taken is None:
                return None
            before = latest_checkpoint(connection)
            note = self._append(connection, before, taken.leaves, signer) if taken.leaves else None
            return Sealed(len(taken.leaves), note, taken.altered, taken.gone, taken.is_all)

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
            for height in {height for height, _index, _root in tiles}:
                # Whatever is there already is over leaves that were none yet: somebody put it there.
                index = min(index for one, index, _root in tiles if one == height)
                there = sa.and_(tables.tile.c.height == height, tables.tile.c.idx >= index)
                connection.execute(sa.delete(tables.tile).where(there))
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
        if before is None:
            return Frontier(0, (), completed)
        # Where the peaks beside the signature were altered, they are made again.
        tree = (
            Frontier(size, before.peaks, completed) if has_its_peaks(before) else tree_of(connection, size, completed)
        )
        if tree.root() != before.root:
            raise ProofBroken(
                "The stored tree is not the one that was signed: nothing more is sealed. `auditdeck verify` tells what was "
                "altered, and `auditdeck keeper --rebuild` makes the tree again where its leaves are whole."
            )
        return tree


def note_key(connection: sa.Connection, signer: "Signer") -> None:
    """Note a key as the one that signs from now on, within somebody's transaction."""
    number = connection.execute(sa.select(sa.func.count()).select_from(tables.sealing_key)).scalar_one()
    connection.execute(sa.insert(tables.sealing_key).values(number=number, verifier=str(signer.verifier)))


def _memory_beside(key: Path) -> RememberedCheckpoint:
    """What was signed last with this key, kept where it is: whoever can put back the database cannot put back that."""
    return RememberedCheckpoint.at(key.with_name(f"{key.name}.signed"))


def _older(path: Path, until: "Verifier") -> Path:
    """Where the key stays that signed until this one."""
    return path.with_name(f"{path.name}.until-{until.id.hex()}")


def _unfinished(path: Path) -> Path:
    """Where a new key is until it is noted as the one."""
    return path.with_name(f"{path.name}.new")


def _hour(microseconds: int) -> int:
    """Which hour since 1970 that is."""
    return (from_microseconds(microseconds) - from_microseconds(0)) // _KEPT_EVERY
