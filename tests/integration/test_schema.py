"""The schema: an embedded database brings itself up to date, a shared one waits to be told, a newer one is refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from data.errors import DatabaseError, SchemaTooNew, SchemaTooOld
from data.index import building
from data.index import tables as _index_tables  # noqa: F401 - they are in METADATA once they are imported
from data.index.indexer import Indexer
from data.proof import tables as _proof_tables  # noqa: F401 - as those of the index
from data.query import parse_query
from data.records import Change, Draft, Event
from data.store import Database, hostile_events, schema
from data.store import forgetting_tables as _forgetting_tables  # noqa: F401 - as above
from data.store.engine import make_room
from data.store.tables import FLAG_HOSTILE, METADATA
from data.store.write_turn import write_turn
from data.views import SHIPPED
from tests.conftest import ENGINES
from tests.integration.events import UTC_ZONE, all_events, append, plain_drafts
from tests.integration.postgres_server import PostgresServer
from tests.integration.processes import commit_from_processes
from tests.integration.raw_access import REFUSALS, Row, count_rows, raw_connection, run_raw

ALEMBIC_TABLE = "alembic_version"
_PROOF = ("log_identity", "sealing_key", "leaf", "tile", "checkpoint")
_FORGETTING = (*("erasure", "retiring_event", "retiring_request", "hold", "index_gone", "term_epoch", "term_in_doubt"),)
_POSTGRES_GUARDS_BEFORE_FORGETTING = (
    "DROP FUNCTION erasure_is_kept, term_is_kept, hold_terms, erase_event, retire_events CASCADE",
    *(
        f"""CREATE OR REPLACE FUNCTION {log}_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the {log} log is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
        for log in ("event", "request")
    ),
)
_SQLITE_GUARDS_BEFORE_FORGETTING = (
    *(f"DROP TRIGGER {trigger}" for trigger in ("event_no_update", "event_is_retired", "request_is_retired")),
    "DROP TRIGGER term_no_delete",
    *(f"DROP TRIGGER {log}_no_delete" for log in ("event", "request")),
    *(
        f"""CREATE TRIGGER {log}_no_{verb} BEFORE {verb.upper()} ON {log}
       BEGIN SELECT RAISE(ABORT, 'the {log} log is append-only'); END"""
        for log, verb in (("event", "update"), ("event", "delete"), ("request", "delete"))
    ),
)
_NO_TRIGGERS = (
    *("DROP FUNCTION request_append_only", "DROP TRIGGER event_arrived ON event"),
    *(
        "DROP FUNCTION log_arrived",
        "DROP FUNCTION event_is_unindexed CASCADE",
        "DROP FUNCTION request_is_unindexed CASCADE",
        "DROP FUNCTION proof_append_only CASCADE",
    ),
)


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return str(tmp_path / "new" / "folder" / "audit.db")


@pytest.fixture
def empty_postgres(server: PostgresServer) -> Iterator[str]:
    with server.empty_database() as address:
        yield address


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest) -> str:
    """The address of a database that holds nothing; the embedded one has not even a file."""
    found: str = request.getfixturevalue(f"empty_{request.param}")
    return found


def revision_of(address: str) -> str:
    revision: str = run_raw(address, f"SELECT version_num FROM {ALEMBIC_TABLE}")[0][0]
    return revision


def test_embedded_database_makes_itself(empty_sqlite: str) -> None:
    with closing(Database(empty_sqlite)) as database:
        database.open()
        append(database, plain_drafts(1))

        assert len(all_events(database)) == 1
        path = Path(empty_sqlite)
        assert path.parent.stat().st_mode & 0o777 == 0o700
        beside = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert set(beside) == {"audit.db", "audit.db-wal", "audit.db-shm", "audit.db.lock"}
    assert set(beside.values()) == {0o600}


