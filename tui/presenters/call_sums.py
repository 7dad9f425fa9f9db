"""Calls summed up by client, service or action as a table: how many, how many failed, how long they took, which was last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.answers import CallGroup, Dimension
from data.unusual import Finding, UnusualKind
from tui.glyphs import glyphs
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text, short_day_text
from tui.terminal import cells_of, safe

_MARK_AT = 1
_NAME_AT = 3
# From these widths on, in cells, there is room for the columns that can be done without.
_NEWEST_FROM, _MEDIAN_FROM = 52, 64
MOST_WIDTH = 116
"""Wider than this, the eye would have to travel between the columns."""
_NEWEST, _CALLS, _ERRORS, _DURATION = 8, 9, 12, 9

NAMES = {Dimension.CLIENT: "Client", Dimension.SERVICE: "Service", Dimension.TARGET: "Action"}
"""What one of the things is called that calls are summed up by."""

WORDS = {
    UnusualKind.CALLS: "calls",
    UnusualKind.ERRORS: "errors",
    UnusualKind.DURATION: "p95",
    UnusualKind.ADDRESS: "new address",
    UnusualKind.SILENCE: "silent",
}
"""What is unusual, in a word."""


class SumOrder(StrEnum):
    """What a table of sums is sorted by. The value heads its column."""

    CALLS = "calls"
    ERRORS = "errors"
    P95 = "p95"
    NAME = "name"

    @property
    def next(self) -> "SumOrder":
        """The one after it, round and round."""
        every = list(SumOrder)
        return every[(every.index(self) + 1) % len(every)]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The cells at which each column ends; None for one that has no room."""

    name: int
    calls: int
    errors: int
    p50: int | None
    p95: int
    newest: int | None

    @classmethod
    def of(cls, width: int) -> "_Columns":
        end = min(width, MOST_WIDTH) - 1
        newest = end if width >= _NEWEST_FROM else None
        p95 = end - (0 if newest is None else _NEWEST)
        p50 = p95 - _DURATION if width >= _MEDIAN_FROM else None
        errors = p95 - _DURATION - (0 if p50 is None else _DURATION)
        calls = errors - _ERRORS
        return cls(calls - _CALLS, calls, errors, p50, p95, newest)


def sorted_groups(groups: Iterable[CallGroup], order: SumOrder) -> list[CallGroup]:
    """The groups with the most of it first, or by name; what is alike stays as it was."""
    match order:
        case SumOrder.CALLS:
            return sorted(groups, key=lambda group: -group.calls)
        case SumOrder.ERRORS:
            return sorted(groups, key=lambda group: -group.errors)
        case SumOrder.P95:
            return sorted(groups, key=lambda group: -1 if group.p95_ms is None else group.p95_ms, reverse=True)
        case SumOrder.NAME:
            return sorted(groups, key=lambda group: group.label.casefold())


def unusual_of(group: CallGroup, dimension: Dimension, findings: Iterable[Finding]) -> tuple[UnusualKind, ...]:
    """What is unusual about these calls, each kind once. Nothing is known of single actions."""
    kinds: dict[UnusualKind, None] = {}
    for finding in findings:
        client = finding.client
        is_client = client.id == group.id and (client.id is not None or client.label == group.label)
        if (dimension is Dimension.CLIENT and is_client) or (
            dimension is Dimension.SERVICE and finding.service == group.label
        ):
            kinds[finding.kind] = None
    return tuple(kinds)


def sum_head(dimension: Dimension, order: SumOrder, width: int) -> Row:
    """The names of the columns; that of the order stands out, with a mark."""
    columns = _Columns.of(width)
    line = Line(width).at(_NAME_AT)
    name = NAMES[dimension]
    _add_head(line, name, order is SumOrder.NAME, None)
    _add_head(line, "calls", order is SumOrder.CALLS, columns.calls)
    _add_head(line, "errors", order is SumOrder.ERRORS, columns.errors)
    if columns.p50 is not None:
        _add_head(line, "p50", False, columns.p50)
    _add_head(line, "p95", order is SumOrder.P95, columns.p95)
    if columns.newest is not None:
        _add_head(line, "newest", False, columns.newest)
    return line.row()


def sum_row(
    group: CallGroup, unusual: Collection[UnusualKind], now: datetime, width: int, zone: ZoneInfo
) -> tuple[Row, ...]:
    """The row of one group; beside its name what is unusual about it, with a mark before it."""
    columns = _Columns.of(width)
    line = Line(width)
    if unusual:
        line.at(_MARK_AT).add("!", Role.DENIED, bold=True)
    until = columns.name - 1
    room = until - _NAME_AT
    words = _fitting_words(unusual, room - 2 - min(cells_of(safe(group.label, limit=room)), room // 2))
    name_until = until - (cells_of(words) + 2 if words else 0)
    line.at(_NAME_AT).add(group.label, Role.TITLE, until=name_until, bold=bool(unusual))
    if words:
        line.add("  ").add(words, Role.DENIED, until=until)
    line.right(count_text(group.calls), Role.TEXT, end=columns.calls)
    if group.errors:
        share = f"{group.errors / group.calls:.0%}"
        share = share if share != "0%" else "<1%"
        line.right(count_text(group.errors), Role.FAILURE, end=columns.errors - 5)
        line.right(share, Role.MUTED, end=columns.errors)
    else:
        line.right("0", Role.FAINT, end=columns.errors - 5)
    if columns.p50 is not None:
        line.right(duration_text(group.p50_ms), Role.MUTED, end=columns.p50)
    line.right(duration_text(group.p95_ms), Role.TEXT, end=columns.p95)
    if columns.newest is not None:
        line.right(_newest_text(group.newest, now, zone), Role.MUTED, end=columns.newest)
    return (line.row(),)


def more_row(shown: int, distinct: int, dimension: Dimension, width: int) -> Row:
    """Of how many there are only the first, by calls."""
    name = NAMES[dimension].lower()
    text = f"These are the {count_text(shown)} {name}s with the most calls, of {count_text(distinct)}."
    return Line(width).at(_NAME_AT).add(text, Role.MUTED).row()


def duration_text(milliseconds: int | None) -> str:
    """`87 ms`, `12.4 s`; a dash where nothing is known."""
    if milliseconds is None:
        return glyphs().dash
    return f"{count_text(milliseconds)} ms" if milliseconds < 10_000 else f"{milliseconds / 1000:,.1f} s"


def _fitting_words(unusual: Collection[UnusualKind], room: int) -> str:
    """All kinds in so many cells; else the first, with the number of the others where there is room for it."""
    words = [WORDS[kind] for kind in unusual]
    if not words:
        return ""
    ways = (", ".join(words), *([f"{words[0]} +{len(words) - 1}"] if len(words) > 1 else []), words[0])
    return next((way for way in ways if cells_of(way) <= room), "")


def _add_head(line: Line, text: str, is_order: bool, end: int | None) -> None:
    role = Role.TITLE if is_order else Role.MUTED
    if end is None:
        line.add(text, role, bold=is_order, underline=is_order)
    else:
        line.at(end - len(text)).add(text, role, bold=is_order, underline=is_order)


def _newest_text(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The time of today, the day of another day, the year of another year."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return short_day_text(local) if local.year == today.year else str(local.year)
