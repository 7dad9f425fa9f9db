"""The demo organisation as a database that is the same in every run: fixed end, fixed seed."""

import fcntl
import os
import shutil
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
            for file in (key_of(building), building):
                file.rename(path.with_name(file.name.replace(building.name, path.name)))
    return path


def copy_database(database: Path, copy: Path) -> None:
    """Copy a file that is open nowhere, with the key that seals it."""
    shutil.copy(database, copy)
    shutil.copy(key_of(database), key_of(copy))


def key_of(database: Path) -> Path:
    """Where the key lies that seals a file."""
    return database.with_name(f"{database.name}.key")
