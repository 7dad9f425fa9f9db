"""Who may do what as the Access screen shows it: the records by their ids, and what leads from one to another."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from data.access.model import (
    LOST_AFTER,
    AccessList,
    Delivery,
    Group,
    Invitation,
    InvitationStatus,
    Member,
    Role,
    Session,
)
from data.permissions import PERMISSION_GROUPS, Permission
from data.records import Reference
from tui.presenters.access_tabs import AccessTab, Item

T = TypeVar("T", Member, Group, Role)


@dataclass(frozen=True)
class AccessRoster:
    """All of it as it was at one moment."""

    found: AccessList
    invitations: dict[str, Invitation] = field(init=False)
    sessions: dict[str, Session] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "invitations", {one.id: one for one in self.found.invitations})
        object.__setattr__(self, "sessions", {one.id: one for one in self.found.sessions})

    @property
    def now(self) -> datetime:
        return self.found.now

    @property
    def owner(self) -> Reference | None:
        """The one whose file an embedded database is."""
        return self.found.owner

    @property
    def members(self) -> dict[str, Member]:
        return self.found.access.members

    @property
    def groups(self) -> dict[str, Group]:
        return self.found.access.groups

    @property
    def roles(self) -> dict[str, Role]:
        return self.found.access.roles

    def holds(self, item: Item) -> bool:
        """Whether it is there."""
        match item.tab:
            case AccessTab.MEMBERS:
                return item.id in self.members or (self.owner is not None and item.id == self.owner.id)
            case AccessTab.GROUPS:
                return item.id in self.groups
            case AccessTab.ROLES:
                return item.id in self.roles
            case AccessTab.INVITATIONS:
                return item.id in self.invitations
            case AccessTab.SESSIONS:
                return item.id in self.sessions

    def reference_of(self, item: Item) -> Reference | None:
        """What events call it; None where it is not there."""
        match item.tab:
            case AccessTab.MEMBERS if self.owner is not None and item.id == self.owner.id:
                return self.owner
            case AccessTab.MEMBERS:
                return None if (member := self.members.get(item.id)) is None else member.reference
            case AccessTab.GROUPS:
                return None if (group := self.groups.get(item.id)) is None else group.reference
            case AccessTab.ROLES:
                return None if (role := self.roles.get(item.id)) is None else role.reference
            case AccessTab.INVITATIONS:
                return None if (invitation := self.invitations.get(item.id)) is None else invitation.reference
            case AccessTab.SESSIONS:
                return None if (session := self.sessions.get(item.id)) is None else session.reference

    def sessions_of(self, member_id: str) -> tuple[Session, ...]:
        """A member's sessions, the newest first."""
        return self._sessions_by_member.get(member_id, ())

    def is_on(self, member_id: str) -> bool:
        """Whether a member is at a console now."""
        return any(self.goes_on(one) for one in self.sessions_of(member_id))

    def is_unheard(self, session: Session) -> bool:
        """Whether a session has no end though its console has said nothing for a while."""
        return session.ended_at is None and self.now - session.seen_at >= LOST_AFTER

    def goes_on(self, session: Session) -> bool:
        """Whether somebody sits at a session's console now, as far as is known."""
        return session.ended_at is None and not self.is_unheard(session)

    def last_seen(self, member_id: str) -> datetime | None:
        """When a member's console was last heard of; None where no session of theirs is known."""
        return max((one.seen_at for one in self.sessions_of(member_id)), default=None)

    def invitation_of(self, member_id: str) -> Invitation | None:
        """The invitation by which somebody joined."""
        return next((one for one in self.found.invitations if one.accepted_by == member_id), None)

    def invitations_by(self, member_id: str) -> tuple[Invitation, ...]:
        """Those that a member sent, the newest first."""
        return tuple(one for one in self.found.invitations if one.invited_by.id == member_id)

    def groups_with(self, role_id: str) -> tuple[Group, ...]:
        """The groups that hold a role."""
        return by_name(group for group in self.groups.values() if role_id in group.roles)

    def members_in(self, group: Group) -> tuple[Member, ...]:
        """The members of a group, those who are not active too."""
        return by_name(self.members[one] for one in group.members if one in self.members)

    def holders_of(self, role_id: str) -> tuple[Member, ...]:
        """The active members who hold a role, directly or through a group."""
        return self._holders.get(role_id, ())

    @cached_property
    def _holders(self) -> dict[str, tuple[Member, ...]]:
        """By role, from one look at each member: asking role by role takes as long as there are roles."""
        access = self.found.access
        found: dict[str, list[Member]] = {}
        for member in access.members.values():
            for role_id in {path.role for path in access.roles_of(member.id)}:
                found.setdefault(role_id, []).append(member)
        return {role_id: tuple(members) for role_id, members in found.items()}

    @cached_property
    def on_now(self) -> int:
        """How many sessions go on."""
        return sum(map(self.goes_on, self.found.sessions))

    @cached_property
    def undelivered(self) -> int:
        """How many open invitations' mails did not arrive."""
        return sum(
            one.delivery is Delivery.FAILED and one.status(self.now) is InvitationStatus.OPEN
            for one in self.found.invitations
        )

    @cached_property
    def _sessions_by_member(self) -> dict[str, tuple[Session, ...]]:
        found: dict[str, tuple[Session, ...]] = {}
        for one in sorted(self.found.sessions, key=lambda session: session.began_at, reverse=True):
            if one.member.id is not None:
                found[one.member.id] = (*found.get(one.member.id, ()), one)
        return found


def permission_names(permissions: Collection[Permission]) -> tuple[str, ...]:
    """What one can look for them by: their own names, and those of the groups that they are shown in."""
    groups = (one.name for one in PERMISSION_GROUPS if any(each in permissions for each in one.permissions))
    return (*sorted(permissions), *groups)


def by_name(things: Iterable[T]) -> tuple[T, ...]:
    """From A to Z."""
    return tuple(sorted(things, key=lambda one: (one.name.casefold(), one.id)))
