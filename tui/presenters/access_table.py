"""A list of the Access screen: its columns, what it can be sorted by, its rows, and how they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from data.views import folded_name
from tui.presenters.access_tabs import AccessTab
from tui.presenters.choices import Choice
from tui.presenters.list_columns import Column, NameColumn, Placed, placed
from tui.presenters.noun import Noun
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text
from tui.terminal import cells_of, safe

_SIGN_AT = 1
_BETWEEN = ", "


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column: a text, or several of which as many are shown as there is room for."""

    text: str | tuple[str, ...]
    role: Role = Role.MUTED
    bold: bool = False
    short: str | tuple[str, ...] = ()
    """What stands there instead where there is no room for all of it."""

    def shown(self, cells: int) -> str:
        """What is shown in so many cells."""
        whole = self.text if isinstance(self.text, str) else _BETWEEN.join(self.text)
        chosen = self.short if self.short and cells_of(safe(whole, limit=2 * cells)) > cells else self.text
        return chosen if isinstance(chosen, str) else fitting(chosen, cells)


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A row: its cells, the name's first; `text` is what it is looked for in, `ranks` its place in each of the orders.

    A `sign` before the name says that something is to be looked after. What is `over` comes last in every order.
    """

    id: str
    cells: tuple[Cell, ...]
    text: str
    ranks: tuple[Any, ...]
    sign: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What a list can be sorted by: the letter that asks for it, its name and what it means, and the column it is of."""

    letter: str
    name: str
    meaning: str
    column: int


@dataclass(frozen=True)
class AccessTable:
    """All that is listed in one tab, by the first of its orders.

    `remarks` are what is said of them beside their number; `nothing` is said where there are none.
    """

    tab: AccessTab
    name: NameColumn
    columns: tuple[Column, ...]
    orders: tuple[Order, ...]
    items: tuple[ListedItem, ...]
    noun: Noun
    remarks: tuple[tuple[str, Role], ...]
    nothing: tuple[str, ...]
    looked_for_in: str
    """In which words one looks, for the sentence that nothing was found."""

    def placed(self, width: int) -> tuple[Placed, ...]:
        """Which columns are shown at this width, and where."""
        return placed(self._fitted_name, self.columns, width)

    @cached_property
    def _fitted_name(self) -> NameColumn:
        names = (item.cells[0].shown(self.name.most) for item in self.items)
        return self.name.fitted(max((cells_of(safe(name, limit=2 * self.name.most)) for name in names), default=0))


def arranged(table: AccessTable, order: int, text: str) -> tuple[ListedItem, ...]:
    """Those that hold this text, case ignored, in the order of this number."""
    wanted = folded_name(text)
    shown = [one for one in table.items if wanted in one.text] if wanted else list(table.items)
    return tuple(sorted(shown, key=lambda one: (one.over, one.ranks[order])))


def searched(*texts: str | None) -> str:
    """What an item is looked for in."""
    return folded_name("\n".join(text for text in texts if text))


def order_choices(table: AccessTable) -> list[Choice[int]]:
    """What the list can be sorted by, each with its number."""
    return [Choice(one.letter, one.name, one.meaning, number) for number, one in enumerate(table.orders)]


def head_row(table: AccessTable, order: int, width: int) -> Row:
    """The columns' names, the one that the list is sorted by underlined."""
    line = Line(width)
    headings = (table.name.heading, *(column.heading for column in table.columns))
    for column in table.placed(width):
        is_sorted = table.orders[order].column == column.number
        role = Role.TITLE if is_sorted else Role.MUTED
        line.at(column.at).add(
            headings[column.number], role, until=column.at + column.cells, bold=is_sorted, underline=is_sorted
        )
    return line.row()


def item_row(table: AccessTable, item: ListedItem, width: int) -> Row:
    """One of them in one row."""
    line = Line(width).at(_SIGN_AT).add(item.sign, Role.DENIED, until=table.name.begin - 1, bold=True)
    for column in table.placed(width):
        cell = item.cells[column.number]
        line.at(column.at).add(cell.shown(column.cells), cell.role, until=column.at + column.cells, bold=cell.bold)
    return line.row()


def bar_row(table: AccessTable, shown: int, order: int, text: str, width: int) -> Row:
    """What the list is of: how many, what is to be known about them, and what it is sorted by."""
    in_all = table.noun.counted(len(table.items))
    line = Line(width).at(1)
    line.add(f"{count_text(shown)} of {in_all}" if text.strip() else in_all, Role.TITLE, bold=True)
    for words, role in table.remarks:
        line.add("  ").add(words, role)
    tail = f"by {table.orders[order].name}"
    if line.room > len(tail) + 3:
        line.right(tail, Role.MUTED, end=width - 1)
    return line.row()


def fitting(parts: Sequence[str], cells: int) -> str:
    """As many of these as fit into so many cells, and how many more there are: `Support, Audit +2`."""
    texts = [safe(part, limit=cells * 2 or 1) for part in parts]
    for number in range(len(texts), 0, -1):
        rest = len(texts) - number
        text = _BETWEEN.join(texts[:number]) + (f" +{rest}" if rest else "")
        if cells_of(text) <= cells or number == 1:
            return text
    return ""
