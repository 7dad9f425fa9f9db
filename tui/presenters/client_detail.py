"""All of an API client: its fields, its tokens, and what was last done to it and by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, ClientStatus, Token
from data.records import Event, Outcome
from tui.glyphs import glyphs
from tui.presenters.ages import ago_text, days_text
from tui.presenters.card import outcome_mark, title_of
from tui.presenters.client_table import STATUS_ROLES
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import (
    NOT_SET,
    clock_text,
    day_text,
    field_text,
    minute_text,
    moment_text,
    short_day_text,
    weekday_text,
)
from tui.terminal import safe, wrap

_LABEL_AT, _VALUE_AT = 2, 14
# Where there is little room, of a moment the day is told alone, or the time of today.
_ROOM_FOR_TIMES = 60
_MOST_CHARACTERS = 4_000
_MOST_CHANGED = 4


@dataclass(frozen=True, slots=True)
class DetailSection:
    """The key of a row that leads nowhere by itself: which part of the client it belongs to, and its number there."""

    part: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class EventRow:
    """The key of a row that is an event, of the request log (`is_request`) or of the change log."""

    event: Event
    is_request: bool


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest events about a client, newest first, and its newest requests; None while they are not known.

    With a `problem` they could not be read.
    """

    events: tuple[Event, ...] | None = None
    requests: tuple[Event, ...] | None = None
    problem: str | None = None


NOTHING_YET = Newest()
DetailKey = DetailSection | EventRow | None


def detail_head_row(client: ApiClient, now: datetime, zone: ZoneInfo, width: int) -> Row:
    """Its name and how it stands."""
    status = client.status(now, zone)
    line = Line(width).at(1).add(client.name, Role.TITLE, until=width - len(status.value) - 4, bold=True)
    return line.add("  ").add(status.value, STATUS_ROLES[status]).row()


def client_detail_rows(
    client: ApiClient, newest: Newest, width: int, now: datetime, zone: ZoneInfo, keys: dict[str, str]
) -> Iterator[tuple[tuple[Row, ...], DetailKey]]:
    """Rows `width` cells wide, each group of them with its key, or None for a heading.

    `keys` are the keys that a heading names, by the section's name.
    """
    for number, (label, text, role) in enumerate(_facts(client, now, zone)):
        yield tuple(_value_rows(label, text, role, width)), DetailSection("facts", number)
    yield _heading("Tokens", keys.get("tokens"), width), None
    if not client.tokens:
        yield (_words("none was ever issued", width),), DetailSection("tokens")
    for number, token in enumerate(reversed(client.tokens)):
        yield tuple(_token_rows(client, token, width, now, zone)), DetailSection("tokens", number)
    yield _heading("Recent changes", keys.get("changes"), width), None
    yield from _event_rows(newest.events, newest.problem, "changes", width, now, zone)
    yield _heading("Recent requests", keys.get("requests"), width), None
    yield from _event_rows(newest.requests, newest.problem, "requests", width, now, zone)


def token_words(token: Token, client: ApiClient, now: datetime, zone: ZoneInfo) -> str:
    """How a token stands: `works`, `works through 27 Nov 2026, in 7 days`, `ended 3 days ago: leaked`."""
    if token.ended_at is not None:
        reason = f": {token.end_reason}" if token.end_reason else ""
        return f"ended {ago_text(token.ended_at, now)}{reason}"
    if token.overlap_ends is not None:
        left = (token.overlap_ends - now.astimezone(zone).date()).days
        until = f"{day_text(token.overlap_ends)}, {days_text(left)}"
        return f"overlap ended {until}" if not token.is_live(now, zone) else f"works through {until}"
    status = client.status(now, zone)
    return "works" if status.is_live else f"dead: the client is {status.value}"


def use_words(token: Token, now: datetime) -> str:
    """`last used 3 min ago from 198.51.100.7`."""
    if token.last_used_at is None:
        return "never used"
    source = f" from {token.last_used_ip}" if token.last_used_ip else ""
    return f"last used {ago_text(token.last_used_at, now)}{source}"


