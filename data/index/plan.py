"""A query as an index answers it: terms to find, stretches of time, and what must be looked up in the rows."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.catalogue import CATALOGUE
from data.clock import from_microseconds
from data.index import dimensions
from data.index.source import Wanted
from data.index.spans import Spans
from data.query import (
    Clause,
    DurationRange,
    EventQuery,
    Key,
    Pattern,
    Presence,
    Span,
    Value,
    Window,
    hyphenless,
    resolve_span,
)
from data.query.model import TIME_KEYS
from data.store.ages import Edge
from data.store.event_writer import request_digest
from data.store.filters import KEYS_OF_TERMS, needs_row, term_fits, text_fits
from data.store.tables import DIMENSION_NUMBERS, term

_HAVING = {
    Presence.CHANGES: dimensions.HAS_CHANGES,
    Presence.REASON: dimensions.HAS_REASON,
    Presence.HOSTILE: dimensions.HAS_HOSTILE,
    Presence.IP: dimensions.HAS_IP,
    Presence.DURATION: dimensions.HAS_DURATION,
}
_MOMENT_DIGITS = 12
"""So many hexadecimal digits of an event's id are its time, in milliseconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One clause: what has any term of `certain` fits; what has one of `maybe` must be looked up, all if that is None.

    With `negated`, what fits is excluded. Two are the same only if they are one: a planner makes one of a clause.
    """

    clause: Clause
    certain: Wanted
    maybe: Wanted | None = field(default_factory=dict)

    @property
    def negated(self) -> bool:
        return self.clause.negated

    @property
    def size(self) -> int:
        """How many terms there are to look for."""
        return sum(map(len, (*self.certain.values(), *(self.maybe or {}).values())))

    @property
    def is_certain(self) -> bool:
        """Whether the terms alone decide."""
        return self.maybe is not None and not any(self.maybe.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """All conditions have to hold, within `spans` (µs, UTC). `looked_up` are the clauses that the rows decide."""

    conditions: tuple[Condition, ...]
    spans: Spans
    looked_up: tuple[Clause, ...]
    timed: tuple[Clause, ...]
    """The clauses about time: those decide of rows within a millisecond that a stretch begins or ends in."""
    edge: Edge | None = None
    """What is before it is left out, because it is archived."""

    def leaving_out(self, key: Key) -> "Plan":
        """The same without what is asked about one dimension."""
        return replace(
            self,
            conditions=tuple(one for one in self.conditions if one.clause.key is not key),
            looked_up=tuple(clause for clause in self.looked_up if clause.key is not key),
        )

    def asked_of(self, key: Key) -> Collection[int] | None:
        """The terms of the one condition about a key, if there is just one, and it is no more than that."""
        about = [condition for condition in self.conditions if condition.clause.key is key]
        if len(about) != 1 or about[0].negated or not about[0].is_certain:
            return None
        return [one for terms in about[0].certain.values() for one in terms]

    def asking(self, condition: Condition) -> "Plan":
        """The same with one more condition that terms decide."""
        return replace(self, conditions=(*self.conditions, condition))

    @property
    def by_terms(self) -> frozenset[Clause]:
        return frozenset(condition.clause for condition in self.conditions)


class Planner:
    """Makes plans within one transaction; what the dictionary says is asked once."""

    def __init__(self, connection: sa.Connection, now_us: int, zone: ZoneInfo) -> None:
        """`now_us` and `zone` are what dates count from and are read in."""
        self._connection = connection
        self._now: datetime = from_microseconds(now_us)
        self._zone = zone
        self._conditions: dict[Clause, Condition] = {}

    def plan(self, query: EventQuery, edge: Edge | None = None) -> Plan:
        """How to answer this query, with nothing that is before the edge."""
        spans, timed, looked_up, conditions = Spans(), [], [], []
        for clause in query.clauses:
            if clause.key in TIME_KEYS:
                spans = spans.and_also(self._spans(clause))
                timed.append(clause)
            elif clause.key is Key.IN:
                continue
            elif clause.key is Key.ID:
                looked_up.append(clause)
                if not clause.negated:
                    spans = spans.and_also(Spans.of([_window_of_id(value) for value in clause.values]))
            else:
                condition = self.condition(clause)
                conditions.append(condition)
                if not condition.is_certain:
                    looked_up.append(clause)
        return Plan(tuple(conditions), spans, tuple(looked_up), tuple(timed), edge)

    def condition(self, clause: Clause) -> Condition:
        """The condition of a clause that is neither about how far is looked nor about ids."""
        known = self._conditions.get(clause)
        if known is None:
            known = self._conditions[clause] = self._make(clause)
        return known

    def _make(self, clause: Clause) -> Condition:
        match clause.key:
            case Key.HAS:
                held = [_HAVING[value] for value in clause.values if isinstance(value, Presence)]
                return Condition(clause, {dimensions.HAVING: held})
            case Key.DURATION:
                return _durations(clause)
            case Key.REQUEST:
                if needs_row(clause):
                    return Condition(clause, {}, None)
                digests = [request_digest(value.parts[0]) for value in clause.values if isinstance(value, Pattern)]
                return Condition(
                    clause, {}, {dimensions.REQUEST: [digest & dimensions.REQUEST_MASK for digest in digests]}
                )
            case Key.TEXT:
                return Condition(clause, self._texts(clause), None)
            case _:
                return Condition(clause, {DIMENSION_NUMBERS[KEYS_OF_TERMS[clause.key]]: self._terms(clause)})

    def _terms(self, clause: Clause) -> Collection[int]:
        dialect = self._connection.dialect
        fits = sa.or_(*(term_fits(clause.key, value, dialect) for value in clause.values))
        return self._connection.execute(sa.select(term.c.id).where(fits)).scalars().all()

    def _texts(self, clause: Clause) -> Wanted:
        """Terms whose events hold the text for sure: it is in a name, an id or a type's label. Other events may, too."""
        found: dict[int, list[int]] = {}
        for value in clause.values:
            text = value.parts[0].casefold() if isinstance(value, Pattern) else ""
            if "\ufffd" in text:  # which stands for what the dictionary cannot hold
                continue
            labelled = [
                kind.tag for kind in CATALOGUE if text in kind.done.casefold() or text in kind.attempted.casefold()
            ]
            within = Pattern(("", text, "")) if text else Pattern(("", ""))
            fits = sa.or_(
                text_fits(term.c.folded, within, self._connection.dialect),
                text_fits(term.c.ident, within, self._connection.dialect),
                sa.and_(term.c.dimension == DIMENSION_NUMBERS["type"], term.c.name.in_(labelled)),
            )
            for number, one in self._connection.execute(sa.select(term.c.dimension, term.c.id).where(fits)):
                found.setdefault(number, []).append(one)
        return found

    def _spans(self, clause: Clause) -> Spans:
        spans = Spans.of(
            [
                resolve_span(clause.key, value, self._now, self._zone)
                for value in clause.values
                if isinstance(value, Span)
            ]
        )
        return spans.outside() if clause.negated else spans


def _durations(clause: Clause) -> Condition:
    whole: set[int] = set()
    partial: set[int] = set()
    for value in clause.values:
        if isinstance(value, DurationRange):
            inside, across = dimensions.buckets_in(value)
            whole.update(inside)
            partial.update(across)
    return Condition(clause, {dimensions.DURATION: frozenset(whole)}, {dimensions.DURATION: partial - whole})


def _window_of_id(value: Value) -> Window:
    """When an event can have happened whose id is of this form."""
    first = hyphenless(value).parts[0] if isinstance(value, Pattern) else ""
    digits = first[:_MOMENT_DIGITS]
    try:
        start = int(digits.ljust(_MOMENT_DIGITS, "0"), 16)
        end = int(digits.ljust(_MOMENT_DIGITS, "f"), 16) + 1
    except ValueError:
        return Window(0, 0)
    return Window(start * 1000, end * 1000)
