"""The sidebar's rows: tabs, dates, other conditions, and each dimension's values with what the query says of them."""

from data.clock import from_microseconds
from data.query import EventQuery, Key
from data.query.editing import Choice
from tui.glyphs import glyphs
from tui.keymap import key_of
from tui.presenters.archive import last_day_text
from tui.presenters.condition_rows import condition_rows
from tui.presenters.dimension_rows import boxed, dimension_rows, heading_row, on_and_paused
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.sidebar_plan import SidebarPlan
from tui.presenters.sidebar_state import BLANK, ArchiveKey, DatesKey, SidebarRow, SidebarState, TabsKey
from tui.presenters.values import short_day_text


def filters_on(query: EventQuery) -> int:
    """How many conditions are on, besides what says how far is looked."""
    return len(query.conditions())


def sidebar_rows(state: SidebarState, plan: SidebarPlan, width: int) -> list[SidebarRow]:
    """All rows of the sidebar, top to bottom, `width` cells wide."""
    found = [SidebarRow((_head_row(state, width),)), BLANK]
    if plan.tabs:
        found += [SidebarRow((_tabs_row(state.filtering.query, plan, width),), TabsKey()), BLANK]
    found += [
        SidebarRow((heading_row("Dates", 0, "", width),)),
        SidebarRow((_dates_row(state, width, width - 2),), DatesKey()),
        SidebarRow((_archive_row(state, width),), ArchiveKey()),
        BLANK,
    ]
    others = condition_rows(state, plan, width)
    if others:
        found += [*others, BLANK]
    for heading in plan.headings:
        section = dimension_rows(state, heading, width)
        is_folded = len(section) == 1
        if is_folded or found[-1] is BLANK:
            found += section
        else:
            found += [BLANK, *section]
        if not is_folded:
            found.append(BLANK)
    return found


def _head_row(state: SidebarState, width: int) -> Row:
    line = Line(width).at(1).add("Filters", Role.TITLE, bold=True)
    words = on_and_paused(filters_on(state.filtering.query), len(state.filtering.paused))
    if not words:
        return line.row()
    line.add(f"  {words}", Role.ACCENT)
    clear = f"{key_of('sidebar.clear')} clear"
    return line.right(clear, Role.MUTED, end=width - 1).row() if line.room > len(clear) + 1 else line.row()


def _tabs_row(query: EventQuery, plan: SidebarPlan, width: int) -> Row:
    line = Line(width).at(1)
    for number, (name, _) in enumerate(plan.tabs):
        current = plan.is_on_tab(query, number)
        line.add("  " if number else "").add(
            name, Role.TITLE if current else Role.MUTED, bold=current, underline=current
        )
    return line.row()


def _dates_row(state: SidebarState, width: int, edge: int) -> Row:
    line = Line(width).at(1)
    first, last = state.window.start_us, state.window.end_us
    if first is not None and last is not None and last <= first:
        return line.add("no time in common", Role.DENIED).row()
    if first is None and last is None:
        return line.add("All time", Role.TITLE, bold=True).row()
    today = state.now.astimezone(state.zone)
    begins = None if first is None else from_microseconds(first).astimezone(state.zone)
    ends = today if last is None else from_microseconds(last - 1).astimezone(state.zone)
    if begins is None:
        return line.add(f"until {short_day_text(ends)} {ends.year}", Role.TITLE, bold=True).row()
    dash = glyphs().dash
    if begins.date() == ends.date():
        text = f"{short_day_text(begins)} {begins.year}"
    elif begins.year == ends.year == today.year:
        text = f"{short_day_text(begins)} {dash} {short_day_text(ends)}"
    else:
        text = f"{short_day_text(begins)} {begins.year % 100:02} {dash} {short_day_text(ends)} {ends.year % 100:02}"
    days = (ends.date() - begins.date()).days + 1
    line.add(text, Role.TITLE, bold=True)
    length = "1 day" if days == 1 else f"{days:,} days"
    if line.used + 1 + len(length) <= edge + 1:  # with years on both sides the dates take the row
        line.right(length, Role.MUTED, end=edge + 1)
    return line.row()


def _archive_row(state: SidebarState, width: int) -> Row:
    """A box, and the last day of which there is anything in the archive."""
    is_on = bool(state.filtering.query.of(Key.IN))
    line = boxed(width, Choice.ONLY if is_on else Choice.OFF, paused=False)
    line.add("Archive", Role.TITLE if is_on else Role.TEXT, bold=is_on)
    if state.live_since_us:
        line.add(f" to {last_day_text(state.live_since_us, state.zone)}", Role.MUTED)
    return line.row()
