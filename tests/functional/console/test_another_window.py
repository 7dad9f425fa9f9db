"""Another window has the keys for a while, as a terminal tells that asks for it; whatever was open stays, and has them again."""

from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from data.query import parse_query
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.troubled_log import Trouble, TroubledLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])


async def look_elsewhere(driver: Driver) -> None:
    driver.app.post_message(AppBlur())
    await driver.settle()


async def come_back(driver: Driver) -> None:
    driver.app.post_message(AppFocus())
    await driver.settle()


@SIZES
async def test_a_question_is_still_seen_and_has_its_letters(own_demo: Path, size: tuple[int, int]) -> None:
    log = open_log(own_demo)
    log.views.save("Mine", parse_query("last:7d"), shared=False)
    async with running(lambda: open_log(own_demo), "last:30d", size=size) as driver:
        await driver.press("v")
        await driver.press("D")
        before = driver.lines
        await look_elsewhere(driver)
        assert driver.shows("Delete it?", "keep it")
        await come_back(driver)
        assert driver.lines == before
        await driver.press("k", "d")
        assert not driver.shows("Delete it?") and log.views.named("Mine").is_own
        await driver.press("D")
        await look_elsewhere(driver)
        await driver.press_now("d")  # a terminal that does not say that one is back
        await driver.until(lambda: driver.shows("Deleted: Mine"))
    log.close()


async def test_a_key_after_a_question_means_what_is_on_the_screen(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        await driver.press("y")
        await look_elsewhere(driver)
        await come_back(driver)
        assert driver.shows("Copy") and driver.focused == "ChoiceStrip"
        await driver.press("escape", "j")
        assert driver.deck.cursor == 1 and driver.shows("j k move")


@SIZES
async def test_a_line_of_text_goes_on(own_demo: Path, size: tuple[int, int]) -> None:
    async with running(lambda: open_log(own_demo), "last:30d", size=size) as driver:
        await driver.press("V")
        await driver.type("My na")
        await look_elsewhere(driver)
        assert "Save as My na" in driver.lines[-1]
        await come_back(driver)
        await driver.type("me")
        assert "Save as My name" in driver.lines[-1]
        await driver.press("escape", "j")
        assert driver.deck.cursor == 1 and driver.shows("j k move")


@SIZES
async def test_the_search_box_goes_on(own_demo: Path, size: tuple[int, int]) -> None:
    async with running(lambda: open_log(own_demo), "last:30d", size=size) as driver:
        await driver.press("slash")
        await driver.type("outcome:")
        await look_elsewhere(driver)
        assert driver.shows("last:30d outcome:")
        await come_back(driver)
        await driver.type("denied")
        await driver.press("enter")
        assert driver.query == "last:30d outcome:denied"


@SIZES
async def test_the_box_in_the_filters_goes_on(own_demo: Path, size: tuple[int, int]) -> None:
    async with running(lambda: open_log(own_demo), "last:30d", size=size) as driver:
        await driver.press("f", "a", "slash")
        await driver.type("a")
        await look_elsewhere(driver)
        await come_back(driver)
        assert driver.focused == "NarrowBox"
        await driver.type("l")
        narrowing = driver.screen.reading.narrowing
        assert narrowing is not None and narrowing.text == "al"


async def test_a_question_is_left_by_going_on_elsewhere(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        for key in ("y", "V"):
            await driver.press(key)
            await driver.pilot.click("QueryBar", offset=(40, 0))
            await driver.settle()
            assert not driver.shows("Copy ") and not driver.shows("Save as")
            await driver.type("x")
            assert driver.shows("last:30d x"), "the box that was clicked has the keys"
            await driver.press("escape")
            assert driver.focused == "deck" and driver.shows("j k move")


@pytest.mark.parametrize("size", [WIDE, NARROW, (170, 45)], ids=["120x40", "80x24", "beside the deck"])
@pytest.mark.parametrize("tells", [True, False], ids=["the terminal tells", "the terminal does not tell"])
async def test_what_is_shown_meanwhile_has_the_keys(own_demo: Path, size: tuple[int, int], tells: bool) -> None:
    """A connection is lost, and found, while one looks elsewhere."""
    trouble = Trouble()
    async with running(lambda: TroubledLog(own_demo, trouble), "last:30d", size=size) as driver:
        trouble.hold("page")
        await driver.press_now("full_stop")
        driver.app.post_message(AppBlur())
        trouble.lose()
        trouble.let_go()
        await driver.until(lambda: driver.shows("It is tried again by itself"))
        if tells:
            driver.app.post_message(AppFocus())
        await driver.press_now("enter", "j")
        assert driver.focused == "notice" and driver.shows("It is tried again by itself"), "no hidden card is opened"
        driver.app.post_message(AppBlur())
        trouble.find()
        driver.screen.reading.retry()
        await driver.until(lambda: driver.deck.current is not None and driver.screen.reading.is_answered)
        if tells:
            await come_back(driver)
        await driver.press_now("j")
        assert driver.focused == "deck" and driver.deck.cursor == 1
        assert not driver.screen.query_one("#detail").display
