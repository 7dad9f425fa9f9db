"""An event log's keys for the events that one has marked, and for following what is new."""

from typing import ClassVar

from tui.keymap import key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import mark_choices
from tui.presenters.log_kind import LogKind
from tui.reading.log_reading import LogReading
from tui.reading.marks import MOST_MARKS
from tui.screens.event_log.display import LogDisplay
from tui.widgets.key_bar import KeyBar
from tui.widgets.prompts import Prompts
from tui.widgets.reading_pane import ReadingPane


class MarkKeys(PaintedScreen[None]):
    """The part of the screen that marks events, and lets new ones flow in."""

    kind: ClassVar[LogKind]
    reading: LogReading
    _display: LogDisplay
    _keys: KeyBar
    _pane: ReadingPane
    _prompts: Prompts

    def action_mark(self) -> None:
        current = self._pane.current
        if current is not None:
            if not self._display.marks.toggle(current.id):
                self._keys.show_notice(f"No more than {MOST_MARKS} {self.kind.noun.many} can be marked.")
            self._display.show_marks()

    def action_marked(self) -> None:
        marks = self._display.marks
        if len(marks):
            self._prompts.ask("Marked", mark_choices(len(marks), self.kind.noun), self._take_marked)
        else:
            self._keys.show_notice(f"Nothing is marked; {key_of('log.mark')} marks one.")

    def action_follow(self) -> None:
        is_following = self.reading.follow()
        self._keys.show_notice(
            "Following: what is new flows in while you are at the newest." if is_following else "Not following."
        )

    def _take_marked(self, only: bool) -> None:
        if only:
            self.reading.ask(self._display.marks.query())
        else:
            self._display.marks.clear()
            self._display.show_marks()
