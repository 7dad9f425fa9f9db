"""Records of who may do what, as the database has them at a moment. Times are in UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from data.permissions import Permission, effective
from data.records import ActorType, Reference

OWNER_ID = "owner"
"""The id of the one whose file an embedded database is. There is no row of them: the file says who they are."""

ADMINISTRATOR_ROLE = "administrator"
"""The id of the role that the first member holds."""


class MemberStatus(StrEnum):
    """How a member stands. Stored: never rename one."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SshKey:
    """A public key of a member. `fingerprint` is as OpenSSH shows it (SHA256:...), `blob` the key itself in base64.

    `kind` is its type as OpenSSH writes it (ssh-ed25519, ...), `bits` its length.
    """

    fingerprint: str
    kind: str
    bits: int
    blob: str
    comment: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A person. `roles` and `groups` are ids, sorted; `login` is their own PostgreSQL login, for a trusted operator.

    `revision` counts changes of the member, of which roles they hold directly, and of which groups they are in.
    """

    id: str
    name: str
    email: str
    joined_at: datetime
    status: MemberStatus = MemberStatus.ACTIVE
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    keys: tuple[SshKey, ...] = ()
    login: str | None = None
    revision: int = 1

    @property
    def reference(self) -> Reference:
        return Reference(ActorType.MEMBER, self.id, self.name)

    @property
    def is_active(self) -> bool:
        return self.status is MemberStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Role:
    """Permissions under a name. One that is `built_in` is never changed nor deleted."""

    id: str
    name: str
    description: str = ""
    permissions: tuple[Permission, ...] = ()
    built_in: bool = False
    revision: int = 1

    @property
    def reference(self) -> Reference:
        return Reference("role", self.id, self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """Members who hold the same roles. `roles` and `members` are ids, sorted."""

    id: str
    name: str
    description: str = ""
    roles: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    revision: int = 1

    @property
    def reference(self) -> Reference:
        return Reference("group", self.id, self.name)


class InvitationStatus(StrEnum):
    """How an invitation stands. Never stored: it follows from what is."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Delivery(StrEnum):
    """What became of an invitation's mail. Stored: never rename one."""

    BY_HAND = "by hand"
    """No mail: whoever invited passes the text on."""
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """It is tried again at `next_try_at`; without one it was given up."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What lets somebody join, with roles and groups (ids, sorted). Its code is kept as a hash alone, and not here."""

    id: str
    email: str
    invited_by: Reference
    invited_at: datetime
    expires_at: datetime
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    """The id of the member that came of it."""
    revoked_at: datetime | None = None
    expired_at: datetime | None = None
    """When its end was logged; it is over from `expires_at` on whether it was or not."""
    delivery: Delivery = Delivery.BY_HAND
    attempts: int = 0
    last_error: str | None = None
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    revision: int = 1

    @property
    def reference(self) -> Reference:
        return Reference("invitation", self.id, self.email)

    def status(self, now: datetime) -> InvitationStatus:
        if self.accepted_at is not None:
            return InvitationStatus.ACCEPTED
        if self.revoked_at is not None:
            return InvitationStatus.REVOKED
        return InvitationStatus.EXPIRED if now >= self.expires_at else InvitationStatus.OPEN


LOST_AFTER = timedelta(minutes=2)
"""A console that has not been heard of for so long is lost: it says every half a minute that it is there."""


class SessionEnd(StrEnum):
    """How a session came to its end. Stored: never rename one."""

    SIGNED_OUT = "signed out"
    LOST = "lost"
    ENDED = "ended"
    """By somebody else, or because its member may no longer come in."""


@dataclass(frozen=True, slots=True)
class Session:
    """A member at a console. `address` and `terminal` as far as they are known; `seen_at` is exact to half a minute."""

    id: str
    member: Reference
    began_at: datetime
    seen_at: datetime
    address: str | None = None
    terminal: str | None = None
    program_version: str = ""
    fingerprint: str | None = None
    """Of the key that it was opened with."""
    ended_at: datetime | None = None
    ending: SessionEnd | None = None
    ended_by: str | None = None

    @property
    def reference(self) -> Reference:
        return Reference("session", self.id, self.id)


@dataclass(frozen=True, slots=True)
class Path:
    """One way in which a member comes by a permission: directly, or through a group; then the role that has it."""

    role: str
    group: str | None = None


@dataclass(frozen=True)
class Access:
    """Who may do what at one moment: members (removed ones too), groups and roles, each by its id."""

    members: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    def roles_of(self, member_id: str) -> Iterator[Path]:
        """The ways in which a member holds roles; none for one who is not active."""
        member = self.members.get(member_id)
        if member is None or not member.is_active:
            return
        for role in member.roles:
            if role in self.roles:
                yield Path(role)
        for group in member.groups:
            for role in self.groups[group].roles if group in self.groups else ():
                if role in self.roles:
                    yield Path(role, group)

    def permissions_of(self, member_id: str) -> frozenset[Permission]:
        """A member's effective permissions: the union of their roles'."""
        return self._effective.get(member_id, frozenset())

    def permissions_in(self, roles: Iterable[str]) -> frozenset[Permission]:
        """What these roles come to."""
        return effective(one for role in roles if role in self.roles for one in self.roles[role].permissions)

    @property
    def administrators(self) -> frozenset[str]:
        """The ids of the active members who may do everything."""
        return frozenset(one for one, held in self._effective.items() if Permission.ADMIN in held)

    def holders_of(self, role_id: str) -> tuple[Member, ...]:
        """The active members who hold a role, directly or through a group."""
        return tuple(
            member for member in self.members.values() if any(path.role == role_id for path in self.roles_of(member.id))
        )

    @cached_property
    def _effective(self) -> dict[str, frozenset[Permission]]:
        return {one: self.permissions_in(path.role for path in self.roles_of(one)) for one in self.members}


@dataclass(frozen=True)
class AccessList:
    """All that the Access screen shows, as it was at `now`: `owner` is the one whose file an embedded database is."""

    access: Access
    invitations: tuple[Invitation, ...]
    sessions: tuple[Session, ...]
    now: datetime
    owner: Reference | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, and what they may do at this moment."""

    who: Reference
    permissions: frozenset[Permission]

    def may(self, needed: Permission | None) -> bool:
        """Whether this permission is held; None is what everybody may who is let in at all."""
        return needed is None or needed in self.permissions
