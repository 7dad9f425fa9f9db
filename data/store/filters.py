"""A query as conditions on the tables. What SQL cannot say alike on both engines is left to `RowCheck`, row by row."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.catalogue import CATALOGUE
from data.clock import from_microseconds
from data.query import (
    Clause,
    DurationRange,
    EventQuery,
    Key,
    Network,
    Pattern,
    Presence,
    Span,
    Value,
    hyphenless,
    resolve_span,
)
from data.query.model import TIME_KEYS
from data.store.event_writer import request_digest
from data.store.identity import first_id_of
from data.store.tables import (
    DIMENSION_NUMBERS,
    FLAG_CHANGES,
    FLAG_HOSTILE,
    FLAG_REASON,
    is_looked_through,
    key_column,
    term,
)
from data.store.terms import storable

KEYS_OF_TERMS = {
    Key.TYPE: "type",
    Key.TAB: "type",
    Key.OUTCOME: "outcome",
    Key.ACTOR: "actor",
    Key.CLIENT: "client",
    Key.TARGET: "target",
    Key.SERVICE: "service",
    Key.IP: "ip",
    Key.SESSION: "session",
    Key.TOKEN: "token",
}
"""The keys that the dictionary decides, and the column that holds the term."""

_V4_MAPPED = int(ipaddress.IPv6Address("::ffff:0:0"))
T = TypeVar("T")
TextColumn: TypeAlias = sa.ColumnElement[str] | sa.Column[str | None]


@dataclass(frozen=True, slots=True)
class Split:
    """A query in two: conditions that the database decides, and clauses that need the event itself."""

    conditions: tuple[sa.ColumnElement[bool], ...]
    by_row: tuple[Clause, ...]


class Filters:
    """Turns clauses into conditions on a log's table, for one dialect, one moment (microseconds UTC) and one zone."""

    def __init__(self, table: sa.Table, dialect: sa.Dialect, now_us: int, zone: ZoneInfo) -> None:
        self._table = table
        self._dialect = dialect
        self._now: datetime = from_microseconds(now_us)
        self._zone = zone

    def split(self, query: EventQuery) -> Split:
        """The conditions that select what `query` selects, up to the clauses that are left for the row check."""
        by_row = tuple(clause for clause in query.clauses if needs_row(clause))
        conditions = tuple(self.condition(clause) for clause in query.clauses if not needs_row(clause))
        return Split(conditions, by_row)

    def condition(self, clause: Clause) -> sa.ColumnElement[bool]:
        """The condition of one clause that is not for the row check. It is never NULL, so that it can be negated."""
        fits = sa.or_(*(self._value(clause.key, value) for value in clause.values))
        return sa.not_(fits) if clause.negated else fits

    def _value(self, key: Key, value: Value) -> sa.ColumnElement[bool]:
        if key in TIME_KEYS:
            return self._during(key, _typed(value, Span))
        if key in KEYS_OF_TERMS:
            return self._in_terms(KEYS_OF_TERMS[key], term_fits(key, value, self._dialect))
        return _OTHERS[key](self, value)

    def _during(self, key: Key, span: Span) -> sa.ColumnElement[bool]:
        window = resolve_span(key, span, self._now, self._zone)
        bounds: list[sa.ColumnElement[bool]] = []
        # The ids are in the order of time and have the index; `occurred_at` is exact within their millisecond.
        if window.start_us is not None:
            bounds += [self._table.c.id >= first_id_of(window.start_us), self._table.c.occurred_at >= window.start_us]
        if window.end_us is not None:
            bounds += [self._table.c.id < first_id_of(window.end_us + 999), self._table.c.occurred_at < window.end_us]
        return sa.and_(sa.true(), *bounds)

    def _duration(self, value: Value) -> sa.ColumnElement[bool]:
        wanted = _typed(value, DurationRange)
        bounds: list[sa.ColumnElement[bool]] = [self._table.c.duration_ms.is_not(None)]
        if wanted.least_ms is not None:
            bounds.append(sa.func.coalesce(self._table.c.duration_ms, -1) >= wanted.least_ms)
        if wanted.most_ms is not None:
            bounds.append(sa.func.coalesce(self._table.c.duration_ms, -1) <= wanted.most_ms)
        return sa.and_(*bounds)

    def _id(self, value: Value) -> sa.ColumnElement[bool]:
        pattern = _typed(value, Pattern)
        bare = hyphenless(pattern)
        if bare.is_literal:
            try:
                return self._table.c.id == UUID(hex=bare.parts[0])
            except ValueError:
                return sa.false()
        if self._dialect.name == "postgresql":
            text: sa.ColumnElement[str] = sa.func.replace(sa.cast(self._table.c.id, sa.Text), "-", "")
        else:
            text = sa.func.lower(sa.func.hex(self._table.c.id))
        return self._like(text, bare)

    def _request(self, value: Value) -> sa.ColumnElement[bool]:
        digest = request_digest(_typed(value, Pattern).parts[0])
        return sa.and_(
            self._table.c.request_digest.is_not(None), sa.func.coalesce(self._table.c.request_digest, 0) == digest
        )

    def _has(self, value: Value) -> sa.ColumnElement[bool]:
        match _typed(value, Presence):
            case Presence.CHANGES:
                return self._table.c.flags.bitwise_and(FLAG_CHANGES) != 0
            case Presence.REASON:
                return self._table.c.flags.bitwise_and(FLAG_REASON) != 0
            case Presence.HOSTILE:
                return self._table.c.flags.bitwise_and(FLAG_HOSTILE) != 0
            case Presence.IP:
                return self._table.c.ip.is_not(None)
            case Presence.DURATION:
                return self._table.c.duration_ms.is_not(None)

    def _anything(self, _value: Value) -> sa.ColumnElement[bool]:
        return sa.true()

    def _in_terms(self, column: str, fits: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        """Events whose key is one of the terms that fit; an event without this key is not, and stays so under NOT."""
        found = sa.select(term.c.id).where(fits)
        return sa.func.coalesce(key_column(self._table, column), 0).in_(found)

    def _like(self, column: TextColumn, pattern: Pattern) -> sa.ColumnElement[bool]:
        return text_fits(column, pattern, self._dialect)


_OTHERS: dict[Key, Callable[[Filters, Value], sa.ColumnElement[bool]]] = {
    Key.DURATION: Filters._duration,
    Key.ID: Filters._id,
    Key.REQUEST: Filters._request,
    Key.HAS: Filters._has,
    Key.IN: Filters._anything,
}


def term_fits(key: Key, value: Value, dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    """Whether a term is of the dimension of a key, one of KEYS_OF_TERMS, and fits a value."""
    dimension = KEYS_OF_TERMS[key]
    is_looked_up = not isinstance(value, Pattern) or value.is_literal or key is Key.TAB
    is_of = term.c.dimension == DIMENSION_NUMBERS[dimension] if is_looked_up else is_looked_through(dimension)
    return sa.and_(is_of, _named_as(key, value, dialect))


def _named_as(key: Key, value: Value, dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    if not isinstance(value, Pattern):
        if key is Key.IP and isinstance(value, ipaddress.IPv4Network | ipaddress.IPv6Network):
            return _within(value)
        raise TypeError(value)
    match key:
        case Key.TAB:
            folded = value.folded()
            tags = [kind.tag for kind in CATALOGUE if kind.tab is not None and folded.matches(kind.tab.value)]
            # Only folded names are found without looking through the dictionary.
            return sa.and_(term.c.folded.in_([tag.casefold() for tag in tags]), term.c.name.in_(tags))
        case Key.ACTOR | Key.CLIENT | Key.TARGET:
            return sa.or_(text_fits(term.c.ident, value, dialect), text_fits(term.c.folded, value.folded(), dialect))
        case Key.SESSION | Key.TOKEN:
            return text_fits(term.c.ident, value, dialect)
        case _:
            return text_fits(term.c.folded, value.folded(), dialect)


def text_fits(column: TextColumn, pattern: Pattern, dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    """Whether a text is of the pattern's form, letter case counting, alike on both engines."""
    parts = [storable(part) or "" for part in pattern.parts]
    if pattern.is_literal:
        return column == parts[0]
    if dialect.name == "postgresql":
        return column.like("%".join(_escape_like(part) for part in parts), escape="\\")
    return column.op("GLOB", return_type=sa.Boolean())("*".join(_escape_glob(part) for part in parts))


def needs_row(clause: Clause) -> bool:
    """Whether a clause is for the row check: free text, and a wildcard over request ids, which have no dictionary."""
    if clause.key is Key.TEXT:
        return True
    return clause.key is Key.REQUEST and any(not _typed(value, Pattern).is_literal for value in clause.values)


def _typed(value: Value, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not a {kind.__name__}")
    return value


def _within(network: Network) -> sa.ColumnElement[bool]:
    offset = _V4_MAPPED if network.version == 4 else 0
    first = (int(network.network_address) + offset).to_bytes(16)
    last = (int(network.broadcast_address) + offset).to_bytes(16)
    inside = sa.and_(term.c.address.is_not(None), term.c.address.between(first, last))
    if network.version == 4:
        return inside
    mapped = (_V4_MAPPED.to_bytes(16), (_V4_MAPPED + 2**32 - 1).to_bytes(16))
    return sa.and_(inside, sa.not_(term.c.address.between(*mapped)))  # IPv4 is no part of any IPv6 network


def _escape_like(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _escape_glob(part: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in part)
