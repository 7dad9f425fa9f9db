"""Writing: appending ready records and building their index, and `import` from JSON, against the driver alone."""

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from data.records import Draft
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.encoding import leaf_of
from data.store.event_writer import ROW_COLUMNS
from data.store.row_inserting import insert_rows
from data.store.tables import event, term
from data.store.terms import TERM_COLUMNS
from tests.benchmarks.appending import import_s
from tests.benchmarks.finding.columns import Columns
from tests.benchmarks.finding.engines import POSTGRES, Engine, sqlite_engine
from tests.benchmarks.finding.indexing import build_index
from tests.benchmarks.finding.oracle import UTC
from tests.benchmarks.finding.rows import draft_at
from tests.benchmarks.finding.timing import seconds_of
from tests.benchmarks.importing import raw_s as raw_sqlite_s
from tests.benchmarks.importing import remove
from tests.benchmarks.made_up_events import BATCH, json_lines
from tests.benchmarks.workplace import Workplace

if TYPE_CHECKING:
    from tests.integration.postgres_server import PostgresServer

WRITTEN = 300_000
_PATIENCE_S = 600.0
_TERM_COLUMNS = {"id": "integer", **TERM_COLUMNS}
_LEAF, _BODY = (list(ROW_COLUMNS).index(name) for name in ("leaf", "body"))
_WRITERS, _WRITING_S, _GETTING_READY_S = 8, 10.0, 5.0


class Written(NamedTuple):
    """Times against the raw rows': of ready rows stored with their leaves, pending and indexed; of the same from drafts, which
    are encoded first; of building the index alone; and of `import` with its index."""

    stored: float
    appended: float
    indexed: float
    imported: float


def sqlite_writing(place: Workplace, columns: Columns) -> Written:
    """On an embedded database, against `executemany` of the same rows."""
    written: list[Written] = []
    drafts = _drafts(place, columns)
    for _ in range(place.runs):
        appended, stored, imported, raw = (
            place.folder / f"{name}.db" for name in ("appended", "stored", "imported", "raw")
        )
        append_s, index_s = _append_and_index(place, sqlite_engine(appended), drafts)
        stored_s = _store_and_index(place, sqlite_engine(appended), sqlite_engine(stored))
        raw_s = raw_sqlite_s(place, appended, raw, ("table",))
        taken_s = import_s(place, str(imported), len(drafts), _PATIENCE_S)
        taken_s += seconds_of(partial(build_index, sqlite_engine(imported)))
        written.append(Written(stored_s / raw_s, (append_s + index_s) / raw_s, index_s / raw_s, taken_s / raw_s))
        for path in (appended, stored, imported, raw):
            remove(path)
    return _medians(written)


def postgres_writing(place: Workplace, columns: Columns, server: "PostgresServer") -> Written:
    """On PostgreSQL, against binary COPY of the same rows."""
    from tests.benchmarks.postgres_importing import copy_rows, raw_s

    written: list[Written] = []
    drafts = _drafts(place, columns)
    try:
        for _ in range(place.runs):
            with server.migrated_database() as address:
                append_s, index_s = _append_and_index(place, _engine(address), drafts)
                with server.migrated_database() as other:
                    stored_s = _store_and_index(place, _engine(address), _engine(other))
                with server.connected(address) as driver:
                    copy_s = raw_s(place, driver, copy_rows)
            with server.migrated_database() as address:
                taken_s = import_s(place, address, len(drafts), _PATIENCE_S)
                taken_s += seconds_of(partial(build_index, _engine(address)))
            written.append(
                Written(stored_s / copy_s, (append_s + index_s) / copy_s, index_s / copy_s, taken_s / copy_s)
            )
    finally:
        server.forget_template()
    return _medians(written)


class Writers(NamedTuple):
    """Of several processes that write at once: commits a second, the longest wait in seconds, and those that failed."""

    rate: float
    longest: float
    failed: int


