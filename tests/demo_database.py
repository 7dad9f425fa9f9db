"""The demo organisation as a database that is the same in every run: fixed end, fixed seed."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.demo import make_demo
from tests.unrecorded_readings import leave_readings_unrecorded

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
            leave_readings_unrecorded(building)
            building.rename(path)
    return path
