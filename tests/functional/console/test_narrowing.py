"""Looking for one value among very many by keys: what is typed narrows the list, out of all values, exactly counted."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from data.answers import Dimension, Facet, Snapshot
from data.errors import DatabaseError
from data.query import EventQuery
from data.records import Draft, Event, Reference
from data.services.audit_log import AuditLog
from data.stop import Stop
from tests.functional.console.demo_log import END, ZONE, end_clock, fill, open_log, selected
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.troubled_log import Trouble, TroubledLog
from tests.integration.oracle import bearing
from tui.widgets.filter_sidebar import FilterSidebar

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, (60, 20), (40, 12)], ids=["120x40", "80x24", "60x20", "40x12"])
Opener = Callable[[], AuditLog]
TARGETS = 5_000
NINES = str(sum("999" in f"{number:05}" for number in range(TARGETS)))


@pytest.fixture(scope="module")
def many_targets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 5,000 projects, each with a name that only differs at its end, some with several events."""
    path = tmp_path_factory.mktemp("many") / "many.db"
    fill(
        path,
        (
            Draft(
                type="project.created",
                occurred_at=END - timedelta(seconds=number),
                target=Reference("project", f"p-{number % TARGETS}", f"Regional project {number % TARGETS:05}"),
            )
            for number in range(TARGETS + 500)
        ),
    )
    return path


class _LogWithLimit(AuditLog):
    """A log that is not given the time to look for a text."""

    is_limited = True

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        *,
        limit: int = 20,
        matching: str = "",
        stop: Stop | None = None,
    ) -> tuple[Facet, ...]:
        if matching and self.is_limited:
            raise DatabaseError("It took longer than allowed.")
        return super().facets(query, snapshot, dimensions, limit=limit, matching=matching, stop=stop)


def _found(driver: Driver) -> tuple[str, list[str]]:
    """The number beside the box, and the rows below it that are in sight."""
    rows = [row.rstrip() for row in driver.region("#sidebar")]
    box = next(number for number, row in enumerate(rows) if row[1:].startswith("  /"))
    values = []
    for row in rows[box + 1 :]:
        if not re.match(r".\[", row):
            break
        values.append(row[5:])
    return rows[box].split()[-1], values


@SIZES
async def test_one_of_5_000_targets_by_ten_keys(many_targets: Path, size: tuple[int, int]) -> None:
    keys = ("f", "e", "slash", "0", "4", "3", "2", "1", "enter")
    async with running(lambda: open_log(many_targets), "last:30d", size=size) as driver:
        await driver.press(*keys[:2])
        assert "1,000+" in next(row for row in driver.region("#sidebar") if row.startswith("▌"))
        await driver.press(*keys[2:-1])
        assert driver.widths() == {size[0]}
        number, (row,) = _found(driver)
        assert number == "1" and row.split()[-1] == "1"
        await driver.press(keys[-1])
        assert driver.query == 'last:30d target:"Regional project 04321"'
        assert driver.focused == "deck" and driver.current.target == Reference(
            "project", "p-4321", "Regional project 04321"
        )
    assert len(keys) < 10


async def test_keys_typed_faster_than_answers_come_take_what_they_mean(many_targets: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(many_targets, trouble), "last:30d") as driver:
        trouble.hold("facets matching 0", "facets matching 01")
        await driver.press_now("f", "e", "slash", "0", "1", "2", "3", "4", "enter")
        await driver.settle()
        assert driver.query == 'last:30d target:"Regional project 01234"'


async def test_while_a_text_is_looked_for_it_is_pending_and_typing_goes_on(
    many_targets: Path, trouble: Trouble
) -> None:
    async with running(lambda: TroubledLog(many_targets, trouble), "last:30d") as driver:
        await driver.press("f", "e", "slash")
        before = _found(driver)[1]
        trouble.hold("facets matching 9", "facets matching 99")
        await driver.press_now("9")
        number, rows = _found(driver)
        assert number == "…" and all(row.endswith(" …") for row in rows)
        assert [row[:-1] for row in rows] == [row[:-1] for row in before], "names from before"
        await driver.press_now("9", "9")
        await driver.until(lambda: _found(driver)[0] == NINES)
        trouble.let_go()
        await driver.settle()
        assert _found(driver)[0] == NINES, "an older answer is not shown"


