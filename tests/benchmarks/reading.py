"""Reading on SQLite: page, count, facets and the tally (count and histogram) of a few queries."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from data.answers import Dimension, Snapshot
from data.query import EventQuery, parse_query
from data.services.audit_log import AuditLog
from tests.benchmarks.made_up_events import CLIENTS, MEMBERS
from tests.benchmarks.report import Table, milliseconds, ratio
from tests.benchmarks.workplace import EVERYTHING, Workplace

_QUERIES: dict[str, str] = {
    "everything": EVERYTHING,
    "one quarter": "during:2025-04..2025-06",
    "failed or denied": "outcome:failure,denied last:all",
    "one busy actor": f"actor:{MEMBERS[0].id} last:all",
    "nobody did this": f"actor:{MEMBERS[-1].id} client:{CLIENTS[-1].id} type:api_client.revoked last:all",
    "a network": "ip:198.51.100.0/28 last:all",
    "free text, a month": '"quarterly review" during:2025-05',
}
_RAW_PAGE = "SELECT seq, id, body, personal FROM event ORDER BY id DESC LIMIT 51"
# Every row is looked at, and nothing else is done: what a scan costs at least.
_RAW_WALK = "SELECT count(*) FROM event WHERE actor > 0"


def measure(place: Workplace) -> Iterator[Table]:
    """Milliseconds of each question, and how many times the baseline that is."""
    database = place.filled_log()
    with closing(sqlite3.connect(database)) as raw:
        raw_page = _median_s(place, lambda: raw.execute(_RAW_PAGE).fetchall())
        raw_walk = _median_s(place, lambda: raw.execute(_RAW_WALK).fetchall())
    rows = []
    with closing(AuditLog(str(database), ZoneInfo("UTC"))) as log:
        snapshot = log.page(parse_query(EVERYTHING)).snapshot
        for name, text in _QUERIES.items():
            rows.append((name, *_cells(place, log, snapshot, parse_query(text), raw_page, raw_walk)))
    yield Table(
        f"(f) Reading on SQLite, ms and ratio to the baseline; {place.events:,} events; median of {place.runs}",
        ("query", "matches", "page of 50", "ratio", "count", "ratio", "7 facets", "ratio", "tally", "ratio"),
        tuple(rows),
        (
            "tally: count and histogram, as the console asks for them together",
            f"baseline of a page: the newest 51 rows by sqlite3, {milliseconds(raw_page)} ms",
            f"baseline of the others: one walk over all rows by sqlite3, {milliseconds(raw_walk)} ms",
        ),
    )


def _cells(
    place: Workplace, log: AuditLog, snapshot: Snapshot, query: EventQuery, raw_page: float, raw_walk: float
) -> list[str]:
    measured = (
        (_median_s(place, lambda: log.page(query)), raw_page),
        (_median_s(place, lambda: log.count(query, snapshot)), raw_walk),
        (_median_s(place, lambda: log.facets(query, snapshot, tuple(Dimension))), raw_walk),
        (_median_s(place, lambda: log.tally(query, snapshot)), raw_walk),
    )
    cells = [f"{log.count(query, snapshot):,}"]
    for number, baseline in measured:
        cells += (milliseconds(number), ratio(number, baseline))
    return cells


def _median_s(place: Workplace, question: Callable[[], Any]) -> float:
    """Seconds until the answer, the median over the runs after one that fills the caches."""
    taken = []
    for _ in range(place.runs + 1):
        place.deadline.check()
        began = time.perf_counter()
        question()
        taken.append(time.perf_counter() - began)
    return median(taken[1:])
