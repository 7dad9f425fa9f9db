"""API clients and their tokens as plain text: a table of many, all of one, and how a token stands."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from data.clients.changes import field_values
from data.clients.model import ApiClient, ClientList, ClientStatus, Token
from data.clients.standing import TokenStanding, refusal_of
from tui.glyphs import glyphs
from tui.presenters.ages import ago_text, days_text
from tui.presenters.labelled import labelled_lines
from tui.presenters.plain_table import LONGEST_CELL, Column, Table, plain_table
from tui.presenters.values import NOT_SET, minute_text, value_text
from tui.terminal import safe

_EXPENDABLE = ("id", "scopes", "last used", "owner", "expires")
"""What a narrow terminal goes without, in this order, before a line would need two rows."""


def client_table(found: ClientList, shown_in: ZoneInfo, width: int | None = None) -> Table:
    """The clients in their order: for a terminal of `width` cells, or whole, with times of `shown_in`, for any reader."""
    columns = (
        Column("name", least=12),
        Column("id"),
        Column("owner", least=10),
        Column("status"),
        Column("expires"),
        Column("ends"),
        Column("scopes", least=12),
        Column("last used"),
    )
    rows = [_cells(client, found, shown_in, whole_time=width is None) for client in found.clients]
    return plain_table(columns, rows, width, _EXPENDABLE)


def client_lines(client: ApiClient, now: datetime, zone: ZoneInfo, shown_in: ZoneInfo) -> Iterator[str]:
    """All of a client and its tokens; times are shown in `shown_in`, days are those of the organisation's `zone`."""
    yield safe(client.name)
    yield ""
    yield from labelled_lines(list(_facts(client, now, zone, shown_in)))
    yield ""
    yield "Tokens"
    yield from labelled_lines(
        [(token.public_id, _token_words(client, token, now, zone, shown_in)) for token in client.tokens]
    )


def standing_lines(standing: TokenStanding, shown_in: ZoneInfo) -> Iterator[str]:
    """Whose a known token is, and how it stands."""
    client, token = standing.client, standing.token
    if client is None or token is None:
        return
    now, zone = standing.now, standing.zone
    named = f"{client.name} ({client.id})"
    yield from labelled_lines(
        [
            ("token", standing.public_id),
            ("client" if standing.is_proven else "named client", named),
            ("the client is", _status_words(client, now, zone)),
            ("owner", client.details.owner or NOT_SET),
            ("the token", _token_words(client, token, now, zone, shown_in)),
            ("scopes", " ".join(client.details.scopes) or NOT_SET),
            ("networks", " ".join(client.details.networks) or "from anywhere"),
        ]
    )


def changed_lines(before: ApiClient, after: ApiClient) -> Iterator[str]:
    """What became of a client between two looks at it, a field a line."""
    earlier, later = field_values(before.details), field_values(after.details)
    for field, value in later.items():
        if earlier[field] != value:
            yield safe(f"{field}: {value_text(earlier[field])} {glyphs().arrow} {value_text(value)}")
    ids = [{token.public_id for token in client.tokens} for client in (before, after)]
    for public_id in sorted(ids[1] - ids[0]):
        yield f"token {public_id} was issued"
    for token in after.tokens:
        if before.token(token.public_id) not in (None, token):
            yield f"token {token.public_id} was changed"


def last_use_words(client: ApiClient, now: datetime, zone: ZoneInfo) -> str:
    """What stops working with a client: `1 token that works, last used 3 min ago`."""
    live = client.live_tokens(now, zone)
    tokens = "1 token that works" if len(live) == 1 else f"{len(live) or 'no'} tokens that work"
    used = client.last_used_at
    return f"{tokens}, {'never used' if used is None else f'last used {ago_text(used, now)}'}"


