"""Noticing that something arrived in a log, without asking for it: told by PostgreSQL, seen by a file's data version."""

import logging
import os
import select
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Protocol

import sqlalchemy as sa

from data.errors import AuditdeckError, DatabaseUnavailable
from data.oplog import LOGGER_NAME
from data.records import Log
from data.stop import Stop
from data.store.engine import plain_errors
from data.store.location import Location
from data.store.tables import LOG_TABLES

CHANNEL = "auditdeck_arrivals"
"""On which the triggers of the logs' tables notify, with the table's name. Stored in the migrations: never change."""

LOOK_S = 0.2
"""An embedded database is looked at so often: 10 microseconds each time."""
APART_S = 0.4
"""What arrives within so many seconds is told at once."""
POLL_S = 3.0
"""So often something is taken to have arrived where a server does not tell."""
_TRY_AGAIN_AFTER_POLLS = 100
_PROBE_S = 2.0
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)

_EVERY_LOG = frozenset(Log)
_LOGS = {log_table.table.name: log for log, log_table in LOG_TABLES.items()}
_LOG = logging.getLogger(f"{LOGGER_NAME}.arrivals")


class _Alarm:
    """A wait that another thread can end."""

    def __init__(self) -> None:
        self._hears, self._rings = os.pipe()

    def ring(self) -> None:
        """End this wait, and every one after it."""
        os.write(self._rings, b"!")

    def wait(self, seconds: float | None = None, beside: int | None = None) -> None:
        """Wait so long, or until there is something to read from the descriptor `beside`."""
        poll = select.poll()
        for descriptor in (self._hears, beside):
            if descriptor is not None:
                poll.register(descriptor, select.POLLIN)
        poll.poll(None if seconds is None else seconds * 1000)

    def close(self) -> None:
        os.close(self._hears)
        os.close(self._rings)


class _Lookout(Protocol):
    """A connection on which arrivals are noticed."""

    def notice(self, alarm: _Alarm, stop: Stop) -> frozenset[Log]:
        """Wait until something arrived, and say where. Ends early, with nothing, once a stop was requested."""


class _DataVersion:
    """Of an embedded database: SQLite says whether another connection has committed anything, and the logs whether it was
    to them.
    """

    def __init__(self, driver: Any) -> None:  # noqa: ANN401
        self._driver = driver
        self._version = self._one("PRAGMA data_version")
        self._newest = self._read_newest()

    def notice(self, alarm: _Alarm, stop: Stop) -> frozenset[Log]:
        while not stop.requested:
            version = self._one("PRAGMA data_version")
            if version != self._version:
                before, self._newest = self._newest, self._read_newest()
                self._version = version
                arrived = frozenset(log for log in Log if self._newest[log] != before[log])
                if arrived:
                    return arrived
            alarm.wait(LOOK_S)
        return frozenset()

    def _read_newest(self) -> dict[Log, int | None]:
        return {log: self._one(f"SELECT max(seq) FROM {name}") for name, log in _LOGS.items()}

    def _one(self, question: str) -> Any:  # noqa: ANN401
        return self._driver.execute(question).fetchone()[0]


class _Listening:
    """Of a shared database: the server hands over what the tables' triggers notify, after the commit."""

    def __init__(self, driver: Any) -> None:  # noqa: ANN401
        self._driver = driver
        driver.execute(f"LISTEN {CHANNEL}")

    def notice(self, alarm: _Alarm, stop: Stop) -> frozenset[Log]:
        while not stop.requested:
            arrived = frozenset(_LOGS[payload] for payload in self._heard() if payload in _LOGS)
            if arrived:
                return arrived
            alarm.wait(beside=self._driver.fileno())
        return frozenset()

    def hears(self, payload: str, alarm: _Alarm, stop: Stop) -> bool:
        """Whether what was sent from elsewhere just now comes here, within a moment."""
        until = time.monotonic() + _PROBE_S
        while payload not in self._heard():
            left = until - time.monotonic()
            if left <= 0 or stop.requested:
                return False
            alarm.wait(left, beside=self._driver.fileno())
        return True

    def _heard(self) -> list[str]:
        """The payloads that are here; raises the driver's error when the connection is lost."""
        wire = self._driver.pgconn
        wire.consume_input()
        heard = []
        while (notice := wire.notifies()) is not None:
            heard.append(notice.extra.decode(errors="replace"))
        return heard


