"""The requests that API clients made of the services: the request log in a deck, its sums, and what is unusual."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual import on
from textual.widget import Widget

from data.permissions import Permission
from data.query import Clause, EventQuery, Key
from data.query.editing import applied, only
from data.query.model import EVERYTHING
from data.records import ActorType, Reference
from data.unusual import Finding
from tui.keymap import Scope, bindings, key_of
from tui.presenters.clauses import reference_clause
from tui.presenters.greeting import Greeting
from tui.presenters.log_kind import REQUEST_LOG
from tui.presenters.request_tabs import RequestTab
from tui.reading.history import Place
from tui.screens.event_log.screen import EventLogScreen
from tui.screens.requests.sums_reading import SumsReading
from tui.screens.requests.unusual_reading import UnusualReading
from tui.widgets.call_sums_pane import CallSumsPane
from tui.widgets.findings_pane import FindingsPane
from tui.widgets.request_tabs import RequestTabs
from tui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class _Origin:
    """The tab from which one went to some calls, and the query by which these were asked for."""

    tab: RequestTab
    query: EventQuery


class RequestsScreen(EventLogScreen):
    """What API clients called, and what became of it."""

    kind = REQUEST_LOG
    BINDINGS = bindings(Scope.TABS)

    def __init__(
        self,
        workplace: Workplace,
        query: EventQuery,
        *,
        offered: EventQuery | None = None,
        greeting: Greeting | None = None,
    ) -> None:
        """`offered` is what redo goes to first; `greeting` stands on the last row until the first key."""
        log = workplace.log.needing(Permission.REQUESTS_READ)
        super().__init__(workplace, lambda: log().requests, query, offered=offered, greeting=greeting)
        self._tab = RequestTab.CALLS
        self._origin: _Origin | None = None
        self._tabs = RequestTabs(id="tabs")
        self._sums = SumsReading(
            self._jobs, workplace.log, self._pane, workplace.clock, workplace.zone, self._display.most_buckets
        )
        self._unusual = UnusualReading(self._jobs, workplace, self._pane, self._found_unusual)
        self._display.sheets += [self._sums, self._unusual]

    @property
    def is_asking(self) -> bool:
        return super().is_asking or self._sums.is_resting or self._unusual.is_waiting

    def action_tab(self, by: int) -> None:
        self._show_tab(self._tab.further(by))

    def action_refresh_log(self) -> None:
        self._unusual.refresh()
        super().action_refresh_log()

    def action_show_new(self) -> None:
        self._unusual.refresh()
        super().action_show_new()

    def action_cancel(self) -> None:
        if self._unusual.call_off():
            self._keys.show_notice(f"Called off. {key_of('log.refresh')} asks again.")
        else:
            super().action_cancel()

    def action_log_of(self) -> None:
        self._with_client(
            super().action_log_of,
            lambda client: self._workplace.navigation.open_log(
                EventQuery((reference_clause(Key.CLIENT, client), EVERYTHING))
            ),
        )

    def action_why(self) -> None:
        self._with_client(super().action_why, self._workplace.navigation.open_why)

    def action_open_client_of(self) -> None:
        self._with_client(super().action_open_client_of, self._open_client)

    def open_query(self, query: EventQuery, place: Place | None = None) -> None:
        self._origin = None
        self._show_tab(RequestTab.CALLS)
        super().open_query(query, place)

    # What the widgets say.

    @on(RequestTabs.Wanted)
    def _tab_wanted(self, message: RequestTabs.Wanted) -> None:
        self._show_tab(RequestTab(message.name))

    @on(CallSumsPane.Moved)
    def _row_moved(self) -> None:
        self._sums.moved()

    @on(CallSumsPane.Followed)
    def _go_to_calls(self, message: CallSumsPane.Followed) -> None:
        dimension = self._sums.dimension
        if dimension is not None:
            self._go_to(only(self.reading.query, Key(dimension), message.value))

    @on(CallSumsPane.ValueWanted)
    def _value_wanted(self, message: CallSumsPane.ValueWanted) -> None:
        dimension = self._sums.dimension
        if dimension is not None:
            self.reading.ask(applied(self.reading.query, Clause(Key(dimension), (message.value,)), message.way))

    @on(FindingsPane.Followed)
    def _go_to_unusual_calls(self, message: FindingsPane.Followed) -> None:
        self._go_to(message.finding.query)

    # The rest.

    def rows_above_cards(self) -> Iterable[Widget]:
        yield self._tabs

    def _with_client(self, of_card: Callable[[], None], of_client: Callable[[Reference], None]) -> None:
        """Do this for the client of the card, in the calls; in a tab for the one that its cursor is on."""
        if self._tab is RequestTab.CALLS or not (self._sums.is_open or self._unusual.is_open):
            of_card()
            return
        client = self._client_here
        if client is not None:
            of_client(client)
        elif self._tab in (RequestTab.SERVICES, RequestTab.ACTIONS):
            self._keys.show_notice("This row names no client.")

    @property
    def _client_here(self) -> Reference | None:
        """The API client that the cursor of a tab is on."""
        if self._tab is RequestTab.UNUSUAL:
            finding = self._unusual.pane.current
            return None if finding is None else finding.client
        group = self._sums.pane.current
        if self._tab is not RequestTab.CLIENTS or group is None:
            return None
        return Reference(ActorType.API_CLIENT, group.id, group.label)

    def _open_client(self, client: Reference) -> None:
        if client.id is None:
            self._keys.show_notice("This row names no client.")
        else:
            self._workplace.navigation.open_client(client.id)

    def _go_to(self, query: EventQuery) -> None:
        """To these calls; one level back is where one was."""
        origin = _Origin(self._tab, query)
        self._show_tab(RequestTab.CALLS)
        self.reading.ask(query)
        self._origin = origin
        self._keys.show_notice(f"{key_of('log.back')} goes back to {origin.tab.value}.")

    def _show_tab(self, tab: RequestTab) -> None:
        self._origin = None
        if tab is self._tab:
            return
        self._tab = tab
        self._tabs.show(tab)
        if tab.dimension is None:
            self._sums.leave()
        if tab is not RequestTab.UNUSUAL:
            self._unusual.leave()
        if tab.dimension is not None:
            snapshot = self.reading.snapshot if self.reading.is_answered else None
            self._sums.open(tab.dimension, self.reading.query, snapshot)
        elif tab is RequestTab.UNUSUAL:
            self._unusual.open()

    def _found_unusual(self, findings: tuple[Finding, ...], words: str) -> None:
        self._tabs.show_unusual(words)
        self._sums.show_findings(findings)

    def _go_back(self) -> bool:
        if self._sidebar.shows_cursor or self._histogram.has_focus:
            return super()._go_back()
        if self._tab is not RequestTab.CALLS:
            self._show_tab(RequestTab.CALLS)
            return True
        if super()._go_back():
            return True
        if self._origin is None:
            return False
        origin = self._origin
        if self.reading.query == origin.query:  # else another one is read meanwhile, and stays
            self.reading.step(-1)
        self._show_tab(origin.tab)
        return True
