"""An answer without events: what would bring some, and the key that goes there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Draft, Event, Reference
from tests.functional.console.demo_log import fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running

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


def _said(driver: Driver) -> str:
    """What the notice says, however it is broken into rows."""
    return " ".join(" ".join(driver.region("#notice")).split())


@SIZES
async def test_a_log_of_old_events_says_how_many_there_are_and_one_key_goes_there(
    old_log: Opener, size: tuple[int, int]
) -> None:
    async with running(old_log, size=size) as driver:
        said = _said(driver)
        assert "No event matches" in said and "0 clears all filters" not in said
        assert "Without last:30d there are 3 events, the newest of 3 Mar 2024 10:11 UTC; enter goes there." in said
        await driver.press("enter")
        assert driver.query == "last:all" and driver.current.type == "project.deleted" and driver.focused == "deck"
        assert "u goes back" in driver.lines[-1]
        await driver.press("u")
        assert driver.query == "last:30d" and driver.shows("No event matches")


async def test_several_dates_are_left_out_one_by_one_and_together(old_log: Opener) -> None:
    async with running(old_log, "after:2026-11-01 during:2026") as driver:
        said = _said(driver)
        assert "Without the dates there are 3 events, the newest of 3 Mar 2024 10:11 UTC; enter goes there." in said
        assert "Without after:2026-11-01" not in said and "The log is empty" not in said
        await driver.press("enter")
        assert driver.query == "last:all"


async def test_the_condition_that_keeps_out_most_is_the_one_that_the_key_leaves_out(
    demo_log: Opener, events: list[Event]
) -> None:
    denied = len(selected("outcome:denied last:all", events))
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


@SIZES
async def test_a_name_that_only_begins_so_comes_first_and_the_key_goes_there(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    found = len(selected("actor:alice* last:60d", events))
    assert found and not selected("actor:alice last:60d", events)
    async with running(demo_log, "actor:alice last:60d", size=size) as driver:
        said = _said(driver)
        assert f"actor:alice* finds {found:,} events; enter goes there. Without actor:alice there are " in said
        await driver.press("enter")
        assert driver.query == "actor:alice* last:60d" and driver.shows(f"{found:,} events")


async def test_a_part_of_a_name_is_found_where_none_begins_so(demo_log: Opener, events: list[Event]) -> None:
    found = len(selected("actor:*moss* last:60d", events))
    assert found and not selected("actor:moss* last:60d", events)
    async with running(demo_log, "actor:moss last:60d") as driver:
        assert driver.shows(f"actor:*moss* finds {found:,} events; enter goes there.")


async def test_a_name_over_the_wrong_dates_is_found_over_all_time(old_log: Opener) -> None:
    async with running(old_log, "actor:alice last:30d") as driver:
        assert driver.shows("actor:alice* last:all finds 3 events; enter goes there.")
        await driver.press("enter")
        assert driver.query == "actor:alice* last:all" and driver.current.type == "project.deleted"
