"""Following: what is new flows in at the top, and nowhere else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from data.records import Draft
from tests.functional.console.being_told import tell_at_once
from tests.functional.console.demo_log import END, PAYROLL, fill, open_log
from tests.functional.console.driving import running
from tests.functional.console.hostile_log import as_draft
from tests.functional.console.troubled_log import Trouble, TroubledLog


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives is told at once."""
    tell_at_once(monkeypatch)


def _one(kind: str, seconds: int) -> Draft:
    return Draft(type=kind, occurred_at=END - timedelta(seconds=seconds))


async def test_what_is_new_flows_in_and_the_counts_follow(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        await driver.press("F")
        assert driver.shows("following")
        fill(own_demo, [_one("project.created", 9)])
        await driver.until(lambda: driver.current.type == "project.created")
        await driver.until(lambda: driver.shows("1,367 events"))
        assert not driver.shows(" new  n "), "nothing waits"
        fill(own_demo, [_one("project.deleted", 8)])
        await driver.until(lambda: driver.current.type == "project.deleted")


async def test_below_the_top_it_waits_and_flows_again_from_there(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        await driver.press("F", "j", "j")
        before, here = driver.region("#deck"), driver.current
        fill(own_demo, [_one("project.created", 9)])
        await driver.until(lambda: driver.shows(" 1 new  n "))
        assert driver.region("#deck") == before and driver.current == here
        await driver.press("g")
        await driver.until(lambda: driver.current.type == "project.created")
        await driver.until(lambda: not driver.shows(" new  n "))


@pytest.mark.parametrize("size", [(120, 40), (170, 45)], ids=["in its place", "beside the deck"])
async def test_an_open_card_is_not_taken_away(own_demo: Path, size: tuple[int, int]) -> None:
    async with running(lambda: open_log(own_demo), "last:30d", size=size) as driver:
        await driver.press("F", "enter")
        here = driver.current
        fill(own_demo, [_one("project.created", 9)])
        await driver.until(lambda: driver.shows(" 1 new  n "))
        await driver.settle()
        assert driver.current == here and str(here.id) in "\n".join(driver.region("#detail"))


async def test_a_net_change_is_not_computed_again(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), f"client:{PAYROLL} type:api_client.updated last:30d") as driver:
        await driver.press("F")
        await driver.press("c")
        await driver.press("G")
        before = driver.region("#net-change")
        fill(own_demo, [replace(as_draft(driver.current, 0), occurred_at=END)])
        await driver.until(lambda: driver.shows(" 1 new  n "))
        await driver.settle()
        assert driver.region("#net-change") == before


@pytest.mark.parametrize("keys", ["j", "jjjj", "G", "enter"])
async def test_who_goes_on_reading_while_it_comes_is_left_alone(own_demo: Path, trouble: Trouble, keys: str) -> None:
    async with running(lambda: TroubledLog(own_demo, trouble), "last:30d") as driver:
        await driver.press("F")
        trouble.hold("page")
        asked = len(trouble.asked)
        fill(own_demo, [_one("project.created", 9)])
        await driver.until(lambda: "page" in [method for method, _ in trouble.asked[asked:]])
        for key in [keys] if keys == "enter" else keys:
            await driver.press_now(key)
        here = driver.current
        trouble.let_go()
        await driver.until(lambda: not driver.app.is_asking)
        await driver.settle()
        if keys == "G":
            assert driver.current != here and not driver.deck.window.has_older
        else:
            assert driver.current == here and driver.shows(" 1 new  n ")


async def test_the_same_key_ends_it(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:30d") as driver:
        await driver.press("F", "F")
        here = driver.current
        fill(own_demo, [_one("project.created", 9)])
        await driver.until(lambda: driver.shows(" 1 new  n "))
        assert driver.current == here and driver.shows("live")


async def test_an_answer_without_events_gets_its_first(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "type:project.deleted last:1h") as driver:
        await driver.press("F")
        fill(own_demo, [_one("project.deleted", 8)])
        await driver.until(lambda: bool(driver.deck.window.events))
        assert driver.focused == "deck" and driver.current.type == "project.deleted"
