"""The application: themes, the one screen there is so far, and the keys that work everywhere."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Size
from textual.widgets import Input

from data.clock import Clock, system_clock
from data.errors import ProgramFault
from data.hostile import made_visible
from data.query import EventQuery
from data.records import Event, Json
from tui import clipboard
from tui.active_actions import active_actions
from tui.keymap import Scope, put_in_force
from tui.no_color import WithoutColor, wants_no_color
from tui.presenters.greeting import greeting
from tui.reading.questions import LogOpener
from tui.remapping import remapped
from tui.screens.audit_log.screen import AuditLogScreen
from tui.screens.help import HelpScreen
from tui.screens.palette import PaletteScreen
from tui.screens.too_small import TooSmallScreen, is_too_small
from tui.screens.views import ViewsScreen
from tui.themes import PALETTES, suited
from tui.widgets.choice_strip import ChoiceStrip

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_LOG = logging.getLogger("auditdeck.app")
_SETTLE_PAUSE_S = 0.01
_ENDED = "The console could not go on with this terminal; the operational log has the details."


class AuditdeckApp(App[None], inherit_bindings=False):
    """The console on one database. Of Textual's own keys for applications it has none: they go before all others."""

    TITLE = "auditdeck"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "styles/prompts.tcss"  # what more than one screen has; the rest is in each screen's own

    def __init__(
        self,
        open_log: Callable[[], "AuditLog"],
        query: EventQuery,
        *,
        database: str,
        zone: ZoneInfo,
        as_json: Callable[[Event], Mapping[str, Json]],
        address: str | None = None,
        theme: str = "dark",
        keys: Mapping[str, Sequence[str]] | None = None,
        last_query: EventQuery | None = None,
        is_first: bool = False,
        clock: Clock = system_clock,
    ) -> None:
        """`open_log` is called in a thread, once, after the first paint. `theme` is one of `tui.themes.PALETTES`.

        `database` is what it is called on the screen, `address` what a command line calls it, without a password.

        `keys` are the person's own, by the ids of the actions, as `tui.remapping` takes them. `last_query` is what was
        read here the last time, which is offered; `is_first` is for somebody who has not seen the console yet.
        """
        super().__init__()
        # Nothing moves but what was asked to: over SSH each frame in between is a packet, and says nothing.
        self.animation_level = "none"
        self._remapping = remapped(keys or {})
        put_in_force(self._remapping.keymap)
        self.set_keymap(self._remapping.keymap.for_textual())
        self.fault: Exception | None = None
        """What ended the console, if it did not end because somebody left it."""
        for palette in PALETTES.values():
            self.register_theme(palette.theme())
        self.theme = theme
        self.has_color = True
        self._zone = zone
        self._log_opener = LogOpener(open_log)
        offered = None if last_query == query else last_query
        self._screen_of_log = AuditLogScreen(
            self._log_opener,
            query,
            database=database,
            zone=zone,
            clock=clock,
            as_json=as_json,
            address=address,
            offered=offered,
            greeting=greeting(self._remapping.notice, offered, is_first=is_first),
        )

    def suit_terminal(self, environment: Mapping[str, str]) -> None:
        """Take the theme as this terminal can show it, and no colour where the environment asks for none."""
        self.has_color = not wants_no_color(environment)
        self.theme = suited(self.theme, self.console.color_system if self.has_color else None)

    def get_line_filters(self) -> Sequence[LineFilter]:
        # Textual heeds NO_COLOR even when it is empty, and not in our way.
        filters = [one for one in super().get_line_filters() if not isinstance(one, Monochrome | NoColor)]
        return filters if self.has_color else [*filters, WithoutColor()]

    @property
    def query_being_read(self) -> EventQuery:
        """The query whose answer is shown, or on its way."""
        return self._screen_of_log.reading.query

    def on_mount(self) -> None:
        self.push_screen(self._screen_of_log)
        self._see_to_size(self.size)

    def on_resize(self, event: events.Resize) -> None:
        if self._screen_of_log in self.screen_stack:
            self._see_to_size(event.size)

    def on_unmount(self) -> None:
        self._log_opener.close()

    def panic(self, *renderables: RenderableType) -> None:
        """End the console over something that is wrong beneath it, such as input that cannot be read."""
        if self.fault is None:
            self.fault = ProgramFault(_ENDED)
            with self.console.capture() as capture:
                self.console.print(*renderables)
            _LOG.error("the console ended: %s", capture.get())
        super().panic(*renderables)

    def _handle_exception(self, error: Exception) -> None:
        self.fault = self.fault or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Textual prints tracebacks with the text of the log in them, as it is: `fault` is told by the command line."""
        self._exit_renderables.clear()

    @property
    def is_asking(self) -> bool:
        """Whether any screen waits for an answer."""
        return any(screen.is_asking for screen in self.screen_stack if isinstance(screen, AuditLogScreen | ViewsScreen))

    async def settle(self) -> None:
        """Wait until no question is open: for whatever drives the console from outside, such as tests and pictures."""
        while self.is_asking:
            await asyncio.sleep(_SETTLE_PAUSE_S)

    def _see_to_size(self, size: Size) -> None:
        is_covered = isinstance(self.screen, TooSmallScreen)
        if is_too_small(size) and not is_covered:
            self.push_screen(TooSmallScreen())
        elif is_covered and not is_too_small(size):
            self.pop_screen()

    def action_palette(self) -> None:
        found = {active.action.id: active for active in active_actions(self.screen)}
        found.pop("app.palette", None)

        async def run(action_id: str | None) -> None:
            if action_id is not None:
                await self.run_action(found[action_id].action.run, found[action_id].node)

        # Moving is what one does by its keys: it comes last.
        actions = sorted((active.action for active in found.values()), key=lambda one: one.scope is Scope.MOVING)
        self.push_screen(PaletteScreen(actions), run)

    async def action_quit(self) -> None:
        self._screen_of_log.quit()

    def action_views(self) -> None:
        self._screen_of_log.keep_place()
        views = ViewsScreen(self._log_opener, zone=self._zone, reading=self._screen_of_log.views)
        self.push_screen(views, self._screen_of_log.take_up)

    def on_key(self, event: events.Key) -> None:
        """Give a letter to the prompt that the key before it has opened: over a slow line they arrive together.

        A prompt keeps the letters that are sent to it, so this one was sent to what had the focus before.
        """
        if event.is_printable and isinstance(self.focused, Input | ChoiceStrip):
            event.prevent_default()
            self.focused.post_message(events.Key(event.key, event.character))

    def copy_to_clipboard(self, text: str) -> None:
        """Send text, each line made safe, to the terminal's clipboard where it has one; pasting here knows it in any case."""
        self._clipboard = "\n".join(map(made_visible, text.split("\n")))
        if self._driver is not None and clipboard.refusal(self._clipboard, os.environ) is None:
            self._driver.write(clipboard.sequence(self._clipboard, os.environ))

    def action_help(self) -> None:
        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            near = dict.fromkeys(active.action.scope for active in active_actions(self.screen))
            self.push_screen(HelpScreen(tuple(near), self._remapping.remarks))
