"""Holds over a real database: placed, found by the events that they hold, and lifted."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from data.clock import Clock
from data.holds import Hold, query_of_client, query_to_hold, text_to_hold
from data.records import Draft, Event, Reference
from data.store import Database
from data.store.holds import HoldReader, HoldWriter
from tests.hand_clock import NOW
from tests.integration.events import UTC_ZONE, all_events, append, plain_drafts
from tests.integration.raw_access import run_raw
from tests.members import ALICE

CLIENT = Reference("api_client", "c-Ab3dE5gH", "Payroll sync")


@pytest.fixture
def database(kept_address: str, clock: Clock) -> Iterator[Database]:
    run_raw(kept_address, "DELETE FROM hold")
    with closing(Database(kept_address, clock=clock, durable=False)) as database:
        yield database


def held(text: str) -> Hold:
    kept = text_to_hold(query_to_hold(text), NOW, UTC_ZONE)
    return Hold(uuid4(), kept, "a dispute", NOW, ALICE)


def place(database: Database, *holds: Hold) -> None:
    with database.writing() as work:
        for hold in holds:
            HoldWriter(work.connection).place(hold)
        work.commit()


def holding(database: Database, event: Event) -> Hold | None:
    with database.upkeep_reading() as connection:
        return HoldReader(connection).holding(event)


def in_force(database: Database) -> tuple[Hold, ...]:
    with database.upkeep_reading() as connection:
        return HoldReader(connection).in_force()


def test_a_hold_is_kept_as_it_was_placed_until_it_is_lifted(database: Database) -> None:
    placed = held("outcome:denied during:2026-01")
    place(database, placed)
    assert in_force(database) == (placed,)
    with database.writing() as work:
        HoldWriter(work.connection).lift(placed.id, NOW, ALICE)
        work.commit()
    assert in_force(database) == ()
    with database.upkeep_reading() as connection:
        assert HoldReader(connection).find(placed.id) == replace(placed, lifted_at=NOW, lifted_by=ALICE)


def test_it_holds_what_its_query_selects_and_the_oldest_one_that_does_is_named(database: Database) -> None:
    append(database, plain_drafts(1))
    (event, *_) = all_events(database)
    assert holding(database, event) is None
    older, newer = held("type:project.*"), replace(held("last:all"), placed_at=NOW + timedelta(seconds=1))
    place(database, newer, held("type:member.*"), older)
    assert holding(database, event) == older


def test_a_hold_on_a_client_holds_all_in_which_it_took_part(database: Database) -> None:
    hold = Hold(uuid4(), text_to_hold(query_of_client("c-Ab3dE5gH"), NOW, UTC_ZONE), "a dispute", NOW, ALICE)
    place(database, hold)
    long_ago = NOW - timedelta(days=3000)
    append(
        database,
        [
            Draft(type="project.created", occurred_at=long_ago, client=CLIENT),
            Draft(type="project.created", occurred_at=long_ago + timedelta(seconds=1), actor=CLIENT),
            Draft(type="project.created", occurred_at=long_ago + timedelta(seconds=2), target=CLIENT),
            Draft(
                type="project.created", occurred_at=long_ago + timedelta(seconds=3), target=replace(CLIENT, id="c-1")
            ),
        ],
    )
    found = sorted((one for one in all_events(database) if one.occurred_at < NOW), key=lambda one: one.occurred_at)
    assert [holding(database, event) for event in found] == [hold, hold, hold, None]


def test_one_that_cannot_be_read_holds_everything(database: Database) -> None:
    append(database, plain_drafts(1))
    (event, *_) = all_events(database)
    place(database, Hold(uuid4(), "colour:red", "a dispute", NOW, ALICE))
    assert holding(database, event) is not None
