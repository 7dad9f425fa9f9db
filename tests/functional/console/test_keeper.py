"""The keeper's work within the console: done on a file, left to the service on a shared database, and never seen."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from zoneinfo import ZoneInfo

import pytest

from data.access.errors import NotPermitted
from data.caller import Caller
from data.clients.model import ClientDetails
from data.errors import DatabaseError
from data.index import building
from data.keeping import KeeperRun
from data.query import parse_query
from data.records import Log
from data.services.audit_log import AuditLog
from data.services.keeper import Keeper
from tests.functional.console.driving import running
from tests.hand_clock import HandClock
from tests.members import ALICE, enrol
from tui.jobs import Jobs

LIMIT_S = 10


@pytest.fixture(autouse=True)
def it_goes_round_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.app.FIRST_AFTER_S", 0.01)
    monkeypatch.setattr("tui.app.EVERY_S", 0.03)
    monkeypatch.setattr("tui.keeper_rounds.INDEX_EVERY_S", 0.03)
    monkeypatch.setattr("tui.keeper_rounds.SEAL_EVERY_S", 0.03)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    """A log with a client whose last day is over, of which it does not tell."""
    clock = HandClock()
    with closing(AuditLog(str(tmp_path / "audit.db"), ZoneInfo("UTC"), clock=clock)) as opened:
        opened.open()
        enrol(opened._database)
        opened.clients.create(Caller(ALICE), ClientDetails("Payroll sync", clock().date()))
        clock.move(days=2)
        yield opened


def expiries(log: AuditLog) -> int:
    return log.count(parse_query("type:api_client.expired last:all"))


async def test_on_a_file_the_console_logs_what_time_has_brought_about_once(log: AuditLog) -> None:
    async with running(lambda: log), asyncio.timeout(LIMIT_S):
        while not expiries(log):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        assert expiries(log) == 1


async def test_on_a_shared_database_it_is_left_to_the_service(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AuditLog, "is_embedded", False)
    async with running(lambda: log):
        await asyncio.sleep(0.2)
        assert expiries(log) == 0


async def test_what_goes_wrong_is_in_the_operational_log_once_and_not_on_the_screen(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = []

    def fail(_keeper: Keeper, _stop: object) -> KeeperRun:
        tried.append(1)
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(Keeper, "run", fail)
    monkeypatch.setattr(logging.getLogger("auditdeck"), "propagate", True)
    async with running(lambda: log) as driver, asyncio.timeout(LIMIT_S):
        while len(tried) < 3:
            await asyncio.sleep(0.01)
        assert not any("disk" in line for line in driver.lines)
    assert caplog.messages.count("the keeper could not do its work: The disk is full.") == 1


async def test_on_a_file_the_console_indexes_what_waits(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.index.building.LEAST", 1)
    monkeypatch.setattr(Keeper, "run", lambda _keeper, _stop: KeeperRun())  # which would do it as well, seldom
    with log._database.upkeep_reading() as connection:
        assert building.are_waiting(connection, Log.CHANGES)
    async with running(lambda: log), asyncio.timeout(LIMIT_S):
        while not log.keeper._indexed.segments:
            await asyncio.sleep(0.01)


async def test_looks_that_find_nothing_are_nothing_to_the_application(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, heard = Counter[str](), list[str]()
    deliver, others = Jobs.deliver, _looking()

    def hear(jobs: Jobs, told: Jobs.Answered) -> None:
        heard.append(told.topic)
        deliver(jobs, told)

    monkeypatch.setattr(Keeper, "run", lambda _keeper, _stop: KeeperRun())
    monkeypatch.setattr(Keeper, "seal", lambda _keeper, _stop: looks.update(["seal"]))
    monkeypatch.setattr(Keeper, "index", lambda _keeper, _stop, *, beside: looks.update(["index"]))
    monkeypatch.setattr(Jobs, "deliver", hear)
    async with running(lambda: log), asyncio.timeout(LIMIT_S):
        while min(looks["seal"], looks["index"]) < 5:
            await asyncio.sleep(0.01)
    assert "keeper" in heard and not {"seal", "index"} & {*heard}
    async with asyncio.timeout(LIMIT_S):
        while _looking() - others:
            await asyncio.sleep(0.01)


async def test_sealing_that_fails_is_tried_again_and_keeps_nothing_from_the_index(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = Counter[str]()

    def fail(_keeper: Keeper, _stop: object) -> int:
        looks["seal"] += 1
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(Keeper, "run", lambda _keeper, _stop: KeeperRun())
    monkeypatch.setattr("tui.app.EVERY_S", 60)  # after a round it is told again
    monkeypatch.setattr("tui.app.FIRST_AFTER_S", 60)
    monkeypatch.setattr(Keeper, "seal", fail)
    monkeypatch.setattr(Keeper, "index", lambda _keeper, _stop, *, beside: looks.update(["index"]))
    monkeypatch.setattr(logging.getLogger("auditdeck"), "propagate", True)
    async with running(lambda: log), asyncio.timeout(LIMIT_S):
        while min(looks["seal"], looks["index"]) < 3:
            await asyncio.sleep(0.01)
    assert caplog.messages.count("the keeper could not do its work: The disk is full.") in {
        1,
        2,
    }  # a round came between


async def test_whoever_may_not_seal_asks_for_it_once(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Counter[str]()

    def refuse(_keeper: Keeper, _stop: object) -> int:
        looks["seal"] += 1
        raise NotPermitted("This is for the owner.", None)

    monkeypatch.setattr(Keeper, "seal", refuse)
    monkeypatch.setattr(Keeper, "index", lambda _keeper, _stop, *, beside: looks.update(["index"]))
    async with running(lambda: log), asyncio.timeout(LIMIT_S):
        while looks["index"] < 5:
            await asyncio.sleep(0.01)
    assert looks["seal"] == 1


def _looking() -> set[Thread]:
    return {thread for thread in enumerate_threads() if thread.name in ("auditdeck-seal", "auditdeck-index")}
