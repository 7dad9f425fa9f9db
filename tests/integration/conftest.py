"""Fixtures of the integration tests alone."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from data.clock import Clock
from data.store import Database
from tests.conftest import ENGINES
from tests.integration.raw_access import run_raw

NewDatabase = Callable[[Clock], AbstractContextManager[Database]]
"""What makes a database that is up to date and empty: for properties, where each example needs one."""


@pytest.fixture
def new_sqlite(tmp_path: Path) -> NewDatabase:
    @contextmanager
    def make(clock: Clock) -> Iterator[Database]:
        with (
            TemporaryDirectory(dir=tmp_path) as folder,
            closing(Database(f"{folder}/audit.db", clock=clock)) as database,
        ):
            database.open()
            yield database

    return make


@pytest.fixture
def new_postgres(postgres_address: str) -> NewDatabase:
    @contextmanager
    def make(clock: Clock) -> Iterator[Database]:
        # The tables' owner can take the guards away, and emptying tables takes a tenth of the time of a new database.
        run_raw(
            postgres_address,
            "ALTER TABLE event DISABLE TRIGGER event_no_truncate",
            "ALTER TABLE request DISABLE TRIGGER request_no_truncate",
            "TRUNCATE event, request, pending, term RESTART IDENTITY",
            "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_truncate",
            "ALTER TABLE request ENABLE ALWAYS TRIGGER request_no_truncate",
        )
        with closing(Database(postgres_address, clock=clock)) as database:
            yield database

    return make


@pytest.fixture(params=ENGINES)
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """`NewDatabase`, on each engine in turn."""
    found: NewDatabase = request.getfixturevalue(f"new_{request.param}")
    return found
