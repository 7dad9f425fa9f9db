"""The list of the tab that one is on; each tab keeps its order, what it is narrowed by, and where its cursor was."""

from dataclasses import dataclass

from tui.keymap import Scope, bindings, key_of
from tui.presenters.access_table import AccessTable, arranged, bar_row, head_row, item_row
from tui.presenters.access_tables import AccessTables
from tui.presenters.access_tabs import AccessTab, Item
from tui.presenters.pieces import Row
from tui.widgets.line_table import LineTable
from tui.widgets.list_pane import Listing, ListPane


@dataclass(frozen=True, slots=True)
class _Place:
    """How one left a tab: what it was narrowed by, and the numbers of the record and of the row on top."""

    text: str = ""
    item: str | None = None
    top: int = 0


class _Table(LineTable):
    BINDINGS = bindings(Scope.MOVING, Scope.ACCESS_LIST)


class AccessListPane(ListPane):
    """Shows one tab, sorted and narrowed; where there is nothing to show, it says why."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(_Table(id="access"), id=id)
        self._tables: AccessTables = {}
        self._orders = dict.fromkeys(AccessTab, 0)
        self._places = dict.fromkeys(AccessTab, _Place())
        self.tab = AccessTab.MEMBERS
        """The tab that is shown."""

    @property
    def chosen(self) -> Item | None:
        """The one under the cursor."""
        key = self.table.current_key
        return Item(self.tab, key) if isinstance(key, str) else None

    @property
    def shown(self) -> AccessTable | None:
        """What is listed; None while it is not known."""
        return self._tables.get(self.tab)

    def show(self, tables: AccessTables) -> None:
        """Show these lists; the cursor stays on the same one."""
        if tables == self._tables:  # what is as it was need not travel to a terminal again
            self.post_message(self.Shown())
            return
        self._tables = tables
        self.fill()

    def forget(self) -> None:
        """Keep nothing of what was shown."""
        self._tables = {}
        self.narrow_by("")
        self.table.show([], lambda _number, _width: ())

    def show_tab(self, tab: AccessTab) -> None:
        """Show another tab, as it was left."""
        if tab is self.tab:
            return
        key = self.table.current_key
        self._places[self.tab] = _Place(self.text, key if isinstance(key, str) else None, self.table.top)
        place = self._places[tab]
        self.tab = tab
        self.narrow_by(place.text)
        self.fill(to_start=True)
        if place.item is not None:
            self.table.stand(place.item, place.top)

    def go_to(self, item: Item) -> bool:
        """Put the cursor on this one, whatever the list is narrowed by; whether it is there."""
        self.show_tab(item.tab)
        if self.table.move_to_key(item.id):
            return True
        self.narrow_by("")  # what was looked for may be something else
        self.fill()
        return self.table.move_to_key(item.id)

    def sort_by(self, order: int) -> None:
        """Another order, from its beginning."""
        self._orders[self.tab] = order
        self.fill(to_start=True)

    def make_listing(self, text: str) -> Listing | None:
        table = self._tables.get(self.tab)
        if table is None:
            return None
        order = self._orders[self.tab]
        shown = arranged(table, order, text)

        def make_row(number: int, width: int) -> Row:
            return item_row(table, shown[number], width)

        return Listing(
            [one.id for one in shown],
            make_row,
            lambda width: head_row(table, order, width),
            lambda width: bar_row(table, len(shown), order, text, width),
            _nothing_found(table) if table.items else table.nothing,
        )


def _nothing_found(table: AccessTable) -> tuple[str, ...]:
    return (
        f"No {table.noun.one} has this in its {table.looked_for_in}",
        f"{key_of('text.abandon')} in the box shows all of them again.",
    )
