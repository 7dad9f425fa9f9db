"""What stands between cards: the headings of days, and the rule where a view was left."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tui.glyphs import glyphs
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import moment_text, weekday_text


def heading_row(day: date, today: date, width: int) -> Row:
    """`Today  Thu 20 Nov 2026 ────`, on a row of that many cells."""
    name = {today: "Today", today - timedelta(days=1): "Yesterday"}.get(day)
    line = Line(width).at(1)
    if name is not None:
        line.add(name, Role.TITLE, bold=True).add("  ").add(weekday_text(day), Role.MUTED)
    else:
        line.add(weekday_text(day), Role.TITLE, bold=True)
    line.add("  ")
    return line.add(glyphs().rule * max(width - 1 - line.used, 0), Role.RULE).row()


def read_to_row(left_at: datetime, zone: ZoneInfo, width: int) -> Row:
    """`── read to here, 19 Nov 17:02 ────`, on a row of that many cells; `left_at` is when the reader stopped there."""
    line = Line(width).at(1).add(glyphs().rule * 2, Role.RULE)
    line.add(f" read to here, {moment_text(left_at, zone)} ", Role.ACCENT)
    return line.add(glyphs().rule * max(width - 1 - line.used, 0), Role.RULE).row()
