"""The audit log: the change log in a deck, with views of it, its tabs, and the net change of one thing."""

from data.permissions import Permission
from data.query import EventQuery
from data.records import Outcome
from tui.keymap import Scope, bindings
from tui.presenters.greeting import Greeting
from tui.presenters.log_kind import CHANGE_LOG
from tui.screens.audit_log.erasing_keys import ErasingKeys
from tui.screens.audit_log.net_change_keys import NetChangeKeys
from tui.screens.audit_log.net_change_reading import NetChangeReading
from tui.screens.event_log.screen import EventLogScreen
from tui.view_saving import ViewSaving
from tui.workplace import Workplace

UPDATED = "api_client.updated"
"""The type of event whose values before can be put back."""


class AuditLogScreen(EventLogScreen, NetChangeKeys, ErasingKeys):  # the first one is whose styles it has
    """Who changed what."""

    kind = CHANGE_LOG
    BINDINGS = bindings(Scope.AUDIT_LOG, Scope.TABS)

    def __init__(
        self,
        workplace: Workplace,
        query: EventQuery,
        *,
        offered: EventQuery | None = None,
        greeting: Greeting | None = None,
    ) -> None:
        """`offered` is what redo goes to first; `greeting` stands on the last row until the first key."""
        log = workplace.log.needing(Permission.AUDIT_READ)
        super().__init__(workplace, log, query, offered=offered, greeting=greeting)
        self._net_change = NetChangeReading(self._jobs, workplace.log, self._pane, workplace.zone)
        self._display.sheets.append(self._net_change)
        self.views, self.take_up, self.keep_place = self._display.views, self._display.take_up, self._display.leave
        self.leave_for_good = self._display.leave_for_good
        self._saving = ViewSaving(
            self._jobs,
            workplace.log,
            self._prompts,
            database=workplace.database,
            saved=self._display.saved,
            say=self._keys.show_notice,
        )

    def action_tab(self, by: int) -> None:
        self.reading.ask(self.kind.sidebar.next_tab(self.reading.query, by))

    def action_put_back(self) -> None:
        """The values before an update of an API client, in its form: nothing happens until that is saved."""
        current = self._pane.current
        if current is None:
            return
        if current.type != UPDATED or current.outcome is not Outcome.SUCCESS:
            self._keys.show_notice("Only an update of an API client can be put back.")
        else:
            self._workplace.navigation.open_put_back(current)

    def action_export(self) -> None:
        """Take away what is being read."""
        self._workplace.navigation.open_export(self.reading.query)

    def action_save_view(self) -> None:
        self._saving.begin(self.reading.query, self.views.suggestion)

    def _what_goes_on(self) -> str | None:
        return "The view is being saved; that goes on." if self._saving.is_saving else None
