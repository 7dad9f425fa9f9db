"""All of an API client: its fields, its tokens, and what was last done to it and by it."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, ClientStatus, Token
from tui.presenters.ages import ago_text, days_text
from tui.presenters.client_table import STATUS_ROLES
from tui.presenters.detail_sections import (
    LABEL_AT,
    DetailKey,
    DetailSection,
    Newest,
    event_rows,
    heading_rows,
    value_rows,
    words_row,
)
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import (
    NOT_SET,
    day_text,
    minute_text,
    moment_text,
    weekday_text,
)
from tui.terminal import safe, wrap


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
        yield tuple(value_rows(label, text, role, width)), DetailSection("facts", number)
    yield heading_rows("Tokens", keys.get("tokens"), width), None
    if not client.tokens:
        yield (words_row("none was ever issued", width),), DetailSection("tokens")
    for number, token in enumerate(reversed(client.tokens)):
        yield tuple(_token_rows(client, token, width, now, zone)), DetailSection("tokens", number)
    yield heading_rows("Recent changes", keys.get("changes"), width), None
    yield from event_rows(newest.events, newest.problems.get("changes", newest.problem), "changes", width, now, zone)
    yield heading_rows("Recent requests", keys.get("requests"), width), None
    yield from event_rows(
        newest.requests, newest.problems.get("requests", newest.problem), "requests", width, now, zone
    )


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


def _token_rows(client: ApiClient, token: Token, width: int, now: datetime, zone: ZoneInfo) -> Iterator[Row]:
    is_live = client.status(now, zone).is_live and token.is_live(now, zone)
    line = Line(width - 1).at(LABEL_AT).add(token.public_id, Role.TEXT if is_live else Role.MUTED, bold=is_live)
    yield line.add("  ").add(token_words(token, client, now, zone), Role.TEXT if is_live else Role.MUTED).row()
    below = f"issued {moment_text(token.issued_at, zone)}, {use_words(token, now)}"
    for part in wrap(safe(below), max(width - LABEL_AT - 3, 1)):
        yield Line(width).at(LABEL_AT + 2).add(part, Role.MUTED).row()
