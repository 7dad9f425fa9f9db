"""What panes that show all of one thing have in common: sections, values under labels, and events about the thing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from data.records import Event, Outcome
from tui.glyphs import glyphs
from tui.presenters.card import actor_of, card_mark, outcome_mark, title_of
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import clock_text, field_text, moment_text, short_day_text
from tui.terminal import safe, wrap

LABEL_AT, VALUE_AT = 2, 14
"""The cells where labels and values begin."""

# Where there is little room, of a moment the day is told alone, or the time of today.
_ROOM_FOR_TIMES = 60
_MOST_CHARACTERS = 4_000
_MOST_CHANGED = 4


@dataclass(frozen=True, slots=True)
class DetailSection:
    """The key of a row that leads nowhere by itself: which part of the thing it belongs to, and its number there."""

    part: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class EventRow:
    """The key of a row that is an event, of the request log (`is_request`) or of the change log."""

    event: Event
    is_request: bool


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest events about a thing, newest first, and of an API client its newest requests; None while they are not known.

    With a `problem` they could not be read; where only one of the two could not, `problems` has it by its name.
    """

    events: tuple[Event, ...] | None = None
    requests: tuple[Event, ...] | None = None
    problem: str | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


NOTHING_YET = Newest()
DetailKey = DetailSection | EventRow | None


def value_rows(label: str, text: str, role: Role, width: int) -> Iterator[Row]:
    """A value under its label, on as many rows as it takes."""
    lines = wrap(safe(text, limit=_MOST_CHARACTERS), max(width - VALUE_AT - 1, 1))
    for number, part in enumerate(lines):
        line = Line(width).at(LABEL_AT)
        if number == 0:
            line.add(label, Role.FAINT, until=VALUE_AT - 1)
        yield line.at(VALUE_AT).add(part, role).row()


def heading_rows(text: str, key: str | None, width: int) -> tuple[Row, ...]:
    """What a section begins with; `key` leads to more of it."""
    line = Line(width).at(1).add(text, Role.MUTED, bold=True)
    if key:
        line.add("  ").add(key, Role.ACCENT)
    line.add("  ")
    return (), line.add(glyphs().rule * max(width - line.used - 1, 0), Role.RULE).row()


def words_row(text: str, width: int) -> Row:
    """A section that has nothing in it says so."""
    return Line(width).at(LABEL_AT).add(text, Role.FAINT).row()


def event_rows(
    found: Sequence[Event] | None,
    problem: str | None,
    part: str,
    width: int,
    now: datetime,
    zone: ZoneInfo,
    *,
    about: str | None = None,
) -> Iterator[tuple[tuple[Row, ...], DetailKey]]:
    """The newest events, or why they are not known; None while they are not known yet.

    With the id of the thing that they are `about`, each names the other thing that had a part in it.
    """
    if problem is not None and found is None:
        yield (Line(width).at(LABEL_AT).add(problem, Role.FAILURE).row(),), DetailSection(part)
    elif found is None:
        yield (words_row(glyphs().pending, width),), None
    elif not found:
        yield (words_row("none", width),), DetailSection(part)
    else:
        for event in found:
            is_request = part == "requests"
            row = _request_row(event, width, now, zone) if is_request else _change_row(event, width, now, zone, about)
            yield (row,), EventRow(event, is_request)


def _begun(event: Event, width: int, now: datetime, zone: ZoneInfo) -> Line:
    """A row with the moment of an event in it."""
    moment = event.occurred_at.astimezone(zone)
    is_wide = width >= _ROOM_FOR_TIMES
    if is_wide:
        text = moment_text(moment, zone)
    elif moment.date() == now.astimezone(zone).date():
        text = clock_text(moment, zone)[:5]
    else:
        text = short_day_text(moment)
    return Line(width - 1).at(LABEL_AT).add(text, Role.MUTED).at(15 if is_wide else 9)


def _change_row(event: Event, width: int, now: datetime, zone: ZoneInfo, about: str | None) -> Row:
    line = _begun(event, width, now, zone)
    mark, look = card_mark(event)
    if mark:
        line.add(mark, look, bold=True).add(" ")
    line.add(title_of(event), Role.TITLE, bold=True)
    other = _other_name(event, about)
    if other:
        line.add("  ").add(other, Role.TEXT)
    changed = [field_text(change.field) for change in event.changes]
    if changed and event.type.endswith(".updated"):
        more = f" +{len(changed) - _MOST_CHANGED}" if len(changed) > _MOST_CHANGED else ""
        line.add("  ").add(", ".join(changed[:_MOST_CHANGED]) + more, Role.TEXT)
    return line.add("  ").add(actor_of(event), Role.MUTED).row()


def _other_name(event: Event, about: str | None) -> str:
    """Whom or what else an event is about than this thing: the role of a member's grant, the member of a role's."""
    if about is None:
        return ""
    if event.target is not None and event.target.id != about:
        return event.target.label
    named = event.data.get("grantee_name") or event.data.get("member_name")
    return named if isinstance(named, str) else ""


def _request_row(event: Event, width: int, now: datetime, zone: ZoneInfo) -> Row:
    line = _begun(event, width, now, zone)
    status = event.data.get("status")
    how = str(status) if isinstance(status, int) else event.outcome.value
    mark = outcome_mark(event.outcome)
    line.add(f"{mark or ' '} {how}", _outcome_role(event)).add("  ")
    line.add(event.target.label if event.target is not None else title_of(event), Role.TEXT)
    taken = "" if event.duration_ms is None else f"  {event.duration_ms} ms"
    service = f"  {event.service}" if event.service else ""
    return line.add(f"{service}{taken}", Role.MUTED).row()


def _outcome_role(event: Event) -> Role:
    return {Outcome.DENIED: Role.DENIED, Outcome.FAILURE: Role.FAILURE}.get(event.outcome, Role.FAINT)
