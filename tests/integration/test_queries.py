"""Queries over one dense world: each clause by itself, and random ones together."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Cursor, Dimension
from data.query import Clause, EventQuery, Key
from data.query.model import TIME_KEYS
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

# What a clause selects is the same on each engine.
_SELECTED: dict[tuple[Clause, str], set[UUID]] = {}
BY_KEY = {Key(dimension): dimension for dimension in Dimension}


@pytest.fixture(scope="module", params=ENGINES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The dense world, on each engine in turn. Nobody writes to it."""
    clock = HandClock()
    late = DRAFTS[::ONE_IN]
    early = [draft for draft in DRAFTS if draft not in late]
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("dense") / "audit.db"
        with closing(Database(str(path), clock=clock)) as database:
            database.open()
            yield make_world(database, clock, early, late)
        return
    server: PostgresServer = request.getfixturevalue("server")
    with server.migrated_database() as address, closing(Database(address, clock=clock)) as database:
        yield make_world(database, clock, early, late)


@pytest.mark.parametrize(
    ("key", "zone_name"), [*((key, "UTC") for key in Key), *((key, "Europe/Berlin") for key in Key if key in TIME_KEYS)]
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


@settings(max_examples=40, deadline=None)
@given(query=queries(IDS), zone=st.sampled_from(ZONES), limit=st.integers(20, 120))
def test_events_of_any_query(world: World, query: EventQuery, zone: ZoneInfo, limit: int) -> None:
    with world.database.reading(zone) as reader:
        check_events(reader, world, query, zone, limit)


@settings(max_examples=40, deadline=None)
@given(query=queries(IDS), zone=st.sampled_from(ZONES), most_buckets=st.sampled_from((60, 24, 7, 1)))
def test_histogram_of_any_query(world: World, query: EventQuery, zone: ZoneInfo, most_buckets: int) -> None:
    with world.database.reading(zone) as reader:
        check_histogram(reader, world, query, zone, most_buckets)


@settings(max_examples=30, deadline=None)
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


@settings(max_examples=60, deadline=None)
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
