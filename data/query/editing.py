"""Changing a query by one value: what a key on a card or a box in the sidebar does."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.query.model import IN_ARCHIVE, REACH_KEYS, TIME_KEYS, Clause, EventQuery, Key, Pattern, Span, Value
from data.query.windows import window_of

_NAMED = frozenset({Key.ACTOR, Key.CLIENT, Key.TARGET, Key.SERVICE})


class Choice(StrEnum):
    """What a query says about one value."""

    OFF = "off"
    ONLY = "only"
    WITHOUT = "without"


class Way(StrEnum):
    """How a value that is seen somewhere comes into the query."""

    ONLY = "only"
    WITHOUT = "without"
    AFRESH = "afresh"


def choice_of(query: EventQuery, key: Key, value: Value) -> Choice:
    """What `query` says about this value of `key`."""
    return said_by(query.clauses, key, value)


def said_by(clauses: tuple[Clause, ...], key: Key, value: Value) -> Choice:
    """What these clauses say about this value of `key`."""
    for clause in clauses:
        if clause.key is key and value in clause.values:
            return Choice.WITHOUT if clause.negated else Choice.ONLY
    return Choice.OFF


def choosing(query: EventQuery, key: Key, value: Value, choice: Choice) -> EventQuery:
    """The query with this said about the value, beside what it says about the key's other values.

    A second value that is asked for is one more that will do; a second one that is excluded is one more that will not.
    """
    return EventQuery(saying(query.clauses, key, value, choice))


def saying(clauses: tuple[Clause, ...], key: Key, value: Value, choice: Choice) -> tuple[Clause, ...]:
    """The clauses with this said about the value, as for `choosing`."""
    said: list[Clause] = []
    placed = choice is Choice.OFF
    for clause in clauses:
        if clause.key is not key:
            said.append(clause)
            continue
        kept = tuple(one for one in clause.values if one != value)
        if not placed and clause.negated is (choice is Choice.WITHOUT):
            kept = (*kept, value)
            placed = True
        if kept:
            said.append(replace(clause, values=kept))
    if not placed:
        said.append(Clause(key, (value,), negated=choice is Choice.WITHOUT))
    return tuple(said)


def toggled(query: EventQuery, key: Key, value: Value, choice: Choice) -> EventQuery:
    """The query with this said about the value, or nothing any more if it said just that."""
    said = choice_of(query, key, value)
    return choosing(query, key, value, Choice.OFF if said is choice else choice)


def only(query: EventQuery, key: Key, value: Value) -> EventQuery:
    """The query with this value of the key and no other."""
    return choosing(_without(query, key), key, value, Choice.ONLY)


def afresh(query: EventQuery, key: Key, value: Value) -> EventQuery:
    """A query for this value alone, over the same time, and looking as far."""
    reach = query.of(Key.IN) if key in TIME_KEYS else query.of(*REACH_KEYS)
    return EventQuery((Clause(key, (value,)), *reach))


def over(query: EventQuery, key: Key, span: Span) -> EventQuery:
    """The query over another time."""
    rest = tuple(clause for clause in query.clauses if clause.key not in TIME_KEYS)
    return EventQuery((*rest, Clause(key, (span,))))


def applied(query: EventQuery, clause: Clause, way: Way) -> EventQuery:
    """The query with the first value of `clause` asked for in this way. A time takes the place of the one before."""
    key, value = clause.key, clause.values[0]
    match way:
        case Way.ONLY:
            return over(query, key, value) if key in TIME_KEYS and isinstance(value, Span) else only(query, key, value)
        case Way.WITHOUT:
            return choosing(query, key, value, Choice.WITHOUT)
        case Way.AFRESH:
            return afresh(query, key, value)


def with_time_in_common(query: EventQuery, now: datetime, zone: ZoneInfo) -> EventQuery:
    """The query without its `last:` if another time that it asks for does not meet that one.

    `last:30d` stands in the search box by itself: who adds `during:2026-08` means August, and not nothing at all.
    """
    rest = tuple(clause for clause in query.clauses if clause.key is not Key.LAST)
    window = window_of(query, now, zone)
    meets = window.start_us is None or window.end_us is None or window.start_us < window.end_us
    return query if meets or not any(clause.key in TIME_KEYS for clause in rest) else EventQuery(rest)


def widened(clause: Clause) -> tuple[Clause, ...]:
    """For names that are asked for in full, the clause for all that begin so, and the one for all that hold them.

    None where there is nothing to widen.
    """
    names: dict[Value, str] = {
        value: value.parts[0] for value in clause.values if isinstance(value, Pattern) and value.is_literal
    }
    if clause.negated or clause.key not in _NAMED or not names or not all(names.values()):
        return ()
    beginning = tuple(Pattern((names[value], "")) if value in names else value for value in clause.values)
    holding = tuple(Pattern(("", names[value], "")) if value in names else value for value in clause.values)
    return replace(clause, values=beginning), replace(clause, values=holding)


def cleared(query: EventQuery) -> EventQuery:
    """Nothing but the query's time, and the archive where it is looked into."""
    return EventQuery(query.of(*REACH_KEYS))


def with_archive(query: EventQuery) -> EventQuery:
    """The query over archived events, too."""
    return query if query.of(Key.IN) else query.adding(IN_ARCHIVE)


def archive_toggled(query: EventQuery) -> EventQuery:
    """The query over archived events, too, or over live ones alone if it looked into the archive."""
    return query.without(Key.IN) if query.of(Key.IN) else with_archive(query)


def _without(query: EventQuery, key: Key) -> EventQuery:
    return EventQuery(tuple(clause for clause in query.clauses if clause.key is not key))
