"""A day's heading in the deck: its name, its date and a thin rule."""

from datetime import date

from textual.strip import Strip
from textual.widget import Widget

from tui.presenters.days import heading_row
from tui.themes import palette_of
from tui.widgets.painting import blank, paint
from tui.widgets.still_size import still_size


class DayHeading(Widget):
    """One row. The deck rebinds it to another day."""

    ALLOW_SELECT = False
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

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app.theme)
        if self._day is None or self._today is None or y > 0:
            return blank(self.size.width, palette.background)
        return paint(heading_row(self._day, self._today, self.size.width), self.size.width, palette.background)