def _cells(client: ApiClient, found: ClientList, shown_in: ZoneInfo, *, whole_time: bool) -> tuple[str, ...]:
    used = client.last_used_at
    if used is None:
        last_used = "never"
    elif whole_time:
        last_used = used.astimezone(shown_in).isoformat(timespec="seconds")
    else:
        last_used = ago_text(used, found.now)
    details = client.details
    texts = (client.name, client.id, details.owner)
    return (
        *(safe(text, limit=LONGEST_CELL) for text in texts),
        client.status(found.now, found.zone).value,
        details.expires.isoformat(),
        _left_words(client, found.now, found.zone),
        safe(" ".join(details.scopes), limit=LONGEST_CELL),
        last_used,
    )


def _left_words(client: ApiClient, now: datetime, zone: ZoneInfo) -> str:
    """In how many days it ends by itself; that goes without saying for one that was ended otherwise."""
    if client.status(now, zone) in (ClientStatus.REVOKED, ClientStatus.DELETED):
        return ""
    return days_text(client.days_left(now, zone))


def _end_words(client: ApiClient, now: datetime, zone: ZoneInfo) -> str:
    left = _left_words(client, now, zone)
    return f"{client.details.expires}{f' {left}' if left else ''}"


def _status_words(client: ApiClient, now: datetime, zone: ZoneInfo) -> str:
    status = client.status(now, zone)
    if status in (ClientStatus.REVOKED, ClientStatus.DELETED):
        return status.value
    return f"{status.value}; its last day is {_end_words(client, now, zone)} ({zone.key})"


def _facts(client: ApiClient, now: datetime, zone: ZoneInfo, shown_in: ZoneInfo) -> Iterator[tuple[str, str]]:
    details = client.details
    yield "status", client.status(now, zone).value
    yield "expires", f"{_end_words(client, now, zone)}, through the end of the day, {zone.key}"
    if client.revoked_at is not None:
        yield "revoked", _moment(client.revoked_at, shown_in, f"by {client.revoked_by}" if client.revoked_by else "")
        yield "reason", client.revoke_reason or NOT_SET
    if client.deleted_at is not None:
        yield "deleted", _moment(client.deleted_at, shown_in)
    yield "owner", details.owner or NOT_SET
    yield "description", details.description or NOT_SET
    yield "scopes", " ".join(details.scopes) or NOT_SET
    yield "networks", " ".join(details.networks) or "from anywhere"
    yield "last used", ago_text(client.last_used_at, now)
    yield "created", _moment(client.created_at, shown_in)
    yield "id", client.id


def _token_words(client: ApiClient, token: Token, now: datetime, zone: ZoneInfo, shown_in: ZoneInfo) -> str:
    """`works through 2026-12-01, in 5 days; issued 20 Nov 2026 14:02 CET; last used 3 min ago from 198.51.100.7`."""
    if token.last_used_at is None:
        used = "never used"
    else:
        source = f" from {token.last_used_ip}" if token.last_used_ip else ""
        used = f"last used {ago_text(token.last_used_at, now)}{source}"
    return f"{_life_words(client, token, now, zone, shown_in)}; issued {_moment(token.issued_at, shown_in)}; {used}"


def _life_words(client: ApiClient, token: Token, now: datetime, zone: ZoneInfo, shown_in: ZoneInfo) -> str:
    if token.ended_at is not None:
        reason = f": {token.end_reason}" if token.end_reason else ""
        return f"ended {_moment(token.ended_at, shown_in)}{reason}"
    if not token.is_live(now, zone):
        return f"ended with {token.overlap_ends}, its last day beside the one that replaced it"
    if refusal_of(client, token, now, zone) is not None:
        return f"does not work: the client is {client.status(now, zone).value}"
    if token.overlap_ends is not None:
        return f"works through {token.overlap_ends}, {days_text(_days_between(now, token.overlap_ends, zone))}"
    return "works"


def _days_between(now: datetime, day: date, zone: ZoneInfo) -> int:
    return (day - now.astimezone(zone).date()).days


def _moment(moment: datetime, zone: ZoneInfo, more: str = "") -> str:
    return f"{minute_text(moment, zone)} {more}".rstrip()
