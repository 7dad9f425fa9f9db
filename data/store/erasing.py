"""Erasing one event of the change log, inside a unit of work: its row says less than before. Never commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from data.records import Event, Log, Seal
from data.store.encoding import decode, tombstone
from data.store.event_rows import EVENT_COLUMNS, read_events
from data.store.event_writer import flags_of, request_digest
from data.store.forgetting_tables import erasure, term_in_doubt
from data.store.tables import DIMENSION_NUMBERS, FLAG_ERASED, event
from data.store.terms import TermWriter, terms_of
from data.store.upserting import insert_into
from data.store.uuid_column import uuid_of

_LOCK = int.from_bytes(b"adckeras")
"""Under which erasures on a shared database go one after the other."""
_KEYS = tuple(DIMENSION_NUMBERS)
_SHARED = sa.text(
    "SELECT erase_event(:of_event, :whole, :teller, :by_session, CAST(:keys AS integer[]), :length, :digest, :marks, :tombstone)"
).bindparams(sa.bindparam("of_event", type_=sa.Uuid()), sa.bindparam("teller", type_=sa.Uuid()))


class Altered(Exception):
    """What is stored of an event is not what was recorded, or nothing that can be read."""


@dataclass(frozen=True, slots=True)
class Erasable:
    """An event as it is stored, and by which events, if any, its personal part and the whole of it were erased."""

    seq: int
    event: Event
    body: str
    personal: str | None
    keys: tuple[int | None, ...]
    personally_by: UUID | None
    wholly_by: UUID | None


class EventEraser:
    """Erases events. From here on, on a shared database, no other unit of work does until this one ends."""

    def __init__(self, connection: sa.Connection, terms: TermWriter) -> None:
        self._connection = connection
        self._terms = terms
        self._is_postgres = connection.dialect.name == "postgresql"
        if self._is_postgres:  # on an embedded database whoever writes is alone already
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))

    def find(self, event_id: UUID) -> Erasable | None:
        """The event of the change log with this id. Raises Altered for one that was: to erase it would be to hide that."""
        columns = (*EVENT_COLUMNS[Log.CHANGES], *(event.c[key].label(f"key_{key}") for key in _KEYS))
        row = self._connection.execute(sa.select(*columns).where(event.c.id == event_id)).one_or_none()
        if row is None:
            return None
        (stored,) = read_events(self._connection, Log.CHANGES, [row])
        if stored.seal is Seal.ALTERED:
            raise Altered
        told = sa.select(erasure.c.is_whole, erasure.c.told_by).where(erasure.c.seq == row.seq)
        by = {is_whole: uuid_of(told_by) for is_whole, told_by in self._connection.execute(told)}
        body, personal = (one.decode() if isinstance(one, bytes) else one for one in (row.body, row.personal))
        return Erasable(row.seq, stored, body, personal, tuple(row[-len(_KEYS) :]), by.get(False), by.get(True))

    def erase(self, found: Erasable, teller: Event, *, whole: bool) -> Event:
        """Have an event's row say only what is left of it, which is the answer.

        `teller` is the event, stored before in this unit of work, that tells of it.
        """
        body = (
            tombstone(found.event.id, found.event.occurred_at, found.event.recorded_at).decode()
            if whole
            else found.body
        )
        left = decode(body, None)
        terms = terms_of(left)
        ids = self._terms.ids(set(terms.values()))
        keys = {key: ids[terms[key]] if key in terms else None for key in _KEYS}
        marks = flags_of(left, body.encode(), b"") | FLAG_ERASED
        digest = None if left.request_id is None else request_digest(left.request_id)
        if self._is_postgres:
            values = {
                "length": left.duration_ms,
                "digest": digest,
                "marks": marks,
                "tombstone": body if whole else None,
            }
            who = {"of_event": left.id, "whole": whole, "teller": teller.id, "by_session": teller.session_id}
            self._connection.execute(_SHARED, {**who, "keys": [*keys.values()], **values})
            return left
        note = sa.insert(erasure).values(seq=found.seq, is_whole=whole, event_id=left.id, told_by=teller.id)
        self._connection.execute(note)
        columns = {"duration_ms": left.duration_ms, "request_digest": digest, "flags": marks, "salt": None}
        self._connection.execute(
            sa.update(event).where(event.c.seq == found.seq).values(**keys, **columns, body=body, personal=None)
        )
        self._doubt({key for key in found.keys if key is not None}.difference(keys.values()))
        return left

    def _doubt(self, terms: Iterable[int]) -> None:
        doubt = insert_into(term_in_doubt, self._connection.dialect).on_conflict_do_nothing()
        rows = [{"id": one} for one in sorted(terms)]
        if rows:
            self._connection.execute(doubt, rows)
