"""A search that takes long shows what it finds as it finds it, says how far it has come, and can be ended and gone on with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.records import Event
from tests.functional.console.demo_log import ZONE, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.piecewise_log import Pieces, PiecewiseLog
from tui.presenters.values import day_text

FEW = "last:all contract"
NONE = "last:all nowhere-to-be-found"


@dataclass(frozen=True)
class World:
    """The demo, looked through a third at a time as pieces are given."""

    open_log: Callable[[], PiecewiseLog]
    pieces: Pieces
    events: list[Event]

    @property
    def piece(self) -> int:
        return len(self.events) // 3

    def found(self, query: str, pieces: int) -> list[Event]:
        reached = self.events[self.piece * pieces - 1].id
        return [event for event in selected(query, self.events) if event.id >= reached]

    def day(self, pieces: int) -> str:
        """The day that is reached after so many pieces."""
        return day_text(self.events[self.piece * pieces - 1].occurred_at.astimezone(ZONE).date())


@pytest.fixture
def world(demo: Path, events: list[Event]) -> Iterator[World]:
    pieces = Pieces()
    yield World(lambda: PiecewiseLog(demo, pieces, events, len(events) // 3), pieces, events)
    pieces.give(1_000)


async def _after_pieces(driver: Driver, world: World, number: int) -> None:
    """Once so many pieces were looked through, and their finds are shown."""
    world.pieces.give(number)
    await driver.until(lambda: not world.pieces.left and world.pieces.waiting > 0)
    await driver._paint_all()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_what_is_found_is_shown_as_it_is_found(world: World, size: tuple[int, int]) -> None:
    whole = selected(FEW, world.events)
    first = world.found(FEW, 1)
    assert 0 < len(first) < len(whole) < 100, "the demo has changed: another word is needed"
    async with running(world.open_log, FEW, size=size, settled=False) as driver:
        await _after_pieces(driver, world, 1)
        assert driver.deck.window.events == first and driver.current == first[0]
        assert driver.shows(f"Searching ... back to {world.day(1)}; ctrl+c ends it.")
        assert not driver.shows(" events ") and not driver.shows(" 0 event"), "counts are pending"
        await driver.press_now("j")
        await _after_pieces(driver, world, 1)
        assert driver.deck.window.events == world.found(FEW, 2)
        assert driver.current == first[1], "the cursor stays on its event"
        assert driver.shows(f"Searching ... back to {world.day(2)}; ctrl+c ends it.")
        world.pieces.give(2)
        await driver.settle()
        assert driver.deck.window.events == whole and driver.current == first[1]
        assert not driver.shows("Searching") and driver.shows(f" {len(whole)} events")
        assert driver.widths() == {size[0]}


async def test_an_ended_search_keeps_what_it_found_and_is_gone_on_with(world: World) -> None:
    async with running(world.open_log, FEW, settled=False) as driver:
        await _after_pieces(driver, world, 1)
        await driver.press_now("ctrl+c")
        assert not driver.screen.is_asking
        assert driver.shows(f"The search was ended: it is done back to {world.day(1)}; r goes on.")
        await driver.press("j", "j", "pagedown")
        assert driver.deck.window.events == world.found(FEW, 1), "moving over the cards does not begin it again"
        await driver.press("g")
        world.pieces.give(3)
        await driver.press("r")
        assert driver.deck.window.events == selected(FEW, world.events)
        assert not driver.shows("The search") and not driver.shows("Searching")
        assert driver.shows(f" {len(selected(FEW, world.events))} events")


async def test_while_nothing_is_found_it_says_how_far_it_has_come(world: World) -> None:
    async with running(world.open_log, NONE, settled=False) as driver:
        await _after_pieces(driver, world, 2)
        assert driver.shows("Searching ...", f"No event found yet, back to {world.day(2)}. ctrl+c ends it.")
        await driver.press_now("ctrl+c")
        assert driver.shows("The search was ended", f"No event was found back to {world.day(2)}. r goes on from there.")
        assert not driver.shows(" 0 events"), "what was not counted is not zero"
        world.pieces.give(2)
        await driver.press("r")
        await driver.settle()
        assert driver.shows("No event matches", NONE)
        assert driver.focused == "notice"


async def test_a_changed_query_drops_the_search(world: World) -> None:
    async with running(world.open_log, FEW, settled=False) as driver:
        await _after_pieces(driver, world, 1)
        await driver.press("0")
        whole = selected(driver.query, world.events)
        assert driver.current == whole[0] and not driver.shows("Searching")
        world.pieces.give(5)
        await driver.settle()
        window = driver.deck.window.events
        assert window == whole[: len(window)], "one answer, not two"


async def test_the_oldest_are_looked_for_from_the_other_end(world: World) -> None:
    whole = selected(FEW, world.events)
    oldest = [event for event in whole if event.id <= world.events[-world.piece].id]
    assert 0 < len(oldest) < len(whole)
    async with running(world.open_log, FEW, settled=False) as driver:
        await _after_pieces(driver, world, 1)
        await driver.press_now("G")
        await _after_pieces(driver, world, 1)
        assert driver.deck.window.events == oldest and driver.current == whole[-1]
        reached = day_text(world.events[-world.piece].occurred_at.astimezone(ZONE).date())
        assert driver.shows(f"Searching ... up to {reached}; ctrl+c ends it.")
        world.pieces.give(5)
        await driver.settle()
        assert driver.deck.window.events == whole and driver.current == whole[-1]


async def test_one_comes_back_to_a_place_and_both_sides_are_looked_for(world: World) -> None:
    whole = selected(FEW, world.events)
    world.pieces.give(1_000)
    async with running(world.open_log, FEW) as driver:
        await driver.press("j", "j", "j")
        await driver.press("full_stop", "u")
        assert driver.current == whole[3]
        await driver.settle()
        assert driver.deck.window.events == whole
