"""The searches of one reading, at most one in each direction: begun, gone on with by themselves, ended by the person."""

from collections.abc import Callable, Iterable
from uuid import UUID

from data.answers import Direction, Page
from tui.reading.search import Search


class Searching:
    """Knows what is looked for beyond the events that are shown. It asks by a callback, and is handed what was found."""

    def __init__(self, ask: Callable[[Search], None], end: Callable[[Direction], UUID | None]) -> None:
        """`ask` asks for the next page of a search; `end` tells which event is shown last in a direction."""
        self._ask = ask
        self._end = end
        self._searches: dict[Direction, Search] = {}

    @property
    def shown(self) -> tuple[Search, ...]:
        """Those that take long enough to be told of, or were ended."""
        return tuple(search for search in self._searches.values() if search.is_long)

    @property
    def is_running(self) -> bool:
        """Whether any goes on that takes long."""
        return any(not search.is_stopped for search in self.shown)

    def begin(self, searches: Iterable[Search]) -> None:
        """Another answer is shown, of which these are left to be looked for."""
        self._searches = {search.direction: search for search in searches}
        for search in tuple(self._searches.values()):
            self._ask(search)

    def show(self, search: Search) -> None:
        """This one goes on in place of all others, and somebody else asks for its pages."""
        self._searches = {search.direction: search}

    def want(self, end: UUID, direction: Direction) -> None:
        """More events are wanted beyond this one, the last that is shown."""
        search = self._searches.get(direction)
        if search is None or search.end != end:  # else it goes on already, or the person has ended it
            self._go_on(Search(direction, end, end))

    def belongs(self, direction: Direction) -> bool:
        """Whether what is found in this direction still joins what is shown: the far end of it may have been let go."""
        search = self._searches.get(direction)
        return search is not None and search.end in (None, self._end(direction))

    def found(self, page: Page, direction: Direction) -> None:
        """A page of the search in this direction was found, and is shown."""
        search = self._searches.pop(direction)
        other = self._searches.get(direction.opposite)
        if other is not None and other.end is None and page.items:  # these are the first events that are shown at all
            self._searches[other.direction] = other.joined_to(page.items[0].id)
        rest = search.after(page)
        if rest is not None:
            self._go_on(rest)

    def drop(self, direction: Direction) -> None:
        """Nothing more is looked for in this direction until it is wanted again."""
        self._searches.pop(direction, None)

    def clear(self) -> None:
        """Another question is asked."""
        self._searches.clear()

    def stop(self, *directions: Direction) -> None:
        """What runs in these directions, or in all, ends before its end; what had only begun is as if it had not."""
        for direction in directions or Direction:
            search = self._searches.pop(direction, None)
            if search is not None and search.is_long:
                self._searches[direction] = search.stopped()

    def go_on(self) -> bool:
        """Go on with what was ended; whether anything was."""
        ended = [search for search in self._searches.values() if search.is_stopped]
        for search in ended:
            self._go_on(search.gone_on_with())
        return bool(ended)

    def ask_again(self, is_asking: Callable[[Direction], bool]) -> None:
        """Ask again for what was not answered."""
        for search in tuple(self._searches.values()):
            if not search.is_stopped and not is_asking(search.direction):
                self._ask(search)

    def _go_on(self, search: Search) -> None:
        self._searches[search.direction] = search
        self._ask(search)
