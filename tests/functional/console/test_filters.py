"""The filter sidebar by keys: what a key makes of the query, and counts that are the counted truth."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.answers import Dimension
from data.query import Clause, EventQuery, Key, parse_query
from data.query.model import EVERYTHING, TIME_KEYS
from data.records import Event
from tests.functional.console.demo_log import END, ZONE, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.integration.oracle import groups, matching
from tui.presenters.sidebar_state import ValueKey
from tui.widgets.filter_sidebar import FilterSidebar

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
Opener = Callable[[], "AuditLog"]


def _cursor_row(driver: Driver) -> str:
    (row,) = (row for row in driver.region("#sidebar") if row.startswith("▌"))
    return row.rstrip()


def _boxes(driver: Driver) -> dict[str, str]:
    """The box and the count of every value that the sidebar shows, by the value's name."""
    rows = (row.rstrip() for row in driver.region("#sidebar"))
    return {row[5:].rsplit(maxsplit=1)[0]: f"{row[1:4]} {row.split()[-1]}" for row in rows if row[1:2] == "["}


async def _stand_on(driver: Driver, name: str) -> None:
    """Move the cursor down to the row that begins with this name."""
    for _ in range(300):
        if _cursor_row(driver)[5:].startswith(name):
            return
        await driver.press_now("j")
    raise AssertionError(f"there is no row {name}:\n{driver.text}")


def _shown(driver: Driver, dimension: Dimension) -> int:
    """How many values of a dimension the sidebar lists, in sight or not."""
    keys = (item.key for item in driver.screen.query_one(FilterSidebar)._items)
    return sum(isinstance(key, ValueKey) and key.dimension is dimension for key in keys)


def _counted(query: str, key: Key, events: list[Event]) -> list[Event]:
    """What a dimension is counted over: the query without what it says about the dimension itself."""
    parsed = parse_query(query)
    rest = EventQuery(tuple(clause for clause in parsed.clauses if clause.key is not key))
    if not parsed.of(*TIME_KEYS):
        raise AssertionError("a test's query names its time")
    return matching(rest, events, END, ZONE)


