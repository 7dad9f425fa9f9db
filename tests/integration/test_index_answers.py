"""Whatever happens to the index, and whenever: its answers are what Python finds by looking at every event."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.answers import Dimension, Snapshot
from data.clock import Clock
from data.index import building, counting, folding, merging, tables
from data.index.damage import note_damage
from data.index.digests import SegmentDamaged
from data.index.indexer import Indexer
from data.index.reader import IndexedReaders
from data.query import EventQuery, parse_query
from data.records import Draft, Event
from data.store import Database, UnitOfWork
from data.store.terms import terms_of
from tests.hand_clock import HandClock
from tests.index_checker import check_index, make_small
from tests.integration.checks import World, check_events, check_facet, check_histogram
from tests.integration.conftest import NewDatabase
from tests.integration.events import UTC_ZONE, all_events, append, take_snapshot
from tests.integration.forgetting import erase_row, remove_rows
from tests.integration.killing import Killed, killed_before
from tests.strategies import ZONES, dense_world, queries

DRAFTS = dense_world()
IDS = [draft.id for draft in DRAFTS if draft.id is not None]


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that ten million events bring about comes with a few hundred."""
    make_small(monkeypatch)
    monkeypatch.setattr(building, "LEAST", 8)
    monkeypatch.setattr(merging, "CAPS", (20, 40, 80, 160))
    monkeypatch.setattr(folding, "LEAST", 20)
    monkeypatch.setattr(folding, "MOST", 200)
    for name in ("_ROWS_MOST", "_ROWS_MOST_OF_MANY", "_CODED_MOST", "_SAMPLED"):
        monkeypatch.setattr(counting, name, 15)


def lose(connection: sa.Connection, table: sa.Table, key: int, _other: int) -> None:
    """A part is not there any more."""
    connection.execute(sa.delete(table).where(table.c.key == key))


def flip(connection: sa.Connection, table: sa.Table, key: int, _other: int) -> None:
    """The last bit of a part is another."""
    body = connection.execute(sa.select(table.c.body).where(table.c.key == key)).scalar_one()
    flipped = body[:-1] + bytes([body[-1] ^ 1])
    connection.execute(sa.update(table).where(table.c.key == key).values(body=flipped))


def swap(connection: sa.Connection, table: sa.Table, key: int, other: int) -> None:
    """A part, with its digest, stands in the place of another."""
    read = sa.select(table.c.digest, table.c.body).where(table.c.key == other)
    digest, body = connection.execute(read).one()
    connection.execute(sa.update(table).where(table.c.key == key).values(digest=digest, body=body))


HARMS = (lose, flip, swap)


@dataclass
class Life:
    """One database, and what is done to it."""

    database: Database
    chance: Random
    left: list[Draft]
    held: ExitStack = field(default_factory=ExitStack)
    open_works: list[UnitOfWork] = field(default_factory=list)
    snapshot: Snapshot | None = None
    seen: list[Event] = field(default_factory=list)
    erased: set[tuple[UUID, bool]] = field(default_factory=set)

    @property
    def is_shared(self) -> bool:
        return not self.database.location.is_embedded

    def append(self) -> None:
        """Some events arrive, in no order."""
        append(self.database, self._take(60))

    def begin(self) -> None:
        """A writer adds events, and does not commit yet."""
        if self.is_shared:
            work = self.held.enter_context(self.database.writing())
            work.events.append(*self._take(5))
            self.open_works.append(work)

    def end(self) -> None:
        """The writer that has waited for longest commits."""
        if self.open_works:
            self.open_works.pop(0).commit()

    def index(self) -> None:
        """The indexer runs."""
        Indexer(self.database).run(most=40)

    def crash(self) -> None:
        """It runs, and is killed before some statement or commit."""
        with pytest.raises(Killed), killed_before(self.database, self.chance.randrange(60)):
            Indexer(self.database).run(most=40)
            raise Killed  # it was through before

    def damage(self) -> None:
        """A part of some segment changes, goes, or is replaced by another."""
        table, how = self.chance.choice(tables.PARTS), self.chance.choice(HARMS)
        with self.database.upkeep_writing() as connection:
            keys = connection.execute(sa.select(table.c.key).order_by(table.c.key)).scalars().all()
            if keys:
                how(connection, table, self.chance.choice(keys), self.chance.choice(keys))

    def remove(self) -> None:
        """Some events are removed that happened one after the other, but for a few of them."""
        events = sorted(all_events(self.database), key=lambda one: one.id)
        if events:
            first = self.chance.randrange(len(events))
            near = events[first : first + self.chance.randint(1, 40)]
            try:
                remove_rows(self.database, {one.id for one in near if self.chance.random() < 0.9} or {near[0].id})
            except SegmentDamaged as damaged:  # which has to be mended first
                note_damage(self.database.upkeep_writing, damaged.segment)

    def erase(self) -> None:
        """Of some event the personal part is erased, or all of it; of one perhaps first the one and then the other."""
        # What was not yet committed when somebody began to read, and erased since, counts as if it had been.
        known = {event.id for event in self.seen}
        events = [event for event in all_events(self.database) if self.snapshot is None or event.id in known]
        if events:
            chosen, whole = self.chance.choice(events), self.chance.random() < 0.5
            if (chosen.id, whole) not in self.erased and (chosen.id, True) not in self.erased:
                self.erased.add((chosen.id, whole))
                erase_row(self.database, chosen.id, chosen.id, whole=whole)

    def see(self) -> None:
        """Somebody begins to read."""
        self.snapshot = take_snapshot(self.database)
        self.seen = [*all_events(self.database)]

    def world(self) -> World:
        """What is to be seen by whoever began to read, and what came later."""
        if self.snapshot is None:
            self.see()
        assert self.snapshot is not None
        known = {event.id for event in self.seen}
        # As they are now: what has been removed or erased meanwhile, nobody sees as it was.
        now = [*all_events(self.database)]
        early = [event for event in now if event.id in known]
        return World(self.database, self.snapshot, early, [event for event in now if event.id not in known])

    def _take(self, most: int) -> list[Draft]:
        taken = [self.left.pop() for _ in range(min(len(self.left), self.chance.randint(1, most)))]
        return taken


