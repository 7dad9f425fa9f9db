"""Counting events by the values of one dimension."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from data.answers import Dimension, Facet, FacetValue
from data.catalogue import CATALOGUE
from data.query import Clause, Pattern, Value
from data.store.names_holding import WITH_IDS, NamesHolding, identity_of
from data.store.tables import DIMENSION_NUMBERS, key_column, term
from data.store.terms import storable
from data.store.ways import Ways

Conditions = tuple[sa.ColumnElement[bool], ...]


def named_values(clauses: tuple[Clause, ...]) -> tuple[Value, ...]:
    """Every value that these clauses name, whether they ask for it or exclude it, each once."""
    return tuple(dict.fromkeys(value for clause in clauses for value in clause.values))


def with_named(
    connection: sa.Connection, facet: Facet, named: tuple[Value, ...], count: Callable[[Value], int] | None
) -> Facet:
    """The facet with all of `named`: each in the place of the counted value that means the same, or else at the end.

    `count` finds the events of a value that was not counted; without it, such a value is left out.
    """
    values = list(facet.values)
    known = {counted.value for counted in values}
    missing = [value for value in named if value not in known]
    if not missing:
        return facet
    meaning_of = _meanings(connection, facet.dimension, (*known, *missing))
    places = {meaning_of(counted.value): at for at, counted in enumerate(values) if counted.value not in named}
    for value in missing:
        place = places.pop(meaning_of(value), None)
        if place is not None:
            values[place] = replace(values[place], value=value)
        elif count is not None:
            values.append(FacetValue(_label_of(connection, facet.dimension, value), value, count(value)))
    return replace(facet, values=tuple(values))


def _label_of(connection: sa.Connection, dimension: Dimension, value: Value) -> str:
    """What to call a value that a query names: a type or a family of types by its label, an id by the latest name that
    the dictionary has for it, all else as it is written."""
    if dimension in WITH_IDS and isinstance(value, Pattern) and value.is_literal:
        text = value.parts[0]
        names = sa.select(term.c.name).where(
            term.c.dimension == DIMENSION_NUMBERS[dimension], term.c.ident == storable(text), term.c.name.is_not(None)
        )
        name: str | None = connection.execute(names.order_by(term.c.id.desc()).limit(1)).scalar()
        return name or text
    if dimension is Dimension.TYPE and isinstance(value, Pattern):
        if value.is_literal:
            return CATALOGUE.describe(value.parts[0]).done
        for family in CATALOGUE.families:
            if value == _all_of(family.prefix):
                return family.label
    return "*".join(value.parts) if isinstance(value, Pattern) else str(value)


def _meanings(
    connection: sa.Connection, dimension: Dimension, values: tuple[Value, ...]
) -> Callable[[Value], Hashable]:
    """What tells, of any of `values`, what it means: alike for two of them if clauses with them find the same events."""
    if dimension not in WITH_IDS:
        return lambda value: value.folded() if isinstance(value, Pattern) else value
    texts: dict[Value, str] = {
        value: value.parts[0] for value in values if isinstance(value, Pattern) and value.is_literal
    }
    ways = Ways(connection, dimension, set(texts.values()))
    return lambda value: frozenset(ways.reached(texts[value])) if value in texts else value


def count_values(
    connection: sa.Connection,
    table: sa.Table,
    dimension: Dimension,
    conditions: Conditions,
    limit: int,
    matching: str,
) -> Facet:
    """The `limit` most frequent values among the rows of a log's table that fulfil the conditions, and how many values there are.

    A value's count is what a clause that asks for it finds, even where a name or an id means more than one value.
    With `matching`, only values that have this text in a name or id; see `EventReader.facets`.
    """
    if dimension is Dimension.TYPE:
        return _count_families(connection, table, conditions, limit, matching)
    holding = NamesHolding(connection, dimension, matching) if matching else None
    rows = _count_identities(connection, table, dimension, conditions, limit, holding)
    distinct = rows[0].distinct if rows else 0
    if dimension not in WITH_IDS:
        values = [FacetValue(row.name, Pattern.literal(row.name), row.events) for row in rows]
        return Facet(dimension, tuple(values), distinct)
    ways = Ways(connection, dimension, {text for row in rows for text in (row.identity, row.name) if text is not None})
    others = holding.beside({row.identity: row.name or row.ident for row in rows}) if holding is not None else {}
    found: dict[str, FacetValue] = {}
    for row in rows:
        literal, is_exact = ways.to_ask_for(row.identity, row.name, row.ident)
        if literal not in found:
            count = row.events if is_exact else _count_reached(connection, table, dimension, conditions, literal)
            found[literal] = FacetValue(
                row.name or row.ident, Pattern.literal(literal), count, others.get(row.identity)
            )
    return Facet(dimension, tuple(sorted(found.values(), key=lambda value: -value.count)), distinct)


def _count_identities(
    connection: sa.Connection,
    table: sa.Table,
    dimension: Dimension,
    conditions: Conditions,
    limit: int,
    holding: NamesHolding | None,
) -> Sequence[sa.Row[Any]]:
    """The most frequent ids, or names where there is no id: identity, events, and the term that was last to arrive.

    `distinct`, alike in every row, is how many there are. Events are grouped by their small integer key first: it is the
    text that makes grouping dear.
    """
    identity = identity_of(dimension)
    wanted = sa.true() if holding is None else holding.is_held_by(identity)
    keyed = _count_keys(table, dimension, conditions)
    ranked = (
        sa.select(
            identity.label("identity"),
            term.c.ident,
            term.c.name,
            keyed.c.last,
            sa.func.sum(keyed.c.events).over(partition_by=identity).label("events"),
            sa.func.row_number().over(partition_by=identity, order_by=keyed.c.last.desc()).label("rank"),
        )
        .select_from(keyed.join(term, keyed.c.key == term.c.id))
        .where(identity.is_not(None), wanted)
        .subquery()
    )
    return connection.execute(
        sa.select(
            ranked.c.identity,
            ranked.c.ident,
            ranked.c.name,
            sa.cast(ranked.c.events, sa.BigInteger).label("events"),
            sa.func.count().over().label("distinct"),
        )
        .where(ranked.c.rank == 1)
        .order_by(ranked.c.events.desc(), ranked.c.last.desc())
        .limit(limit)
    ).all()


def _count_keys(table: sa.Table, dimension: Dimension, conditions: Conditions) -> sa.Subquery:
    """Events by the key of a dimension, and the last of each to arrive."""
    key = key_column(table, dimension)
    return (
        sa.select(key.label("key"), sa.func.count().label("events"), sa.func.max(table.c.seq).label("last"))
        .where(key.is_not(None), *conditions)
        .group_by(key)
        .subquery()
    )


def _count_families(
    connection: sa.Connection, table: sa.Table, conditions: Conditions, limit: int, matching: str
) -> Facet:
    """Types are counted by family, `api_client.*`: single ones are too many to choose from, unless one looks for a text.

    A family within another, `s3.object.*` in `s3.*`, counts in both, as the patterns say.
    """
    keyed = _count_keys(table, Dimension.TYPE, conditions)
    counted = connection.execute(
        sa.select(term.c.folded, sa.cast(sa.func.sum(keyed.c.events), sa.BigInteger).label("events"))
        .select_from(keyed.join(term, keyed.c.key == term.c.id))
        .group_by(term.c.folded)
    ).all()
    labels: dict[Pattern, str] = {}
    for row in counted:
        family = CATALOGUE.family(row.folded)
        labels[Pattern.literal(row.folded) if family.prefix == row.folded else _all_of(family.prefix)] = family.label
        if matching:
            labels.setdefault(Pattern.literal(row.folded), CATALOGUE.describe(row.folded).done)
    looked_for = matching.casefold()
    labels = {
        value: label
        for value, label in labels.items()
        if looked_for in label.casefold() or looked_for in "".join(value.parts)
    }
    counts: Counter[Pattern] = Counter()
    for row in counted:
        prefixes = (row.folded[:at] for at, sign in enumerate(row.folded) if sign == ".")
        for value in (Pattern.literal(row.folded), *map(_all_of, prefixes)):
            if value in labels:
                counts[value] += row.events
    ordered = sorted(counts.items(), key=lambda item: (-item[1], labels[item[0]]))
    values = tuple(FacetValue(labels[value], value, count) for value, count in ordered[:limit])
    return Facet(Dimension.TYPE, values, len(labels))


def _all_of(prefix: str) -> Pattern:
    return Pattern((f"{prefix}.", ""))


def _count_reached(
    connection: sa.Connection, table: sa.Table, dimension: Dimension, conditions: Conditions, text: str
) -> int:
    """How many rows a clause with this text finds: as id and as name."""
    reached = sa.select(term.c.id).where(
        term.c.dimension == DIMENSION_NUMBERS[dimension],
        sa.or_(term.c.ident == text, term.c.folded == text.casefold()),
    )
    counted = (
        sa.select(sa.func.count()).select_from(table).where(*conditions, key_column(table, dimension).in_(reached))
    )
    return connection.execute(counted).scalar_one()
