"""One stored event against itself: its columns say what its body and personal part say, and these are as they were sealed."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa

from data.clock import from_microseconds, to_microseconds
from data.personal_digest import personal_digest
from data.proof.findings import Finding, Wrong
from data.proof.forgetting import is_tombstone
from data.records import Event, Seal
from data.store.encoding import event_of, leaf_of, tombstone
from data.store.event_writer import flags_of, request_digest
from data.store.rows_by_key import rows_by_key
from data.store.tables import DIMENSION_NUMBERS, FLAG_ERASED, FLAG_HOSTILE, term
from data.store.terms import Term, TermRow, terms_of

_COLUMNS = (
    *("seq", "id", "occurred_at", "recorded_at", *DIMENSION_NUMBERS, "duration_ms", "request_digest", "flags"),
    *("leaf", "salt"),
)
_TEXTS = ("body", "personal")

_NAMES = ("id", "time", "time of receipt", "duration", "request", "leaf", "flags")
_MOST_KNOWN = 300_000
_MOMENT_SHIFT = 80
"""An id begins with the milliseconds (UTC) at which its event happened."""


def row_columns(dialect: sa.Dialect) -> str:
    """What is read of an event, of a table called e."""
    # SQLite's columns hold anything, and its driver refuses text that is no UTF-8: as bytes it can be said whose it is.
    text = "CAST(e.{} AS BLOB)" if dialect.name == "sqlite" else "e.{}"
    return ", ".join((*(f"e.{name}" for name in _COLUMNS), *(text.format(name) for name in _TEXTS)))


class Row(NamedTuple):
    """A row as the driver gives it, but that its texts are UTF-8."""

    seq: int
    id: Any
    occurred_at: int
    recorded_at: int
    keys: tuple[int | None, ...]
    duration_ms: int | None
    request_digest: int | None
    flags: int
    leaf: bytes
    salt: bytes | None
    body: bytes
    personal: bytes | None

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Row":
        """The row of these columns, in the order of `row_columns`."""
        keys = 4 + len(DIMENSION_NUMBERS)
        texts = (one.encode() if isinstance(one, str) else one for one in values[-2:])
        return cls._make((*values[:4], tuple(values[4:keys]), *values[keys:-2], *texts))

    @property
    def is_forgotten(self) -> bool:
        """Whether it has no personal part any more."""
        return self.salt is None and self.personal is None

    @property
    def is_tombstone(self) -> bool:
        """Whether nothing of what it said is left: its leaf is that of a body which is gone."""
        return self.is_forgotten and is_tombstone(self.body) and leaf_of(self.body) != bytes(self.leaf)

    @property
    def shown_id(self) -> str:
        """Its id as text, be it none."""
        value = self.id
        if isinstance(value, UUID):
            return str(value)
        return str(UUID(bytes=bytes(value))) if len(value) == 16 else repr(value)


class Dictionary:
    """The terms of the dictionary as they are stored, and whether each is the one that its digest names."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows: dict[int, TermRow] = {}
        self._right: dict[int, Term] = {}

    def expect(self, ids: Iterable[int | None]) -> None:
        """Read these together."""
        self._rows.clear()
        if len(self._right) > _MOST_KNOWN:
            self._right.clear()
        wanted = {one for one in ids if one is not None} - self._right.keys()
        if wanted:
            for id_, *values in rows_by_key(self._connection, term, ("id", *TermRow._fields), "id", [*wanted]):
                self._rows[id_] = TermRow(*values)

    def says(self, id_: int, wanted: Term) -> Wrong | None:
        """What is wrong with a term as the value that an event has."""
        right = self._right.get(id_)
        if right is not None:
            return None if right == wanted else Wrong.KEY
        row = self._rows.get(id_)
        if row is None:
            return Wrong.KEY
        digest = None if row.digest is None else bytes(row.digest)
        address = None if row.address is None else bytes(row.address)
        expected = wanted.row()
        if digest != expected.digest:
            # What the row itself says may be what it says by its digest: then the event points at another one.
            return Wrong.KEY
        if row._replace(digest=digest, address=address) != expected:
            return Wrong.NAME
        self._right[id_] = wanted
        return None