def _facts(client: ApiClient, now: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str, Role]]:
    details = client.details
    status = client.status(now, zone)
    if status is ClientStatus.REVOKED and client.revoked_at is not None:
        by = f" by {client.revoked_by}" if client.revoked_by else ""
        yield "revoked", f"{minute_text(client.revoked_at, zone)}{by}", Role.TEXT
        yield "reason", client.revoke_reason or NOT_SET, Role.TEXT
    left = days_text(client.days_left(now, zone))
    role = STATUS_ROLES[status] if status in (ClientStatus.EXPIRING, ClientStatus.EXPIRED) else Role.TEXT
    yield "expires", f"{weekday_text(details.expires)} 24:00 {zone.key}", role
    yield "", left, role
    yield "owner", details.owner or NOT_SET, Role.TEXT if details.owner else Role.FAINT
    if details.description:
        yield "description", details.description, Role.TEXT
    yield "scopes", "  ".join(details.scopes) or NOT_SET, Role.TEXT if details.scopes else Role.FAINT
    anywhere = "from anywhere"
    yield "networks", "  ".join(details.networks) or anywhere, Role.TEXT if details.networks else Role.FAINT
    yield "last used", ago_text(client.last_used_at, now), Role.TEXT
    yield "created", minute_text(client.created_at, zone), Role.TEXT
    yield "id", client.id, Role.MUTED


def _value_rows(label: str, text: str, role: Role, width: int) -> Iterator[Row]:
    lines = wrap(safe(text, limit=_MOST_CHARACTERS), max(width - _VALUE_AT - 1, 1))
    for number, part in enumerate(lines):
        line = Line(width).at(_LABEL_AT)
        if number == 0:
            line.add(label, Role.FAINT, until=_VALUE_AT - 1)
        yield line.at(_VALUE_AT).add(part, role).row()


def _heading(text: str, key: str | None, width: int) -> tuple[Row, ...]:
    line = Line(width).at(1).add(text, Role.MUTED, bold=True)
    if key:
        line.add("  ").add(key, Role.ACCENT)
    line.add("  ")
    return (), line.add(glyphs().rule * max(width - line.used - 1, 0), Role.RULE).row()


def _words(text: str, width: int) -> Row:
    return Line(width).at(_LABEL_AT).add(text, Role.FAINT).row()


def _token_rows(client: ApiClient, token: Token, width: int, now: datetime, zone: ZoneInfo) -> Iterator[Row]:
    is_live = client.status(now, zone).is_live and token.is_live(now, zone)
    line = Line(width - 1).at(_LABEL_AT).add(token.public_id, Role.TEXT if is_live else Role.MUTED, bold=is_live)
    yield line.add("  ").add(token_words(token, client, now, zone), Role.TEXT if is_live else Role.MUTED).row()
    below = f"issued {moment_text(token.issued_at, zone)}, {use_words(token, now)}"
    for part in wrap(safe(below), max(width - _LABEL_AT - 3, 1)):
        yield Line(width).at(_LABEL_AT + 2).add(part, Role.MUTED).row()


def _event_rows(
    found: Sequence[Event] | None, problem: str | None, part: str, width: int, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[tuple[Row, ...], DetailKey]]:
    if problem is not None and found is None:
        yield (Line(width).at(_LABEL_AT).add(problem, Role.FAILURE).row(),), DetailSection(part)
    elif found is None:
        yield (_words(glyphs().pending, width),), None
    elif not found:
        yield (_words("none", width),), DetailSection(part)
    else:
        for event in found:
            is_request = part == "requests"
            row = _request_row(event, width, now, zone) if is_request else _change_row(event, width, now, zone)
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
    return Line(width - 1).at(_LABEL_AT).add(text, Role.MUTED).at(15 if is_wide else 9)


def _change_row(event: Event, width: int, now: datetime, zone: ZoneInfo) -> Row:
    line = _begun(event, width, now, zone)
    mark = outcome_mark(event.outcome)
    if mark:
        line.add(mark, _outcome_role(event), bold=True).add(" ")
    line.add(title_of(event), Role.TITLE, bold=True)
    changed = [field_text(change.field) for change in event.changes]
    if changed and event.type.endswith(".updated"):
        more = f" +{len(changed) - _MOST_CHANGED}" if len(changed) > _MOST_CHANGED else ""
        line.add("  ").add(", ".join(changed[:_MOST_CHANGED]) + more, Role.TEXT)
    return line.add("  ").add(event.actor.label, Role.MUTED).row()


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
