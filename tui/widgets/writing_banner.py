"""That nothing can be written, on a row of its own; every log's screen has one."""

from zoneinfo import ZoneInfo

from data.keeping import Unwritable
from tui.presenters.writing import unwritable_text
from tui.widgets.banner import Banner


class WritingBanner(Banner):
    """Not there unless the database takes nothing."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def show_state(self, state: Unwritable | None) -> None:
        """What became of what this console tried to write; None where nothing is wrong."""
        if state is None:
            self.clear()
        else:
            self.say(unwritable_text(state, self._zone))
