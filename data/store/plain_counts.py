"""Counting events by the values of a dimension in plain SQL, over all rows that fulfil some conditions."""

import sqlalchemy as sa

from data.answers import Dimension
from data.store.facets import Counted, CountedValue
from data.store.names_holding import NamesHolding, identity_of
from data.store.tables import DIMENSION_NUMBERS, key_column, term

Conditions = tuple[sa.ColumnElement[bool], ...]


def count_identities(
    connection: sa.Connection,
    table: sa.Table,
    dimension: Dimension,
    conditions: Conditions,
    limit: int,
    holding: NamesHolding | None,
) -> Counted:
    """The `limit` most frequent ids, or names where there is no id.

    Events are grouped by their small integer key first: it is the text that makes grouping dear.
    """
    identity = identity_of(dimension)
    wanted = sa.true() if holding is None else holding.is_held_by(identity)
    keyed = _count_keys(connection, table, dimension, conditions)
    known = (
        sa.select(identity.label("identity"), sa.func.min(term.c.id).label("first"))
        .where(term.c.dimension == DIMENSION_NUMBERS[dimension])
        .group_by(identity)
        .subquery()
    )
    ranked = (
        sa.select(
            identity.label("identity"),
            term.c.ident,
            term.c.name,
            sa.func.sum(keyed.c.events).over(partition_by=identity).label("events"),
            sa.func.row_number().over(partition_by=identity, order_by=keyed.c.last.desc()).label("rank"),
        )
        .select_from(keyed.join(term, keyed.c.key == term.c.id))
        .where(identity.is_not(None), wanted)
        .subquery()
    )
    rows = connection.execute(
        sa.select(
            ranked.c.identity,
            ranked.c.ident,
            ranked.c.name,
            sa.cast(ranked.c.events, sa.BigInteger).label("events"),
            sa.func.count().over().label("distinct"),
        )
        .join_from(ranked, known, ranked.c.identity == known.c.identity)
        .where(ranked.c.rank == 1)
        .order_by(ranked.c.events.desc(), known.c.first)
        .limit(limit)
    ).all()
    values = [CountedValue(row.identity, row.ident, row.name, row.events) for row in rows]
    return Counted(values, rows[0].distinct if rows else 0)


def count_types(connection: sa.Connection, table: sa.Table, conditions: Conditions) -> dict[str, int]:
    """The events of each type, by its folded name."""
    keyed = _count_keys(connection, table, Dimension.TYPE, conditions)
    counted = connection.execute(
        sa.select(term.c.folded, sa.cast(sa.func.sum(keyed.c.events), sa.BigInteger).label("events"))
        .select_from(keyed.join(term, keyed.c.key == term.c.id))
        .group_by(term.c.folded)
    )
    return {row.folded: row.events for row in counted}


def _count_keys(
    connection: sa.Connection, table: sa.Table, dimension: Dimension, conditions: Conditions
) -> sa.Subquery:
    """Events by the key of a dimension, and the newest of each."""
    key = key_column(table, dimension)
    # PostgreSQL before 18 knows no greatest UUID; as text they have the same order.
    newest = sa.cast(table.c.id, sa.Text) if connection.dialect.name == "postgresql" else table.c.id
    return (
        sa.select(key.label("key"), sa.func.count().label("events"), sa.func.max(newest).label("last"))
        .where(key.is_not(None), *conditions)
        .group_by(key)
        .subquery()
    )
