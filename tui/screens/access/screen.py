"""Who may do what: five lists in tabs, the one under the cursor beside them or in their place, and the ways between them."""

from dataclasses import dataclass
from time import monotonic

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from data.access.errors import NotPermitted
from data.access.model import Member, MemberStatus
from data.errors import AuditdeckError
from data.query import EventQuery
from data.records import Reference
from tui.keymap import ACTIONS, Scope, bindings, key_of
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_sheet import LinkRow
from tui.presenters.access_table import order_choices
from tui.presenters.access_tables import AccessTables
from tui.presenters.access_tabs import AccessTab, Item, beside_tabs, item_of
from tui.presenters.choices import Choice
from tui.presenters.detail_sections import EventRow, Newest
from tui.presenters.pieces import Role
from tui.reading.history import Place
from tui.restartable_timer import RestartableTimer
from tui.screens.access.access_keys import AccessKeys
from tui.screens.access.list_pane import AccessListPane
from tui.screens.access.questions import ROSTER, AccessQuestions, Shown, done_by, done_in, done_to, given_to
from tui.screens.access.tab_keys import KEYS_OF_TABS, SUSPENDED_KEYS
from tui.why_asking import WhyAsking
from tui.widgets.access_pane import AccessPane
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_table import LineTable
from tui.widgets.list_pane import ListPane
from tui.widgets.tab_bar import TabBar
from tui.widgets.title_bar import TitleBar
from tui.workplace import Workplace

_POLL_S = 20.0
# Who runs through the list asks about none of those passed by.
_PAUSE_S = 0.15
_REST = 100
_MOST_STEPS = 50
# There are no filters here, and no query that could be undone.
_LACKS = frozenset({"log.filters", "log.undo", "log.redo"})


@dataclass(frozen=True, slots=True)
class _Step:
    """Where one followed a link from: the thing, and where one stood in its pane."""

    item: Item
    standing: tuple[int, int]


class _Body(Horizontal):
    BINDINGS = bindings(Scope.ACCESS)


