"""Several processes that write to one SQLite file, an event a commit: how many commits, how long one waits, and who waits."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from zoneinfo import ZoneInfo

from data.errors import AuditdeckError
from data.services.audit_log import AuditLog
from tests.benchmarks.made_up_events import batches
from tests.benchmarks.report import Table, milliseconds, percentile, ratio
from tests.benchmarks.workplace import Workplace

WRITERS = (1, 2, 8)
_SECONDS = 5.0
_PATIENCE_S = 60.0
_GOAL = "goal: of eight writers no error, and nobody waits over 250 ms"


@dataclass(frozen=True, slots=True)
class Share:
    """What one of the writers came to."""

    waits: list[float]
    """Seconds of each append, the wait for the turn and the commit included."""
    error: str | None


def measure(place: Workplace) -> Iterator[Table]:
    """Saturated writers for a few seconds; with all of them in one line it is the disk that sets the pace."""
    rows, alone, errors = [], 0.0, []
    for writers in WRITERS:
        place.deadline.check()
        shares = shares_of(place.folder / f"writers-{writers}.db", writers)
        waits = [wait for share in shares for wait in share.waits]
        commits = [len(share.waits) for share in shares]
        errors += [share.error for share in shares if share.error]
        rate = sum(commits) / _SECONDS
        alone = alone or rate
        rows.append(
            (
                str(writers),
                f"{rate:,.0f}",
                ratio(rate, alone),
                milliseconds(percentile(waits, 50)),
                milliseconds(percentile(waits, 99)),
                milliseconds(max(waits)),
                f"{min(commits):,}",
                f"{max(commits):,}",
            )
        )
    yield Table(
        f"(j) Writers of one SQLite file, one event a commit, {_SECONDS:.0f} s each",
        ("writers", "commits/s", "/ one", "p50 ms", "p99 ms", "longest ms", "slowest's commits", "fastest's commits"),
        tuple(rows),
        (_GOAL, *(f"error: {error}" for error in errors)),
    )


def shares_of(path: Path, writers: int) -> list[Share]:
    """What each of so many processes came to that write to this file for as long as they can."""
    context = get_context("spawn")
    start, told = context.Barrier(writers), context.Queue()
    programs = [context.Process(target=_write, args=(str(path), start, told)) for _ in range(writers)]
    for program in programs:
        program.start()
    try:
        return [told.get(timeout=_PATIENCE_S) for _ in programs]
    finally:
        for program in programs:
            program.join(_PATIENCE_S)
            program.kill()


def _write(path: str, start: Barrier, told: "Queue[Share]") -> None:
    (made_up,) = next(iter(batches(1)))
    draft = replace(made_up, id=None)  # the same id would be the same event, of which there is one
    waits: list[float] = []
    error = None
    log = AuditLog(path, ZoneInfo("UTC"))
    log.append([draft])  # opens it, and knows the names from then on
    start.wait(_PATIENCE_S)
    ends = time.perf_counter() + _SECONDS
    try:
        while (began := time.perf_counter()) < ends:
            log.append([draft])
            waits.append(time.perf_counter() - began)
    except AuditdeckError as problem:
        error = str(problem)
    log.close()
    told.put(Share(waits, error))
