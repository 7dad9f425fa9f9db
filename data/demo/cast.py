"""Who and what there is: people, roles, API clients and the rest, as they stand at one moment of the simulation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network

from data.access.model import Access, MemberStatus
from data.access.ssh_keys import PublicKey
from data.clients.model import ApiClient, ClientStatus, Token
from data.demo.calendar import ZONE, day_text
from data.policy import DEFAULT_POLICY, Policy
from data.records import Change, Json, Reference
from data.refusals import RefusalCode

_ENDS = {
    ClientStatus.DELETED: RefusalCode.DELETED,
    ClientStatus.REVOKED: RefusalCode.REVOKED,
    ClientStatus.EXPIRED: RefusalCode.EXPIRED,
}


@dataclass(slots=True, eq=False)
class Member:
    """A person. `addresses` are where they work from; `usual` is the service that they sign in to on a normal day.

    The rest is as the register of access has it since they joined; `roles` are the names of those that they hold.
    """

    name: str
    email: str
    pronoun: str
    addresses: tuple[str, ...]
    presence: float
    usual: str = "console"
    id: str = ""
    status: MemberStatus = MemberStatus.ACTIVE
    key: PublicKey | None = None
    """With which they come in, or try to: the newest one, be it removed."""
    permissions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def reference(self) -> Reference:
        return Reference("member", self.id, self.name)

    @property
    def key_held(self) -> PublicKey:
        """The key of one who has joined."""
        assert self.key is not None
        return self.key


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """An API client to be made. `expires` is its last valid day; one that `rotates_every` so many days does so itself.

    `public_id` is its first token's, None for any.
    """

    handle: str
    name: str
    owner: str
    scopes: str
    network: str
    expires: date
    rotates_every: int = 0
    public_id: str | None = None


@dataclass(slots=True, eq=False)
class ExternalSystem:
    """What calls as an API client. `client` is how the register has it; `uses` is the public id of the token it sends.

    `wants` are the scopes that its calls need, whatever its client has.
    """

    client: ApiClient
    uses: str
    address: str
    user_agent: str
    wants: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.client.name

    @property
    def expires(self) -> date:
        return self.client.details.expires

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.client.details.scopes

    @property
    def networks(self) -> tuple[str, ...]:
        return self.client.details.networks

    @property
    def reference(self) -> Reference:
        return self.client.reference

    @property
    def token(self) -> Token:
        """The token that it sends."""
        return next(token for token in self.client.tokens if token.public_id == self.uses)

    def use(self, public_id: str) -> None:
        """From now on it sends another of its tokens."""
        self.uses = public_id

    def is_due(self, today: date) -> bool:
        """Whether it, or a token of it, was over before this day, and it is not known here yet."""
        if self.client.expired_at is None and self.expires < today:
            return True
        return any(one.ended_at is None and (one.overlap_ends or today) < today for one in self.client.tokens)

    def barred(self, now: datetime) -> str | None:
        """Why the gateway turns it away at that moment, whatever it asks for, or None if it is let in."""
        match self.refusal(now, self.address):
            case RefusalCode.REVOKED if self.client.revoked_at is not None:
                return f"client was revoked on {day_text(self.client.revoked_at.date())}"
            case RefusalCode.EXPIRED:
                return f"client expired on {day_text(self.expires)}"
            case RefusalCode.TOKEN_ENDED:
                return "token has ended"
            case RefusalCode.WRONG_NETWORK:
                return f"{self.address} is in none of the client's networks"
            case _:
                return None

    def refusal(
        self, now: datetime, address: str, scope: str | None = None, public_id: str | None = None
    ) -> RefusalCode | None:
        """Why the gateway refuses a call from there that needs this scope, with one of its tokens; None if it does not."""
        status = self.client.status(now, ZONE)
        if status in _ENDS:
            return _ENDS[status]
        token = self.token if public_id is None else self.client.token(public_id)
        if token is None or not token.is_live(now, ZONE):
            return RefusalCode.TOKEN_ENDED
        if not _holds(self.networks, address):
            return RefusalCode.WRONG_NETWORK
        return None if scope is None or scope in self.scopes else RefusalCode.MISSING_SCOPE


@dataclass(slots=True, eq=False)
class Project:
    """What API proxies belong to, with the part of its configuration that people change."""

    id: str
    name: str
    environment: str
    status: str = "active"
    session_minutes: int = 60
    allowed_origins: tuple[str, ...] = ("https://app.example.org",)

    @property
    def reference(self) -> Reference:
        return Reference("project", self.id, self.name)

    @property
    def configuration(self) -> Reference:
        return Reference("project_config", self.id, self.name)


@dataclass(slots=True, eq=False)
class ApiProxy:
    """A published interface of a project; `version` is the newest, `production` the one in use."""

    id: str
    name: str
    project: Project
    version: str = "1.0.0"
    production: str = "1.0.0"
    rate_limit: int = 600
    timeout_ms: int = 3000

    @property
    def reference(self) -> Reference:
        return Reference("api_proxy", self.id, self.name)


@dataclass(slots=True, eq=False)
class User:
    """Somebody who uses what the organisation offers; not a member, who runs it."""

    id: str
    name: str
    email: str
    department: str
    role: str = "reader"
    status: str = "active"

    @property
    def reference(self) -> Reference:
        return Reference("user", self.id, self.name)


@dataclass(slots=True, eq=False)
class OnPremKey:
    """The key of an installation on somebody's premises."""

    id: str
    name: str
    expires: date
    fingerprint: str

    @property
    def reference(self) -> Reference:
        return Reference("onprem_key", self.id, self.name)