async def test_what_is_found_is_what_python_finds(demo_log: Opener, events: list[Event]) -> None:
    over = selected("last:30d", events)
    async with running(demo_log, "last:30d outcome:success") as driver:
        await driver.press("f")
        for letter, dimension, text in (
            ("a", Dimension.ACTOR, "MO"),
            ("c", Dimension.CLIENT, "feed"),
            ("t", Dimension.TYPE, "revo"),
            ("i", Dimension.IP, "198.51."),
            ("s", Dimension.SERVICE, "a"),
            ("o", Dimension.OUTCOME, "e"),
        ):
            counted = over if dimension is Dimension.OUTCOME else selected("last:30d outcome:success", events)
            await driver.press(letter, "slash")
            await driver.type(text)
            expected = bearing(dimension, text, counted, events)
            number, rows = _found(driver)
            assert number == f"{len(expected):,}", dimension
            counts = [int(row.split()[-1].replace(",", "")) for row in rows]
            assert counts == sorted(map(len, expected.values()), reverse=True)[: len(counts)], dimension
            await driver.press("escape")


async def test_an_earlier_name_finds_the_client_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "renamed.db"
    plain = Draft(type="api_client.updated", occurred_at=END - timedelta(hours=1))
    old = replace(plain, client=Reference("api_client", "c-77", "Wages feed"), occurred_at=END - timedelta(days=300))
    fill(path, [old, replace(plain, client=Reference("api_client", "c-77", "Payroll sync"))])
    async with running(lambda: open_log(path), "last:30d") as driver:
        await driver.press("f", "c", "slash")
        await driver.type("wages")
        assert driver.shows("▌[ ] Payroll sync", "also Wages feed")
        await driver.press("enter")
        assert driver.query == "last:30d client:c-77" or driver.query == 'last:30d client:"Payroll sync"'


