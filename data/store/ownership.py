"""Whether there is an embedded database, and whose it is: told by a look that changes nothing, before a connection does."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from data.errors import DatabaseError, UnreadableInput

APPLICATION_ID = int.from_bytes(b"adck")
"""What the first migration writes into the header of every embedded database. Stored: never change."""

_SUFFIXES = ("", "-wal", "-shm")
"""Of the file itself, and of those that SQLite keeps beside it."""


def refuse_missing(path: Path) -> None:
    """Raise DatabaseError where there is no file yet, or one that holds nothing."""
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        size = 0
    except OSError as error:
        raise DatabaseError(f"{path} cannot be read: {error.strerror}.") from error
    if size == 0:
        makes = "`auditdeck import` makes one, `auditdeck db upgrade` an empty one"
        raise DatabaseError(f"There is no database at {path}; {makes}.")


def refuse_foreign(path: Path) -> None:
    """Raise DatabaseError for a file that another program keeps a database in.

    A database without tables is nobody's. SQLite alone looks into it, as only SQLite can without taking away the locks of
    this process's connections; see `make_room`. Raises sqlite3.Error for what it cannot look into.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        (number,) = connection.execute("PRAGMA application_id").fetchone()
    if tables and number != APPLICATION_ID:
        raise DatabaseError(f"{path} is a database of another program; auditdeck does not touch it.")


def refuse_as_output(path: Path, place: Path) -> None:
    """Raise DatabaseError for a place in which the database at `path` is, or a part of it could be."""
    for suffix in _SUFFIXES:
        part = Path(f"{path}{suffix}")
        with suppress(OSError, ValueError, RuntimeError):
            if part.resolve() == place.resolve() or part.samefile(place):
                raise DatabaseError(f"{place} is the database itself; nothing else can lie there.")


def refuse_as_input(path: Path, inputs: Iterable[str]) -> None:
    """Raise UnreadableInput for an input that is the database at `path`, or a part of it, under whatever name.

    Whoever reads it closes it, and that takes the locks of this process's connections away; see `make_room`.
    """
    for name in inputs:
        for suffix in _SUFFIXES:
            with suppress(OSError, ValueError):  # what is not there, and a NUL in a path, is told by whoever opens it
                if Path(f"{path}{suffix}").samefile(name):
                    raise UnreadableInput(f"cannot read {name}: it is the database into which this imports")