@dataclass(slots=True, eq=False)
class View:
    """A saved query."""

    id: str
    name: str
    query: str

    @property
    def reference(self) -> Reference:
        return Reference("view", self.id, self.name)


@dataclass(slots=True)
class Cast:
    """Everyone and everything, by a handle that never changes; `numbers` holds the last number given out by kind.

    `planned` are the clients to be made on the first day. Roles and groups are known here by their ids; what they are
    is in `access`, as it was learned last.
    """

    roles: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    access: Access = field(default_factory=Access)
    clients: dict[str, ExternalSystem] = field(default_factory=dict)
    planned: list[ClientPlan] = field(default_factory=list)
    projects: dict[str, Project] = field(default_factory=dict)
    proxies: dict[str, ApiProxy] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)
    policy: Policy = DEFAULT_POLICY
    numbers: dict[str, int] = field(default_factory=dict)

    def next_id(self, kind: str) -> str:
        """The next id of a kind: `m` gives m-1, m-2, ... Ids are never given twice."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return f"{kind}-{self.numbers[kind]}"

    def learn(self, access: Access) -> None:
        """Takes over how members stand now, and what they may do."""
        self.access = access
        for member in self.members.values():
            known = access.members.get(member.id)
            if known is not None:
                member.name, member.status = known.name, known.status
                member.permissions = tuple(sorted(access.permissions_of(member.id)))
                held = dict.fromkeys(path.role for path in access.roles_of(member.id))
                member.roles = tuple(access.roles[role].name for role in held)


def as_json(value: object) -> Json:
    """A field's value as an event holds it: a date as ISO text, a list for a tuple."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return [as_json(item) for item in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def amend(thing: object, **after: object) -> tuple[Change, ...]:
    """Gives these fields of a thing new values and tells what changed; what stays the same is not told."""
    changes = []
    for name, value in after.items():
        before = getattr(thing, name)
        if before != value:
            setattr(thing, name, value)
            changes.append(Change(name, as_json(before), as_json(value)))
    return tuple(changes)


@lru_cache(maxsize=1_000)
def _holds(networks: tuple[str, ...], address: str) -> bool:
    return not networks or any(ip_address(address) in ip_network(network) for network in networks)
