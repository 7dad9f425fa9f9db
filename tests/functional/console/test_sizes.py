"""The console in every size: three densities of the deck, the card beside it where there is room, and where there is none."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.records import Event
from tests.functional.console.demo_log import ZONE, selected
from tests.functional.console.driving import running
from tui.presenters.card import card_rows
from tui.presenters.card_grid import Density
from tui.presenters.pieces import plain_text

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]
SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_densities_follow_each_other_and_the_card_stays_where_it_is(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.hold("j", 6)
        here = driver.current
        for density in (Density.COMPACT, Density.LINES, Density.CARDS):
            await driver.press("z")
            assert driver.deck.density is density and driver.current == here
            driver.assert_selection_visible()
        assert driver.current == selected("last:30d", events)[6]


@pytest.mark.parametrize("height", [24, 60, 110])
async def test_lines_fill_a_deck_of_any_height(demo_log: Opener, events: list[Event], height: int) -> None:
    async with running(demo_log, "last:30d", size=(120, height)) as driver:
        await driver.press("z", "z")
        deck = [line.rstrip() for line in driver.region("#deck")]
        shown = [line for line in deck if line[1:3].isdigit()]
        width = driver.deck.size.width
        gone = driver.deck.gone
        found = selected("last:30d", events)
        lines = [plain_text(card_rows(event, width, ZONE, Density.LINES, gone=gone)[0]) for event in found]
        assert [line[1:] for line in shown] == [line[1:] for line in lines[: len(shown)]]
        headings = len([line for line in deck if line and not line[1:3].isdigit()])
        assert len(shown) + headings == len(deck), "no row is empty"


async def test_a_taller_terminal_gets_more_lines(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d", size=(120, 24)) as driver:
        await driver.press("z", "z")
        await driver.resize(120, 80)
        assert not [line for line in driver.region("#deck") if not line.strip()]
        driver.assert_selection_visible()


async def test_from_160_cells_the_open_card_stands_beside_the_deck_and_follows(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d", size=(160, 40)) as driver:
        await driver.press("j", "enter")
        assert driver.focused == "deck" and str(driver.current.id) in "\n".join(driver.region("#detail"))
        await driver.hold("j", 3)
        assert driver.focused == "deck" and str(driver.current.id) in "\n".join(driver.region("#detail"))
        driver.assert_selection_visible()
        await driver.press("enter")
        assert driver.focused == "detail"
        await driver.press("J")
        assert str(driver.current.id) in "\n".join(driver.region("#detail"))
        driver.assert_selection_visible()
        await driver.press("escape")
        assert driver.focused == "deck" and driver.screen.query_one("#detail").display
        await driver.press("escape")
        assert driver.focused == "deck" and not driver.screen.query_one("#detail").display


async def test_the_card_beside_the_deck_stays_when_the_query_changes(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, "last:30d", size=(200, 60)) as driver:
        await driver.press("enter", "enter", "full_stop")
        found = selected("last:30d tab:admin", events)
        assert driver.current == found[0] and driver.focused == "deck"
        assert str(found[0].id) in "\n".join(driver.region("#detail"))


async def test_a_card_that_was_beside_the_deck_takes_its_place_in_a_smaller_terminal(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d", size=(170, 40)) as driver:
        await driver.press("enter", "j")
        here = driver.current
        await driver.resize(120, 40)
        assert driver.focused == "detail" and not driver.deck.display
        assert str(here.id) in "\n".join(driver.region("#detail"))
        await driver.resize(170, 40)
        assert driver.deck.display and driver.focused == "detail" and driver.current == here
        await driver.press("escape", "j")
        driver.assert_selection_visible()


async def test_without_a_match_neither_deck_nor_card_is_there(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d", size=(200, 60)) as driver:
        await driver.press("enter")
        await driver.press("slash")
        await driver.type("client:nobody-at-all")
        await driver.press("enter")
        assert driver.shows("No event matches") and not driver.screen.query_one("#detail").display
        await driver.press("u")
        assert driver.focused == "deck" and driver.screen.query_one("#detail").display


@pytest.mark.parametrize("size", [(39, 20), (80, 11), (20, 5), (1, 1)])
async def test_below_40_by_12_one_sentence_says_so(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("j", "j", "enter")
        here, focused = driver.current, driver.focused
        await driver.resize(*size)
        assert "Audit log" not in driver.text and driver.widths() == {size[0]}
        if size[0] >= 20:
            assert "auditdeck" in driver.text
        await driver.resize(120, 40)
        assert driver.current == here and driver.focused == focused and driver.shows("Audit log")


async def test_a_console_that_begins_too_small_goes_on_when_it_is_large_enough(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d", size=(30, 10)) as driver:
        assert "auditdeck needs 40 x 12" in driver.text
        await driver.resize(40, 12)
        assert driver.focused == "deck" and driver.shows("last:30d")
        driver.assert_selection_visible()


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (63, 22), (64, 22), (99, 21), (100, 22), (159, 40), (160, 40)])
async def test_every_state_keeps_to_its_size(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        for keys in (["j"], ["enter"], ["escape", "f"], ["escape", "d"], ["escape", "plus"], ["escape", "slash"]):
            await driver.press(*keys)
            assert driver.widths() == {size[0]} and len(driver.lines) == size[1], keys
        await driver.press("escape", "z", "j", "z", "j")
        driver.assert_selection_visible()
