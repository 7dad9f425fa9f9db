"""A disk that is full: what would change anything is refused and nothing of it done; reading goes on, and so does what waits."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from data.caller import Caller
from data.clients.model import ClientDetails
from data.errors import DiskFull
from data.keeping import Unwritable
from data.query import parse_query
from data.records import Log
from data.services.audit_log import AuditLog
from tests.full_disk import FullDisk, NoMoreBytes, NoMorePages, ServerIsFull
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE, append, plain_drafts
from tests.integration.raw_access import count_rows
from tests.members import ALICE

ALL = parse_query("last:all type:project.created")
TABLES = ("event", "api_client", "token", "pending", "unindexed_event", "term")
KINDS = ("pages", "bytes", pytest.param("server", marks=pytest.mark.postgres))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgres_address" if kind == "server" else "sqlite_address"))


@pytest.fixture
def log(address: str, tmp_path: Path, clock: HandClock) -> Iterator[AuditLog]:
    with closing(AuditLog(address, UTC_ZONE, clock=clock, state_folder=tmp_path / "state")) as opened:
        opened.open()
        append(opened.gate.database, plain_drafts(30))
        yield opened


@pytest.fixture
def disk(kind: str, address: str, log: AuditLog) -> Iterator[FullDisk]:
    kinds: dict[str, Any] = {
        "pages": lambda: NoMorePages(log.gate.database),
        "bytes": lambda: NoMoreBytes(Path(address)),
        "server": lambda: ServerIsFull(address),
    }
    made: FullDisk = kinds[kind]()
    try:
        yield made
    finally:
        made.make_room()


def create(log: AuditLog, clock: HandClock, name: str) -> None:
    details = ClientDetails(name, clock().date(), description="x" * 900)
    log.clients.create(Caller(ALICE), details)


def refusal(log: AuditLog, clock: HandClock) -> DiskFull:
    """What creating clients is refused with once no page is left that has room."""
    with pytest.raises(DiskFull) as refused:
        for number in range(200):
            create(log, clock, f"Client {clock():%H%M} {number}")
    return refused.value


def test_a_change_is_refused_and_nothing_of_it_done(
    log: AuditLog, address: str, disk: FullDisk, clock: HandClock
) -> None:
    disk.fill()
    error = refusal(log, clock)
    assert "cannot be written" in str(error) and str(error).endswith(".") and "\n" not in str(error)
    before = [count_rows(address, table) for table in TABLES]
    with pytest.raises(DiskFull):
        create(log, clock, "Payroll sync")
    assert [count_rows(address, table) for table in TABLES] == before
    disk.make_room()
    create(log, clock, "Payroll sync")
    assert log.count(parse_query('last:all type:api_client.created client:"Payroll sync"')) == 1


def test_reading_and_exporting_go_on_and_are_recorded_later(log: AuditLog, disk: FullDisk, clock: HandClock) -> None:
    disk.fill()
    refusal(log, clock)
    assert len(log.page(ALL).items) == log.count(ALL) == 30
    assert log.get(log.page(ALL).items[0].id).type == "project.created"
    while log.readings.note(ALL, Log.CHANGES, 30) is None:  # as long as there is room for one more
        pass
    with log.exports.begin(log.caller(), ALL) as export:
        assert len([*export]) == 30
    assert export.waits is not None and "cannot be written" in export.waits
    disk.make_room()
    log.readings.hand_in()
    assert not log.readings.any_waits
    assert log.count(parse_query("last:all type:log.exported")) == 1


def test_it_is_known_since_when_until_something_is_written(log: AuditLog, disk: FullDisk, clock: HandClock) -> None:
    assert log.unwritable is None
    disk.fill()
    since = clock()
    error = refusal(log, clock)
    clock.move(minutes=5)
    refusal(log, clock)
    assert log.unwritable == Unwritable(since, str(error))
    assert log.count(ALL) == 30
    assert log.unwritable is not None, "reading says nothing about writing"
    disk.make_room()
    create(log, clock, "Payroll sync")
    assert log.unwritable is None


def test_a_keeper_that_had_no_room_leaves_nothing_half_done(
    log: AuditLog, disk: FullDisk, clock: HandClock, kind: str
) -> None:
    if kind == "server":
        pytest.skip("a keeper seals there under an account of its own")
    disk.fill()
    refusal(log, clock)
    for _ in range(3):
        with suppress(DiskFull):  # what there is to do may find room in pages that are there
            log.keeper.run()
    assert log.count(ALL) == 30
    disk.make_room()
    log.keeper.run()
    assert log.count(ALL) == 30
    found = log.proofs.verify(log.caller())
    assert found.holds and not found.unsealed
