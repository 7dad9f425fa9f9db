"""Moving over the deck by keys: every event is reached, in order, and what is selected is seen."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SMALL = "outcome:failure last:7d"
LARGE = "last:30d"
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])

_LOOKS_EVERY = 11

Opener = Callable[[], "AuditLog"]


async def _ride(driver: Driver, key: str, towards: Event, whole: list[Event]) -> list[int]:
    """Press a key until it is at this event; the places passed in the whole answer, the first one included."""
    places = {event.id: place for place, event in enumerate(whole)}
    passed = [places[driver.current.id]]
    for number in range(2 * len(whole)):
        if driver.current.id == towards.id:
            await driver.settle()
            driver.assert_selection_visible()
            return passed
        if await driver.stride(key):
            passed.append(places[driver.current.id])
        if number % _LOOKS_EVERY == 0:
            await driver.settle()
            driver.assert_selection_visible()
    raise AssertionError(f"{key} never got there")


@SIZES
async def test_every_event_of_a_small_answer_is_reached_one_by_one(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    whole = selected(SMALL, events)
    assert 5 < len(whole) < 100
    async with running(demo_log, SMALL, size=size) as driver:
        assert driver.current == whole[0]
        assert await _ride(driver, "j", whole[-1], whole) == [*range(len(whole))]
        await driver.press("j")
        assert driver.current == whole[-1], "there is no further"
        assert await _ride(driver, "k", whole[0], whole) == [*range(len(whole))][::-1]
        await driver.press("k")
        assert driver.current == whole[0]


async def test_page_borders_are_crossed_without_a_gap_both_ways(demo_log: Opener, events: list[Event]) -> None:
    whole = selected(LARGE, events)[:130]
    async with running(demo_log, LARGE) as driver:
        assert await _ride(driver, "down", whole[-1], whole) == [*range(130)]
        assert await _ride(driver, "up", whole[70], whole) == [*range(129, 69, -1)]


@pytest.mark.parametrize(
    ("down", "up", "query", "least"), [("pagedown", "pageup", LARGE, 1_001), ("ctrl+d", "ctrl+u", "last:7d", 201)]
)
async def test_a_large_answer_is_paged_to_its_end_and_back(
    demo_log: Opener, events: list[Event], down: str, up: str, query: str, least: int
) -> None:
    whole = selected(query, events)
    assert len(whole) >= least, "more than the deck holds at once, or than two pages"
    async with running(demo_log, query) as driver:
        passed = await _ride(driver, down, whole[-1], whole)
        assert passed == sorted(passed) and max(b - a for a, b in pairwise(passed)) <= 15
        passed = await _ride(driver, up, whole[0], whole)
        assert passed == sorted(passed, reverse=True)


@SIZES
@pytest.mark.parametrize("query", [SMALL, LARGE, "last:all"])
async def test_both_ends_are_a_key_away(
    demo_log: Opener, events: list[Event], size: tuple[int, int], query: str
) -> None:
    whole = selected(query, events)
    async with running(demo_log, query, size=size) as driver:
        for last, first in (("G", "g"), ("end", "home")):
            await driver.press(last)
            assert driver.current == whole[-1]
            driver.assert_selection_visible()
            await driver.press("k")
            assert driver.current == whole[-2]
            driver.assert_selection_visible()
            await driver.press(first)
            assert driver.current == whole[0]
            driver.assert_selection_visible()


async def test_reading_back_from_the_oldest_event_crosses_pages_too(demo_log: Opener, events: list[Event]) -> None:
    whole = selected("last:all", events)
    async with running(demo_log, "last:all") as driver:
        await driver.press("G")
        oldest = whole[-130:]
        assert await _ride(driver, "k", oldest[0], oldest) == [*range(129, -1, -1)]


@SIZES
async def test_the_deck_shows_the_answer_in_order_under_the_headings_of_its_days(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    whole = selected(LARGE, events)
    async with running(demo_log, LARGE, size=size) as driver:
        await driver.hold("j", 60)
        rows = driver.region("#deck")
        times = [row[1:9] for row in rows if row[3:4] == ":" and row[6:7] == ":"]
        all_times = [event.occurred_at.strftime("%H:%M:%S") for event in whole]
        at = next(place for place in range(len(all_times)) if all_times[place : place + len(times)] == times)
        assert at <= 60 < at + len(times)
        first = f"{whole[at].occurred_at:%-d %b %Y}"
        assert first in rows[0] and "──" in rows[0], "the day of the topmost card is pinned"


async def test_the_histogram_marks_the_bucket_of_the_selected_card(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, LARGE) as driver:

        def marked() -> list[int]:
            bar = driver.screen.query_one("HistogramBar")
            strip = driver.app.screen._compositor.render_strips()[bar.region.y]
            cells: list[str] = []
            for segment in strip:
                assert segment.style is not None and segment.style.bgcolor is not None
                cells += [segment.style.bgcolor.name] * len(segment.text)
            row = cells[bar.region.x : bar.region.right]
            return [cell for cell, colour in enumerate(row) if colour != row[0]]

        newest = marked()
        await driver.press("G")
        oldest = marked()
        assert newest and oldest and max(oldest) < min(newest)
