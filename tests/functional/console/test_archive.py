"""The archive in the console: its row beside the dates, its key, and what is said where events are in it."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Draft
from data.services.audit_log import AuditLog
from tests.functional.console.demo_log import END, ZONE, open_log
from tests.functional.console.driving import NARROW, WIDE, Driver, running

if TYPE_CHECKING:
    from collections.abc import Iterator

Opener = Callable[[], "AuditLog"]
LONG_AGO = END - timedelta(days=400)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Path]":
    """Two events of now, and three that both happened and arrived long ago."""
    path = tmp_path_factory.mktemp("archive") / "old.db"
    for at, kind, number in ((LONG_AGO, "project.created", 3), (END - timedelta(days=2), "project.updated", 2)):
        with closing(AuditLog(str(path), ZONE, clock=lambda at=at: at)) as log:  # type: ignore[misc]
            log.append([Draft(type=kind, occurred_at=at - timedelta(minutes=each)) for each in range(number)])
    yield path


@pytest.fixture
def log(path: Path) -> Opener:
    return lambda: open_log(path)


def said(driver: Driver) -> str:
    """What the notice says, however it is broken into rows."""
    return " ".join(" ".join(driver.region("#notice")).split())


async def test_where_nothing_is_live_the_notice_leads_to_the_archive(log: Opener) -> None:
    async with running(log, "type:project.created last:all") as driver:
        assert "No event matches" in said(driver)
        assert "In the archive there are 3 events; enter goes there." in said(driver)
        await driver.press("enter")
        assert driver.query == "type:project.created last:all in:archive"
        assert driver.current.type == "project.created" and driver.shows(" 3 events")
        await driver.press("u", "A")
        assert driver.query == "type:project.created last:all in:archive", "the key does the same"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_the_last_row_names_the_key_that_shows_what_is_older(log: Opener, size: tuple[int, int]) -> None:
    async with running(log, "type:project.* last:all", size=size) as driver:
        assert driver.shows("3 events are in the archive; A shows them.")
        await driver.press("A")
        assert driver.query == "type:project.* last:all in:archive" and driver.shows(" 5 events")
        assert not driver.shows("A shows them") and driver.shows("Archived events are shown, too.")
        await driver.press("0")
        assert driver.query == "last:all in:archive", "it is no filter: clearing leaves it as it leaves the dates"
        await driver.press("A")
        assert driver.query == "last:all"


async def test_what_is_searched_for_in_events_says_that_the_archive_was_not_searched(log: Opener) -> None:
    async with running(log, 'last:all "project updated"') as driver:
        assert driver.shows("The archive was not searched; A searches it, too.")


async def test_dates_on_this_side_of_the_edge_say_nothing_of_it_until_they_are_asked(log: Opener) -> None:
    async with running(log, "last:30d") as driver:
        assert not driver.shows("in the archive")
        await driver.press("A")
        assert driver.query == "last:30d in:archive"
        edge = END - timedelta(days=366)
        day = f"{edge.day} {edge:%b} {edge.year}"
        assert driver.shows(f"The archive goes up to {day}, and the dates begin later; d changes them.")
        assert driver.shows(f"[x] Archive to {day}")


async def test_the_row_beside_the_dates_is_a_box(log: Opener) -> None:
    async with running(log, "type:project.* last:all") as driver:
        await driver.press("f", "d", "j")
        assert driver.shows("▌[ ] Archive to ")
        await driver.press("space")
        assert driver.query == "type:project.* last:all in:archive" and driver.focused == "sidebar"
        assert driver.shows("▌[x] Archive to ")
        await driver.press("p")
        assert driver.shows("The archive cannot be paused.") and driver.shows("[x] Archive to ")
        await driver.press("space")
        assert driver.query == "type:project.* last:all" and driver.shows("▌[ ] Archive to ")
