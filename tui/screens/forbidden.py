"""What stands in a screen's place while the permission is missing that it needs: why, and who can change that."""

from textual import events
from textual.app import ComposeResult

from data.permissions import Permission
from tui.keymap import Scope, bindings
from tui.numbered_screens import SCREENS, NumberedScreen
from tui.painted_screen import PaintedScreen
from tui.permitted import sentence_for
from tui.presenters.pieces import Role
from tui.twice_to_quit import TwiceToQuit
from tui.widgets.deck_notice import Notice
from tui.widgets.key_bar import KeyBar
from tui.widgets.title_bar import TitleBar
from tui.workplace import Workplace


class ForbiddenScreen(PaintedScreen[None]):
    """Gives way to the screen itself as soon as the permission is there."""

    CSS = "ForbiddenScreen Notice { height: 1fr; }"
    BINDINGS = bindings(
        Scope.EVERYWHERE,
        ids={
            *(f"app.screen_{one.id}" for one in SCREENS),
            "app.help",
            "app.palette",
            "app.own_keys",
            "log.leave",
        },
    )

    def __init__(self, workplace: Workplace, wanted: NumberedScreen, missing: Permission) -> None:
        """`wanted` is the screen that one may not see."""
        super().__init__()
        self.title_bar = TitleBar(workplace.database, str(workplace.zone), wanted.id)
        self.title_bar.show_state("no permission", Role.DENIED)
        self._wanted = wanted
        self._missing = missing
        self._keys = KeyBar()
        self._quitting = TwiceToQuit(self, self._keys)

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield Notice()
        yield self._keys

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.EVERYWHERE)
        self.query_one(Notice).say(
            f"You may not {self._missing.words}",
            sentence_for(self._wanted.title, self._missing),
            "Whoever manages members can give you a role that has it; you need not start again then.",
            role=Role.DENIED,
        )

    async def action_leave(self) -> None:
        await self._quitting.ask()

    def on_key(self, event: events.Key) -> None:
        self._keys.clear_notice()
        self._quitting.pressed(event)
