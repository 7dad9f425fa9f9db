"""A day's heading in the deck: its name, its date and a thin rule."""

from datetime import date

from tui.presenters.days import heading_row
from tui.presenters.pieces import Row
from tui.widgets.one_row import OneRow
from tui.widgets.still_size import still_size


class DayHeading(OneRow):
    """One row. The deck rebinds it to another day."""

    virtual_size = still_size()

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._today: date | None = None

    def bind_day(self, day: date, today: date) -> None:
        """Head this day, as it reads on `today`."""
        if (day, today) != (self._day, self._today):
            self._day, self._today = day, today
            self.refresh()

    def make_row(self, width: int) -> Row:
        return () if self._day is None or self._today is None else heading_row(self._day, self._today, width)
