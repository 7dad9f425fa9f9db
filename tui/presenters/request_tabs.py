"""The row of tabs above the requests: the calls themselves, their sums, and what is unusual, with its number."""

from enum import StrEnum

from data.answers import Dimension
from tui.glyphs import glyphs
from tui.presenters.pieces import Line, Role, Row

_BETWEEN = 2


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


def tabs_row(current: RequestTab, unusual: str, keys: str, width: int) -> Row:
    """All tabs, the current one bold and underlined; `unusual` says how many there are, `keys` how to go on."""
    line = Line(width).at(1)
    for number, tab in enumerate(RequestTab):
        is_current = tab is current
        line.add(" " * _BETWEEN if number else "")
        role = Role.TITLE if is_current else Role.MUTED
        line.add(tab, role, bold=is_current, underline=is_current)
    if unusual:
        is_known = unusual not in ("", "?", glyphs().pending)
        line.add(" ").add(unusual, Role.DENIED if is_known else Role.FAINT, bold=is_known)
    if line.room > len(keys) + 8:
        line.right(keys, Role.ACCENT, end=width - len(" tabs") - 1).add(" tabs", Role.MUTED)
    return line.row()


def tab_at(cell: int) -> RequestTab | None:
    """The tab at this cell of the row; None beside them. The number belongs to the last."""
    begin = 1
    for tab in RequestTab:
        if begin <= cell < begin + len(tab) + (len(" 999") if tab is RequestTab.UNUSUAL else 0):
            return tab
        begin += len(tab) + _BETWEEN
    return None
