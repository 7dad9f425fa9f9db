"""Holds over a real database: placed, found by the events that they hold, and lifted."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from data.access.errors import NotPermitted
from data.caller import Caller
from data.clients.errors import ClientNotFound
from data.clock import Clock
from data.holds import Hold, HoldError, HoldNotFound, query_of_client, query_to_hold, text_to_hold
from data.query import parse_query, print_query
from data.records import Draft, Event, Outcome, Reference
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.holds import HoldReader, HoldWriter
from tests.hand_clock import NOW, HandClock
from tests.integration.client_worlds import ALICE as BY
from tests.integration.client_worlds import named
from tests.integration.events import UTC_ZONE, all_events, append, plain_drafts
from tests.integration.raw_access import run_raw
from tests.members import ALICE, enrol

BERLIN = ZoneInfo("Europe/Berlin")
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


# As a service.


@pytest.fixture
def log(kept_address: str, clock: HandClock) -> Iterator[AuditLog]:
    run_raw(kept_address, "DELETE FROM hold")
    with closing(AuditLog(kept_address, BERLIN, clock=clock, durable=False)) as log:
        log.open()
        enrol(log.gate.database)
        yield log


def told(log: AuditLog, about: Hold) -> list[Event]:
    """What the log tells of a hold, first that it was placed."""
    found = [event for event in all_events(log.gate.database) if event.target and event.target.id == str(about.id)]
    return sorted(found, key=lambda event: event.type, reverse=True)


def all_told(log: AuditLog) -> int:
    return len([event for event in all_events(log.gate.database) if event.type.startswith("log.hold")])


def test_placing_and_lifting_are_events_with_their_reasons(log: AuditLog, clock: HandClock) -> None:
    placed = log.holds.place(BY, parse_query("outcome:denied last:2d"), " a dispute ")
    assert (placed.text, placed.reason, placed.placed_by) == (
        "outcome:denied after:2026-11-18t23:00z",
        "a dispute",
        ALICE,
    )
    clock.move(days=3)
    with log.gate.database.upkeep_reading() as connection:
        assert HoldReader(connection).in_force() == (placed,)
    lifted = log.holds.lift(BY, placed.id, "settled")
    assert (lifted.lifted_at, lifted.lifted_by) == (clock(), ALICE)
    first, last = told(log, placed)
    assert (first.type, first.reason, last.type, last.reason) == (
        *("log.hold_placed", "a dispute"),
        *("log.hold_lifted", "settled"),
    )
    assert first.data == last.data == {"hold": str(placed.id), "query": placed.text}
    assert first.target == last.target == placed.reference
    assert log.holds.all() == ()
    with pytest.raises(HoldNotFound, match="was lifted by Alice Moss"):
        log.holds.lift(BY, placed.id, "again")


def test_a_hold_on_a_client_is_told_in_its_log(log: AuditLog) -> None:
    client = log.clients.create(BY, named("Payroll sync"))
    hold = log.holds.place_on_client(BY, client.client.id, "a dispute")
    assert hold.text == f"{client.client.id} last:all"
    (event,) = told(log, hold)
    assert event.client == client.client.reference
    with pytest.raises(ClientNotFound):
        log.holds.place_on_client(BY, "c-nobody", "a dispute")


@pytest.mark.parametrize(
    ("query", "reason", "said"),
    [
        ("last:all", " ", "[Ww]hy"),
        ("last:all", "x" * 1_001, "1,000"),
        ("during:today..2026-01-01", "a dispute", "no moment"),
    ],
)
def test_what_cannot_be_held_is_refused_and_leaves_nothing(log: AuditLog, query: str, reason: str, said: str) -> None:
    before = all_told(log)
    with pytest.raises(HoldError, match=said):
        log.holds.place(BY, parse_query(query), reason)
    assert log.holds.all() == () and all_told(log) == before


def test_who_may_not_is_told_so_and_the_log_tells_it(log: AuditLog) -> None:
    reader = Reference("member", "m-reader", "Rea Der")
    enrol(log.gate.database, [reader], roles=["reviewer"])
    hold = log.holds.place(BY, parse_query("last:all"), "a dispute")
    with pytest.raises(NotPermitted, match="settings:write"):
        log.holds.lift(Caller(reader), hold.id, "over")
    assert log.holds.all() == (hold,)
    _placed, refused = told(log, hold)
    assert (refused.type, refused.outcome, refused.actor) == ("log.hold_lifted", Outcome.DENIED, reader)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("client:c-1", "client:c-1 last:all"),
        ("", "last:all"),
        ("client:c-1 last:30d", "client:c-1 last:30d"),
        ("client:c-1 before:2026", "client:c-1 before:2026"),
        ("-during:2026 client:c-1", "-during:2026 client:c-1"),
    ],
)
def test_a_typed_query_without_a_time_is_about_all_time(typed: str, meant: str) -> None:
    assert print_query(query_to_hold(typed)) == meant
