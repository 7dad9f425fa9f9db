"""Writing on SQLite, against the same rows written by the driver alone."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.benchmarks.appending import append_s, import_s, rate_table
from tests.benchmarks.made_up_events import BATCH
from tests.benchmarks.report import Table
from tests.benchmarks.workplace import Workplace

_RAW, _RAW_GUARDED, _APPEND, _IMPORT = (
    "executemany",
    "executemany, with triggers",
    "append of drafts",
    "import, process",
)
# Those of the program's connections that matter to a writer.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF")


def measure(place: Workplace) -> Iterator[Table]:
    """`import`, `append` and `executemany` into new databases, in turn."""
    source = place.filled_log()
    taken: dict[str, list[float]] = {_RAW: [], _RAW_GUARDED: [], _APPEND: [], _IMPORT: []}
    place.exported(place.events)
    for _ in range(place.runs):
        target = place.folder / "written.db"
        taken[_IMPORT].append(import_s(place, str(target), place.events))
        remove(target)
        taken[_APPEND].append(append_s(place, str(target), place.events))
        remove(target)
        for name, kinds in ((_RAW, ("table",)), (_RAW_GUARDED, ("table", "trigger"))):
            taken[name].append(raw_s(place, source, target, kinds))
            remove(target)
    yield rate_table("(e) Writing on SQLite", place.events, taken, (_RAW,))


def raw_s(place: Workplace, source: Path, target: Path, kinds: tuple[str, ...]) -> float:
    """Seconds that `executemany` needs for the very rows of `source`, in a database with these parts of its schema."""
    spent = 0.0
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target, isolation_level=None)) as writing:
        for pragma in _PRAGMAS:
            writing.execute(f"PRAGMA {pragma}")
        for name, kind, statement in reading.execute("SELECT tbl_name, type, sql FROM sqlite_master ORDER BY rowid"):
            if name in ("event", "pending") and kind in kinds and statement:
                writing.execute(statement)
        rows = reading.execute("SELECT * FROM event ORDER BY seq")
        columns = [column[0] for column in rows.description][1:]
        insert = f"INSERT INTO event ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        while batch := [row[1:] for row in rows.fetchmany(BATCH)]:
            place.deadline.check()
            began = time.perf_counter()
            writing.execute("BEGIN IMMEDIATE")
            writing.executemany(insert, batch)
            writing.execute("COMMIT")
            spent += time.perf_counter() - began
    return spent


def remove(database: Path) -> None:
    """Delete a database and what lies beside it."""
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
