"""The data version of an embedded database: what was looked at while it stays the same is as it was."""

from threading import Lock
from typing import Any

import sqlalchemy as sa

from data.store.engine import plain_errors
from data.store.location import Location

Version = tuple[int, int]
"""Of one process: two that are alike say that nothing was committed in between, two that differ that something may have been."""


class DataVersion:
    """Asked again and again: that takes 10 microseconds, on a connection for nothing else, and no transaction.

    SQLite tells each connection whether another one has committed anything, of this process or of any. Safe to use from
    several threads.
    """

    def __init__(self, engine: sa.Engine, location: Location) -> None:
        self._engine = engine
        self._location = location
        self._connection: sa.Connection | None = None
        self._connected = 0
        self._is_closed = False
        self._one_at_a_time = Lock()

    def now(self) -> Version | None:
        """None where it cannot be known: of a shared database, and once this was closed. Raises as any question."""
        with self._one_at_a_time:
            if self._is_closed or not self._location.is_embedded:
                return None
            try:
                with plain_errors(self._location):
                    return self._connected, self._ask()
            except BaseException:
                self._disconnect()
                raise

    def close(self) -> None:
        """Nothing is connected any more, nor will be."""
        with self._one_at_a_time:
            self._is_closed = True
            self._disconnect()

    def _ask(self) -> int:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.detach()  # it stays out of the pool, in which others would wait for it
            self._connected += 1  # the numbers of another connection are others
        driver: Any = self._connection.connection.dbapi_connection
        version: int = driver.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
