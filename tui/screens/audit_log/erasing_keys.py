"""The audit log screen's key that erases an event."""

from typing import TYPE_CHECKING

from data.records import Event
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import erasing_choices
from tui.widgets.key_bar import KeyBar
from tui.widgets.prompts import Prompts
from tui.widgets.reading_pane import ReadingPane
from tui.workplace import Workplace

if TYPE_CHECKING:
    from data.erasing import Erased


class ErasingKeys(PaintedScreen[None]):
    """The part of the screen that erases the selected event, or the open one."""

    _keys: KeyBar
    _pane: ReadingPane
    _prompts: Prompts
    _workplace: Workplace

    def action_erase(self) -> None:
        current = self._pane.current
        if current is not None:
            self._prompts.ask("Erase", erasing_choices(), lambda whole: self._begin_erasing(current, whole=whole))

    def _begin_erasing(self, event: Event, *, whole: bool) -> None:
        def ended(done: "Erased | None") -> None:
            if done is None:
                return
            self._pane.show_changed(done.event)
            what = "The event" if done.whole else "Its personal part"
            was = "had been erased already" if done.was_already else "was erased"
            self._keys.show_notice(f"{what} {was}; an event of the log tells of it.")

        from tui.screens.audit_log.erasing_plan import erasing_plan
        from tui.screens.ending import EndingScreen

        self.app.push_screen(EndingScreen(self._workplace.log, erasing_plan(event, whole=whole)), ended)
