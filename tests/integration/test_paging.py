"""What is read does not move: pages join without a gap or a repeat, whatever is committed while somebody reads."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest

from data.answers import Cursor, Direction
from data.query import parse_query
from data.records import Draft
from data.store import Database
from data.store.plain_reader import PlainReader
from tests.hand_clock import NOW, HandClock
from tests.integration.events import (
    EVERYTHING,
    UTC_ZONE,
    all_events,
    append,
    count_arrived,
    held_ids,
    plain_drafts,
    take_snapshot,
)

# Beside the event just read: into what was read, into what comes next, within the same millisecond, far away.
ALL_AROUND = tuple(
    timedelta(microseconds=distance)
    for distance in (0, 1, -1, 500_000, -500_000, 3_000_000, -3_000_000, 10**12, -(10**12))
)


@pytest.fixture
def other(address: str) -> Iterator[Database]:
    """The same database, through a connection of its own."""
    with closing(Database(address, clock=HandClock())) as another:
        yield another


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("limit", [1, 3, 20])
def test_pages_join_while_events_arrive_between_them(
    database: Database, other: Database, direction: Direction, limit: int
) -> None:
    append(database, plain_drafts(20))
    written = [event.id for event in all_events(database)]
    snapshot = take_snapshot(database)
    read: list[UUID] = []
    late = 0
    following: Cursor | None = Cursor(snapshot, direction)

    while following is not None and len(read) <= len(written):
        with database.reading(UTC_ZONE) as reader:
            page = reader.page(EVERYTHING, following, limit=limit)
        read += [event.id for event in page.items]
        following = page.next
        at = page.items[-1].occurred_at
        late += append(other, [Draft(type="user.created", occurred_at=at + step) for step in ALL_AROUND]).added

    assert read == (written if direction is Direction.OLDER else written[::-1])
    assert count_arrived(database, snapshot) == late
    assert held_ids(database, snapshot) == set(written)
    assert len(held_ids(database, take_snapshot(database))) == 20 + late


@pytest.mark.parametrize("at", [0, 7, 19])
def test_reading_back_from_any_place_meets_reading_on(database: Database, other: Database, at: int) -> None:
    append(database, plain_drafts(20))
    written = all_events(database)
    snapshot = take_snapshot(database)
    append(other, [Draft(type="user.created", occurred_at=event.occurred_at) for event in written])

    with database.reading(UTC_ZONE) as reader:
        on = reader.page(EVERYTHING, Cursor(snapshot, Direction.OLDER, written[at].id), limit=100).items
        back = reader.page(EVERYTHING, Cursor(snapshot, Direction.NEWER, written[at].id), limit=100).items

    assert (*back[::-1], written[at], *on) == written


def test_last_page_that_is_full_has_no_next(database: Database) -> None:
    append(database, plain_drafts(6))

    with database.reading(UTC_ZONE) as reader:
        first = reader.page(EVERYTHING, limit=3)
        assert first.next is not None
        second = reader.page(EVERYTHING, first.next, limit=3)

    assert (len(first.items), len(second.items), second.next) == (3, 3, None)


def test_empty_log_has_one_empty_page(database: Database) -> None:
    snapshot = take_snapshot(database)
    assert held_ids(database, snapshot) == set()

    append(database, plain_drafts(2))

    assert held_ids(database, snapshot) == set()
    assert count_arrived(database, snapshot) == 2


def test_last_days_are_counted_from_the_snapshot(database: Database, clock: HandClock) -> None:
    query = parse_query("last:1h")
    append(database, plain_drafts(3, start=NOW - timedelta(minutes=59)))
    snapshot = take_snapshot(database)
    clock.move(hours=3)

    with database.reading(UTC_ZONE) as reader:
        assert reader.count(query, snapshot) == 3
        assert reader.count(query, reader.snapshot()) == 0


def test_rows_are_streamed_by_the_statement_that_asks_for_it_alone(database: Database) -> None:
    append(database, plain_drafts(1))

    with database.reading(UTC_ZONE) as reader:
        assert isinstance(reader, PlainReader)
        reader.page(EVERYTHING)

        assert "yield_per" not in reader._connection.get_execution_options()
