"""The first row: the program, its screens, and which database is seen in which zone."""

from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from tui.presenters.pieces import Role, Row
from tui.presenters.title_row import Title, title_row
from tui.widgets.one_row import OneRow


@runtime_checkable
class Titled(Protocol):
    """A screen with a number, which has this first row."""

    title_bar: "TitleBar"


class TitleBar(OneRow):
    """What one is looking at. `state` is one word, such as `live` or `no connection`."""

    background_role = "header"

    def __init__(self, database: str, zone: str, screen: str, *, id: str | None = None) -> None:
        """`screen` is the id of the numbered screen that this is the first row of."""
        super().__init__(id=id)
        self._title = Title(database, zone, screen)

    @property
    def expiring(self) -> int:
        """How many API clients expire soon."""
        return self._title.expiring

    def show_state(self, state: str, role: Role) -> None:
        """How things stand with the database."""
        self._show(state=(state, role))

    def show_view(self, view: str | None) -> None:
        """The view that is being read, None for a query without a name."""
        self._show(view=view)

    def show_member(self, name: str | None) -> None:
        """Who has signed in; None for the owner of an embedded database, whose file says so."""
        self._show(member=name)

    def show_expiring(self, count: int) -> None:
        """So many API clients expire soon."""
        self._show(expiring=count)

    def make_row(self, width: int) -> Row:
        return title_row(self._title, width)

    def _show(self, **changed: Any) -> None:  # noqa: ANN401
        title = replace(self._title, **changed)
        if title != self._title:
            self._title = title
            self.refresh()