def many_writers(place: Workplace) -> Writers:
    """Eight processes that write one event a commit to one embedded database."""
    path = place.folder / "many.db"
    with closing(AuditLog(str(path), UTC)) as log:
        log.open()
    start = str(time.time() + _GETTING_READY_S)
    words = (sys.executable, "-m", "tests.benchmarks.finding.one_writer", str(path))
    processes = [
        subprocess.Popen(
            (*words, str(number), start, str(_WRITING_S)), stdout=subprocess.PIPE, env=place.environment(), text=True
        )
        for number in range(_WRITERS)
    ]
    told = [process.communicate()[0].split() for process in processes]
    remove(path)
    went_well = [
        (int(one[0]), float(one[1])) for one, process in zip(told, processes, strict=True) if not process.returncode
    ]
    if not went_well:
        return Writers(0.0, float("inf"), _WRITERS)
    rate = sum(count for count, _ in went_well) / _WRITING_S
    return Writers(rate, max(longest for _, longest in went_well), _WRITERS - len(went_well))


def _engine(address: str) -> Engine:
    return Engine(POSTGRES, address, lambda: None)


def _drafts(place: Workplace, columns: Columns) -> list[Draft]:
    """The first to arrive of the made-up events, as drafts and in the file that is imported."""
    drafts = [draft_at(columns, position) for position in columns.arrival[:WRITTEN].tolist()]
    exported = place.folder / f"events-{len(drafts)}.jsonl"
    if not exported.exists():
        with exported.open("wb") as file:
            file.writelines(json_lines(drafts))
    return drafts


def _append_and_index(place: Workplace, engine: Engine, drafts: Sequence[Draft]) -> tuple[float, float]:
    """Seconds of appending, a thousand at a time, and of building the index."""
    spent = 0.0
    with closing(AuditLog(engine.address, UTC)) as log:
        log.open()
        for begin in range(0, len(drafts), BATCH):
            place.deadline.check()
            batch = drafts[begin : begin + BATCH]
            spent += seconds_of(partial(log.append, batch))
    return spent, seconds_of(partial(build_index, engine))


def _store_and_index(place: Workplace, source: Engine, target: Engine) -> float:
    """Seconds of storing the rows of `source`, a thousand at a time, and of building the index.

    They are encoded and their terms are known; their leaves are made anew, and each becomes pending.
    """
    spent = 0.0
    with source.opened() as reading, target.opened() as writing:
        writing.open()
        with reading.upkeep_reading() as connection:
            terms = [tuple(row) for row in connection.execute(sa.select(term))]
            with writing.upkeep_writing() as other:
                _insert_terms(other, terms)
            rows = connection.exec_driver_sql(f"SELECT {', '.join(ROW_COLUMNS)} FROM event ORDER BY seq")
            while batch := [tuple(row) for row in rows.fetchmany(BATCH)]:
                place.deadline.check()
                spent += seconds_of(partial(_store, writing, batch))
    return spent + seconds_of(partial(build_index, target))


def _insert_terms(connection: sa.Connection, terms: list[tuple[Any, ...]]) -> None:
    """With the ids that the rows name them by, which PostgreSQL would choose by itself."""
    if connection.dialect.name != "postgresql":
        insert_rows(connection, term, _TERM_COLUMNS, terms)
        return
    arrays = ", ".join(f"%b::{kind}[]" for kind in _TERM_COLUMNS.values())
    connection.exec_driver_sql(
        f"INSERT INTO term ({', '.join(_TERM_COLUMNS)}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest({arrays})",
        tuple(list(column) for column in zip(*terms, strict=True)),
    )


def _store(database: Database, rows: Sequence[tuple[Any, ...]]) -> None:
    with database.upkeep_writing() as connection:
        fresh = [(*row[:_LEAF], leaf_of(row[_BODY].encode()), *row[_LEAF + 1 :]) for row in rows]
        insert_rows(connection, event, ROW_COLUMNS, fresh)


def _medians(written: Sequence[Written]) -> Written:
    return Written(*(median(times) for times in zip(*written, strict=True)))
