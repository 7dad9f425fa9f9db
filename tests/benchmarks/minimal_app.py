"""The least that a Textual app can be: one line, which counts the times that j was pressed. The console's baseline."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static


class MinimalApp(App[None]):
    """One line of text."""

    BINDINGS: ClassVar[list[BindingType]] = [("j", "count", "Count")]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        self._pressed = 0
        self._line = Static("pressed 0 times")

    def compose(self) -> ComposeResult:
        yield self._line

    def action_count(self) -> None:
        self._pressed += 1
        self._line.update(f"pressed {self._pressed} times")


if __name__ == "__main__":
    MinimalApp().run()
