"""All of one API client, row by row, beside the list or in its place."""

from datetime import datetime
from zoneinfo import ZoneInfo

from textual.message import Message

from data.clients.model import ApiClient
from tui.keymap import BY_ID, Scope, bindings, key_of
from tui.permitted import may
from tui.presenters.client_detail import client_detail_rows, detail_head_row
from tui.presenters.detail_sections import NOTHING_YET, EventRow, Newest
from tui.widgets.row_pane import PaneItem, RowPane

_KEYS = {"tokens": "clients.token", "changes": "clients.log", "requests": "clients.requests"}


class ClientPane(RowPane):
    """Shows a client; a row that is an event leads to it."""

    BINDINGS = bindings(Scope.MOVING, Scope.CLIENT)
    background_role = "panel"

    class Followed(Message):
        """The event of a row is wanted, in its log."""

        def __init__(self, row: EventRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._client: ApiClient | None = None
        self._newest = NOTHING_YET
        self._now: datetime | None = None
        self._zone: ZoneInfo | None = None

    def show(self, client: ApiClient | None, now: datetime, zone: ZoneInfo) -> None:
        """Show a client as of now, another one from its beginning; what is newest about it is not known yet."""
        is_other = client is None or self._client is None or client.id != self._client.id
        self._client, self._now, self._zone = client, now, zone
        if is_other:
            self._newest = NOTHING_YET
        self._fill(to_start=is_other)

    def show_newest(self, newest: Newest) -> None:
        """What is newest about the client that is shown."""
        self._newest = newest
        self._fill(to_start=False)

    def fit(self) -> None:
        self._fill(to_start=False)

    def action_follow(self) -> None:
        key = self.current_key
        if isinstance(key, EventRow):
            self.post_message(self.Followed(key))
        else:
            self.app.bell()

    def _fill(self, *, to_start: bool) -> None:
        width = self.size.width
        if self._client is None or self._now is None or self._zone is None or not width:
            self.show_head()
            self.show_items([])
            return
        keys = {section: key_of(action) for section, action in _KEYS.items() if may(BY_ID[action].needed)}
        self.show_head(detail_head_row(self._client, self._now, self._zone, width))
        rows = client_detail_rows(self._client, self._newest, width, self._now, self._zone, keys)
        self.show_items([PaneItem(lines, key) for lines, key in rows], to_start=to_start)
