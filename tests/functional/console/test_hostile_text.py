"""Events whose text tries to drive the terminal: it is shown, and does nothing."""

import re
import unicodedata
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from data.records import Draft, Outcome, Reference
from data.refusals import RefusalCode
from data.requests import Request, request_draft
from tests.functional.console.demo_log import END, fill, open_log
from tests.functional.console.driving import NARROW, WIDE, Driver, running
from tests.functional.console.hostile_log import TEXTS, as_draft, fill_hostile
from tests.unit.tui.made_up_events import hostile_event
from tui.widgets.drawn import Drawn

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, (60, 20), (170, 45)], ids=["120x40", "80x24", "60x20", "170x45"])
_DRIVING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# What Textual itself writes to set colours; nothing else may follow an escape character.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with an event of each kind and outcome."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    assert fill_hostile(path) == len(TEXTS) * len(Outcome)
    return path


@pytest.fixture(autouse=True)
def frames_nobody_sees() -> None:
    """Here every frame is painted, and looked at."""


@pytest.fixture(autouse=True)
def painted(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The classes of all widgets that painted something; whatever any of them paints, be it seen or not, is harmless."""
    classes = set()

    def looking(render_lines: Callable[[Any, Region], list[Strip]]) -> Callable[[Any, Region], list[Strip]]:
        def render_and_look(widget: Widget, crop: Region) -> list[Strip]:
            strips = render_lines(widget, crop)
            for strip in strips:
                for segment in strip:
                    assert not _driving(segment.text), (widget, segment.text)
            classes.add(type(widget).__name__)
            return strips

        return render_and_look

    for kind in (Widget, Drawn):
        monkeypatch.setattr(kind, "render_lines", looking(kind.render_lines))
    return classes


@lru_cache(100_000)
def _driving(text: str) -> frozenset[str]:
    """What of a text could drive a terminal. Most pieces of a frame were in the frame before it."""
    return frozenset(hex(ord(char)) for char in text if unicodedata.category(char) in _DRIVING)


def assert_harmless(driver: Driver) -> None:
    """Nothing on the terminal could drive it: neither in the text of the strips nor in what is written for them."""
    for strip in driver.app.screen._compositor.render_strips():
        for segment in strip:
            assert segment.control is None
            assert not _driving(segment.text), segment.text
            assert segment.style is None or (segment.style.link is None and not segment.style.meta), segment
        written = _COLOURS.sub("", strip.render(driver.app.console))
        assert "\x1b" not in written
    assert driver.widths() == {driver.app.size.width}, "nothing reaches out of its row"


@SIZES
async def test_cards_and_filters_show_it_and_do_nothing(
    hostile: Path, size: tuple[int, int], painted: set[str]
) -> None:
    async with running(lambda: open_log(hostile), "last:all", size=size) as driver:
        count = len(TEXTS) * len(Outcome)
        assert driver.shows(f" {count} events")
        while driver.deck.cursor < count - 1:
            assert_harmless(driver)
            await driver.press("pagedown")
        assert_harmless(driver)
        await driver.press("f")
        for letter in "tacsie":
            await driver.press(letter, "space")
            assert_harmless(driver)
            if driver.focused != "sidebar":  # a box to look for a value in
                await driver.press("escape")
            if driver.query != "last:all":
                await driver.press("u")
        await driver.press("G", "escape", "g", "enter")
        for _ in range(4):
            await driver.press("J", "pagedown")
            assert_harmless(driver)
        assert driver.app.is_running
        assert painted >= {"TitleBar", "EventCard", "EventDetail", "FilterSidebar", "KeyBar"}


@pytest.mark.parametrize("kind", TEXTS)
async def test_an_open_card_shows_it_and_does_nothing(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "one.db"
    fill(path, [as_draft(hostile_event(TEXTS[kind], outcome=Outcome.DENIED), 0)])
    async with running(lambda: open_log(path), "last:all", size=NARROW) as driver:
        await driver.press("enter")
        for _ in range(12):
            assert_harmless(driver)
            await driver.press_now("pagedown")
        await driver.press("G")
        assert_harmless(driver)
        await driver.press("escape", "plus")
        for _ in range(10):
            assert_harmless(driver)
            await driver.press_now("right")
        await driver.press("a")
        assert_harmless(driver)
        await driver.press("slash")
        assert_harmless(driver)
        await driver.type("x")
        assert_harmless(driver)
        await driver.press("escape", "full_stop")
        assert_harmless(driver)
        assert driver.app.is_running


async def test_markup_stays_text(hostile: Path) -> None:
    async with running(lambda: open_log(hostile), "last:all", size=(200, 60)) as driver:
        seen = ""
        for _ in range(len(TEXTS) * len(Outcome)):
            seen += driver.text
            await driver.press_now("j")
        assert "[/] [@click=app.quit]x[/]" in seen and "[red]y[/red]" in seen
        assert "␛]52;c;cm0gLXJmIH4=␇" in seen and "⟨U+202E⟩" in seen


async def test_control_characters_that_are_pasted_or_recalled_are_shown_too(hostile: Path) -> None:
    async with running(lambda: open_log(hostile), "last:all") as driver:
        await driver.press("slash")
        driver.app.post_message(Paste("\x1b]52;c;eA==\x07 \u202ex \x9b31m"))
        await driver.settle()
        assert_harmless(driver)
        assert driver.focused == "SafeInput" and "x" in driver.region("QueryBar")[0]


@pytest.mark.parametrize("kind", TEXTS)
async def test_a_story_shows_it_and_does_nothing(tmp_path: Path, kind: str, painted: set[str]) -> None:
    path, text = tmp_path / "story.db", TEXTS[kind]
    named = Reference("api_client", "c-1", text)
    revoked = replace(as_draft(hostile_event(text), 60), type="api_client.revoked", client=named, target=named)
    fill(path, [revoked, replace(revoked, type="token.ended", target=Reference("token", text, text))])
    refused = Request(
        action=text,
        status=401,
        executed_at=END,
        client=named,
        token=text,
        service=text,
        ip=text,
        refusal=RefusalCode.REVOKED,
        scope=text,
    )
    unknown = replace(request_draft(refused), type="request.refused", data={"refusal": text, "scope": text})
    with closing(open_log(path)) as log:
        log.requests.append([request_draft(refused), unknown])
    async with running(lambda: open_log(path), "client:c-1 last:all", size=NARROW) as driver:
        await driver.press("w")
        assert driver.shows("Why: ", " REFUSED ")
        for _ in range(6):
            assert_harmless(driver)
            await driver.press("pagedown")
        await driver.press("W")
        driver.app.post_message(Paste(text[:3_000]))
        await driver.settle()
        assert_harmless(driver)
        await driver.press("enter")
        assert_harmless(driver)
        assert driver.app.is_running and "_WhyPane" in painted


async def test_what_cannot_be_drawn_is_still_asked_for(tmp_path: Path) -> None:
    path, text = tmp_path / "one.db", TEXTS["osc 52"]
    fill(path, [as_draft(hostile_event(text), 0), Draft(type="project.created", occurred_at=END)])
    async with running(lambda: open_log(path), "last:all") as driver:
        await driver.press("j", "plus", "a")
        before = driver.query
        assert driver.shows(" 1 event ")
        await driver.press("slash", "home", "end", "enter")
        assert driver.query == before and driver.shows(" 1 event "), "the box holds the very text"


async def test_a_caret_stands_behind_text_that_cannot_be_drawn(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    fill(path, [as_draft(hostile_event("\u202eab\x1b漢"), 0)])
    async with running(lambda: open_log(path), "last:all") as driver:
        await driver.press("plus", "a", "slash")
        await driver.type("outcome:bad")
        box, hint = driver.region("QueryBar")[0], driver.region("HistogramBar")[0]
        assert "\ufffdab\u241b漢" in box
        # A wide character is one in the text and two on the terminal.
        assert hint.index("^") == box.index("bad") + 1
