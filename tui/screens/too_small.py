"""What is seen while the terminal is too small for anything else: one sentence."""

from textual.app import ComposeResult
from textual.geometry import Size

from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.pieces import Role
from tui.widgets.deck_notice import Notice

LEAST = Size(40, 12)


def is_too_small(size: Size) -> bool:
    """Whether a terminal of this size, in cells, has no room for the console."""
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmallScreen(PaintedScreen[None]):
    """Lies over everything until the terminal is large enough; what lies below stays as it is."""

    CSS = "TooSmallScreen Notice { height: 1fr; }"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=())

    def compose(self) -> ComposeResult:
        yield Notice()

    def on_resize(self) -> None:
        room = (
            f"auditdeck needs {LEAST.width} x {LEAST.height} cells, and here are {self.size.width} x {self.size.height}"
        )
        self.query_one(Notice).say(f"{room}; {key_of('app.quit')} quits.", role=Role.TEXT)
