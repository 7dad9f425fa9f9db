"""What arrives is told within a second, on both engines, whoever wrote it; and nothing is told while nothing arrives."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from queue import Empty, Queue
from threading import Thread

import pytest

from data.records import Log
from data.requests import Request, request_draft
from data.services.audit_log import AuditLog
from data.stop import Stop
from data.store import Database, arrivals
from tests.hand_clock import NOW, HandClock
from tests.integration.events import UTC_ZONE, append, plain_drafts
from tests.integration.processes import one_that_commits
from tests.integration.raw_access import run_raw

EVERY_LOG = frozenset(Log)
_LIMIT_S = 20.0
_QUIET_S = 3 * arrivals.LOOK_S
_LISTENERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"


class Watch:
    """What one who watches is told, in a thread of their own."""

    def __init__(self, log: AuditLog) -> None:
        self.stop = Stop()
        self._log = log
        self._told: Queue[frozenset[Log]] = Queue()
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def next(self) -> frozenset[Log]:
        """What is told next."""
        return self._told.get(timeout=_LIMIT_S)

    def is_quiet(self) -> bool:
        """Whether nothing is told for a while."""
        try:
            self._told.get(timeout=_QUIET_S)
        except Empty:
            return True
        return False

    def end(self) -> None:
        self.stop.request()
        self.stop.interrupt()
        self.thread.join(_LIMIT_S)

    def _run(self) -> None:
        for logs in self._log.arrivals.watch(self.stop):
            self._told.put(logs)


@pytest.fixture(autouse=True)
def no_rest_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two arrivals, one after the other, are told one after the other."""
    monkeypatch.setattr(arrivals, "APART_S", 0.0)


@contextmanager
def watching(address: str, clock: HandClock) -> Iterator[tuple[AuditLog, Watch]]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log:
        watch = Watch(log)
        try:
            yield log, watch
        finally:
            watch.end()


def test_what_others_commit_is_told_within_a_second(address: str, database: Database, clock: HandClock) -> None:
    with watching(address, clock) as (_, watch):
        assert watch.next() == EVERY_LOG, "whatever was there before"
        for _ in range(3):
            append(database, plain_drafts(1))
            committed = time.monotonic()
            assert watch.next() == {Log.CHANGES}
            assert time.monotonic() - committed < 1.0
        with database.writing() as work:
            work.requests.append_new([request_draft(Request(action="GET /v1/orders", status=200, executed_at=NOW))])
            work.commit()
        assert watch.next() == {Log.REQUESTS}


def test_what_another_process_commits_is_told(sqlite_address: str, clock: HandClock) -> None:
    with watching(sqlite_address, clock) as (_, watch):
        assert watch.next() == EVERY_LOG
        with one_that_commits(sqlite_address):
            assert watch.next() == {Log.CHANGES}


def test_what_one_commits_oneself_is_told_too(address: str, clock: HandClock) -> None:
    with watching(address, clock) as (log, watch):
        assert watch.next() == EVERY_LOG
        log.append(plain_drafts(1))
        assert watch.next() == {Log.CHANGES}


def test_nothing_is_told_of_what_is_in_no_log(address: str, database: Database, clock: HandClock) -> None:
    with watching(address, clock) as (_, watch):
        assert watch.next() == EVERY_LOG
        assert watch.is_quiet()
        with database.writing() as work:
            work.events.append_new(plain_drafts(1))
        run_raw(address, "INSERT INTO join_attempt VALUES ('somebody', 1, 1)")
        assert watch.is_quiet(), "rolled back, and committed elsewhere"


def test_much_at_once_is_told_once(
    address: str, database: Database, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "APART_S", 1.0)
    with watching(address, clock) as (_, watch):
        assert watch.next() == EVERY_LOG
        for draft in plain_drafts(20):
            append(database, [draft])
        assert watch.next() == {Log.CHANGES}
        assert watch.is_quiet()


def test_watching_ends_as_it_is_called_off(address: str, clock: HandClock) -> None:
    with watching(address, clock) as (_, watch):
        watch.next()
        watch.end()
        assert not watch.thread.is_alive()
    if "://" in address:
        _until(lambda: run_raw(address, _LISTENERS) == [])


@pytest.mark.postgres
def test_a_connection_that_is_lost_is_made_anew(
    postgres_address: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "_PAUSES_S", (0.3,))
    with closing(Database(postgres_address, clock=clock)) as database, watching(postgres_address, clock) as (_, watch):
        assert watch.next() == EVERY_LOG
        for _ in range(2):
            run_raw(postgres_address, f"SELECT pg_terminate_backend(pid) FROM ({_LISTENERS}) AS listening")
            assert watch.next() == EVERY_LOG, "it is lost: whoever asks finds out"
            append(database, plain_drafts(1))
            assert watch.next() == EVERY_LOG, "who knows what arrived meanwhile"
            append(database, plain_drafts(1))
            assert watch.next() == {Log.CHANGES}


@pytest.mark.postgres
def test_a_server_that_does_not_tell_is_taken_to_have_something_now_and_then(
    postgres_address: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A pool that lends connections by the transaction takes the LISTEN, and loses what comes of it.
    hears, heard = threading.Event(), arrivals._Listening._heard
    monkeypatch.setattr(arrivals._Listening, "_heard", lambda self: heard(self) if hears.is_set() else [])
    monkeypatch.setattr(arrivals, "_PROBE_S", 0.1)
    monkeypatch.setattr(arrivals, "POLL_S", 0.05)
    monkeypatch.setattr(arrivals, "_TRY_AGAIN_AFTER_POLLS", 3)
    with closing(Database(postgres_address, clock=clock)) as database, watching(postgres_address, clock) as (_, watch):
        assert [watch.next() for _ in range(4)] == [EVERY_LOG] * 4
        assert "does not tell" in caplog.text
        hears.set()
        append(database, plain_drafts(1))
        until = time.monotonic() + _LIMIT_S
        while watch.next() != {Log.CHANGES}:
            append(database, plain_drafts(1))
            assert time.monotonic() < until, "it is tried again, and tells now"


def _until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _LIMIT_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
