"""From an event to others that have something in common with it, and back where one was: by few keys."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Draft, Event
from tests.functional.console.demo_log import END, fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60)], ids=["120x40", "80x24", "200x60"])
Opener = Callable[[], "AuditLog"]


async def _press_counted(driver: Driver, *keys: str, most: int) -> None:
    assert len(keys) <= most
    await driver.press(*keys)


@SIZES
async def test_to_the_same_address_and_back_takes_three_keys_from_a_card(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    event = selected("last:30d", events)[4]
    assert event.ip is not None
    async with running(demo_log, size=size) as driver:
        await driver.hold("j", 4)
        await _press_counted(driver, "equals_sign", "i", most=2)
        assert driver.query == f"ip:{event.ip} last:30d"
        assert driver.shows(f" {len(selected(driver.query, events)):,} event")
        await _press_counted(driver, "u", most=1)
        assert driver.query == "last:30d" and driver.current == event and driver.focused == "deck"


async def test_to_the_same_address_from_its_row_in_the_open_card_and_back(
    demo_log: Opener, events: list[Event]
) -> None:
    event = selected("last:30d", events)[4]
    async with running(demo_log) as driver:
        await driver.hold("j", 4)
        await _press_counted(driver, "enter", "slash", *"addr", "enter", "enter", most=8)
        assert driver.query == f"ip:{event.ip} last:all"
        assert driver.current == selected(driver.query, events)[0]
        await driver.press("u")
        assert driver.query == "last:30d" and driver.current == event


@pytest.mark.parametrize("opened", [False, True], ids=["deck", "open card"])
async def test_the_log_of_a_client_is_over_all_time_and_a_step_back_returns(
    demo_log: Opener, events: list[Event], opened: bool
) -> None:
    query = "type:token.* last:7d"
    event = next(event for event in selected(query, events) if event.client is not None)
    assert event.client is not None
    async with running(demo_log, query) as driver:
        await driver.hold("j", selected(query, events).index(event))
        await driver.press(*(["enter"] if opened else []), "l")
        assert driver.query == f"client:{event.client.id} last:all"
        assert driver.shows(f" {len(selected(driver.query, events)):,} events") and driver.focused == "deck"
        await driver.press("u")
        assert driver.query == query and driver.current == event


async def test_without_a_client_it_is_the_log_of_the_target(demo_log: Opener, events: list[Event]) -> None:
    event = next(one for one in events if one.client is None and one.target is not None and one.target.id is not None)
    assert event.target is not None
    async with running(demo_log, f"id:{event.id}") as driver:
        await driver.press("l")
        assert driver.query == f"target:{event.target.id} last:all"
        assert event in selected(driver.query, events)


async def test_an_event_about_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    fill(path, [Draft(type="log.opened", occurred_at=END)])
    async with running(lambda: open_log(path), "last:all") as driver:
        await driver.press("l")
        assert driver.query == "last:all" and driver.shows("This event names no client and no target.")
