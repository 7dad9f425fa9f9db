"""Events with their proof: what each line of a bundle is made of, all against one checkpoint."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa

from data.answers import StoredEvent
from data.exchange.bundle import event_line, tombstone_line
from data.merkle.neighbours import NeighbouringPaths
from data.proof import tables
from data.proof.errors import ProofBroken
from data.proof.log_keys import LogKeys, StoredCheckpoint, latest_checkpoint, log_keys, opened, signer_of
from data.proof.nodes import TileNodes
from data.store.encoding import leaf_of
from data.store.tables import event

_NEVER_SEALED = "Nothing in this log was ever sealed, so there is no proof for a bundle. `auditdeck keeper` seals."
_UNLIKE = "The event {} is not stored as its own body says; `auditdeck verify` tells what was altered."
_UNREADABLE = "A stored event has a part that cannot be read; `auditdeck verify` tells which."

# Made once: a statement that holds its values itself is freed late, and so would be those of many pages.
_PLACES = (
    sa.select(event.c.id, event.c.salt, tables.leaf.c.idx, event.c.leaf)
    .select_from(event.outerjoin(tables.leaf, tables.leaf.c.seq == event.c.seq))
    .where(event.c.id.in_(sa.bindparam("ids", expanding=True)))
)


class _Found(NamedTuple):
    """Where the tree has an event, None where it has none yet; the salt of its personal part, and the leaf."""

    place: int | None
    salt: bytes | None
    leaf: bytes


class Bundling:
    """Proves events one after another against the checkpoint that was the latest when it began.

    Sealing may go on meanwhile: of that checkpoint's tree nothing changes.
    """

    def __init__(self, keys: LogKeys, checkpoint: StoredCheckpoint) -> None:
        opened(checkpoint, keys)
        self.origin = keys.origin
        self.key = str(signer_of(checkpoint, keys))
        self.note = checkpoint.note
        self.unsealed = 0
        """How many events were left out so far: those that the checkpoint does not hold yet."""
        self._size = checkpoint.size
        self._paths = NeighbouringPaths(checkpoint.size)
        self._nodes = TileNodes()

    @classmethod
    def begin(cls, connection: sa.Connection) -> "Bundling":
        """Raises ProofBroken where nothing was ever sealed, or the latest checkpoint does not hold."""
        checkpoint = latest_checkpoint(connection)
        if checkpoint is None or not checkpoint.size:
            raise ProofBroken(_NEVER_SEALED)
        return cls(log_keys(connection), checkpoint)

    def lines(self, connection: sa.Connection, items: Sequence[StoredEvent]) -> Iterator[bytes]:
        """The lines of those events that are sealed, without their newlines. Raises ProofBroken."""
        ids = [_id_in(item.body) for item in items]
        places = _places(connection, ids)
        node = self._nodes.over(connection)
        for item, event_id in zip(items, ids, strict=True):
            found = places.get(event_id)
            if found is None:
                raise ProofBroken(_UNLIKE.format(event_id))
            if found.place is None or found.place >= self._size:
                self.unsealed += 1
                continue
            body, path = _text(item.body), self._paths.path(found.place, node)
            personal = None if item.personal is None else _text(item.personal)
            if personal is None and leaf_of(body.encode()) != found.leaf:
                yield tombstone_line(found.place, path, str(event_id), found.leaf)
            else:
                yield event_line(found.place, path, body, personal, found.salt)


def _text(stored: str | bytes) -> str:
    try:
        return stored if isinstance(stored, str) else stored.decode()
    except UnicodeDecodeError:
        raise ProofBroken(_UNREADABLE) from None


def _id_in(body: str | bytes) -> UUID:
    try:
        facts: Any = orjson.loads(body)
        return UUID(facts["id"])
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError, ValueError):
        raise ProofBroken(_UNREADABLE) from None


def _places(connection: sa.Connection, ids: Sequence[UUID]) -> dict[UUID, _Found]:
    rows = connection.execute(_PLACES, {"ids": ids})
    return {id_: _Found(idx, None if salt is None else bytes(salt), bytes(leaf)) for id_, salt, idx, leaf in rows}
