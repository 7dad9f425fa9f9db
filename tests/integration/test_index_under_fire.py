"""Twelve writers and two that would be the keeper, killed at random with their server: what was acknowledged is found."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from random import Random
from threading import Thread
from uuid import UUID

import pytest

from data.answers import Cursor, Dimension
from data.errors import DatabaseError, DatabaseUnavailable
from data.index import building, merging
from data.index.indexer import Indexer
from data.index.reader import IndexedReaders
from data.query import parse_query
from data.store import Database
from data.store.identity import id_of
from tests.index_checker import check_index
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events
from tests.integration.postgres_server import PostgresServer, running_server
from tests.integration.varied_events import varied

pytestmark = pytest.mark.postgres

WRITERS, PROGRAMS = 12, 3
ROUNDS = 6
ROUND_S = 0.8
_LIMIT_S = 60


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
            *(partial(started, write, address, over, tmp_path, number) for number in range(PROGRAMS)),
            *(partial(started, keep, address, over) for _ in range(2)),
        ]
        programs = [start() for start in starts]
        for round_ in range(ROUNDS):
            time.sleep(ROUND_S)
            if round_ == ROUNDS // 2:
                fragile_server.crash()
            else:
                place = chance.randrange(len(programs))
                end(programs[place])
                programs[place] = starts[place]()
        over.set()
        for program in programs:
            program.join(_LIMIT_S)
            program.kill()
            assert program.exitcode == 0

        acknowledged = {UUID(line) for path in tmp_path.iterdir() for line in path.read_text().splitlines()}
        assert len(acknowledged) > 100
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


@contextmanager
def trying_again(over: Flag) -> Iterator[None]:
    """Where the server is away, wait a little instead of ending."""
    try:
        yield
    except (DatabaseUnavailable, DatabaseError):
        time.sleep(0.1)


def write(address: str, over: Flag, told: Path, number: int) -> None:
    """Four writers of one program: each event is told in a file once its commit has returned."""
    with closing(Database(address)) as database, (told / f"{number}-{os.getpid()}").open("a", buffering=1) as file:
        threads = [
            Thread(target=_write, args=(database, over, file.write, number * 10 + writer))
            for writer in range(WRITERS // PROGRAMS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _write(database: Database, over: Flag, tell: Callable[[str], int], writer: int) -> None:
    chance = Random(os.getpid() * 100 + writer)
    while not over.is_set():
        # Identities of their own, in no order of time, sharing the same few names.
        (draft,) = varied([chance.randrange(1 << 30)])
        draft = replace(draft, id=None)
        with trying_again(over), database.writing() as work:
            draft = replace(draft, id=id_of(draft))
            work.events.append(draft)
            time.sleep(chance.random() / 50)  # others commit meanwhile
            work.commit()
            tell(f"{draft.id}\n")


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


def started(target: Callable[..., None], *arguments: object) -> SpawnProcess:
    """A program of its own that does this."""
    program = get_context("spawn").Process(target=target, args=arguments)
    program.start()
    return program


def end(program: SpawnProcess) -> None:
    """Kill it, in the middle of whatever it does."""
    if program.pid is not None:
        with suppress(ProcessLookupError):
            os.kill(program.pid, signal.SIGKILL)
    program.join(_LIMIT_S)
