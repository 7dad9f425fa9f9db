"""The list of clients with what stands above it: how many there are, and the box in which one looks for some of them."""

from data.clients.model import ApiClient
from data.clock import Clock
from tui.keymap import Scope, bindings, key_of
from tui.presenters.client_table import Order, Weeks, arranged, bar_row, client_row, expiring_count, head_row
from tui.presenters.pieces import Row
from tui.screens.clients.roster import Roster
from tui.widgets.line_table import LineTable
from tui.widgets.list_pane import Listing, ListPane


class _Table(LineTable):
    BINDINGS = bindings(Scope.MOVING, Scope.CLIENT_LIST)


class ClientListPane(ListPane):
    """Shows a roster, sorted and narrowed; where there is nothing to show, it says why."""

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:
        super().__init__(_Table(id="clients"), id=id)
        self._clock = clock
        self._roster: Roster | None = None
        self._weeks: Weeks | None = None
        self._order = Order.NAME

    @property
    def chosen(self) -> ApiClient | None:
        """The client under the cursor."""
        key = self.table.current_key
        return self._roster.by_id.get(key) if self._roster is not None and isinstance(key, str) else None

    def show(self, roster: Roster) -> None:
        """Show these clients; the cursor stays on the same one."""
        self._roster = roster
        self.fill()

    def show_weeks(self, weeks: Weeks) -> None:
        """The clients' requests of seven days are known."""
        self._weeks = weeks
        self.table.show_anew()

    def week_of(self, client_id: str) -> tuple[int, ...] | None:
        """A client's requests day by day, the oldest first; empty where it made none, None while they are not known."""
        return None if self._weeks is None else tuple(self._weeks.get(client_id, ()))

    def sort_by(self, order: Order) -> None:
        """Another order, from its beginning."""
        self._order = order
        self.fill(to_start=True)

    def make_listing(self, text: str) -> Listing | None:
        roster = self._roster
        if roster is None:
            return None
        order, shown, now = self._order, arranged(roster.listed, self._order, text), self._clock()
        expiring, in_all = expiring_count(roster.listed), len(roster.listed)

        def make_row(number: int, width: int) -> Row:
            return client_row(shown[number], self.week_of(shown[number].client.id), width, now)

        return Listing(
            [one.client.id for one in shown],
            make_row,
            lambda width: head_row(width, order),
            lambda width: bar_row(width, len(shown), in_all, expiring, order, text),
            _nothing(in_all),
        )


def _nothing(in_all: int) -> tuple[str, ...]:
    """Why no client is shown."""
    if in_all:
        return (
            "No client has this in its name, owner, scopes, networks or tokens",
            f"{key_of('text.abandon')} in the box shows all of them again.",
        )
    return (
        "There is no API client yet",
        f"{key_of('clients.add')} makes the first one: its name, what it may do, and its last day.",
        "Its token is shown then, once.",
    )
