"""Which schema a database has, and bringing it up to date. Alembic is imported only when there is something to do."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from data.errors import DatabaseError, SchemaTooNew, SchemaTooOld

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision this program knows, oldest first. A test holds it against the migrations."""

HEAD = REVISIONS[-1]

_UPGRADE_LOCK = int.from_bytes(b"auditdck")
"""The number of the lock under which a PostgreSQL database is upgraded; any that nobody else would think of."""


def current_revision(connection: sa.Connection) -> str | None:
    """The database's revision, or None for one that holds none of our tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def check_revision(connection: sa.Connection, shown_as: str) -> None:
    """Raise SchemaTooNew or SchemaTooOld, in words for the person at the console, unless the schema is this program's."""
    revision = current_revision(connection)
    if revision == HEAD:
        return
    if revision is None:
        raise SchemaTooOld(f"{shown_as} holds no audit log yet; `auditdeck db upgrade` makes one.")
    if revision not in REVISIONS:
        raise SchemaTooNew(
            f"{shown_as} was written by a newer auditdeck (schema {revision}; this program knows up to {HEAD}). "
            "Update the program to open it."
        )
    raise SchemaTooOld(f"{shown_as} has an older schema ({revision}); `auditdeck db upgrade` brings it to {HEAD}.")


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

        command.upgrade(_config(connection), "head")
    return before


def _config(connection: sa.Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "data:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