@SIZES
async def test_space_asks_for_a_value_and_takes_it_back(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.press("f", "o")
        assert driver.focused == "sidebar" and "success" in _cursor_row(driver)
        await driver.press("j", "space")
        assert driver.query == "last:30d outcome:failure" and driver.focused == "sidebar"
        assert "[x] failure" in _cursor_row(driver), "the cursor stays on its row"
        await driver.press("j", "space")
        assert driver.query == "last:30d outcome:failure,denied"
        found = selected(driver.query, events)
        assert driver.shows(f" {len(found):,} event")
        await driver.press("space", "k", "space")
        assert driver.query == "last:30d"
        await driver.press("escape")
        assert driver.focused == "deck" and driver.current == selected("last:30d", events)[0]


@SIZES
async def test_minus_excludes_and_enter_takes_one_value_back_to_the_deck(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    async with running(demo_log, "last:30d", size=size) as driver:
        await driver.press("f", "o", "minus")
        assert driver.query == "last:30d -outcome:success" and "[-] success" in _cursor_row(driver)
        await driver.press("minus")
        assert driver.query == "last:30d"
        await driver.press("minus", "j", "j", "enter")
        assert driver.query == "last:30d outcome:denied" and driver.focused == "deck"
        assert driver.current == selected(driver.query, events)[0]
        assert driver.widths() == {size[0]}


@pytest.mark.parametrize(
    "query", ["last:30d", "outcome:denied last:all", "actor:m-42 -type:session.* during:2026-11", "tab:users last:7d"]
)
async def test_counts_are_those_of_every_event_counted(demo_log: Opener, events: list[Event], query: str) -> None:
    async with running(demo_log, query) as driver:
        facets = driver.screen.reading.facets
        assert set(facets) == set(Dimension)
        for dimension, facet in facets.items():
            over = _counted(query, Key(dimension), events)
            by_value = groups(dimension, over)
            sizes = sorted((len(group) for group in by_value.values()), reverse=True)
            assert facet.distinct == len(by_value), dimension
            assert [value.count for value in facet.values][:4] == (sizes or [0])[: len(facet.values)][:4], dimension
            for value in facet.values:
                asked = EventQuery((Clause(Key(dimension), (value.value,)), EVERYTHING))
                assert value.count == len(matching(asked, over, END, ZONE)), value
        boxes = _boxes(driver)
        over = _counted(query, Key.OUTCOME, events)
        for outcome in ("success", "failure", "denied"):
            count = sum(event.outcome == outcome for event in over)
            assert boxes[outcome].endswith(f" {count:,}"), outcome


async def test_the_count_of_a_value_is_what_asking_for_it_finds(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("f")
        for letter in "otac":
            await driver.press(letter)
            count = _cursor_row(driver).split()[-1]
            await driver.press("space")
            assert driver.shows(f" {count} event"), letter
            await driver.press("u")
            assert driver.query == "last:30d"


async def test_all_values_can_be_looked_through_and_the_list_is_back_as_it_was(
    demo_log: Opener, events: list[Event]
) -> None:
    actors = groups(Dimension.ACTOR, selected("last:30d", events))
    async with running(demo_log, "last:30d") as driver:
        await driver.press("f", "a")
        before = driver.region("#sidebar")
        await _stand_on(driver, "/ ")
        assert f"/ {len(actors) - 4} more" in _cursor_row(driver)
        await driver.press("space")
        assert driver.focused == "NarrowBox"
        assert _shown(driver, Dimension.ACTOR) == len(actors)
        assert driver.query == "last:30d"
        await driver.press("escape")
        assert driver.focused == "sidebar" and f"/ {len(actors) - 4} more" in _cursor_row(driver)
        await driver.press("a")
        assert driver.region("#sidebar") == before


async def test_folded_dimensions_can_be_reached_looked_through_and_asked_for(
    demo_log: Opener, events: list[Event]
) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("f", "s", "space", "down", "space")
        assert driver.focused == "sidebar"
        (clause,) = parse_query(driver.query).of(Key.SERVICE)
        assert len(clause.values) == 1
        assert driver.shows(f" {len(selected(driver.query, events)):,} events")


@SIZES
async def test_every_letter_jumps_to_its_heading(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, size=size) as driver:
        await driver.press("f")
        for letter in "eiscatod":
            await driver.press(letter)
            row = _cursor_row(driver)
            assert {"e": "Target", "i": "IP address", "s": "Service", "d": "22 Oct"}.get(letter, "[ ]") in row, (
                letter,
                row,
            )


async def test_tabs_go_round_by_keys_and_in_the_sidebar(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log) as driver:
        for query in ("last:30d tab:admin", "last:30d tab:users", "last:30d"):
            await driver.press("full_stop")
            assert driver.query == query and driver.shows(f" {len(selected(query, events)):,} events")
        await driver.press("comma")
        assert driver.query == "last:30d tab:users"
        await driver.press("f", "g", "space")
        assert driver.query == "last:30d" and driver.focused == "sidebar"


async def test_dates_can_be_reached_from_the_sidebar(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("f", "d", "enter")
        assert driver.focused == "ChoiceStrip"
        await driver.press("y")
        assert driver.query == "during:yesterday"


@pytest.mark.parametrize("where", ["deck", "sidebar"])
async def test_only_0_clears_and_u_brings_back(demo_log: Opener, where: str) -> None:
    query = "outcome:denied actor:m-42 during:2026-11"
    async with running(demo_log, query) as driver:
        if where == "sidebar":
            await driver.press("f")
        for key in ("escape", "f", "backspace", "q", "tab", "escape"):
            await driver.press(key)
            assert driver.query == query
        if where == "sidebar":
            await driver.press("f")
        await driver.press("0")
        assert driver.query == "during:2026-11"
        await driver.press("u")
        assert driver.query == query


async def test_a_terminal_that_becomes_narrow_does_not_take_the_filters_from_whoever_is_there(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("f")
        await driver.resize(*NARROW)
        assert driver.focused == "sidebar" and "Filters" in driver.region("#sidebar")[0]
        await driver.press("f")
        assert driver.focused == "deck" and not driver.shows("Filters")


async def test_on_a_narrow_terminal_the_sidebar_is_a_drawer(demo_log: Opener) -> None:
    async with running(demo_log, size=NARROW) as driver:
        assert not driver.shows("Outcome")
        for way_out, to in (
            ("escape", "deck"),
            ("f", "deck"),
            ("tab", "HistogramBar"),
            ("q", "deck"),
            ("backspace", "deck"),
        ):
            await driver.press("f")
            assert driver.focused == "sidebar" and driver.shows("Filters", "Outcome")
            await driver.press(way_out)
            assert driver.focused == to and not driver.shows("Outcome"), way_out
        await driver.press("f", "slash")
        assert not driver.shows("Outcome"), "the search box needs the room"
