"""Made-up events in a PostgreSQL database: its own schema, filled by COPY."""

from typing import TYPE_CHECKING, Any

from psycopg import sql

from data.store import Database
from data.store.terms import TERM_COLUMNS
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.finding.columns import Columns
from tests.benchmarks.finding.rows import Row, chunks_of_rows
from tests.benchmarks.finding.terms import ids_by_code, term_rows
from tests.members import enrol_login

if TYPE_CHECKING:
    from tests.integration.postgres_server import PostgresServer

_COPY = sql.SQL("COPY event ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, Row._fields)))
_COPY_TERMS = sql.SQL("COPY term ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, TERM_COLUMNS)))
_NULL = r"\N"
_TRIGGERS = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND NOT tgisinternal"


def fill_postgres(server: "PostgresServer", name: str, columns: Columns, deadline: Deadline) -> None:
    """Make the database, which goes by another name until it is finished.

    The triggers, all of which are always on, are switched on again when all rows are there; what they note of each row is
    noted at once. The server's own login is a member who may do everything.
    """
    unfinished = sql.Identifier(f"{name}_unfinished")
    with server.connected() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(unfinished))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(unfinished))
    address = server.address_of(f"{name}_unfinished")
    database = Database(address)
    database.upgrade()
    enrol_login(database)
    database.close()
    with server.connected(address) as connection:
        with connection.cursor() as cursor, cursor.copy(_COPY_TERMS) as copy:
            for term in term_rows(columns):
                copy.write_row(term)
        term_ids = ids_by_code(columns, dict(connection.execute("SELECT digest, id FROM term", binary=True)))
        triggers = [trigger for (trigger,) in connection.execute(_TRIGGERS)]
        connection.execute("ALTER TABLE event DISABLE TRIGGER USER")
        for rows in chunks_of_rows(columns, term_ids):
            deadline.check()
            with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.write("".join(map(_line, rows)))
        connection.execute("INSERT INTO pending (seq) SELECT seq FROM event ORDER BY seq")
        connection.execute("INSERT INTO unindexed_event (seq) SELECT seq FROM event ORDER BY seq")
        for trigger in triggers:
            enable = sql.SQL("ALTER TABLE event ENABLE ALWAYS TRIGGER {}")
            connection.execute(enable.format(sql.Identifier(trigger)))
        connection.execute("VACUUM (ANALYZE)")
    with server.connected() as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(unfinished, sql.Identifier(name)))


def _line(row: Row) -> str:
    """A row as COPY reads text; nothing in these is escaped but backslashes."""
    return (
        f"{row.id.hex()}\t{row.occurred_at}\t{row.recorded_at}\t{row.type}\t{row.outcome}\t{row.actor}\t"
        f"{_or_null(row.client)}\t{row.target}\t{_or_null(row.service)}\t{_or_null(row.ip)}\t{_or_null(row.duration_ms)}\t"
        f"{row.flags}\t\\\\x{row.leaf.hex()}\t\\\\x{row.salt.hex()}\t"
        f"{_escaped(row.body)}\t{_escaped(row.personal)}\n"
    )


def _or_null(value: Any) -> Any:  # noqa: ANN401
    return _NULL if value is None else value


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\") if "\\" in text else text
