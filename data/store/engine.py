"""Engines: how each of the two databases is opened, and what its errors mean in plain words."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from data.errors import Cancelled, DatabaseError, DatabaseUnavailable, DiskFull
from data.store.location import Location
from data.store.write_turn import LOCK_TIMEOUT_S

CONNECT_TIMEOUT_S = 5
_CANCEL_TIMEOUT_S = 2.0
# So that a network that fell silent is noticed, in seconds and not in the system's two hours; tcp_user_timeout is in ms.
_KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_MAKING_ROOM = Lock()
_BUSY_TIMEOUT = f"busy_timeout={int(LOCK_TIMEOUT_S * 1000)}"
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    _BUSY_TIMEOUT,
    "foreign_keys=ON",
    # Without it, REPLACE deletes rows behind the back of the append-only guard.
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    # What is deleted or overwritten is zeros in the file, also where it was shared by others.
    "secure_delete=ON",
)
# What SQLite says after a foreign interrupt(), and PostgreSQL's code for a cancelled statement, whatever its language.
_INTERRUPTED = "interrupted"
_PRIMARY_CODE = 0xFF
# A disk that takes nothing more: there is no room, or writing itself failed. Only what writes meets these.
_TAKES_NOTHING = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC),
        *(sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE),
    }
)
# disk_full and out_of_memory of PostgreSQL's class 53, insufficient resources.
_SERVER_IS_FULL = {"53100": "the disk of its server is full", "53200": "its server is out of memory"}
_QUERY_CANCELED = "57014"


def open_engine(location: Location, *, durable: bool = True) -> sa.Engine:
    """An engine that has not connected yet. Transactions begin as this module says, see `begins_writing`.

    Parameters stay out of its errors: they are personal data, and tracebacks end up in log files. Without `durable`,
    SQLite leaves it to the system when what was committed reaches the disk.
    """
    if location.path is not None:
        return _sqlite_engine(location, durable=durable)
    defaults = {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "auditdeck", **_KEEPALIVES}
    return sa.create_engine(
        location.url,
        pool_pre_ping=True,
        hide_parameters=True,
        # These would win over the URL's own.
        connect_args={name: value for name, value in defaults.items() if name not in location.url.query},
    )


def make_room(path: Path) -> None:
    """Create an embedded database's folder, readable by its owner alone, and the file itself with mode 600.

    A file that is there is not opened: POSIX takes the locks of SQLite's connections away when their process closes any
    descriptor of the file, and the next program to close it then deletes the write-ahead log under them.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _MAKING_ROOM:  # so that no other thread finds the file, and connects, before our descriptor is closed
            if not path.exists():
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, "this user may not, or its disk is read-only")
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error.strerror}.") from error


def interrupter(connection: sa.Connection) -> Callable[[], None]:
    """What breaks off the statement that this connection runs, to be called from another thread.

    On PostgreSQL it asks the server over a connection of its own; that it cannot be reached is then not worth an error.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        return driver.interrupt  # type: ignore[no-any-return]

    def cancel() -> None:
        with suppress(connection.dialect.loaded_dbapi.Error):
            driver.cancel_safe(timeout=_CANCEL_TIMEOUT_S)

    return cancel


def begins_writing(connection: sa.Connection) -> sa.Connection:
    """The same connection, set to take SQLite's write lock at BEGIN: no read that is then refused the write."""
    return connection.execution_options(auditdeck_writes=True)


def emptied_log(connection: sa.Connection) -> bool:
    """Whether all of SQLite's write-ahead log is in the file now, and nothing in the log: readers can keep it from that.

    They are not waited for. The connection is in no transaction, and whoever asks has the turn to write.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        driver.execute(f"PRAGMA {_BUSY_TIMEOUT}")
    return not busy


def _sqlite_engine(location: Location, *, durable: bool) -> sa.Engine:
    pragmas = (*_SQLITE_PRAGMAS, f"synchronous={'FULL' if durable else 'OFF'}")
    engine = sa.create_engine(location.url, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401
        connection.isolation_level = None  # BEGIN is ours to send, below
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("auditdeck_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def plain_errors(location: Location) -> Iterator[None]:
    """Turn a driver's errors into `data.errors`, with a sentence that names the database and what to look at."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _translated(error, location) from error
    except exc.TimeoutError as error:
        raise DatabaseUnavailable(f"{location.shown}: no connection became free in time.") from error
    except sqlite3.Error as error:
        raise DatabaseError(f"{location.shown}: {error}.") from error


def _translated(error: exc.DBAPIError, location: Location) -> Exception:
    words = " ".join(str(error.orig).split())
    first = (
        str(error.orig).strip().splitlines()[0].rstrip(".") if str(error.orig).strip() else type(error.orig).__name__
    )
    if words == _INTERRUPTED or getattr(error.orig, "sqlstate", None) == _QUERY_CANCELED:
        return Cancelled("Called off.")
    if location.is_embedded:
        if "locked" in words:
            return DatabaseUnavailable(f"{location.shown} is locked by another program.")
        code = getattr(error.orig, "sqlite_errorcode", 0)
        if code in _TAKES_NOTHING:
            return DiskFull(f"{location.shown} cannot be written: {words}.")
        if code & _PRIMARY_CODE == sqlite3.SQLITE_IOERR:  # trying again may help
            return DatabaseUnavailable(f"{location.shown}: {words}.")
        return DatabaseError(f"{location.shown}: {words}.")
    full = _SERVER_IS_FULL.get(getattr(error.orig, "sqlstate", None) or "")
    if full is not None:
        return DiskFull(f"{location.shown} cannot be written: {full}.")
    if error.connection_invalidated or isinstance(error, exc.OperationalError | exc.InterfaceError):
        return DatabaseUnavailable(f"No answer from {location.shown}: {first}.")
    return DatabaseError(f"{location.shown}: {first}.")
