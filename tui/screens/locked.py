"""What is seen by one who may no longer be here: one sentence, and nothing that was ever read."""

from textual.app import ComposeResult

from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.pieces import Role
from tui.widgets.deck_notice import Notice


class LockedScreen(PaintedScreen[None]):
    """Stands in place of every other screen. It can only be quit."""

    CSS = "LockedScreen Notice { height: 1fr; }"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=("log.leave",))

    def __init__(self, why: str) -> None:
        super().__init__()
        self._why = why

    def compose(self) -> ComposeResult:
        yield Notice()

    def on_mount(self) -> None:
        self.query_one(Notice).say(
            "This console is locked", self._why, "", f"{key_of('app.quit')} quits.", role=Role.DENIED
        )

    async def action_leave(self) -> None:
        await self.run_action("app.quit")
