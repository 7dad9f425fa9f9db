"""No statement changes or removes an event: not through the store, a bare connection, the owner or a role."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from data.errors import DatabaseError
from data.records import Log
from data.services.audit_log import AuditLog
from data.store import Database
from data.views import SHIPPED, ReadingMark
from tests.hand_clock import NOW, HandClock
from tests.integration.client_worlds import ALICE, DETAILS, named
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, append, plain_drafts
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import REFUSALS, StoredEvent, count_rows, run_raw, stored_events
from tests.members import enrol_login

_OTHER_COLUMNS = "occurred_at, recorded_at, type, outcome, actor, flags, leaf, salt, body, personal"
_FORGED = f"SELECT {{seq}}, {{id}}, {_OTHER_COLUMNS} FROM (SELECT * FROM event WHERE seq = 2) AS another"
_INTO = f"INTO event (seq, id, {_OTHER_COLUMNS}) "
_NO_ID = "x'00'"
_OWN_SEQ, _OWN_ID = "1", "(SELECT id FROM event WHERE seq = 1)"
_UPDATE_ALL = "DO UPDATE SET body = excluded.body, personal = excluded.personal, leaf = excluded.leaf"

ON_BOTH = {
    "update": "UPDATE event SET body = '{}' WHERE seq = 1",
    "update of nothing but flags": "UPDATE event SET flags = flags",
    "delete": "DELETE FROM event WHERE seq = 1",
    "delete of all": "DELETE FROM event",
}
ON_SQLITE = {
    "update or replace": "UPDATE OR REPLACE event SET id = (SELECT id FROM event WHERE seq = 1) WHERE seq = 2",
    "replace by seq": "REPLACE " + _INTO + _FORGED.format(seq=_OWN_SEQ, id=_NO_ID),
    "replace by id": "REPLACE " + _INTO + _FORGED.format(seq="99", id=_OWN_ID),
    "insert or replace by seq": "INSERT OR REPLACE " + _INTO + _FORGED.format(seq=_OWN_SEQ, id=_NO_ID),
    "insert or replace by id": "INSERT OR REPLACE " + _INTO + _FORGED.format(seq="99", id=_OWN_ID),
    "upsert by seq": f"INSERT {_INTO}{_FORGED.format(seq=_OWN_SEQ, id=_NO_ID)} WHERE true "
    f"ON CONFLICT (seq) {_UPDATE_ALL}",
    "upsert by id": f"INSERT {_INTO}{_FORGED.format(seq='99', id=_OWN_ID)} WHERE true ON CONFLICT (id) {_UPDATE_ALL}",
}
_OVERRIDING = _INTO + "OVERRIDING SYSTEM VALUE "
_NEW_ID = "gen_random_uuid()"
ON_POSTGRES = {
    "truncate": "TRUNCATE event",
    "truncate with all that depends on it": "TRUNCATE event CASCADE",
    "upsert by seq": f"INSERT {_OVERRIDING}{_FORGED.format(seq=_OWN_SEQ, id=_NEW_ID)} ON CONFLICT (seq) {_UPDATE_ALL}",
    "upsert by id": f"INSERT {_OVERRIDING}{_FORGED.format(seq='99', id=_OWN_ID)} ON CONFLICT (id) {_UPDATE_ALL}",
    "merge": "MERGE INTO event USING (SELECT 1 AS seq) AS mine ON event.seq = mine.seq "
    "WHEN MATCHED THEN UPDATE SET body = '{}'",
    "merge that deletes": "MERGE INTO event USING (SELECT 1 AS seq) AS mine ON event.seq = mine.seq "
    "WHEN MATCHED THEN DELETE",
}
"""Statements that would rewrite or remove the first of two events of the change log, if they were let."""

HERE = "198.51.100.7"

LOGS = {Log.CHANGES: "event", Log.REQUESTS: "request"}
"""The table of each log."""

NOT_FOR_A_ROLE = (
    "UPDATE term SET name = 'somebody else'",
    "DELETE FROM term",
    "DELETE FROM pending",
    "UPDATE pending SET seq = 99",
    "UPDATE alembic_version SET version_num = '0000'",
    "DELETE FROM api_client",
    "DELETE FROM token",
    "DELETE FROM token_use",
    "UPDATE token SET digest = digest",
    "UPDATE token SET client_id = client_id",
    "UPDATE token SET issued_at = 0",
    "UPDATE token_use SET public_id = public_id",
    "TRUNCATE policy",
    "DELETE FROM member",
    "UPDATE member SET login = 'postgres'",
    "UPDATE member SET id = id",
    "DELETE FROM role",
    "UPDATE role SET built_in = false",
    "DELETE FROM member_group",
    "UPDATE member_role SET role_id = role_id",
    "UPDATE ssh_key SET member_id = member_id",
    "UPDATE ssh_key SET blob = blob",
    "DELETE FROM invitation",
    "UPDATE invitation SET email = email",
    "DELETE FROM console_session",
    "UPDATE console_session SET member_id = member_id",
    "DELETE FROM upkeep",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP TRIGGER event_no_update ON event",
    "DROP TABLE event",
    "SET session_replication_role = replica",
)

_AS_REPLICA = "SET session_replication_role = replica"


def in_table(statement: str, table: str) -> str:
    """A statement about the table `event`, about another table."""
    return re.sub(r"\bevent(?=_no|\b)", table, statement)


@pytest.fixture(params=Log)
def log(request: pytest.FixtureRequest) -> Log:
    """Each log in turn."""
    found: Log = request.param
    return found


@pytest.fixture
def filled(address: str, database: Database, log: Log) -> list[StoredEvent]:
    """Two events of a log, as they are stored."""
    append(database, plain_drafts(2), log)
    return stored_events(address, LOGS[log])


@pytest.fixture
def statements(address: str, log: Log) -> list[str]:
    """What to try."""
    tried = ON_BOTH | (ON_POSTGRES if "://" in address else ON_SQLITE)
    return [in_table(statement, LOGS[log]) for statement in tried.values()]


@pytest.fixture
def role(server: PostgresServer, postgres_address: str) -> Iterator[str]:
    """A URL of the same database for a role that was given `Database.grant` and nothing else."""
    name, password = f'console"{os.getpid()}', "x"
    create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
    owner = Database(postgres_address)
    with server.connected(postgres_address) as connection:
        try:
            connection.execute(create)
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("this server's user may not create roles")
        try:
            owner.grant(name)
            enrol_login(owner, name, "m-role")
            url = sa.make_url(postgres_address).set(username=name, password=password)
            yield url.render_as_string(hide_password=False)
        finally:
            owner.close()
            connection.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(name)))


def test_store_itself_cannot_rewrite_an_event(
    address: str, database: Database, log: Log, filled: list[StoredEvent], statements: list[str]
) -> None:
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), database.writing() as work:
            work._connection.exec_driver_sql(statement)
            work.commit()

    assert stored_events(address, LOGS[log]) == filled
    assert count_rows(address, "pending") == (2 if log is Log.CHANGES else 0)


def test_bare_connection_cannot_rewrite_an_event(
    address: str, log: Log, filled: list[StoredEvent], statements: list[str]
) -> None:
    for statement in statements:
        with pytest.raises(REFUSALS, match="append-only"):
            run_raw(address, statement)

    assert stored_events(address, LOGS[log]) == filled
    assert count_rows(address, "pending") == (2 if log is Log.CHANGES else 0)


@pytest.mark.postgres
def test_guards_hold_for_a_superuser_who_switches_ordinary_triggers_off(postgres_address: str, log: Log) -> None:
    database = Database(postgres_address)
    append(database, plain_drafts(2), log)
    database.close()
    filled = stored_events(postgres_address, LOGS[log])
    try:
        run_raw(postgres_address, _AS_REPLICA)
    except psycopg.errors.InsufficientPrivilege:
        pytest.skip("this server's user is no superuser")

    for statement in (ON_BOTH | ON_POSTGRES).values():
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            run_raw(postgres_address, _AS_REPLICA, in_table(statement, LOGS[log]))

    assert stored_events(postgres_address, LOGS[log]) == filled


@pytest.mark.postgres
def test_role_with_a_grant_can_read_and_append(role: str, log: Log) -> None:
    database = Database(role)
    database.open()

    append(database, plain_drafts(3), log)

    assert len(all_events(database, log)) == 3
    database.close()


@pytest.mark.postgres
def test_role_with_a_grant_keeps_views_under_its_own_name(role: str) -> None:
    with closing(AuditLog(role, UTC_ZONE)) as log:
        view = log.views.save("Everything", EVERYTHING, shared=False)
        event_id = uuid4()
        log.views.mark({view.id: ReadingMark(event_id, event_id, NOW)})
        view = log.views.rename(view, "All")

        found = log.views.all()
        assert found.person == view.owner == sa.make_url(role).username
        assert [one.name for one in found.views if one.mark is not None] == ["All"]
        log.views.delete(view)
        assert log.views.all().views == SHIPPED


@pytest.mark.postgres
def test_role_with_a_grant_leads_a_client_through_its_life(role: str) -> None:
    clock = HandClock()
    with closing(AuditLog(role, UTC_ZONE, clock=clock)) as log:
        log.policy.change(ALICE, "zone", "Europe/Berlin")
        issued = log.clients.create(ALICE, DETAILS)
        client_id, public_id = issued.client.id, issued.token.public_id
        edited = log.clients.edit(ALICE, issued.client, named("Payroll"))
        log.clients.note_used([(public_id, clock(), None), (public_id, clock(), HERE)])
        log.clients.note_used([(public_id, clock() + timedelta(seconds=1), HERE)])
        second = log.clients.rotate(ALICE, client_id)
        log.clients.prolong(ALICE, client_id, public_id, edited.details.expires)
        log.clients.end_token(ALICE, client_id, second.token.public_id, "leaked")
        log.clients.note_handed_over(ALICE, client_id, public_id, "printed")
        assert log.tokens.inspect(issued.token).is_proven
        clock.now = datetime(2027, 3, 1, tzinfo=UTC)
        assert log.clients.note_expired() == 2
        log.clients.delete(ALICE, client_id, "gone")
        assert log.clients.find(client_id).last_used_at is not None


@pytest.mark.postgres
def test_role_with_a_grant_may_change_and_remove_nothing(role: str, log: Log) -> None:
    database = Database(role)
    append(database, plain_drafts(2), log)
    database.close()
    filled = stored_events(role, LOGS[log])

    for statement in (*ON_BOTH.values(), *ON_POSTGRES.values(), *NOT_FOR_A_ROLE):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_raw(role, in_table(statement, LOGS[log]))

    assert stored_events(role, LOGS[log]) == filled


@pytest.mark.postgres
def test_grant_to_nobody_is_refused_in_a_sentence(postgres_address: str) -> None:
    database = Database(postgres_address)

    with pytest.raises(DatabaseError, match='role "nobody here" does not exist'):
        database.grant("nobody here")

    database.close()


def test_embedded_database_has_no_roles_to_grant_to(sqlite_address: str) -> None:
    with pytest.raises(ValueError, match="no roles"):
        Database(sqlite_address).grant("console")


@pytest.mark.postgres
def test_event_that_comes_by_replication_awaits_its_seal(postgres_address: str) -> None:
    with closing(Database(postgres_address)) as database:
        append(database, plain_drafts(1))
    columns = "recorded_at, occurred_at, type, outcome, actor, flags, leaf, salt, body, personal"
    copy = f"INSERT INTO event (id, {columns}) SELECT gen_random_uuid(), {columns} FROM event"
    try:
        run_raw(postgres_address, _AS_REPLICA, copy)
    except psycopg.errors.InsufficientPrivilege:
        pytest.skip("this server's user is no superuser")

    assert count_rows(postgres_address, "event") == count_rows(postgres_address, "pending") == 2
