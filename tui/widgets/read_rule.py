"""The rule in the deck below the card at which the reader of a view stopped."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tui.presenters.days import read_to_row
from tui.presenters.pieces import Row
from tui.widgets.one_row import OneRow
from tui.widgets.still_size import still_size


class ReadRule(OneRow):
    """One row. The deck places it where it belongs."""

    virtual_size = still_size()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._left_at: datetime | None = None

    def bind_moment(self, left_at: datetime) -> None:
        """Say when the view was left."""
        if left_at != self._left_at:
            self._left_at = left_at
            self.refresh()

    def make_row(self, width: int) -> Row:
        return () if self._left_at is None else read_to_row(self._left_at, self._zone, width)
