"""Reading is recorded once, in the log itself; where that cannot be, it waits in a file and is recorded later."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from data.access.errors import NotPermitted
from data.errors import DatabaseUnavailable
from data.permissions import Permission
from data.query import EventQuery, parse_query
from data.records import Draft, Event, Log, Outcome
from data.services.audit_log import AuditLog
from data.services.reading_spool import NotSpooled
from data.store import Database, UnitOfWork
from tests.hand_clock import HandClock
from tests.integration.client_worlds import ALICE, DETAILS
from tests.integration.events import UTC_ZONE
from tests.integration.insiders import let_in
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import run_raw

QUERY = parse_query("outcome:denied last:7d")
READINGS = parse_query("type:log.read,requests.read,log.exported last:all")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder in which readings wait; not there yet."""
    return tmp_path / "state"


@pytest.fixture
def log(address: str, clock: HandClock, state: Path) -> Iterator[AuditLog]:
    let_in(address, Permission.ADMIN)
    with closing(AuditLog(address, UTC_ZONE, clock=clock, state_folder=state)) as opened:
        yield opened


def told(log: AuditLog) -> tuple[Event, ...]:
    """The readings in the log, oldest first."""
    return log.page(READINGS).items[::-1]


def spooled(state: Path) -> list[str]:
    """The lines that wait."""
    return [line for file in state.glob("readings-*.jsonl") for line in file.read_text().splitlines()]


def test_a_reading_is_one_event_with_the_query_in_its_personal_part(
    log: AuditLog, address: str, clock: HandClock, state: Path
) -> None:
    assert log.readings.note(QUERY, Log.CHANGES, 1_204) is None
    (event,) = told(log)
    assert (event.type, event.occurred_at, event.outcome) == ("log.read", clock(), Outcome.SUCCESS)
    assert event.actor == log.gate.caller().actor and event.service == "console"
    assert event.target is not None and event.target.id == "change-log"
    assert event.data == {"count": 1_204, "query": "outcome:denied last:7d", "zone": "UTC"}
    ((body, personal),) = run_raw(address, "SELECT body, personal FROM event")
    assert '"count":1204' in body and "denied last" not in body and "outcome:denied last:7d" in personal
    assert not log.readings.any_waits and not state.exists()


def test_each_log_has_a_type_of_its_own(log: AuditLog) -> None:
    log.readings.note(QUERY, Log.REQUESTS, 3)
    log.readings.note(EventQuery(), Log.CHANGES, 90, shown=50)
    assert sorted((event.type, event.target.id) for event in told(log) if event.target) == [
        ("log.read", "change-log"),
        ("requests.read", "request-log"),
    ]


def test_of_a_token_that_was_looked_for_its_public_id_is_kept(log: AuditLog) -> None:
    issued = log.clients.create(ALICE, DETAILS)
    log.readings.note(parse_query(issued.token.reveal()), Log.CHANGES, 0)
    (event,) = told(log)
    assert issued.token.public_id in str(event.data["query"]) and issued.token.reveal() not in str(event.data)


def test_where_the_policy_does_not_ask_for_it_nothing_is_recorded(log: AuditLog) -> None:
    log.policy.change(log.gate.caller(), "record_reading", "off")
    assert log.readings.note(QUERY, Log.CHANGES, 1) is None
    assert told(log) == ()
    log.policy.change(log.gate.caller(), "record_reading", "on")
    log.readings.note(QUERY, Log.CHANGES, 1)
    assert len(told(log)) == 1


def test_a_reading_is_no_news_but_a_refused_one_is(log: AuditLog, clock: HandClock) -> None:
    snapshot = log.page(READINGS).snapshot
    log.readings.note(QUERY, Log.CHANGES, 1)
    log.readings.note(QUERY, Log.REQUESTS, 1)
    assert log.arrived(EventQuery(), snapshot) == 0
    log.append([Draft(type="log.read", occurred_at=clock(), outcome=Outcome.DENIED)])
    log.append([Draft(type="user.created", occurred_at=clock())])
    assert log.arrived(EventQuery(), snapshot) == 2
    assert log.arrived(parse_query("outcome:denied"), snapshot) == 1


