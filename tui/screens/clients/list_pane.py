"""The list of clients with what stands above it: how many there are, and the box in which one looks for some of them."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from data.clients.model import ApiClient
from data.clock import Clock
from data.tokens import without_secrets
from tui.keymap import Scope, bindings, key_of
from tui.presenters.client_table import (
    ListedClient,
    Order,
    Weeks,
    arranged,
    bar_row,
    client_row,
    expiring_count,
    head_row,
)
from tui.presenters.pieces import Line, Role, Row
from tui.screens.clients.roster import Roster
from tui.widgets.deck_notice import Notice
from tui.widgets.line_table import LineTable
from tui.widgets.one_row import OneRow
from tui.widgets.safe_input import SafeInput


class _ListBar(OneRow):
    background_role = "panel"

    def __init__(self) -> None:
        super().__init__()
        self._make: Callable[[int], Row] = lambda width: Line(width).row()

    def show(self, make: Callable[[int], Row]) -> None:
        self._make = make
        self.refresh()

    def make_row(self, width: int) -> Row:
        return self._make(width)


class _Table(LineTable):
    BINDINGS = bindings(Scope.MOVING, Scope.CLIENT_LIST)


class ClientListPane(Vertical):
    """Shows a roster, sorted and narrowed; where there is nothing to show, it says why."""

    class Shown(Message):
        """Other clients are shown, or the same as they are by now."""

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._roster: Roster | None = None
        self._weeks: Weeks | None = None
        self._order = Order.NAME
        self._bar = _ListBar()
        self._box = SafeInput(compact=True, select_on_focus=False, max_length=200, placeholder="")
        self._notice = Notice()
        self.table: LineTable = _Table(id="clients")
        self._box.display = False

    def compose(self) -> ComposeResult:
        yield self._bar
        yield self._box
        yield self.table
        yield self._notice

    def on_mount(self) -> None:
        self.say("Looking ...", role=Role.MUTED)

    @property
    def chosen(self) -> ApiClient | None:
        """The client under the cursor."""
        key = self.table.current_key
        return self._roster.by_id.get(key) if self._roster is not None and isinstance(key, str) else None

    @property
    def is_looking(self) -> bool:
        """Whether one types what to look for."""
        return self._box.has_focus

    def show(self, roster: Roster) -> None:
        """Show these clients; the cursor stays on the same one."""
        self._roster = roster
        self._fill()

    def show_weeks(self, weeks: Weeks) -> None:
        """The clients' requests of seven days are known."""
        self._weeks = weeks
        self.table.refresh()

    def week_of(self, client_id: str) -> tuple[int, ...] | None:
        """A client's requests day by day, the oldest first; empty where it made none, None while they are not known."""
        return None if self._weeks is None else tuple(self._weeks.get(client_id, ()))

    def sort_by(self, order: Order) -> None:
        """Another order, from its beginning."""
        self._order = order
        self._fill(to_start=True)

    def say(self, headline: str, *lines: str, role: Role = Role.FAILURE) -> None:
        """Say this in the place of the list."""
        self._notice.say(headline, *lines, role=role)
        self.set_class(True, "-empty")

    def look_for(self) -> None:
        """Open the box."""
        self._box.display = True
        self.screen.set_focus(self._box)

    def close_box(self) -> bool:
        """Show all clients again; whether any of them could have been hidden."""
        if not self._box.display:
            return False
        self._box.value = ""
        self._box.display = False
        self.screen.set_focus(self.table)
        self._fill()
        return True

    def on_resize(self) -> None:
        self._fill()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._fill()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.screen.set_focus(self.table)

    @on(SafeInput.Abandoned)
    def _abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        self.close_box()

    def _fill(self, *, to_start: bool = False) -> None:
        roster = self._roster
        if roster is None:
            return
        text = without_secrets(self._box.value) if self._box.display else ""
        order, shown, now = self._order, arranged(roster.listed, self._order, text), self._clock()
        expiring, in_all = expiring_count(roster.listed), len(roster.listed)
        self._bar.show(lambda width: bar_row(width, len(shown), in_all, expiring, order, text))

        def make_row(number: int, width: int) -> Row:
            return client_row(shown[number], self.week_of(shown[number].client.id), width, now)

        def make_head(width: int) -> Row:
            return head_row(width, order)

        self.table.show([one.client.id for one in shown], make_row, make_head if shown else None, to_start=to_start)
        self._say_why(shown, in_all)
        self.post_message(self.Shown())

    def _say_why(self, shown: tuple[ListedClient, ...], in_all: int) -> None:
        if shown:
            self.set_class(False, "-empty")
        elif in_all:
            self.say(
                "No client has this in its name, owner, scopes, networks or tokens",
                f"{key_of('text.abandon')} in the box shows all of them again.",
                role=Role.TITLE,
            )
        else:
            self.say(
                "There is no API client yet",
                f"{key_of('clients.add')} makes the first one: its name, what it may do, and its last day.",
                "Its token is shown then, once.",
                role=Role.TITLE,
            )
