"""Which filters the sidebar of a log has: its tabs, and its dimensions in their order."""

from dataclasses import dataclass

from data.answers import Dimension
from data.query import EventQuery, Key, Pattern, Value
from data.query.editing import Choice, choice_of, only


@dataclass(frozen=True, slots=True)
class Heading:
    """A dimension, what it is called, which letter of that jumps there, and whether it is folded to one row."""

    dimension: Dimension
    name: str
    letter: int
    is_folded: bool = False

    @property
    def key(self) -> str:
        """The letter that jumps there."""
        return self.name[self.letter].lower()


@dataclass(frozen=True, slots=True)
class SidebarPlan:
    """The dimensions from top to bottom, and the tabs with what each asks for; without a tab there is no row of them."""

    headings: tuple[Heading, ...]
    tabs: tuple[tuple[str, Value | None], ...] = ()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What has to be counted."""
        return tuple(heading.dimension for heading in self.headings)

    @property
    def boxed_keys(self) -> frozenset[Key]:
        """What a query may ask about that is seen in a box of its own."""
        return frozenset(Key(dimension) for dimension in self.dimensions)

    def jump_target(self, letter: str) -> Dimension | None:
        """The dimension whose heading has this letter underlined; None for `d`, the dates, and for any other."""
        return next((heading.dimension for heading in self.headings if heading.key == letter), None)

    def next_tab(self, query: EventQuery, by: int) -> EventQuery:
        """The query on the tab that lies `by` further, beginning again at the end."""
        current = next((number for number in range(len(self.tabs)) if self.is_on_tab(query, number)), 0)
        return self.on_tab(query, (current + by) % len(self.tabs))

    def on_tab(self, query: EventQuery, number: int) -> EventQuery:
        """The query on this one of the tabs."""
        value = self.tabs[number][1]
        return query.without(Key.TAB) if value is None else only(query, Key.TAB, value)

    def is_on_tab(self, query: EventQuery, number: int) -> bool:
        """Whether this tab is the query's."""
        value = self.tabs[number][1]
        return not query.of(Key.TAB) if value is None else choice_of(query, Key.TAB, value) is Choice.ONLY

    def tab_at(self, cell: int) -> int | None:
        """The number of the tab at this cell of the tabs' row, or None."""
        begin = 1
        for number, (name, _) in enumerate(self.tabs):
            if begin <= cell < begin + len(name):
                return number
            begin += len(name) + 2
        return None


CHANGE_LOG_PLAN = SidebarPlan(
    (
        Heading(Dimension.OUTCOME, "Outcome", 0),
        Heading(Dimension.TYPE, "Type", 0),
        Heading(Dimension.ACTOR, "Actor", 0),
        Heading(Dimension.CLIENT, "Client", 0),
        Heading(Dimension.SERVICE, "Service", 0, is_folded=True),
        Heading(Dimension.IP, "IP address", 0, is_folded=True),
        Heading(Dimension.TARGET, "Target", 4, is_folded=True),
    ),
    (("All", None), ("Admin & portal", Pattern.literal("admin")), ("Users", Pattern.literal("users"))),
)
REQUEST_LOG_PLAN = SidebarPlan(
    (
        Heading(Dimension.OUTCOME, "Outcome", 0),
        Heading(Dimension.CLIENT, "Client", 0),
        Heading(Dimension.SERVICE, "Service", 0),
        Heading(Dimension.TARGET, "Action", 0),
        Heading(Dimension.IP, "IP address", 0),
        Heading(Dimension.TYPE, "Type", 0, is_folded=True),
    )
)
