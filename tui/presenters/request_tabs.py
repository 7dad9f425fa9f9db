"""The row of tabs above the requests: the calls themselves, their sums, and what is unusual, with its number."""

from enum import StrEnum

from data.answers import Dimension
from tui.glyphs import glyphs
from tui.presenters.tab_row import Beside


class RequestTab(StrEnum):
    """What the requests' screen shows below its query. The value is the tab's name."""

    CALLS = "Calls"
    CLIENTS = "By client"
    SERVICES = "By service"
    ACTIONS = "By action"
    UNUSUAL = "Unusual"

    def further(self, by: int) -> "RequestTab":
        """The one that lies `by` further, beginning again at the end."""
        every = list(RequestTab)
        return every[(every.index(self) + by) % len(every)]

    @property
    def dimension(self) -> Dimension | None:
        """What calls are summed up by there."""
        return _DIMENSIONS.get(self)


_DIMENSIONS = {
    RequestTab.CLIENTS: Dimension.CLIENT,
    RequestTab.SERVICES: Dimension.SERVICE,
    RequestTab.ACTIONS: Dimension.TARGET,
}


def beside_unusual(words: str) -> dict[str, Beside]:
    """What stands beside the last tab; nothing where there is nothing unusual."""
    return {RequestTab.UNUSUAL: Beside(words, words not in ("?", glyphs().pending))} if words else {}
