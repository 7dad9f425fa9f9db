"""Events that tell what was erased, or removed because of its age, or of another key: what is so with leave, one of these says.

They are events like others, with their own places in the proof. The tables that open the guards are no evidence: whoever
has the file can write to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

import orjson
import sqlalchemy as sa

from data.merkle.tree import leaf_hash
from data.proof import tables
from data.proof.place_ranges import read_ranges
from data.records import TOMBSTONE, Outcome
from data.store.encoding import BODY_VERSION
from data.store.tables import event, pending, term
from data.store.terms import Term

ERASED, RETIRED = "log.event_erased", "log.retired"
KEY_REPLACED = "log.key_replaced"


def _end_of(tag: str) -> bytes:
    """How the body of such an event ends: canonical JSON has its keys in their order, and these are the last two."""
    return f'"type":"{tag}","v":{BODY_VERSION}}}'.encode()


_TELLING = (_end_of(ERASED), _end_of(RETIRED), _end_of(KEY_REPLACED))
_TOMBSTONE = _end_of(TOMBSTONE)
_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Erasure:
    """An event that tells that another one was erased, all of it or its personal part."""

    id: UUID
    erased: UUID
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Removal:
    """An event that tells which places' events were removed: ranges, in order, from the first to before the second.

    `digest` is over places and leaves; see `removed_digest`.
    """

    ranges: tuple[tuple[int, int], ...]
    digest: str

    @property
    def count(self) -> int:
        """How many places that are."""
        return sum(end - begin for begin, end in self.ranges)


@dataclass(frozen=True, slots=True)
class KeyReplaced:
    """An event that tells that another key seals from then on: its public half."""

    key: str


Telling: TypeAlias = Erasure | Removal | KeyReplaced


def may_tell(body: bytes) -> bool:
    """Whether an event with this body may tell of an erasure or a removal: a look that costs next to nothing."""
    return body.endswith(_TELLING)


def telling_of(body: bytes, place: int) -> Telling | None:
    """What an event tells, given that its body is whole; None where it is nothing of the kind, or says nothing that counts.

    `place` is its own in the proof, or the next that there will be: what it tells of is before it.
    """
    try:
        facts: Any = orjson.loads(body)
        if facts["outcome"] != Outcome.SUCCESS.value:
            return None  # a refusal tells of nothing that was done
        told = facts["data"]
        if facts["type"] == ERASED:
            if not isinstance(told["whole"], bool):
                return None
            return Erasure(UUID(facts["id"]), UUID(told["erased"]), told["whole"])
        if facts["type"] == RETIRED:
            ranges = tuple(read_ranges(told["places"], place))
            return Removal(ranges, told["removed_digest"])
        if facts["type"] == KEY_REPLACED:
            return KeyReplaced(told["key"])
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def told_since(
    connection: sa.Connection, size: int, tags: tuple[str, ...] = (ERASED, RETIRED, KEY_REPLACED)
) -> Iterator[Telling]:
    """What was told by events that have no place yet, or one from `size` on, each whole by its own leaf."""
    leaf = tables.leaf
    waiting = connection.execute(sa.select(sa.func.min(pending.c.seq))).scalar()
    sealed = connection.execute(tables.first_seq_from(size)).scalar()
    first = min((one for one in (waiting, sealed) if one is not None), default=None)
    if first is None:
        return
    types = sa.select(term.c.id).where(term.c.digest.in_([Term("type", name=tag).digest for tag in tags]))
    rows = connection.execute(
        sa.select(event.c.body, event.c.leaf, leaf.c.hash, leaf.c.idx)
        .outerjoin(leaf, leaf.c.seq == event.c.seq)
        .where(event.c.seq >= first, event.c.type.in_(types), sa.or_(leaf.c.idx.is_(None), leaf.c.idx >= size))
        .order_by(event.c.seq)
    )
    for body, noted, hash_, place in rows:
        written = body.encode("utf-8", "surrogateescape")
        if leaf_hash(written) == bytes(noted if hash_ is None else hash_):
            told = telling_of(written, size if place is None else place)
            if told is not None:
                yield told


def removed_digest(connection: sa.Connection, ranges: tuple[tuple[int, int], ...]) -> str | None:
    """SHA-256, in hexadecimal, over each of these places as 8 bytes (big-endian) and its leaf; None where one has none."""
    digest = sha256()
    for begin, end in ranges:
        for first in range(begin, end, _AT_ONCE):
            rows = connection.exec_driver_sql(
                f"SELECT idx, hash FROM leaf WHERE idx >= {first} AND idx < {min(first + _AT_ONCE, end)} ORDER BY idx"
            ).fetchall()
            if len(rows) != min(first + _AT_ONCE, end) - first:
                return None
            digest.update(b"".join(idx.to_bytes(8) + hash_ for idx, hash_ in rows))
    return digest.hexdigest()


def is_tombstone(body: bytes) -> bool:
    """Whether this seems to be what is left of an event that was erased wholly."""
    return body.endswith(_TOMBSTONE)
