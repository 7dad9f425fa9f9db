"""Rows of a log as events to be shown: each held against what it was recorded as, and with who erased it, if somebody did.

Nothing stored here is trusted to be well formed: whoever has the file can write anything into it, and one such row must
not take a page with it. Text is read as bytes, for a driver gives up a whole answer over one character that is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import orjson
import sqlalchemy as sa

from data.answers import StoredEvent
from data.clock import EPOCH, from_microseconds
from data.personal_digest import personal_digest
from data.records import TOMBSTONE, UNREADABLE, Erasure, Event, Log, Outcome, Seal
from data.store.encoding import UNREADABLE_ERRORS, decode, event_of, leaf_of, tombstone
from data.store.forgetting_tables import erasure
from data.store.leaf_table import leaf
from data.store.tables import LOG_TABLES, event
from data.store.uuid_column import Uuid, uuid_of

_Erasures: TypeAlias = Mapping[tuple[int, UUID, bool], Erasure]
"""Who erased what: by the number of its row, its id, and whether all of it."""

_TELLS = "log.event_erased"
_ID_BYTES = 16
_BYTES = sa.LargeBinary()
_TEXT_AS_BYTES = sa.LargeBinary().with_variant(sa.Text(), "postgresql")


def _as(column: sa.ColumnElement[Any], type_: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """A column as the driver has it, and of that type whatever was put into it."""
    return sa.type_coerce(sa.cast(column, type_), sa.types.NULLTYPE).label(column.key)


def stored_columns(table: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    """What a `data.answers.StoredEvent` is made of, in its order."""
    columns = table.c
    return (
        _as(columns.id, Uuid()),
        _as(columns.occurred_at, sa.BigInteger()),
        _as(columns.recorded_at, sa.BigInteger()),
        _as(columns.body, _TEXT_AS_BYTES),
        _as(columns.personal, _TEXT_AS_BYTES),
    )


def event_columns(table: sa.FromClause, *, is_sealed: bool) -> tuple[sa.ColumnElement[Any], ...]:
    """What a row must hold to become an event that was looked at; the stored columns come last."""
    columns = table.c
    # The leaf that was sealed, not that none is awaited: whoever takes a row out of `pending` has sealed nothing.
    place = sa.select(_as(leaf.c.hash, _BYTES)).where(leaf.c.seq == columns.seq).scalar_subquery()
    return (
        columns.seq,
        _as(columns.leaf, _BYTES),
        _as(columns.salt, _BYTES),
        (place if is_sealed else sa.null()).label("sealed_leaf"),
        *stored_columns(table),
    )


SCAN_COLUMNS = {log: (known.table.c.seq, *stored_columns(known.table)) for log, known in LOG_TABLES.items()}
"""What a row of each log must hold to be looked through."""

EVENT_COLUMNS = {log: event_columns(known.table, is_sealed=known.is_sealed) for log, known in LOG_TABLES.items()}
"""What a row of each log must hold to become an event."""

_TELLER = event.alias("teller")
_TELLINGS = (
    sa.select(
        erasure.c.seq.label("erased_seq"),
        erasure.c.event_id.label("erased_id"),
        erasure.c.is_whole,
        *event_columns(_TELLER, is_sealed=True),
    )
    .select_from(erasure.join(_TELLER, _TELLER.c.id == erasure.c.told_by))
    .where(erasure.c.seq.in_(sa.bindparam("seqs", expanding=True)))
)


def read_events(connection: sa.Connection, log: Log, rows: Sequence[Any]) -> tuple[Event, ...]:
    """The events of these rows, of EVENT_COLUMNS."""
    lacking = [row.seq for row in rows if row.personal is None]
    erasures = _erasures(connection, lacking) if lacking and log is Log.CHANGES else {}
    return tuple(_event(row, erasures) for row in rows)


def read_plainly(row: Any) -> Event:  # noqa: ANN401
    """The event of a row, of SCAN_COLUMNS or more, that is looked through and not held against anything."""
    try:
        found = decode(row.body, row.personal)
    except UNREADABLE_ERRORS:
        return unreadable_event(row)
    return found if _is_well_formed(found) else unreadable_event(row)


def unreadable_event(row: Any) -> Event:  # noqa: ANN401
    """What is known of a row, of `stored_columns` or more, whose text says nothing."""
    return Event(
        id=id_of_row(row),
        type=UNREADABLE,
        occurred_at=_moment(row.occurred_at),
        recorded_at=_moment(row.recorded_at),
        seal=Seal.ALTERED,
    )


def _event(row: Any, erasures: _Erasures) -> Event:  # noqa: ANN401
    """The event of a row, of EVENT_COLUMNS, and how it stands."""
    try:
        facts = orjson.loads(row.body)
        if row.personal is None:
            rest: Any = {}
            erased = erasures.get((row.seq, id_of_row(row), facts["type"] == TOMBSTONE))
            is_genuine = erased is not None and row.salt is None and _is_left_of(row, facts)
        else:
            rest, erased = orjson.loads(row.personal), None
            is_genuine = _is_whole(row, facts)
        if not is_genuine or not _has_id(row, facts["id"]) or row.sealed_leaf not in (None, row.leaf):
            seal = Seal.ALTERED
        elif erased is not None:
            seal = Seal.ERASED
        else:
            seal = Seal.UNSEALED if row.sealed_leaf is None else Seal.SEALED
        found = event_of(facts, rest, seal, erased)
    except UNREADABLE_ERRORS:
        return unreadable_event(row)
    if seal is not Seal.ALTERED:
        return found
    if not _is_well_formed(found):
        return unreadable_event(row)
    # Where it stands in the log and on the screen hangs on these.
    return replace(found, id=id_of_row(row), occurred_at=_moment(row.occurred_at), recorded_at=_moment(row.recorded_at))


def _is_whole(row: Any, facts: Any) -> bool:  # noqa: ANN401
    """Whether body and personal part are those that were recorded."""
    if row.salt is None or leaf_of(_encoded(row.body)) != row.leaf:
        return False
    return bool(personal_digest(row.salt, _encoded(row.personal)) == facts["personal_digest"])


def _is_left_of(row: Any, facts: Any) -> bool:  # noqa: ANN401
    """Whether the body is what erasing leaves: as it was recorded, or a tombstone with the times of the row."""
    if facts["type"] != TOMBSTONE:
        return bool(leaf_of(_encoded(row.body)) == row.leaf)
    return tombstone(id_of_row(row), _moment(row.occurred_at), _moment(row.recorded_at)) == _encoded(row.body)


def _erasures(connection: sa.Connection, seqs: Sequence[int]) -> _Erasures:
    """Who erased the events with these numbers, as far as the log itself tells it."""
    found = {}
    for row in connection.execute(_TELLINGS, {"seqs": seqs}):
        teller, erased_id = _event(row, {}), uuid_of(row.erased_id)
        is_telling = teller.type == _TELLS and teller.outcome is Outcome.SUCCESS and teller.seal is not Seal.ALTERED
        if is_telling and teller.target is not None and teller.target.id == str(erased_id):
            is_whole = bool(row.is_whole)
            found[row.erased_seq, erased_id, is_whole] = Erasure(
                teller.actor, teller.occurred_at, teller.reason, is_whole, teller.id
            )
    return found


def _has_id(row: Any, said: str) -> bool:  # noqa: ANN401
    """Whether a row has the id that its body says; without making one of it, which takes longer than all the rest."""
    value: UUID | bytes = row.id
    return str(value) == said if isinstance(value, UUID) else value.hex() == said.replace("-", "")


def _is_well_formed(found: Event) -> bool:
    """Whether what was read has the types that it is declared with: JSON that somebody else wrote can hold any."""
    texts = (
        *(found.service, found.ip, found.user_agent, found.request_id, found.session_id, found.token, found.reason),
        *((found.source.name, found.source.identity) if found.source is not None else ()),
    )
    return (
        isinstance(found.type, str)
        and all(text is None or isinstance(text, str) for text in texts)
        and all(isinstance(change.field, str) for change in found.changes)
        and (found.duration_ms is None or type(found.duration_ms) is int)
        and None not in (found.occurred_at.tzinfo, found.recorded_at.tzinfo)
    )


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def moment_of(stored: StoredEvent) -> datetime:
    """When an event happened, by the column that says it."""
    return _moment(stored.occurred_at)


def _moment(microseconds: int) -> datetime:
    """A time of a column; the beginning of time for one that no calendar has."""
    try:
        return from_microseconds(microseconds)
    except OverflowError:
        return EPOCH


def id_of_row(row: Any) -> UUID:  # noqa: ANN401
    """The id of a row; what is none is cut or filled up, and so has its place among the others."""
    value: UUID | bytes = row.id
    return value if isinstance(value, UUID) else UUID(bytes=value[:_ID_BYTES].ljust(_ID_BYTES, b"\0"))
