"""The terminal changes its size in the middle of reading."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]
SIZES = [WIDE, NARROW, (200, 60), (45, 15), WIDE]


async def test_the_selected_event_stays_and_is_seen(demo_log: Opener, events: list[Event]) -> None:
    whole = selected("last:30d", events)
    async with running(demo_log, "last:30d") as driver:
        for _ in range(77):
            await driver.stride("j")
        for width, height in SIZES:
            await driver.resize(width, height)
            assert driver.current == whole[77] and driver.focused == "deck"
            assert driver.widths() == {width} and len(driver.lines) == height
            driver.assert_selection_visible()
            await driver.press("j")
            driver.assert_selection_visible()
            await driver.press("k")
            driver.assert_selection_visible()


@pytest.mark.parametrize("key", ["f", "plus", "slash", "question_mark", "d"])
async def test_whatever_is_open_stays_open(demo_log: Opener, key: str) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press(key)
        focused = driver.focused
        for width, height in SIZES:
            await driver.resize(width, height)
            assert driver.focused == focused and driver.widths() == {width} and len(driver.lines) == height
        await driver.press("escape")
        assert driver.focused == "deck"


@pytest.mark.parametrize("size", [(39, 11), (10, 3), (1, 1), (400, 120)])
async def test_no_size_is_too_odd(demo_log: Opener, events: list[Event], size: tuple[int, int]) -> None:
    whole = selected("last:30d", events)
    async with running(demo_log, "last:30d") as driver:
        await driver.press("j")
        await driver.resize(*size)
        for key in ("j", "pagedown", "pageup", "G", "g", "enter", "j", "J", "escape", "f", "j", "escape", "plus"):
            await driver.press(key)
        await driver.press("escape", "g", "j")
        await driver.resize(*WIDE)
        assert driver.current == whole[1]
        driver.assert_selection_visible()


async def test_the_histogram_has_as_many_buckets_as_there_is_room_for(demo_log: Opener) -> None:
    async with running(demo_log, "last:all") as driver:
        bars = set("▁▂▃▄▅▆▇█")
        lengths = {}
        for width, height in (WIDE, NARROW, (200, 60)):
            await driver.resize(width, height)
            lengths[width] = sum(char in bars for char in driver.region("HistogramBar")[0])
        assert lengths[80] <= 60 and lengths[80] < lengths[120] <= lengths[200]
