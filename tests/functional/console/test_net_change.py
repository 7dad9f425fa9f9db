"""The net change of a client: by one key on a card, over the dates of the query, and on to the event behind a row."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Change, Draft, Event, Outcome
from tests.functional.console.demo_log import END, PAYROLL, fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.troubled_log import Trouble, TroubledLog
from tui.presenters.values import value_text

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60)], ids=["120x40", "80x24", "200x60"])
Opener = Callable[[], "AuditLog"]
_CLIENT = "Payroll sync"
_UPDATES = "type:api_client.updated outcome:success client:c-*"


def _busiest(events: list[Event], query: str) -> str:
    """The id of the client that was updated most often in what the query selects."""
    ids = [event.client.id or "" for event in selected(query, events) if event.client is not None]
    return max(sorted(set(ids)), key=ids.count)


def _told(query: str, events: list[Event]) -> dict[str, list[Change]]:
    """The changes of each field, oldest first, of the client's events that a query selects."""
    told: dict[str, list[Change]] = {}
    for event in reversed(selected(query, events)):
        if event.type.startswith("api_client.") and event.outcome is Outcome.SUCCESS:
            for change in event.changes:
                told.setdefault(change.field, []).append(change)
    return told


def _assert_shows(driver: Driver, told: dict[str, list[Change]]) -> None:
    """Every field stands there with its first value, its last one and the number of its changes."""
    text = " ".join(" ".join(driver.region("#net-change")).split())
    for changes in told.values():
        before, after = changes[0].before, changes[-1].after
        if before == after:
            assert "Changed and changed back" in text and value_text(after) in text
        elif isinstance(before, list) and isinstance(after, list):
            for sign, items, others in (("−", before, after), ("+", after, before)):
                assert all(f"{sign} {value_text(item)}" in text for item in items if item not in others)
        else:
            assert f"{value_text(before)} → {value_text(after)}" in text
        assert ("1 change, by" if len(changes) == 1 else f"{len(changes)} changes, the last by") in text


