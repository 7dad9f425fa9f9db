"""Counting events by the values of one dimension."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from data.answers import MOST_DISTINCT, Dimension, Facet, FacetValue
from data.catalogue import CATALOGUE
from data.query import Clause, Pattern, Value
from data.store.names_holding import WITH_IDS, NamesHolding
from data.store.tables import DIMENSION_NUMBERS, term
from data.store.terms import storable
from data.store.ways import Ways


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


class CountedValue(NamedTuple):
    """A value: what makes it one, its id and name in the newest of its events, and how many there are."""

    identity: str
    ident: str | None
    name: str | None
    events: int


class Counted(NamedTuple):
    """The most frequent values, those as frequent as each other in the order in which the dictionary came to know them; and
    how many there are, if not more than are counted."""

    values: Sequence[CountedValue]
    distinct: int


def facet_of_values(
    connection: sa.Connection,
    dimension: Dimension,
    counted: Counted,
    holding: NamesHolding | None,
    count_reached: Callable[[Value], int],
) -> Facet:
    """The facet of any dimension but the types'.

    A value's count is what a clause that asks for it finds, even where a name or an id means more than one value: then
    `count_reached` counts that. `holding` is what was looked for; see `EventReader.facets`.
    """
    rows = counted.values
    distinct, has_more = min(counted.distinct, MOST_DISTINCT), counted.distinct > MOST_DISTINCT
    if dimension not in WITH_IDS:
        values = [FacetValue(row.name or "", Pattern.literal(row.name or ""), row.events) for row in rows]
        return Facet(dimension, tuple(values), distinct, has_more)
    ways = Ways(connection, dimension, {text for row in rows for text in (row.identity, row.name) if text is not None})
    others = holding.beside({row.identity: row.name or row.ident or "" for row in rows}) if holding is not None else {}
    found: dict[str, FacetValue] = {}
    for row in rows:
        literal, is_exact = ways.to_ask_for(row.identity, row.name, row.ident)
        if literal not in found:
            value = Pattern.literal(literal)
            count = row.events if is_exact else count_reached(value)
            found[literal] = FacetValue(row.name or row.ident or "", value, count, others.get(row.identity))
    ordered = sorted(found.values(), key=lambda value: -value.count)
    return Facet(dimension, tuple(ordered), distinct, has_more)


def facet_of_types(events_of: Mapping[str, int], limit: int, matching: str) -> Facet:
    """Types by family, `api_client.*`: single ones are too many to choose from, unless one looks for a text.

    `events_of` are the events of each type, by its folded name. A family within another, `s3.object.*` in `s3.*`, counts
    in both, as the patterns say.
    """
    labels: dict[Pattern, str] = {}
    for name in events_of:
        family = CATALOGUE.family(name)
        labels[Pattern.literal(name) if family.prefix == name else _all_of(family.prefix)] = family.label
        if matching:
            labels.setdefault(Pattern.literal(name), CATALOGUE.describe(name).done)
    looked_for = matching.casefold()
    labels = {
        value: label
        for value, label in labels.items()
        if looked_for in label.casefold() or looked_for in "".join(value.parts)
    }
    counts: Counter[Pattern] = Counter()
    for name, events in events_of.items():
        prefixes = (name[:at] for at, sign in enumerate(name) if sign == ".")
        for value in (Pattern.literal(name), *map(_all_of, prefixes)):
            if value in labels:
                counts[value] += events
    ordered = sorted(counts.items(), key=lambda item: (-item[1], labels[item[0]]))
    values = tuple(FacetValue(labels[value], value, count) for value, count in ordered[:limit])
    return Facet(Dimension.TYPE, values, min(len(labels), MOST_DISTINCT), len(labels) > MOST_DISTINCT)


def _all_of(prefix: str) -> Pattern:
    return Pattern((f"{prefix}.", ""))
