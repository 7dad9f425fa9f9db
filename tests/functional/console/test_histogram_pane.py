"""The histogram as a pane: since here, until here, only this, by keys and by mouse, on bars and on cards."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.answers import Bucket
from data.clock import to_microseconds
from data.records import Event, Outcome
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.troubled_log import Trouble, TroubledLog
from tui.presenters.values import count_text
from tui.widgets.histogram_bar import HistogramBar

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
Opener = Callable[[], "AuditLog"]
_TO_HISTOGRAM = ("tab", "tab")


def _bar(driver: Driver) -> HistogramBar:
    return driver.screen.query_one(HistogramBar)


def _bucket(driver: Driver) -> Bucket:
    bucket = _bar(driver).current
    assert bucket is not None
    return bucket


def _within(query: str, events: list[Event], start_us: int | None, end_us: int | None) -> list[Event]:
    """What a query selects of this stretch of time, found by looking at every event."""
    return [
        event
        for event in selected(query, events)
        if (start_us is None or to_microseconds(event.occurred_at) >= start_us)
        and (end_us is None or to_microseconds(event.occurred_at) < end_us)
    ]


def _assert_reads(driver: Driver, expected: list[Event]) -> None:
    """The answer is these events, counted and drawn."""
    assert driver.screen.reading.tally is not None
    assert driver.screen.reading.tally.count == len(expected)
    assert list(driver.deck.window.events) == expected[: len(driver.deck.window)]


@SIZES
async def test_tab_goes_from_the_cards_to_the_filters_to_the_histogram_and_back(
    demo_log: Opener, size: tuple[int, int]
) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        for key, focused in (("tab", "sidebar"), ("tab", "HistogramBar"), ("tab", "deck"), ("tab", "sidebar")):
            await driver.press(key)
            assert driver.focused == focused
        await driver.press("tab")
        assert driver.shows("← → move") and driver.screen.query_one("#sidebar").display is (size == WIDE)
        for key in ("escape", "backspace", "q"):
            await driver.press(key)
            assert driver.focused == "deck" and not driver.shows("again quits")
            await driver.press(*_TO_HISTOGRAM)
        await driver.press("tab", "enter", "tab", "tab")
        assert driver.focused == "HistogramBar"
        await driver.press("tab")
        assert driver.focused == "detail", "the open card is still there"


@pytest.mark.parametrize("size", [(60, 20), (80, 21)], ids=["60x20", "80x21"])
async def test_where_there_is_no_histogram_tab_passes_it_over(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.press(*_TO_HISTOGRAM)
        assert driver.focused == "deck"


async def test_a_terminal_that_gets_low_gives_the_keys_back_to_the_cards(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press(*_TO_HISTOGRAM)
        await driver.resize(120, 20)
        await driver.press("j")
        assert driver.focused == "deck"


async def test_while_a_query_is_typed_tab_stays_out_of_its_hint(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("slash", "tab", "tab")
        assert driver.shows("from 22 Oct 2026") and driver.focused not in ("HistogramBar", "sidebar")


@SIZES
async def test_every_bar_says_its_dates_its_count_and_what_was_not_ok(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.press(*_TO_HISTOGRAM, "g")
        for _ in range(30):
            bucket, region = _bucket(driver), _bar(driver).region
            inside = _within("last:30d", events, bucket.start_us, bucket.end_us)
            not_ok = sum(event.outcome is not Outcome.SUCCESS for event in inside)
            day = inside[0].occurred_at
            bars, words = (driver.lines[region.y + row][region.x : region.right] for row in (0, 1))
            assert f"{day.day} {day:%b} 2026 · {count_text(len(inside))} events · {not_ok} not ok" in words
            caret = words.index("^")
            assert bars[caret] in "▁▂▃▄▅▆▇█", "the caret points at the bar"
            await driver.press("right")
        assert _bucket(driver) == bucket, "there is no further"
        await driver.press("home", "l", "l", "h", "left", "left")
        assert _bar(driver).cursor == 0


async def test_the_cursor_begins_at_the_bar_of_the_selected_card(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("G")
        await driver.press(*_TO_HISTOGRAM)
        assert _bar(driver).cursor == 0
        await driver.press("escape", "g")
        await driver.press(*_TO_HISTOGRAM)
        assert _bar(driver).cursor == 29


@SIZES
async def test_since_here_until_here_in_eight_keys(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with running(demo_log, "outcome:denied last:30d", size=size) as driver:
        keys = [*_TO_HISTOGRAM, "home", "right", "left_parenthesis", "right", "right", "right_parenthesis"]
        assert len(keys) == 8
        for key in keys:
            await driver.press(key)
        assert driver.query == "outcome:denied during:2026-10-23..2026-10-25"
        _assert_reads(driver, selected(driver.query, events))
        assert driver.focused == "HistogramBar"
        await driver.press("u")
        assert driver.query == "outcome:denied after:2026-10-23"
        await driver.press("u")
        assert driver.query == "outcome:denied last:30d"


async def test_only_this_bar_goes_down_to_the_minute_and_back(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, "last:all") as driver:
        queries = [driver.query]
        await driver.press(*_TO_HISTOGRAM)
        units = []
        for _ in range(12):
            tally = driver.screen.reading.tally
            assert tally is not None
            units.append(tally.histogram.unit)
            while _bucket(driver).count == 0:
                await driver.press("right")
            bucket = _bucket(driver)
            expected = _within(queries[-1], events, bucket.start_us, bucket.end_us)
            await driver.press("enter")
            if driver.query == queries[-1]:
                break
            queries.append(driver.query)
            _assert_reads(driver, expected)
            assert len(expected) == bucket.count and driver.focused == "HistogramBar"
        assert driver.shows("narrower than that already")
        assert units[-1] == "minute" and "day" in units and len(units) == len(set(units)) + (units[-2] == "minute")
        for query in queries[-2::-1]:
            await driver.press("u")
            assert driver.query == query


@SIZES
@pytest.mark.parametrize("query", ["last:30d", "last:all outcome:denied", "after:2026-11-01 -during:2026-11-10"])
async def test_since_and_until_a_card_include_it_and_leave_what_lies_between(
    demo_log: Opener, events: list[Event], size: tuple[int, int], query: str
) -> None:
    whole = selected(query, events)
    async with running(demo_log, query, size=size) as driver:
        await driver.hold("j", 9)
        older = driver.current
        await driver.press("left_parenthesis")
        assert driver.current == older, "one stays at the card"
        driver.assert_selection_visible()
        _assert_reads(driver, whole[:10])
        await driver.press("k", "k", "k", "right_parenthesis")
        _assert_reads(driver, whole[6:10])
        assert driver.current == whole[6] and driver.focused == "deck"
        await driver.press("u", "u")
        assert driver.query == query and driver.current == older


async def test_since_and_until_work_in_the_open_card_too(demo_log: Opener, events: list[Event]) -> None:
    whole = selected("last:30d", events)
    async with running(demo_log, "last:30d") as driver:
        await driver.press("j", "j", "enter", "right_parenthesis")
        _assert_reads(driver, whole[2:])


async def test_a_bound_that_is_there_already_is_told_and_asks_nothing(demo: Path) -> None:
    trouble = Trouble()
    async with running(lambda: TroubledLog(demo, trouble), "during:2026-11-20") as driver:
        await driver.press("j", "left_parenthesis")
        asked, query = len(trouble.asked), driver.query
        await driver.press("left_parenthesis")
        assert driver.shows("narrower than that already") and driver.query == query and len(trouble.asked) == asked


async def test_a_card_outside_the_dates_asked_for_is_told_and_asks_nothing(demo: Path) -> None:
    trouble = Trouble()
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        await driver.press("G")
        trouble.hold("page")
        await driver.press_now("d", "t")
        asked, query = len(trouble.asked), driver.query
        assert query != "last:30d"
        await driver.press_now("right_parenthesis")
        assert driver.shows("This lies outside the dates") and driver.query == query and len(trouble.asked) == asked
        trouble.let_go()
        await driver.settle()
        assert driver.query == query


async def test_dates_and_clearing_are_at_hand(demo_log: Opener) -> None:
    async with running(demo_log, "outcome:denied last:30d") as driver:
        await driver.press(*_TO_HISTOGRAM, "0")
        assert driver.query == "last:30d" and driver.focused == "HistogramBar"
        await driver.press("d", "w")
        assert driver.query == "last:7d"


async def test_while_it_is_counted_the_keys_go_on_over_the_bars_that_there_were(demo: Path) -> None:
    trouble = Trouble()
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        await driver.press(*_TO_HISTOGRAM, "home", "right")
        trouble.hold("tally")
        await driver.press_now("left_parenthesis", "right", "right")
        assert driver.shows("25 Oct 2026 · …"), "no count of an older query is shown"
        await driver.press_now("right_parenthesis")
        assert driver.query == "during:2026-10-23..2026-10-25"
        trouble.let_go()
        await driver.settle()
        assert not driver.shows("2026 · …")


async def test_a_click_puts_the_cursor_and_two_narrow(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        first_bar = len(" 22 Oct ")
        await driver.pilot.click(HistogramBar, offset=(first_bar + 7, 0))
        await driver.settle()
        assert driver.focused == "HistogramBar" and _bar(driver).cursor == 3 and driver.query == "last:30d"
        await driver.pilot.click(HistogramBar, offset=(2, 0))
        assert _bar(driver).cursor == 3, "there is no bar"
        await driver.pilot.double_click(HistogramBar, offset=(first_bar, 0))
        await driver.settle()
        assert driver.query == "during:2026-10-22"
