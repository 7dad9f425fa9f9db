"""A key is answered by one frame, and a cursor that moves lays nothing out, unless cards move with it: on every screen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.events import Key
from textual.screen import Screen

from tests.functional.console.demo_log import open_log
from tests.functional.console.driving import NAMES, WIDE, Driver, running

_BESIDE = (160, 45)
_CHARACTERS = {name: character for character, name in NAMES.items()}
# What a key brings about comes within a few turns of the event loop; a frame that comes later is one too many.
_QUIET_S = 0.02
_FRAME_S = 1.5  # a key may do nothing where one is
_PATIENCE_S = 15.0


@dataclass
class _Counted:
    """Since the last key."""

    frames: int = 0
    layouts: int = 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    """The frames and the layouts of all screens."""
    counts = _Counted()
    refresh_layout = Screen._refresh_layout

    def count_frame(_: App[Any]) -> None:
        counts.frames += 1

    def count_layout(screen: Screen[Any], *arguments: Any, **named: Any) -> None:  # noqa: ANN401
        counts.layouts += 1
        refresh_layout(screen, *arguments, **named)

    monkeypatch.setattr(App, "post_display_hook", count_frame)
    monkeypatch.setattr(Screen, "_refresh_layout", count_layout)
    monkeypatch.setattr("tui.painted_screen._PATIENCE_S", 2.0)  # however busy the machine is
    return counts


# A place, the screen that it is on, the keys that lead there from the place before, and the keys that are pressed there.
# Where a question goes out with a key, its answer may come in a frame of its own: `?` after the place. Cards are widgets,
# and have to be placed anew where they move: `^` after a key.
_PLACES: tuple[tuple[str, str, str, str], ...] = (
    ("deck", "AuditLogScreen", "", "j k j pagedown^ j^ j^ ctrl+d^ pageup^ space"),
    ("compact cards", "AuditLogScreen", "z", "j k pagedown^ j^"),
    ("lines", "AuditLogScreen", "z", "j k pagedown^ j^"),
    ("open card", "AuditLogScreen", "z enter", "j j k pagedown g"),
    ("next card", "AuditLogScreen", "", "J^ J^ K^"),
    ("filters", "AuditLogScreen", "escape f", "j j k G g"),
    ("search box", "AuditLogScreen", "escape slash", "space o u t left backspace"),
    ("dates", "AuditLogScreen", "escape d", "right right left"),
    ("palette", "PaletteScreen", "escape colon", "down down up e x backspace"),
    ("help", "HelpScreen", "escape question_mark", "j k pagedown pageup"),
    ("histogram", "AuditLogScreen", "escape tab tab", "left left right"),
    ("views", "ViewsScreen", "tab v", "j k"),
    ("export", "ExportScreen", "escape E", "down up"),
    ("clients?", "ClientsScreen", "escape 2", "j k pagedown g"),
    ("client", "ClientsScreen", "tab", "j j k"),
    ("box of the clients?", "ClientsScreen", "tab slash", "a y"),
    ("members?", "AccessScreen", "escape 3", "j k j"),
    ("groups?", "AccessScreen", "full_stop", "j k"),
    ("roles?", "AccessScreen", "full_stop", "j k"),
    ("invitations?", "AccessScreen", "full_stop", "j k"),
    ("requests", "RequestsScreen", "4", "j k pagedown^ j^"),
    ("sums of clients?", "RequestsScreen", "full_stop", "j k"),
    ("system", "SystemScreen", "5", "j j k pagedown"),
    ("why a client", "WhyScreen", "2 w", "j j k"),
    ("why a member", "WhyMemberScreen", "escape 3 comma comma comma w", "j j k"),
    ("form", "ClientFormScreen", "2 a", "P a y backspace left"),
)
_BESIDE_PLACES = (
    ("card beside the deck", "AuditLogScreen", "enter", "j k pagedown^ j^ j^"),
    ("clients beside?", "ClientsScreen", "2", "j k"),
)


@pytest.mark.parametrize(("size", "places"), [(WIDE, _PLACES), (_BESIDE, _BESIDE_PLACES)], ids=["120x40", "160x45"])
async def test_one_frame_a_key_and_no_layout_but_for_cards_that_move(
    whole_demo: Path, counted: _Counted, size: tuple[int, int], places: Sequence[tuple[str, str, str, str]]
) -> None:
    too_much: list[str] = []
    async with running(lambda: open_log(whole_demo), size=size) as driver:
        await driver.until(lambda: "Clients 3!" in driver.lines[0])  # counted in its own time, with a frame of its own
        for place, screen, way, keys in places:
            await driver.press(*way.split())
            await _quiet(driver, counted)
            assert type(driver.app.screen).__name__ == screen, f"{place}\n{driver.text}"
            answered = 0
            for key in keys.split():
                counted.frames = counted.layouts = 0
                key, moves_cards = key.removesuffix("^"), key.endswith("^")
                driver.app.post_message(Key(key, _CHARACTERS.get(key, key if len(key) == 1 else None)))
                await _quiet(driver, counted, frames=1)
                allowed = 2 if place.endswith("?") else 1
                if counted.frames > allowed or counted.layouts > moves_cards:
                    too_much.append(f"{place}, {key}: {counted.frames} frames, {counted.layouts} layouts")
                answered += counted.frames
            assert answered, f"{place}: no key does anything\n{driver.text}"
    assert not too_much, "\n".join(too_much)


async def _quiet(driver: Driver, counted: _Counted, frames: int = 0) -> None:
    """Wait until nothing is asked and nothing painted any more, and for so many frames at least, if they come at all."""
    now = asyncio.get_running_loop().time
    begun, before = now(), -1
    while driver.app.is_asking or before != counted.frames or (counted.frames < frames and now() < begun + _FRAME_S):
        assert now() < begun + _PATIENCE_S, driver.text
        before = counted.frames
        await asyncio.sleep(_QUIET_S)
