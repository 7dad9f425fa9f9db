"""Records of API clients and their tokens, as the database has them at a moment."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.clients.expiry import end_of_day
from data.records import Reference
from data.tokens import SecretToken

EXPIRING_DAYS = 30
"""So many days before its end a client is expiring."""

WARNING_DAYS = (30, 7, 1)
"""When it is warned of a client's end."""


class ClientStatus(StrEnum):
    """How a client stands. Never stored: it follows from what is."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DELETED = "deleted"

    @property
    def is_live(self) -> bool:
        """Whether its tokens work."""
        return self in (ClientStatus.ACTIVE, ClientStatus.EXPIRING)


@dataclass(frozen=True, slots=True)
class ClientDetails:
    """What a form edits. `expires` is the last day on which it is valid; `networks` are CIDR, none means from anywhere."""

    name: str
    expires: date
    description: str = ""
    owner: str = ""
    scopes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept. `overlap_ends` is its last day, for one that was replaced; `ended_at` when it was ended.

    `last_used_at` (UTC) is exact to a minute.
    """

    public_id: str
    issued_at: datetime
    overlap_ends: date | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    last_used_at: datetime | None = None
    last_used_ip: str | None = None

    def is_live(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it works, as far as it is for the token to say: its client may have ended."""
        if self.ended_at is not None:
            return False
        return self.overlap_ends is None or now < end_of_day(self.overlap_ends, zone)

    @property
    def reference(self) -> Reference:
        return Reference("token", self.public_id, self.public_id)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A client with its tokens, in the order of their issue; times are in UTC.

    `revision` counts its changes and those of its tokens, `changed_at` is when the last of them was. `expired_at` is set
    once its expiry stands in the log: it has expired from its last day on whether it does or not, and stays so, wherever
    the organisation's midnight is moved to, until it is given another last day.
    """

    id: str
    details: ClientDetails
    created_at: datetime
    revision: int = 1
    changed_at: datetime | None = None
    expired_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoke_reason: str | None = None
    deleted_at: datetime | None = None
    tokens: tuple[Token, ...] = ()

    @property
    def name(self) -> str:
        return self.details.name

    @property
    def reference(self) -> Reference:
        """How events name it."""
        return Reference("api_client", self.id, self.name)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The first instant (UTC) at which it is no longer valid, if nothing ends it before."""
        return end_of_day(self.details.expires, zone)

    def status(self, now: datetime, zone: ZoneInfo) -> ClientStatus:
        """How it stands at a moment, in the organisation's zone."""
        if self.deleted_at is not None:
            return ClientStatus.DELETED
        if self.revoked_at is not None:
            return ClientStatus.REVOKED
        if self.expired_at is not None or now >= self.ends_at(zone):
            return ClientStatus.EXPIRED
        if self.days_left(now, zone) <= EXPIRING_DAYS:
            return ClientStatus.EXPIRING
        return ClientStatus.ACTIVE

    def days_left(self, now: datetime, zone: ZoneInfo) -> int:
        """Days from today to its last day: 0 on that day, negative after it."""
        return (self.details.expires - now.astimezone(zone).date()).days

    def live_tokens(self, now: datetime, zone: ZoneInfo) -> tuple[Token, ...]:
        """Its tokens that work now; none once the client itself has ended."""
        if not self.status(now, zone).is_live:
            return ()
        return tuple(token for token in self.tokens if token.is_live(now, zone))

    def token(self, public_id: str) -> Token | None:
        """Its token of this public id."""
        return next((token for token in self.tokens if token.public_id == public_id), None)

    @property
    def last_used_at(self) -> datetime | None:
        """When any of its tokens was last used."""
        return max((one.last_used_at for one in self.tokens if one.last_used_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token that was made just now, for a client as it is since. The secret is here and nowhere else."""

    client: ApiClient
    token: SecretToken


@dataclass(frozen=True, slots=True)
class ClientList:
    """Clients by name, as they were at `now` (UTC) in the organisation's `zone`."""

    clients: tuple[ApiClient, ...]
    now: datetime
    zone: ZoneInfo

    def expiring_within(self, days: int) -> tuple[ApiClient, ...]:
        """Those still valid that end within so many days, the first to end first."""
        found = [
            client
            for client in self.clients
            if client.status(self.now, self.zone).is_live and client.days_left(self.now, self.zone) <= days
        ]
        return tuple(sorted(found, key=lambda client: (client.details.expires, client.name.casefold())))
