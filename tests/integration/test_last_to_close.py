"""SQLite's last connection takes the write-ahead log along, so all programs have to know who else has the file open.

They know it by a lock that a connection keeps, and POSIX takes a process's locks on a file away as soon as it closes any
descriptor of that file. Who is then no longer seen goes on writing to a log that is deleted: committed, and lost.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data.store import Database
from data.store.engine import make_room
from data.store.ownership import refuse_foreign
from tests.integration.events import append, plain_drafts

_LOOK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM event").fetchone()[0])
connection.close()
"""


def count_in_another_program(address: str) -> int:
    """How many events a program finds that opens the database, looks and closes it, whether or not it was the last."""
    looked = subprocess.run([sys.executable, "-IS", "-c", _LOOK, address], check=True, capture_output=True, timeout=60)
    return int(looked.stdout)


def open_another(address: str) -> None:
    with closing(Database(address)) as another:
        another.open()


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda database, _: database.open(), id="opened"),
        pytest.param(lambda database, _: database.upgrade(), id="upgraded"),
        pytest.param(lambda _, address: open_another(address), id="opened as another"),
        pytest.param(lambda _, address: make_room(Path(address)), id="looked for"),
        pytest.param(lambda _, address: refuse_foreign(Path(address)), id="looked into"),
    ],
)
def test_nothing_is_lost_when_an_open_database_is_opened_again(
    sqlite_address: str, again: Callable[[Database, str], None]
) -> None:
    with closing(Database(sqlite_address)) as database:
        database.open()
        append(database, plain_drafts(1))
        again(database, sqlite_address)

        assert count_in_another_program(sqlite_address) == 1
        append(database, plain_drafts(1))

        assert count_in_another_program(sqlite_address) == 2


def test_nothing_is_lost_when_an_open_database_finds_itself_without_tables(tmp_path: Path) -> None:
    # So does one of several programs that open a new file at once: another has turned it to WAL, and not yet made tables.
    path = tmp_path / "audit.db"
    with closing(sqlite3.connect(path)) as empty:
        empty.execute("PRAGMA journal_mode=WAL")

    with closing(Database(str(path))) as database:
        database.open()
        assert count_in_another_program(str(path)) == 0
        append(database, plain_drafts(1))

        assert count_in_another_program(str(path)) == 1
