"""How far a search has come, what ends it, and how to go on with one that was ended, in words."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from data.answers import Direction
from tui.keymap import key_of
from tui.presenters.noun import Noun
from tui.presenters.values import day_text
from tui.reading.search import Search


def searching_texts(searches: Sequence[Search], zone: ZoneInfo) -> tuple[str, ...]:
    """One sentence about them, and the same in fewer and fewer cells; none without a search."""
    if not searches:
        return ()
    how_far = " and ".join(_how_far(search, zone) for search in searches)
    if any(not search.is_stopped for search in searches):
        cancel = key_of("log.cancel")
        return f"Searching ... {how_far}; {cancel} ends it.", f"Searching ... {how_far}", how_far
    refresh = key_of("log.refresh")
    return (
        f"The search was ended: it is done {how_far}; {refresh} goes on.",
        f"Ended {how_far}; {refresh} goes on.",
        f"{refresh} goes on",
    )


def searching_notice(searches: Sequence[Search], noun: Noun, zone: ZoneInfo) -> tuple[str, str]:
    """A headline and a line for where no event was found yet."""
    how_far = " and ".join(_how_far(search, zone) for search in searches)
    if any(not search.is_stopped for search in searches):
        return "Searching ...", f"No {noun.one} found yet, {how_far}. {key_of('log.cancel')} ends it."
    return "The search was ended", f"No {noun.one} was found {how_far}. {key_of('log.refresh')} goes on from there."


def _how_far(search: Search, zone: ZoneInfo) -> str:
    towards = "back to" if search.direction is Direction.OLDER else "up to"
    return f"{towards} {day_text(_day(search, zone))}"


def _day(search: Search, zone: ZoneInfo) -> date:
    assert search.reached_at is not None, "a search that takes long has come somewhere"
    return search.reached_at.astimezone(zone).date()
