"""The open card: what it shows, going on from it, and asking for what its rows hold."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.query import parse_query
from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.troubled_log import Trouble, TroubledLog

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
Opener = Callable[[], "AuditLog"]


def _cursor_row(driver: Driver) -> str:
    """The row of the open card that has the cursor."""
    return next(row for row in driver.region("#detail") if row.startswith("▌"))


async def _stand_on(driver: Driver, label: str) -> None:
    """Move the open card's cursor down to the row with this label."""
    for _ in range(60):
        if _cursor_row(driver)[2:].startswith(f"{label} "):
            return
        await driver.press_now("j")
    raise AssertionError(f"there is no row {label}:\n{driver.text}")


@SIZES
async def test_a_card_opens_in_the_place_of_the_deck_and_closes_again(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    event = selected("last:30d", events)[2]
    async with running(demo_log, size=size) as driver:
        await driver.press("j", "j", "enter")
        assert driver.focused == "detail" and driver.shows("3 of 1,366", f"{event.occurred_at:%H:%M:%S.%f} UTC")
        assert driver.widths() == {size[0]}
        for back in ("escape", "backspace", "q"):
            await driver.press(back)
            assert driver.focused == "deck" and driver.current == event
            driver.assert_selection_visible()
            await driver.press("enter")
            assert driver.focused == "detail"


@SIZES
async def test_all_of_an_event_can_be_read(demo_log: Opener, events: list[Event], size: tuple[int, int]) -> None:
    event = selected("type:api_client.updated outcome:success has:changes last:all", events)[0]
    async with running(demo_log, f"id:{event.id}", size=size) as driver:
        await driver.press("enter")
        seen = set(driver.region("#detail"))
        for _ in range(80):
            await driver.press_now("j")
            seen |= set(driver.region("#detail"))
        text = "\n".join(seen)
        for part in (event.type, str(event.id), event.actor.label, event.ip, event.request_id, "What changed", "Proof"):
            assert part is None or part in text, part
        assert "  }" in text and '"recorded_at"' in text, "the JSON to its end"
        await driver.press("g")
        assert "1 of 1" in driver.region("#detail")[0]
        await driver.press("G")
        assert driver.region("#detail")[-1].strip("▌ ") == "}"


async def test_going_on_from_an_open_card_crosses_pages_and_keeps_count(demo_log: Opener, events: list[Event]) -> None:
    whole = selected("last:30d", events)
    async with running(demo_log) as driver:
        await driver.press("enter")
        for place in range(1, 125):
            await driver.press_now("J")
            if driver.current != whole[place]:
                await driver.settle()
            assert driver.current == whole[place]
        await driver.settle()
        assert "125 of 1,366" in driver.region("#detail")[0]
        await driver.press("K", "left_square_bracket", "right_square_bracket")
        assert "124 of 1,366" in driver.region("#detail")[0]
        await driver.press("escape")
        assert driver.current == whole[123]
        driver.assert_selection_visible()


async def test_the_place_is_right_at_the_oldest_event_too(demo_log: Opener, events: list[Event]) -> None:
    whole = selected("last:30d", events)
    async with running(demo_log) as driver:
        await driver.press("G", "enter")
        assert "1,366 of 1,366" in driver.region("#detail")[0]
        await driver.press("J")
        assert driver.current == whole[-1] and driver.shows("This is the last event.")
        await driver.press("K", "K")
        assert "1,364 of 1,366" in driver.region("#detail")[0] and driver.current == whole[-3]


async def test_a_card_opened_before_its_deck_has_moved_is_the_one_that_it_moves_to(
    demo: Path, events: list[Event]
) -> None:
    whole, trouble = selected("last:30d", events), Trouble()
    async with running(lambda: TroubledLog(demo, trouble), "last:30d") as driver:
        trouble.hold("page")
        await driver.press_now("G", "enter")
        assert "1 of 1,366" in driver.region("#detail")[0]
        trouble.let_go()
        await driver.settle()
        assert driver.current == whole[-1] and "1,366 of 1,366" in driver.region("#detail")[0]
        assert f"{whole[-1].occurred_at:%H:%M:%S.%f}" in driver.text


async def test_the_first_event_has_none_before_it(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("enter", "K")
        assert "1 of 1,366" in driver.region("#detail")[0] and driver.shows("This is the first event.")


@pytest.mark.parametrize(
    ("key", "query"),
    [
        ("plus", "{clause} last:30d"),
        ("minus", "last:30d -{clause}"),
        ("equals_sign", "{clause} last:30d"),
    ],
)
async def test_the_row_under_the_cursor_is_asked_for(
    demo_log: Opener, events: list[Event], key: str, query: str
) -> None:
    event = selected("last:30d", events)[0]
    assert event.target is not None
    async with running(demo_log) as driver:
        for label, clause in {
            "type": f"type:{event.type}",
            "actor": f"actor:{event.actor.id}",
            "target": f"target:{event.target.id}",
            "address": f"ip:{event.ip}",
        }.items():
            await driver.press("enter")
            await _stand_on(driver, label)
            await driver.press(key)
            assert set(parse_query(driver.query).clauses) == set(parse_query(query.format(clause=clause)).clauses)
            assert driver.focused == "deck", "the answer is seen"
            found = selected(driver.query, events)
            assert driver.current == found[0] and driver.shows(f" {len(found):,} event")
            await driver.press("u", "escape")


async def test_a_row_that_no_query_can_ask_for_says_so(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("enter")
        await _stand_on(driver, "recorded")
        await driver.press("plus")
        assert driver.query == "last:30d" and driver.shows("A query cannot ask for this row.")


async def test_links_lead_to_everything_by_an_actor_over_all_time(demo_log: Opener, events: list[Event]) -> None:
    event = selected("last:30d", events)[0]
    async with running(demo_log) as driver:
        await driver.press("enter")
        await _stand_on(driver, "all by")
        await driver.press("enter")
        assert driver.query == f"actor:{event.actor.id} last:all"
        assert driver.shows(f"{len(selected(driver.query, events)):,} events")
        await driver.press("u")
        assert driver.query == "last:30d" and driver.current == event


async def test_an_open_card_stays_open_while_the_terminal_changes(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("j", "enter")
        await _stand_on(driver, "actor")
        row = _cursor_row(driver).split()
        for size in (NARROW, (200, 60), (45, 15), WIDE):
            await driver.resize(*size)
            assert driver.focused == "detail" and driver.shows("2 of 1,366")
            assert _cursor_row(driver).split()[:2] == row[:2]
            assert driver.widths() == {size[0]}
