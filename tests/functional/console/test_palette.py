"""The command palette: what is in it, how it is found, and that it runs where the focus was."""

from collections.abc import Callable

import pytest

from data.services.audit_log import AuditLog
from tests.functional.console.driving import running

OpenLog = Callable[[], AuditLog]


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
async def test_a_command_is_found_by_its_words_and_run_by_enter(demo_log: OpenLog, key: str) -> None:
    async with running(demo_log, "outcome:denied") as driver:
        await driver.press(key)
        await driver.type("clear all filters")
        assert driver.shows("1 command")
        await driver.press("enter")
        assert driver.query == "last:30d"
        assert driver.focused == "deck"


async def test_it_runs_on_what_had_the_focus(demo_log: OpenLog) -> None:
    async with running(demo_log) as driver:
        await driver.press("f", "colon")
        assert not driver.shows("Open the card")
        await driver.type("to client")
        await driver.press("enter")
        assert driver.focused == "sidebar"
        await driver.press("space")
        assert driver.query.startswith("last:30d client:")


async def test_arrows_choose_and_escape_leaves_all_as_it_was(demo_log: OpenLog) -> None:
    async with running(demo_log) as driver:
        before = driver.text
        await driver.press("colon", "down", "down", "up", "pagedown", "escape")
        assert driver.text == before
        await driver.press("colon", "down", "enter")  # the second: without this value
        assert driver.focused == "ChoiceStrip"


async def test_letters_that_find_nothing_run_nothing(demo_log: OpenLog) -> None:
    async with running(demo_log) as driver:
        await driver.press("colon")
        await driver.type("zzz")
        assert driver.shows("no command")
        await driver.press("enter")
        assert driver.focused == "_CommandBox"


async def test_an_action_without_a_key_is_reached_here(demo_log: OpenLog) -> None:
    async with running(demo_log, keys={"log.dates": [], "log.undo": []}) as driver:
        await driver.press("colon")
        assert driver.shows("no key")
        await driver.type("dates")
        await driver.press("enter")
        assert driver.focused == "ChoiceStrip"


async def test_it_opens_over_the_search_box_and_gives_the_focus_back(demo_log: OpenLog) -> None:
    async with running(demo_log) as driver:
        await driver.press("slash")
        await driver.type("has:")
        await driver.press("ctrl+p")
        assert driver.shows("Put back what was there")
        await driver.press("escape")
        await driver.type("changes")
        await driver.press("enter")
        assert driver.query == "last:30d has:changes"


async def test_it_fits_a_small_terminal_and_follows_its_size(demo_log: OpenLog) -> None:
    async with running(demo_log, size=(60, 20)) as driver:
        await driver.press("colon")
        assert driver.shows("Open the card", "esc leave")
        low = driver.app.screen.query_one("_CommandList").region.height
        await driver.resize(120, 40)
        assert driver.app.screen.query_one("_CommandList").region.height > low
        assert driver.shows("Open the card", "esc leave")
        assert driver.widths() == {120}


async def test_quit_works_from_here(demo_log: OpenLog) -> None:
    async with running(demo_log) as driver:
        await driver.press("colon")
        await driver.press_now("ctrl+q")
        assert not driver.app.is_running
