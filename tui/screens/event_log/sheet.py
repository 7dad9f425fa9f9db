"""What may take the place of the cards for a while, over the dates of the query that is being read."""

from typing import Protocol

from textual.widget import Widget

from data.answers import Snapshot
from data.query import EventQuery
from tui.keymap import Scope


class Sheet(Protocol):
    """Told of what becomes of the query, open or not."""

    scope: Scope
    """What the keys mean while it has the focus."""

    @property
    def pane(self) -> Widget:
        """The widget that shows it."""

    @property
    def is_open(self) -> bool: ...

    def close(self) -> None:
        """Give the cards their place back, if it has it."""

    def asked(self, query: EventQuery) -> None:
        """Another query is being read."""

    def answered(self, snapshot: Snapshot) -> None:
        """The query has its first events, as of this snapshot."""

    def found(self) -> None:
        """There is a connection again."""

    def called_off(self) -> None:
        """Nothing is asked any more."""
