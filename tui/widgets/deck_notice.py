"""What stands in the deck's place when there are no cards to show: loading, nothing there, no match, or what failed."""

from textual.message import Message

from data.query import EventQuery
from tui.keymap import Scope, bindings
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import safe, wrap
from tui.widgets.drawn import Drawn, DrawnRow

# A query can hold any value of the log, of any length.
_MOST_CHARACTERS = 1000


class Notice(Drawn):
    """A headline and what one can do about it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._headline = ""
        self._lines: tuple[str, ...] = ()
        self._role = Role.TITLE

    def say(self, headline: str, *lines: str, role: Role = Role.TITLE) -> None:
        """Show this."""
        self._headline, self._lines, self._role = headline, lines, role
        self.refresh()

    def add(self, *lines: str) -> None:
        """Say this below what is said already."""
        self._lines = (*self._lines, *lines)
        self.refresh()

    def row_drawn(self, y: int) -> DrawnRow:
        rows = self._rows(self.size.width)
        at = y - min(self.size.height // 4, 8)
        return (rows[at] if 0 <= at < len(rows) else ()), "background"

    def _rows(self, width: int) -> list[Row]:
        room = max(min(max(width - 24, 24), 76, width - 2), 1)
        left = max((width - room) // 2, 1)
        rows = [
            Line(width).at(left).add(part, self._role, bold=True).row() for part in wrap(safe(self._headline), room)
        ]
        rows.append(())
        for line in self._lines:
            shown = safe(line, limit=_MOST_CHARACTERS)
            rows += [Line(width).at(left).add(part, Role.MUTED).row() for part in wrap(shown, room)]
        return rows


class DeckNotice(Notice, can_focus=True):
    """Has the focus where the deck would have it, and none of the keys about a card: none is seen. It can lead to a query."""

    BINDINGS = bindings(Scope.NOTICE)

    class Followed(Message):
        """The query that the notice leads to is wanted."""

        def __init__(self, query: EventQuery) -> None:
            super().__init__()
            self.query = query

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._leads_to: EventQuery | None = None

    def say(self, headline: str, *lines: str, role: Role = Role.TITLE) -> None:
        self._lead_to(None)
        super().say(headline, *lines, role=role)

    def add_way(self, query: EventQuery, *lines: str) -> None:
        """Say this below what is said already: how to come to the query."""
        self._lead_to(query)
        self.add(*lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "follow" or self._leads_to is not None

    def action_follow(self) -> None:
        if self._leads_to is not None:
            self.post_message(self.Followed(self._leads_to))

    def _lead_to(self, query: EventQuery | None) -> None:
        self._leads_to = query
        self.refresh_bindings()
