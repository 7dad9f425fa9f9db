"""All of one member, group, role, invitation or session, row by row, beside the list or in its place."""

from zoneinfo import ZoneInfo

from textual.message import Message

from tui.keymap import BY_ID, Scope, bindings, key_of, keys_of
from tui.permitted import may
from tui.presenters.access_detail import access_detail_rows, access_head_row
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_sheet import LinkRow
from tui.presenters.access_tabs import Item
from tui.presenters.detail_sections import NOTHING_YET, EventRow, Newest
from tui.widgets.row_pane import PaneItem, RowPane

_KEYS = {"changes": "access.log", "keys": "access.keys"}


class AccessPane(RowPane):
    """Shows one of them; a row that names another thing, or an event, leads there."""

    BINDINGS = bindings(Scope.MOVING, Scope.ACCESS_ITEM)
    background_role = "panel"

    class Followed(Message):
        """What a row names is wanted."""

        def __init__(self, row: LinkRow | EventRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, zone: ZoneInfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._item: Item | None = None
        self._roster: AccessRoster | None = None
        self._newest = NOTHING_YET

    def show(self, item: Item | None, roster: AccessRoster) -> None:
        """Show this one, another one from its beginning; what is newest about it is not known yet."""
        is_other = item != self._item
        self._item, self._roster = item, roster
        if is_other:
            self._newest = NOTHING_YET
        self._fill(to_start=is_other)

    def show_newest(self, newest: Newest) -> None:
        """What is newest about the one that is shown."""
        self._newest = newest
        self._fill(to_start=False)

    def fit(self) -> None:
        self._fill(to_start=False)

    def action_follow(self) -> None:
        key = self.current_key
        if isinstance(key, LinkRow | EventRow):
            self.post_message(self.Followed(key))
        else:
            self.app.bell()

    def _fill(self, *, to_start: bool) -> None:
        width = self.size.width
        if self._item is None or self._roster is None or not width:
            self.show_head()
            self.show_items([])
            return
        keys = {
            section: key_of(action)
            for section, action in _KEYS.items()
            if keys_of(action) and may(BY_ID[action].needed)
        }
        self.show_head(access_head_row(self._roster, self._item, width))
        rows = access_detail_rows(self._roster, self._item, self._newest, width, self._zone, keys)
        self.show_items([PaneItem(lines, key) for lines, key in rows], to_start=to_start)
