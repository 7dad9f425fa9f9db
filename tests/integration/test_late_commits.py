"""PostgreSQL, where a lower order of arrival can commit later: a snapshot holds what was committed, and no more."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.answers import Cursor, Snapshot
from data.records import Draft
from data.store import Database, UnitOfWork, snapshots
from data.store.identity import id_of
from tests.hand_clock import HandClock
from tests.integration.conftest import NewDatabase
from tests.integration.events import EVERYTHING, UTC_ZONE, append, count_arrived, held_ids, plain_drafts, take_snapshot
from tests.integration.raw_access import run_raw, stored_events

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_address: str) -> Iterator[Database]:
    with closing(Database(postgres_address, clock=HandClock())) as opened:
        # Whose names are in the dictionary: a writer that adds one makes all others wait who want to add the same.
        append(opened, plain_drafts(1))
        yield opened


def new_draft() -> Draft:
    (draft,) = plain_drafts(1)
    return replace(draft, id=id_of(draft))


def snapshot_before_a_commit(database: Database, low: Draft, newer: int = 1) -> tuple[Snapshot, set[UUID]]:
    """A snapshot of so many events that arrived after `low`, which is committed only then; and what the snapshot held."""
    with database.writing() as slow:
        slow.events.append(low)
        append(database, [new_draft() for _ in range(newer)])
        snapshot = take_snapshot(database)
        before = held_ids(database, snapshot)
        slow.commit()
    return snapshot, before


def test_lower_arrival_that_commits_later_is_in_no_earlier_snapshot(postgres_address: str, database: Database) -> None:
    low, high = new_draft(), new_draft()
    with database.writing() as slow:
        slow.events.append(low)
        append(database, [high, *(new_draft() for _ in range(5))])
        snapshot = take_snapshot(database)
        before = held_ids(database, snapshot)
        with database.reading(UTC_ZONE) as reader:
            first = reader.page(EVERYTHING, Cursor(snapshot), limit=3)
        slow.commit()

    arrival = [event.id for event in stored_events(postgres_address)]
    assert arrival.index(id_of(low)) < arrival.index(id_of(high))
    assert low.id not in before
    assert held_ids(database, snapshot) == before
    with database.reading(UTC_ZONE) as reader:
        rest = reader.page(EVERYTHING, first.next, limit=100)
    assert {event.id for event in (*first.items, *rest.items)} == before
    assert count_arrived(database, snapshot) == 1
    assert held_ids(database, take_snapshot(database)) == before | {low.id}


def test_arrival_far_below_the_snapshot_that_commits_later(
    postgres_address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_LATE_SEQS", 2)
    low = new_draft()
    snapshot, before = snapshot_before_a_commit(database, low, newer=5)

    assert [event.id for event in stored_events(postgres_address)][1] == id_of(low)
    assert held_ids(database, snapshot) == before
    assert count_arrived(database, snapshot) == 1


def test_transaction_that_is_rolled_back_is_never_seen(database: Database) -> None:
    with database.writing() as given_up:
        given_up.events.append(new_draft())
        append(database, [new_draft()])
        snapshot = take_snapshot(database)

    assert len(held_ids(database, snapshot)) == 2
    assert count_arrived(database, snapshot) == 0
    assert len(held_ids(database, take_snapshot(database))) == 2


def test_arrival_numbered_before_the_snapshot_in_a_transaction_begun_after_it(
    postgres_address: str, database: Database
) -> None:
    numbered = run_raw(postgres_address, "SELECT nextval(pg_get_serial_sequence('event', 'seq'))")[0][0]
    append(database, [new_draft()])
    snapshot = take_snapshot(database)

    columns = "recorded_at, occurred_at, type, outcome, actor, flags, leaf, salt, body, personal"
    run_raw(
        postgres_address,
        f"INSERT INTO event (seq, id, {columns}) OVERRIDING SYSTEM VALUE "
        f"SELECT {numbered}, gen_random_uuid(), {columns} FROM event LIMIT 1",
    )

    assert [event.seq for event in stored_events(postgres_address)] == [1, 2, 3]
    assert snapshot.seq == 3
    with database.reading(UTC_ZONE) as reader:
        assert reader.count(EVERYTHING, snapshot) == 2
    assert count_arrived(database, snapshot) == 1


def test_snapshot_outlives_freezing(postgres_address: str, database: Database) -> None:
    snapshot, before = snapshot_before_a_commit(database, new_draft())

    run_raw(postgres_address, "VACUUM (FREEZE) event")

    assert held_ids(database, snapshot) == before
    assert count_arrived(database, snapshot) == 1


def test_snapshot_of_later_rounds_of_the_transaction_counter(database: Database) -> None:
    snapshot, before = snapshot_before_a_commit(database, new_draft())

    # Rows keep 32 bits of an id, snapshots 64: after the counter's first round the two differ by whole rounds.
    rounds = 5 * 2**32
    open_xids = tuple(xid + rounds for xid in snapshot.open_xids)
    later = replace(snapshot, xmin=snapshot.xmin + rounds, xmax=snapshot.xmax + rounds, open_xids=open_xids)

    assert open_xids
    assert held_ids(database, later) == before
    assert count_arrived(database, later) == 1


@dataclass
class Writer:
    """A transaction that is open for as long as the test likes, and what it has appended so far."""

    stack: ExitStack
    work: UnitOfWork
    ids: set[UUID] = field(default_factory=set)


STEPS = st.tuples(
    st.sampled_from(("append", "append", "commit", "roll back", "snapshot", "snapshot")), st.integers(0, 2)
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=20))
def test_snapshots_amid_any_transactions(new_postgres: NewDatabase, steps: list[tuple[str, int]]) -> None:
    with new_postgres(HandClock()) as database:
        append(database, plain_drafts(1))
        committed = held_ids(database, take_snapshot(database))
        snapshots: list[tuple[Snapshot, set[UUID]]] = []
        writers: dict[int, Writer] = {}
        with ExitStack() as stacks:
            for step, number in steps:
                if step == "snapshot":
                    snapshots.append((take_snapshot(database), set(committed)))
                    continue
                if number not in writers:
                    stack = stacks.enter_context(ExitStack())
                    writers[number] = Writer(stack, stack.enter_context(database.writing()))
                if step == "append":
                    draft = new_draft()
                    writers[number].work.events.append(draft)
                    writers[number].ids.add(id_of(draft))
                    continue
                ended = writers.pop(number)
                if step == "commit":
                    ended.work.commit()
                    committed |= ended.ids
                ended.stack.close()

        for snapshot, expected in snapshots:
            assert held_ids(database, snapshot) == expected
            assert count_arrived(database, snapshot) == len(committed - expected)
        assert held_ids(database, take_snapshot(database)) == committed
