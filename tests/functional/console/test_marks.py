"""Marks on events, and reading the marked ones alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, running
from tui.presenters.card_grid import CardGrid
from tui.reading.marks import MOST_MARKS, Marks

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]


@pytest.mark.parametrize("size", [WIDE, NARROW, (60, 20)], ids=str)
async def test_marked_events_are_read_alone_and_one_comes_back(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    whole = selected("last:30d", events)
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.press("space")
        flag = CardGrid.of(driver.deck.size.width).flag
        assert driver.region("#deck")[1][flag] == "*"
        await driver.press("j", "j", "space", "j")
        assert driver.shows("2 marked")
        await driver.press("M", "o")
        assert driver.query.startswith("id:") and driver.deck.window.events == [whole[0], whole[2]]
        await driver.press("u")
        assert driver.query == "last:30d" and driver.current == whole[3]
        await driver.press("M", "n")
        assert not driver.shows("marked") and "*" not in "".join(line[flag] for line in driver.region("#deck"))


async def test_a_mark_is_taken_away_by_the_same_key_in_the_open_card_too(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("enter", "space")
        assert driver.shows("1 marked")
        await driver.press("space")
        assert not driver.shows("1 marked")
        await driver.press("escape", "M")
        assert driver.shows("Nothing is marked; space marks one.")


def test_no_more_are_marked_than_one_query_can_name(events: list[Event]) -> None:
    marks = Marks()
    assert all(marks.toggle(event.id) for event in events[:MOST_MARKS])
    assert not marks.toggle(events[MOST_MARKS].id) and len(marks) == MOST_MARKS
    from data.query import parse_query, print_query

    assert parse_query(print_query(marks.query())) == marks.query()
    assert marks.toggle(events[0].id) and marks.toggle(events[MOST_MARKS].id)
