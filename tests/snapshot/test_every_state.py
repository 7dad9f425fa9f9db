"""What holds in every state of the screen: ASCII alone where that is asked for, and nothing by a colour alone."""

from itertools import groupby

import pytest
from rich.color import ColorType
from rich.segment import Segment

from tests.functional.console.driving import NARROW, WIDE, Driver, make_app, running
from tests.snapshot.states import STATES, STATES_OF_REQUESTS, Scene, State, lead, made
from tui.glyphs import ASCII, draw_with
from tui.themes import PALETTES

_EVERY_STATE = (*STATES, *STATES_OF_REQUESTS)
# Where the narrow screen has something that the wide one does not: a drawer, a prompt that needs two rows, fewer keys.
_NARROW_TOO = frozenset({"deck", "filters", "filters_narrowed", "open_card", "this_value", "search_error", "save_view"})
_SHOWN = [
    *((state, WIDE) for state in STATES),
    *((state, NARROW) for state in STATES if state.name in _NARROW_TOO),
]
_THEMES = pytest.mark.parametrize("theme", PALETTES)
Look = tuple[bool, bool, bool]
"""Bold, underlined, reversed: what is left of a look without its colours."""


def _segments(driver: Driver) -> list[list[Segment]]:
    """The rows of the terminal as they are painted."""
    return [list(strip) for strip in driver.app.screen._compositor.render_strips()]


def _cells(driver: Driver) -> list[list[tuple[str, Look]]]:
    """The same, character by character, without colours."""
    rows = []
    for segments in _segments(driver):
        cells: list[tuple[str, Look]] = []
        for text, style, _ in segments:
            look = (bool(style and style.bold), bool(style and style.underline), bool(style and style.reverse))
            cells += [(character, look) for character in text]
        rows.append(cells)
    return rows


def _looks_of(driver: Driver, words: str) -> list[Look]:
    """How the words are drawn where they first stand: one look after another."""
    for row in _cells(driver):
        at = "".join(character for character, _ in row).find(words)
        if at >= 0:
            return [look for look, _ in groupby(look for _, look in row[at : at + len(words)])]
    raise AssertionError(f"{words!r} is not there:\n{driver.text}")


@pytest.mark.parametrize("state", _EVERY_STATE, ids=[state.name for state in _EVERY_STATE])
async def test_the_simplest_terminal_can_show_it(state: State, scene: Scene) -> None:
    """One that has 16 colours, whatever they are, and ASCII; and so it is when it becomes a narrow one."""
    draw_with(ASCII)
    with made(state, scene):
        async with make_app(scene.open_log, state.query, theme="terminal").run_test(size=WIDE) as pilot:
            driver = Driver(pilot)
            await lead(driver, state, scene)
            _is_simple(driver, WIDE)
            await pilot.resize_terminal(*NARROW)
            await driver.until(lambda: driver.widths() == {NARROW[0]})
            _is_simple(driver, NARROW)


def _is_simple(driver: Driver, size: tuple[int, int]) -> None:
    assert driver.text.isascii(), [line for line in driver.lines if not line.isascii()]
    assert "<U+" not in driver.text, "something of our own has no ASCII form"
    assert driver.widths() == {size[0]} and len(driver.lines) == size[1]
    styles = [style for row in _segments(driver) for _, style, _ in row if style is not None]
    colors = {color for style in styles for color in (style.color, style.bgcolor) if color is not None}
    assert {color.type for color in colors} <= {ColorType.DEFAULT, ColorType.STANDARD}
    assert {style.bgcolor.type for style in styles if style.bgcolor is not None} <= {ColorType.DEFAULT}


@_THEMES
async def test_the_deck_says_all_of_it_without_colours(theme: str, scene: Scene) -> None:
    async with running(scene.open_log, theme=theme) as driver:
        await driver.press("j")
        lines = driver.region("#deck")
        assert [line[0] == "▌" for line in lines].count(True) == 2
        assert _looks_of(driver, "13:55:31") == [(True, False, False)], "the time of the selected card"
        assert _looks_of(driver, "14:02:30") == [(False, False, False)], "that of another"
        assert driver.shows("× Reset user's password", " FAILURE ", "! Update API client", " DENIED ", "success")
        assert driver.shows("Payrol sync → Payroll sync", "− payments:read  + payments:write")
        assert _looks_of(driver, "All") == [(True, True, False)] and _looks_of(driver, "Users") == [(False,) * 3]
        assert _looks_of(driver, "Audit log ")[0] == (True, True, False), "the screen that one is on"
        bars = [look for row in _cells(driver)[:5] for character, look in row if character in "▁▂▃▄▅▆▇█"]
        assert len({reverse for _, _, reverse in bars}) == 2 and [one[2] for one in bars].count(True) == 2


@_THEMES
async def test_the_filters_say_all_of_it_without_colours(theme: str, scene: Scene) -> None:
    async with running(scene.open_log, theme=theme) as driver:
        await driver.press("f", "o", "space", "j", "minus")
        sidebar = driver.region("#sidebar")
        assert any(line[1:].startswith("[x] success") for line in sidebar)
        under_cursor = [line for line in sidebar if line.startswith("▌")]
        assert len(under_cursor) == 1 and under_cursor[0].startswith("▌[-] failure")
        await driver.press("escape")
        assert not any(line.startswith("▌") for line in driver.region("#sidebar")), "only the focused pane has a cursor"


@_THEMES
async def test_what_was_deleted_is_said_and_no_link(theme: str, scene: Scene) -> None:
    async with running(scene.open_log, "type:api_client.deleted outcome:success last:all", theme=theme) as driver:
        assert driver.shows("(deleted)")


@_THEMES
async def test_a_prompt_shows_which_choice_is_the_current_one(theme: str, scene: Scene) -> None:
    async with running(scene.open_log, theme=theme) as driver:
        await driver.press("d", "right")
        assert _looks_of(driver, "yesterday") == [(False, True, False)]
        assert _looks_of(driver, "30 days")[-1] == (False, False, False)
