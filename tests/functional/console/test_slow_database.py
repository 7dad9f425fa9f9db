"""A slow database: keys answer while it is asked, no stale answer is shown, and what runs can be called off."""

import threading
from pathlib import Path

import pytest

from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import running
from tests.functional.console.troubled_log import Trouble, TroubledLog


async def test_the_cursor_moves_while_a_page_is_on_its_way(demo: Path, events: list[Event], trouble: Trouble) -> None:
    whole = selected("last:30d", events)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("page", "tally", "facets")
        for place in range(1, 100):
            await driver.stride("j") if place < 40 else await driver.press_now("j")
            assert driver.current == whole[place]
        await driver.press_now("j")
        assert driver.current == whole[99], "there is no further yet"
        trouble.let_go()
        await driver.settle()
        await driver.press("j")
        assert driver.current == whole[100]


async def test_keys_answer_while_a_query_runs(demo: Path, events: list[Event], trouble: Trouble) -> None:
    whole = selected("last:30d", events)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("page")
        await driver.press_now("full_stop")
        assert driver.shows("/ last:30d tab:admin"), "what is asked is seen at once"
        await driver.until(lambda: driver.shows("Looking ...", "ctrl+c calls it off"))
        await driver.press_now("f")
        assert driver.focused == "sidebar"
        await driver.press_now("j", "escape", "question_mark")
        assert driver.shows("Everywhere")
        await driver.press_now("escape", "slash")
        await driver.press_now("x")
        assert driver.shows("last:30d tab:admin x")
        await driver.press_now("escape")
        trouble.let_go()
        await driver.settle()
        assert driver.focused == "deck" and driver.current == selected("last:30d tab:admin", events)[0]
        await driver.press("u")
        assert driver.current == whole[0]


async def test_a_stale_answer_is_never_shown(demo: Path, events: list[Event], trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("last:30d tab:admin")
        await driver.press_now("full_stop")
        await driver.until(lambda: ("page", "last:30d tab:admin") in trouble.asked)
        await driver.press("full_stop")
        users = selected("last:30d tab:users", events)
        assert driver.query == "last:30d tab:users" and driver.current == users[0]
        before = driver.lines
        trouble.let_go()
        await driver.until(lambda: not any(thread.name == "auditdeck-open" for thread in threading.enumerate()))
        await driver.settle()
        assert driver.lines == before


async def test_counts_of_an_older_query_are_never_shown(demo: Path, events: list[Event], trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("tally", "facets")
        await driver.press_now("full_stop")
        await driver.until(lambda: ("facets", "last:30d tab:admin") in trouble.asked)
        assert not driver.shows(" events "), "the count is pending"
        assert any(row.rstrip().endswith("…") for row in driver.region("#sidebar"))
        await driver.press_now("full_stop")
        await driver.until(lambda: ("facets", "last:30d tab:users") in trouble.asked)
        trouble.let_go()
        await driver.settle()
        assert driver.shows(f" {len(selected('last:30d tab:users', events)):,} events")


async def test_many_queries_in_a_row_end_with_the_last(demo: Path, events: list[Event], trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("page")
        for key in ("full_stop", "full_stop", "d", "w", "f", "o", "space", "minus", "escape", "u", "u"):
            await driver.press_now(key)
        trouble.let_go()
        await driver.settle()
        assert driver.current == selected(driver.query, events)[0]
        assert driver.shows(f" {len(selected(driver.query, events)):,} events")


async def test_what_runs_is_called_off(demo: Path, events: list[Event], trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("page")
        await driver.press_now("full_stop")
        await driver.until(lambda: driver.shows("Looking ..."))
        await driver.press_now("ctrl+c")
        assert not driver.screen.is_asking and driver.shows("Called off")
        assert not driver.shows("Looking ..."), "nothing looks any more"
        trouble.let_go()
        await driver.settle()
        assert driver.app.is_running
        await driver.press("r")
        assert driver.current == selected("last:30d tab:admin", events)[0] and driver.focused == "deck"


async def test_with_nothing_running_there_is_nothing_to_call_off(demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        before = driver.lines
        await driver.press("ctrl+c")
        assert driver.lines[:-1] == before[:-1] and driver.app.is_running
        assert driver.shows("Nothing runs. ctrl+q quits.")


async def test_cards_of_an_older_query_do_not_mix_with_the_new_one(
    demo: Path, events: list[Event], trouble: Trouble
) -> None:
    whole = selected("last:30d", events)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        for _ in range(35):
            await driver.stride("j")
        trouble.hold("page")
        await driver.press_now("full_stop", "ctrl+c")
        trouble.let_go()
        for _ in range(30):
            await driver.press_now("j")
        await driver.settle()
        window = driver.deck.window.events
        assert window == whole[: len(window)], "one answer, not two"


async def test_the_number_of_an_open_card_comes_with_the_count(
    demo: Path, events: list[Event], trouble: Trouble
) -> None:
    whole = selected("last:30d", events)
    trouble.hold("tally")
    async with running(lambda: TroubledLog(demo, trouble), "last:30d", settled=False) as driver:
        await driver.until(lambda: driver.deck.current is not None)
        await driver.press_now("G")
        await driver.until(lambda: driver.deck.current == whole[-1])
        await driver.press_now("enter")
        await driver.until(lambda: driver.shows("… of …"))
        trouble.let_go()
        await driver.settle()
        assert "1,366 of 1,366" in driver.region("#detail")[0]


async def test_an_answer_that_comes_as_the_notice_appears_leaves_the_keys_alive(
    demo: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.event_log.patience._PATIENCE_S", 0.001)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        for _ in range(6):
            await driver.press("full_stop")
            assert driver.focused == "deck"
            await driver.press_now("j")
            assert driver.deck.cursor == 1


async def test_cards_stay_while_the_other_end_of_their_answer_is_on_its_way(
    demo: Path, events: list[Event], trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.event_log.patience._PATIENCE_S", 0.1)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d", settled=False) as driver:
        await driver.until(lambda: driver.deck.current is not None)
        trouble.hold("page")
        await driver.press_now("G")
        await driver.after(0.1)
        assert driver.focused == "deck" and not driver.shows("Looking ...")
        await driver.press_now("j")
        assert driver.current == selected("last:30d", events)[1]


async def test_looking_is_not_said_sooner_because_of_a_question_before(
    demo: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.event_log.patience._PATIENCE_S", 0.5)
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        await driver.press("full_stop")
        monkeypatch.setattr("tui.screens.event_log.patience._PATIENCE_S", 60.0)
        trouble.hold("page")
        await driver.press_now("full_stop")
        await driver.after(0.5)  # when the wait of the question before is over
        assert not driver.shows("Looking ...")
