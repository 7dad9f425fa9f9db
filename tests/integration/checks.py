"""A reader's answers to one query over one world, each held against what Python finds by looking at every event."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from zoneinfo import ZoneInfo

from data.answers import Cursor, Dimension, Direction, Facet, Snapshot, StoredEvent
from data.clock import to_microseconds
from data.query import Clause, EventQuery, Key, Pattern
from data.records import Draft, Event, Log, Outcome, Seal
from data.store import Database, EventReader
from data.store.encoding import decode
from tests.hand_clock import NOW, HandClock
from tests.integration.events import EVERYTHING, all_events, append, take_snapshot
from tests.integration.oracle import bearing, groups, matching, pattern_of


@dataclass(frozen=True, slots=True)
class World:
    """Events in a log of a database: those that a snapshot of `NOW` holds, and those that were appended later."""

    database: Database
    snapshot: Snapshot
    early: list[Event]
    late: list[Event]
    live_since_us: int = 0
    """What both happened and arrived before is archived; by default nothing is."""


def make_world(
    database: Database,
    clock: HandClock,
    early: Sequence[Draft],
    late: Sequence[Draft],
    log: Log = Log.CHANGES,
    upkeep: Callable[[Database, Log], None] = lambda database, log: None,
) -> World:
    """Append the events, and let time pass: answers are those of the snapshot's moment. `upkeep` comes now and then."""
    middle = len(early) // 2
    append(database, early[:middle], log)
    upkeep(database, log)
    append(database, early[middle:], log)
    snapshot = take_snapshot(database, log)
    clock.move(days=400)
    append(database, late, log)
    upkeep(database, log)
    events = all_events(database, log)
    late_ids = {draft.id for draft in late}
    assert {event.id for event in events} == {draft.id for draft in early} | late_ids
    return World(
        database,
        snapshot,
        [event for event in events if event.id not in late_ids],
        [event for event in events if event.id in late_ids],
    )


def check_events(reader: EventReader, world: World, query: EventQuery, zone: ZoneInfo, limit: int) -> None:
    """Pages of `limit` in both directions, the count, and how many came later."""
    expected = matching(query, world.early, NOW, zone, world.live_since_us)
    assert _walk(reader, query, Cursor(world.snapshot, Direction.OLDER), limit, len(expected)) == expected
    assert _walk(reader, query, Cursor(world.snapshot, Direction.NEWER), limit, len(expected)) == expected[::-1]
    stored = [
        decode(one.body, one.personal) for one in _stored(reader, query, Cursor(world.snapshot, Direction.NEWER), limit)
    ]
    # How an event stands is nothing that its two parts say.
    assert [_plainly(event) for event in stored] == [_plainly(event) for event in expected[::-1]]
    assert reader.count(query, world.snapshot) == len(expected)
    assert reader.arrived(query, world.snapshot) == len(matching(query, world.late, NOW, zone, world.live_since_us))


def check_histogram(reader: EventReader, world: World, query: EventQuery, zone: ZoneInfo, most_buckets: int) -> None:
    """Few enough buckets, consecutive, each with its own events, all of them together with all events."""
    expected = matching(query, world.early, NOW, zone, world.live_since_us)
    buckets = reader.histogram(query, world.snapshot, most_buckets=most_buckets).buckets
    assert len(buckets) <= most_buckets
    assert sum(bucket.count for bucket in buckets) == len(expected)
    assert all(earlier.end_us == later.start_us for earlier, later in pairwise(buckets))
    for bucket in buckets:
        assert bucket.start_us < bucket.end_us
        # What is said to happen after today does not stretch the last days: it is in the last bucket.
        end_us = inf if bucket is buckets[-1] else bucket.end_us
        inside = [event for event in expected if bucket.start_us <= to_microseconds(event.occurred_at) < end_us]
        assert bucket.count == len(inside)
        assert bucket.not_ok == sum(event.outcome is not Outcome.SUCCESS for event in inside)


