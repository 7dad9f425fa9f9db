"""Twelve writers and two that would be the keeper, killed at random with their server: what was acknowledged is found."""

import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from data.answers import Cursor, Dimension
from data.index import building, merging
from data.index.indexer import Indexer
from data.index.reader import IndexedReaders
from data.query import parse_query
from data.store import Database
from tests.index_checker import check_index
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events
from tests.integration.postgres_server import PostgresServer, running_server
from tests.integration.programs import acknowledged_in, end, finish, started, trying_again, write

pytestmark = pytest.mark.postgres

WRITERS, PROGRAMS = 12, 3
ROUNDS, MOST_ROUNDS = 6, 60
LEAST = 100
ROUND_S = 0.8


@pytest.fixture
def fragile_server() -> Iterator[PostgresServer]:
    """A server that may be killed, for it is nobody else's."""
    with running_server() as server:
        if not server.can_stop:
            pytest.skip("the server that AUDITDECK_TEST_POSTGRES names is not ours to kill")
        yield server


def test_what_was_acknowledged_is_in_every_answer(fragile_server: PostgresServer, tmp_path: Path) -> None:
    chance = Random(7)
    with fragile_server.migrated_database() as address:
        # As it is outside of tests: what was acknowledged outlives the server's processes.
        with fragile_server.connected(address) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")
        over = get_context("spawn").Event()
        starts = [
            *(
                partial(started, write, address, over, tmp_path, number, WRITERS // PROGRAMS)
                for number in range(PROGRAMS)
            ),
            *(partial(started, keep, address, over) for _ in range(2)),
        ]
        programs = [start() for start in starts]
        for round_ in range(MOST_ROUNDS):
            # On a busy machine a program has hardly begun when the next one is killed.
            if round_ >= ROUNDS and len(acknowledged_in(tmp_path)) > LEAST:
                break
            time.sleep(ROUND_S)
            if round_ == ROUNDS // 2:
                fragile_server.crash()
            else:
                place = chance.randrange(len(programs))
                end(programs[place])
                programs[place] = starts[place]()
        over.set()
        finish(programs)

        acknowledged = acknowledged_in(tmp_path)
        assert len(acknowledged) > LEAST
        with closing(Database(address, readers=IndexedReaders())) as database:
            check_answers(database, acknowledged)
            small()
            Indexer(database).run()
            check_index(database)
            check_answers(database, acknowledged)


def check_answers(database: Database, acknowledged: set[UUID]) -> None:
    """Pages, counts, facets and the histogram have all that was acknowledged, and agree with each other."""
    found = all_events(database)
    assert acknowledged <= {event.id for event in found}
    with database.reading(UTC_ZONE) as reader:
        snapshot = reader.snapshot()
        assert reader.count(EVERYTHING, snapshot) == len(found)
        assert sum(bucket.count for bucket in reader.histogram(EVERYTHING, snapshot).buckets) == len(found)
        for outcome in reader.facets(EVERYTHING, snapshot, [Dimension.OUTCOME])[0].values:
            query = parse_query(f"outcome:{outcome.label} last:all")
            these = {event.id for event in found if event.outcome == outcome.label}
            assert outcome.count == len(these)
            assert {event.id for event in reader.page(query, Cursor(snapshot), limit=len(found)).items} == these


def keep(address: str, over: Flag) -> None:
    """A keeper that builds, merges and folds what there is, whenever nobody else does."""
    small()
    with closing(Database(address)) as database:
        indexer = Indexer(database)
        while not over.is_set():
            with trying_again(over):
                indexer.run(most=40)
            time.sleep(0.02)


def small() -> None:
    """For the rest of this process, segments are built of few events."""
    building.LEAST = 8
    merging.CAPS = (20, 40, 80, 160)
