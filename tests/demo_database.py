"""The demo organisation as a database that is the same in every run: fixed end, fixed seed."""

import fcntl
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.demo import make_demo

END = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)
"""When the demo ends."""


def demo_database(factory: pytest.TempPathFactory, *, with_requests: bool = True) -> Path:
    """The demo's file, to be read only; made once for all processes of a run, for it takes seconds."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / ("demo.db" if with_requests else "demo-without-requests.db")
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            building = folder / "building.db"
            make_demo(str(building), END, with_requests=with_requests)
            _leave_readings_unrecorded(building)
            building.rename(path)
    return path


def _leave_readings_unrecorded(path: Path) -> None:
    """Whatever reads the file writes nothing into it; the rule has no event, so that the log is the demo's."""
    from data.store import Database

    with closing(Database(str(path))) as database, database.writing() as work:
        work.policy.change("record_reading", replace(work.policy.read(), record_reading=False))
        work.commit()