def check_facet(
    reader: EventReader, world: World, query: EventQuery, zone: ZoneInfo, dimension: Dimension, limit: int
) -> None:
    """Each value counts what a clause with it finds, and where groups can be told apart, groups are what is counted."""
    (facet,) = reader.facets(query, world.snapshot, [dimension], limit=limit)
    key = Key(dimension)
    elsewhere = EventQuery(tuple(clause for clause in query.clauses if clause.key is not key))
    others = matching(elsewhere, world.early, NOW, zone, world.live_since_us)
    named = {value for clause in query.of(key) for value in clause.values}
    values = [value.value for value in facet.values]
    assert facet.dimension is dimension
    assert len(set(values)) == len(values)
    assert named <= set(values)
    for value in facet.values:
        asked = elsewhere.adding(Clause(key, (value.value,)))
        assert (
            value.count
            == len(matching(asked, world.early, NOW, zone, world.live_since_us))
            == reader.count(asked, world.snapshot)
        )
    listed = [value.count for value in facet.values if value.value not in named]
    assert listed == sorted(listed, reverse=True)
    _check_groups(facet, groups(dimension, others), others, zone, limit)


def check_matching(
    reader: EventReader, world: World, query: EventQuery, zone: ZoneInfo, dimension: Dimension, text: str
) -> None:
    """What is found are the groups that bear the text, as many as there are, each counting what a clause finds."""
    (facet,) = reader.facets(query, world.snapshot, [dimension], limit=1000, matching=text)
    key = Key(dimension)
    elsewhere = EventQuery(tuple(clause for clause in query.clauses if clause.key is not key))
    others = matching(elsewhere, world.early, NOW, zone, world.live_since_us)
    expected = bearing(dimension, text, others, [*world.early, *world.late])
    assert facet.distinct == len(expected)
    found = []
    for value in facet.values:
        members = matching(EVERYTHING.adding(Clause(key, (value.value,))), others, NOW, zone)
        assert value.count == len(members)
        assert text.casefold() in (value.also or value.label).casefold() or dimension is Dimension.TYPE
        found.append(members)
    for name, members in expected.items():
        literal = Pattern.literal(name) if dimension is Dimension.TYPE and not name.endswith(".*") else None
        if _is_clear(dimension, members, others, zone, literal):
            assert matching(EVERYTHING, members, NOW, zone) in found
    (first,) = reader.facets(query, world.snapshot, [dimension], limit=1, matching=text)
    assert (first.distinct, len(first.values)) == (len(expected), min(len(expected), 1))


def _check_groups(
    facet: Facet, expected: dict[str, list[Event]], others: list[Event], zone: ZoneInfo, limit: int
) -> None:
    assert facet.distinct == len(expected)
    clear = [members for members in expected.values() if _is_clear(facet.dimension, members, others, zone)]
    if len(clear) == len(expected):
        most_frequent = sorted(map(len, clear), reverse=True)[:limit]
        assert [value.count for value in facet.values[: len(most_frequent)]] == most_frequent
    if len(expected) <= limit:
        key = Key(facet.dimension)
        found = [matching(EVERYTHING.adding(Clause(key, (value.value,))), others, NOW, zone) for value in facet.values]
        for members in clear:
            assert members in found


def _is_clear(
    dimension: Dimension, members: list[Event], others: list[Event], zone: ZoneInfo, literal: Pattern | None = None
) -> bool:
    """Whether a group can be asked for and nothing else is found: no other's name is its id, or the other way round.

    Asked for by `literal`, or else in the most exact way.
    """
    asked = EVERYTHING.adding(Clause(Key(dimension), (literal or pattern_of(dimension, members[0]),)))
    return all(event in members for event in matching(asked, others, NOW, zone))


def _stored(reader: EventReader, query: EventQuery, start: Cursor, limit: int) -> Iterator[StoredEvent]:
    cursor: Cursor | None = start
    while cursor is not None:
        page = reader.stored_page(query, cursor, limit=limit)
        assert len(page.items) == limit or page.next is None
        yield from page.items
        cursor = page.next


def _walk(reader: EventReader, query: EventQuery, cursor: Cursor, limit: int, expected: int) -> list[Event]:
    """All pages from the cursor on, or what is too much by a page."""
    found: list[Event] = []
    following: Cursor | None = cursor
    while following is not None and len(found) <= expected:
        page = reader.page(query, following, limit=limit)
        assert len(page.items) == limit or page.next is None
        found += page.items
        following = page.next
    return found


def _plainly(event: Event) -> Event:
    return replace(event, seal=Seal.UNSEALED, erasure=None)
