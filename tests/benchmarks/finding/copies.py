"""A copy of a made-up database for what writes to it: the events stay what the oracle knows."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from tests.integration.postgres_server import PostgresServer


@contextmanager
def copied_file(database: Path, folder: Path) -> Iterator[str]:
    """The path of a copy of an embedded database, which is deleted at the end."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    copy = folder / "copy.db"
    shutil.copyfile(database, copy)
    copy.chmod(0o600)
    try:
        yield str(copy)
    finally:
        for path in folder.glob(f"{copy.name}*"):
            path.unlink()


@contextmanager
def copied_database(server: "PostgresServer", address: str) -> Iterator[str]:
    """The address of a copy on the same server, dropped at the end."""
    from psycopg import sql

    name = f"{sa.make_url(address).database}_copy"
    copy, original = sql.Identifier(name), sql.Identifier(sa.make_url(address).database or "")
    with server.connected() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(copy, original))
    try:
        yield server.address_of(name)
    finally:
        with server.connected() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
