"""Made-up events in an embedded database: its own schema, filled by the driver alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

from data.store import Database
from data.store.terms import TERM_COLUMNS
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.finding.columns import Columns
from tests.benchmarks.finding.rows import Row, chunks_of_rows
from tests.benchmarks.finding.terms import ids_by_code, term_rows

# The file is thrown away where it is not finished.
_QUICK = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-400000")
_INSERT = f"INSERT INTO event ({', '.join(Row._fields)}) VALUES ({', '.join('?' * len(Row._fields))})"
_INSERT_TERM = f"INSERT INTO term ({', '.join(TERM_COLUMNS)}) VALUES ({', '.join('?' * len(TERM_COLUMNS))})"
_WAITING = ("pending", "unindexed_event")


def fill_sqlite(path: Path, columns: Columns, deadline: Deadline) -> None:
    """Make the database. The triggers are put back when all rows are there; what they note of each is noted at once."""
    with closing(Database(str(path), durable=False)) as database:
        database.upgrade()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _QUICK:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'event'"
        ).fetchall()
        connection.execute("BEGIN")
        connection.executemany(_INSERT_TERM, term_rows(columns))
        term_ids = ids_by_code(columns, dict(connection.execute("SELECT digest, id FROM term")))
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for rows in chunks_of_rows(columns, term_ids):
            deadline.check()
            connection.executemany(_INSERT, rows)
        for table in _WAITING:
            connection.execute(f"INSERT INTO {table} (seq) SELECT seq FROM event ORDER BY seq")
        for _, statement in triggers:
            connection.execute(statement)
        connection.execute("COMMIT")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