@pytest.mark.postgres
def test_who_may_not_read_a_log_leaves_a_refusal_and_no_reading(
    postgres_address: str, clock: HandClock, state: Path
) -> None:
    let_in(postgres_address, Permission.REQUESTS_READ)
    with closing(AuditLog(postgres_address, UTC_ZONE, clock=clock, state_folder=state)) as log:
        with pytest.raises(NotPermitted):
            log.readings.note(QUERY, Log.CHANGES, 1)
        assert log.readings.note(QUERY, Log.REQUESTS, 1) is None
        let_in(postgres_address, Permission.ADMIN)
        assert sorted((event.type, event.outcome) for event in told(log)) == [
            ("log.read", Outcome.DENIED),
            ("requests.read", Outcome.SUCCESS),
        ]
    assert spooled(state) == []


def test_where_nothing_can_be_committed_it_waits_and_is_recorded_with_the_next(
    log: AuditLog, clock: HandClock, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.readings.note(QUERY, Log.CHANGES, 1)
    clock.move(hours=1)
    read_at = clock()
    with monkeypatch.context() as trouble:
        trouble.setattr(UnitOfWork, "commit", _fail)
        assert log.readings.note(QUERY, Log.CHANGES, 2) == "The disk is full."
        assert log.readings.note(QUERY, Log.REQUESTS, 3) == "The disk is full."
    assert log.readings.any_waits and len(spooled(state)) == 2 and len(told(log)) == 1
    (file,) = state.iterdir()
    assert (file.stat().st_mode & 0o777, state.stat().st_mode & 0o777) == (0o600, 0o700)
    clock.move(hours=1)
    assert log.readings.note(QUERY, Log.CHANGES, 4) is None
    assert sorted(str(event.data["count"]) for event in told(log)) == ["1", "2", "3", "4"]
    late = next(event for event in told(log) if event.data["count"] == 2)
    assert (late.occurred_at, late.recorded_at, late.source) == (read_at, clock(), None)
    assert not log.readings.any_waits and spooled(state) == []


def test_one_whose_commit_was_lost_on_the_way_is_not_there_twice(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = UnitOfWork.commit

    def commit_and_lose(work: UnitOfWork) -> None:
        commit(work)
        _fail(work)

    with monkeypatch.context() as trouble:
        trouble.setattr(UnitOfWork, "commit", commit_and_lose)
        assert log.readings.note(QUERY, Log.CHANGES, 1) is not None
        assert log.readings.note(QUERY, Log.CHANGES, 2) is not None
    assert log.readings.any_waits
    log.readings.hand_in()
    assert not log.readings.any_waits
    assert sorted(str(event.data["count"]) for event in told(log)) == ["1", "2"]


def test_without_a_connection_it_waits_under_the_name_of_who_was_known(
    log: AuditLog, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as trouble:
        trouble.setattr(Database, "asking", _fail)
        with pytest.raises(DatabaseUnavailable):  # nobody knows yet who reads
            log.readings.note(QUERY, Log.CHANGES, 1)
    log.readings.note(QUERY, Log.CHANGES, 2)
    with monkeypatch.context() as trouble:
        trouble.setattr(Database, "asking", _fail)
        assert log.readings.note(QUERY, Log.CHANGES, 3) == "The disk is full."
    assert len(spooled(state)) == 1
    log.readings.hand_in()
    assert {event.actor for event in told(log)} == {log.gate.caller().actor} and len(told(log)) == 2


def test_lines_that_are_no_events_keep_nothing_back(
    log: AuditLog, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as trouble:
        trouble.setattr(UnitOfWork, "commit", _fail)
        log.readings.note(QUERY, Log.CHANGES, 1)
        (file,) = state.iterdir()
        with file.open("ab") as lines:
            lines.write(b'\xff\n{"type": 3}\n[]\n{"type": "log.read", "occurr')  # cut short
        log.readings.note(QUERY, Log.CHANGES, 2)
    log.readings.hand_in()
    assert sorted(str(event.data["count"]) for event in told(log)) == ["1", "2"]
    assert spooled(state) == []


def test_what_waits_is_a_reading_and_nothing_else(log: AuditLog, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can write the file would else write the log, in anybody's name."""
    with monkeypatch.context() as trouble:
        trouble.setattr(UnitOfWork, "commit", _fail)
        log.readings.note(QUERY, Log.CHANGES, 1)
    (file,) = state.iterdir()
    line = file.read_text()
    suspended = line.replace('"type":"log.read"', '"type":"member.suspended"')
    denied = line.replace('"outcome":"success"', '"outcome":"denied"')
    assert len({line, suspended, denied}) == 3
    file.write_text(suspended + denied)
    log.readings.hand_in()
    assert log.page(parse_query("last:all")).items == () and not log.readings.any_waits


def test_what_cannot_even_wait_is_said(
    address: str, clock: HandClock, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(address, Permission.ADMIN)
    with closing(AuditLog(address, UTC_ZONE, clock=clock)) as log, monkeypatch.context() as trouble:
        trouble.setattr(UnitOfWork, "commit", _fail)
        with pytest.raises(NotSpooled, match="There is no folder"):
            log.readings.note(QUERY, Log.CHANGES, 1)
    state.write_text("a file where the folder should be")
    with closing(AuditLog(address, UTC_ZONE, clock=clock, state_folder=state)) as log, monkeypatch.context() as trouble:
        trouble.setattr(UnitOfWork, "commit", _fail)
        with pytest.raises(NotSpooled, match="cannot be written"):
            log.readings.note(QUERY, Log.CHANGES, 1)
    monkeypatch.setattr("data.services.reading_spool.MOST_BYTES", 1_000)
    folder = state.parent / "small"
    with (
        closing(AuditLog(address, UTC_ZONE, clock=clock, state_folder=folder)) as log,
        monkeypatch.context() as trouble,
    ):
        trouble.setattr(UnitOfWork, "commit", _fail)
        log.readings.note(QUERY, Log.CHANGES, 1)
        with pytest.raises(NotSpooled, match="is full"):
            for _ in range(3):
                log.readings.note(QUERY, Log.CHANGES, 2)
    assert sum(len(line) for line in spooled(folder)) < 1_000


@pytest.mark.postgres
def test_a_role_that_may_only_read_reads_on(
    server: PostgresServer, postgres_address: str, clock: HandClock, state: Path
) -> None:
    name, password = f"reader-{os.getpid()}", "x"
    role = sql.Identifier(name)
    with server.connected(postgres_address) as connection:
        try:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password)))
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("this server's user may not create roles")
        try:
            connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(role))
            let_in(postgres_address, Permission.AUDIT_READ, login=name)
            url = sa.make_url(postgres_address).set(username=name, password=password)
            address = url.render_as_string(hide_password=False)
            with closing(AuditLog(address, UTC_ZONE, clock=clock, state_folder=state)) as log:
                problem = log.readings.note(QUERY, Log.CHANGES, 1)
                assert problem is not None and "permission denied" in problem and password not in spooled(state)[0]
                assert told(log) == () and log.readings.any_waits
                clock.now += timedelta(hours=1)
                with closing(Database(postgres_address)) as owner:
                    owner.grant(name)
                assert log.readings.note(QUERY, Log.CHANGES, 2) is None
                assert [event.data["count"] for event in told(log)] == [1, 2]
                assert not log.readings.any_waits
        finally:
            connection.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(role))


def test_where_a_disk_is_full_one_comes_in_reads_and_exports(
    sqlite_address: str, clock: HandClock, state: Path
) -> None:
    """By the engine's own error: a file that may not grow."""
    long = parse_query(f"last:all {'漢' * 4_000}")  # more than there is room for in the file's last page
    with closing(AuditLog(sqlite_address, UTC_ZONE, clock=clock, state_folder=state)) as log:
        sa.event.listen(log.gate.database._engine, "connect", _may_not_grow)
        log.sessions.begin("xterm", "1.0")
        assert log.page(READINGS).items == ()
        problem = log.readings.note(long, Log.CHANGES, 1)
        with log.exports.begin(log.gate.caller(), long) as export:
            assert list(export) == []
        for sentence in (problem, export.waits):
            assert sentence is not None and "full" in sentence
        assert len(spooled(state)) == 2
    with closing(AuditLog(sqlite_address, UTC_ZONE, clock=clock, state_folder=state)) as log:
        log.readings.hand_in()
        assert sorted(event.type for event in told(log)) == ["log.exported", "log.read"]
    assert spooled(state) == []


def _may_not_grow(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")


def _fail(*_arguments: object) -> None:
    raise DatabaseUnavailable("The disk is full.")
