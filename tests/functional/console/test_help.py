"""The help: what it begins with, scrolling, finding, and leaving it."""

from collections.abc import Callable

import pytest

from data.services.audit_log import AuditLog
from tests.functional.console.driving import running
from tui.keymap import ACTIONS, Scope

OpenLog = Callable[[], AuditLog]
LAST = [action.help for scope in Scope for action in ACTIONS if action.scope is scope][-1]


async def test_it_begins_with_the_keys_of_what_had_the_focus(demo_log: OpenLog) -> None:
    async with running(demo_log, size=(80, 24)) as driver:
        await driver.press("question_mark")
        assert driver.lines[1].startswith(" Deck  here")
        await driver.press("question_mark", "f", "f1")
        assert driver.lines[1].startswith(" Filters  here")
        await driver.press("escape", "escape", "slash", "f1")
        assert driver.lines[1].startswith(" Search box  here")
        assert driver.lines[5].startswith(" Queries")
        await driver.press("q")
        assert driver.focused == "SafeInput"


async def test_it_scrolls_to_its_end_and_no_further(demo_log: OpenLog) -> None:
    async with running(demo_log, size=(60, 20)) as driver:
        await driver.press("question_mark")
        first = driver.lines[1]
        assert "1 to 18 of" in driver.lines[0]
        await driver.press("j")
        assert "2 to 19 of" in driver.lines[0]
        await driver.press("G")
        end = driver.text
        await driver.press("j", "pagedown")
        assert driver.text == end
        assert driver.shows(LAST)
        await driver.press("ctrl+u", "g")
        assert driver.lines[1] == first


async def test_words_are_found_in_it(demo_log: OpenLog) -> None:
    async with running(demo_log, size=(80, 24)) as driver:
        await driver.press("question_mark", "slash")
        await driver.type("zzz")
        assert driver.shows("not in the help")
        await driver.press("enter")
        assert driver.focused == "SafeInput"
        for _ in "zzz":
            await driver.press("backspace")
        await driver.type("ADDRESS")
        await driver.press("enter")
        assert driver.focused == "help"
        assert driver.shows("Why: paste a client, token, id or address")
        place = driver.text
        await driver.press("n")
        assert driver.text != place and driver.shows("Which address or network")
        await driver.press("N")
        assert driver.shows("Why: paste a client, token, id or address")
        await driver.press("slash", "escape")
        assert driver.focused == "help" and "search" in driver.lines[-1]


async def test_a_click_beside_the_prompt_closes_it(demo_log: OpenLog) -> None:
    async with running(demo_log, size=(80, 24)) as driver:
        await driver.press("question_mark", "slash")
        assert driver.shows("Find in the help")
        await driver.pilot.click("#help", offset=(3, 3))
        await driver.settle()
        assert driver.focused == "help"
        assert not driver.shows("Find in the help") and "search" in driver.lines[-1]


async def test_next_without_words_says_what_finds(demo_log: OpenLog) -> None:
    async with running(demo_log) as driver:
        await driver.press("question_mark", "n")
        assert driver.shows("Nothing is looked for; / finds.")
        await driver.press("j")
        assert not driver.shows("Nothing is looked for")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
async def test_it_follows_the_size_of_the_terminal(demo_log: OpenLog, size: tuple[int, int]) -> None:
    async with running(demo_log) as driver:
        await driver.press("question_mark")
        await driver.resize(*size)
        assert driver.widths() == {size[0]}
        assert driver.lines[1].startswith(" Deck  here")
        headings = (" Moving", " Open card", " Everywhere", " Audit log", " Histogram")
        in_two = any(line[size[0] // 2 :].startswith(headings) for line in driver.lines)
        assert in_two == (size[0] == 200)


@pytest.mark.parametrize("key", ["question_mark", "f1", "escape", "backspace", "q"])
async def test_any_way_back_leaves_it(demo_log: OpenLog, key: str) -> None:
    async with running(demo_log) as driver:
        await driver.press("question_mark")
        assert driver.focused == "help"
        await driver.press(key)
        assert driver.focused == "deck"


async def test_a_command_runs_on_the_help_too(demo_log: OpenLog) -> None:
    async with running(demo_log, size=(60, 20)) as driver:
        await driver.press("question_mark", "colon")
        await driver.type("last")
        await driver.press("enter")
        assert driver.focused == "help" and driver.shows(LAST)
