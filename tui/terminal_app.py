"""An application as a terminal far away needs it: keys that arrive together, painting at once, and its clipboard."""

import os

from textual import events
from textual.widgets import Input

from data.hostile import made_visible
from tui import clipboard
from tui.fault_keeping import FaultKeepingApp
from tui.widgets.choice_strip import ChoiceStrip


class TerminalApp(FaultKeepingApp):
    """What has nothing to do with what is shown."""

    def on_key(self, event: events.Key) -> None:
        """Give a letter to the prompt that the key before it has opened: over a slow line they arrive together.

        A prompt keeps the letters that are sent to it, so this one was sent to what had the focus before.
        """
        if event.is_printable and isinstance(self.focused, Input | ChoiceStrip):
            event.prevent_default()
            again = events.Key(event.key, event.character)
            again.time = event.time  # what must have been seen before it was pressed goes by that
            self.focused.post_message(again)

    def delay_update(self, delay: float = 0.05) -> None:
        """Paint at once: Textual would show nothing new for that long after each change of screen, and at the start."""

    def copy_to_clipboard(self, text: str) -> None:
        """Send text, each line made safe, to the terminal's clipboard where it has one; pasting here knows it in any case."""
        self._clipboard = "\n".join(map(made_visible, text.split("\n")))
        if self._driver is not None and clipboard.refusal(self._clipboard, os.environ) is None:
            self._driver.write(clipboard.sequence(self._clipboard, os.environ))
