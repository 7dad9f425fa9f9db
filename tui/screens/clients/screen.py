"""The API clients: the list, the one under the cursor beside it or in its place, and what the keys do there."""

from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from data.access.errors import NotPermitted
from data.clients.model import ApiClient
from data.errors import AuditdeckError
from tui.keymap import ACTIONS, Scope, bindings, key_of
from tui.presenters.client_table import Weeks, expiring_count, order_choices
from tui.presenters.detail_sections import Newest
from tui.presenters.pieces import Role
from tui.reading.history import Place
from tui.restartable_timer import RestartableTimer
from tui.screens.clients.client_keys import ClientKeys
from tui.screens.clients.list_pane import ClientListPane
from tui.screens.clients.roster import ROSTER, ClientQuestions, Roster, about
from tui.why_asking import WhyAsking
from tui.widgets.banner import Banner
from tui.widgets.client_pane import ClientPane
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_table import LineTable
from tui.widgets.list_pane import ListPane
from tui.widgets.title_bar import TitleBar
from tui.workplace import Workplace

_POLL_S = 20.0
_WEEKS_S = 120.0
# Who runs through the list asks about none of those passed by.
_PAUSE_S = 0.15
_REST = 100
# There are no filters here, and no query that could be undone.
_LACKS = frozenset({"log.filters", "log.undo", "log.redo"})


class _Body(Horizontal):
    BINDINGS = bindings(Scope.CLIENTS)


class ClientsScreen(ClientKeys):
    """Where an admin makes, changes and ends API clients."""

    pane_scope, list_scope, empty_scope = Scope.CLIENT, Scope.CLIENT_LIST, Scope.CLIENTS
    AUTO_FOCUS = "#clients"
    CSS_PATH = "../../styles/clients.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids={action.id for action in ACTIONS} - _LACKS)
    _list: ClientListPane
    _pane: ClientPane

    def __init__(self, workplace: Workplace) -> None:
        """Times are shown in the workplace's zone; days are those of the organisation's."""
        super().__init__(
            workplace, ClientListPane(workplace.clock, id="clients-main"), ClientPane(id="client"), KeyBar(_LACKS)
        )
        self._log = workplace.log
        self._zone = workplace.zone
        self._clock = workplace.clock
        self._questions = ClientQuestions(self._jobs, workplace.log)
        self._roster: Roster | None = None
        self._wanted: str | None = None
        self._opens_wanted = False
        self._rest_until = 0.0
        self.title_bar = TitleBar(workplace.database, workplace.zone.key, "clients")
        self._banner = Banner()
        self._asking_why = WhyAsking(
            self._jobs, workplace.log, self._prompts, workplace.navigation, self._keys.show_notice
        )
        self._pause = RestartableTimer(self)

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self._banner
        with _Body(id="clients-body"):
            yield self._list
            yield self._pane
        yield self._prompts

    def on_mount(self) -> None:
        self.look()
        self._look_at_weeks()
        self.set_interval(_POLL_S, self._poll)
        self.set_interval(_WEEKS_S, self._look_at_weeks)

    def on_screen_resume(self) -> None:
        if self._roster is not None:
            self.look()

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer, or for its time to be asked."""
        return self._jobs.is_asking() or self._pause.is_running

    # Keys.

    @on(LineTable.Chosen)
    def action_open_client(self) -> None:
        self.open_chosen()

    def action_sort(self) -> None:
        self._prompts.ask("Sort by", order_choices(), self._list.sort_by)

    def action_refresh_log(self) -> None:
        self._jobs.forget_refusals()
        self.look()
        self._look_at_weeks()

    def action_log_of_client(self) -> None:
        if self._chosen is not None:
            self._navigation.open_log(about(self._chosen))

    def action_requests_of_client(self) -> None:
        if self._chosen is not None:
            self._navigation.open_requests(about(self._chosen))

    def action_why(self) -> None:
        if self._chosen is not None:
            self._navigation.open_why(self._chosen.reference)

    def action_why_by_pasting(self) -> None:
        self._asking_why.begin()

    # What the widgets say.

    @on(LineTable.Moved)
    @on(ListPane.Shown)
    def _show_client(self) -> None:
        client, roster = self._chosen, self._roster
        if roster is None:
            return
        self._show_scope()
        self.set_class(client is None, "-none")
        self._pane.show(client, self._clock(), roster.found.zone)
        if client is None:
            self._questions.drop_newest()
            self.remove_class("-opened")
        elif self.has_class("-beside") or self.has_class("-opened"):
            self._pause.start(_PAUSE_S, self._ask_newest)

    @on(ClientPane.Followed)
    def _followed(self, message: ClientPane.Followed) -> None:
        if self._chosen is not None:
            go = self._navigation.open_requests if message.row.is_request else self._navigation.open_log
            go(about(self._chosen), Place(message.row.event.id, None, None))

    # For those who come from elsewhere.

    def open_client(self, client_id: str) -> None:
        """Show the client with this id, once the clients are known."""
        self._wanted, self._opens_wanted = client_id, True
        self.look()

    def go_to_client(self, client_id: str) -> None:
        self._wanted, self._opens_wanted = client_id, False
        self.look()

    def open_chosen(self) -> None:
        if self._chosen is not None:
            self.open_pane()
            self._ask_newest()

    def look(self) -> None:
        began = monotonic()

        def found(roster: Roster) -> None:
            # Thousands of clients are read again less often: it costs the keys something.
            self._rest_until = monotonic() + _REST * (monotonic() - began)
            self._take_roster(roster)

        self._questions.roster(found, self._failed)

    # The rest.

    @property
    def _chosen(self) -> ApiClient | None:
        return self._list.chosen

    def _week_of(self, client_id: str) -> tuple[int, ...] | None:
        return self._list.week_of(client_id)

    def _poll(self) -> None:
        if self.is_current and not self._jobs.is_asking(ROSTER) and monotonic() >= self._rest_until:
            self.look()

    def _look_at_weeks(self) -> None:
        self._questions.weeks(self._take_weeks)

    def _take_weeks(self, weeks: Weeks) -> None:
        self._list.show_weeks(weeks)

    def _take_roster(self, roster: Roster) -> None:
        self._roster = roster
        self._banner.clear()
        self.title_bar.show_state("live", Role.TEXT)
        self._navigation.show_expiring(expiring_count(roster.listed))
        self._list.show(roster)
        self._go_to_wanted()
        self.roster_came()

    def _failed(self, error: AuditdeckError) -> None:
        refused = isinstance(error, NotPermitted)
        self.title_bar.show_state("not permitted" if refused else "no connection", Role.FAILURE)
        again = f"{key_of('log.refresh')} tries again."
        if self._roster is None:
            self._list.say("The API clients could not be read", str(error), again)
        else:
            self._banner.say(f"{error} What is seen is as of before; {again}")

    def _go_to_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        if not self._list.table.move_to_key(wanted):
            self._list.close_box()  # what was looked for may be something else
        if not self._list.table.move_to_key(wanted):
            self._keys.show_notice("This client is no longer there.")
        elif self._opens_wanted:
            self.open_chosen()

    def _ask_newest(self) -> None:
        self._pause.stop()
        client = self._chosen
        if client is None:
            return

        def answered(newest: Newest) -> None:
            if self._chosen is not None and self._chosen.id == client.id:
                self._pane.show_newest(newest)

        self._questions.newest(client, answered)
