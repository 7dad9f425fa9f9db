"""A witness: holds what a database says of its proof against the last checkpoint that was seen of it.

Whoever has the file, or the server, can rewrite all that is in it, hashes and all. That the tree continues the one that was
seen before is what they cannot make up.
"""

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from data.clock import from_microseconds
from data.merkle.checkpoints import Checkpoint
from data.proof.continuing import check_continued, seen_then
from data.proof.errors import ProofBroken
from data.proof.log_keys import LogKeys, StoredCheckpoint, latest_checkpoint, log_keys, opened, signer_of
from data.proof.remembered import Remembered, RememberedCheckpoint
from data.proof.waiting import count_waiting
from data.proof_state import ProofState
from data.store.tables import event, pending

_LOG = logging.getLogger("auditdeck.proof")


class Witness:
    """Looks at one database, and remembers what it saw."""

    def __init__(self, folder: Path | None, database: str) -> None:
        """`folder` is where it remembers; without one it only sees whether the last checkpoint is rightly signed."""
        self._memory = RememberedCheckpoint(folder, database)
        self._last: tuple[str, str | None] | None = None

    def look(self, connection: sa.Connection, now: datetime) -> ProofState:
        """How the proof stands, in the transaction of this connection, at this moment."""
        # Before the first statement: what somebody else remembers meanwhile can be newer than all that this one sees.
        seen = self._seen()
        first = connection.execute(sa.select(sa.func.min(pending.c.seq))).scalar()
        since, unsealed = None, 0
        if first is not None:
            since = connection.execute(sa.select(event.c.recorded_at).where(event.c.seq == first)).scalar()
            unsealed = count_waiting(connection)
        state = ProofState(now, unsealed=unsealed, unsealed_since=None if since is None else from_microseconds(since))
        try:
            latest = latest_checkpoint(connection)
        except ProofBroken as error:
            return replace(state, mismatch=str(error))
        if latest is not None:
            state = replace(state, size=latest.size, root=latest.root, sealed_at=from_microseconds(latest.sealed_at))
        if isinstance(seen, ProofBroken):
            return replace(state, trouble=str(seen))
        return replace(state, mismatch=self._mismatch(connection, latest, seen, now))

    @property
    def verified(self) -> int:
        """How many events, from the first on, were verified so far."""
        try:
            seen = self._memory.read()
        except ProofBroken:
            return 0
        return 0 if seen is None else seen.verified

    def note_verified(self, size: int) -> None:
        """So many of them were, and hold."""
        try:
            self._memory.note_verified(size)
        except (OSError, ProofBroken) as error:
            _LOG.warning("that the log was verified is not remembered: %s", error)

    def forget(self) -> bool:
        """Take whatever is seen next for true; whether anything was remembered. Raises OSError."""
        self._last = None
        return self._memory.forget()

    def _seen(self) -> Remembered | ProofBroken | None:
        try:
            return self._memory.read()
        except ProofBroken as error:
            return error

    def _mismatch(
        self,
        connection: sa.Connection,
        latest: StoredCheckpoint | None,
        seen: Remembered | None,
        now: datetime,
    ) -> str | None:
        if latest is not None and self._last == (latest.note, None):
            return None  # as it was a moment ago
        try:
            if latest is None:
                found = None
                if seen is not None:
                    raise ProofBroken(f"Nothing is sealed any more: {seen_then(seen)}.")
            else:
                keys = log_keys(connection)
                if seen is not None and seen.checkpoint.origin != keys.origin:
                    raise ProofBroken(f"This is another log, {keys.origin}: {seen_then(seen)}.")
                found = opened(latest, keys)
                if seen is not None:
                    check_continued(connection, seen, found, signer_of(latest, keys), keys)
        except ProofBroken as error:
            return str(error)
        if found is not None and latest is not None:
            self._last = (latest.note, None)
            self._remember(found, latest, keys, now)
        return None

    def _remember(self, found: Checkpoint, latest: StoredCheckpoint, keys: LogKeys, now: datetime) -> None:
        try:
            self._memory.remember(Remembered(found, latest.note, signer_of(latest, keys), now))
        except (OSError, ProofBroken) as error:
            _LOG.warning("the checkpoint that was seen is not remembered: %s", error)
