"""The tabs above the requests, with the number of findings beside the last."""

from textual import events
from textual.message import Message

from tui.keymap import key_of, keys_of
from tui.presenters.pieces import Row
from tui.presenters.request_tabs import RequestTab, tab_at, tabs_row
from tui.widgets.one_row import OneRow


class RequestTabs(OneRow):
    """One row; a click on a tab asks for it."""

    background_role = "panel"

    class Wanted(Message):
        """This tab is to be shown."""

        def __init__(self, tab: RequestTab) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._current = RequestTab.CALLS
        self._unusual = ""

    def show(self, tab: RequestTab) -> None:
        """This one is the current tab."""
        self._current = tab
        self.refresh()

    def show_unusual(self, words: str) -> None:
        """How many findings there are; nothing where there are none."""
        if words != self._unusual:
            self._unusual = words
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        tab = tab_at(event.x)
        if tab is not None:
            self.post_message(self.Wanted(tab))

    def make_row(self, width: int) -> Row:
        has_keys = keys_of("log.previous_tab") and keys_of("log.next_tab")
        keys = f"{key_of('log.previous_tab')} {key_of('log.next_tab')}" if has_keys else ""
        return tabs_row(self._current, self._unusual, keys, width)
