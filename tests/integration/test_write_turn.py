"""Many writers, one embedded file: everybody gets a turn, nobody gets an error, and who dies holds up nobody."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from data.records import Source
from data.store import Database
from tests.integration.events import all_events, append, plain_drafts
from tests.integration.processes import commit_from_processes, die_while_writing
from tests.integration.raw_access import count_rows


def test_processes_that_each_commit_thirty_events(sqlite_address: str) -> None:
    assert commit_from_processes(sqlite_address, processes=4, events_each=30) == [0, 0, 0, 0]

    assert count_rows(sqlite_address, "event") == count_rows(sqlite_address, "pending") == 120
    with closing(Database(sqlite_address)) as database:
        assert len({event.id for event in all_events(database)}) == 120


def test_threads_that_share_a_database(address: str, database: Database) -> None:
    def run(_: int) -> int:
        return sum(append(database, [draft]).added for draft in plain_drafts(20))

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(run, range(4), timeout=60)] == [20] * 4

    assert count_rows(address, "event") == count_rows(address, "pending") == 80


def test_unit_of_work_has_the_lock_from_its_first_look(sqlite_address: str) -> None:
    drafts = [replace(draft, source=Source("elsewhere", "1")) for draft in plain_drafts(1)]
    with closing(Database(sqlite_address)) as database, closing(sqlite3.connect(sqlite_address, timeout=0)) as foreign:
        append(database, drafts)

        # With the lock taken at the first write only, what was read before could be out of date by then, and refused.
        with database.writing() as work:
            assert work.events.append_new(drafts).duplicates == 1
            with pytest.raises(sqlite3.OperationalError, match="database is locked"):
                foreign.execute("BEGIN IMMEDIATE")


def test_writer_that_dies_leaves_nothing_and_holds_up_nobody(sqlite_address: str) -> None:
    assert die_while_writing(sqlite_address) == 9

    with closing(Database(sqlite_address)) as database:
        assert append(database, plain_drafts(1)).added == 1
        assert len(all_events(database)) == 1
