"""What was made for a number of events: the columns, and a database on each engine. Made where it is not there yet."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from data.answers import Dimension
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.finding.columns import Columns, load_columns, make_columns, save_columns
from tests.benchmarks.finding.shapes import VARIANTS, shape
from tests.benchmarks.finding.sqlite_filling import fill_sqlite
from tests.benchmarks.finding.vocabulary import vocabulary

if TYPE_CHECKING:
    from tests.integration.postgres_server import PostgresServer

_DIGEST = "made-of"


@dataclass(frozen=True)
class Made:
    """So many events in a folder, which later runs can use again. Something unfinished bears another name."""

    folder: Path
    events: int

    @cached_property
    def columns(self) -> Columns:
        """The events as columns. Raises ValueError where the folder's are of another vocabulary."""
        folder = self._folder / "columns"
        if not folder.exists():
            making = self._folder / "columns.unfinished"
            save_columns(make_columns(self.events), making)
            (making / _DIGEST).write_text(_made_of())
            making.rename(folder)
        if (folder / _DIGEST).read_text() != _made_of():
            raise ValueError(f"what is in {self._folder} was made from other words; delete it")
        return load_columns(folder)

    def sqlite(self, deadline: Deadline) -> Path:
        """An embedded database that holds them."""
        path = self._folder / "finding.db"
        if not path.exists():
            making = self._folder / "unfinished.db"
            for left in self._folder.glob(f"{making.name}*"):
                left.unlink()
            fill_sqlite(making, self.columns, deadline)
            making.rename(path)
            (self._folder / f"{making.name}.lock").unlink(missing_ok=True)
        return path

    def postgres(self, server: "PostgresServer", deadline: Deadline) -> str:
        """The address of a database on this server that holds them."""
        from tests.benchmarks.finding.postgres_filling import fill_postgres

        name = f"finding_{self.events}"
        with server.connected() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if found is None:
            fill_postgres(server, name, self.columns, deadline)
        return server.address_of(name)

    def in_new_folder(self) -> "Made":
        """The same, with its folder made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    @property
    def _folder(self) -> Path:
        return self.folder / str(self.events)


def _made_of() -> str:
    """A digest of all words and shapes: with other ones, columns mean other events."""
    hashed = hashlib.sha256()
    for dimension in Dimension:
        hashed.update("\n".join(term.name or "" for term in vocabulary(dimension).terms).encode())
    for code in range(vocabulary(Dimension.TYPE).size):
        for variant in range(VARIANTS):
            hashed.update(b"%b%b" % shape(code, variant)[:2])
    return hashed.hexdigest()
