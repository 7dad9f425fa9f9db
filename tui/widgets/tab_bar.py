"""The tabs of a screen, in one row."""

from collections.abc import Mapping, Sequence

from textual import events
from textual.message import Message

from tui.keymap import key_of, keys_of
from tui.presenters.pieces import Row
from tui.presenters.tab_row import Beside, name_at, tab_row
from tui.widgets.one_row import OneRow


class TabBar(OneRow):
    """Names the tabs, the first one being current; a click on one asks for it."""

    background_role = "panel"

    class Wanted(Message):
        """The tab of this name is to be shown."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = names
        self._current = names[0]
        self._beside: Mapping[str, Beside] = {}

    def show(self, name: str) -> None:
        """This one is the current tab."""
        self._current = name
        self.refresh()

    def show_beside(self, beside: Mapping[str, Beside]) -> None:
        """What stands beside the names of tabs."""
        if beside != self._beside:
            self._beside = beside
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        name = name_at(self._names, event.x, self._beside)
        if name is not None:
            self.post_message(self.Wanted(name))

    def make_row(self, width: int) -> Row:
        has_keys = keys_of("log.previous_tab") and keys_of("log.next_tab")
        keys = f"{key_of('log.previous_tab')} {key_of('log.next_tab')}" if has_keys else ""
        return tab_row(self._names, self._current, keys, width, self._beside)
