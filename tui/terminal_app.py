"""An application as a terminal far away needs it: keys that arrive together, painting at once, and its clipboard."""

import os
import signal
from collections.abc import Mapping, Sequence

from textual import events
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.widgets import Input

from data.hostile import made_visible
from tui import clipboard
from tui.frames.framed_app import FramedApp
from tui.no_color import WithoutColor, wants_no_color
from tui.style_memory import StyleMemory
from tui.themes import suited
from tui.widgets.choice_strip import ChoiceStrip


class TerminalApp(FramedApp):
    """What has nothing to do with what is shown."""

    has_color = True
    """Whether the terminal may be sent any colour."""

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = StyleMemory(variables=self.get_css_variables())

    def suit_terminal(self, environment: Mapping[str, str]) -> None:
        """Take the theme as this terminal can show it, and no colour where the environment asks for none."""
        self.has_color = not wants_no_color(environment)
        self.theme = suited(self.theme, self.console.color_system if self.has_color else None)

    def get_line_filters(self) -> Sequence[LineFilter]:
        # Textual heeds NO_COLOR even when it is empty, and not in our way. No theme has the terminal's colours beside its own:
        # there is nothing to be made one of the other, strip by strip.
        unwanted = ANSIToTruecolor | Monochrome | NoColor
        filters = [one for one in super().get_line_filters() if not isinstance(one, unwanted)]
        return filters if self.has_color else [*filters, WithoutColor()]

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return bool(getattr(self._driver, "can_stop", False))
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Go to the shell that started the console, until that says to go on."""
        os.kill(os.getpid(), signal.SIGTSTP)

    def copy_to_clipboard(self, text: str) -> None:
        """Send text, each line made safe, to the terminal's clipboard where it has one; pasting here knows it in any case."""
        self._clipboard = "\n".join(map(made_visible, text.split("\n")))
        if self._driver is not None and clipboard.refusal(self._clipboard, os.environ) is None:
            self._driver.write(clipboard.sequence(self._clipboard, os.environ))
