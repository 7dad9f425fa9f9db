"""Quitting from the top of the console: what leaves a level, pressed there, has to be pressed twice."""

from typing import Any

from textual import events
from textual.screen import Screen

from tui.keymap import key_of, keys_of
from tui.restartable_timer import RestartableTimer
from tui.widgets.key_bar import KeyBar

_WITHIN_S = 2.0


class TwiceToQuit:
    """For one screen, whose last row says so."""

    def __init__(self, screen: Screen[Any], keys: KeyBar) -> None:
        self._screen = screen
        self._keys = keys
        self._asked = RestartableTimer(screen)

    async def ask(self) -> None:
        """Quit if that was asked for just before; else say how it is done."""
        if self._asked.is_running:
            await self._screen.run_action("app.quit")
            return
        self._keys.show_notice(f"{key_of('log.leave')} again quits.")
        self._asked.start(_WITHIN_S, self._keys.clear_notice)

    def pressed(self, event: events.Key) -> None:
        """Any other key in between, and it is not asked for any more."""
        if event.key not in keys_of("log.leave"):
            self._asked.stop()
