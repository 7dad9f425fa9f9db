"""Undo and redo where a card was open: one comes back into it, as one left it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tui.widgets.event_detail import EventDetail

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, (170, 24)], ids=["120x40", "80x24", "beside the deck"])
Opener = Callable[[], "AuditLog"]


async def _go_to_the_last_row_that_names_events(driver: Driver) -> None:
    await driver.press("G")
    detail = driver.screen.query_one(EventDetail)
    while detail.row_key is None or detail.row_key.clause is None:
        await driver.press("k")


@SIZES
@pytest.mark.parametrize("down", [0, 5], ids=["the newest", "another"])
async def test_undo_comes_back_into_the_card_at_its_row(demo_log: Opener, size: tuple[int, int], down: int) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.hold("j", down)
        await driver.press("enter", *(["enter"] if size[0] > 160 else []))
        await _go_to_the_last_row_that_names_events(driver)
        here, card = driver.current, driver.region("#detail")
        await driver.press("enter")
        assert driver.query != "last:30d" and driver.focused == "deck"
        await driver.press("u")
        assert (driver.query, driver.current, driver.focused) == ("last:30d", here, "detail")
        assert driver.region("#detail") == card
        await driver.press("escape")
        assert driver.focused == "deck" and driver.current == here
        driver.assert_selection_visible()


async def test_what_was_sought_in_the_card_is_marked_in_it_again(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("enter", "slash")
        await driver.type("a")
        await driver.press("enter", "n")
        await driver.press("full_stop")
        assert driver.focused == "deck"
        await driver.press("u")
        assert driver.focused == "detail"
        await driver.press("n")
        assert driver.shows("Match 3 of ")


async def test_redo_comes_back_into_a_card_too_and_to_the_deck_where_none_was_open(
    demo_log: Opener, events: list[Event]
) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("full_stop", "j", "enter")
        await driver.press("u")
        assert (driver.focused, driver.current) == ("deck", selected("last:30d", events)[0])
        await driver.press("U")
        assert (driver.focused, driver.current) == ("detail", selected("last:30d tab:admin", events)[1])
        assert str(driver.current.id) in "\n".join(driver.region("#detail"))


async def test_a_card_that_was_left_before_stays_closed(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("enter", "escape", "full_stop", "u")
        assert driver.focused == "deck"
        await driver.press("enter", "full_stop", "u")
        assert driver.focused == "detail"
        await driver.press("r")
        assert driver.focused == "deck", "asked anew, from the newest on"
