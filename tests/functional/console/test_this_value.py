"""`+` only, `-` without, `=` afresh, and the dates: which query each letter gives."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from data.query import parse_query
from data.records import Event
from tests.functional.console.demo_log import selected
from tests.functional.console.driving import NARROW, WIDE, running

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
Opener = Callable[[], "AuditLog"]
START = "outcome:denied last:30d"


def _full_event(events: list[Event]) -> Event:
    """The newest denied event with a value for every letter."""
    return next(
        event
        for event in selected(START, events)
        if event.client and event.target and event.target.id and event.service and event.ip and event.request_id
    )


def _clause(event: Event, letter: str) -> str:
    assert event.client is not None and event.target is not None
    return {
        "t": f"type:{event.type}",
        "o": "outcome:denied",
        "a": f"actor:{event.actor.id}",
        "c": f"client:{event.client.id}",
        "e": f"target:{event.target.id}",
        "s": f"service:{event.service}",
        "i": f"ip:{event.ip}",
        "r": f"request:{event.request_id}",
        "d": f"during:{event.occurred_at:%Y-%m-%d}",
    }[letter]


def _expected(how: str, letter: str, clause: str) -> str:
    if how == "equals_sign":
        return clause if letter == "d" else f"{clause} last:30d"
    if how == "minus":
        # A second word about one key: what is excluded now was asked for before.
        return "last:30d -outcome:denied" if letter == "o" else f"{START} -{clause}"
    if letter == "d":
        return f"outcome:denied {clause}"
    return START if letter == "o" else f"{START} {clause}"


@pytest.mark.parametrize("how", ["plus", "minus", "equals_sign"])
async def test_each_letter_gives_its_query(demo_log: Opener, events: list[Event], how: str) -> None:
    event, denied = _full_event(events), selected(START, events)
    async with running(demo_log, START) as driver:
        for _ in range(denied.index(event)):
            await driver.stride("j")
        for letter in "toacesird":
            assert driver.current == event and driver.query == START
            await driver.press(how)
            assert driver.focused == "ChoiceStrip"
            await driver.press(letter)
            expected = parse_query(_expected(how, letter, _clause(event, letter)))
            assert set(parse_query(driver.query).clauses) == set(expected.clauses), letter
            found = selected(driver.query, events)
            assert driver.shows(f" {len(found):,} event{'' if len(found) == 1 else 's'} "), letter
            if found and expected != parse_query(START):
                stays = next((one for one in found if one.id <= event.id), found[0])
                assert driver.current == stays and driver.focused == "deck"
            if driver.query != START:
                await driver.press("u")


@SIZES
async def test_a_prompt_shows_what_each_choice_means(
    demo_log: Opener, events: list[Event], size: tuple[int, int]
) -> None:
    event = selected("last:30d", events)[0]
    async with running(demo_log, size=size) as driver:
        await driver.press("plus")
        assert driver.shows(" Only ", "t type", f"type:{event.type}") and driver.widths() == {size[0]}
        await driver.press("right", "right")
        assert driver.shows(f"{event.actor.name}  actor:{event.actor.id}")
        await driver.press("left", "left", "left")
        assert driver.shows(f"during:{event.occurred_at:%Y-%m-%d}"), "they go round"
        await driver.press("right", "right", "right", "enter")
        assert driver.query == f"last:30d actor:{event.actor.id}"


@pytest.mark.parametrize("key", ["escape", "backspace"])
async def test_a_prompt_that_is_left_changes_nothing(demo_log: Opener, key: str) -> None:
    async with running(demo_log) as driver:
        for prompt in ("plus", "minus", "equals_sign", "d"):
            await driver.press(prompt, key)
            assert driver.query == "last:30d" and driver.focused == "deck"
            assert driver.shows("j k move"), "the keys are back"


async def test_a_letter_that_is_not_offered_takes_nothing(demo_log: Opener) -> None:
    async with running(demo_log) as driver:
        await driver.press("plus")
        for key in ("x", "j", "0", "u"):
            await driver.press(key)
            assert driver.query == "last:30d"
        await driver.press("escape")
        assert driver.focused == "deck"


@pytest.mark.parametrize("opened", [False, True], ids=["deck", "open card"])
async def test_dates_replace_the_time_alone(demo_log: Opener, events: list[Event], opened: bool) -> None:
    async with running(demo_log, "outcome:denied last:2d") as driver:
        for letter, time in {
            "t": "during:today",
            "y": "during:yesterday",
            "w": "last:7d",
            "m": "last:30d",
            "q": "during:last-quarter",
            "a": "last:all",
        }.items():
            if opened:
                await driver.press("enter")
            await driver.press("d", letter)
            assert driver.query == f"outcome:denied {time}"
            assert driver.shows(f" {len(selected(driver.query, events)):,} event")


@SIZES
async def test_dates_show_both_instants_before_they_are_taken(demo_log: Opener, size: tuple[int, int]) -> None:
    async with running(demo_log, size=size) as driver:
        await driver.press("d", "right")
        assert driver.shows("from 19 Nov 2026 00:00 UTC until 20 Nov 2026 00:00 UTC")


async def test_dates_can_be_typed(demo_log: Opener, events: list[Event]) -> None:
    async with running(demo_log, START) as driver:
        await driver.press("d", "slash")
        assert driver.shows("/ outcome:denied during:")
        await driver.type("2026-11-01..2026-11-15")
        assert driver.shows("from 1 Nov 2026 00:00 UTC until 16 Nov 2026 00:00 UTC")
        await driver.press("enter")
        assert driver.query == "outcome:denied during:2026-11-01..2026-11-15"
        assert driver.current == selected(driver.query, events)[0]
