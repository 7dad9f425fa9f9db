"""Paused filters by keys: kept, not applied, and part of every step."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.answers import Dimension
from data.query import parse_query, print_clause
from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.integration.oracle import groups

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, (60, 20), (40, 12)], ids=["120x40", "80x24", "60x20", "40x12"])
Opener = Callable[[], "AuditLog"]


def _paused(driver: Driver) -> str:
    return " ".join(print_clause(clause) for clause in driver.screen.reading.paused)


def _cursor_row(driver: Driver) -> str:
    (row,) = (row for row in driver.region("#sidebar") if row.startswith("▌"))
    return row.rstrip()


@SIZES
async def test_p_pauses_and_applies_as_before(demo_log: Opener, events: list[Event], size: tuple[int, int]) -> None:
    async with running(demo_log, "last:30d -outcome:denied", size=size) as driver:
        await driver.press("f", "o", "j", "j", "p")
        assert (driver.query, _paused(driver)) == ("last:30d", "-outcome:denied")
        denied = sum(event.outcome == "denied" for event in selected("last:30d", events))
        assert _cursor_row(driver).startswith("▌[~] - denied") and _cursor_row(driver).endswith(f" {denied}")
        assert driver.shows("Filters  1 paused") or size[1] < 20
        assert driver.focused == "sidebar" and driver.widths() == {size[0]}
        await driver.press("p")
        assert (driver.query, _paused(driver)) == ("last:30d -outcome:denied", "")
        await driver.press("p", "space")
        assert (driver.query, _paused(driver)) == ("last:30d outcome:denied", "")
        await driver.press("p", "minus", "minus")
        assert (driver.query, _paused(driver)) == ("last:30d", "")
        await driver.press("p")
        assert driver.query == "last:30d" and driver.shows("Only what is on can be") and driver.focused == "sidebar"


async def test_what_is_paused_survives_other_changes_and_comes_back_with_its_step(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d outcome:failure actor:m-42") as driver:
        await driver.press("f", "o", "j", "p")
        assert driver.query == "last:30d actor:m-42" and driver.shows("Filters  1 on, 1 paused")
        await driver.press("full_stop", "d", "escape", "d", "w")
        assert driver.query == "actor:m-42 tab:admin last:7d" and _paused(driver) == "outcome:failure"
        assert driver.shows("[~] failure")
        await driver.press("slash")
        await driver.type("has:ip")
        await driver.press("enter")
        assert _paused(driver) == "outcome:failure"
        await driver.press("0")
        assert (driver.query, _paused(driver)) == ("last:7d", "")
        await driver.press("u")
        assert _paused(driver) == "outcome:failure" and driver.shows("[~] failure")
        await driver.press("u", "u", "u", "u")
        assert (driver.query, _paused(driver)) == ("last:30d outcome:failure actor:m-42", "")
        await driver.press("U")
        assert (driver.query, _paused(driver)) == ("last:30d actor:m-42", "outcome:failure")


async def test_a_rare_value_is_counted_while_it_is_paused(demo_log: Opener, events: list[Event]) -> None:
    by_actor = groups(Dimension.ACTOR, selected("last:30d", events))
    rare = min(by_actor, key=lambda name: (len(by_actor[name]), name))
    async with running(demo_log, f'last:30d actor:"{rare}"') as driver:
        await driver.press("f", "a", "p")
        assert driver.query == "last:30d"
        assert _cursor_row(driver).startswith("▌[~] ") and _cursor_row(driver).split()[-1] == str(len(by_actor[rare]))


async def test_a_rare_value_stays_under_the_cursor_when_it_is_off_again(demo_log: Opener, events: list[Event]) -> None:
    by_actor = groups(Dimension.ACTOR, selected("last:30d", events))
    rare = min(by_actor, key=lambda name: (len(by_actor[name]), name))
    async with running(demo_log, f'last:30d actor:"{rare}"') as driver:
        await driver.press("f", "a")
        name = _cursor_row(driver)[5:]
        await driver.press("space")
        assert driver.query == "last:30d" and _cursor_row(driver) == f"▌[ ] {name}"
        await driver.press("full_stop", "full_stop")
        assert _cursor_row(driver).startswith(f"▌[ ] {name.rsplit(maxsplit=1)[0]}")
        await driver.press("full_stop", "space")
        assert parse_query(driver.query) == parse_query(f'last:30d actor:"{rare}"')


@SIZES
async def test_conditions_without_a_value_row_can_be_seen_paused_and_taken_off(
    demo_log: Opener, size: tuple[int, int]
) -> None:
    async with running(demo_log, "contract -has:ip last:30d", size=size) as driver:
        await driver.press("f", "d", "j", "j")
        assert _cursor_row(driver) == "▌[x] contract"
        await driver.press("p")
        assert (driver.query, _paused(driver)) == ("-has:ip last:30d", "contract")
        assert _cursor_row(driver) == "▌[~] contract"
        await driver.press("space")
        assert driver.query == "-has:ip last:30d contract"
        await driver.press("k", "minus")
        assert driver.query == "last:30d contract"
        await driver.press("d", "p")
        assert driver.shows("Dates cannot be paused")


async def test_a_tab_is_paused_as_a_condition(demo_log: Opener) -> None:
    async with running(demo_log, "tab:admin last:30d") as driver:
        await driver.press("f", "g", "p")
        assert (driver.query, _paused(driver)) == ("last:30d", "tab:admin")
        await driver.press("j", "j", "j")
        assert _cursor_row(driver) == "▌[~] tab:admin"
        await driver.press("p")
        assert (driver.query, _paused(driver)) == ("last:30d tab:admin", "")


async def test_a_tab_is_applied_again_where_it_was_paused(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("full_stop", "f", "g", "p", "p")
        assert (driver.query, _paused(driver)) == ("last:30d tab:admin", "")


async def test_only_the_pane_with_the_focus_shows_a_cursor(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("j", "j")
        rows = driver.selected_rows()
        assert rows
        for key in ("f", "slash"):
            await driver.press(key)
            assert not driver.selected_rows()
            deck = driver.region("#deck")
            assert all(deck[row].startswith("┃") for row in rows), "it can still be seen where one was"
            await driver.press("escape")
            assert driver.focused == "deck" and driver.selected_rows() == rows
        await driver.press("plus")
        assert driver.selected_rows() == rows, "the prompt is about this card"


@SIZES
async def test_what_is_paused_is_said_where_the_filters_are_out_of_sight(
    demo_log: Opener, size: tuple[int, int]
) -> None:
    def bar() -> str:
        return driver.region("QueryBar")[0]

    async with running(demo_log, "last:30d outcome:denied has:ip", size=size) as driver:
        assert "paused" not in bar()
        await driver.press("f", "o", "j", "j", "p", "escape")
        assert _paused(driver) == "outcome:denied" and driver.focused == "deck"
        assert ("1 paused" in bar()) is (size != WIDE) and driver.widths() == {size[0]}
        assert "events" in bar() and bar().startswith(" / last:30d")
        await driver.press("u")
        assert "paused" not in bar()
        await driver.press("U")
        await driver.resize(*WIDE)
        assert "paused" not in bar() and driver.shows("1 on, 1 paused")
        await driver.resize(*NARROW)
        assert "1 paused" in bar()
