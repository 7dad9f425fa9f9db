"""Writers and keepers, killed at random and on PostgreSQL with their server: what was acknowledged is sealed, and once.

`AUDITDECK_UNDER_FIRE_S=60` has it burn for a minute; a few seconds are for every day.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from random import Random
from threading import Thread

import pytest
import sqlalchemy as sa

from data.clock import system_clock
from data.index import building, merging
from data.index.indexer import Indexer
from data.merkle.checkpoints import open_checkpoint
from data.merkle.tree import Frontier
from data.proof import tables
from data.proof.errors import SealingRefused
from data.proof.log_keys import log_keys
from data.proof.sealer import Sealer
from data.proof.verifier import Verifier
from data.store import Database
from data.store.tables import event, pending
from tests.integration.postgres_server import PostgresServer, running_server
from tests.integration.programs import acknowledged_in, end, finish, started, trying_again, write

UNDER_FIRE_S = float(os.environ.get("AUDITDECK_UNDER_FIRE_S", "3"))
EVERY_S = 0.8
LEAST, LEAST_SIGNED, LIMIT_S = 30, 4, 60
PROGRAMS, WRITERS = 2, 2
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@contextmanager
def place(engine: str, folder: Path) -> Iterator[tuple[str, PostgresServer | None]]:
    """The address of a log, and its server, which may be crashed; None for a file."""
    if engine == "sqlite":
        address = str(folder / "log" / "audit.db")
        with closing(Database(address)) as database:
            database.open()
        yield address, None
        return
    with ExitStack() as stack:
        server = stack.enter_context(running_server())
        if not server.can_stop:
            pytest.skip("the server that AUDITDECK_TEST_POSTGRES names is not ours to kill")
        address = stack.enter_context(server.migrated_database())
        # As it is outside of tests: what was acknowledged outlives the server's processes.
        with server.connected(address) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")
        yield address, server


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_acknowledged_is_sealed_once_and_every_checkpoint_continues_the_others(
    engine: str, tmp_path: Path
) -> None:
    chance = Random(11)
    told, notes = tmp_path / "told", tmp_path / "notes"
    told.mkdir()
    notes.mkdir()
    with place(engine, tmp_path) as (address, server):
        over = get_context("spawn").Event()
        starts = [
            *(partial(started, write, address, over, told, number, WRITERS) for number in range(PROGRAMS)),
            *(partial(started, keep, address, over, tmp_path / "sealing.key", notes) for _ in range(2)),
        ]
        programs = [start() for start in starts]
        began, killed = time.monotonic(), 0
        # On a busy machine a program has hardly begun when the next one is killed.
        while time.monotonic() - began < UNDER_FIRE_S or (
            time.monotonic() - began < LIMIT_S
            and (len(acknowledged_in(told)) < LEAST or len(list(notes.iterdir())) < LEAST_SIGNED)
        ):
            time.sleep(EVERY_S * 2 * chance.random())
            killed += 1
            if server is not None and killed % 6 == 3:
                server.crash()
            else:
                chosen = chance.randrange(len(programs))
                end(programs[chosen])
                programs[chosen] = starts[chosen]()
        over.set()
        finish(programs)

        acknowledged = acknowledged_in(told)
        assert len(acknowledged) >= LEAST
        with closing(Database(address)) as database:
            sealer(database, tmp_path / "sealing.key").run()
            with database.upkeep_reading() as connection:
                events = set(connection.scalars(sa.select(event.c.id)))
                places = connection.execute(
                    sa.select(tables.leaf.c.idx, event.c.id).join_from(
                        event, tables.leaf, tables.leaf.c.seq == event.c.seq, isouter=True
                    )
                ).all()
                waiting = connection.execute(sa.select(sa.func.count()).select_from(pending)).scalar_one()
                leaves = [bytes(one) for one in connection.scalars(sa.select(tables.leaf.c.hash).order_by("idx"))]
                keys = log_keys(connection)
            assert acknowledged <= events and waiting == 0
            assert sorted(idx for idx, _id in places) == list(range(len(events))) == list(range(len(leaves)))
            assert Verifier(database, address).run().findings == ()
        signed = [path.read_text() for path in notes.iterdir()]
        assert len(signed) >= LEAST_SIGNED
        roots = roots_of(leaves)
        for note in signed:  # whoever was given one, whenever: it is of this very log
            checkpoint = open_checkpoint(note, keys.origin, keys.verifiers)
            assert checkpoint.root == roots[checkpoint.size]


def roots_of(leaves: Sequence[bytes]) -> list[bytes]:
    """The root of the tree of the first leaves, for every number of them."""
    tree = Frontier()
    roots = [tree.root()]
    for leaf in leaves:
        tree.add(leaf)
        roots.append(tree.root())
    return roots


def sealer(database: Database, key: Path) -> Sealer:
    return Sealer(database, system_clock, lambda _keys: key)


def keep(address: str, over: Flag, key: Path, notes: Path) -> None:
    """A keeper that hands on each checkpoint, and sees to the index by another thread, as the service does."""
    building.LEAST, merging.CAPS = 8, (20, 40, 80, 160)
    with closing(Database(address)) as database:
        indexing = Thread(target=_index, args=(database, over))
        indexing.start()
        mine = sealer(database, key)
        while not over.is_set():
            with trying_again(over), suppress(SealingRefused):  # where the other is about to note the first key
                note = mine.run().note
                if note is not None:
                    (notes / f"{os.getpid()}-{time.monotonic_ns()}").write_text(note)
            time.sleep(0.02)
        indexing.join()


def _index(database: Database, over: Flag) -> None:
    indexer = Indexer(database)
    while not over.is_set():
        with trying_again(over):
            indexer.run(most=40)
        time.sleep(0.02)