STEPS = {
    "append": Life.append,
    "begin": Life.begin,
    "end": Life.end,
    "index": Life.index,
    "crash": Life.crash,
    "damage": Life.damage,
    "remove": Life.remove,
    "erase": Life.erase,
    "see": Life.see,
}
OFTEN = [*STEPS, "append", "append", "append", "index", "index", "crash"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    steps=st.lists(st.sampled_from(OFTEN), min_size=6, max_size=25),
    asked=st.lists(st.tuples(queries(IDS), st.sampled_from(ZONES), st.sampled_from(Dimension)), min_size=4, max_size=4),
)
def test_answers_are_right_whatever_happens(
    new_database: NewDatabase,
    seed: int,
    steps: list[str],
    asked: list[tuple[EventQuery, ZoneInfo, Dimension]],
) -> None:
    clock: Clock = HandClock()
    with new_database(clock) as database:
        life = make_life(database, seed)
        with database.writing() as work:  # a writer that adds a name is waited for by all who need it
            work.events.terms.ids({term for draft in DRAFTS for term in terms_of(draft).values()})
            work.commit()
        with life.held:
            for step in steps:
                STEPS[step](life)
            world = life.world()
            for query, zone, dimension in asked:
                check_answers(world, query, zone, dimension)
                with database.reading(UTC_ZONE) as reader:
                    now = World(database, reader.snapshot(), [*world.early, *world.late], [])
                check_answers(now, query, zone, dimension)


def make_life(database: Database, seed: int) -> Life:
    """A database whose logs are answered from the index, with nothing in it."""
    database._readers = IndexedReaders()
    chance = Random(seed)
    return Life(database, chance, chance.sample(DRAFTS, len(DRAFTS)))


def check_answers(world: World, query: EventQuery, zone: ZoneInfo, *dimensions: Dimension) -> None:
    """Pages, counts, the facets of these dimensions and the histogram."""
    with world.database.reading(zone) as reader:
        check_events(reader, world, query, zone, 40)
        for dimension in dimensions:
            check_facet(reader, world, query, zone, dimension, 5)
        check_histogram(reader, world, query, zone, 24)


@pytest.mark.parametrize("how", HARMS)
@pytest.mark.parametrize("table", tables.PARTS, ids=lambda table: table.name)
def test_damage_is_noticed_told_and_mended_and_no_answer_is_wrong(
    new_database: NewDatabase, table: sa.Table, how: Callable[[sa.Connection, sa.Table, int, int], None]
) -> None:
    with new_database(HandClock()) as database:
        life = make_life(database, 1)
        for _ in range(6):
            life.append()
            life.index()
        with database.upkeep_writing() as connection:
            keys = connection.execute(sa.select(table.c.key).order_by(table.c.key)).scalars().all()
            for key, other in zip(keys, (*keys[1:], keys[0]), strict=True):
                how(connection, table, key, other)
        world = life.world()
        for text in (
            "last:all",
            "outcome:failure last:all",
            "during:2026-10..2026-11",
            "actor:*a* -type:s3.* last:all",
        ):
            check_answers(world, parse_query(text), UTC_ZONE, Dimension.ACTOR, Dimension.TARGET)
        with database.upkeep_reading() as connection:
            assert connection.execute(sa.select(tables.damage)).all()

        mended = Indexer(database).run(most=40).mended
        check_index(database)
        readers = database._readers = IndexedReaders()
        check_answers(world, parse_query("last:all"), UTC_ZONE, Dimension.ACTOR)
        assert mended and not readers.noticed
