"""Writing: appending ready records and building their index, and `import` from JSON, against the driver alone."""

from collections.abc import Sequence
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from data.records import Draft
from data.services.audit_log import AuditLog
from tests.benchmarks.appending import import_s
from tests.benchmarks.finding.columns import Columns
from tests.benchmarks.finding.engines import Engine, sqlite_engine
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


class Written(NamedTuple):
    """Times against the raw rows': of appending with the index built, of building alone, and of `import` with its index."""

    appended: float
    indexed: float
    imported: float


def sqlite_writing(place: Workplace, columns: Columns) -> Written:
    """On an embedded database, against `executemany` of the same rows."""
    written: list[Written] = []
    drafts = _drafts(place, columns)
    for _ in range(place.runs):
        appended, imported, raw = (place.folder / f"{name}.db" for name in ("appended", "imported", "raw"))
        append_s, index_s = _append_and_index(place, sqlite_engine(appended), drafts)
        raw_s = raw_sqlite_s(place, appended, raw, ("table",))
        taken_s = import_s(place, str(imported), len(drafts), _PATIENCE_S)
        taken_s += seconds_of(lambda at=imported: build_index(sqlite_engine(at)))  # type: ignore[misc]
        written.append(Written((append_s + index_s) / raw_s, index_s / raw_s, taken_s / raw_s))
        for path in (appended, imported, raw):
            remove(path)
    return _medians(written)


def postgres_writing(place: Workplace, columns: Columns, server: "PostgresServer") -> Written:
    """On PostgreSQL, against binary COPY of the same rows."""
    from tests.benchmarks.finding.engines import POSTGRES
    from tests.benchmarks.postgres_importing import copy_rows, raw_s

    written: list[Written] = []
    drafts = _drafts(place, columns)

    def engine(address: str) -> Engine:
        return Engine(POSTGRES, address, lambda: None)

    for _ in range(place.runs):
        with server.migrated_database() as address:
            append_s, index_s = _append_and_index(place, engine(address), drafts)
            with server.connected(address) as driver:
                copy_s = raw_s(place, driver, copy_rows)
        with server.migrated_database() as address:
            taken_s = import_s(place, address, len(drafts), _PATIENCE_S)
            taken_s += seconds_of(lambda at=address: build_index(engine(at)))  # type: ignore[misc]
        written.append(Written((append_s + index_s) / copy_s, index_s / copy_s, taken_s / copy_s))
    server.forget_template()
    return _medians(written)


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
            spent += seconds_of(lambda batch=batch: log.append(batch))  # type: ignore[misc]
    return spent, seconds_of(lambda: build_index(engine))


def _medians(written: Sequence[Written]) -> Written:
    return Written(*(median(times) for times in zip(*written, strict=True)))
