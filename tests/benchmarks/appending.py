"""The program's own writing: `import` as a process, and `AuditLog.append` of ready drafts."""

import time
from contextlib import closing
from statistics import median
from zoneinfo import ZoneInfo

from data.services.audit_log import AuditLog
from tests.benchmarks.made_up_events import batches
from tests.benchmarks.report import Table, ratio
from tests.benchmarks.subprocess_time import seconds_of
from tests.benchmarks.workplace import PROGRAM, Workplace


def import_s(place: Workplace, address: str, events: int, patience_s: float = 60.0) -> float:
    """Seconds that `auditdeck import` of so many JSON lines takes, the start of the process included."""
    return seconds_of(place, (*PROGRAM, "import", str(place.exported(events)), "--database", address), patience_s)


def append_s(place: Workplace, address: str, events: int) -> float:
    """Seconds spent in appending so many events, a thousand at a time; making the drafts is not counted."""
    spent = 0.0
    with closing(AuditLog(address, ZoneInfo("UTC"))) as log:
        log.open()
        for batch in batches(events):
            place.deadline.check()
            began = time.perf_counter()
            log.append(batch)
            spent += time.perf_counter() - began
    return spent


def rate_table(title: str, events: int, taken: dict[str, list[float]], baselines: tuple[str, ...]) -> Table:
    """Events a second and the time against each baseline, both medians over the runs; `taken` is in seconds.

    Ratios are taken within a run.
    """
    rows = []
    for name, times in taken.items():
        ratios = [
            ratio(median(mine / other for mine, other in zip(times, taken[baseline], strict=True)), 1)
            for baseline in baselines
        ]
        rows.append((name, f"{median(times):.2f}", f"{events / median(times):,.0f}", *ratios))
    return Table(
        f"{title}; {events:,} events of which 1,000 are a transaction; median of {len(taken[baselines[0]])}",
        ("what", "s", "events/s", *(f"time / {baseline}" for baseline in baselines)),
        tuple(rows),
    )
