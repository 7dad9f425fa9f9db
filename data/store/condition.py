"""How the database itself is: asked of the engine, in one transaction."""

import shutil
from typing import Any

import sqlalchemy as sa

from data.clock import from_microseconds
from data.health import DatabaseCondition, LogCondition
from data.records import Log
from data.stop import Stop
from data.store.location import Location
from data.store.schema import current_revision
from data.store.tables import LOG_TABLES


class ConditionReader:
    """What a database says of itself. Counting takes time in proportion to the events, and can be called off."""

    def __init__(self, connection: sa.Connection, stop: Stop) -> None:
        self._connection = connection
        self._stop = stop

    def read(self, location: Location) -> DatabaseCondition:
        """All of it; `location` is where the database is."""
        is_embedded = location.path is not None
        return DatabaseCondition(
            engine="SQLite" if is_embedded else "PostgreSQL",
            version=self._one("SELECT sqlite_version()" if is_embedded else "SHOW server_version"),
            address=location.shown,
            schema=current_revision(self._connection) or "",
            is_embedded=is_embedded,
            size_bytes=self._size(is_embedded=is_embedded),
            free_bytes=None if location.path is None else shutil.disk_usage(location.path.parent).free,
            events=self._log(Log.CHANGES),
            requests=self._log(Log.REQUESTS),
            connections=None if is_embedded else self._one(_CONNECTIONS),
            most_connections=None if is_embedded else int(self._one("SHOW max_connections")),
            is_replica=not is_embedded and self._one("SELECT pg_is_in_recovery()"),
        )

    def _log(self, log: Log) -> LogCondition:
        table = LOG_TABLES[log].table
        count = self._one(sa.select(sa.func.count()).select_from(table))
        oldest = self._one(sa.select(table.c.occurred_at).order_by(table.c.id).limit(1)) if count else None
        return LogCondition(count, None if oldest is None else from_microseconds(oldest))

    def _size(self, *, is_embedded: bool) -> int:
        if is_embedded:
            return int(self._one("PRAGMA page_count")) * int(self._one("PRAGMA page_size"))
        return int(self._one("SELECT pg_database_size(current_database())"))

    def _one(self, question: str | sa.Select[Any]) -> Any:  # noqa: ANN401
        self._stop.check()
        statement = sa.text(question) if isinstance(question, str) else question
        return self._connection.execute(statement).scalar()


_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