class AccessScreen(AccessKeys):
    """Where one sees who may do what, who was invited, and who is here."""

    pane_scope, list_scope, empty_scope = Scope.ACCESS_ITEM, Scope.ACCESS_LIST, Scope.ACCESS
    AUTO_FOCUS = "#access"
    CSS_PATH = "../../styles/access.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, Scope.TABS, ids={action.id for action in ACTIONS} - _LACKS)
    _list: AccessListPane
    _pane: AccessPane

    def __init__(self, workplace: Workplace) -> None:
        """Times are shown in the workplace's zone."""
        super().__init__(
            workplace,
            AccessListPane(id="access-main"),
            AccessPane(workplace.zone, id="access-item"),
            KeyBar(_LACKS),
        )
        self._log = workplace.log
        self._zone = workplace.zone
        self._clock = workplace.clock
        self._questions = AccessQuestions(self._jobs, workplace.log, workplace.zone)
        self._roster: AccessRoster | None = None
        self._wanted: Item | None = None
        self._opens_wanted = False
        self._trail: list[_Step] = []
        self._rest_until = 0.0
        self.title_bar = TitleBar(workplace.database, workplace.zone.key, "access")
        self._banner = Banner()
        self._tabs = TabBar(tuple(AccessTab), id="access-tabs")
        self._asking_why = WhyAsking(
            self._jobs, workplace.log, self._prompts, workplace.navigation, self._keys.show_notice
        )
        self._pause = RestartableTimer(self)

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self._banner
        yield self._tabs
        with _Body(id="access-body"):
            yield self._list
            yield self._pane
        yield self._prompts

    def on_mount(self) -> None:
        self._show_meaning()
        self.look()
        self.set_interval(_POLL_S, self._poll)

    def on_screen_resume(self) -> None:
        if self._roster is not None:
            self.look()

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer, or for its time to be asked."""
        return self._jobs.is_asking() or self._pause.is_running

    # Keys.

    @on(LineTable.Chosen)
    def action_open_item(self) -> None:
        self.open_chosen()

    def action_tab(self, by: int) -> None:
        self.show_tab(self._list.tab.further(by))

    def action_sort(self) -> None:
        if self._list.shown is not None:
            self._prompts.ask("Sort by", order_choices(self._list.shown), self._list.sort_by)

    def action_refresh_log(self) -> None:
        self._jobs.forget_refusals()
        self.look()

    def action_log_of(self) -> None:
        item, reference = self._chosen, self._chosen_reference
        if item is None or reference is None:
            return
        match item.tab:
            case AccessTab.MEMBERS:
                self._prompts.ask("Log of", _log_choices(reference), self._navigation.open_log)
            case AccessTab.SESSIONS:
                self._navigation.open_log(done_in(reference))
            case _:
                self._navigation.open_log(done_to(reference))

    def action_why(self) -> None:
        reference = self._chosen_reference
        if self._chosen is not None and self._chosen.tab is AccessTab.MEMBERS and reference is not None:
            self._navigation.open_member_why(reference)
        elif self._chosen is not None:
            self._keys.show_notice("Members alone may or may not do something; go to one.")

    def action_why_by_pasting(self) -> None:
        self._asking_why.begin()

    # What the widgets say.

    @on(TabBar.Wanted)
    def _tab_wanted(self, message: TabBar.Wanted) -> None:
        self.show_tab(AccessTab(message.name))

    @on(LineTable.Moved)
    @on(ListPane.Shown)
    def _show_item(self) -> None:
        item, roster = self._chosen, self._roster
        if roster is None:
            return
        self._show_scope()
        self._show_meaning()
        self.set_class(item is None, "-none")
        self._pane.show(item, roster)
        if item is None:
            self._questions.drop_newest()
            self.remove_class("-opened")
        elif self.has_class("-beside") or self.has_class("-opened"):
            self._pause.start(_PAUSE_S, self._ask_newest)

    @on(AccessPane.Followed)
    def _followed(self, message: AccessPane.Followed) -> None:
        match message.row:
            case LinkRow(item=item):
                self._follow(item)
            case EventRow(event=event) if self._chosen_reference is not None and self._chosen is not None:
                query = _log_with(event.target, self._chosen, self._chosen_reference)
                self._navigation.open_log(query, Place(event.id, None, None))

    # For those who come from elsewhere.

    def open_reference(self, reference: Reference) -> None:
        """Show what this refers to, once it is known who may do what."""
        item = item_of(reference)
        if item is not None:
            self._trail.clear()
            self._wanted, self._opens_wanted = item, True
            self.look()

    def go_to_reference(self, reference: Reference) -> None:
        """Put the cursor on what this refers to, once it is known who may do what."""
        item = item_of(reference)
        if item is not None:
            self._wanted, self._opens_wanted = item, self.has_class("-opened")
            self.look()

    def show_tab(self, tab: AccessTab) -> None:
        """Show this tab as it was left; the way back over links ends here."""
        self._trail.clear()
        self.close_pane()
        self._list.show_tab(tab)
        self._tabs.show(tab)
        self._show_meaning()

    def open_chosen(self) -> None:
        if self._chosen is not None:
            self.open_pane()
            self._ask_newest()

    def go_back(self) -> bool:
        if self._list.is_looking or not self._trail:
            return super().go_back()
        step = self._trail.pop()
        if self._go_to(step.item):
            self._pane.stand(*step.standing)
        return True

    def look(self) -> None:
        """Read all of it again."""
        began = monotonic()

        def found(shown: Shown) -> None:
            # Thousands of members are read again less often: it costs the keys something.
            self._rest_until = monotonic() + _REST * (monotonic() - began)
            self._take_roster(*shown)

        self._questions.roster(found, self._failed)

    # The rest.

    @property
    def _chosen(self) -> Item | None:
        """The one under the cursor."""
        return self._list.chosen

    @property
    def _chosen_reference(self) -> Reference | None:
        return None if self._chosen is None or self._roster is None else self._roster.reference_of(self._chosen)

    def _poll(self) -> None:
        if self.is_current and not self._jobs.is_asking(ROSTER) and monotonic() >= self._rest_until:
            self.look()

    def _take_roster(self, roster: AccessRoster, tables: AccessTables) -> None:
        self._roster = roster
        self._banner.clear()
        self.title_bar.show_state("live", Role.TEXT)
        self._tabs.show_beside(beside_tabs(roster.undelivered))
        self._list.show(tables)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._go_to(wanted, opens=self._opens_wanted)

    def _failed(self, error: AuditdeckError) -> None:
        again = f"{key_of('log.refresh')} tries again."
        if isinstance(error, NotPermitted):
            self._forget()
            self.title_bar.show_state("not permitted", Role.DENIED)
            self._list.say("You may not see who may do what", str(error), again, role=Role.DENIED)
            return
        self.title_bar.show_state("no connection", Role.FAILURE)
        if self._roster is None:
            self._list.say("Who may do what could not be read", str(error), again)
        else:
            self._banner.say(f"{error} What is seen is as of before; {again}")

    def _forget(self) -> None:
        """Show nothing any more of what was shown: it may not be seen now."""
        self._roster = None
        self._trail.clear()
        self._questions.drop_newest()
        self._banner.clear()
        self._tabs.show_beside({})
        self.close_pane()
        self._list.forget()
        self.add_class("-none")

    def _follow(self, item: Item) -> None:
        """Go where a link leads; one level back is where one was."""
        here = self._chosen
        step = None if here is None else _Step(here, self._pane.standing)
        if self._go_to(item) and step is not None:
            self._trail.append(step)
            del self._trail[:-_MOST_STEPS]

    def _go_to(self, item: Item, *, opens: bool = True) -> bool:
        """Put the cursor on this one in its tab, and open it; whether it is there."""
        if self._roster is None or not self._roster.holds(item):
            self._keys.show_notice(f"This {item.tab.one} is no longer there.")
            return False
        self._tabs.show(item.tab)
        self._list.go_to(item)
        self._pane.show(item, self._roster)
        if opens:
            self.open_chosen()
        return True

    def _show_meaning(self) -> None:
        thing = self._thing
        is_suspended = isinstance(thing, Member) and thing.status is MemberStatus.SUSPENDED
        meaning = SUSPENDED_KEYS if is_suspended else KEYS_OF_TABS[self._list.tab]
        self._keys.show_meaning(meaning.lacks, meaning.words)

    def _ask_newest(self) -> None:
        self._pause.stop()
        item, reference = self._chosen, self._chosen_reference
        if item is None or reference is None:
            return

        def answered(newest: Newest) -> None:
            if self._chosen == item:
                self._pane.show_newest(newest)

        self._questions.newest(item, reference, answered)


def _log_choices(member: Reference) -> list[Choice[EventQuery]]:
    """What can be asked about a member."""
    name = member.label
    return [
        Choice("d", "what they did", f"Everything that {name} did, over all time.", done_by(member)),
        Choice(
            "t", "what was done to them", f"Joining, changes, keys, suspension, sign-ins of {name}.", done_to(member)
        ),
        Choice("g", "roles and groups", f"What {name} was given and what was taken away.", given_to(member)),
    ]


def _log_with(target: Reference | None, item: Item, reference: Reference) -> EventQuery:
    """The log of a thing in which an event about it is found."""
    match item.tab:
        case AccessTab.SESSIONS:
            return done_in(reference)
        case AccessTab.MEMBERS if target is None or target.id != item.id:
            return given_to(reference)
        case _:
            return done_to(reference)
