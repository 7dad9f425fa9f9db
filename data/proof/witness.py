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
from data.merkle.paths import consistency_path, is_consistent
from data.proof.errors import ProofBroken
from data.proof.log_keys import LogKeys, StoredCheckpoint, latest_checkpoint, log_keys, opened, signer_of
from data.proof.nodes import stored_nodes
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
                    raise ProofBroken(f"Nothing is sealed any more: {_seen(seen)}.")
            else:
                keys = log_keys(connection)
                if seen is not None and seen.checkpoint.origin != keys.origin:
                    raise ProofBroken(f"This is another log, {keys.origin}: {_seen(seen)}.")
                found = opened(latest, keys)
                if seen is not None:
                    _check_continued(connection, seen, found, keys)
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


def _check_continued(connection: sa.Connection, seen: Remembered, found: Checkpoint, keys: LogKeys) -> None:
    """Raise ProofBroken unless the tree begins with the one that was seen."""
    if seen.verifier not in keys.verifiers:
        raise ProofBroken(
            f"It is sealed with another key: {_seen(seen)}, and the key that signed that is not here any more."
        )
    old = seen.checkpoint
    if found.size < old.size:
        if _is_behind(connection):
            return
        raise ProofBroken(
            f"The log was cut short, or an old copy put in its place: {_seen(seen)}, and now there are fewer."
        )
    try:
        path = consistency_path(old.size, found.size, stored_nodes(connection))
    except ProofBroken as error:
        raise ProofBroken(f"{error} And {_seen(seen)}.") from None
    if not is_consistent(old.size, old.root, found.size, found.root, path):
        raise ProofBroken(
            f"Sealed events were changed, moved or removed: {_seen(seen)}, and the log does not begin with these any more."
        )


def _is_behind(connection: sa.Connection) -> bool:
    """Whether this is a replica, which may not have got so far yet."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.execute(sa.select(sa.func.pg_is_in_recovery())).scalar())


def _seen(seen: Remembered) -> str:
    count = seen.checkpoint.size
    return f"{count:,} {'was' if count == 1 else 'were'} there on {seen.seen_at:%Y-%m-%d %H:%M} UTC"
