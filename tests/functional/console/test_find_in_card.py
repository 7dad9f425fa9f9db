"""Finding words in the open card."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.records import Draft
from tests.functional.console.demo_log import END, fill, open_log
from tests.functional.console.driving import Driver, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Opener = Callable[[], "AuditLog"]
_SIZE = (80, 24)


@pytest.fixture
def notes(tmp_path: Path) -> Opener:
    """A log of two events with words to find: the newer one's reason is longer than a screen."""
    path = tmp_path / "notes.db"
    long = " ".join(f"word{number}" for number in range(400))
    fill(
        path,
        [
            Draft(type="note.long", occurred_at=END, reason=f"{long} Needle {long}", data={"note": "needle, NEEDLE"}),
            Draft(type="note.short", occurred_at=END.replace(hour=1), data={"note": "a needle"}),
        ],
    )
    return lambda: open_log(path)


def _looks(driver: Driver) -> list[tuple[str, bool]]:
    """What is underlined in the open card, with whether it is filled."""
    region = driver.screen.query_one("#detail").region
    found = []
    for strip in driver.app.screen._compositor.render_strips()[region.y : region.bottom]:
        usual = strip._segments[-1].style
        for segment in strip:
            if segment.style is not None and segment.style.underline and usual is not None:
                found.append((segment.text, segment.style.bgcolor != usual.bgcolor))
    return found


async def test_words_are_found_marked_and_gone_through(notes: Opener) -> None:
    async with running(notes, "last:all", size=_SIZE) as driver:
        await driver.press("enter", "slash")
        assert driver.focused == "SafeInput" and driver.shows("Find in this card")
        await driver.type("needle")
        await driver.press("enter")
        assert driver.focused == "detail" and driver.shows("Match 1 of 6; n N to the others.")
        assert _looks(driver) == [("Needle", True)], "in the middle of a value that is longer than the screen"
        await driver.press("n")
        assert driver.shows("Match 2 of 6") and _looks(driver)[:2] == [("needle", True), ("NEEDLE", False)]
        await driver.press("n")
        assert driver.shows("Match 3 of 6") and _looks(driver)[:2] == [("needle", False), ("NEEDLE", True)]
        await driver.press("N", "N", "N")
        assert driver.shows("Match 6 of 6"), "around the end"
        assert driver.query == "last:all", "the query is another matter"


async def test_going_on_to_the_next_card_finds_there(notes: Opener) -> None:
    async with running(notes, "last:all", size=_SIZE) as driver:
        await driver.press("enter", "slash")
        await driver.type("needle")
        await driver.press("enter", "J")
        assert driver.current.type == "note.short" and ("needle", False) in _looks(driver)
        await driver.press("n")
        assert driver.shows("Match 1 of 2")
        await driver.press("escape", "enter", "n")
        assert driver.shows("Nothing is looked for here; / finds words in this card.") and not _looks(driver)


async def test_what_is_not_there_is_said_while_one_types_and_not_taken(notes: Opener) -> None:
    async with running(notes, "last:all", size=_SIZE) as driver:
        await driver.press("enter", "slash")
        await driver.type("needless")
        assert driver.shows("not in this card")
        await driver.press("enter")
        assert driver.focused == "SafeInput"
        await driver.press("backspace", "backspace", "backspace")
        assert not driver.shows("not in this card")


async def test_escape_puts_back_what_was_looked_for(notes: Opener) -> None:
    async with running(notes, "last:all", size=_SIZE) as driver:
        await driver.press("enter", "slash")
        await driver.type("needle")
        await driver.press("enter", "slash")
        await driver.type("x")
        await driver.press("escape", "n")
        assert driver.focused == "detail" and driver.shows("Match 2 of 6")
        await driver.press("slash", "ctrl+u", "enter")
        assert not _looks(driver), "nothing is looked for any more"


async def test_on_the_deck_the_key_opens_the_search_box(notes: Opener) -> None:
    async with running(notes, "last:all", size=_SIZE) as driver:
        await driver.press("enter", "escape", "slash")
        assert driver.shows("/ last:all ") and not driver.shows("Find in this card")


async def test_a_value_longer_than_the_screen_can_be_read_to_its_end(notes: Opener) -> None:
    async with running(notes, "last:all", size=_SIZE) as driver:
        await driver.press("enter")
        for key in ("j", "pagedown"):
            seen = ""
            await driver.press("g")
            for _ in range(150):
                seen += driver.text
                if "imported from" in driver.text or "Context" in driver.text:
                    break
                await driver.press_now(key)
            assert all(f"word{number} " in seen or f"word{number}\n" in seen for number in (0, 200, 399)), key
            assert " Needle " in seen
        for _ in range(150):
            if "when  " in driver.text:
                break
            await driver.press_now("k")
        assert "when  " in driver.text


async def test_the_head_stays_on_top(demo_log: Opener) -> None:
    async with running(demo_log, "type:api_client.updated outcome:success last:all") as driver:
        await driver.press("enter")
        head = driver.region("#detail")[0]
        assert head.startswith(" API client updated  ") and " success " in head and " 1 of " in head
        assert driver.current.target is not None and f"  {driver.current.target.name}  " in head
        for key in ("pagedown", "G", "ctrl+u", "k"):
            await driver.press(key)
            assert driver.region("#detail")[0] == head