class _Deaf:
    """Of a shared database that does not tell: behind a pool that lends connections by the transaction, or a replica."""

    def __init__(self) -> None:
        self._polls = 0

    def notice(self, alarm: _Alarm, stop: Stop) -> frozenset[Log]:
        if self._polls == _TRY_AGAIN_AFTER_POLLS:
            raise _Again
        self._polls += 1
        alarm.wait(POLL_S)
        return frozenset() if stop.requested else _EVERY_LOG


class _Again(Exception):
    """It is time to see whether the server tells by now."""


def arrivals(engine: sa.Engine, location: Location, stop: Stop) -> Generator[frozenset[Log], None, None]:
    """The logs in which something may have arrived, each time within a second of the commit; until a stop is requested.

    Begins with all of them, once whatever is committed from then on will be noticed. A connection that is lost is made
    anew, after growing pauses; as nobody knows what arrived meanwhile, it is all of them then, too, and when it is lost:
    whoever asks will learn of it.
    """
    alarm, failures = _Alarm(), 0
    try:
        with stop.interrupting(alarm.ring):
            while not stop.requested:
                try:
                    with _lookout(engine, location, alarm, stop) as lookout:
                        failures = 0
                        arrived = _EVERY_LOG
                        while not stop.requested:
                            yield arrived
                            alarm.wait(APART_S)
                            arrived = lookout.notice(alarm, stop)
                except _Again:
                    continue
                except (AuditdeckError, engine.dialect.loaded_dbapi.Error, OSError) as error:
                    if not failures:
                        _LOG.warning("nothing tells what arrives at the moment: %s", error)
                    yield _EVERY_LOG
                    alarm.wait(_PAUSES_S[min(failures, len(_PAUSES_S) - 1)])
                    failures += 1
    finally:
        alarm.close()


@contextmanager
def _lookout(engine: sa.Engine, location: Location, alarm: _Alarm, stop: Stop) -> Iterator[_Lookout]:
    with _kept_connection(engine, location) as driver:
        lookout = _DataVersion(driver) if location.is_embedded else _listening(engine, driver, alarm, stop)
        if lookout is not None:
            yield lookout
            return
    _LOG.warning("the server does not tell what arrives; it is asked for every %s seconds", POLL_S)
    yield _Deaf()


@contextmanager
def _kept_connection(engine: sa.Engine, location: Location) -> Iterator[Any]:
    """The driver's own connection, for nothing else, committing each statement."""
    with plain_errors(location):
        connection = engine.connect()
    with connection:
        if not location.is_embedded:
            connection.execution_options(isolation_level="AUTOCOMMIT")
        driver = connection.connection.driver_connection
        connection.detach()  # it stays out of the pool, in which others would wait for it
        yield driver


def _listening(engine: sa.Engine, driver: Any, alarm: _Alarm, stop: Stop) -> _Listening | None:  # noqa: ANN401
    """None where the server is there, but does not tell: that shows only by trying."""
    payload = token_hex(8)
    try:
        listening = _Listening(driver)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as another:
            another.execute(sa.select(sa.func.pg_notify(CHANNEL, payload)))
        return listening if listening.hears(payload, alarm, stop) else None
    except (sa.exc.DBAPIError, engine.dialect.loaded_dbapi.Error):
        if driver.closed:
            raise
        return None
    except sa.exc.TimeoutError as error:
        raise DatabaseUnavailable(f"No connection was free to ask whether the server tells: {error}") from error
