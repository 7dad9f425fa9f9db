"""What is damaged is made anew from the events, and several who keep one index do not harm it."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from data.index import building, folding, merging, repair, tables
from data.index.damage import note_damage
from data.index.indexer import Indexed, Indexer
from data.index.old_segments import old_segments
from data.index.segment_writer import Overtaken
from data.index.switching import switching
from data.records import Log
from data.stop import Stop
from data.store import Database
from tests.hand_clock import HandClock
from tests.index_checker import check_index, check_places, make_small, sizes
from tests.integration.events import append
from tests.integration.varied_events import varied


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)
    monkeypatch.setattr(building, "LEAST", 16)
    monkeypatch.setattr(merging, "CAPS", (30, 60, 90, 120))
    monkeypatch.setattr(folding, "LEAST", 100)


def fill(database: Database) -> list[int]:
    """A base segment, a late one over its end and the next one's beginning, and that: their numbers, and 324 events."""
    append(database, varied(range(0, 250, 2)))
    append(database, varied(range(60)), Log.REQUESTS)
    Indexer(database).run()
    append(database, varied(range(252, 500, 2)))
    Indexer(database).run()
    append(database, varied(range(175, 325, 2)))
    Indexer(database).run()
    with database.upkeep_reading() as connection:
        found = old_segments(connection, Log.CHANGES)
    assert [one.is_late for one in found] == [False, True, False]
    return [one.id for one in found]


def spoil(database: Database, part: sa.Table, segment: int) -> None:
    """Alter a part of a segment, so that its digest tells."""
    with database.upkeep_writing() as connection:
        first = sa.select(sa.func.min(part.c.key)).where(part.c.key >= segment << tables.KEY_BITS).scalar_subquery()
        connection.execute(sa.update(part).where(part.c.key == first).values(body=b"something else"))


@pytest.mark.parametrize("part", tables.PARTS, ids=lambda part: str(part.name))
def test_a_damaged_segment_is_made_anew(database: Database, part: sa.Table) -> None:
    segments = fill(database)
    for segment in segments[:2]:
        spoil(database, part, segment)
        note_damage(database.upkeep_writing, segment)
    note_damage(database.upkeep_writing, segments[0])  # by another reader, too
    assert Indexer(database).is_due()
    assert Indexer(database).run().mended == 2
    assert sum(check_index(database)[Log.CHANGES]) == 324
    assert not Indexer(database).is_due() and Indexer(database).run() == Indexed()


@pytest.mark.parametrize("part", [tables.pack, tables.place], ids=lambda part: str(part.name))
def test_damage_that_merging_finds_is_mended_before_it_goes_on(database: Database, part: sa.Table) -> None:
    append(database, varied(range(21)))
    assert Indexer(database).run().segments == 1
    spoil(database, part, 1)
    append(database, varied(range(21, 42)))
    done = Indexer(database).run()
    assert (done.mended, done.merged) == (1, 2)
    assert check_index(database)[Log.CHANGES] == [42]


def test_damage_that_is_noted_of_what_is_gone_is_forgotten(database: Database) -> None:
    fill(database)
    with database.upkeep_writing() as connection:
        connection.execute(sa.insert(tables.damage).values(segment=10_000))
    assert Indexer(database).run() == Indexed()
    check_index(database)
    assert not Indexer(database).is_due()


@pytest.mark.postgres
def test_transactions_of_another_server_are_forgotten(postgres_address: str, clock: HandClock) -> None:
    with closing(Database(postgres_address, clock=clock)) as database:
        segments = fill(database)
        with database.upkeep_writing() as connection:
            change = sa.update(tables.segment).where(tables.segment.c.id == segments[0])
            connection.execute(change.values(built_by=1 << 60))
        Indexer(database).run()
        with database.upkeep_reading() as connection:
            built_by = dict(map(tuple, connection.execute(sa.select(tables.segment.c.id, tables.segment.c.built_by))))
        assert built_by.pop(segments[0]) == 0 and all(built_by.values())


@pytest.mark.parametrize("each_believes_to_be_alone", [False, True])
def test_several_indexers_at_once_do_not_harm_each_other(
    database: Database, monkeypatch: pytest.MonkeyPatch, each_believes_to_be_alone: bool
) -> None:
    if each_believes_to_be_alone:  # as one is whose connection to the server broke

        @contextmanager
        def alone(_database: Database, _key: int) -> Iterator[bool]:
            yield True

        monkeypatch.setattr(Database, "upkeep_alone", alone)
    together = threading.Barrier(2)
    failed: list[BaseException] = []

    def keep() -> None:
        together.wait(10)
        try:
            for _ in range(5):
                Indexer(database).run(most=40)
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=keep) for _ in range(2)]
    append(database, varied(range(0, 60, 2)))
    for thread in threads:
        thread.start()
    for number in range(8):
        append(database, varied(range(60 + 30 * number, 90 + 30 * number, 1)))
        append(database, varied(range(1 + number, 60, 16)))
    for thread in threads:
        thread.join(60)
    assert not failed
    Indexer(database).run()
    assert sum(check_index(database)[Log.CHANGES]) > 250


def test_only_whoever_is_alone_builds(database: Database) -> None:
    append(database, varied(range(60)))
    with database.upkeep_alone(int.from_bytes(b"adckindx")) as is_alone:
        assert is_alone and Indexer(database).run() == Indexed()
    assert Indexer(database).run().events == 60
    with database.upkeep_reading() as connection:
        assert sizes(connection, Log.CHANGES) == [60]


def test_what_became_live_meanwhile_is_no_leftover_and_what_was_given_up_becomes_live_no_more(
    database: Database,
) -> None:
    append(database, varied(range(60)))
    lend, stop = database.upkeep_writing, Stop()
    with database.upkeep_reading() as connection:
        batch = building.waiting(connection, Log.CHANGES, 100)
    slow, dead = (building.write_segment(batch, lend, Log.CHANGES, stop, is_late=False) for _ in range(2))
    with database.upkeep_reading() as connection:
        assert len(connection.execute(sa.select(tables.segment)).all()) == 2
        with switching(lend) as switch:
            switch.index(Log.CHANGES, list(batch.filled("seq")))
            switch.make_live([slow])
        repair.remove_hidden(connection, lend, stop)  # as the transaction sees it, neither is live
    check_places(database)
    with pytest.raises(Overtaken), switching(lend) as switch:
        switch.make_live([dead])
