"""One stored event against itself: its columns say what its body and personal part say, and these are as they were sealed."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa

from data.clock import to_microseconds
from data.personal_digest import personal_digest
from data.proof.findings import Finding, Wrong
from data.records import Event
from data.store.encoding import decode, leaf_of
from data.store.event_writer import flags_of, request_digest
from data.store.rows_by_key import rows_by_key
from data.store.tables import DIMENSION_NUMBERS, FLAG_HOSTILE, term
from data.store.terms import Term, TermRow, terms_of

_COLUMNS = (
    *("seq", "id", "occurred_at", "recorded_at", *DIMENSION_NUMBERS, "duration_ms", "request_digest", "flags"),
    *("leaf", "salt", "body", "personal"),
)
ROW = ", ".join(f"e.{name}" for name in _COLUMNS)
"""What is read of an event, of a table called e."""

_MOST_KNOWN = 300_000


class Row(NamedTuple):
    """A row as the driver gives it."""

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
    body: str
    personal: str | None

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Row":
        """The row of these columns, in the order of `ROW`."""
        keys = 4 + len(DIMENSION_NUMBERS)
        return cls._make((*values[:4], tuple(values[4:keys]), *values[keys:]))

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


def findings_of(row: Row, place: int, dictionary: Dictionary) -> Iterator[Finding]:
    """What is wrong with one event, given that its body is the one that was sealed."""

    def found(wrong: Wrong, sentence: str) -> Finding:
        return Finding(wrong, sentence, place, row.shown_id)

    try:
        event = decode(row.body, row.personal)
        digest = orjson.loads(row.body)["personal_digest"]
    except (ValueError, KeyError, TypeError, AttributeError):
        yield found(Wrong.PERSONAL, "Its personal part cannot be read.")
        return
    if row.personal is None or row.salt is None:
        yield found(Wrong.ERASED, "Its personal part is gone, and no event tells that it was erased.")
        return
    if personal_digest(bytes(row.salt), row.personal.encode()) != digest:
        yield found(Wrong.PERSONAL, "Its personal part is not the one that its body vouches for.")
        return
    columns = _wrong_columns(row, event)
    if columns:
        yield found(
            Wrong.COLUMN,
            f"Its {' and '.join(columns)} in the row {'is' if len(columns) == 1 else 'are'} not what its body says.",
        )
    yield from _wrong_keys(row, event, dictionary, found)


def _wrong_columns(row: Row, event: Event) -> list[str]:
    wanted: Mapping[str, tuple[object, object]] = {
        "id": (
            row.id if isinstance(row.id, UUID) else bytes(row.id),
            event.id if isinstance(row.id, UUID) else event.id.bytes,
        ),
        "time": (row.occurred_at, to_microseconds(event.occurred_at)),
        "time of receipt": (row.recorded_at, to_microseconds(event.recorded_at)),
        "duration": (row.duration_ms, event.duration_ms),
        "request": (row.request_digest, None if event.request_id is None else request_digest(event.request_id)),
        "leaf": (bytes(row.leaf), leaf_of(row.body.encode())),
        "flags": (row.flags, _flags(row, event)),
    }
    return [name for name, (stored, said) in wanted.items() if stored != said]


def _flags(row: Row, event: Event) -> int:
    """What its flags say; whether characters are hostile that Python's own tables of them do not agree on is taken as it is."""
    said = flags_of(event, row.body.encode(), (row.personal or "").encode())
    if (said ^ row.flags) != FLAG_HOSTILE:
        return said
    unknown = any(unicodedata.category(sign) == "Cn" for sign in {*row.body, *(row.personal or "")})
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
