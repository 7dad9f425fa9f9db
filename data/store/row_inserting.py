"""Inserting many rows at once by the driver alone: several times as fast as statements of SQLAlchemy, which see each row."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: Mapping[str, str],
    rows: Sequence[tuple[object, ...]],
    unless_there: str | None = None,
) -> int:
    """Insert rows, their values in the order of `columns` (names, and their types on PostgreSQL); how many were inserted.

    With `unless_there`, the name of a unique column, those are passed over that are there by it already; on SQLite they
    count as inserted all the same.
    """
    into = f"INSERT INTO {table.name} ({', '.join(columns)})"
    conflict = f" ON CONFLICT ({unless_there}) DO NOTHING" if unless_there else ""
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql(f"{into} VALUES ({', '.join('?' * len(columns))}){conflict}", list(rows))
        return len(rows)
    # One statement for all rows, an array a column: near COPY's speed, and able to pass over what is there. %b: as text,
    # psycopg would escape every quote of every value one by one.
    arrays = ", ".join(f"%b::{kind}[]" for kind in columns.values())
    values = tuple(list(column) for column in zip(*rows, strict=True))
    return connection.exec_driver_sql(f"{into} SELECT * FROM unnest({arrays}){conflict}", values).rowcount
