"""The two engines as the benchmark sees them: an address, and forgetting all that is held in memory of it."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.index.reader import IndexedReaders
from data.store import Database
from tests.benchmarks.finding.columns import END

if TYPE_CHECKING:
    from tests.integration.postgres_server import PostgresServer

SQLITE, POSTGRES = "SQLite", "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Engine:
    """A database that holds the made-up events. `forget` leaves nothing of it in any cache."""

    name: str
    address: str
    forget: Callable[[], None]

    @contextmanager
    def opened(self, *, plain: bool = False) -> Iterator[Database]:
        """The database, read by its index or by the plain scan; now is the moment after the last event."""
        readers = None if plain else IndexedReaders()
        with closing(Database(self.address, clock=lambda: END, readers=readers)) as database:
            yield database


def sqlite_engine(path: Path) -> Engine:
    """The engine of an embedded database."""
    return Engine(SQLITE, str(path), lambda: _drop_from_cache(path.parent.glob(f"{path.name}*")))


def postgres_engine(server: "PostgresServer", folder: Path, address: str) -> Engine:
    """The engine of a database on a server whose data is in this folder; to forget, it is stopped and started again."""

    def forget() -> None:
        server.stop()
        _drop_from_cache(path for path in folder.rglob("*") if path.is_file())
        server.start()

    return Engine(POSTGRES, address, forget)


def _drop_from_cache(paths: Iterator[Path]) -> None:
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)  # what was not written yet stays
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(file)
