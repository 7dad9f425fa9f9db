"""A connection that is lost: a banner, tries with growing pauses, and back to where one was without a restart."""

from pathlib import Path
from time import monotonic

import pytest

from data.records import Event
from tests.functional.console.being_told import tell_often
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, running
from tests.functional.console.troubled_log import NO_ANSWER, Trouble, TroubledLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries, and between looks for what is new, that a test has time for."""
    monkeypatch.setattr("tui.reading.connection._PAUSES_S", (0.1, 0.2, 0.4, 0.8))
    tell_often(monkeypatch, 0.05)


@SIZES
async def test_a_banner_says_so_and_what_is_there_stays_readable(
    demo: Path, events: list[Event], trouble: Trouble, size: tuple[int, int]
) -> None:
    whole = selected("last:30d", events)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d", size=size) as driver:
        await driver.hold("j", 2)
        deck = driver.region("#deck")
        trouble.lose()
        await driver.until(lambda: driver.shows("No connection"))
        assert "No connection" in driver.lines[0] and driver.region("#deck") == deck, "nothing moved"
        assert driver.widths() == {size[0]}
        await driver.press_now("j", "enter")
        assert driver.focused == "detail"
        await driver.press_now("escape", "f", "j", "escape", "k", "question_mark", "escape")
        assert driver.current == whole[2]
        trouble.find()
        await driver.until(lambda: not driver.shows("No connection"))
        await driver.settle()
        assert driver.shows("live") and driver.current == whole[2] and driver.region("#deck") == deck


@SIZES
async def test_a_console_that_opens_without_a_connection_opens_when_there_is_one(
    demo: Path, events: list[Event], trouble: Trouble, size: tuple[int, int]
) -> None:
    trouble.lose()
    async with running(lambda: TroubledLog(demo, trouble), "last:30d", size=size, settled=False) as driver:
        await driver.until(lambda: driver.shows("No connection", NO_ANSWER[:20], "tried again"))
        trouble.find()
        await driver.until(lambda: driver.deck.current is not None)
        await driver.settle()
        assert driver.current == selected("last:30d", events)[0] and driver.shows("1,366 events", "live")
        assert driver.focused == "deck" and not driver.shows("No connection")


async def test_tries_have_growing_pauses(demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.lose()
        await driver.until(lambda: driver.shows("No connection"))
        begun, tried = monotonic(), len(trouble.asked)
        while monotonic() - begun < 1.6:
            await driver.pilot.pause(0.05)
        # After 0.1 s, 0.3 s, 0.7 s and 1.5 s; a look for what is new every 0.05 s would make it thirty.
        assert 2 <= len(trouble.asked) - tried <= 4


async def test_r_tries_at_once(demo: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.reading.connection._PAUSES_S", (60,))
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.lose()
        await driver.until(lambda: driver.shows("No connection"))
        trouble.find()
        await driver.press("r")
        assert not driver.shows("No connection") and driver.shows("live")


@pytest.mark.parametrize("lost_first", [True, False])
async def test_a_query_that_failed_is_asked_again(
    demo: Path, events: list[Event], trouble: Trouble, lost_first: bool
) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        await driver.hold("j", 2)
        trouble.lose()
        if lost_first:
            await driver.until(lambda: driver.shows("No connection"))
        await driver.press_now("full_stop")
        await driver.until(lambda: ("page", "last:30d tab:admin") in trouble.asked)
        await driver.until(lambda: driver.shows("No connection"))
        trouble.find()
        admin = selected("last:30d tab:admin", events)
        await driver.until(lambda: driver.deck.current == admin[0])
        await driver.settle()
        assert driver.shows(f" {len(admin):,} events", "/ last:30d tab:admin") and not driver.shows("No connection")
        await driver.press("u")
        assert driver.current == selected("last:30d", events)[2]


async def test_counts_that_failed_are_counted_again(demo: Path, events: list[Event], trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("tally", "facets")
        await driver.press_now("full_stop")
        await driver.until(lambda: ("facets", "last:30d tab:admin") in trouble.asked)
        trouble.lose()
        trouble.let_go()
        await driver.until(lambda: driver.shows("No connection"))
        trouble.find()
        await driver.until(lambda: driver.shows(f" {len(selected('last:30d tab:admin', events)):,} events"))
        await driver.settle()
        assert "…" not in "".join(row.rstrip()[-1:] for row in driver.region("#sidebar"))


async def test_the_next_page_comes_after_all(demo: Path, events: list[Event], trouble: Trouble) -> None:
    whole = selected("last:30d", events)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.lose()
        await driver.until(lambda: driver.shows("No connection"))
        for _ in range(120):
            await driver.stride("j") if driver.deck.cursor < 99 else await driver.press_now("j")
        assert driver.current == whole[99]
        trouble.find()
        await driver.until(lambda: not driver.shows("No connection"))
        await driver.press("j")
        await driver.press("j")
        assert driver.current in whole[100:102], "the first key asked for it at the latest"


async def test_a_flapping_connection_ends_in_one_answer(demo: Path, events: list[Event], trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        for key in ("full_stop", "full_stop", "d", "w", "u"):
            trouble.lose()
            await driver.press_now(key)
            await driver.pilot.pause(0.05)
            trouble.find()
            await driver.pilot.pause(0.05)
        found = selected(driver.query, events)
        await driver.until(lambda: driver.deck.current == found[0] and driver.shows(f" {len(found):,} events"))
        await driver.settle()
        assert not driver.shows("No connection") and driver.shows("live")


@pytest.mark.parametrize("size", [WIDE, NARROW, (170, 45)], ids=["120x40", "80x24", "beside the deck"])
async def test_a_card_that_a_notice_has_covered_does_not_open_when_the_answer_comes(
    demo: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr("tui.screens.event_log.patience._PATIENCE_S", 60.0)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d", size=size) as driver:
        trouble.hold("page")
        await driver.press_now("full_stop", "enter")
        assert driver.screen.query_one("#detail").display, "the cards that were there can be opened"
        trouble.lose()
        trouble.let_go()
        await driver.until(lambda: driver.focused == "notice")
        await driver.press_now("enter")
        trouble.find()
        await driver.until(lambda: driver.focused != "notice")
        await driver.settle()
        assert driver.focused == "deck" and not driver.screen.query_one("#detail").display


async def test_a_card_that_looking_has_covered_does_not_open_on_another_event(
    demo: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.event_log.patience._PATIENCE_S", 1.0)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("page")
        await driver.press_now("full_stop", "enter")
        await driver.until(lambda: driver.shows("Looking ..."))
        trouble.let_go()
        await driver.settle()
        assert driver.query == "last:30d tab:admin" and driver.focused == "deck"


async def test_a_card_that_stood_beside_the_deck_before_is_there_again(demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d", size=(170, 45)) as driver:
        await driver.press("enter")
        trouble.lose()
        await driver.press_now("full_stop")
        await driver.until(lambda: driver.focused == "notice")
        trouble.find()
        await driver.until(lambda: driver.focused == "deck")
        await driver.settle()
        assert str(driver.current.id) in "\n".join(driver.region("#detail"))
