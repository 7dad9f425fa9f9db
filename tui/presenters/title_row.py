"""The first row: the program, its screens, and which database is seen in which zone."""

from dataclasses import dataclass

from tui.glyphs import glyphs
from tui.numbered_screens import SCREENS, NumberedScreen
from tui.permitted import may
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, safe

_BETWEEN = "  "
# Beside this screen stands how many API clients expire soon.
_EXPIRING_AT = "clients"


@dataclass(frozen=True, slots=True)
class Title:
    """What it says. `screen` is the id of the numbered screen that it is the first row of, `state` how things stand with
    the database; of the other three nothing is said that is not there.
    """

    database: str
    zone: str
    screen: str
    state: tuple[str, Role] = ("connecting", Role.MUTED)
    member: str | None = None
    view: str | None = None
    expiring: int = 0


def title_row(title: Title, width: int) -> Row:
    """The row of so many cells."""
    state, role = title.state
    dot = glyphs().dot
    right = safe(f"{title.database} {dot} {title.zone} {dot} ", limit=width)
    view_cells = 0 if title.view is None else len(_BETWEEN) + cells_of(safe(title.view, limit=width))
    needed = view_cells + len(_BETWEEN) + cells_of(right) + len(state) + 1
    ways = [_screens_row(title, width, *way) for way in ((True, True), (False, True), (False, False))]
    line = next((way for way in ways if way.used + needed <= width), ways[-1])
    if title.member is not None:  # where there is room beside all else
        member = safe(f"{title.member} {dot} ", limit=width)
        if line.used + needed + cells_of(member) + 2 <= width:
            right = member + right
    if title.view is not None:
        line.add(_BETWEEN).add(title.view, Role.TITLE, until=width - len(state) - 4)
    start = width - 1 - cells_of(right) - len(state)
    if start > line.used + 2:
        line.at(start).add(right, Role.MUTED).add(state, role)
    elif line.room > len(state) + 2:
        line.right(state, role, end=width - 1)
    return line.row()


def _screens_row(title: Title, width: int, has_titles: bool, has_others: bool) -> Line:
    """The program and its screens: all by their titles, the others by their numbers, or the present one alone."""
    line = Line(width).at(1).add("auditdeck", Role.ACCENT, bold=True)
    for screen in SCREENS:
        is_here = screen.id == title.screen
        if not is_here and (not has_others or not may(screen.needed)):
            continue
        line.add(_BETWEEN).add(screen.key, Role.MUTED)
        if is_here:
            line.add(" ").add(screen.title, Role.TITLE, bold=True, underline=True)
        elif has_titles:
            line.add(f" {screen.title}", Role.MUTED)
        _add_mark(line, screen, title.expiring)
    return line


def _add_mark(line: Line, screen: NumberedScreen, expiring: int) -> None:
    if screen.id == _EXPIRING_AT and expiring:
        line.add(f" {expiring}!", Role.DENIED, bold=True)
