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

EMPTY_OF_PEOPLE = (
    *("group_member", "group_role", "member_role", "ssh_key", "console_session", "invitation", "join_attempt"),
    *("member_group", "member"),
)
"""The tables of access, in an order in which they can be emptied; of the roles those that are built in stay."""

INDEX = (
    *("index_segment", "index_pack", "index_place", "index_tally", "index_alias", "index_damage", "index_gone"),
    *("unindexed_event", "unindexed_request"),
)
"""The tables of the index."""

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
            "ALTER TABLE erasure DISABLE TRIGGER erasure_no_truncate",
            f"TRUNCATE event, request, erasure, pending, term, {', '.join(INDEX)} RESTART IDENTITY",
            "ALTER TABLE erasure ENABLE ALWAYS TRIGGER erasure_no_truncate",
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


@pytest.fixture(scope="module", params=ENGINES)
def kept_address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database that all tests of a module share; on each engine in turn."""
    if request.param == "postgres":
        with request.getfixturevalue("server").migrated_database() as shared:
            yield shared
        return
    embedded = tmp_path_factory.mktemp("kept") / "audit.db"
    with closing(Database(str(embedded), durable=False)) as database:
        database.open()
    yield str(embedded)


@pytest.fixture
def database_without_people(kept_address: str, clock: Clock) -> Iterator[Database]:
    """The module's database, without members, groups, and roles but for those that are built in. Its log is not empty."""
    run_raw(kept_address, *(f"DELETE FROM {table}" for table in EMPTY_OF_PEOPLE), "DELETE FROM role WHERE NOT built_in")
    with closing(Database(kept_address, clock=clock, durable=False)) as database:
        yield database
