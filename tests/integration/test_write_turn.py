"""Many writers, one embedded file: everybody gets a turn, nobody gets an error, and who dies holds up nobody."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.records import Source
from data.stopping import WRITERS
from data.store import Database
from data.store.write_turn import write_turn
from tests.integration.events import all_events, append, plain_drafts
from tests.integration.processes import (
    die_while_writing,
    one_that_commits,
    shares_of_processes,
)
from tests.integration.raw_access import count_rows

_KERNEL_LOCKS = Path("/proc/locks")
_LIMIT_S = 60
_UPKEEP = 20_261_122
"""A key that nothing else has."""


def test_processes_that_commit_one_event_after_another(sqlite_address: str) -> None:
    shares, exit_codes = shares_of_processes(sqlite_address, processes=4, events=1_600)

    assert exit_codes == [0, 0, 0, 0]
    assert min(shares) > max(shares) / 3, "nobody starves"
    assert sum(shares) == count_rows(sqlite_address, "event") == count_rows(sqlite_address, "pending")
    with closing(Database(sqlite_address)) as database:
        assert len({event.id for event in all_events(database)}) == sum(shares)


def test_whoever_writes_is_among_those_that_a_stop_waits_for(database: Database) -> None:
    with database.asking(), WRITERS.held(0.0) as is_quiet:
        assert is_quiet
    with database.writing(), WRITERS.held(0.0) as is_quiet:
        assert not is_quiet
    with WRITERS.held(0.0) as is_quiet:
        assert is_quiet


def test_whoever_keeps_others_from_the_upkeep_is_among_them_too(database: Database) -> None:
    """Between two turns to write as well: nobody else would seal or index until it goes on."""
    with database.upkeep_alone(_UPKEEP) as is_alone, WRITERS.held(0.0) as is_quiet:
        assert is_alone and not is_quiet
    with pytest.raises(KeyError), database.upkeep_alone(_UPKEEP):
        raise KeyError
    with WRITERS.held(0.0) as is_quiet:
        assert is_quiet
    with database.upkeep_alone(_UPKEEP) as is_alone:
        assert is_alone


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


def _in_line(path: str) -> int:
    """How many wait for the turn; see proc_locks(5)."""
    inode = Path(f"{path}.lock").stat().st_ino
    return sum("->" in line and f":{inode} " in line for line in _KERNEL_LOCKS.read_text().splitlines())


def _wait_until_in_line(path: str, waiting: int) -> None:
    until = time.monotonic() + _LIMIT_S
    while _in_line(path) != waiting:
        assert time.monotonic() < until
        time.sleep(0.001)


@pytest.mark.skipif(not _KERNEL_LOCKS.exists(), reason="only Linux tells who waits")
def test_whoever_came_first_is_first(sqlite_address: str) -> None:
    order: list[int] = []

    def take(number: int) -> None:
        with write_turn(Path(sqlite_address)):
            order.append(number)

    with ThreadPoolExecutor(6) as pool, write_turn(Path(sqlite_address)):
        for number in range(6):
            pool.submit(take, number)
            _wait_until_in_line(sqlite_address, number + 1)
        assert order == []
    assert order == [0, 1, 2, 3, 4, 5]


@pytest.mark.skipif(not _KERNEL_LOCKS.exists(), reason="only Linux tells who waits")
def test_whoever_dies_in_line_holds_up_nobody(sqlite_address: str) -> None:
    with closing(Database(sqlite_address)) as database, ThreadPoolExecutor(1) as pool:
        with write_turn(Path(sqlite_address)), one_that_commits(sqlite_address) as first:
            _wait_until_in_line(sqlite_address, 1)
            second = pool.submit(append, database, plain_drafts(1))
            _wait_until_in_line(sqlite_address, 2)
            first.kill()
            _wait_until_in_line(sqlite_address, 1)
        assert second.result(_LIMIT_S).added == 1
        assert len(all_events(database)) == 1
