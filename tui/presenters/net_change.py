"""A net change as rows: what began and ended, each field before and after, and who made the last change of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from data.catalogue import CATALOGUE
from data.clock import from_microseconds
from data.net_change import Deed, Fact, FieldChange, NetChange
from data.query import Window
from tui.glyphs import glyphs
from tui.presenters.list_change import ListChange
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text, day_text, field_text, minute_text, value_text
from tui.terminal import cells_of, safe, wrap

_LABEL_AT = 2
_VALUE_AT = 18
_MOST_CHARACTERS = 2_000
_MICROSECOND = timedelta(microseconds=1)
# Of a list so many items that came and that went; the events have all of them.
_MOST_ITEMS = 30


@dataclass(frozen=True, slots=True)
class NetChangeState:
    """What the pane shows: whose net change over which time, and either that or what is said in its place."""

    name: str
    window: Window
    net: NetChange | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeKey:
    """A row to stand on, and the event that it leads to."""

    number: int
    event_id: UUID


PaneRows = tuple[tuple[Row, ...], ChangeKey | None]
_Said = tuple[str, Role]


def net_change_rows(state: NetChangeState, width: int, zone: ZoneInfo) -> list[PaneRows]:
    """All rows, `width` cells wide: the heading, and each thing's facts and fields."""
    rows: list[PaneRows] = [(_head(state, width, zone), None)]
    texts = state.said
    if state.net is not None and not state.net.events:
        texts = (f"No event that succeeded changed {state.name} then.",)
    for text in texts:
        rows.append((((), *_wrapped(text, _LABEL_AT, width, Role.TEXT)), None))
    sections = () if state.net is None else _sections(state.net, width, zone)
    for heading, items in sections:
        rows.append((((), _heading(heading, width)), None))
        rows.extend((lines, ChangeKey(len(rows) + number, deed.event_id)) for number, (lines, deed) in enumerate(items))
    return rows


def period_text(window: Window, zone: ZoneInfo) -> str:
    """`from 1 Mar 2026 until 31 May 2026 UTC`, both included; to the minute where a bound is no midnight."""
    start, end = window.start_us, window.end_us
    if start is not None and end is not None and end <= start:
        return "over no time at all"
    first = None if start is None else from_microseconds(start).astimezone(zone)
    after = None if end is None else from_microseconds(end).astimezone(zone)
    if first is None and after is None:
        return "over all time"
    begins = "" if first is None else _bound_text(first, first)
    if after is None:
        return f"since {begins} {first:%Z}"
    last = after - _MICROSECOND
    ends, named = _bound_text(after, last), last.tzname()
    if first is None:
        return f"until {ends} {named}"
    return f"on {begins} {named}" if begins == ends else f"from {begins} until {ends} {named}"


def _bound_text(bound: datetime, shown: datetime) -> str:
    """`shown` as a day if the bound is a midnight."""
    return (
        day_text(shown) if bound.hour == bound.minute == 0 and not bound.second else f"{day_text(shown)} {shown:%H:%M}"
    )


def _head(state: NetChangeState, width: int, zone: ZoneInfo) -> tuple[Row, ...]:
    """On one row what has room on one; else when on a second one."""
    title = f"{safe(state.name, limit=width)}, net change"
    rest = period_text(state.window, zone)
    if state.net is not None:
        events = "1 event" if state.net.events == 1 else f"{count_text(state.net.events)} events"
        rest = f"{rest} {glyphs().dot} {events}"
    line = Line(width).at(1).add(title, Role.TITLE, bold=True)
    if line.used + 1 + cells_of(rest) < width:
        return (line.add(" ").add(rest, Role.MUTED).row(),)
    return (line.row(), Line(width).at(1).add(rest, Role.MUTED).row())


def _sections(net: NetChange, width: int, zone: ZoneInfo) -> Iterator[tuple[str, list[tuple[tuple[Row, ...], Deed]]]]:
    """Headings with their rows, each with the deed that it leads to."""
    subject = net.subject
    facts = [(_fact_rows(fact, width, zone), fact.last) for fact in subject.facts]
    changed = [(_field_rows(one, width, zone), one.last) for one in subject.fields if not one.is_back]
    back = [(_field_rows(one, width, zone), one.last) for one in subject.fields if one.is_back]
    for heading, items in (("What happened", facts), ("Changed", changed), ("Changed and changed back", back)):
        if items:
            yield heading, items
    for token in net.tokens:
        items = [(_fact_rows(fact, width, zone), fact.last) for fact in token.facts]
        items += [(_field_rows(one, width, zone), one.last) for one in token.fields]
        yield f"Token {token.thing.label}", items


