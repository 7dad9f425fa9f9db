"""The archive is an age: what both happened and arrived before the live edge no query selects that does not reach it."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Cursor, Dimension, Direction
from data.clock import to_microseconds
from data.index import counting
from data.index.reader import IndexedReaders
from data.policy import changed_policy
from data.query import EventQuery, parse_query
from data.query.editing import with_archive
from data.query.matching import is_older, matches
from data.records import Draft, Event, Log
from data.store import Database
from data.store.ages import edge_at
from data.store.identity import id_at
from data.store.policies import PolicyWriter
from data.store.tables import LOG_TABLES
from tests.conftest import ENGINES
from tests.hand_clock import NOW, HandClock
from tests.index_checker import make_small
from tests.integration.checks import World, check_events, check_facet, check_histogram
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, append, take_snapshot
from tests.integration.oracle import matching
from tests.integration.postgres_server import PostgresServer
from tests.integration.test_queries import EVERY_WAY, count_waiting, index_most, live_families
from tests.strategies import ZONES, dense_world, queries

DAYS = 20
"""So many days the events of these worlds spread over, in happening and in arriving."""

_MICROSECOND = timedelta(microseconds=1)
_AROUND = (timedelta(0), -_MICROSECOND, _MICROSECOND, -timedelta(milliseconds=1), timedelta(seconds=1))
BERLIN = ZoneInfo("Europe/Berlin")


def start_of_day(days: int, zone: ZoneInfo) -> datetime:
    """When the day began that lies so many days before `NOW`."""
    return datetime.combine(NOW.astimezone(zone).date() - timedelta(days=days), time.min, zone)


def live_since(days: int, zone: ZoneInfo) -> int:
    return to_microseconds(start_of_day(days, zone))


def some_moment(chance: Random) -> datetime:
    """Any of the days, often just around where one begins."""
    if chance.random() < 0.5:
        return start_of_day(chance.randrange(DAYS), chance.choice(ZONES)) + chance.choice(_AROUND)
    return NOW - timedelta(microseconds=chance.randrange(DAYS * 86_400_000_000))


def old_world(database: Database, clock: HandClock, log: Log, *, is_indexed: bool) -> World:
    """Events that happened and arrived at any of the days, in no order; the newest of them after the snapshot."""
    chance = Random(7)
    drafts = [aged(draft, number, chance) for number, draft in enumerate(dense_world())]
    # Whole segments are old in one way alone.
    drafts[40:200] = sorted(drafts[40:200], key=lambda draft: draft.occurred_at, reverse=True)
    arrivals = sorted(some_moment(chance) for _ in range(len(drafts) // 12))
    for at in arrivals:
        clock.now = at
        append(database, [drafts.pop() for _ in range(10)], log)
    clock.now = NOW
    if is_indexed:
        index_most(database, log)
    snapshot = take_snapshot(database, log)
    early = [*all_events(database, log)]
    clock.move(hours=1)
    append(database, drafts, log)
    known = {event.id for event in early}
    late = [event for event in all_events(database, log) if event.id not in known]
    return World(database, snapshot, early, late)


def aged(draft: Draft, number: int, chance: Random) -> Draft:
    """The same event, as one of these days."""
    at = some_moment(chance)
    return replace(draft, occurred_at=at, id=id_at(to_microseconds(at), number))


def keep_live(database: Database, days: int, zone: ZoneInfo) -> None:
    """Let the rules say so."""
    with database.upkeep_writing() as connection:
        writer = PolicyWriter(connection)
        wanted = changed_policy(writer.read(), "live_days", str(days))
        writer.change("live_days", wanted)
        writer.change("zone", changed_policy(wanted, "zone", zone.key))


@pytest.fixture(scope="module", params=[(engine, kind) for engine in ENGINES for kind in ("plain", "indexed")])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The old world, on each engine in turn, read by scanning and by the index."""
    engine, kind = request.param
    clock = HandClock()
    with ExitStack() as stack:
        if engine == "sqlite":
            address = str(tmp_path_factory.mktemp("old") / "audit.db")
        else:
            server: PostgresServer = request.getfixturevalue("server")
            address = stack.enter_context(server.migrated_database())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        make_small(patch)
        for name, value in EVERY_WAY.items():
            patch.setattr(counting, name, value)
        is_indexed = kind == "indexed"
        readers = IndexedReaders() if is_indexed else None
        database = stack.enter_context(closing(Database(address, clock=clock, readers=readers)))
        database.open()
        world = old_world(database, clock, Log.CHANGES, is_indexed=is_indexed)
        with database.upkeep_reading() as connection:
            assert not is_indexed or len({*live_families(connection)}) == 2
            assert count_waiting(connection, Log.CHANGES) > 0
        yield world


