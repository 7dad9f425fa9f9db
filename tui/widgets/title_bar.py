"""The first row: the program, its screens, and which database is seen in which zone."""

from tui.glyphs import glyphs
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, safe
from tui.widgets.one_row import OneRow


class TitleBar(OneRow):
    """What one is looking at. `state` is one word, such as `live` or `no connection`."""

    background_role = "header"

    def __init__(self, database: str, zone: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._database = database
        self._zone = zone
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

    def make_row(self, width: int) -> Row:
        state, role = self._state
        line = Line(width).at(1).add("auditdeck", Role.ACCENT, bold=True).add("  ")
        line.add("Audit log", Role.TITLE, bold=True, underline=True)
        if self._view is not None:
            line.add("  ").add(self._view, Role.TITLE, until=width - len(state) - 4)
        dot = glyphs().dot
        right = safe(f"{self._database} {dot} {self._zone} {dot} ", limit=width)
        start = width - 1 - cells_of(right) - len(state)
        if start > line.used + 2:
            line.at(start).add(right, Role.MUTED).add(state, role)
        elif line.room > len(state) + 2:
            line.right(state, role, end=width - 1)
        return line.row()