def _heading(text: str, width: int) -> Row:
    line = Line(width).at(1).add(text, Role.MUTED, until=width - 3, bold=True).add("  ")
    return line.add(glyphs().rule * max(width - line.used - 1, 0), Role.RULE).row()


def _fact_rows(fact: Fact, width: int, zone: ZoneInfo) -> tuple[Row, ...]:
    times = "" if fact.times == 1 else f", {count_text(fact.times)} times, the last"
    said = f"{CATALOGUE.describe(fact.type).done}{times} {_by(fact.last, zone)}"
    return _wrapped(said, _LABEL_AT, width, Role.TEXT)


def _field_rows(one: FieldChange, width: int, zone: ZoneInfo) -> tuple[Row, ...]:
    rows: list[Row] = []
    label = field_text(one.field)
    for pieces in (*_value_pieces(one, width - _VALUE_AT - 1), *_notes(one, zone)):
        text_of_all = "".join(text for text, _ in pieces)
        room = width - _VALUE_AT - 1
        fits = len(pieces) > 1 or cells_of(safe(text_of_all, limit=4 * room)) <= room
        for parts in [pieces] if fits else [((part, pieces[0][1]),) for part in _lines(text_of_all, room)]:
            line = Line(width).at(_LABEL_AT).add(label, Role.FAINT, until=_VALUE_AT - 1).at(_VALUE_AT)
            label = ""
            for text, role in parts:
                line.add(text, role)
            rows.append(line.row())
    return tuple(rows)


def _value_pieces(one: FieldChange, room: int) -> Iterator[tuple[_Said, ...]]:
    """The value before and after: side by side where both fit in so many cells."""
    if one.is_back:
        yield ((value_text(one.after), Role.TEXT),)
        return
    removed = f"{glyphs().removed} "
    if isinstance(one.before, list) and isinstance(one.after, list):
        lists = ListChange.between(one.before, one.after)
        for sign, items, role in ((removed, lists.removed, Role.BEFORE), ("+ ", lists.added, Role.AFTER)):
            for item in items[:_MOST_ITEMS]:
                yield ((sign + value_text(item), role),)
            if len(items) > _MOST_ITEMS:
                yield ((f"{sign}{count_text(len(items) - _MOST_ITEMS)} more", role),)
        if lists.kept:
            moved = "" if lists.removed or lists.added else ", in another order"
            yield ((f"{count_text(len(lists.kept))} unchanged{moved}", Role.FAINT),)
        return
    before, after = (value_text(value) for value in (one.before, one.after))
    arrow = f" {glyphs().arrow} "
    if sum(cells_of(safe(text, limit=4 * room)) for text in (before, arrow, after)) <= room:
        yield ((before, Role.BEFORE), (arrow, Role.FAINT), (after, Role.AFTER))
    else:
        yield ((removed + before, Role.BEFORE),)
        yield (("+ " + after, Role.AFTER),)


def _notes(one: FieldChange, zone: ZoneInfo) -> Iterator[tuple[_Said, ...]]:
    """How often it changed and who did it last; and where the log does not fit together."""
    times = "1 change," if one.times == 1 else f"{count_text(one.times)} changes, the last"
    yield ((f"{times} {_by(one.last, zone)}", Role.MUTED),)
    gap = one.first_gap
    if gap is not None:
        more = "" if one.gaps == 1 else f" So it is {count_text(one.gaps)} times in all."
        found, left = (value_text(value) for value in (gap.found, gap.left))
        said = f"The log has a gap here: the change {_by(gap.at, zone)} found {found}, but the one before left {left}."
        yield ((f"{said}{more}", Role.DENIED),)


def _by(deed: Deed, zone: ZoneInfo) -> str:
    return f"by {deed.actor.label} on {minute_text(deed.occurred_at, zone)}"


def _wrapped(text: str, at: int, width: int, role: Role) -> tuple[Row, ...]:
    return tuple(Line(width).at(at).add(part, role).row() for part in _lines(text, width - at - 1))


def _lines(text: str, cells: int) -> list[str]:
    return wrap(safe(text, limit=_MOST_CHARACTERS), max(cells, 8))
