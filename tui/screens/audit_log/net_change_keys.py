"""The audit log screen's keys of the net change."""

from textual import on

from data.query import Key
from data.records import Reference
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import subject_choices
from tui.presenters.clauses import reference_clause
from tui.reading.history import Place
from tui.reading.log_reading import LogReading
from tui.screens.audit_log.net_change_reading import NetChangeReading
from tui.widgets.key_bar import KeyBar
from tui.widgets.net_change_pane import NetChangePane
from tui.widgets.prompts import Prompts
from tui.widgets.reading_pane import ReadingPane


class NetChangeKeys(PaintedScreen[None]):
    """The part of the screen that opens the net change, and goes from it to an event."""

    reading: LogReading
    _net_change: NetChangeReading
    _keys: KeyBar
    _pane: ReadingPane
    _prompts: Prompts

    def action_net_change(self) -> None:
        """Of the selected card's client or, where it has none, its target; asked for where it could be either."""
        current = self._pane.current
        if current is None:
            return
        choices = subject_choices(current)
        if not choices:
            self._keys.show_notice("This card names no client and no target.")
        elif len(choices) == 1:
            self._open_net_change(choices[0].value)
        else:
            self._prompts.ask("Net change of", choices, self._open_net_change)

    @on(NetChangePane.Followed)
    def _go_to_change(self, message: NetChangePane.Followed) -> None:
        net_change, snapshot = self._net_change, self.reading.snapshot
        query = net_change.query
        net_change.close()
        self.reading.ask(query, None if snapshot is None else Place(message.event_id, None, snapshot))

    def _open_net_change(self, subject: tuple[Key, Reference]) -> None:
        key, about = subject
        snapshot = self.reading.snapshot if self.reading.is_answered else None
        self._net_change.open(about, reference_clause(key, about), self.reading.query, snapshot)
