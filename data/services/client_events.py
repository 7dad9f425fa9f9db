"""The events that tell what was done to an API client or a token of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from data.caller import Caller
from data.clients.model import ApiClient, ClientStatus, Token
from data.records import Change, Draft, Json, Outcome


def client_event(
    act: str,
    by: Caller,
    client: ApiClient,
    at: datetime,
    zone: ZoneInfo,
    *,
    reason: str | None = None,
    changes: tuple[Change, ...] = (),
    outcome: Outcome = Outcome.SUCCESS,
    put_back: UUID | None = None,
) -> Draft:
    """What was done to a client that is `client` since. `put_back` is the event whose values it has again."""
    data: dict[str, Json] = {
        "expires": client.details.expires.isoformat(),
        "scopes": [*client.details.scopes],
        "networks": [*client.details.networks],
        "status": logged_status(client, at, zone),
    }
    if put_back is not None:
        data["puts_back"] = str(put_back)
    who = client.reference
    return by.draft(
        f"api_client.{act}", at, target=who, client=who, outcome=outcome, reason=reason, changes=changes, data=data
    )


def token_event(
    act: str,
    by: Caller,
    client: ApiClient,
    token: Token,
    at: datetime,
    *,
    reason: str | None = None,
    changes: tuple[Change, ...] = (),
    data: Mapping[str, Json] | None = None,
    outcome: Outcome = Outcome.SUCCESS,
) -> Draft:
    """What was done to a token of a client."""
    facts: dict[str, Json] = {"expires": client.details.expires.isoformat(), **(data or {})}
    if token.overlap_ends is not None:
        facts["overlap_ends"] = token.overlap_ends.isoformat()
    about, whose = token.reference, client.reference
    through = replace(by, token=token.public_id)
    return through.draft(
        f"token.{act}", at, target=about, client=whose, outcome=outcome, reason=reason, changes=changes, data=facts
    )


def logged_status(client: ApiClient, at: datetime, zone: ZoneInfo) -> str:
    """A client's status as events tell it: that it is expiring goes without saying beside its last day."""
    status = client.status(at, zone)
    return ClientStatus.ACTIVE if status is ClientStatus.EXPIRING else status
