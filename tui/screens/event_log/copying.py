"""Copying from the console: sending text to the terminal's clipboard, or printing it for the terminal's own selection."""

import os
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from textual.app import SuspendNotSupported
from textual.screen import Screen

from tui.clipboard import Between, between, refusal
from tui.keymap import key_of
from tui.presence import BEAT_S
from tui.presenters.copies import PRINT_IT, Copy
from tui.terminal import safe

_NOTHING_LEFT = "\x1b[H\x1b[2J\x1b[3J"
"""Empties the normal screen, and what a terminal keeps of what has scrolled off it."""


class Copying:
    """Knows what was offered last, so that it can still be printed where sending came to nothing."""

    def __init__(self, screen: Screen[None], is_turned_away: Callable[[], bool]) -> None:
        """`is_turned_away` sees, and waits for the answer, whether one may no longer be here."""
        self._screen = screen
        self._is_turned_away = is_turned_away
        self.offered: Copy | None = None

    def send(self, copy: Copy) -> str:
        """Hand the copy to the terminal; what is to be said of it. Whether it was taken, nobody can know."""
        self.offered = copy
        text = copy.make()
        why_not = refusal(text, os.environ)
        print_it = f"{key_of('log.copy')} {PRINT_IT} prints it."
        if why_not is not None:
            return f"{why_not}; {print_it}"
        self._screen.app.copy_to_clipboard(text)
        through = between(os.environ)
        way = "" if through is Between.NOTHING else f" through {through}"
        altered = ", not all characters as they are" if copy.is_altered else ""
        return f"Sent to the terminal{way}{altered}: {copy.said}"

    def print_out(self, copy: Copy) -> str | None:
        """Print the copy on the normal screen, until enter; what is to be said where that cannot be done."""
        text = "\n".join(map(safe, copy.make().split("\n")))
        try:
            with self._screen.app.suspend():
                print_until_enter(text, self._is_turned_away)
        except SuspendNotSupported:
            return "Nothing can be printed on this terminal."
        return None


def print_until_enter(text: str, is_turned_away: Callable[[], bool]) -> None:
    """Print it, and wait; it is taken away from one who may no longer be here, which nothing else could do meanwhile."""
    # asyncio would take ctrl+c for the end of the program.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            print(f"\n{text}\n\nenter goes back to auditdeck ", end="", flush=True)
            while not select.select([sys.stdin], [], [], BEAT_S)[0]:
                if is_turned_away():
                    print(_NOTHING_LEFT, end="", flush=True)
                    return
            sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, before)