@pytest.mark.postgres
def test_shared_database_waits_to_be_upgraded(empty_postgres: str) -> None:
    with closing(Database(empty_postgres)) as database:
        with pytest.raises(SchemaTooOld, match="holds no audit log yet; `auditdeck db upgrade` makes one"):
            database.open()
        assert run_raw(empty_postgres, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []

        assert database.upgrade()

        database.open()
        append(database, plain_drafts(1))
        assert len(all_events(database)) == 1


def test_upgrading_again_does_nothing(empty: str) -> None:
    with closing(Database(empty)) as database:
        assert database.upgrade()
        append(database, plain_drafts(1))

        assert not database.upgrade()
        database.open()

        assert len(all_events(database)) == 1
    assert revision_of(empty) == schema.HEAD


def test_database_of_a_newer_program_is_left_alone(address: str, database: Database) -> None:
    append(database, plain_drafts(1))
    run_raw(address, f"UPDATE {ALEMBIC_TABLE} SET version_num = '9999'")

    for attempt in (database.open, database.upgrade):
        with pytest.raises(SchemaTooNew, match=r"newer auditdeck \(schema 9999; .* Update the program to open it\.$"):
            attempt()

    assert revision_of(address) == "9999"
    assert count_rows(address, "event") == 1


def _forget_forgetting(address: str) -> None:
    guards = _POSTGRES_GUARDS_BEFORE_FORGETTING if "://" in address else _SQLITE_GUARDS_BEFORE_FORGETTING
    run_raw(address, *guards, *(f"DROP TABLE {table}" for table in _FORGETTING))


def _downgrade_to_events(address: str) -> None:
    """Make of an up-to-date database one of revision 0001."""
    _forget_forgetting(address)
    run_raw(
        address,
        *(
            f"DROP TABLE {table}"
            for table in (
                *_PROOF,
                *("unindexed_event", "unindexed_request", "index_segment", "index_pack", "index_place", "index_tally"),
                *("index_alias", "index_damage"),
                *("upkeep", "console_session", "join_attempt", "invitation", "ssh_key"),
                *("group_member", "group_role", "member_role", "member", "member_group", "role"),
                *("request", "token_use", "token", "api_client", "policy", "reading_mark", "saved_view"),
            )
        ),
        *(f"DROP INDEX term_{column}" for column in ("ident", "folded", "address", "of_few")),
        *(_NO_TRIGGERS if "://" in address else ["DROP TRIGGER event_is_unindexed"]),
        f"UPDATE {ALEMBIC_TABLE} SET version_num = '0001'",
    )


def test_embedded_database_without_views_gets_them_and_keeps_its_events(sqlite_address: str) -> None:
    with closing(Database(sqlite_address)) as database:
        append(database, plain_drafts(3))
        events = all_events(database)
    _downgrade_to_events(sqlite_address)

    with closing(Database(sqlite_address)) as database:
        database.open()
        assert all_events(database) == events
        with database.asking() as transaction:
            assert transaction.views_of("ann").all().views == SHIPPED
    assert revision_of(sqlite_address) == schema.HEAD


def _forget_proof(address: str) -> None:
    _forget_forgetting(address)
    run_raw(address, *(f"DROP TABLE {table}" for table in _PROOF))
    if "://" in address:
        run_raw(address, "DROP FUNCTION proof_append_only CASCADE")


def test_an_index_from_before_is_made_anew(address: str) -> None:
    with closing(Database(address)) as database:
        database.upgrade()
        append(database, plain_drafts(building.LEAST))
        assert Indexer(database).run().events == building.LEAST
    _forget_proof(address)
    run_raw(address, "DROP INDEX term_of_few", f"UPDATE {ALEMBIC_TABLE} SET version_num = '0006'")

    with closing(Database(address)) as database:
        database.upgrade()
        assert [
            count_rows(address, part) for part in ("index_segment", "index_pack", "index_place", "index_tally")
        ] == ([0] * 4), "its buckets of durations were others"
        assert Indexer(database).run().events == building.LEAST


@pytest.mark.postgres
def test_shared_database_without_views_waits_to_be_upgraded(postgres_address: str) -> None:
    with closing(Database(postgres_address)) as database:
        append(database, plain_drafts(3))
        events = all_events(database)
        _downgrade_to_events(postgres_address)
        with pytest.raises(SchemaTooOld, match=r"older schema \(0001\); `auditdeck db upgrade` brings it to"):
            database.open()
        assert revision_of(postgres_address) == "0001"

        assert database.upgrade()

        assert all_events(database) == events
        with database.asking() as transaction:
            assert transaction.views_of("ann").all().views == SHIPPED


def _downgrade_to_unmarked_events(address: str) -> None:
    """Make of an up-to-date database one of revision 0001, whose events nobody asked for hostile text."""
    _downgrade_to_events(address)
    unmarked = f"UPDATE event SET flags = flags & {~FLAG_HOSTILE}"
    if "://" in address:
        switch = "ALTER TABLE event {} TRIGGER event_no_update"
        run_raw(address, switch.format("DISABLE"), unmarked, switch.format("ENABLE ALWAYS"))
    else:
        ((guard,),) = run_raw(address, "SELECT sql FROM sqlite_master WHERE name = 'event_no_update'")
        run_raw(address, "DROP TRIGGER event_no_update", unmarked, guard)


def _guards(address: str) -> list[Row]:
    if "://" in address:
        return run_raw(address, "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
    return run_raw(address, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")


def _all_but_flags(address: str) -> list[Row]:
    columns = ", ".join(column.name for column in METADATA.tables["event"].columns if column.name != "flags")
    return run_raw(address, f"SELECT {columns} FROM event ORDER BY seq")


def _mixed_drafts() -> list[Draft]:
    plain = plain_drafts(9)
    texts = {1: "\u202egpj.exe", 2: 'C:\\x "y"', 4: "a\x1b[2J", 5: "\x7f", 6: "漢字", 7: "line\nline"}
    return [
        replace(draft, reason=texts.get(number), changes=(Change("a", None, 1),)) for number, draft in enumerate(plain)
    ]


def test_events_from_before_are_found_by_their_hostile_text(
    address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hostile_events, "_EVENTS_AT_ONCE", 2)
    append(database, _mixed_drafts())
    flags, rest, guards = (
        run_raw(address, "SELECT seq, flags FROM event ORDER BY seq"),
        _all_but_flags(address),
        _guards(address),
    )
    assert sum(bool(one & FLAG_HOSTILE) for _, one in flags) == 4
    if "://" in address:  # this database was made by the same migrations
        assert {state for _, state in guards} == {"A"}, "enabled always"
    _downgrade_to_unmarked_events(address)
    assert all(not one & FLAG_HOSTILE for _, one in run_raw(address, "SELECT seq, flags FROM event"))

    with closing(Database(address)) as upgraded:
        assert upgraded.upgrade()
        with upgraded.reading(UTC_ZONE) as reader:
            found = reader.page(parse_query("has:hostile last:all")).items
    assert {event.reason for event in found} == {"\u202egpj.exe", "a\x1b[2J", "\x7f", "line\nline"}
    assert run_raw(address, "SELECT seq, flags FROM event ORDER BY seq") == flags
    assert (_all_but_flags(address), _guards(address)) == (rest, guards)
    with pytest.raises(REFUSALS, match="append-only"):
        run_raw(address, "UPDATE event SET flags = 0")


def test_marking_that_fails_leaves_the_guard_and_the_old_schema(
    address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, _mixed_drafts())
    _downgrade_to_unmarked_events(address)
    before = (run_raw(address, "SELECT * FROM event ORDER BY seq"), _guards(address))
    monkeypatch.setattr(hostile_events, "_EVENTS_AT_ONCE", 4)
    looked_at: list[Event] = []

    def fail_at_the_third(event: Event) -> bool:
        looked_at.append(event)
        if len(looked_at) == 3:
            raise MemoryError
        return True

    monkeypatch.setattr(hostile_events, "record_is_hostile", fail_at_the_third)
    with closing(Database(address)) as upgraded, pytest.raises(MemoryError):
        upgraded.upgrade()
    assert (run_raw(address, "SELECT * FROM event ORDER BY seq"), _guards(address)) == before
    assert revision_of(address) == "0001"
    with pytest.raises(REFUSALS, match="append-only"):
        run_raw(address, "UPDATE event SET flags = 0")


@pytest.mark.postgres
def test_shared_database_of_an_older_program_is_refused(postgres_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "REVISIONS", ("0000", *schema.REVISIONS))
    run_raw(postgres_address, f"UPDATE {ALEMBIC_TABLE} SET version_num = '0000'")

    with (
        closing(Database(postgres_address)) as database,
        pytest.raises(SchemaTooOld, match=rf"older schema \(0000\); `auditdeck db upgrade` brings it to {schema.HEAD}"),
    ):
        database.open()


@pytest.mark.postgres
def test_shared_database_in_another_encoding_is_refused(server: PostgresServer) -> None:
    with (
        server.empty_database("ENCODING 'LATIN1' LOCALE 'C'") as address,
        closing(Database(address)) as database,
        pytest.raises(DatabaseError, match="is encoded in LATIN1; an audit log needs a database in UTF8"),
    ):
        database.upgrade()


def test_program_knows_every_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "data:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    assert tuple(script.revision for script in reversed([*scripts.walk_revisions()])) == schema.REVISIONS
    assert scripts.get_heads() == [schema.HEAD]


def test_migrations_make_the_tables_that_the_program_sees(address: str, database: Database) -> None:
    inspector = sa.inspect(database._engine)
    dialect = database._engine.dialect

    assert set(inspector.get_table_names()) == {*METADATA.tables, ALEMBIC_TABLE}
    for table in METADATA.tables.values():
        made = {column["name"]: column for column in inspector.get_columns(table.name)}
        assert [*made] == [column.name for column in table.columns]
        for column in table.columns:
            assert made[column.name]["nullable"] == column.nullable, column
            assert made[column.name]["type"].compile(dialect) == column.type.compile(dialect), column
        key = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key.columns]
        unique = {tuple(one["column_names"]) for one in inspector.get_unique_constraints(table.name)}
        together = {
            tuple(column.name for column in one.columns)
            for one in table.constraints
            if isinstance(one, sa.UniqueConstraint)
        }
        assert unique == {(column.name,) for column in table.columns if column.unique} | together
        indexes = {
            (index["name"], *index["column_names"], bool(index["unique"]))
            for index in inspector.get_indexes(table.name)
            if "duplicates_constraint" not in index
        }
        assert indexes == {(one.name, *one.columns.keys(), bool(one.unique)) for one in table.indexes}


def test_new_embedded_database_is_made_in_turn(empty_sqlite: str) -> None:
    # Turning a file to WAL takes it alone: two programs that do it at once get "locked", whatever the busy timeout.
    path = Path(empty_sqlite)
    make_room(path)
    with closing(Database(empty_sqlite)) as database, ThreadPoolExecutor(1) as pool:
        with write_turn(path):
            opening = pool.submit(database.open)
            with pytest.raises(TimeoutError):
                opening.result(timeout=0.1)
            assert path.stat().st_size == 0
        opening.result(timeout=10)

    assert revision_of(empty_sqlite) == schema.HEAD


@pytest.mark.parametrize("threads", [4])
def test_threads_that_open_a_new_embedded_database_at_once(empty_sqlite: str, threads: int) -> None:
    start = Barrier(threads)

    def run(_: int) -> None:
        with closing(Database(empty_sqlite)) as database:
            start.wait(30)
            database.open()
            append(database, plain_drafts(1))

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(run, range(threads), timeout=60):
            pass

    assert count_rows(empty_sqlite, "event") == threads
    assert count_rows(empty_sqlite, ALEMBIC_TABLE) == 1


def test_processes_that_open_a_new_embedded_database_at_once(empty_sqlite: str) -> None:
    assert commit_from_processes(empty_sqlite, processes=4, events_each=1) == [0] * 4

    assert count_rows(empty_sqlite, "event") == 4
    assert count_rows(empty_sqlite, ALEMBIC_TABLE) == 1


@pytest.mark.postgres
def test_upgrade_of_a_shared_database_waits_for_another(empty_postgres: str) -> None:
    with closing(Database(empty_postgres)) as database, ThreadPoolExecutor(1) as pool:
        with raw_connection(empty_postgres) as other:
            other.execute(f"SELECT pg_advisory_lock({schema._UPGRADE_LOCK})")
            upgrading = pool.submit(database.upgrade)
            with pytest.raises(TimeoutError):
                upgrading.result(timeout=0.2)

        assert upgrading.result(timeout=10)
        database.open()
