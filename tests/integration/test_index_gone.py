"""What was removed or erased is out of the index at once, and the segments that had it are made anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from uuid import UUID

import pytest
import sqlalchemy as sa
from pyroaring import BitMap

from data.index import building, folding, merging, repair, tables
from data.index.gone import write_gone
from data.index.indexer import Indexer
from data.index.inspection import inspect, unlisted
from data.index.old_segments import old_segments
from data.index.reader import IndexedReaders
from data.index.segment_writer import Lend
from data.index.switching import Switch
from data.query import parse_query
from data.records import Log
from data.store import Database
from data.store.tables import event
from tests.index_checker import check_index, make_small
from tests.integration.events import UTC_ZONE, all_events, append
from tests.integration.forgetting import erase_row, remove_rows
from tests.integration.varied_events import varied


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    make_small(monkeypatch)
    monkeypatch.setattr(building, "LEAST", 16)
    monkeypatch.setattr(merging, "CAPS", (30, 60, 90, 120))
    monkeypatch.setattr(folding, "LEAST", 100)


@pytest.fixture
def ids(database: Database) -> list[UUID]:
    """The ids of 200 events in two segments, oldest first."""
    database._readers = IndexedReaders()
    for first in (0, 100):
        append(database, varied(range(first, first + 100)))
        Indexer(database).run()
    return sorted(event.id for event in all_events(database))


def findings(database: Database) -> list[str]:
    with database.upkeep_reading() as connection:
        told = [inspect(connection, (Log.CHANGES, one))[1] for one in old_segments(connection, Log.CHANGES)]
        assert unlisted(connection, Log.CHANGES) == (0, 0)
    return [sentence for sentence in told if sentence is not None]


def count(database: Database, text: str) -> int:
    with database.reading(UTC_ZONE) as reader:
        return reader.count(parse_query(text), reader.snapshot())


def gone(database: Database) -> int:
    with database.upkeep_reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.gone)).scalar_one()


def test_what_is_removed_is_left_out_until_there_is_enough_to_make_a_segment_anew(
    database: Database, ids: list[UUID]
) -> None:
    remove_rows(database, ids[5:15])
    assert count(database, "last:all") == 190 and gone(database) == 1 and findings(database) == []
    assert not Indexer(database).is_due()
    remove_rows(database, ids[15:30])
    assert count(database, "last:all") == 175 and findings(database) == []
    assert Indexer(database).is_due() and Indexer(database).run().mended == 1
    assert sum(check_index(database)[Log.CHANGES]) == 175 == count(database, "last:all") and gone(database) == 0


def test_a_segment_of_which_nothing_is_left_goes(database: Database, ids: list[UUID]) -> None:
    remove_rows(database, ids[:100])
    Indexer(database).run()
    assert check_index(database)[Log.CHANGES] == [100] and gone(database) == 0


def test_an_erased_event_is_found_by_what_is_left_of_it_at_once_and_afterwards(
    database: Database, ids: list[UUID]
) -> None:
    chosen = next(one for one in all_events(database) if one.ip is not None and one.id < ids[100])
    by_address = f"ip:{chosen.ip} last:all"
    before = count(database, by_address)
    for whole in (False, True):
        erase_row(database, chosen.id, ids[-1], whole=whole)
        assert count(database, by_address) == before - 1 and count(database, "last:all") == 200
        assert count(database, "type:log.tombstone last:all") == whole
        assert findings(database) == []
    assert Indexer(database).run().mended
    assert count(database, by_address) == before - 1 and count(database, "type:log.tombstone last:all") == 1
    assert findings(database) == []
    append(database, varied(range(200, 230)))
    Indexer(database).run()
    assert sum(check_index(database)[Log.CHANGES]) == 230
    assert count(database, "type:log.tombstone last:all") == 1


def just_before_the_switch(monkeypatch: pytest.MonkeyPatch, module: ModuleType, what: Callable[[], None]) -> list[bool]:
    """What to do just before a module switches for the first time; what it gives holds once that was done."""
    done: list[bool] = []

    @contextmanager
    def switching(lend: Lend) -> Iterator[Switch]:
        if not done:
            done.append(True)
            what()
        with usual(lend) as switch:
            yield switch

    usual = module.switching
    monkeypatch.setattr(module, "switching", switching)
    return done


def test_what_is_removed_while_a_segment_is_made_anew_stays_removed(
    database: Database, ids: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_rows(database, ids[:30])
    done = just_before_the_switch(monkeypatch, repair, lambda: remove_rows(database, ids[40:45]))
    Indexer(database).run()
    assert done and count(database, "last:all") == 165 and findings(database) == []
    assert sum(check_index(database)[Log.CHANGES]) == 165


def test_what_is_erased_while_it_is_indexed_is_indexed_as_it_is_then(
    database: Database, ids: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, varied(range(200, 230)))
    waits = tables.UNINDEXED[Log.CHANGES].c.seq
    has_address = event.c.ip.is_not(None)
    with database.upkeep_reading() as connection:
        chosen = connection.scalars(sa.select(event.c.id).where(event.c.seq.in_(sa.select(waits)), has_address)).all()[
            0
        ]
    done = just_before_the_switch(monkeypatch, building, lambda: erase_row(database, chosen, ids[0]))
    Indexer(database).run()
    assert done and findings(database) == []
    check_index(database)


def test_a_mask_over_what_is_there_is_told_of(database: Database, ids: list[UUID]) -> None:
    remove_rows(database, ids[:5])
    with database.upkeep_writing() as connection:
        segment, body = connection.execute(sa.select(tables.gone.c.segment, tables.gone.c.body)).one()
        write_gone(connection, segment, BitMap.deserialize(body) | BitMap([50]))
    with database.upkeep_reading() as connection:
        told = [inspect(connection, (Log.CHANGES, one))[1] for one in old_segments(connection, Log.CHANGES)]
    assert [sentence for sentence in told if sentence] == ["A part of the index leaves out an event that is there."]
