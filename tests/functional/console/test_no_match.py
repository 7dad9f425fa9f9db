"""An answer without events: what would bring some, and the key that goes there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Draft, Event, Reference
from tests.functional.console.demo_log import fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, (60, 20)], ids=["120x40", "80x24", "60x20"])
Opener = Callable[[], "AuditLog"]

_OLDEST = Draft(
    type="project.created",
    occurred_at=datetime(2023, 6, 1, 8, 30, tzinfo=UTC),
    actor=Reference("member", "m-7", "Alice Moss"),
)
_NEWEST = replace(_OLDEST, type="project.deleted", occurred_at=datetime(2024, 3, 3, 10, 11, 12, tzinfo=UTC))


@pytest.fixture
def old_log(tmp_path: Path) -> Opener:
    """Opens a log in which nothing happened for years."""
    path = tmp_path / "old.db"
    fill(path, [_OLDEST, replace(_OLDEST, type="project.updated"), _NEWEST])
    return lambda: open_log(path)


@SIZES
async def test_a_log_of_old_events_says_how_many_there_are_and_one_key_goes_there(
    old_log: Opener, size: tuple[int, int]
) -> None:
    async with running(old_log, size=size) as driver:
        said = " ".join(driver.text.split())
        assert "No event matches" in said and "0 clears all filters" not in said
        assert "Without last:30d there are 3 events, the newest of 3 Mar 2024 10:11 UTC; enter goes there." in said
        await driver.press("enter")
        assert driver.query == "last:all" and driver.current.type == "project.deleted" and driver.focused == "deck"
        assert "u goes back" in driver.lines[-1]
        await driver.press("u")
        assert driver.query == "last:30d" and driver.shows("No event matches")


async def test_several_dates_are_left_out_one_by_one_and_together(old_log: Opener) -> None:
    async with running(old_log, "after:2026-11-01 during:2026") as driver:
        said = " ".join(driver.text.split())
        assert "Without the dates there are 3 events, the newest of 3 Mar 2024 10:11 UTC; enter goes there." in said
        assert "Without after:2026-11-01" not in said and "The log is empty" not in said
        await driver.press("enter")
        assert driver.query == "last:all"


async def test_the_way_that_leads_to_most_events_is_the_one_that_the_key_goes(
    demo_log: Opener, events: list[Event]
) -> None:
    denied, members = (
        len(selected(f"{query} last:all", events)) for query in ("outcome:denied", "outcome:denied type:no.such")
    )
    assert members == 0
    async with running(demo_log, "outcome:denied type:no.such last:all") as driver:
        assert driver.shows(f"Without type:no.such there are {denied:,} events; enter goes there.")
        await driver.press("enter")
        assert driver.query == "outcome:denied last:all" and driver.shows(f"{denied:,} events")


async def test_where_nothing_leads_to_events_the_key_goes_nowhere(tmp_path: Path) -> None:
    async with running(lambda: open_log(tmp_path / "new.db"), "last:all") as driver:
        await driver.press("enter", "enter")
        assert driver.query == "last:all" and driver.shows("The log is empty")
        await driver.press("colon")
        await driver.type("go to the events")
        assert not driver.shows("the notice names")


async def test_the_way_of_one_query_is_not_gone_from_another(old_log: Opener) -> None:
    async with running(old_log) as driver:
        await driver.press("slash")
        await driver.type("type:no.such")
        await driver.press("enter", "enter")
        assert driver.query == "last:30d type:no.such" and not driver.shows("goes there")
