"""The mouse, where the console has it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.events import MouseScrollDown, MouseScrollUp

from data.records import Draft, Event
from tests.functional.console.demo_log import END, fill, open_log, selected
from tests.functional.console.driving import NARROW, Driver, running
from tui.widgets.event_card import EventCard

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]


def _card(driver: Driver, event: Event) -> EventCard:
    """The card that shows an event."""
    return next(card for card in driver.screen.query(EventCard) if card.event == event and card.region)


async def _click(driver: Driver, target: EventCard | str, x: int = 0) -> None:
    assert await driver.pilot.click(target, offset=(x, 0))
    await driver.settle()


async def _click_on(driver: Driver, words: str) -> None:
    """Click on the first place in the filters where these words stand."""
    at = next((row.index(words), y) for y, row in enumerate(driver.region("#sidebar")) if words in row)
    assert await driver.pilot.click("#sidebar", offset=at)
    await driver.settle()


async def _roll(driver: Driver, kind: type[MouseScrollDown] | type[MouseScrollUp], selector: str) -> None:
    x, y = driver.screen.query_one(selector).region.offset
    driver.app.post_message(kind(None, x, y, 0, 0, 0, False, False, False, screen_x=x, screen_y=y))
    await driver.settle()


async def test_a_click_selects_a_card_and_another_opens_it(demo_log: Opener, events: list[Event]) -> None:
    newest = selected("last:30d", events)
    async with running(demo_log, "last:30d") as driver:
        await driver.press("f")
        await _click(driver, _card(driver, newest[2]), x=20)
        assert driver.current == newest[2] and driver.focused == "deck"
        driver.assert_selection_visible()
        await _click(driver, _card(driver, newest[2]), x=20)
        assert driver.focused == "detail" and driver.shows("3 of 1,366")


async def test_the_wheel_moves_what_lies_under_it(demo_log: Opener, events: list[Event]) -> None:
    newest = selected("last:30d", events)
    async with running(demo_log, "last:30d") as driver:
        await _roll(driver, MouseScrollDown, "#deck")
        await _roll(driver, MouseScrollDown, "#deck")
        assert driver.current == newest[2]
        await _roll(driver, MouseScrollUp, "#deck")
        assert driver.current == newest[1]


async def test_a_click_on_the_query_opens_the_search_box(demo_log: Opener) -> None:
    async with running(demo_log, "outcome:denied last:30d") as driver:
        await _click(driver, "_QueryRow", x=4)
        assert driver.shows("enter ask") and driver.focused == "SafeInput"
        await driver.type("has:reason")
        await driver.press("enter")
        assert driver.query == "outcome:denied last:30d has:reason"


async def test_a_click_on_the_badge_shows_what_is_new(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        fill(own_demo, [Draft(type="project.created", occurred_at=END)])
        driver.screen.reading.see_what_arrived()
        await driver.until(lambda: driver.shows(" 1 new  n "))
        await _click(driver, "_QueryRow", x=driver.screen.query_one("_QueryRow").size.width - 2)
        assert driver.current.type == "project.created" and not driver.shows(" new  n ")


async def test_a_click_beside_the_drawer_closes_it(demo_log: Opener) -> None:
    async with running(demo_log, size=NARROW) as driver:
        await driver.press("f")
        assert driver.shows("Filters")
        assert await driver.pilot.click(offset=(60, 12))
        await driver.settle()
        assert driver.focused == "deck" and not driver.shows("Filters")


async def test_a_click_in_the_filters_is_the_space_bar_on_its_row(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        for query in ("last:30d outcome:denied", "last:30d"):
            await _click_on(driver, "denied")
            assert driver.query == query and driver.focused == "sidebar"


async def test_a_click_on_a_tab_is_that_tab(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        for tab, query in (("Users", "last:30d tab:users"), ("portal", "last:30d tab:admin"), ("All", "last:30d")):
            await _click_on(driver, tab)
            assert driver.query == query
