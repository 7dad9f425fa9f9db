"""Driving the console by keys, and seeing what is on its screen."""

from asyncio import sleep
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING

from textual.events import Key
from textual.pilot import Pilot
from textual.widget import Widget

from data.clock import Clock
from data.exchange.event_json import event_to_json
from data.query import parse_query, print_query
from data.records import Event
from data.setting_in_force import SettingInForce
from tests.functional.console.demo_log import ZONE, end_clock
from tests.functional.console.shown_terminal import ShownTerminal
from tui.app import AuditdeckApp
from tui.presence import BEAT_S
from tui.presenters.card import card_rows
from tui.presenters.pieces import plain_text
from tui.screens.event_log.screen import EventLogScreen
from tui.terminal import cells_of
from tui.widgets.event_deck import EventDeck

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

WIDE, NARROW = (120, 40), (80, 24)
NAMES = {
    " ": "space",
    ":": "colon",
    "-": "minus",
    ".": "full_stop",
    ",": "comma",
    "*": "asterisk",
    "/": "slash",
    "+": "plus",
    "=": "equals_sign",
    '"': "quotation_mark",
    "_": "underscore",
    "<": "less_than_sign",
    "?": "question_mark",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
}
_CHARACTERS = {name: character for character, name in NAMES.items()}
# A key goes from the application to the widget with the focus, what that says goes to the screen, and back to a widget:
# each a turn or two of the event loop. Turns are cheap; Pilot's own pauses send every widget a message, and then wait
# until the process is idle.
_TURNS = 60
_ROUNDS = 50
_PATIENCE_S = 10.0


def make_app(
    open_log: Callable[[], "AuditLog"],
    query: str = "",
    *,
    theme: str = "dark",
    keys: Mapping[str, Sequence[str]] | None = None,
    last_query: str | None = None,
    last_requests: str | None = None,
    is_first: bool = False,
    beat_s: float = BEAT_S,
    reading_pace_s: float | None = None,
    settings: Sequence[SettingInForce] = (),
    clock: Clock = end_clock,
) -> AuditdeckApp:
    """The console over a log, at the demo's end unless another clock is given, in UTC."""
    app = AuditdeckApp(
        open_log,
        parse_query(query),
        database="demo",
        zone=ZONE,
        as_json=event_to_json,
        theme=theme,
        keys=keys,
        last_query=None if last_query is None else parse_query(last_query),
        last_requests=None if last_requests is None else parse_query(last_requests),
        is_first=is_first,
        beat_s=beat_s,
        reading_pace_s=reading_pace_s,
        settings=lambda: settings,
        clock=clock,
    )
    return app


