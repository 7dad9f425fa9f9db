"""How the console opens: on which query, before any connection, on an empty log, and on one that it cannot read."""

from collections.abc import Callable
from pathlib import Path
from threading import Event as Signal
from typing import TYPE_CHECKING

import pytest

from data.errors import SchemaTooNew
from data.records import Event
from tests.functional.console.demo_log import open_log, selected
from tests.functional.console.driving import NARROW, WIDE, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
Opener = Callable[[], "AuditLog"]


@SIZES
@pytest.mark.parametrize(
    "query", ["last:30d", "outcome:denied last:all", 'actor:"alice moss" last:all', "during:yesterday"]
)
async def test_it_opens_on_the_query_that_it_was_given(
    demo_log: Opener, events: list[Event], size: tuple[int, int], query: str
) -> None:
    found = selected(query, events)
    async with running(demo_log, query, size=size) as driver:
        assert driver.query == query and driver.current == found[0] and driver.focused == "deck"
        assert driver.shows(query, f"{len(found):,} events", "demo · UTC · live")
        assert driver.widths() == {size[0]} and len(driver.lines) == size[1]


async def test_without_a_time_it_says_that_thirty_days_are_shown(demo_log: Opener) -> None:
    async with running(demo_log, "outcome:denied") as driver:
        assert driver.shows("/ outcome:denied last:30d")


async def test_the_frame_and_the_keys_wait_for_no_connection(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.event_log.patience._PATIENCE_S", 60)  # else it may be "looking" by then
    connected = Signal()

    def open_late() -> "AuditLog":
        assert connected.wait(10)
        return open_log(demo)

    async with running(open_late, settled=False) as driver:
        try:
            await driver.until(lambda: driver.shows("connecting", "Filters", "/ last:30d", "? all keys"))
            await driver.press_now("question_mark")
            assert driver.shows("auditdeck  Help", "Everywhere", "Audit log: who changed what")
            await driver.press_now("q")
            assert driver.shows("connecting")
        finally:
            connected.set()
        await driver.settle()
        assert driver.shows("live", "1,366 events")


@SIZES
async def test_an_empty_log_says_what_brings_events_in(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(lambda: open_log(tmp_path / "new.db"), "last:all", size=size) as driver:
        assert driver.shows("The log is empty", "auditdeck import", "0 events", "nothing to draw")
        for key in ("j", "k", "G", "g", "enter", "plus", "minus", "pagedown", "f", "j", "space", "escape", "n"):
            await driver.press(key)
        assert driver.shows("The log is empty")


async def test_no_match_names_what_to_loosen(demo_log: Opener, events: list[Event]) -> None:
    query = "actor:m-1 type:no.such outcome:denied during:2020"
    async with running(demo_log, query) as driver:
        assert driver.shows("No event matches", query, "0 events", "0 clears all filters")
    query = "outcome:denied type:no.such last:all"
    denied = len(selected("outcome:denied last:all", events))
    async with running(demo_log, query) as driver:
        assert driver.shows(f"Without type:no.such there are {denied:,} events; enter goes there.")
        assert not driver.shows("Without outcome:denied there")


@SIZES
async def test_a_log_from_the_future_is_refused_in_words(demo: Path, size: tuple[int, int]) -> None:
    refusal = "This log was written by a newer program."

    def refuse() -> "AuditLog":
        raise SchemaTooNew(refusal)

    async with running(refuse, size=size) as driver:
        assert driver.shows("This could not be read", refusal)
        for key in ("j", "G", "enter", "plus", "f", "escape"):
            await driver.press(key)
        assert driver.shows("This could not be read")


async def test_after_a_refusal_r_tries_again(demo: Path) -> None:
    is_too_new = True

    def refuse_at_first() -> "AuditLog":
        if is_too_new:
            raise SchemaTooNew("Too new.")
        return open_log(demo)

    async with running(refuse_at_first) as driver:
        assert driver.shows("This could not be read", "Too new.")
        is_too_new = False
        await driver.press("r")
        assert not driver.shows("This could not be read") and driver.shows("1,366 events") and driver.focused == "deck"
