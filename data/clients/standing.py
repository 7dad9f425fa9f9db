"""How a token stands: whether it works now, and if not, what a service that is shown it would refuse it for."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.clients.model import ApiClient, ClientStatus, Token
from data.refusals import RefusalCode

_ENDED = {
    ClientStatus.DELETED: RefusalCode.DELETED,
    ClientStatus.REVOKED: RefusalCode.REVOKED,
    ClientStatus.EXPIRED: RefusalCode.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class TokenStanding:
    """What is known of a token at `now` (UTC), in the organisation's `zone`.

    `refusal` is None while it works; whether it may be used from an address or for a scope is not asked. Without proof,
    that is with a wrong secret or a public id alone, the client is only named. An unknown token has no client.
    """

    public_id: str
    refusal: RefusalCode | None
    now: datetime
    zone: ZoneInfo
    is_proven: bool = False
    client: ApiClient | None = None
    token: Token | None = None


def refusal_of(client: ApiClient, token: Token, now: datetime, zone: ZoneInfo) -> RefusalCode | None:
    """Why this token of a client does not work now; None if it does."""
    ended = _ENDED.get(client.status(now, zone))
    if ended is not None:
        return ended
    return None if token.is_live(now, zone) else RefusalCode.TOKEN_ENDED