some_days = st.integers(1, DAYS + 1)
some_zones = st.sampled_from(ZONES)
_WORLD_IDS = [id_at(0, number) for number in range(3)]


@settings(max_examples=40, deadline=None)
@given(query=queries(_WORLD_IDS), zone=some_zones, days=some_days, home=some_zones, limit=st.integers(20, 120))
def test_events_of_any_query(
    world: World, query: EventQuery, zone: ZoneInfo, days: int, home: ZoneInfo, limit: int
) -> None:
    keep_live(world.database, days, home)
    aged_world = replace(world, live_since_us=live_since(days, home))
    with world.database.reading(zone) as reader:
        check_events(reader, aged_world, query, zone, limit)
        assert reader.live_since(world.snapshot) == aged_world.live_since_us


@settings(max_examples=40, deadline=None)
@given(
    query=queries(_WORLD_IDS), zone=some_zones, days=some_days, home=some_zones, dimension=st.sampled_from(Dimension)
)
def test_counts_of_any_query(
    world: World, query: EventQuery, zone: ZoneInfo, days: int, home: ZoneInfo, dimension: Dimension
) -> None:
    keep_live(world.database, days, home)
    aged_world = replace(world, live_since_us=live_since(days, home))
    with world.database.reading(zone) as reader:
        check_facet(reader, aged_world, query, zone, dimension, 5)
        check_histogram(reader, aged_world, query, zone, 24)


@pytest.mark.parametrize("days", [1, 5, 12, DAYS + 1])
def test_the_archive_is_what_a_query_that_reaches_it_finds_more(world: World, days: int) -> None:
    keep_live(world.database, days, BERLIN)
    edge = live_since(days, BERLIN)
    older = [event for event in world.early if is_older(event, edge)]
    assert bool(older) is (days <= DAYS) and len(older) < len(world.early)
    with world.database.reading(UTC_ZONE) as reader:
        live = reader.page(EVERYTHING, Cursor(world.snapshot), limit=1000).items
        every = reader.page(with_archive(EVERYTHING), Cursor(world.snapshot), limit=1000).items
        assert reader.leaves_out(EVERYTHING, world.snapshot) is (days <= DAYS)
        assert not reader.leaves_out(with_archive(EVERYTHING), world.snapshot)
        assert not reader.leaves_out(parse_query("last:1d"), world.snapshot)
    assert {event.id for event in every} - {event.id for event in live} == {event.id for event in older}


def test_an_archived_event_is_found_by_its_id_and_by_no_part_of_it(world: World) -> None:
    keep_live(world.database, 3, BERLIN)
    one, other = world.early[-1], world.early[-30]
    assert is_older(one, live_since(3, BERLIN)) and is_older(other, live_since(3, BERLIN))
    part = str(one.id)[:-1]
    alike = [event for event in world.early if str(event.id).startswith(part)]
    with world.database.reading(UTC_ZONE) as reader:
        assert reader.get(one.id) == one
        for text, expected in (
            (f"id:{one.id}", [one]),
            (f"id:{one.id},{other.id}", [other, one]),
            (f"id:{part}*", []),
            (f"id:{part}* in:archive", alike),
            (f"id:{one.id},{part}*", []),
            (f"-id:{one.id} before:2026-11-14", []),
        ):
            query = parse_query(text)
            page = reader.page(query, Cursor(world.snapshot))
            assert [event for event in page.items if event in (*alike, other)] == expected, text
            assert reader.count(query, world.snapshot) >= len(expected)


