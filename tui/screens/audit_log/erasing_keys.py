"""The audit log screen's key that erases an event."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.screen import Screen

from data.erasing import Erased
from data.records import Event, Seal
from tui.presenters.card import title_of
from tui.presenters.choices import erasing_choices
from tui.presenters.erasing import erasing_rows
from tui.screens.ending import EndingScreen, EndPlan
from tui.widgets.key_bar import KeyBar
from tui.widgets.prompts import Prompts
from tui.widgets.reading_pane import ReadingPane
from tui.workplace import Workplace

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_TYPED_CHARACTERS = 6
"""Of the id, so many of the last are typed: those of events that lie next to each other differ there."""


class ErasingKeys(Screen[None]):
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
        def ended(done: Erased | None) -> None:
            if done is None:
                return
            self._pane.show_changed(done.event)
            what = "The event" if done.whole else "Its personal part"
            was = "had been erased already" if done.was_already else "was erased"
            self._keys.show_notice(f"{what} {was}; an event of the log tells of it.")

        self.app.push_screen(EndingScreen(self._workplace.log, erasing_plan(event, whole=whole)), ended)


def erasing_plan(event: Event, *, whole: bool) -> EndPlan[Erased]:
    """What is erased of an event, as it was read."""

    def end(log: "AuditLog", reason: str) -> Erased:
        done = log.erasing.erase(event.id, log.caller(), whole=whole, reason=reason)
        return replace(done, event=log.get(event.id))  # with who did it, and why

    return EndPlan(
        "Erase",
        title_of(event),
        str(event.id),
        lambda width: erasing_rows(event, whole=whole, width=width),
        end,
        of=" all of " if whole else " the personal part of ",
        facts=replace(event, seal=Seal.SEALED),
        newest=lambda log: erasing_plan(log.get(event.id), whole=whole),
        typed=str(event.id)[-_TYPED_CHARACTERS:],
    )
