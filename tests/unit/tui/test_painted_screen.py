"""One frame for each key: painted when all is done that the key brought about, and at once."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from pkgutil import walk_packages
from time import monotonic
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

import tui
from tui.painted_screen import PaintedScreen, PaintingTurn


class Counted(Widget):
    """Shows a number, and tells another of it by a message that goes through the screen."""

    class Changed(Message):
        """It shows another number."""

    number = 0

    def count(self) -> None:
        self.number += 1
        self.refresh()
        self.post_message(self.Changed())

    def render_line(self, y: int) -> Strip:
        return Strip.blank(self.size.width)


class _Two(PaintedScreen[None]):
    def compose(self) -> ComposeResult:
        yield Counted(id="first")
        yield Counted(id="second")

    def on_counted_changed(self) -> None:
        self.call_later(self.call_later, self.query_one("#second", Counted).refresh)


class _App(App[None]):
    frames = 0

    def get_default_screen(self) -> _Two:
        return _Two()

    def post_display_hook(self) -> None:
        self.frames += 1


async def test_what_messages_change_is_in_the_same_frame() -> None:
    async with _App().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, _App)
        await asyncio.sleep(0.1)
        before = app.frames
        app.screen.query_one("#first", Counted).count()
        await asyncio.sleep(0.1)
        assert app.frames == before + 1


async def test_it_waits_for_those_whose_turn_it_is_already() -> None:
    order: list[str] = []
    turn = PaintingTurn(lambda: order.append("painted"))

    async def go_on() -> None:
        for step in "abc":
            order.append(step)
            await asyncio.sleep(0)

    going = asyncio.create_task(go_on())
    turn.ask()
    turn.ask()
    await going
    await asyncio.sleep(0.01)
    assert order == ["a", "b", "c", "painted"]


async def test_it_waits_for_nobody_for_long() -> None:
    painted: list[float] = []
    turn = PaintingTurn(lambda: painted.append(monotonic()))
    begun = monotonic()
    turn.ask()
    while not painted and monotonic() < begun + 1:  # somebody who never ends
        await asyncio.sleep(0)
    assert painted
    assert painted[0] - begun < 0.1


async def test_what_always_changes_is_painted_no_more_than_sixty_times_a_second() -> None:
    frames = 0

    def paint() -> None:
        nonlocal frames
        frames += 1
        turn.ask()

    turn = PaintingTurn(paint)
    begun = monotonic()
    turn.ask()
    await asyncio.sleep(0.25)
    assert 4 <= frames <= (monotonic() - begun) * 60 + 2


async def test_two_frames_shortly_after_each_other_wait_for_nothing() -> None:
    painted: list[float] = []
    turn = PaintingTurn(lambda: painted.append(monotonic()))
    turn.ask()
    await _until(lambda: len(painted) == 1)
    turn.ask()
    await _until(lambda: len(painted) == 2)
    assert painted[1] - painted[0] < 0.015


def test_every_screen_of_the_console_is_one() -> None:
    for module in walk_packages(tui.__path__, "tui."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    ours = [one for one in _below(Screen) if one.__module__.startswith("tui.")]
    assert len(ours) > 15
    assert [one for one in ours if not issubclass(one, PaintedScreen)] == []


async def _until(holds: Callable[[], bool]) -> None:
    end = monotonic() + 1
    while not holds():
        assert monotonic() < end
        await asyncio.sleep(0.001)


def _below(kind: type[Screen[Any]]) -> set[type[Screen[Any]]]:
    found: set[type[Screen[Any]]] = set()
    for child in kind.__subclasses__():
        found |= {child, *_below(child)}
    return found
