"""Keys of one's own: what they do, what the old ones do no longer, and what the screen says of them."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from data.services.audit_log import AuditLog
from tests.functional.console.driving import running

OpenLog = Callable[[], AuditLog]


async def test_the_new_key_does_it_and_the_old_one_no_longer(demo_log: OpenLog) -> None:
    async with running(demo_log, keys={"log.find": ["ctrl+f"]}) as driver:
        await driver.press("slash")
        assert driver.focused != "SafeInput"
        await driver.press("ctrl+f")
        assert driver.focused == "SafeInput"


async def test_a_key_that_was_a_character_works_in_the_text_box(demo_log: OpenLog) -> None:
    async with running(demo_log, keys={"log.filters": ["ctrl+f"]}) as driver:
        await driver.press("slash", "ctrl+f")
        assert driver.focused == "sidebar"


async def test_a_character_is_text_in_a_text_box_whatever_it_does_elsewhere(demo_log: OpenLog) -> None:
    keys = {"log.back": ["ä", "esc"], "app.quit": ["ö", "ctrl+q"], "log.find": ["ü"]}
    async with running(demo_log, keys=keys) as driver:
        await driver.press("ü")
        await driver.type("äöü")
        assert driver.shows("äöü")
        assert driver.focused == "SafeInput"


async def test_all_that_names_a_key_names_ones_own(demo_log: OpenLog) -> None:
    keys = {"log.find": ["F3"], "log.clear": ["ctrl+x"], "deck.only": ["*"], "app.help": ["ctrl+g"]}
    async with running(demo_log, "outcome:denied actor:nobody", size=(120, 60), keys=keys) as driver:
        await driver.settle()
        assert driver.shows("ctrl+x clears all filters")
        assert driver.shows("F3 search", "ctrl+g all keys")
        await driver.press("ctrl+x")
        assert driver.query == "last:30d"
        assert driver.shows("* - = this value")
        await driver.press("ctrl+g")
        assert driver.shows("Search: edit the query")
        assert any(line.split()[:2] == ["F3", "Search:"] for line in driver.lines)


async def test_an_action_without_a_key_does_nothing_and_is_in_no_footer(demo_log: OpenLog) -> None:
    async with running(demo_log, keys={"log.dates": []}) as driver:
        assert not driver.shows("dates")
        await driver.press("d")
        assert driver.focused == "deck"


async def test_quit_can_lie_elsewhere(demo_log: OpenLog) -> None:
    async with running(demo_log, keys={"app.quit": ["ctrl+x"], "log.dates": ["ctrl+q"]}) as driver:
        await driver.press("ctrl+q")
        assert driver.focused == "ChoiceStrip"
        await driver.press_now("ctrl+x")
        assert not driver.app.is_running


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"log.fnd": ["x"]}, "Your keys: log.fnd is no action; log.find is one."),
        ({"deck.open": ["r"]}, "Your keys: r is deck.open in 'Deck';"),
    ],
)
async def test_what_could_not_be_had_is_said_at_the_start_and_in_the_help(
    demo_log: OpenLog, keys: Mapping[str, Sequence[str]], said: str
) -> None:
    async with running(demo_log, keys=keys) as driver:
        assert driver.shows(said)
        await driver.press("j")
        assert not driver.shows(said)
        await driver.press("question_mark")
        assert driver.shows("Your keys", said.removeprefix("Your keys: "))
