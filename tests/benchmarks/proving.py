"""The proof: sealing, what it costs those who write meanwhile, and verifying, against hashing the same bytes row by row."""

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from data.keeping import SEAL_EVERY_S
from data.proof.verifier import HASHES, ROWS, Verifier
from data.services.audit_log import AuditLog
from data.services.index_inspecting import index_findings
from data.stop import Stop
from data.store import Database
from tests.benchmarks.made_up_events import batches
from tests.benchmarks.report import Table, milliseconds, percentile, ratio
from tests.benchmarks.workplace import Workplace
from tests.benchmarks.writers import shares_of

NEW = 1_000
WRITERS = 8
_PATIENCE_S = 60.0


def measure(place: Workplace) -> Iterator[Table]:
    """Sealing and verifying all of a log, verifying what is new, and writers beside a keeper that seals."""
    yield verifying(place.filled_log(), place.runs)
    yield _writing(place)


def verifying(path: Path, runs: int) -> Table:
    """An embedded log, which is sealed and indexed here if it is not yet: what each part of a verification takes."""
    rows: list[tuple[str, float, float | None]] = []
    with closing(AuditLog(str(path), ZoneInfo("UTC"))) as log, closing(Database(str(path))) as database:
        began = time.perf_counter()
        sealed = log.keeper.seal()
        if sealed:
            rows.append((f"sealing {sealed:,}", time.perf_counter() - began, None))
        log.keeper.index()
        events, hashing = min((_hashed_row_by_row(path) for _ in range(runs)), key=lambda one: one[1])
        rows.append(("SHA-256 row by row, one core", hashing, hashing))
        for name, took in _verified(database, str(path)).items():
            rows.append((name, took, hashing))
        rows.append((f"verifying {NEW:,} new events", median(_verifying_new(log, database, path, runs)), None))
    return Table(
        f"(p) Proof of {events:,} events",
        ("", "s", "/ SHA-256", "us an event"),
        tuple(
            (
                name,
                f"{took:.3f}",
                "" if baseline is None else ratio(took, baseline),
                "" if "new" in name else f"{took / events * 1_000_000:.2f}",
            )
            for name, took, baseline in rows
        ),
        ("goals: hashes at most 4 times SHA-256 row by row; 1,000 new events in 0.100 s",),
    )


def _hashed_row_by_row(path: Path) -> tuple[int, float]:
    """How many events there are, and the seconds of the plainest loop over what the leaves are of."""
    with closing(sqlite3.connect(path)) as connection:
        began, events = time.perf_counter(), 0
        for (body,) in connection.execute("SELECT body FROM event ORDER BY seq"):
            hashlib.sha256(b"\0" + body.encode()).digest()
            events += 1
        return events, time.perf_counter() - began


def _verified(database: Database, address: str) -> dict[str, float]:
    """The seconds of each part of a whole verification."""
    ended: dict[str, float] = {}
    began = time.perf_counter()

    def note(what: str, _done: int, _all: int) -> None:
        ended[what] = time.perf_counter() - began

    verified = Verifier(database, address).run(progress=note)
    assert verified.holds, verified.findings
    begun_index = time.perf_counter()
    assert not index_findings(database, address, Stop(), note)
    return {
        "verify: the tree's hashes": ended[HASHES],
        "verify: personal parts, keys and names": ended.get(ROWS, 0.0) - ended[HASHES],
        "verify: the index": time.perf_counter() - begun_index,
    }


def _verifying_new(log: AuditLog, database: Database, path: Path, runs: int) -> list[float]:
    """The seconds that as many new events take each time, as `auditdeck verify --new` verifies them."""
    (made_up,) = next(iter(batches(1)))
    took = []
    for _ in range(runs):
        before = Verifier(database, str(path)).run(since=1 << 62).size
        log.append([replace(made_up, id=None) for _ in range(NEW)])
        log.keeper.seal()
        began = time.perf_counter()
        assert Verifier(database, str(path)).run(since=before).holds
        took.append(time.perf_counter() - began)
    return took


def _writing(place: Workplace) -> Table:
    rows: list[tuple[str, ...]] = []
    unsealed = 0
    for name, keeper in (("nobody seals", _nobody), ("a keeper seals", _keeper)):
        place.deadline.check()
        path = place.folder / f"{name.replace(' ', '-')}.db"
        with keeper(path):
            waits = [wait for share in shares_of(path, WRITERS) for wait in share.waits]
        unsealed = unsealed or len(waits)
        rows.append(
            (
                name,
                f"{len(waits):,}",
                ratio(unsealed, len(waits)),
                milliseconds(percentile(waits, 50)),
                milliseconds(percentile(waits, 99)),
                milliseconds(max(waits)),
            )
        )
    return Table(
        f"(p) {WRITERS} writers of one SQLite file, one event a commit, for as long each",
        ("", "commits", "times as long", "p50 ms", "p99 ms", "longest ms"),
        tuple(rows),
        ("goal: beside a keeper that seals, a commit takes at most 1.5 times as long",),
    )


@contextmanager
def _nobody(_path: Path) -> Iterator[None]:
    yield


@contextmanager
def _keeper(path: Path) -> Iterator[None]:
    """A process that seals the log as often as the service does, as long as the block lasts."""
    context = get_context("spawn")
    over = context.Event()
    program = context.Process(target=_seal, args=(str(path), over))
    program.start()
    try:
        yield
    finally:
        over.set()
        program.join(_PATIENCE_S)
        program.kill()


def _seal(path: str, over: Flag) -> None:
    with closing(AuditLog(path, ZoneInfo("UTC"))) as log:
        while not over.wait(SEAL_EVERY_S):
            log.keeper.seal()