def findings_of(row: Row, place: int, leaf: bytes, dictionary: Dictionary) -> Iterator[Finding]:
    """What is wrong with one event, given that its body is the one that was sealed under this leaf, or a tombstone.

    That it was erased is taken as lawful: whether an event tells of that is asked of all of them together.
    """

    def found(wrong: Wrong, sentence: str) -> Finding:
        return Finding(wrong, sentence, place, row.shown_id)

    is_whole = not row.is_tombstone
    try:
        facts = orjson.loads(row.body)
        event = event_of(facts, {} if row.personal is None else orjson.loads(row.personal), Seal.UNSEALED)
        digest = facts["personal_digest"] if is_whole else None
    except (ValueError, KeyError, TypeError, AttributeError):
        yield found(Wrong.PERSONAL, "Its personal part cannot be read.")
        return
    if not is_whole:
        if not _is_right_tombstone(row, event):
            yield found(Wrong.BODY, "It was erased, and what is left says other than that there was an event.")
            return
    elif row.salt is not None and row.personal is not None:
        if personal_digest(bytes(row.salt), row.personal) != digest:
            yield found(Wrong.PERSONAL, "Its personal part is not the one that its body vouches for.")
            return
    elif not row.is_forgotten:
        yield found(Wrong.ERASED, "Half of its personal part is gone, which no erasure leaves.")
        return
    columns = _wrong_columns(row, event, leaf)
    if columns:
        yield found(
            Wrong.COLUMN,
            f"Its {' and '.join(columns)} in the row {'is' if len(columns) == 1 else 'are'} not what its body says.",
        )
    yield from _wrong_keys(row, event, dictionary, found)


def _is_right_tombstone(row: Row, event: Event) -> bool:
    """Whether it is exactly what erasing leaves of an event with this id, which has its time in it."""
    id_ = row.id if isinstance(row.id, UUID) else UUID(bytes=bytes(row.id))
    at = from_microseconds(row.occurred_at)
    return (
        event.id == id_
        and id_.int >> _MOMENT_SHIFT == row.occurred_at // 1000
        and row.body == tombstone(id_, at, from_microseconds(row.recorded_at))
    )


def _wrong_columns(row: Row, event: Event, leaf: bytes) -> list[str]:
    id_ = event.id if isinstance(row.id, UUID) else event.id.bytes
    digest = None if event.request_id is None else request_digest(event.request_id)
    stored = (row.id, row.occurred_at, row.recorded_at, row.duration_ms, row.request_digest, row.leaf, row.flags)
    moments = to_microseconds(event.occurred_at), to_microseconds(event.recorded_at)
    said = (id_, *moments, event.duration_ms, digest, leaf, _flags(row, event))
    if stored == said:
        return []
    return [name for name, one, other in zip(_NAMES, stored, said, strict=True) if one != other]


def _flags(row: Row, event: Event) -> int:
    """What its flags say; whether characters are hostile that Python's own tables of them do not agree on is taken as it is."""
    personal = row.personal or b""
    said = flags_of(event, row.body, personal) | (FLAG_ERASED if row.is_forgotten else 0)
    if (said ^ row.flags) != FLAG_HOSTILE:
        return said
    unknown = any(unicodedata.category(sign) == "Cn" for sign in {*row.body.decode(), *personal.decode()})
    return row.flags if unknown or not said & FLAG_HOSTILE else said


def _wrong_keys(row: Row, event: Event, dictionary: Dictionary, found: Any) -> Iterator[Finding]:  # noqa: ANN401
    wanted = terms_of(event)
    for dimension, id_ in zip(DIMENSION_NUMBERS, row.keys, strict=True):
        expected = wanted.get(dimension)
        if expected is None or id_ is None:
            if (expected is None) != (id_ is None):
                yield found(Wrong.KEY, f"Its {dimension} in the row is not what its body says.")
            continue
        wrong = dictionary.says(id_, expected)
        if wrong is Wrong.KEY:
            yield found(wrong, f"Its {dimension} in the row is not what its body says.")
        elif wrong is not None:
            yield found(wrong, f"The name of its {dimension} in the dictionary is not what the event says.")


def keys_in(rows: Collection[Row]) -> Iterator[int | None]:
    """All ids of terms that these rows have."""
    return (key for row in rows for key in row.keys)
