"""A database that takes nothing more, by refusals that are real: nothing needs a privilege, or a disk of its own."""

import resource
from abc import ABC, abstractmethod
from pathlib import Path

import sqlalchemy as sa

from data.store import Database
from tests.integration.raw_access import run_raw

_NO_LIMIT = 2**30
_A_FEW_PAGES = 32_768


class FullDisk(ABC):
    """Full from `fill` to `make_room`."""

    @abstractmethod
    def fill(self) -> None:
        """From here on nothing can be written."""

    @abstractmethod
    def make_room(self) -> None:
        """From here on all can again."""


class NoMorePages(FullDisk):
    """An embedded database whose file may not grow: SQLite says that the disk is full."""

    def __init__(self, database: Database) -> None:
        self._most = _NO_LIMIT
        sa.event.listen(database._engine, "begin", self._limit)

    def fill(self) -> None:
        self._most = 1

    def make_room(self) -> None:
        self._most = _NO_LIMIT

    def _limit(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self._most}")


class NoMoreBytes(FullDisk):
    """An embedded database whose write-ahead log this process may not make longer: writing itself fails.

    Where no connection is open, it has none yet: then no file may be longer than a few pages.
    """

    def __init__(self, path: Path) -> None:
        self._log = Path(f"{path}-wal")
        self._usual = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        most = self._log.stat().st_size if self._log.exists() else _A_FEW_PAGES
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, self._usual[1]))

    def make_room(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._usual)


class ServerIsFull(FullDisk):
    """A shared database that answers each new event as a server does that cannot make its files longer."""

    def __init__(self, address: str) -> None:
        self._address = address

    def fill(self) -> None:
        run_raw(
            self._address,
            """CREATE FUNCTION cannot_extend() RETURNS trigger LANGUAGE plpgsql AS $$
               BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device'
               USING ERRCODE = 'disk_full'; END $$""",
            "CREATE TRIGGER cannot_extend BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION cannot_extend()",
        )

    def make_room(self) -> None:
        run_raw(self._address, "DROP FUNCTION IF EXISTS cannot_extend CASCADE")
