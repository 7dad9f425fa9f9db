"""Inserting rows that may be there already: what to do then is said in each engine's own words."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


def insert_into(table: sa.Table, dialect: sa.Dialect) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    # PostgreSQL's dialect is 50 ms and 2 MB of imports that an embedded database has no use for.
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
