"""Who may do what as of a moment, folded from the events that made it so: each link with the event that it came of.

A pure fold over the events of roles, groups and members, oldest first. The roles that ship came with the database and
have no event; the fold is given them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from data.access.model import MemberStatus
from data.permissions import Permission, effective
from data.records import Change, Event, Reference

EVENT_TYPES = ("role.", "group.", "member.")
"""How the types of all events begin that the fold takes."""

_STATUSES = {
    "joined": MemberStatus.ACTIVE,
    "suspended": MemberStatus.SUSPENDED,
    "reinstated": MemberStatus.ACTIVE,
    "removed": MemberStatus.REMOVED,
}


@dataclass(slots=True)
class RoleThen:
    """A role as of a moment; each permission with the event that put it there, None for what came with the database."""

    reference: Reference
    permissions: dict[Permission, Event | None] = field(default_factory=dict)


@dataclass(slots=True)
class GroupThen:
    """A group as of a moment; its roles and members by their ids, each with the event that linked them."""

    reference: Reference
    roles: dict[str, Event] = field(default_factory=dict)
    members: dict[str, Event] = field(default_factory=dict)


@dataclass(slots=True)
class MemberThen:
    """A member as of a moment. `since` is the event that gave them their status."""

    reference: Reference
    status: MemberStatus
    since: Event
    roles: dict[str, Event] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a member comes by a permission: each link with its event, the oldest thing last.

    Without a `group` the role was granted to the member (`granted`), else the member was added to the group (`joined`)
    and the role granted to that. `given` put the permission (that or admin) into the role; None: it came with it.
    """

    role: Reference
    granted: Event
    permission: Permission
    given: Event | None
    group: Reference | None = None
    joined: Event | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a member may do something at a moment, or why not.

    `ways` are all in which their roles have the permission; they count only while the member is active, see `status`
    and `since`. `lost` is the newest event that took the permission away; `would_give` are the roles that have it. The
    `is_owner` of an embedded database may do everything by owning its file.
    """

    member: Reference
    permission: Permission
    at: datetime
    status: MemberStatus | None
    since: Event | None
    ways: tuple[Way, ...] = ()
    lost: Event | None = None
    would_give: tuple[Reference, ...] = ()
    is_owner: bool = False

    @property
    def holds(self) -> bool:
        """Whether they may."""
        return self.is_owner or (self.status is MemberStatus.ACTIVE and bool(self.ways))


class AccessHistory:
    """The fold: hand it events, oldest first, and ask it at any time."""

    def __init__(self, built_in: Iterable[tuple[Reference, Iterable[Permission]]] = ()) -> None:
        """`built_in` are the roles that came with the database."""
        self.roles: dict[str, RoleThen] = {}
        self.groups: dict[str, GroupThen] = {}
        self.members: dict[str, MemberThen] = {}
        for reference, permissions in built_in:
            if reference.id is not None:
                self.roles[reference.id] = RoleThen(reference, dict.fromkeys(permissions))

    def take(self, event: Event) -> None:
        """One event more. What is no success, or tells of something else, changes nothing."""
        target = event.target
        if event.outcome != "success" or target is None or target.id is None:
            return
        kind, _, act = event.type.partition(".")
        match kind:
            case "role":
                self._take_role(target.id, target, act, event)
            case "group":
                self._take_group(target.id, target, act, event)
            case "member":
                self._take_member(target.id, target, act, event)

    def permissions_of(self, member_id: str) -> frozenset[Permission]:
        """A member's effective permissions; none of one who is not active."""
        member = self.members.get(member_id)
        if member is None or member.status is not MemberStatus.ACTIVE:
            return frozenset()
        return effective(one for role, *_ in self._roles_of(member_id, member) for one in role.permissions)

    def ways(self, member_id: str, permission: Permission) -> tuple[Way, ...]:
        """All ways in which a member's roles have a permission, by itself or with everything else."""
        member = self.members.get(member_id)
        if member is None:
            return ()
        found = []
        for role, granted, group, joined in self._roles_of(member_id, member):
            for had in dict.fromkeys((permission, Permission.ADMIN)):
                if had in role.permissions:
                    reference = None if group is None else group.reference
                    found.append(Way(role.reference, granted, had, role.permissions[had], reference, joined))
        return tuple(found)

    def having(self, permission: Permission) -> tuple[Reference, ...]:
        """The roles that have a permission, by itself or with everything else, by name."""
        found = (one.reference for one in self.roles.values() if permission in effective(one.permissions))
        return tuple(sorted(found, key=lambda one: one.label.casefold()))

    def _roles_of(
        self, member_id: str, member: MemberThen
    ) -> list[tuple[RoleThen, Event, GroupThen | None, Event | None]]:
        found: list[tuple[RoleThen, Event, GroupThen | None, Event | None]] = [
            (self.roles[role], granted, None, None) for role, granted in member.roles.items() if role in self.roles
        ]
        for group in self.groups.values():
            joined = group.members.get(member_id)
            if joined is not None:
                found += [
                    (self.roles[role], granted, group, joined)
                    for role, granted in group.roles.items()
                    if role in self.roles
                ]
        return found

    def _take_role(self, role_id: str, reference: Reference, act: str, event: Event) -> None:
        match act:
            case "created" | "updated":
                role = self.roles.setdefault(role_id, RoleThen(reference))
                role.reference = _named(reference, event.changes)
                for change in event.changes:
                    if change.field == "permissions":
                        wanted = _permissions(change.after)
                        role.permissions = {one: role.permissions.get(one, event) for one in wanted}
            case "deleted":
                self.roles.pop(role_id, None)
                for roles in self._all_links():
                    roles.pop(role_id, None)
            case "granted" | "withdrawn":
                grantee = str(event.data.get("grantee"))
                holders: Mapping[str, GroupThen | MemberThen] = (
                    self.groups if event.data.get("grantee_type") == "group" else self.members
                )
                if grantee in holders:
                    _link(holders[grantee].roles, role_id, event if act == "granted" else None)

    def _all_links(self) -> list[dict[str, Event]]:
        """Which roles each group and each member holds."""
        return [*(one.roles for one in self.groups.values()), *(one.roles for one in self.members.values())]

    def _take_group(self, group_id: str, reference: Reference, act: str, event: Event) -> None:
        match act:
            case "created" | "updated":
                group = self.groups.setdefault(group_id, GroupThen(reference))
                group.reference = _named(reference, event.changes)
            case "deleted":
                self.groups.pop(group_id, None)
            case "member_added" | "member_removed" if group_id in self.groups:
                member_id = str(event.data.get("member"))
                _link(self.groups[group_id].members, member_id, event if act == "member_added" else None)

    def _take_member(self, member_id: str, reference: Reference, act: str, event: Event) -> None:
        if act == "updated" and member_id in self.members:
            self.members[member_id].reference = _named(reference, event.changes)
        status = _STATUSES.get(act)
        if status is None:
            return
        member = self.members.setdefault(member_id, MemberThen(reference, status, event))
        member.reference, member.status, member.since = reference, status, event
        if status is MemberStatus.REMOVED:
            member.roles.clear()
            for group in self.groups.values():
                group.members.pop(member_id, None)