def test_pages_go_on_over_the_edge_of_their_snapshot(world: World) -> None:
    """A day passes between two pages, and the edge moves on: who reads on sees what the first page's snapshot holds."""
    keep_live(world.database, 9, BERLIN)
    edge = live_since(9, BERLIN)
    expected = matching(EVERYTHING, world.early, NOW, UTC_ZONE, edge)
    clock = world.database.clock
    assert isinstance(clock, HandClock)
    before = clock.now
    found: list[Event] = []
    cursor: Cursor | None = Cursor(world.snapshot, Direction.OLDER)
    try:
        while cursor is not None:
            with world.database.reading(UTC_ZONE) as reader:
                page = reader.page(EVERYTHING, cursor, limit=60)
                found += page.items
                cursor = page.next
            clock.move(days=1)
        with world.database.reading(UTC_ZONE) as reader:
            later = reader.count(EVERYTHING, reader.snapshot())
    finally:
        clock.now = before
    assert found == expected
    assert later < len(expected) + len(world.late)


def test_one_event_is_matched_as_the_readers_match_it(world: World) -> None:
    edge = live_since(6, BERLIN)
    keep_live(world.database, 6, BERLIN)
    for text in ("last:all", "last:all in:archive", "outcome:success before:2026-11-15"):
        query = parse_query(text)
        with world.database.reading(UTC_ZONE) as reader:
            ids = {event.id for event in reader.page(query, Cursor(world.snapshot), limit=1000).items}
        fitting = [one for one in world.early if matches(query, one, NOW, UTC_ZONE, live_since_us=edge)]
        assert {one.id for one in fitting} == ids


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_dates_that_begin_around_the_edge(world: World, shift: int) -> None:
    keep_live(world.database, 6, UTC_ZONE)
    aged_world = replace(world, live_since_us=live_since(6, UTC_ZONE))
    first = start_of_day(6 + shift, UTC_ZONE)
    with world.database.reading(UTC_ZONE) as reader:
        for text in (f"after:{first:%Y-%m-%d}", f"during:{first:%Y-%m-%d}", f"before:{first:%Y-%m-%d}"):
            check_events(reader, aged_world, parse_query(text), UTC_ZONE, 50)
            check_histogram(reader, aged_world, parse_query(text), UTC_ZONE, 24)


@pytest.mark.parametrize(
    "text", ["straße last:all", "straße last:all in:archive", "straße -service:x in:archive last:9d"]
)
def test_what_has_to_be_looked_up_is_counted_as_far_as_the_query_reaches(world: World, text: str) -> None:
    keep_live(world.database, 5, BERLIN)
    aged_world = replace(world, live_since_us=live_since(5, BERLIN))
    query = parse_query(text)
    with world.database.reading(BERLIN) as reader:
        check_events(reader, aged_world, query, BERLIN, 50)
        check_facet(reader, aged_world, query, BERLIN, Dimension.ACTOR, 5)
        check_histogram(reader, aged_world, query, BERLIN, 24)


def test_an_edge_is_found_by_halves(world: World) -> None:
    table = LOG_TABLES[Log.CHANGES].table
    with world.database.upkeep_reading() as connection:
        rows = connection.execute(sa.select(table.c.seq, table.c.recorded_at)).all()
        for us in {row.recorded_at + shift for row in rows for shift in (-1, 0, 1)}:
            edge = edge_at(connection, table, us)
            assert {row.seq for row in rows if row.seq <= edge.seq} == {row.seq for row in rows if row.recorded_at < us}


def test_an_edge_is_searched_once(world: World) -> None:
    """A whole day asks for the same one."""
    keep_live(world.database, 4, BERLIN)
    asked: list[str] = []
    with world.database.reading(UTC_ZONE) as reader:
        reader.count(EVERYTHING, world.snapshot)
        assert reader.leaves_out(EVERYTHING, world.snapshot)
    engine = world.database._engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        with world.database.reading(UTC_ZONE) as reader:
            reader.count(EVERYTHING, world.snapshot)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert not [one for one in asked if "recorded_at" in one]
