"""The database as anybody sees it who has its address and a driver: without the store, its pragmas and its care."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
import sqlalchemy as sa

Row = tuple[Any, ...]
REFUSALS = (sqlite3.Error, psycopg.Error)
"""What the two drivers raise."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A row of a log's table, as far as the proof is about it."""

    seq: int
    id: UUID
    body: str
    personal: str
    salt: bytes
    leaf: bytes


@contextmanager
def raw_connection(address: str) -> Iterator[Any]:
    """A new connection, committing each statement, with nothing set on it."""
    if "://" not in address:
        with closing(sqlite3.connect(address, isolation_level=None)) as embedded:
            yield embedded
        return
    with psycopg.connect(driver_url(address), autocommit=True) as shared:
        yield shared


def run_raw(address: str, *statements: str) -> list[Row]:
    """Execute the statements on one new connection; the rows of the last, if it has any."""
    with raw_connection(address) as connection:
        cursor = None
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor is not None and cursor.description else []


def stored_events(address: str, table: str = "event") -> list[StoredEvent]:
    """All events of a log's table in the order of arrival."""
    rows = run_raw(address, f"SELECT seq, id, body, personal, salt, leaf FROM {table} ORDER BY seq")
    return [
        StoredEvent(seq, _uuid(identity), body, personal, bytes(salt), bytes(leaf))
        for seq, identity, body, personal, salt, leaf in rows
    ]


def count_rows(address: str, table: str) -> int:
    """How many rows a table has."""
    return cast(int, run_raw(address, f"SELECT count(*) FROM {table}")[0][0])


def driver_url(address: str) -> str:
    """A shared database's address as the driver alone understands it."""
    return sa.make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def _uuid(value: UUID | bytes) -> UUID:
    return value if isinstance(value, UUID) else UUID(bytes=value)
