"""A database with its roles, and logins that hold one each; and all that PostgreSQL says of who may do what in it."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg
import pytest
import sqlalchemy as sa

from data.store import Database
from data.store.database_roles import role_names
from data.store.grants import DatabaseRole
from tests.integration.postgres_server import PostgresServer
from tests.integration.raw_access import Row, run_raw
from tests.members import enrol_login

VERBS_OF_TABLES = ("DELETE", "TRUNCATE", "TRIGGER")
VERBS_OF_COLUMNS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")

_COLUMNS = f"""
    SELECT role.rolname, pg_class.relname, attname, verb
    FROM pg_roles AS role, pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped,
        unnest(ARRAY{[*VERBS_OF_COLUMNS]}) AS verb
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND role.rolname = ANY (%s)
        AND CASE WHEN relkind = 'S' THEN verb IN ('SELECT', 'UPDATE') AND has_sequence_privilege(role.oid, pg_class.oid, verb)
            ELSE has_column_privilege(role.oid, pg_class.oid, attnum, verb) END
"""
_TABLES = f"""
    SELECT role.rolname, relname, '', verb
    FROM pg_roles AS role, pg_class, unnest(ARRAY{[*VERBS_OF_TABLES]}) AS verb
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND role.rolname = ANY (%s)
        AND has_table_privilege(role.oid, pg_class.oid, verb)
"""
_ELSE = """
    SELECT role.rolname, proname, '', 'EXECUTE' FROM pg_roles AS role, pg_proc
    WHERE pronamespace = 'public'::regnamespace AND role.rolname = ANY (%(names)s)
        AND has_function_privilege(role.oid, pg_proc.oid, 'EXECUTE')
    UNION ALL SELECT role.rolname, 'public', '', verb FROM pg_roles AS role, unnest(ARRAY['USAGE', 'CREATE']) AS verb
    WHERE role.rolname = ANY (%(names)s) AND has_schema_privilege(role.oid, 'public', verb)
    UNION ALL SELECT role.rolname, 'database', '', verb
    FROM pg_roles AS role, unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) AS verb
    WHERE role.rolname = ANY (%(names)s) AND has_database_privilege(role.oid, current_database(), verb)
    UNION ALL SELECT member::regrole::text, roleid::regrole::text, '', 'MEMBER' FROM pg_auth_members
    WHERE member::regrole::text = ANY (%(names)s)
    UNION ALL SELECT rolname, '', '', 'LOGIN' FROM pg_roles
    WHERE rolname = ANY (%(names)s) AND (rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls)
    UNION ALL SELECT relowner::regrole::text, relname, '', 'OWNS' FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'i')
    UNION ALL SELECT proowner::regrole::text, proname, '', 'OWNS' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""

Held = frozenset[tuple[str, str, str, str]]
"""Which role (or owner, by its name without the prefix) has which verb on which column of what."""


@dataclass(frozen=True)
class Roles:
    """A database whose roles were made."""

    server: PostgresServer
    address: str
    prefix: str

    @property
    def names(self) -> Mapping[DatabaseRole, str]:
        return role_names(self.prefix)

    def held(self) -> Held:
        """All that the roles have, and all that anybody owns."""
        names = list(self.names.values())
        with self.server.connected(self.address) as connection:
            rows: list[Row] = []
            rows += connection.execute(_COLUMNS, [names]).fetchall()
            rows += connection.execute(_TABLES, [names]).fetchall()
            rows += connection.execute(_ELSE, {"names": names}).fetchall()
        return frozenset((role.removeprefix(self.prefix), *rest) for role, *rest in rows)

    def address_of(self, role: DatabaseRole) -> str:
        """As whom a login comes in that holds this role and nothing else."""
        return self.address_as(self.login(role))

    def login(self, role: DatabaseRole) -> str:
        return f"{self.prefix}login_{role}"

    def address_as(self, login: str) -> str:
        return sa.make_url(self.address).set(username=login, password="x").render_as_string(hide_password=False)

    def make_logins(self) -> None:
        """A login for each role; that of the console is a member, who may do everything."""
        for role, name in self.names.items():
            login = self.login(role)
            run_raw(self.address, f"CREATE ROLE {login} LOGIN PASSWORD 'x'", f"GRANT {name} TO {login}")
        with closing(Database(self.address)) as database:
            enrol_login(database, self.login(DatabaseRole.CONSOLE), "m-role")


@contextmanager
def database_with_roles(server: PostgresServer, prefix: str, *, made: bool = True) -> Iterator[Roles]:
    """A new database, and after it no role is left whose name begins with the prefix. Skips where none can be made."""
    try:
        with server.migrated_database() as address:
            roles = Roles(server, address, prefix)
            _refuse_without_rights(address)
            if made:
                with closing(Database(address)) as database:
                    database.make_roles(prefix)
            yield roles
    finally:
        drop_roles(server, prefix)


def drop_roles(server: PostgresServer, prefix: str) -> None:
    """Drop all roles whose names begin so, of which nothing is left."""
    with server.connected() as connection:
        named = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)"
        for (name,) in connection.execute(named, [prefix]).fetchall():
            connection.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(name)))


def _refuse_without_rights(address: str) -> None:
    if not run_raw(address, "SELECT rolsuper FROM pg_roles WHERE rolname = session_user")[0][0]:
        pytest.skip("this server's user is no superuser")
