"""A screen that tells what one question found, in one pane: come to from anywhere, and left to where one was."""

from collections.abc import Callable
from typing import TypeVar

from textual import on
from textual.app import ComposeResult

from data.errors import AuditdeckError, DatabaseUnavailable
from data.stop import Stop
from tui.jobs import Jobs
from tui.keymap import key_of
from tui.numbered_screens import SCREENS
from tui.painted_screen import PaintedScreen
from tui.presenters.pieces import Line, Role, Row
from tui.restartable_timer import RestartableTimer
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_pane import PaneItem, RowPane
from tui.widgets.title_bar import TitleBar
from tui.workplace import Workplace

TOLD = "told"
"""The topic of the question."""

AGAIN_S = 5.0
"""So long after a connection was found to be lost it is asked again."""

TELLING_IDS = frozenset(
    {
        *(f"app.screen_{one.id}" for one in SCREENS),
        *("app.help", "app.palette"),
        *("log.refresh", "log.back", "log.leave", "log.cancel"),
    }
)
"""Of the keys that work everywhere, those that mean something here."""

_Found = TypeVar("_Found")


class TellingScreen(PaintedScreen[None]):
    """What is told, how it is asked and what is drawn is for the screens that are made of it."""

    def __init__(self, workplace: Workplace, pane: RowPane) -> None:
        super().__init__()
        self._workplace = workplace
        self._jobs = Jobs(self)
        self.title_bar = TitleBar(workplace.database, str(workplace.zone), "why")
        self._again = RestartableTimer(self)
        self._banner = Banner()
        self._pane = pane
        self._keys = KeyBar()

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self._banner
        yield self._pane
        yield self._keys

    def on_unmount(self) -> None:
        self._jobs.close()

    def on_resize(self) -> None:
        self._show(to_start=False)

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # What a screen says of itself.

    @property
    def _has_told(self) -> bool:
        """Whether there is something that one could go on reading."""
        raise NotImplementedError

    def _ask(self, *, to_start: bool) -> None:
        """Ask, by `_put`, and show what is found, from its beginning or from where one was."""
        raise NotImplementedError

    def _show(self, *, to_start: bool) -> None:
        """Draw what was told, if anything was."""
        raise NotImplementedError

    # Keys.

    def action_refresh_log(self) -> None:
        self._ask(to_start=False)

    def action_cancel(self) -> None:
        if not self.is_asking and not self._again.is_running:
            self._keys.show_notice(f"Nothing runs. {key_of('app.quit')} quits.")
            return
        self._jobs.drop_all()
        self._again.stop()
        if self._has_told:
            self._keys.show_notice(f"Called off. {key_of('log.refresh')} asks again.")
        else:
            self._say("Called off", f"{key_of('log.refresh')} asks again.")

    def action_back(self) -> None:
        self._workplace.navigation.go_back()

    def action_leave(self) -> None:
        self.action_back()

    def on_key(self) -> None:
        self._keys.clear_notice()

    # The rest.

    def _begin(self, about: str) -> None:
        """Tell of something else, which this names, from its beginning."""
        self._banner.clear()
        self.title_bar.show_view(f"Why: {about}")
        self._say("Looking ...", f"{key_of('log.cancel')} calls it off.")
        self._ask(to_start=True)

    def _put(self, question: Callable[[Stop], _Found], told: Callable[[_Found], None], *, to_start: bool) -> None:
        """Ask the one question, in place of the one before; what goes wrong is said, and tried again."""

        def answered(found: _Found) -> None:
            self._banner.clear()
            told(found)
            self._show(to_start=to_start)

        def failed(error: AuditdeckError) -> None:
            self.title_bar.show_state("failed", Role.FAILURE)
            again = f"{key_of('log.refresh')} tries again."
            if isinstance(error, DatabaseUnavailable):
                again = "It is tried again by itself."
                self._again.start(AGAIN_S, lambda: self._ask(to_start=to_start))
            if self._has_told:
                self._banner.say(f"{error} {again}")
            else:
                self._say("This could not be read", str(error), again)

        self._again.stop()
        self._jobs.ask(TOLD, question, answered, failed)

    def _say(self, headline: str, *lines: str) -> None:
        width = self._pane.size.width or self.app.size.width
        rows: list[Row] = [(), Line(width).at(2).add(headline, Role.TITLE, bold=True).row()]
        rows += [Line(width).at(2).add(line, Role.MUTED).row() for line in lines]
        self._pane.show_items([PaneItem(tuple(rows))])
