"""Appending events: one call for one or many, inside the unit of work of the change that they tell of."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa

from data.clock import EPOCH, Clock, from_microseconds, to_microseconds
from data.errors import EventConflict
from data.hostile import record_is_hostile
from data.personal_digest import SALT_BYTES
from data.query.addresses import plain_address
from data.records import AppendResult, Draft
from data.store.encoding import Encoded, decode, encode
from data.store.forgetting_tables import erasure
from data.store.identity import EventIds, first_id_of
from data.store.row_inserting import insert_rows
from data.store.tables import DIMENSION_NUMBERS, FLAG_CHANGES, FLAG_HOSTILE, FLAG_REASON, event
from data.store.terms import Term, TermMemory, TermWriter, terms_of
from data.tokens import Entropy

_LOOKUP_CHUNK = 500
_CLOCKS_DIFFER = timedelta(minutes=1)
_KEY_COLUMNS = tuple(DIMENSION_NUMBERS)
_POSTGRES_TYPES = {
    "id": "uuid",
    "occurred_at": "bigint",
    "recorded_at": "bigint",
    "duration_ms": "bigint",
    "request_digest": "bigint",
    "leaf": "bytea",
    "salt": "bytea",
    "body": "text",
    "personal": "text",
}
ROW_COLUMNS = {
    column.name: _POSTGRES_TYPES.get(column.name, "integer") for column in event.columns if column.name != "seq"
}
"""What a row of a log is inserted with: the columns, and their types on PostgreSQL."""


_Parts: TypeAlias = tuple[str, str | None]
"""An event's body and its personal part, None once that was erased."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A draft on its way into the table; `index` is its place among those handed in."""

    index: int
    id: UUID
    draft: Draft
    encoded: Encoded
    terms: dict[str, Term]


class EventWriter:
    """Appends events to the log in one table, on one connection, in its transaction."""

    def __init__(
        self,
        connection: sa.Connection,
        table: sa.Table,
        memory: TermMemory,
        clock: Clock,
        entropy: Entropy = secrets.token_bytes,
    ) -> None:
        self._connection = connection
        self._table = table
        self._clock = clock
        self._entropy = entropy
        self._ids = EventIds(entropy)
        self.terms = TermWriter(connection, memory)
        """The dictionary, within this unit of work."""

    def moment_after_all(self, now: datetime) -> datetime:
        """When what is done now happens: after all that the log tells, for that is the order in which it is read.

        Clocks of several machines differ, and go back a little when they are set; one that goes back by more is believed.
        """
        table = self._table
        at_most = first_id_of(to_microseconds(now + _CLOCKS_DIFFER))
        newest = self._connection.execute(
            sa.select(table.c.occurred_at).where(table.c.id < at_most).order_by(table.c.id.desc()).limit(1)
        ).scalar()
        return now if newest is None else max(now, from_microseconds(newest + 1))

    def append(self, *drafts: Draft) -> AppendResult:
        """Append events of this system. Raises EventConflict if one with the same id is there already."""
        result = self.append_new(drafts)
        if result.added != len(drafts):
            raise EventConflict("An event with this id is in the log already.")
        return result

    def append_new(self, drafts: Sequence[Draft]) -> AppendResult:
        """Append those drafts that the log does not hold yet: for imports, where the same record may come twice.

        A draft with the identity of an event that is there counts as a duplicate when all of its content is equal (or
        that event's personal part was erased), as a conflict when it is not. Raises ValueError for unencodable text.
        """
        recorded_us = to_microseconds(self._clock())
        by_id: dict[UUID, _Fresh] = {}
        conflicts: list[int] = []
        duplicates = 0
        ids = [self._ids.of(draft) for draft in drafts]
        # What has neither an id of its own nor a source was given one at random, which nothing has.
        could_be_there = [one for one, draft in zip(ids, drafts, strict=True) if draft.id or draft.source]
        stored = self._stored(could_be_there)
        for index, (event_id, given) in enumerate(zip(ids, drafts, strict=True)):
            draft = _with_plain_address(given)
            encoded = encode(draft, event_id, from_microseconds(recorded_us), self._entropy(SALT_BYTES))
            twin = stored.get(event_id) or (by_id[event_id].encoded.parts if event_id in by_id else None)
            if twin is None:
                by_id[event_id] = _Fresh(index, event_id, draft, encoded, terms_of(draft))
            elif _say_the_same(encoded.parts, twin):
                duplicates += 1
            else:
                conflicts.append(index)
        added = self._insert(list(by_id.values()), recorded_us)
        if added < len(by_id):  # on PostgreSQL, where another import can have added some since `_stored` looked
            stored = self._stored([*by_id])
            overtaken = [item for item in by_id.values() if item.encoded.parts != stored[item.id]]
            differing = [item.index for item in overtaken if not _say_the_same(item.encoded.parts, stored[item.id])]
            duplicates += len(overtaken) - len(differing)
            conflicts = sorted((*conflicts, *differing))
        return AppendResult(added, duplicates, tuple(conflicts))

    def committed(self) -> None:
        """The transaction was committed."""
        self.terms.committed()

    def _stored(self, ids: Sequence[UUID]) -> dict[UUID, _Parts]:
        """Body and personal part of each of these events that is there already."""
        found: dict[UUID, _Parts] = {}
        table = self._table
        for start in range(0, len(ids), _LOOKUP_CHUNK):
            rows = self._connection.execute(
                sa.select(table.c.id, table.c.body, table.c.personal).where(
                    table.c.id.in_(ids[start : start + _LOOKUP_CHUNK])
                )
            )
            found.update({row.id: (row.body, row.personal) for row in rows})
        if table is event and len(found) < len(ids):
            # What was erased and then removed because of its age does not come back: nothing is known of it but its id.
            missing = [one for one in ids if one not in found]
            for start in range(0, len(missing), _LOOKUP_CHUNK):
                some = missing[start : start + _LOOKUP_CHUNK]
                erased = sa.select(erasure.c.event_id).where(erasure.c.event_id.in_(some))
                found.update({one: ("", None) for one in self._connection.scalars(erased)})
        return found

    def _insert(self, fresh: list[_Fresh], recorded_us: int) -> int:
        if not fresh:
            return 0
        ids = self.terms.ids({value for item in fresh for value in item.terms.values()})
        is_postgres = self._connection.dialect.name == "postgresql"
        if is_postgres:  # in one order, so that two imports of the same records wait for, and never on, each other
            fresh = sorted(fresh, key=lambda item: item.id)
        rows = [_row(item, recorded_us, ids, is_postgres) for item in fresh]
        return insert_rows(self._connection, self._table, ROW_COLUMNS, rows, "id" if is_postgres else None)


