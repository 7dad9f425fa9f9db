"""Queries over one dense world: each clause by itself, and random ones together."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Cursor, Dimension
from data.index import building, counting, tables
from data.index.aliases import Aliases
from data.index.reader import IndexedReaders
from data.query import Clause, EventQuery, Key
from data.query.model import TIME_KEYS
from data.records import Log
from data.stop import Stop
from data.store import Database
from tests.conftest import ENGINES
from tests.hand_clock import NOW, HandClock
from tests.integration.checks import World, check_events, check_facet, check_histogram, check_matching, make_world
from tests.integration.events import EVERYTHING
from tests.integration.oracle import matching
from tests.integration.postgres_server import PostgresServer
from tests.strategies import ZONES, dense_world, every_clause, queries, texts_in_names

DRAFTS = dense_world()
IDS = [draft.id for draft in DRAFTS if draft.id is not None]
ONE_IN = 12
"""Which of the events come late."""

SEGMENT = 61
"""So many events are put into a segment of the index."""

EVERY_WAY = {"_ROWS_MOST": 20, "_ROWS_MOST_OF_MANY": 40, "_CODED_MOST": 60, "_TRIED_AT_ONCE": 3, "_SAMPLED": 10}
"""So few that every way of counting is gone."""

# What a clause selects is the same on each engine.
_SELECTED: dict[tuple[Clause, str], set[UUID]] = {}
BY_KEY = {Key(dimension): dimension for dimension in Dimension}


def index_most(database: Database, log: Log) -> None:
    """Put most of what waits into small segments, those in order and late ones; the rest is read as it is."""
    aliases, waiting = Aliases(), SEGMENT
    while waiting >= SEGMENT:
        with database.upkeep_reading() as connection:
            waiting = count_waiting(connection, log)
            if waiting >= SEGMENT:
                building.build(connection, database.upkeep_writing, log, aliases, Stop(), most=SEGMENT)


@pytest.fixture(scope="module", params=[(engine, kind) for engine in ENGINES for kind in ("plain", "indexed")])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The dense world, on each engine in turn, read by scanning and by the index. Nobody writes to it."""
    engine, kind = request.param
    clock = HandClock()
    late = DRAFTS[::ONE_IN]
    early = [draft for draft in DRAFTS if draft not in late]
    with ExitStack() as stack:
        if engine == "sqlite":
            address = str(tmp_path_factory.mktemp("dense") / "audit.db")
        else:
            server: PostgresServer = request.getfixturevalue("server")
            address = stack.enter_context(server.migrated_database())
        if kind == "plain":
            database = stack.enter_context(closing(Database(address, clock=clock)))
            database.open()
            yield make_world(database, clock, early, late)
            return
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in EVERY_WAY.items():
            patch.setattr(counting, name, value)
        database = stack.enter_context(closing(Database(address, clock=clock, readers=IndexedReaders())))
        database.open()
        world = make_world(database, clock, early, late, upkeep=index_most)
        with database.upkeep_reading() as connection:
            assert len({*live_families(connection)}) == 2
            assert count_waiting(connection, Log.CHANGES) > 0
        yield world


def count_waiting(connection: sa.Connection, log: Log) -> int:
    """How many events no segment holds."""
    return connection.execute(sa.select(sa.func.count()).select_from(tables.UNINDEXED[log])).scalar_one()


def live_families(connection: sa.Connection) -> list[bool]:
    """Of each live segment, whether it is a late one."""
    table = tables.segment
    return [*connection.execute(sa.select(table.c.is_late).where(table.c.is_live)).scalars()]


@pytest.mark.parametrize(
    ("key", "zone_name"),
    [*((key, "UTC") for key in Key if key is not Key.IN), *((key, "Europe/Berlin") for key in Key if key in TIME_KEYS)],
)
def test_each_clause_by_itself(world: World, key: Key, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    sizes = set()
    with world.database.reading(zone) as reader:
        for clause in every_clause(key, IDS[::40]):
            query = EVERYTHING.adding(clause)
            if (clause, zone_name) not in _SELECTED:
                _SELECTED[clause, zone_name] = {event.id for event in matching(query, world.early, NOW, zone)}
            ids = _SELECTED[clause, zone_name]
            expected = sorted((one for one in world.early if one.id in ids), key=lambda one: one.id, reverse=True)
            assert reader.count(query, world.snapshot) == len(expected), clause
            if not clause.negated:
                page = reader.page(query, Cursor(world.snapshot), limit=len(DRAFTS))
                assert [*page.items] == expected, clause
            sizes.add(len(expected))
    assert len(sizes) > 1  # otherwise nothing was asked


@settings(max_examples=25, deadline=None)
@given(query=queries(IDS), zone=st.sampled_from(ZONES), limit=st.integers(20, 120))
def test_events_of_any_query(world: World, query: EventQuery, zone: ZoneInfo, limit: int) -> None:
    with world.database.reading(zone) as reader:
        check_events(reader, world, query, zone, limit)


@settings(max_examples=25, deadline=None)
@given(query=queries(IDS), zone=st.sampled_from(ZONES), most_buckets=st.sampled_from((60, 24, 7, 1)))
def test_histogram_of_any_query(world: World, query: EventQuery, zone: ZoneInfo, most_buckets: int) -> None:
    with world.database.reading(zone) as reader:
        check_histogram(reader, world, query, zone, most_buckets)


@settings(max_examples=25, deadline=None)
@given(query=queries(IDS), zone=st.sampled_from(ZONES), limit=st.sampled_from((100, 100, 1, 3)), data=st.data())
def test_facet_of_any_query(world: World, query: EventQuery, zone: ZoneInfo, limit: int, data: st.DataObject) -> None:
    asked = [BY_KEY[clause.key] for clause in query.clauses if clause.key in BY_KEY]
    dimension = data.draw(st.sampled_from(asked or [*Dimension]))
    with world.database.reading(zone) as reader:
        check_facet(reader, world, query, zone, dimension, limit)


@pytest.mark.parametrize("dimension", Dimension)
def test_facet_of_everything(world: World, dimension: Dimension) -> None:
    zone = ZoneInfo("UTC")
    with world.database.reading(zone) as reader:
        for limit in (100, 2):
            check_facet(reader, world, EVERYTHING, zone, dimension, limit)


@settings(max_examples=30, deadline=None)
@given(query=queries(IDS), zone=st.sampled_from(ZONES), dimension=st.sampled_from(Dimension), text=texts_in_names)
def test_values_that_bear_a_text(
    world: World, query: EventQuery, zone: ZoneInfo, dimension: Dimension, text: str
) -> None:
    with world.database.reading(zone) as reader:
        check_matching(reader, world, query, zone, dimension, text)


@pytest.mark.parametrize("text", ["moss", "M-", "100%_", "*", "?", "[a]", "\\", "ß", "İ", "s3.", "198.51.1", "nobody"])
@pytest.mark.parametrize("dimension", Dimension)
def test_values_of_everything_that_bear_a_text(world: World, dimension: Dimension, text: str) -> None:
    zone = ZoneInfo("UTC")
    with world.database.reading(zone) as reader:
        check_matching(reader, world, EVERYTHING, zone, dimension, text)
