"""What is read in the console is recorded: a query that stands, or of which a card was opened, once."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from data.errors import DatabaseUnavailable
from data.query import parse_query
from data.services.audit_log import AuditLog
from data.store import Database, UnitOfWork
from tests.functional.console.demo_log import END, ZONE, open_log
from tests.functional.console.driving import running
from tests.hand_clock import HandClock
from tui import reading_recorder

SOON_S, NEVER_S = 0.03, 3_600.0
_READINGS = parse_query("type:log.read,requests.read last:all")


def told(path: Path) -> list[object]:
    """The queries whose reading stands in the log, oldest first."""
    with closing(open_log(path)) as log:
        return [event.data["query"] for event in log.page(_READINGS).items[::-1]]


@pytest.fixture
def open_own(own_demo: Path) -> Callable[[], AuditLog]:
    """Opens the test's own copy, with a clock that goes on, so that its events have an order."""
    clock = HandClock(END)
    with closing(Database(str(own_demo))) as database, database.writing() as work:
        work.policy.change("record_reading", replace(work.policy.read(), record_reading=True))
        work.commit()

    def tick() -> datetime:
        clock.move(milliseconds=1)
        return clock()

    return lambda: AuditLog(str(own_demo), ZONE, clock=tick, state_folder=own_demo.parent / "state")


async def test_a_query_that_stands_is_recorded_once_and_again_after_another(
    own_demo: Path, open_own: Callable[[], AuditLog]
) -> None:
    async with running(open_own, "last:30d", reading_pace_s=SOON_S) as driver:
        await driver.until(lambda: len(told(own_demo)) == 1)
        driver.screen.reading.see_what_arrived()
        await driver.settle()
        assert not driver.shows(" new  n ")  # one's own reading is no news
        await driver.press("r", "j", "enter", "escape", "G", "z")
        await driver.after(2 * SOON_S)
        assert told(own_demo) == ["last:30d"]
        await driver.press("d", "a")
        await driver.until(lambda: len(told(own_demo)) == 2)
        await driver.press("u")
        await driver.until(lambda: len(told(own_demo)) == 3)
    assert told(own_demo) == ["last:30d", "last:all", "last:30d"]


async def test_what_is_passed_by_is_not_read_but_of_what_one_opens_a_card(
    own_demo: Path, open_own: Callable[[], AuditLog]
) -> None:
    async with running(open_own, reading_pace_s=NEVER_S) as driver:
        await driver.press("full_stop", "full_stop", "comma")
        assert told(own_demo) == []
        await driver.press("enter")
        await driver.settle()
        assert len(told(own_demo)) == 1
        await driver.press("escape", "j", "enter", "J", "escape")
        assert len(told(own_demo)) == 1
    assert len(told(own_demo)) == 1


async def test_nothing_is_recorded_of_itself(own_demo: Path, open_own: Callable[[], AuditLog]) -> None:
    async with running(open_own) as driver:
        await driver.press("enter")
    assert told(own_demo) == []


async def test_the_requests_are_recorded_too(own_demo: Path, open_own: Callable[[], AuditLog]) -> None:
    async with running(open_own, reading_pace_s=SOON_S) as driver:
        await driver.press("4")
        await driver.until(lambda: len(told(own_demo)) == 2)
    with closing(open_log(own_demo)) as log:
        assert {event.type for event in log.page(_READINGS).items} == {"log.read", "requests.read"}


async def test_where_it_cannot_be_recorded_reading_goes_on_under_a_banner(
    own_demo: Path, open_own: Callable[[], AuditLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_work: UnitOfWork) -> None:
        raise DatabaseUnavailable("The disk is full.")

    monkeypatch.setattr(reading_recorder, "AGAIN_S", SOON_S)
    async with running(open_own, "last:30d", reading_pace_s=SOON_S) as driver:
        await driver.until(lambda: len(told(own_demo)) == 1)
        with monkeypatch.context() as trouble:
            trouble.setattr(UnitOfWork, "commit", fail)
            await driver.press("d", "a")
            await driver.until(
                lambda: driver.shows("What you read is recorded later; reading goes on. The disk is full.")
            )
            await driver.press("j", "enter")
        await driver.until(lambda: not driver.shows("recorded later"))
        assert told(own_demo) == ["last:30d", "last:all"]
