"""Finding a token by its public id, with what says whether it may be used: one select, for every request of a service."""

from dataclasses import dataclass

import sqlalchemy as sa

from data.clients.model import ApiClient, ClientDetails, Token
from data.clock import from_microseconds
from data.store.tables import api_client, token

HELD_TOKEN = (
    sa.select(
        token.c.digest,
        token.c.issued_at,
        token.c.overlap_ends,
        token.c.ended_at,
        token.c.end_reason,
        api_client.c.id,
        api_client.c.name,
        api_client.c.scopes,
        api_client.c.networks,
        api_client.c.expires,
        api_client.c.created_at,
        api_client.c.expired_at,
        api_client.c.revoked_at,
        api_client.c.deleted_at,
    )
    .select_from(token.join(api_client))
    .where(token.c.public_id == sa.bindparam("public_id"))
)
"""A row for the token of the parameter `public_id`: two look-ups, each by a unique index."""


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A token with the client that holds it, as far as authentication needs to know that; `digest` is its SHA-256."""

    client: ApiClient
    token: Token
    digest: bytes


def held_token(connection: sa.Connection, public_id: str) -> HeldToken | None:
    """The token of this public id, whatever has become of it; None if there is none."""
    row = connection.execute(HELD_TOKEN, {"public_id": public_id}).first()
    if row is None:
        return None
    digest, issued_at, overlap_ends, ended_at, end_reason, client_id, name, scopes, networks, expires, *times = row
    created_at, expired_at, revoked_at, deleted_at = times
    found = Token(
        public_id,
        from_microseconds(issued_at),
        overlap_ends,
        None if ended_at is None else from_microseconds(ended_at),
        end_reason,
    )
    client = ApiClient(
        client_id,
        ClientDetails(name, expires, scopes=tuple(scopes.split()), networks=tuple(networks.split())),
        from_microseconds(created_at),
        expired_at=None if expired_at is None else from_microseconds(expired_at),
        revoked_at=None if revoked_at is None else from_microseconds(revoked_at),
        deleted_at=None if deleted_at is None else from_microseconds(deleted_at),
        tokens=(found,),
    )
    return HeldToken(client, found, bytes(digest))
