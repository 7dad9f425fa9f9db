"""The tabs above the requests, with the number of findings beside the last."""

from tui.presenters.request_tabs import RequestTab, beside_unusual
from tui.widgets.tab_bar import TabBar


class RequestTabs(TabBar):
    """The calls, their sums, and what is unusual."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(tuple(RequestTab), id=id)

    def show_unusual(self, words: str) -> None:
        """How many findings there are; nothing where there are none."""
        self.show_beside(beside_unusual(words))
