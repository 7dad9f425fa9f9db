"""Erasing from the deck and from the open card: a reason, the end of the id typed, and the card is what is left of it."""

from contextlib import closing
from pathlib import Path

from data.query import parse_query
from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import WIDE, running


async def test_a_card_is_erased_and_the_deck_stays_where_it_is(own_demo: Path) -> None:
    async with running(
        lambda: open_log(own_demo), "type:api_client.updated outcome:success last:all", size=WIDE
    ) as driver:
        await driver.press("j", "j")
        before, row = driver.current, driver.selected_rows()
        await driver.press("X")
        assert driver.shows("personal part", "the whole event")
        await driver.press("p")
        assert driver.shows(
            "Erase the personal part of API client updated", str(before.id), "What is lost", "To be typed"
        )
        assert driver.shows(str(before.actor.name))
        await driver.press("enter")
        assert driver.shows("Say why")
        await driver.type("she asked")
        await driver.press("enter")
        assert driver.shows(f"the last characters of the id, {str(before.id)[-6:]}")
        await driver.type("nothing")
        await driver.press("enter")
        assert driver.shows("Type the last characters") and not erased(own_demo)
        await driver.press(*["backspace"] * 7)
        await driver.type(str(before.id)[-6:])
        await driver.press("enter")
        assert driver.current.id == before.id and driver.current.ip is None and driver.selected_rows()[0] == row[0]
        assert driver.shows("Its personal part was erased")
        assert erased(own_demo) == [(str(before.id), "she asked")]
        await driver.press("enter")
        await driver.press("X", "w")
        await driver.type("all of it")
        await driver.press("enter")
        await driver.type(str(before.id)[-6:])
        await driver.press("enter")
        assert driver.current.type == "log.tombstone" and driver.shows("Erased event", "The event was erased")


async def test_leaving_erases_nothing(own_demo: Path) -> None:
    async with running(lambda: open_log(own_demo), "last:all", size=WIDE) as driver:
        before = driver.current
        await driver.press("X", "w")
        await driver.type("why not")
        await driver.press("escape")
        assert driver.current == before and not erased(own_demo)


def erased(path: Path) -> list[tuple[str, str]]:
    """The ids of what was erased since the demo's end, and why."""
    with closing(open_log(path)) as log:
        told = log.page(parse_query("type:log.event_erased outcome:success service:console last:all")).items
        return [(str(event.data["erased"]), str(event.reason)) for event in told if "erased" in event.data]
