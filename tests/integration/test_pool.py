"""Processes that help to verify begin from wherever it is asked for."""

import subprocess
import sys
from contextlib import closing

from data.store import Database
from tests.integration.events import append, plain_drafts

# As within a console: what is printed is caught, and has no number of its own.
_SCRIPT = """
import io, sys
from data.proof import pool
from data.stop import Stop
from tests.integration.test_pool import count

class Caught(io.StringIO):
    def fileno(self):
        return -1

if __name__ == "__main__":
    told = sys.stdout
    sys.stdout = sys.stderr = Caught()
    found = []
    with pool.pool(sys.argv[1], Stop()) as processes:
        processes.each(count, [1, 2], found.append)
    print(found, file=told)
"""


def count(connection: object, task: int) -> int:
    """As many as there are, and one for each task."""
    return task + len(connection.exec_driver_sql("SELECT * FROM event").all())  # type: ignore[attr-defined]


def test_they_begin_where_the_standard_error_has_no_number(sqlite_address: str) -> None:
    with closing(Database(sqlite_address)) as database:
        append(database, plain_drafts(3))
    ran = subprocess.run(
        [sys.executable, "-c", _SCRIPT, sqlite_address], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout == "[4, 5]\n", ran.stderr
