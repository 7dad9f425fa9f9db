"""A screen with a list and, beside it or in its place, all of what the cursor is on: how one goes to and fro."""

from typing import ClassVar

from textual import events, on
from textual.widget import Widget

from tui.jobs import Jobs
from tui.keymap import Scope, key_of
from tui.navigation import Navigation
from tui.painted_screen import PaintedScreen
from tui.twice_to_quit import TwiceToQuit
from tui.widgets.key_bar import KeyBar
from tui.widgets.list_pane import ListPane
from tui.widgets.prompts import Prompts
from tui.widgets.row_pane import RowPane
from tui.workplace import Workplace

BESIDE = 100
"""From this width on the one under the cursor stands beside the list."""


class TwoPaneScreen(PaintedScreen[None]):
    """The list, the pane, the keys and the prompts below them; the screen says what they show.

    It has the class `-beside` where there is room for both, `-opened` while the pane has the keys, and `-none` while the
    cursor is on nothing.
    """

    pane_scope: ClassVar[Scope]
    list_scope: ClassVar[Scope]
    empty_scope: ClassVar[Scope]
    """What the keys mean where the list has nothing in it."""

    def __init__(self, workplace: Workplace, listed: ListPane, pane: RowPane, keys: KeyBar) -> None:
        super().__init__()
        self._navigation: Navigation = workplace.navigation
        self._jobs = Jobs(self)
        self._keys = keys
        self._prompts = Prompts(keys, self._take_focus)
        self._quitting = TwiceToQuit(self, self._keys)
        self._list = listed
        self._pane = pane
        pane.add_class("-detail")

    def open_pane(self) -> None:
        """Give the keys to the pane, which is seen from now on."""
        self.add_class("-opened")
        self.set_focus(self._pane)

    def close_pane(self) -> None:
        """Give them back to the list."""
        self.remove_class("-opened")
        self.set_focus(self._list.table)

    def open_chosen(self) -> None:
        """Open what the cursor is on, if it is on something."""
        raise NotImplementedError

    def go_back(self) -> bool:
        """One level back; whether there was one."""
        if self.has_class("-opened"):
            self.close_pane()
            return True
        return self._list.close_box()

    def on_unmount(self) -> None:
        self._jobs.close()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= BESIDE, "-beside")

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # Keys.

    def action_next_pane(self) -> None:
        if self._pane.has_focus:
            self.close_pane()
        else:
            self.open_chosen()

    def action_find(self) -> None:
        self.close_pane()
        self._list.look_for()

    def action_cancel(self) -> None:
        self._keys.show_notice(f"Nothing runs that could be called off. {key_of('app.quit')} quits.")

    def action_back(self) -> None:
        if not self.go_back():
            self._navigation.go_back()

    async def action_leave(self) -> None:
        if self.go_back() or self._navigation.go_back():
            return
        await self._quitting.ask()

    # Which keys mean something.

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        self._show_scope()

    def on_key(self, event: events.Key) -> None:
        self._keys.clear_notice()
        self._quitting.pressed(event)

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Give the focus to a widget, and show the keys that it has."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        self._show_scope()

    def _take_focus(self) -> None:
        self.set_focus(self._pane if self.has_class("-opened") else self._list.table)

    def _show_scope(self) -> None:
        self._keys.show_scope(self._scope())

    def _scope(self) -> Scope:
        if self._prompts.scope is not None:
            return self._prompts.scope
        if self._list.is_looking:
            return Scope.TEXT
        if self._pane.has_focus:
            return self.pane_scope
        return self.empty_scope if self._list.table.current_key is None else self.list_scope