async def test_values_found_can_be_chosen_one_after_another(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("f", "e", "slash")
        await driver.type("feed")
        names = [row.rsplit("  ", 1)[0].rstrip() for row in _found(driver)[1]]
        await driver.press("down", "space", "minus", "p")
        assert driver.focused == "sidebar" and driver.query == "last:30d"
        assert driver.screen.reading.paused and driver.shows("[~] - ")
        assert len(_found(driver)[1]) == len(names)
        await driver.press("space", "k")
        await driver.press("k")
        assert driver.focused == "NarrowBox"
        await driver.press("escape")
        assert driver.focused == "sidebar" and not any(row.startswith("   /") for row in driver.region("#sidebar"))
        assert driver.shows(f" {len(selected(driver.query, events)):,} event")
        await driver.press("escape")
        assert driver.focused == "deck"


async def test_letters_are_text_in_the_box_and_nothing_is_taken_that_was_not_found(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("f", "a", "slash")
        await driver.type("q0p-/ zzz")
        assert driver.app.is_running and _found(driver) == ("0", [])
        assert driver.shows("none has it", "q0p-/ zzz")
        await driver.press("enter")
        assert driver.query == "last:30d" and driver.focused == "NarrowBox"
        await driver.press("escape")
        assert driver.focused == "sidebar" and driver.query == "last:30d"


async def test_a_lost_connection_while_looking_is_made_up_for(many_targets: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(many_targets, trouble), "last:30d") as driver:
        await driver.press("f", "e", "slash")
        trouble.lose()
        await driver.press_now("9", "9", "9")
        await driver.until(lambda: driver.shows("No connection"))
        assert _found(driver)[0] == "…"
        trouble.find()
        driver.screen.reading.retry()
        await driver.until(lambda: _found(driver)[0] == NINES)


@pytest.mark.parametrize("pressed", ["ctrl+c", "down"])
async def test_enter_that_was_called_off_does_nothing_later(many_targets: Path, trouble: Trouble, pressed: str) -> None:
    async with running(lambda: TroubledLog(many_targets, trouble), "last:30d") as driver:
        await driver.press("f", "e", "slash")
        trouble.hold("facets matching 9", "facets matching 99")
        await driver.press_now("9", "9", "enter", pressed)
        trouble.let_go()
        await driver.settle()
        if pressed == "down":
            await driver.press("up", "up")
        driver.screen.reading.refresh()
        await driver.settle()
        assert driver.query == "last:30d" and driver.focused == "NarrowBox"
        assert _found(driver)[0] != "…", "asked again, it is answered"


async def test_where_nothing_is_found_no_other_filter_is_chosen(demo_log: Opener) -> None:
    async with running(demo_log, "last:30d") as driver:
        await driver.press("f", "e", "slash")
        await driver.type("zzzz")
        (marked,) = [line for line in driver.region("#sidebar") if line.startswith("\u258c")]
        assert "zzzz" in marked, "one stands on the box"
        await driver.press("down", "space")
        assert driver.focused == "NarrowBox" and driver.query == "last:30d"


async def test_what_was_called_off_is_said_and_enter_looks_again(many_targets: Path, trouble: Trouble) -> None:
    async with running(lambda: TroubledLog(many_targets, trouble), "last:30d") as driver:
        await driver.press("f", "e", "slash")
        trouble.hold("facets matching 01234")
        await driver.press_now("0", "1", "2", "3", "4", "ctrl+c")
        assert driver.shows("Called off", "enter looks again") and not driver.shows("Regional project 0123")
        trouble.let_go()
        await driver.press("enter")
        assert driver.query == 'last:30d target:"Regional project 01234"' and driver.focused == "deck"


async def test_what_cannot_be_looked_for_is_pending_no_longer(many_targets: Path) -> None:
    log = _LogWithLimit(str(many_targets), ZONE, clock=end_clock)
    async with running(lambda: log, "last:30d") as driver:
        await driver.press("f", "e", "slash", "9", "enter")
        assert driver.shows("Not all could be counted", "enter looks again")
        log.is_limited = False
        driver.screen.reading.refresh()
        await driver.settle()
        assert driver.query == "last:30d" and driver.focused == "NarrowBox"
        assert not driver.shows("looks again") and _found(driver)[1]


async def test_a_count_that_comes_while_the_box_opens_does_not_hide_it(many_targets: Path) -> None:
    async with running(lambda: open_log(many_targets), "last:30d") as driver:
        await driver.press("f", "e")
        sidebar = driver.screen.query_one(FilterSidebar)
        await sidebar.action_narrow()
        driver.screen._display.show_counts()  # what the screen had to do before it hears of the box
        await driver.settle()
        await driver.type("01234")
        assert driver.focused == "NarrowBox" and _found(driver)[0] == "1" and driver.shows("/ 01234")
        await driver.press("enter", "f", "e")
        assert driver.query == 'last:30d target:"Regional project 01234"'
        assert not any(row.startswith("   /") for row in driver.region("#sidebar")), "it is closed with the filters"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_the_box_stays_where_it_is_while_one_types(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, "last:all", size=size) as driver:
        await driver.press("f", "a", "slash")
        places = set()
        for key in ("A", "l", "backspace", "G", "n", "R", "backspace", "backspace", "backspace"):
            await driver.press_now(key)
            places.add(_box_at(driver))
            await driver.settle()
            places.add(_box_at(driver))
        assert places == {1}, "below its heading"


def _box_at(driver: Driver) -> int:
    return next(number for number, row in enumerate(driver.region("#sidebar")) if row[1:].startswith("  /"))