@SIZES
async def test_one_key_on_a_card_shows_what_became_of_its_client(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    query = f"last:all client:{PAYROLL} type:api_client.updated"
    async with running(demo_log, query, size=size) as driver:
        card = driver.current
        await driver.press("c")
        assert driver.focused == "net-change"
        assert driver.shows(f"{_CLIENT}, net change over all time · 4 events")
        _assert_shows(driver, _told(f"last:all client:{PAYROLL}", events))
        assert driver.widths() == {size[0]}
        await driver.press("escape")
        assert driver.focused == "deck" and driver.current == card and driver.query == query
        driver.assert_selection_visible()


async def test_from_the_open_card_one_comes_back_to_it(demo_log: Opener) -> None:
    async with running(demo_log, f"last:all client:{PAYROLL} type:api_client.updated") as driver:
        await driver.press("j", "enter", "c")
        assert driver.focused == "net-change"
        for key in ("backspace", "q"):
            await driver.press(key)
            assert driver.focused == "detail" and not driver.shows("again quits")
            await driver.press("c")


@pytest.mark.parametrize("dates", ["2026-08..2026-10", "2026-09", "2026-11"])
async def test_what_changed_between_two_months_takes_four_keys_and_the_dates(
    demo_log: Opener, events: list[Event], dates: str
) -> None:
    client = _busiest(events, f"{_UPDATES} during:2026-08..2026-10")
    async with running(demo_log, f"client:{client} type:api_client.updated last:all") as driver:
        await driver.press("c", "d", "slash")
        await driver.type(dates)
        await driver.press("enter")
        assert driver.focused == "net-change"
        told = _told(f"client:{client} during:{dates}", events)
        assert told, "there is something to tell"
        _assert_shows(driver, told)
        first, last = dates.split("..")[0], dates.split("..")[-1]
        ends = {"2026-09": "30 Sep", "2026-10": "31 Oct", "2026-11": "30 Nov"}[last]
        begins = {"2026-08": "1 Aug", "2026-09": "1 Sep", "2026-11": "1 Nov"}[first]
        assert driver.shows(f"net change from {begins} 2026 until {ends} 2026 UTC")
        assert driver.query == f"client:{client} type:api_client.updated during:{dates}"


async def test_every_row_leads_to_the_event_of_its_last_change(demo_log: Opener, events: list[Event]) -> None:
    client = _busiest(events, f"{_UPDATES} last:all")
    query = f"client:{client} type:api_client.updated last:all"
    told = _told(f"client:{client} last:all", events)
    async with running(demo_log, query) as driver:
        await driver.press("j")
        card = driver.current
        for row in range(len(told)):
            await driver.press("c")
            await driver.press("g", *["j"] * row, "enter")
            assert driver.query == f"client:{client} last:all" and driver.focused == "deck"
            driver.assert_selection_visible()
            event = driver.current
            assert event.outcome is Outcome.SUCCESS
            made = [change for change in event.changes if change in [changes[-1] for changes in told.values()]]
            assert made or event.type.rpartition(".")[2] in ("created", "expired"), "it is the last change of a field"
            await driver.press("u")
            assert driver.query == query and driver.current == card


async def test_the_dates_of_the_query_count_and_undo_goes_through_them(demo_log: Opener) -> None:
    async with running(demo_log, f"client:{PAYROLL} type:api_client.updated last:30d") as driver:
        await driver.press("c")
        assert driver.shows("net change from 22 Oct 2026 until 20 Nov 2026 UTC · 2 events")
        await driver.press("d", "t")
        assert driver.shows("net change on 20 Nov 2026 UTC · 1 event") and driver.focused == "net-change"
        await driver.press("d", "y")
        assert driver.shows("net change on 19 Nov 2026 UTC · 1 event")
        await driver.press("u", "u")
        assert driver.shows("net change from 22 Oct 2026 until 20 Nov 2026 UTC · 2 events")
        await driver.press("d", "slash")
        await driver.type("2026-10")
        await driver.press("enter")
        assert driver.shows("No event that succeeded changed Payroll sync then.")


async def test_the_histogram_narrows_it_too(demo_log: Opener) -> None:
    async with running(demo_log, f"client:{PAYROLL} type:api_client.updated last:30d") as driver:
        await driver.press("c")
        await driver.press("tab", "tab", "enter", "escape")
        assert driver.focused == "net-change" and driver.shows("net change on 20 Nov 2026 UTC · 1 event")


async def test_asking_for_other_cards_closes_it_and_leaves_the_focus_where_it_is(demo_log: Opener) -> None:
    async with running(demo_log, f"client:{PAYROLL} last:30d") as driver:
        await driver.press("c")
        if driver.focused == "ChoiceStrip":
            await driver.press("c")
        assert driver.focused == "net-change"
        await driver.press("f", "o", "space")
        assert driver.focused == "sidebar" and not driver.shows("net change")
        await driver.press("escape")
        assert driver.focused == "deck"


async def test_a_card_that_names_two_things_asks_which(demo_log: Opener, events: list[Event]) -> None:
    query = f"client:{PAYROLL} type:user.updated outcome:success last:all"
    user = selected(query, events)[0].target
    assert user is not None
    async with running(demo_log, query) as driver:
        await driver.press("c")
        assert driver.shows("Net change of  c client  e target")
        await driver.press("e")
        assert driver.shows(f"{user.label}, net change") and driver.focused == "net-change"
        await driver.press("escape", "c", "c")
        assert driver.shows(f"{_CLIENT}, net change")


async def test_a_card_that_names_nothing_says_so(own_demo: Path) -> None:
    fill(own_demo, [Draft(type="project.created", occurred_at=END)])
    async with running(lambda: open_log(own_demo), "type:project.created last:all") as driver:
        await driver.press("c")
        assert driver.shows("This card names no client and no target.") and driver.focused == "deck"


async def test_while_it_is_computed_it_says_so_and_can_be_called_off(demo: Path, trouble: Trouble) -> None:
    async with running(
        lambda: TroubledLog(demo, trouble), f"client:{PAYROLL} type:api_client.updated last:all"
    ) as driver:
        trouble.hold("net change")
        await driver.press_now("c")
        await driver.until(lambda: driver.shows(f"{_CLIENT}, net change over all time"))  # whose it is, is seen at once
        await driver.until(lambda: driver.shows("Looking ...", "ctrl+c calls it off."))
        await driver.press_now("ctrl+c")
        assert driver.shows("Called off.") and driver.focused == "net-change"
        trouble.let_go()
        await driver.press("r")
        assert driver.shows("4 events") and not driver.shows("Called off")


async def test_what_is_left_before_it_is_there_does_not_come_back(demo: Path, trouble: Trouble) -> None:
    async with running(
        lambda: TroubledLog(demo, trouble), f"client:{PAYROLL} type:api_client.updated last:all"
    ) as driver:
        trouble.hold("net change")
        await driver.press_now("c", "escape")
        assert driver.focused == "deck" and not driver.screen.is_asking
        trouble.let_go()
        await driver.settle()
        assert driver.focused == "deck" and not driver.shows("net change")


async def test_without_a_connection_it_says_so_and_comes_when_there_is_one(demo: Path, trouble: Trouble) -> None:
    async with running(
        lambda: TroubledLog(demo, trouble), f"client:{PAYROLL} type:api_client.updated last:all"
    ) as driver:
        trouble.lose()
        await driver.press("c")
        assert driver.shows("This could not be read.", "No answer from db.example")
        driver.screen.reading.see_what_arrived()
        await driver.until(lambda: driver.shows("No connection"))
        trouble.find()
        await driver.press("r")
        await driver.until(lambda: driver.shows("net change over all time · 4 events"))
