"""A question that is called off ends soon, wherever it is, and leaves the database as usable as before."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest
import sqlalchemy as sa

from data.answers import Dimension, Snapshot
from data.errors import Cancelled, DatabaseError
from data.query import parse_query
from data.stop import Stop
from data.store import Database, EventReader
from tests.integration.events import EVERYTHING, UTC_ZONE, append, plain_drafts, take_snapshot
from tests.integration.raw_access import raw_connection, run_raw

TEXT = parse_query("last:all nowhere-to-be-found")
ROWS_BETWEEN_LOOKS = 500

QUESTIONS: dict[str, Callable[[EventReader, Snapshot], object]] = {
    "page": lambda reader, _: reader.page(TEXT),
    "count": lambda reader, snapshot: reader.count(TEXT, snapshot),
    "arrived": lambda reader, snapshot: reader.arrived(TEXT, snapshot),
    "facets": lambda reader, snapshot: reader.facets(TEXT, snapshot, [Dimension.ACTOR]),
    "histogram": lambda reader, snapshot: reader.histogram(TEXT, snapshot),
}


class ImpatientStop(Stop):
    """Requests itself when it is looked at for the n-th time; counts how often it was looked at."""

    def __init__(self, patience: int) -> None:
        super().__init__()
        self.looks = 0
        self._patience = patience

    def check(self) -> None:
        self.looks += 1
        if self.looks == self._patience:
            self.request()
        super().check()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_scan_ends_at_the_first_look_after_the_stop(
    database: Database, question: Callable[[EventReader, Snapshot], object]
) -> None:
    before = take_snapshot(database)
    append(database, plain_drafts(3 * ROWS_BETWEEN_LOOKS))
    after = take_snapshot(database)
    snapshot = before if question is QUESTIONS["arrived"] else after

    patient = ImpatientStop(10**6)
    with database.reading(UTC_ZONE, patient) as reader:
        question(reader, snapshot)
    assert patient.looks >= 4

    impatient = ImpatientStop(patient.looks - 1)
    with pytest.raises(Cancelled), database.reading(UTC_ZONE, impatient) as reader:
        question(reader, snapshot)
    assert impatient.looks == patient.looks - 1

    with database.reading(UTC_ZONE, Stop()) as reader:
        assert reader.count(EVERYTHING, after) == 3 * ROWS_BETWEEN_LOOKS


def test_question_that_was_called_off_before_it_was_asked(database: Database) -> None:
    stop = Stop()
    stop.request()

    with pytest.raises(Cancelled), database.reading(UTC_ZONE, stop) as reader:
        pytest.fail(f"asked {reader}")


def test_stop_after_the_answer_hits_nobody_else(database: Database) -> None:
    append(database, plain_drafts(1))
    stop = Stop()
    with database.reading(UTC_ZONE, stop) as reader:
        snapshot = reader.snapshot()

    with database.reading(UTC_ZONE, Stop()) as reader:
        stop.request()
        stop.interrupt()
        assert reader.count(EVERYTHING, snapshot) == 1


def test_statement_that_sqlite_is_running_is_broken_off(sqlite_address: str) -> None:
    asking, running, requested = Event(), Event(), Event()

    def call_at_every_step(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(hold_the_statement, 1)

    def hold_the_statement() -> int:
        if asking.is_set():
            running.set()
            requested.wait(10)
        return 0  # go on

    with closing(Database(sqlite_address)) as database, ThreadPoolExecutor(1) as pool:
        append(database, plain_drafts(10))
        snapshot = take_snapshot(database)
        database.close()  # so that the next connection is a new one
        sa.event.listen(database._engine, "connect", call_at_every_step)
        stop = Stop()

        def ask() -> None:
            with database.reading(UTC_ZONE, stop) as reader:
                reader.snapshot()  # begins the transaction: BEGIN is over before anybody can interrupt it
                asking.set()
                reader.count(EVERYTHING, snapshot)

        asked = pool.submit(ask)
        assert running.wait(10)
        stop.request()
        stop.interrupt()
        requested.set()
        with pytest.raises(Cancelled):
            asked.result(timeout=10)

        with database.reading(UTC_ZONE) as reader:
            assert reader.count(EVERYTHING, snapshot) == 10


@pytest.mark.postgres
def test_statement_that_postgresql_is_running_is_broken_off(postgres_address: str) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with closing(Database(postgres_address)) as database, ThreadPoolExecutor(1) as pool:
        append(database, plain_drafts(10))
        snapshot = take_snapshot(database)
        stop = Stop()

        def ask() -> None:
            with database.reading(UTC_ZONE, stop) as reader:
                reader.count(EVERYTHING, snapshot)

        with raw_connection(postgres_address) as locker, locker.transaction():
            locker.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
            asked = pool.submit(ask)
            deadline = time.monotonic() + 10
            while run_raw(postgres_address, waiting) == [(0,)]:
                assert time.monotonic() < deadline, "the question never came to wait"
                time.sleep(0.005)
            stop.request()
            stop.interrupt()
            with pytest.raises(Cancelled):
                asked.result(timeout=10)

        with database.reading(UTC_ZONE) as reader:
            assert reader.count(EVERYTHING, snapshot) == 10


@pytest.mark.postgres
def test_question_that_the_server_breaks_off_was_not_called_off(postgres_address: str) -> None:
    name = run_raw(postgres_address, "SELECT current_database()")[0][0]
    run_raw(postgres_address, f"ALTER DATABASE {name} SET statement_timeout = '50ms'")
    with closing(Database(postgres_address)) as database, raw_connection(postgres_address) as locker:
        locker.execute("SET statement_timeout = 0")
        with locker.transaction():
            locker.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(DatabaseError, match="broke the question off: it took longer than is allowed"):
                take_snapshot(database)

        assert take_snapshot(database).seq == 0
