"""The search box: a query is edited in place, and nothing that was typed or read is lost."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.errors import QueryError
from data.query import parse_query
from data.records import Event
from data.tokens import new_token
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NAMES, NARROW, WIDE, Driver, running
from tui.widgets.safe_input import SafeInput

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
Opener = Callable[[], "AuditLog"]


def _box(driver: Driver) -> str:
    """What stands in the box."""
    return driver.region("QueryBar")[0][3:].rstrip()


def _place_of_error(text: str) -> int:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    return caught.value.position


@SIZES
async def test_what_is_typed_is_asked_at_enter(demo_log: Opener, events: list[Event], size: tuple[int, int]) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.press("slash")
        assert _box(driver) == "last:30d"
        await driver.type("outcome:denied")
        assert _box(driver) == "last:30d outcome:denied" and driver.query == "last:30d", "nothing is asked yet"
        assert driver.shows("from 22 Oct 2026 00:00 UTC"), "what the dates mean is said before enter"
        await driver.press("enter")
        assert driver.query == "last:30d outcome:denied" and driver.focused == "deck"
        assert driver.current == selected(driver.query, events)[0] and driver.widths() == {size[0]}


async def test_every_letter_is_text(demo_log: Opener) -> None:
    typed = 'q0uUjkgGnfdrJK+=,.-x "?" '
    async with running(demo_log, "last:30d") as driver:
        await driver.press("slash")
        await driver.type(typed)
        assert _box(driver) == f"last:30d {typed}".rstrip() and driver.query == "last:30d" and driver.app.is_running
        await driver.press("f1")
        assert driver.shows("Search box  here")
        await driver.press("escape")
        assert _box(driver) == f"last:30d {typed}".rstrip(), "help takes nothing away"


@SIZES
async def test_escape_puts_back_what_was_there(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.hold("j", 3)
        current = driver.current
        await driver.press("slash", "ctrl+u")
        await driver.type("outcome:nonsense")
        await driver.press("escape")
        assert driver.query == "last:30d" and driver.focused == "deck" and driver.current == current
        assert driver.region("QueryBar")[0].startswith(" / last:30d ") and driver.shows("not ok")
        driver.assert_selection_visible()


@SIZES
@pytest.mark.parametrize("text", ["outcome:nonsense", 'actor:"alice', "las:30d", "last:never", "during:2026-13"])
async def test_an_error_keeps_editing_and_shows_its_place(demo_log: Opener, size: tuple[int, int], text: str) -> None:
    async with running(demo_log, "last:7d", size=size) as driver:
        await driver.press("slash", "ctrl+u")
        await driver.type(text)
        hint = driver.region("HistogramBar")[0]
        assert hint[3 + _place_of_error(text)] == "^", hint
        await driver.press("enter", "enter")
        assert _box(driver) == text and driver.query == "last:7d" and driver.focused == "SafeInput"
        assert driver.region("HistogramBar")[0] == hint and driver.widths() == {size[0]}
        await driver.press("ctrl+u")
        await driver.type("last:1d")
        await driver.press("enter")
        assert driver.query == "last:1d"


async def test_a_caret_stands_under_the_place_in_the_middle_too(demo_log: Opener) -> None:
    async with running(demo_log, "last:7d") as driver:
        await driver.press("slash", "ctrl+u")
        await driver.type("outcome:nonsense last:7d")
        text = "outcome:nonsense last:7d"
        assert driver.region("HistogramBar")[0][3 + _place_of_error(text)] == "^"


async def test_a_query_longer_than_the_box_is_edited_at_its_end(demo_log: Opener) -> None:
    words = " ".join(f"-actor:somebody-{number:02}" for number in range(12))
    async with running(demo_log, f"{words} last:7d", size=NARROW) as driver:
        await driver.press("slash")
        await driver.type("outcome:bad")
        text = f"{words} last:7d outcome:bad"
        assert _box(driver).endswith("last:7d outcome:bad")
        hint = driver.region("HistogramBar")[0]
        shown_from = text.index(_box(driver))
        assert hint[3 + _place_of_error(text) - shown_from] == "^", hint
        await driver.press("home")
        assert _box(driver).startswith("-actor:somebody-00")
        await driver.press("enter", "escape")
        assert driver.query == f"{words} last:7d"


async def test_leaving_the_box_for_the_filters_keeps_what_was_typed(demo_log: Opener) -> None:
    async with running(demo_log, "last:7d") as driver:
        await driver.press("slash")
        await driver.type("outcome:de")
        await driver.press("tab")
        assert driver.focused == "sidebar" and driver.shows("space only"), "the keys shown are the sidebar's"
        await driver.press("escape")
        assert driver.focused == "SafeInput" and _box(driver) == "last:7d outcome:de"
        await driver.type("nied")
        await driver.press("tab", "slash", "enter")
        assert driver.query == "last:7d outcome:denied"


async def test_the_box_is_under_the_low_terminals_too(demo_log: Opener) -> None:
    async with running(demo_log, "last:7d", size=(45, 15)) as driver:
        assert not driver.screen.query_one("HistogramBar").display or not driver.region("HistogramBar")
        await driver.press("slash", "ctrl+u")
        await driver.type("outcome:bad")
        assert "^" in driver.region("HistogramBar")[0] and driver.widths() == {45}


async def test_enter_on_the_same_query_is_a_refresh(demo_log: Opener) -> None:
    async with running(demo_log, "last:7d") as driver:
        await driver.hold("j", 3)
        await driver.press("slash", "enter")
        assert driver.query == "last:7d" and driver.deck.cursor == 0


async def test_keys_that_come_together_with_enter_are_not_part_of_the_query(demo_log: Opener) -> None:
    async with running(demo_log, "last:7d") as driver:
        await driver.press("slash", "ctrl+u")
        await driver.type("last:30d")
        before = driver.deck.density
        for key in ("enter", "z"):
            driver._send(key)
        await driver.until(lambda: driver.deck.density is not before)
        assert driver.query == "last:30d" and driver.focused == "deck"


async def test_keys_behind_an_enter_that_asks_nothing_go_on_with_the_text(demo_log: Opener) -> None:
    async with running(demo_log, "last:7d") as driver:
        await driver.press("slash", "ctrl+u")
        await driver.type("last:")
        for key in ("enter", "9", "d"):
            driver._send(key)
        await driver.until(lambda: driver.shows("last:9d"))
        await driver.press("enter")
        assert driver.query == "last:9d"


async def test_free_text_finds_words_anywhere(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, "last:all") as driver:
        await driver.press("slash")
        await driver.type("contract")
        await driver.press("enter")
        found = selected("last:all contract", events)
        assert found and driver.shows(f" {len(found):,} event") and driver.current == found[0]


async def test_nothing_moves_by_itself(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("slash")
        assert driver.app.animation_level == "none"
        assert not any(box.cursor_blink for box in driver.screen.query(SafeInput))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_dates_that_are_to_be_typed_have_examples(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, "outcome:denied last:30d", size=size) as driver:
        await driver.press("d", "slash")
        assert driver.shows("/ outcome:denied during:", "^ Such as 2026, today, 2026-q3, 2026-11,")
        assert driver.lines[-1].startswith(" enter ask  esc put back")
        await driver.press("escape")
        assert not driver.shows("Such as")
        await driver.press("d", "slash")
        assert driver.shows("^ Such as 2026, today, 2026-q3, 2026-11,"), "the same text once more"
        await driver.type("2026-11")
        assert driver.shows("from 1 Nov 2026") and not driver.shows("Such as")


@pytest.mark.parametrize("size", [WIDE, NARROW, (40, 12)], ids=["120x40", "80x24", "40x12"])
async def test_a_prompt_for_text_says_its_keys_until_there_is_something_amiss(
    demo_log: Opener, size: tuple[int, int]
) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.press("enter", "slash")
        assert driver.lines[-1].startswith(" Find in this card ")
        assert ("enter takes it, esc leaves it" in driver.lines[-1]) is (size[0] > 40)
        await driver.type("zzz")
        assert "not in this card" in driver.lines[-1] and "esc" not in driver.lines[-1]
        await driver.press("escape", "escape", "V")
        assert ("esc leaves it" in driver.lines[-1]) is (size[0] > 40) and "takes it" not in driver.lines[-1]
        await driver.type("Mine")
        assert ("enter takes it, esc leaves it" in driver.lines[-1]) is (size[0] > 40)
        assert driver.widths() == {size[0]}


async def test_of_a_token_that_is_typed_its_public_id_is_asked_for(demo_log: Opener) -> None:
    """A terminal without bracketed paste sends what is pasted as keys."""
    token = new_token()
    async with running(demo_log, "", size=NARROW) as driver:
        await driver.press_now("slash", *(NAMES.get(character, character) for character in token.reveal()))
        await driver.press("enter")
        assert driver.query == f"last:30d {token.public_id}" and token.reveal()[14:40] not in driver.text
