"""Importing: the same record twice is one event, other content under one identity is told, also in a race."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from threading import Barrier

import pytest

from data.records import AppendResult, Change, Draft, Source
from data.store import Database
from tests.integration.events import all_events, append, plain_drafts
from tests.integration.raw_access import count_rows, run_raw


def imported(count: int) -> list[Draft]:
    """That many records of another system."""
    return [
        replace(draft, source=Source("elsewhere", str(number)), reason=f"record {number}")
        for number, draft in enumerate(plain_drafts(count))
    ]


def changed(draft: Draft) -> Draft:
    """Another record under the same identity."""
    return replace(draft, reason="something else")


def test_importing_twice_adds_nothing(address: str, database: Database) -> None:
    drafts = imported(3)

    assert append(database, drafts) == AppendResult(3, 0)
    assert append(database, drafts) == AppendResult(0, 3)

    assert count_rows(address, "event") == count_rows(address, "pending") == 3


def test_import_goes_on_where_another_stopped(database: Database) -> None:
    append(database, imported(2))

    assert append(database, imported(5)) == AppendResult(3, 2)

    assert len(all_events(database)) == 5


def test_other_content_under_the_same_identity_is_told_and_not_taken(database: Database) -> None:
    drafts = imported(3)
    append(database, drafts)

    result = append(database, [drafts[0], changed(drafts[1]), *imported(4)[3:], changed(drafts[2])])

    assert result == AppendResult(1, 1, (1, 3))
    assert {event.reason for event in all_events(database)} == {f"record {number}" for number in range(4)}


def test_twins_within_one_call_are_told_apart(database: Database) -> None:
    first, second = imported(2)

    result = append(database, [first, first, second, changed(first), first])

    assert result == AppendResult(2, 2, (3,))


def test_same_identity_at_another_source_or_time_is_another_event(database: Database) -> None:
    (draft,) = imported(1)
    elsewhere = replace(draft, source=Source("elsewhere else", "0"))
    (later,) = plain_drafts(2)[1:]

    assert append(database, [draft, elsewhere, replace(later, source=draft.source)]).added == 3


def test_event_of_this_log_that_comes_back_from_a_file_is_a_duplicate(database: Database) -> None:
    draft = replace(plain_drafts(1)[0], reason="asked", changes=(Change("name", 1.5, 2**60), Change("status", 0.1, 1)))
    append(database, [draft])
    (event,) = all_events(database)
    exported = {field.name: getattr(event, field.name) for field in fields(Draft)}

    read_again = replace(Draft(**exported), source=Source("auditdeck", str(event.id)))

    assert append(database, [read_again]) == AppendResult(0, 1)


def test_record_whose_personal_part_was_erased_is_a_duplicate(address: str, database: Database) -> None:
    (draft,) = imported(1)
    append(database, [draft])
    of_table = " ON event" if "://" in address else ""
    run_raw(address, f"DROP TRIGGER event_no_update{of_table}", "UPDATE event SET salt = NULL, personal = NULL")

    assert append(database, [draft]) == AppendResult(0, 1)

    (erased,) = all_events(database)
    assert (erased.type, erased.occurred_at) == (draft.type, draft.occurred_at)
    assert (erased.reason, erased.source) == (None, None)


def test_more_records_than_one_look_up_takes(database: Database) -> None:
    drafts = imported(1201)

    assert append(database, drafts[:1001]) == AppendResult(1001, 0)
    assert append(database, drafts) == AppendResult(200, 1001)


def test_two_imports_of_the_same_records_at_once_add_each_once(address: str, database: Database) -> None:
    drafts = [replace(draft, service=f"service {number}") for number, draft in enumerate(imported(500))]
    start = Barrier(2)

    def run(own: Database) -> AppendResult:
        start.wait(timeout=30)
        return append(own, drafts)

    other = Database(address, clock=database.clock)
    with ThreadPoolExecutor(2) as pool:
        results = [*pool.map(run, (database, other), timeout=60)]
    other.close()

    assert sum(result.added for result in results) == 500
    assert sum(result.duplicates for result in results) == 500
    assert {event.service for event in all_events(database)} == {draft.service for draft in drafts}
    assert count_rows(address, "event") == count_rows(address, "pending") == 500


def test_imports_from_both_ends_never_wait_for_each_other(address: str, database: Database) -> None:
    append(database, plain_drafts(1))  # the names are known, so that nobody waits before the events themselves
    drafts = imported(5)
    others = [Database(address, clock=database.clock) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        with database.writing() as work:
            work.events.append_new(drafts[2:3])
            # Taken in their own order, each import would now lock two records and then wait for the middle one.
            imports = [pool.submit(append, others[0], drafts), pool.submit(append, others[1], drafts[::-1])]
            _wait_for_waiting(address, 2)
        results = [one.result(timeout=30) for one in imports]
    for other in others:
        other.close()

    assert sorted(result.added for result in results) == [0, 5]
    assert count_rows(address, "event") == count_rows(address, "pending") == 6


@pytest.mark.parametrize(
    ("first_commits", "second_differs", "expected"),
    [
        (True, False, AppendResult(1, 1)),
        (True, True, AppendResult(1, 0, (1,))),
        (False, False, AppendResult(2, 0)),
        (False, True, AppendResult(2, 0)),
    ],
)
def test_record_that_another_import_is_just_adding(
    address: str, database: Database, first_commits: bool, second_differs: bool, expected: AppendResult
) -> None:
    new, (draft,) = plain_drafts(2)[1], imported(1)
    other = Database(address, clock=database.clock)
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as work:
            work.events.append_new([draft])
            second = pool.submit(append, other, [new, changed(draft) if second_differs else draft])
            _wait_for_waiting(address, 1)
            if first_commits:
                work.commit()
        result = second.result(timeout=30)
    other.close()

    assert result == expected
    reasons = {event.reason for event in all_events(database)}
    assert reasons == {None, "something else" if second_differs and not first_commits else "record 0"}


def _wait_for_waiting(address: str, imports: int) -> None:
    """Wait until so many imports wait for a lock. On SQLite each waits for its turn, and nothing depends on when."""
    if "://" not in address:
        return
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 10
    while run_raw(address, waiting)[0][0] < imports:
        assert time.monotonic() < deadline, "the imports never came to wait"
        time.sleep(0.005)