def explained(
    events: Iterable[Event],
    built_in: Iterable[tuple[Reference, Iterable[Permission]]],
    member: Reference,
    at: datetime,
) -> tuple[Explanation, ...]:
    """Of every permission, why this member has it as of `at`, or why not: from the events until then, oldest first."""
    history = AccessHistory(built_in)
    member_id = member.id or ""
    held: frozenset[Permission] = frozenset()
    lost: dict[Permission, Event] = {}
    for event in events:
        history.take(event)
        now = history.permissions_of(member_id)
        if now != held:
            lost.update(dict.fromkeys(held - now, event))
            held = now
    then = history.members.get(member_id)
    return tuple(
        Explanation(
            member if then is None else then.reference,
            permission,
            at,
            None if then is None else then.status,
            None if then is None else then.since,
            history.ways(member_id, permission),
            lost.get(permission),
            history.having(permission),
        )
        for permission in Permission
    )


def _named(reference: Reference, changes: Iterable[Change]) -> Reference:
    """What a thing is called after an event, which may have named it otherwise."""
    renamed = [change.after for change in changes if change.field == "name" and isinstance(change.after, str)]
    return Reference(reference.type, reference.id, renamed[-1]) if renamed else reference


def _link(links: dict[str, Event], key: str, event: Event | None) -> None:
    if event is None:
        links.pop(key, None)
    else:
        links[key] = event


def _permissions(value: object) -> list[Permission]:
    known: Mapping[str, Permission] = {str(one): one for one in Permission}
    return [known[one] for one in value if one in known] if isinstance(value, list) else []
