"""Logs that many tests read, and that none of them may write into."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path


def leave_readings_unrecorded(path: Path) -> None:
    """Whatever reads the file from now on writes nothing into it; the rule has no event, so that the log stays as it is."""
    from data.store import Database

    with closing(Database(str(path))) as database, database.writing() as work:
        work.policy.change("record_reading", replace(work.policy.read(), record_reading=False))
        work.commit()
