"""The list of views: a heading for each group, and for each view its name, its counts, its query and where one stopped."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from data.answers import ViewCounts
from data.views import ReadingMark, View, folded_name
from tui.glyphs import glyphs
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text, moment_text
from tui.terminal import cells_of

_NAME_AT = 2
_QUERY_AT = 4
_GROUPS = ("Yours", "Shared by others", "Built in")


def list_rows(
    views: Sequence[View],
    counts: Mapping[UUID, ViewCounts | None],
    marks: Mapping[UUID, ReadingMark],
    width: int,
    zone: ZoneInfo,
) -> Iterator[tuple[tuple[Row, ...], UUID | None]]:
    """Rows `width` cells wide, each group of them with the id of its view, or None for a heading.

    Counts that are not there yet are pending; with None, the view could not be counted. `marks` are newer than those of the views themselves.
    """
    heading = None
    for view in views:
        group = _group(view)
        if group != heading:
            above: tuple[Row, ...] = ((),) if heading is not None else ()
            yield (*above, Line(width).at(1).add(group, Role.TITLE, bold=True).row()), None
            heading = group
        yield tuple(_view_rows(view, counts, marks.get(view.id, view.mark), width, zone)), view.id


def narrowed(views: Sequence[View], text: str) -> tuple[View, ...]:
    """The views with this text in their name, query or owner's name, case ignored."""
    wanted = folded_name(text)
    return tuple(
        view for view in views if any(wanted in folded_name(part) for part in (view.name, view.text, view.owner or ""))
    )


def new_text(counts: ViewCounts) -> str | None:
    """`3 new`, `99+ new`; None where nothing is, or where the view was never read."""
    if not counts.new:
        return None
    return f"{count_text(counts.new)}{'+' if counts.has_more_new else ''} new"


def _group(view: View) -> str:
    if view.owner is None:
        return _GROUPS[2]
    return _GROUPS[0] if view.is_own else _GROUPS[1]


def _number(view: View, counts: Mapping[UUID, ViewCounts | None]) -> str:
    if view.id not in counts:
        return glyphs().pending
    counted = counts[view.id]
    return "?" if counted is None else count_text(counted.events)


def _view_rows(
    view: View, counts: Mapping[UUID, ViewCounts | None], mark: ReadingMark | None, width: int, zone: ZoneInfo
) -> Iterator[Row]:
    counted = counts.get(view.id)
    new = None if counted is None else new_text(counted)
    number = "" if view.problem is not None else _number(view, counts)
    badge = f" {new} " if new is not None else ""
    right = width - 1
    until = right - cells_of(number) - (cells_of(badge) + 1 if badge else 0) - 2
    first = Line(width).at(_NAME_AT).add(view.name, Role.TITLE, until=until, bold=True)
    tag = (
        f"by {view.owner}"
        if view.owner is not None and not view.is_own
        else "shared"
        if view.is_own and view.is_shared
        else ""
    )
    if tag:
        first.add("  ", until=until).add(tag, Role.MUTED, until=until)
    if badge:
        first.at(right - cells_of(number) - 1 - cells_of(badge)).add(badge, Role.ACCENT_BADGE, bold=True)
    yield first.right(number, Role.MUTED, end=right).row()
    stopped = "" if mark is None else f"read to {moment_text(mark.left_at, zone)}"
    second = Line(width).at(_QUERY_AT)
    second.add(view.text, Role.MUTED, until=right - (cells_of(stopped) + 2 if stopped else 0))
    yield second.right(stopped, Role.FAINT, end=right).row()
    if view.problem is not None:
        yield Line(width).at(_QUERY_AT).add(view.problem, Role.FAILURE, until=right).row()
