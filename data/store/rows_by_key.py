"""Rows looked up by many integer keys at once, by one statement whatever their number: for what is read all the time."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc


def is_one_of(column: sa.Column[int], numbers: Sequence[int], dialect: sa.Dialect) -> sa.ColumnElement[bool]:
    """Whether a row's column is one of any number of numbers: one parameter, whatever the engine's limit on those."""
    if dialect.name == "postgresql":
        return column == sa.any_(sa.cast([*numbers], sa.ARRAY(sa.BigInteger)))
    values = sa.func.json_each(str([*numbers])).table_valued("value")
    return column.in_(sa.select(values.c.value))


def rows_by_key(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], key: str, keys: Sequence[int]
) -> Sequence[tuple[Any, ...]]:
    """Those columns of the rows whose `key` is one of `keys`, in no order, as the driver gives them.

    On PostgreSQL they come in binary: as text, psycopg would unpick two characters of hexadecimal for each byte. Raises
    what a statement of SQLAlchemy's own would raise.
    """
    selected = f"SELECT {', '.join(columns)} FROM {table.name} WHERE {key}"
    if connection.dialect.name != "postgresql":
        # json_each: one parameter for any number of keys, and so one statement to be kept prepared.
        found = connection.exec_driver_sql(f"{selected} IN (SELECT value FROM json_each(?))", (str([*keys]),))
        return found.fetchall()
    statement = f"{selected} = ANY(%b::bigint[])"
    driver: Any = connection.connection.driver_connection
    errors: Any = connection.dialect.loaded_dbapi
    try:
        rows: list[tuple[Any, ...]] = driver.execute(statement, ([*keys],), binary=True).fetchall()
    except errors.Error as error:
        lost = connection.dialect.is_disconnect(error, driver, None)
        raise exc.DBAPIError.instance(
            statement, None, error, errors.Error, connection_invalidated=lost, dialect=connection.dialect
        ) from error
    return rows
