"""A shared database that goes away and comes back: told as such, nothing half-written, and no new `Database` needed."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from data.errors import DatabaseUnavailable
from data.query import parse_query
from data.services.audit_log import AuditLog
from data.store import Database
from tests.hand_clock import HandClock
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, append, plain_drafts
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import count_rows, run_raw

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_address: str) -> Iterator[Database]:
    with closing(Database(postgres_address, clock=HandClock())) as opened:
        yield opened


def cut_off(address: str) -> None:
    """End every other connection to the database, as an administrator or a failover would."""
    ended = run_raw(
        address,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )
    assert ended == [(True,)] * len(ended) != []


def test_connection_that_was_lost_between_two_calls_is_not_noticed(postgres_address: str, database: Database) -> None:
    append(database, plain_drafts(1))
    cut_off(postgres_address)

    assert len(all_events(database)) == 1

    cut_off(postgres_address)
    append(database, plain_drafts(1))
    assert len(all_events(database)) == 2


def test_connection_that_is_lost_while_reading(postgres_address: str, database: Database) -> None:
    append(database, plain_drafts(1))

    with pytest.raises(DatabaseUnavailable, match="^No answer from "), database.reading(UTC_ZONE) as reader:
        snapshot = reader.snapshot()
        cut_off(postgres_address)
        reader.count(EVERYTHING, snapshot)

    assert len(all_events(database)) == 1


def test_connection_that_is_lost_before_the_commit(postgres_address: str, database: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="^No answer from "), database.writing() as work:
        work.events.append_new(plain_drafts(1))
        cut_off(postgres_address)
        work.commit()

    assert count_rows(postgres_address, "event") == 0
    append(database, plain_drafts(1))  # with names that the first try only thought it had added
    with database.reading(UTC_ZONE) as reader:
        assert reader.count(parse_query("last:all type:project.created"), reader.snapshot()) == 1


def test_server_that_stops_and_starts_again(server: PostgresServer, postgres_address: str) -> None:
    if not server.can_stop:
        pytest.skip("this server is not ours to stop")
    log = AuditLog(postgres_address, UTC_ZONE)
    log.append(plain_drafts(2))
    first = log.page(EVERYTHING, limit=1)
    assert first.next is not None

    server.stop()
    try:
        start = time.monotonic()
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable, match="^No answer from "):
                log.page(EVERYTHING, first.next)
            with pytest.raises(DatabaseUnavailable, match="^No answer from "):
                log.append(plain_drafts(1))
        assert time.monotonic() - start < 3
    finally:
        server.start()

    rest = log.page(EVERYTHING, first.next)
    assert len(first.items) + len(rest.items) == log.count(EVERYTHING) == 2
    assert log.append(plain_drafts(1)).added == 1
    log.close()


def test_server_that_is_away_when_the_log_is_first_asked(server: PostgresServer, postgres_address: str) -> None:
    if not server.can_stop:
        pytest.skip("this server is not ours to stop")
    log = AuditLog(postgres_address, UTC_ZONE)

    server.stop()
    try:
        with pytest.raises(DatabaseUnavailable):
            log.count(EVERYTHING)
    finally:
        server.start()

    assert log.count(EVERYTHING) == 0
    log.close()
