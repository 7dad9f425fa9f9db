"""The first row: the program, its screens, and which database is seen in which zone."""

from typing import Protocol, runtime_checkable

from tui.glyphs import glyphs
from tui.numbered_screens import SCREENS, NumberedScreen
from tui.permitted import may
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, safe
from tui.widgets.one_row import OneRow

_BETWEEN = "  "
# Beside this screen stands how many API clients expire soon.
_EXPIRING_AT = "clients"


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
        self._database = database
        self._zone = zone
        self._screen = screen
        self.expiring = 0
        """How many API clients expire soon."""
        self._member: str | None = None
        self._view: str | None = None
        self._state = ("connecting", Role.MUTED)

    def show_state(self, state: str, role: Role) -> None:
        """How things stand with the database."""
        if (state, role) != self._state:
            self._state = (state, role)
            self.refresh()

    def show_view(self, view: str | None) -> None:
        """The view that is being read, None for a query without a name."""
        if view != self._view:
            self._view = view
            self.refresh()

    def show_member(self, name: str | None) -> None:
        """Who has signed in; None for the owner of an embedded database, whose file says so."""
        if name != self._member:
            self._member = name
            self.refresh()

    def show_expiring(self, count: int) -> None:
        """So many API clients expire soon."""
        if count != self.expiring:
            self.expiring = count
            self.refresh()

    def make_row(self, width: int) -> Row:
        state, role = self._state
        dot = glyphs().dot
        right = safe(f"{self._database} {dot} {self._zone} {dot} ", limit=width)
        view_cells = 0 if self._view is None else len(_BETWEEN) + cells_of(safe(self._view, limit=width))
        needed = view_cells + len(_BETWEEN) + cells_of(right) + len(state) + 1
        ways = [self._screens_row(width, *way) for way in ((True, True), (False, True), (False, False))]
        line = next((way for way in ways if way.used + needed <= width), ways[-1])
        if self._member is not None:  # where there is room beside all else
            member = safe(f"{self._member} {dot} ", limit=width)
            if line.used + needed + cells_of(member) + 2 <= width:
                right = member + right
        if self._view is not None:
            line.add(_BETWEEN).add(self._view, Role.TITLE, until=width - len(state) - 4)
        start = width - 1 - cells_of(right) - len(state)
        if start > line.used + 2:
            line.at(start).add(right, Role.MUTED).add(state, role)
        elif line.room > len(state) + 2:
            line.right(state, role, end=width - 1)
        return line.row()

    def _screens_row(self, width: int, has_titles: bool, has_others: bool) -> Line:
        """The program and its screens: all by their titles, the others by their numbers, or the present one alone."""
        line = Line(width).at(1).add("auditdeck", Role.ACCENT, bold=True)
        for screen in SCREENS:
            is_here = screen.id == self._screen
            if not is_here and (not has_others or not may(screen.needed)):
                continue
            line.add(_BETWEEN).add(screen.key, Role.MUTED)
            if is_here:
                line.add(" ").add(screen.title, Role.TITLE, bold=True, underline=True)
            elif has_titles:
                line.add(f" {screen.title}", Role.MUTED)
            self._add_mark(line, screen)
        return line

    def _add_mark(self, line: Line, screen: NumberedScreen) -> None:
        if screen.id == _EXPIRING_AT and self.expiring:
            line.add(f" {self.expiring}!", Role.DENIED, bold=True)
