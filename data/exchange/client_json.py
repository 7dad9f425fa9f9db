"""An API client as JSON: one object, every key always there, null or an empty list where there is nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, Token
from data.clients.standing import TokenStanding, refusal_of
from data.clock import to_text
from data.records import Json


def client_to_json(client: ApiClient, now: datetime, zone: ZoneInfo) -> dict[str, Json]:
    """The client as it stands at `now` in the organisation's zone, in the order in which the keys are documented.

    Times are RFC 3339 in UTC. `expires` is the last day on which it is valid, `ends_at` the first instant at which it is
    not; `days_left` is 0 on the last day and negative after it. No secret is in it.
    """
    details = client.details
    tokens: list[Json] = [_token_to_json(client, token, now, zone) for token in client.tokens]
    return {
        "id": client.id,
        "name": client.name,
        "description": details.description or None,
        "owner": details.owner or None,
        "status": client.status(now, zone).value,
        "expires": details.expires.isoformat(),
        "ends_at": to_text(client.ends_at(zone)),
        "days_left": client.days_left(now, zone),
        "scopes": [*details.scopes],
        "networks": [*details.networks],
        "created_at": to_text(client.created_at),
        "last_used_at": _time(client.last_used_at),
        "revoked_at": _time(client.revoked_at),
        "revoked_by": client.revoked_by,
        "revoke_reason": client.revoke_reason,
        "deleted_at": _time(client.deleted_at),
        "revision": client.revision,
        "tokens": tokens,
    }


def standing_to_json(standing: TokenStanding) -> dict[str, Json]:
    """What is known of a token: `refusal` is null while it works, else the code that a service's request log has."""
    client, token = standing.client, standing.token
    now, zone = standing.now, standing.zone
    return {
        "public_id": standing.public_id,
        "works": standing.refusal is None,
        "refusal": None if standing.refusal is None else standing.refusal.value,
        "proven": standing.is_proven,
        "token": None if client is None or token is None else _token_to_json(client, token, now, zone),
        "client": None if client is None else client_to_json(client, now, zone),
    }


def _token_to_json(client: ApiClient, token: Token, now: datetime, zone: ZoneInfo) -> dict[str, Json]:
    return {
        "public_id": token.public_id,
        "works": refusal_of(client, token, now, zone) is None,
        "issued_at": to_text(token.issued_at),
        "overlap_ends": None if token.overlap_ends is None else token.overlap_ends.isoformat(),
        "ended_at": _time(token.ended_at),
        "end_reason": token.end_reason,
        "last_used_at": _time(token.last_used_at),
        "last_used_ip": token.last_used_ip,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