def _with_plain_address(draft: Draft) -> Draft:
    """The draft with its address in the one form in which queries name it; a host name is left as it is."""
    address = None if draft.ip is None else plain_address(draft.ip)
    return draft if address == draft.ip else replace(draft, ip=address)


def request_digest(request_id: str) -> int:
    """The 64 bits by which `request:` finds an event: nearly every event has a request of its own, too many for terms."""
    digest = hashlib.sha256(request_id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], signed=True)


def _row(item: _Fresh, recorded_us: int, ids: dict[Term, int], is_postgres: bool) -> tuple[object, ...]:
    draft = item.draft
    keys = [ids[item.terms[column]] if column in item.terms else None for column in _KEY_COLUMNS]
    return (
        item.id if is_postgres else item.id.bytes,
        to_microseconds(draft.occurred_at),
        recorded_us,
        *keys,
        draft.duration_ms,
        None if draft.request_id is None else request_digest(draft.request_id),
        flags_of(item.draft, item.encoded.body, item.encoded.personal),
        item.encoded.leaf,
        item.encoded.salt,
        *item.encoded.parts,
    )


def flags_of(draft: Draft, body: bytes, personal: bytes) -> int:
    """What a row's `flags` say of an event with these stored forms."""
    flags = (FLAG_CHANGES if draft.changes else 0) | (FLAG_REASON if draft.reason is not None else 0)
    may_be_hostile = _may_be_hostile(body) or _may_be_hostile(personal)
    return flags | FLAG_HOSTILE if may_be_hostile and record_is_hostile(draft) else flags


def _may_be_hostile(written: bytes) -> bool:
    """A look at canonical JSON that costs next to nothing and is never wrong when it says no.

    JSON writes control characters with a backslash, but for DEL; all others stand in it as they are.
    """
    return b"\\" in written or b"\x7f" in written or not (written.isascii() or written.decode().isprintable())


def _say_the_same(one: _Parts, other: _Parts) -> bool:
    """Whether two stored forms tell the same of what happened, however it came here; an erased one, be it in part or as a
    whole, says nothing else.

    When each was recorded does not count, nor its source: an event of this log that was exported and is imported again
    comes from a file then.
    """
    if one[1] is None or other[1] is None:
        return True
    first, second = (replace(decode(body, personal), recorded_at=EPOCH, source=None) for body, personal in (one, other))
    return first == second
