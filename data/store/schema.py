"""Which schema a database has, and bringing it up to date. Alembic is imported only when there is something to do."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.errors import DatabaseError, OpenedAsOwner, SchemaTooNew, SchemaTooOld

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every revision this program knows, oldest first. A test holds it against the migrations."""

HEAD = REVISIONS[-1]

_UPGRADE_LOCK = int.from_bytes(b"auditdck")
"""The number of the lock under which a PostgreSQL database is upgraded; any that nobody else would think of."""


def current_revision(connection: sa.Connection) -> str | None:
    """The database's revision, or None for one that holds none of our tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def check_revision(connection: sa.Connection, shown_as: str, *, as_owner: bool = True) -> None:
    """Raise SchemaTooNew or SchemaTooOld, in words for the person at the console, unless the schema is this program's.

    Without `as_owner`, raise OpenedAsOwner for a login on PostgreSQL that could do to the tables what no grant allows.
    """
    revision, unbound = _revision_and_login(connection) if not as_owner else (current_revision(connection), None)
    if revision is None:
        raise SchemaTooOld(f"{shown_as} holds no audit log yet; `auditdeck db upgrade` makes one.")
    if revision == HEAD:
        if unbound is not None:
            raise OpenedAsOwner(
                f"{unbound}: neither grants nor the log's own guards bind it. `auditdeck db roles` makes roles with which "
                "to open the log; --as-owner, or the setting as_owner, opens it all the same."
            )
        return
    if revision not in REVISIONS:
        raise SchemaTooNew(
            f"{shown_as} was written by a newer auditdeck (schema {revision}; this program knows up to {HEAD}). "
            "Update the program to open it."
        )
    raise SchemaTooOld(f"{shown_as} has an older schema ({revision}); `auditdeck db upgrade` brings it to {HEAD}.")


def _revision_and_login(connection: sa.Connection) -> tuple[str | None, str | None]:
    """The revision as `current_revision`, by as many questions; and what the login is, in words, if nothing binds it."""
    if connection.dialect.name != "postgresql" or not sa.inspect(connection).has_table("alembic_version"):
        return current_revision(connection), None
    row = connection.execute(sa.text(_REVISION_AND_LOGIN)).one_or_none()
    if row is None:
        return None, None
    if row.rolsuper:
        return row.version_num, f"The login {row.rolname} is a superuser"
    owner = f"The login {row.rolname} owns the log's tables or their schema, or may become who does"
    return row.version_num, owner if row.owns else None


# The login, whatever role it has taken on: it can lay that down again. Whoever owns a schema can drop what is in it.
_REVISION_AND_LOGIN = """
    SELECT version_num, rolname, rolsuper, (
        SELECT pg_has_role(login.oid, relowner, 'MEMBER') OR pg_has_role(login.oid, nspowner, 'MEMBER')
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = to_regclass('event')
    ) AS owns
    FROM alembic_version, pg_roles AS login WHERE rolname = session_user
"""


def upgrade(connection: sa.Connection, shown_as: str) -> str | None:
    """Bring the database of this connection to HEAD, inside its transaction; the revision before, None for an empty one.

    Raises SchemaTooNew for a database from a newer program, DatabaseError for a PostgreSQL database not in UTF-8.
    """
    is_postgres = connection.dialect.name == "postgresql"
    if is_postgres:  # of two that are told to at once, the second waits and finds nothing to do
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
    before = current_revision(connection)
    if before is not None and before not in REVISIONS:
        check_revision(connection, shown_as)
    if is_postgres:
        encoding = connection.execute(sa.text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise DatabaseError(f"{shown_as} is encoded in {encoding}; an audit log needs a database in UTF8.")
    if before != HEAD:
        from alembic import command

        if is_postgres and before is not None:
            _take_on_owner(connection)
        command.upgrade(_config(connection), "head")
    return before


def _take_on_owner(connection: sa.Connection) -> None:
    """Until the transaction ends, do everything as the role that owns the tables: so it owns the new ones, too."""
    owner = connection.execute(sa.text(_OWNER_TO_TAKE_ON)).scalar()
    if owner is not None:
        name = connection.dialect.identifier_preparer.quote_identifier(owner)
        connection.execute(sa.text(f"SET LOCAL ROLE {name}"))


# Nobody, where it is this login, one that it cannot become, or one that may make no tables.
_OWNER_TO_TAKE_ON = """
    SELECT rolname FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner
    WHERE pg_class.oid = 'event'::regclass AND rolname <> current_user
        AND has_schema_privilege(relowner, relnamespace, 'CREATE')
        AND pg_has_role(relowner, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
"""


def _config(connection: sa.Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "data:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
