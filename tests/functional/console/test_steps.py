"""Undo and redo: every query of a session, and the place where one stood in its answer."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Key

from data.query import parse_query, print_query
from data.records import Draft, Event
from tests.functional.console.demo_log import END, fill, open_log, selected
from tests.functional.console.driving import running
from tests.functional.console.troubled_log import Trouble, TroubledLog

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]


async def test_undo_and_redo_bring_back_query_and_place(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.hold("j", 7)
        first = driver.current
        await driver.press("plus", "o")
        await driver.hold("j", 3)
        second = driver.current
        await driver.press("full_stop")
        await driver.press("u")
        assert (driver.query, driver.current) == (f"last:30d outcome:{first.outcome}", second)
        await driver.press("u")
        assert (driver.query, driver.current) == ("last:30d", first)
        driver.assert_selection_visible()
        await driver.press("u")
        assert driver.shows("Nothing to undo.") and driver.current == first
        await driver.press("U")
        assert (driver.query, driver.current) == (f"last:30d outcome:{first.outcome}", second)
        await driver.press("U", "U")
        assert driver.query.endswith("tab:admin") and driver.shows("Nothing to redo.")
        assert driver.current == selected(driver.query, events)[0]


async def test_the_place_deep_in_an_answer_comes_back_with_its_number(demo_log: Opener, events: list[Event]) -> None:
    whole = selected("last:30d", events)
    async with running(demo_log, "last:30d") as driver:
        for _ in range(40):
            await driver.stride("pagedown")
        await driver.settle()
        deep = driver.current
        await driver.press("full_stop", "u")
        assert driver.current == deep
        driver.assert_selection_visible()
        await driver.press("enter")
        assert f"{whole.index(deep) + 1:,} of 1,366" in driver.region("#detail")[0]
        await driver.press("escape", "k")
        assert driver.current == whole[whole.index(deep) - 1]
        await driver.press("g")
        assert driver.current == whole[0]


async def test_a_place_is_kept_when_events_arrive_meanwhile(own_demo: Path, events: list[Event]) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        await driver.hold("j", 5)
        place = driver.current
        await driver.press("full_stop")
        fill(own_demo, [Draft(type="project.created", occurred_at=END) for _ in range(3)])
        await driver.press("u")
        assert driver.current == place
        await driver.press("g")
        assert driver.current == selected("last:30d", events)[0], "it is the answer that was left"
        await driver.press("r")
        assert driver.current.type == "project.created"


async def test_what_a_key_said_stands_until_the_next_key(demo: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        await driver.press("full_stop")
        trouble.hold("page")
        await driver.press_now("u")
        await driver.until(lambda: driver.shows("Looking ..."))
        await driver.press_now("u")
        trouble.let_go()
        await driver.settle()
        assert driver.focused == "deck" and driver.shows("Nothing to undo."), "the answer came, not a key"
        await driver.press("j")
        assert not driver.shows("Nothing to undo.")


async def test_a_new_query_forgets_what_was_undone(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("full_stop", "u", "d", "w")
        await driver.press("U")
        assert driver.query == "last:7d" and driver.shows("Nothing to redo.")


async def test_fifty_steps_can_be_undone(demo: Path, events: list[Event], trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(demo, trouble), "last:1d") as driver:
        trouble.hold("page")  # the steps count, not their answers
        queries = [print_query(parse_query(f"last:{hours}h")) for hours in range(1, 56)]
        for query in queries:
            driver.screen.reading.ask(parse_query(query))
        for query in queries[-2:-51:-1]:
            await driver.press_now("u")
            assert driver.query == query
        await driver.press_now("u")
        assert driver.query == queries[-50] and driver.shows("Nothing to undo.")
        trouble.let_go()
        await driver.settle()
        assert driver.current == selected(queries[-50], events)[0]


async def test_asking_the_same_again_is_no_step(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("slash", "enter")
        await driver.press("u")
        assert driver.shows("Nothing to undo.")


@pytest.mark.parametrize("keys", [("u", "u"), ("u", "u", "U", "U")])
async def test_steps_taken_faster_than_answers_come_keep_their_places(
    demo_log: Opener, events: list[Event], keys: tuple[str, ...]
) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.hold("j", 4)
        places = [("last:30d", driver.current)]
        for tab in ("admin", "users"):
            await driver.press("full_stop")
            await driver.hold("j", 2)
            places.append((f"last:30d tab:{tab}", driver.current))
        for key in keys:  # no answer is waited for in between
            driver.app.post_message(Key(key, key))
        await driver.settle()
        assert (driver.query, driver.current) == places[0 if len(keys) == 2 else 2]
        await driver.press(*(["U", "U"] if len(keys) == 2 else ["u", "u"]))
        assert (driver.query, driver.current) == places[2 if len(keys) == 2 else 0]
        await driver.press(*(["u"] if len(keys) == 2 else ["U"]))
        assert (driver.query, driver.current) == places[1]
        whole = selected(places[1][0], events)
        await driver.press("enter")
        assert f" {whole.index(places[1][1]) + 1} of {len(whole):,}" in driver.region("#detail")[0]