class Driver:
    """A running console: keys go in, and what a person sees comes out."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.terminal = ShownTerminal(self.app)

    @property
    def app(self) -> AuditdeckApp:
        assert isinstance(self.pilot.app, AuditdeckApp)
        return self.pilot.app

    @property
    def screen(self) -> EventLogScreen:
        """The screen of the log that one is on, whatever lies on top of it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, EventLogScreen))

    @property
    def deck(self) -> EventDeck:
        return self.screen.query_one(EventDeck)

    @property
    def current(self) -> Event:
        """The event under the deck's cursor."""
        event = self.deck.current
        assert event is not None, "no card is selected"
        return event

    @property
    def query(self) -> str:
        """The text of the query that is being read."""
        return print_query(self.screen.reading.query)

    @property
    def focused(self) -> str | None:
        """The id of the widget that has the focus, or its class where it has no id."""
        widget: Widget | None = self.app.focused
        return None if widget is None else widget.id or type(widget).__name__

    @property
    def lines(self) -> list[str]:
        """The rows of the terminal, from the top, as their text."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    @property
    def text(self) -> str:
        """The whole terminal as text."""
        return "\n".join(self.lines)

    def shows(self, *texts: str) -> bool:
        """Whether all of these stand on the terminal."""
        shown = self.text
        return all(text in shown for text in texts)

    def region(self, selector: str) -> list[str]:
        """The rows of one widget's part of the terminal; no cell before it may hold a wide character."""
        region = self.screen.query_one(selector).region
        return [line[region.x : region.right] for line in self.lines[region.y : region.bottom]]

    def selected_rows(self) -> list[int]:
        """The rows of the deck that bear the selection's bar, counted from its top."""
        region = self.deck.region
        rows = self.lines[region.y : region.bottom]
        return [number for number, line in enumerate(rows) if line[region.x] == "▌"]

    def assert_selection_visible(self) -> None:
        """All of the selected card is on the terminal, and nothing lies over it."""
        card = card_rows(self.current, self.deck.size.width, ZONE, self.deck.density, gone=self.deck.gone)
        expected = [plain_text(row) for row in card]
        rows, deck = self.selected_rows(), self.region("#deck")
        shown = [" " + deck[row][1:].rstrip() for row in rows]
        assert [line.rstrip() for line in shown] == expected[: self.deck.size.height], self.text

    def widths(self) -> set[int]:
        """The widths of the terminal's rows, in cells: only one, if nothing reaches out."""
        return {cells_of(line) for line in self.lines}

    async def press(self, *keys: str) -> None:
        """Press keys (as Textual names them), each after the answers to the questions that the one before it raised."""
        for key in keys:
            await self.press_now(key)
            await self.until(lambda: not self.app.is_asking)
        await self.settle()

    async def press_now(self, *keys: str) -> None:
        """Press keys, see what they do at once, and wait for no answer."""
        for key in keys:
            self._send(key)
            await self._turn()
        await self._paint_all()

    async def stride(self, key: str) -> bool:
        """Press a key that moves the deck's cursor, and wait only for that; whether it did move."""
        before = self.deck.current
        self._send(key)
        for _ in range(_TURNS):
            await sleep(0)
            if self.deck.current is not before:
                return True
        await self.settle()
        return self.deck.current is not before

    async def hold(self, key: str, times: int) -> None:
        """Press one key again and again, as fast as a held key comes."""
        for _ in range(times):
            await self.press_now(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text, a key for each character."""
        await self.press(*(NAMES.get(character, character) for character in text))

    async def settle(self) -> None:
        """Wait until nothing is asked any more, no message is on its way, and everything is painted."""
        await self._paint_all()
        while self.app.is_asking:
            await self.until(lambda: not self.app.is_asking)
            await self._paint_all()
        if not self.app._exit:
            self.terminal.check()

    async def until(self, holds: Callable[[], bool], within_s: float = _PATIENCE_S) -> None:
        """Wait until this holds; it fails the test if that takes longer."""
        end = monotonic() + within_s
        while not holds():
            assert monotonic() < end, f"still not so after {within_s} s; the terminal shows:\n{self.text}"
            await sleep(0.005)
            self._paint()

    async def after(self, seconds: float) -> None:
        """Wait until a timer is over that is set now: whatever was to come within as many seconds has come."""
        over: list[bool] = []
        self.screen.set_timer(seconds, lambda: over.append(True))
        await self.until(lambda: bool(over))

    def _send(self, key: str) -> None:
        self.app.post_message(Key(key, _CHARACTERS.get(key, key if len(key) == 1 else None)))

    async def _turn(self) -> None:
        for _ in range(_TURNS):
            await sleep(0)

    @property
    def _is_painted(self) -> bool:
        """Whether no widget has a message to handle, and the screen nothing to lay out, paint or call afterwards.

        An app that has ended paints nothing more: its widgets close, and what is still in their queues stays there.
        """
        if self.app._exit:
            return True
        screen = self.app.screen
        is_waited_for = screen._layout_required or screen._scroll_required or screen._repaint_required
        if is_waited_for or screen._dirty_widgets or screen._callbacks:
            return False
        return not any(node.message_queue_size for node in (self.app, *screen.walk_children(with_self=True)))

    async def _paint_all(self) -> None:
        """Let the messages be handled that are on their way, and all be painted that has changed by them."""
        for _ in range(_ROUNDS):
            await self._turn()
            if self._is_painted:
                return
            self._paint()
        raise AssertionError("it paints without end")

    def _paint(self) -> None:
        """Paint now what would be painted with the next frame."""
        self.app.screen._on_timer_update()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size, in cells."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()


@asynccontextmanager
async def running(
    open_log: Callable[[], "AuditLog"],
    query: str = "",
    *,
    size: tuple[int, int] = WIDE,
    theme: str = "dark",
    keys: Mapping[str, Sequence[str]] | None = None,
    last_query: str | None = None,
    last_requests: str | None = None,
    is_first: bool = False,
    beat_s: float = BEAT_S,
    reading_pace_s: float | None = None,
    settings: Sequence[SettingInForce] = (),
    clock: Clock = end_clock,
    settled: bool = True,
) -> AsyncIterator[Driver]:
    """The console on a terminal of this size; with `settled`, once its first answers are there."""
    app = make_app(
        open_log,
        query,
        theme=theme,
        keys=keys,
        last_query=last_query,
        last_requests=last_requests,
        is_first=is_first,
        beat_s=beat_s,
        reading_pace_s=reading_pace_s,
        settings=settings,
        clock=clock,
    )
    async with app.run_test(size=size) as pilot:
        driver = Driver(pilot)
        if settled:
            await driver.settle()
        yield driver
        if not app._exit and not app.is_asking:
            await driver.settle()
            driver.terminal.check(driver.lines)
