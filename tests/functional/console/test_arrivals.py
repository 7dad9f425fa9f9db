"""Events that arrive while one reads: a badge, and nothing moves until it is asked for."""

from datetime import timedelta
from pathlib import Path

import pytest

from data.records import Draft, Event, Outcome
from tests.functional.console.being_told import tell_at_once
from tests.functional.console.demo_log import END, fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, running

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives is told at once."""
    tell_at_once(monkeypatch)


def _arriving(count: int, *, outcome: Outcome = Outcome.SUCCESS, kind: str = "project.created") -> list[Draft]:
    """Events of today, a second apart, just before the demo's end; those of another outcome or kind apart from them."""
    end = END - timedelta(milliseconds=len(outcome) * 10 + len(kind))
    return [Draft(type=kind, occurred_at=end - timedelta(seconds=number), outcome=outcome) for number in range(count)]


@SIZES
async def test_what_is_read_does_not_move_and_the_badge_counts(
    own_demo: Path, events: list[Event], size: tuple[int, int]
) -> None:
    whole = selected("last:30d", events)
    async with running(lambda: open_log(own_demo), "last:30d", size=size) as driver:
        await driver.hold("j", 5)
        before = driver.region("#deck")
        fill(own_demo, _arriving(3))
        await driver.until(lambda: driver.shows(" 3 new  n "))
        assert driver.region("#deck") == before and driver.current == whole[5]
        assert driver.shows("1,366 events"), "the count is that of the answer that is read"
        fill(own_demo, [Draft(type="project.deleted", occurred_at=END)])
        await driver.until(lambda: driver.shows(" 4 new  n "))
        await driver.press("G")
        assert driver.current == whole[-1], "the same answer to its end"
        await driver.press("g")
        assert driver.current == whole[0], "and to its beginning"
        await driver.press("n")
        assert driver.current.type == "project.deleted" and driver.shows("1,370 events")
        assert not driver.shows(" new  n ")
        driver.assert_selection_visible()


async def test_only_what_the_query_selects_is_new(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "outcome:denied last:30d") as driver:
        fill(own_demo, _arriving(5))
        fill(own_demo, _arriving(2, outcome=Outcome.DENIED))
        await driver.until(lambda: driver.shows(" 2 new  n "))


async def test_an_open_card_stays_what_it_is(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        await driver.press("j", "enter", "j", "j")
        before = driver.region("#detail")
        fill(own_demo, _arriving(2))
        await driver.until(lambda: driver.shows(" 2 new  n "))
        assert driver.region("#detail") == before and driver.shows("2 of 1,366")


async def test_going_on_past_a_page_border_meets_nothing_new(own_demo: Path, events: list[Event]) -> None:
    whole = selected("last:30d", events)
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        late = [Draft(type="project.created", occurred_at=whole[110].occurred_at + timedelta(milliseconds=1))]
        fill(own_demo, late)
        await driver.until(lambda: driver.shows(" 1 new  n "))
        for place in range(1, 125):
            while driver.current == whole[place - 1]:
                await driver.stride("j")
            assert driver.current == whole[place]


async def test_the_badge_goes_with_the_query(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        fill(own_demo, _arriving(3))
        await driver.until(lambda: driver.shows(" 3 new  n "))
        await driver.press("d", "w")
        assert not driver.shows(" new  n ") and driver.current.type == "project.created"


async def test_an_empty_log_fills(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    async with running(lambda: open_log(path), "last:all") as driver:
        assert driver.shows("The log is empty")
        fill(path, _arriving(2))
        await driver.until(lambda: driver.shows(" 2 new  n "))
        await driver.press("n")
        assert driver.current.type == "project.created" and driver.focused == "deck"
        await driver.press("j", "enter")
        assert driver.shows("2 of 2")
