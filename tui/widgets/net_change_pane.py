"""What became of one thing over the dates shown, row by row, in the place of the cards."""

from uuid import UUID
from zoneinfo import ZoneInfo

from textual.message import Message

from tui.keymap import Scope, bindings
from tui.presenters.net_change import ChangeKey, NetChangeState, net_change_rows
from tui.widgets.row_pane import PaneItem, RowPane


class NetChangePane(RowPane):
    """Shows a `NetChangeState`; each row leads to the event that made the last change it tells of."""

    BINDINGS = bindings(Scope.MOVING, Scope.NET_CHANGE)

    class Followed(Message):
        """The event of a row is wanted, among the others of the thing."""

        def __init__(self, event_id: UUID) -> None:
            super().__init__()
            self.event_id = event_id

    def __init__(self, zone: ZoneInfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._state: NetChangeState | None = None
        self.display = False

    def show(self, state: NetChangeState) -> None:
        """Show another state from its beginning."""
        self._state = state
        self._fill(to_start=True)

    def fit(self) -> None:
        self._fill(to_start=False)

    def action_follow(self) -> None:
        key = self.current_key
        if isinstance(key, ChangeKey):
            self.post_message(self.Followed(key.event_id))

    def _fill(self, *, to_start: bool) -> None:
        if self._state is not None and self.size.width:
            rows = net_change_rows(self._state, self.size.width, self._zone)
            self.show_items([PaneItem(lines, key) for lines, key in rows], to_start=to_start)
